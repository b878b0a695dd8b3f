#!/usr/bin/env python3
"""Loads the containers of published problems and prints how full they get.

    cargo build --release -p platewright-cli
    python3 benches/peers/boxes.py target/release/platewright ESICUP/3d_rectangular/thpack
        [--seconds 2.5] [--every 10] [--only thpack1]

The problems are thpack1 to thpack7 of the OR-Library (BR1 to BR7 of Bischoff and Ratcliff, 100
each). Ours runs on two cores: 2.5 s are 5 CPU seconds. The column beside is BSG_CLP (Araya and
Riff), measured on the first three problems of each file at 5 CPU seconds on one core. Every layout
is verified in whole numbers.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

THEIRS = {"thpack1": 93.7, "thpack2": 95.4, "thpack3": 96.3, "thpack4": 96.1, "thpack5": 96.0,
          "thpack6": 96.2, "thpack7": 95.5}
EACH = 100


def loaded(tool, file, number, seconds):
    with tempfile.TemporaryDirectory() as out:
        command = [tool, "nest", str(file), "--number", str(number), "--out", out,
                   "--budget", f"{seconds}s", "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    said = json.loads(done.stdout)
    if not said["valid"]:
        sys.exit(f"{file} {number}: the layout is not valid")
    return 100 * said["density"], said["cpu_seconds"]


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("folder", type=pathlib.Path)
    args.add_argument("--seconds", type=float, default=2.5, help="wall time of a problem")
    args.add_argument("--every", type=int, default=1, help="only every so many problems")
    args.add_argument("--only", action="append", help="files whose names begin so")
    args = args.parse_args()
    print("| file | problems | full, % | least, % | CPU s | BSG_CLP, % |\n|" + "---|" * 6)
    means = []
    for name, theirs in THEIRS.items():
        if args.only and not any(name.startswith(only) for only in args.only):
            continue
        file = args.folder / f"{name}.txt"
        runs = [loaded(args.tool, file, number, args.seconds)
                for number in range(1, EACH + 1, args.every)]
        full = [run[0] for run in runs]
        means.append(statistics.mean(full))
        print(f"| {name} | {len(runs)} | {means[-1]:.2f} | {min(full):.2f} "
              f"| {statistics.mean(run[1] for run in runs):.1f} | {theirs} |", flush=True)
    if means:
        print(f"\nmean of {len(means)} files: {statistics.mean(means):.2f} %")


main()
