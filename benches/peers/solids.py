#!/usr/bin/env python3
"""Packs the published solids of open dimension problems and compares heights with those published.

    cargo build --release -p platewright-cli
    python3 benches/peers/solids.py target/release/platewright ESICUP/3d_irregular
        [--seconds 240] [--seeds 5] [--only Liu] [--turns fixed|halves|cube]

The instances are those of github.com/ESICUP/datasets. The heights beside ours are the means of 15
runs of sparrow-3d that its authors publish: 10 minutes on four cores each (Apple M5), from its
folder `solutions`. Its "4 angles" are ten rotations, its 8 (Liu) are 22, its 2 are the half turns;
ours are the 24 rotations of a cube for the first two. Ours uses one core for each run; two runs go
side by side. Heights at 10 and 60 s are read from the trace of the same run. Every layout is
verified on the triangles of the meshes, which ends the run if it finds anything.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import pyarrow.parquet

# Name, file, and the published mean height with fixed rotations, half turns, and quarter turns.
INSTANCES = [
    ("St05-Ex1", "Stoyan et al. 2005/Example1.json", {"fixed": 17.46, "cube": 16.00}),
    ("St05-Ex2", "Stoyan et al. 2005/Example2.json", {"fixed": 19.00, "cube": 16.00}),
    ("St05-Ex3", "Stoyan et al. 2005/Example3.json", {"fixed": 27.52, "cube": 23.06}),
    ("Merged1", "Egeblad et al. 2009/Merged1.json", {"fixed": 16.55, "cube": 16.00}),
    ("Merged2", "Egeblad et al. 2009/Merged2.json", {"fixed": 20.97, "cube": 17.00}),
    ("Merged3", "Egeblad et al. 2009/Merged3.json", {"fixed": 22.00, "cube": 20.07}),
    ("Merged4", "Egeblad et al. 2009/Merged4.json", {"fixed": 23.84, "cube": 21.97}),
    ("Merged5", "Egeblad et al. 2009/Merged5.json", {"fixed": 26.14, "cube": 23.86}),
    ("Liu", "Liu et al. 2015/Experiment1.json", {"fixed": 30.55, "cube": 22.74}),
    ("Chess", "Lamas-Fernandez, C. et al. 2022/Chess.json", {"fixed": 131.36, "cube": 103.81}),
    ("Engine", "Lamas-Fernandez, C. et al. 2022/Engine.json", {"fixed": 149.59, "cube": 125.74}),
    ("St04-Ex1", "Stoyan et al. 2004/Example1.json", {"fixed": 51.54}),
    ("St04-Ex2", "Stoyan et al. 2004/Example2.json",
     {"fixed": 29.00, "halves": 29.00, "cube": 23.88}),
    ("St04-Ex3", "Stoyan et al. 2004/Example3.json",
     {"fixed": 40.07, "halves": 39.97, "cube": 34.98}),
    ("St04-Ex4", "Stoyan et al. 2004/Example4.json",
     {"fixed": 54.21, "halves": 53.77, "cube": 45.91}),
    ("St04-Ex5", "Stoyan et al. 2004/Example5.json",
     {"fixed": 68.02, "halves": 68.17, "cube": 57.79}),
]
EARLY = [10, 60]


def nested(tool, folder, file, turns, seconds, seed):
    """Height at the end, at the early times, the bound, and CPU seconds."""
    with tempfile.TemporaryDirectory() as out:
        command = [tool, "nest", str(folder / file), "--models", str(folder), "--out", out,
                   "--turns", turns, "--budget", f"{seconds}s", "--seed", str(seed), "--json"]
        one_core = os.environ | {"RAYON_NUM_THREADS": "1"}
        done = subprocess.run(command, stdout=subprocess.PIPE, env=one_core)
        if done.returncode:
            sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
        said = json.loads(done.stdout)
        trace = pyarrow.parquet.read_table(pathlib.Path(out) / "trace.parquet").to_pydict()
    if not said["valid"] or said["unplaced"] or said["builds"] != 1:
        sys.exit(f"{file}: the layout is not valid")
    steps = list(zip(trace["seconds"], trace["objective"]))
    early = [min((height for at, height in steps if at <= limit), default=float("nan"))
             for limit in EARLY]
    return said["heights"][0], early, said["bound"], said["cpu_seconds"]


def missing(folder, file):
    problem = json.loads((folder / file).read_text())
    paths = [item["path"] for item in problem["item-types"]]
    return [path for path in paths if not (folder / path).exists()]


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("folder", type=pathlib.Path, help="3d_irregular of ESICUP's collection")
    args.add_argument("--seconds", type=float, default=240)
    args.add_argument("--seeds", type=int, default=5)
    args.add_argument("--only", action="append", help="instances whose names begin so")
    args.add_argument("--turns", choices=["fixed", "halves", "cube"], action="append")
    args = args.parse_args()
    names = [f"at {limit} s" for limit in EARLY]
    print(f"| instance | rotations | bound | {' | '.join(names)} | best | mean | worst "
          "| published | ratio |")
    print("|" + "---|" * (8 + len(EARLY)))
    ratios = []
    for name, file, published in INSTANCES:
        if args.only and not any(name.startswith(only) for only in args.only):
            continue
        if lost := missing(args.folder, file):
            print(f"{name}: skipped, {len(lost)} meshes are missing", file=sys.stderr)
            continue
        for turns, theirs in published.items():
            if args.turns and turns not in args.turns:
                continue
            with concurrent.futures.ThreadPoolExecutor(2) as two:
                runs = list(two.map(
                    lambda seed: nested(args.tool, args.folder, file, turns, args.seconds, seed),
                    range(1, args.seeds + 1)))
            heights = [run[0] for run in runs]
            early = [statistics.mean(run[1][k] for run in runs) for k in range(len(EARLY))]
            mean = statistics.mean(heights)
            ratios.append(mean / theirs)
            print(f"| {name} | {turns} | {runs[0][2]:.2f} | "
                  + " | ".join(f"{height:.2f}" for height in early)
                  + f" | {min(heights):.2f} | {mean:.2f} | {max(heights):.2f} | {theirs:.2f} "
                  f"| {mean / theirs:.3f} |", flush=True)
    if ratios:
        # To two digits, as the heights are published.
        lower = sum(ratio <= 1.0005 for ratio in ratios)
        print(f"\n{len(ratios)} configurations: mean ratio {statistics.mean(ratios):.3f}, not above "
              f"what is published on {lower}; {args.seeds} seeds of {args.seconds:g} s")


main()
