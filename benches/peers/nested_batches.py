#!/usr/bin/env python3
"""Puts parts with outlines into batches and compares the tardiness with published optima.

    cargo build --release --workspace --features platewright-cli/highs
    python3 benches/peers/nested_batches.py target/release/platewright nest-sched-am
        [--seconds 10] [--parts 15 30] [--machines 2] [--every 5] [--dots 441]

The tables and results are those of nestSchedAM (Nascimento et al. 2024, European Journal of
Operational Research 317): parts stand on dots of a grid there, anywhere here, so that less than
the published optimum of a grid is possible. Every batch is nested and verified.
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time


def published(folder, parts, dots, machines):
    file = folder / f"Results/COPCSP_Algorithm/{parts}Parts/{dots}dots/{parts}-{dots}-{machines}.csv"
    if not file.exists():
        return {}
    found = {}
    for row in csv.DictReader(file.open()):
        key = row[""].replace("Alfa", "Alpha")
        for sheet in range(1, 6):
            if row.get(f"Sol {sheet}"):
                found[f"{key}_Sheet{sheet}"] = float(row[f"Sol {sheet}"])
    return found


def ours(tool, table, seconds):
    with tempfile.TemporaryDirectory() as out:
        command = [tool, "schedule", str(table), "--out", f"{out}/plan.json", "--budget",
                   f"{seconds}s", "--json"]
        begun = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE)
        if done.returncode:
            sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    return json.loads(done.stdout)["lateness"], time.monotonic() - begun


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("folder", type=pathlib.Path)
    args.add_argument("--seconds", type=float, default=10)
    args.add_argument("--parts", type=int, nargs="+", default=[15, 20, 25, 30])
    args.add_argument("--machines", type=int, nargs="+", default=[2, 3, 4])
    args.add_argument("--dots", type=int, default=441)
    args.add_argument("--every", type=int, default=1, help="only every so many tables")
    args = args.parse_args()
    head = ["parts", "machines", "tables", "less", "equal", "more", "seconds, mean", "most"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for parts in args.parts:
        for machines in args.machines:
            known = published(args.folder, parts, args.dots, machines)
            tables = sorted(args.folder.glob(f"Data/{parts}Parts/2.PartsSpecs/{machines}Machines/*"))
            counts, times, worse = {"less": 0, "equal": 0, "more": 0}, [], []
            for table in tables[::args.every]:
                key = re.sub(rf"^{parts}Jobs_{machines}Machines_", "", table.stem)
                if key not in known:
                    continue
                late, seconds = ours(args.tool, table, args.seconds)
                times.append(seconds)
                kind = "equal" if late == known[key] else "less" if late < known[key] else "more"
                counts[kind] += 1
                if kind == "more":
                    worse.append(f"{key}: {late} for {known[key]:g}")
            if times:
                row = [parts, machines, len(times), *counts.values()]
                row += [f"{sum(times) / len(times):.2f}", f"{max(times):.2f}"]
                print("| " + " | ".join(map(str, row)) + " |", flush=True)
            for line in worse:
                print(f"    {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
