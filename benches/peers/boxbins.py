#!/usr/bin/env python3
"""Packs the boxes of Martello, Pisinger and Vigo (2000) into as few bins as possible.

    cargo build --release -p platewright-cli
    python3 benches/peers/boxbins.py target/release/platewright [--seconds 2.5] [--every 1]
        [--classes 1 2 3] [--sizes 50 100]

Classes 1 to 8, ten problems each of 50, 100, 150 and 200 boxes that may not be turned, made as the
authors' generator makes them: the same numbers, whatever the machine. Lower and upper bounds beside
ours are the means that the headers of the published files give; the upper ones are of simple
heuristics. Ours runs on two cores: 2.5 s are 5 CPU seconds. Every layout is verified in whole
numbers.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

BIN = {6: 10, 7: 40}
# By number of boxes, then by class: means of the lower and upper bounds of ten problems.
PUBLISHED = {
    50: [(12.5, 13.8), (12.7, 14.1), (12.3, 13.6), (28.9, 29.6), (7.4, 10.0), (9.1, 10.3),
         (6.4, 9.2), (8.3, 10.1)],
    100: [(25.1, 27.4), (24.1, 26.4), (24.7, 27.3), (57.6, 59.2), (12.9, 17.6), (17.5, 20.2),
          (10.9, 15.5), (17.6, 21.4)],
    150: [(34.7, 37.9), (35.1, 38.7), (36.0, 39.5), (85.2, 87.5), (17.4, 24.0), (26.9, 32.3),
          (13.7, 19.9), (21.3, 28.3)],
    200: [(48.4, 52.9), (47.5, 51.0), (47.8, 51.6), (116.3, 119.5), (24.4, 31.7), (35.0, 41.9),
          (21.0, 28.5), (26.7, 35.0)],
}


class Numbers:
    """The 48-bit linear congruential numbers of UNIX."""

    def __init__(self, seed):
        self.state = seed << 16 | 0x330E

    def between(self, low, high):
        self.state = (self.state * 0x5DEECE66D + 0xB) % 2**48
        return (self.state >> 17) % (high - low + 1) + low


def boxes(kind, count, number):
    """The boxes of a problem."""
    drawn = Numbers(number + count)
    size = BIN.get(kind, 100)
    small, large, half = (1, size // 2), (2 * size // 3, size), (size // 2, size)
    edges = {1: (small, large, large), 2: (large, small, large), 3: (large, large, small),
             4: (half,) * 3, 5: (small,) * 3, 6: ((1, 10),) * 3, 7: ((1, 35),) * 3,
             8: ((1, 100),) * 3}
    made = []
    for _ in range(count):
        own = kind
        if kind <= 5:
            other = drawn.between(1, 10)
            own = other if other <= 5 else kind
        made.append([drawn.between(*edge) for edge in edges[own]])
    return size, made


def packed(tool, kind, count, number, seconds):
    size, made = boxes(kind, count, number)
    problem = {"container": [size] * 3, "boxes": [{"size": edges} for edges in made]}
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "boxes.json"
        file.write_text(json.dumps(problem))
        command = [tool, "nest", str(file), "--out", str(pathlib.Path(folder) / "out"),
                   "--budget", f"{seconds}s", "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    said = json.loads(done.stdout)
    if not said["valid"]:
        sys.exit(f"class {kind}, {count} boxes, number {number}: the layout is not valid")
    return said["containers"], said["cpu_seconds"]


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("--seconds", type=float, default=2.5, help="wall time of a problem")
    args.add_argument("--every", type=int, default=1, help="only every so many problems")
    args.add_argument("--classes", type=int, nargs="+", default=range(1, 9))
    args.add_argument("--sizes", type=int, nargs="+", default=list(PUBLISHED))
    args = args.parse_args()
    print("| boxes | class | lower | upper | bins | of upper | CPU s |\n|" + "---|" * 7)
    ours, theirs = 0.0, 0.0
    for count in args.sizes:
        for kind in args.classes:
            runs = [packed(args.tool, kind, count, number, args.seconds)
                    for number in range(1, 11, args.every)]
            lower, upper = PUBLISHED[count][kind - 1]
            bins = statistics.mean(run[0] for run in runs)
            ours, theirs = ours + bins, theirs + upper
            print(f"| {count} | {kind} | {lower} | {upper} | {bins:.1f} | {bins / upper:.3f} "
                  f"| {statistics.mean(run[1] for run in runs):.1f} |", flush=True)
    print(f"\nmean bins of a problem: {ours / theirs:.3f} of the upper bounds")


main()
