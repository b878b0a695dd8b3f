#!/usr/bin/env python3
"""Lays out strip packing instances with spyrrow and with Platewright in equal CPU time.

    cargo build --release -p platewright-cli
    python3 -m venv .venv && .venv/bin/pip install spyrrow==0.9.0
    .venv/bin/python benches/peers/strips.py target/release/platewright INSTANCE.json... \
        [--seconds 10] [--seeds 5]

spyrrow runs with two workers for two thirds of the time, and Platewright, whose strips use one
thread, for as many seconds as that took of CPU, two seeds beside each other. Nothing else should run
on the machine, of two cores; the CPU seconds that both used are printed beside the densities. Every
layout of Platewright is verified by its own checker, which ends the run if it finds anything;
spyrrow's are taken as they are.
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

PEER = """
import json, sys, spyrrow
path, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
d = json.load(open(path))
items = [spyrrow.Item(str(k), [tuple(p) for p in i["shape"]["data"]], demand=i["demand"],
                      allowed_orientations=i.get("allowed_orientations"))
         for k, i in enumerate(d["items"])]
problem = spyrrow.StripPackingInstance(d["name"], strip_height=d["strip_height"], items=items)
config = spyrrow.StripPackingConfig(early_termination=False, total_computation_time=int(seconds),
                                    num_workers=2, seed=seed, min_items_separation=None)
print(json.dumps({"density": problem.solve(config).density}))
"""


def measured(command):
    """The JSON that a command prints, and the CPU seconds it took."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return json.loads(out), usage.ru_utime + usage.ru_stime


def spyrrow(path, seconds, seed):
    """Density in percent, and CPU seconds."""
    command = [sys.executable, "-c", PEER, str(path), str(seconds * 2 // 3), str(seed)]
    said, cpu = measured(command)
    return 100 * said["density"], cpu


def platewright(tool, path, seed, seconds):
    """Density in percent, and CPU seconds."""
    with tempfile.TemporaryDirectory() as out:
        said, cpu = measured([tool, "nest", str(path), "--out", out, "--seed", str(seed),
                              "--budget", f"{seconds:.1f}s", "--json"])
    return 100 * said["density"], cpu


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("instances", nargs="+", type=pathlib.Path)
    args.add_argument("--seconds", type=int, default=10)
    args.add_argument("--seeds", type=int, default=5)
    args = args.parse_args()
    print("| instance | spyrrow % | CPU s | Platewright % | CPU s | difference |")
    print("|---|---|---|---|---|---|")
    differences = []
    for path in args.instances:
        seeds = range(1, args.seeds + 1)
        peer = [spyrrow(path, args.seconds, seed) for seed in seeds]
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            ours = list(two.map(lambda seed: platewright(args.tool, path, seed, peer[seed - 1][1]),
                                seeds))
        (p, p_cpu), (o, o_cpu) = (map(statistics.mean, zip(*runs)) for runs in (peer, ours))
        differences.append(o - p)
        print(f"| {path.stem} | {p:.2f} | {p_cpu:.1f} | {o:.2f} | {o_cpu:.1f} | {o - p:+.2f} |",
              flush=True)
    print(f"\nmean difference over {len(differences)} instances: "
          f"{statistics.mean(differences):+.2f} percentage points")


main()
