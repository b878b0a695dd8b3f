#!/usr/bin/env python3
"""Nests published instances of irregular bin packing and compares with their optimum.

    cargo build --release -p platewright-cli
    python3 benches/peers/irregular_bins.py target/release/platewright FOLDER \
        [--seconds 5] [--every 1] [--seed 1]

FOLDER is `2d_irregular/terashima1` of ESICUP's collection (Terashima-Marin et al. 2010, doi
10.1007/s10479-008-0475-2): convex pieces cut from full bins, so that only a jigsaw without any room
left is optimal. Pieces turn by quarters. Instances without a solution file are compared with the
bound by area. Every layout is verified by Platewright's own checker, which ends the run if it
finds anything.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

LEFT_OVER = 3


def numbers(path):
    return [float(word) for word in path.read_text().split()]


def problem(path):
    """The instance as a plate problem."""
    read = iter(numbers(path))
    pieces, width, height = int(next(read)), next(read), next(read)
    parts = []
    for _ in range(pieces):
        corners = int(next(read))
        outline = [[next(read), next(read)] for _ in range(corners)]
        parts.append({"outline": outline, "turns": [0, 90, 180, 270]})
    bed = {"rectangle": [width, height]}
    return {"name": path.stem, "plates": [{"bed": bed}], "parts": parts}


def nested(tool, job, seconds, seed, folder):
    path = pathlib.Path(folder) / "job.json"
    path.write_text(json.dumps(job))
    command = [tool, "nest", str(path), "--out", str(pathlib.Path(folder) / "out"), "--json",
               "--budget", f"{seconds}s", "--seed", str(seed)]
    child = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if child.returncode not in (0, LEFT_OVER):
        sys.exit(f"failed with {child.returncode}: {path.stem}")
    said = json.loads(child.stdout)
    if not said["valid"] or said["unplaced"]:
        sys.exit(f"{job['name']}: the layout is not valid, or parts are left over")
    return said


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("folder", type=pathlib.Path)
    args.add_argument("--seconds", type=float, default=5)
    args.add_argument("--every", type=int, default=1, help="only every so many instances")
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    classes = {}
    for path in sorted(args.folder.glob("T*.txt"))[::args.every]:
        with tempfile.TemporaryDirectory() as folder:
            said = nested(args.tool, problem(path), args.seconds, args.seed, folder)
        solution = args.folder / f"Op{path.name}"
        best = numbers(solution)[0] if solution.exists() else said["bound"]
        classes.setdefault(path.stem[:2], []).append((said["plates"], best, solution.exists()))
    print("| class | instances | optimum | Platewright | ratio | at the optimum |")
    print("|---|---|---|---|---|---|")
    rows = [*classes.items(), ("all", [run for runs in classes.values() for run in runs])]
    for name, runs in rows:
        ours, best = (sum(run[k] for run in runs) for k in (0, 1))
        known = "" if all(run[2] for run in runs) else " (bound)"
        hit = statistics.mean(run[0] <= run[1] for run in runs)
        print(f"| {name} | {len(runs)} | {best:g}{known} | {ours} | {ours / best:.3f} | "
              f"{100 * hit:.0f} % |")


main()
