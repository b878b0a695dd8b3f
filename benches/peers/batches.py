#!/usr/bin/env python3
"""Puts the parts of AMB problems into batches on many machines, beside CP-SAT and HiGHS.

    cargo build --release --workspace --features platewright-cli/highs
    python3 benches/peers/batches.py target/release/platewright [--parts 200 1000] [--seeds 1 2 3]
        [--seconds 1 60] [--prove] [--baseline cpsat_baseline.py] [--highs 60]

AMB is the family of `platewright dataset amb` (docs/scheduling.md). All runs use two threads. With
--prove, half of each budget goes to a bound. With --baseline, a script that makes the same problems
by itself, gives CP-SAT (ortools) its greedy plan as a complete hint and runs it for the longest
budget; costs are those of its own evaluator. --highs SECONDS solves the same model, with the same
start, as a mixed integer program (batches_mip.py). A peer that found nothing better than the plan
it was given shows the cost of that. Every plan of ours is verified.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile


def ours(tool, problem, folder, seconds, seed, prove):
    command = [tool, "schedule", str(problem), "--out", str(folder / "plan.json"), "--threads", "2",
               "--budget", f"{seconds}s", "--seed", str(seed), "--json"] + ["--prove"] * prove
    done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    said = json.loads(done.stdout)
    if not said["valid"]:
        sys.exit(f"{problem}: the plan is not valid")
    return said


def theirs(script, parts, seed, seconds):
    command = [sys.executable, script, str(parts), str(seed), "--seconds", str(seconds),
               "--workers", "2", "--hint"]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    greedy, found = json.loads(lines[0]), json.loads(lines[1])
    return greedy["greedy"]["total"], found.get("obj"), found["bound"]


def mixed_integer(script, parts, seed, seconds):
    solver = pathlib.Path(__file__).with_name("batches_mip.py")
    command = [sys.executable, str(solver), script, str(parts), str(seed), "--seconds",
               str(seconds)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    print(f"    HiGHS {found['version']}: {found['status']}, {found['columns']} columns, "
          f"{found['rows']} rows, {found['nodes']} nodes, {found['wall']} s", file=sys.stderr)
    return found["greedy"], found["obj"], found["bound"]


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("--parts", type=int, nargs="+", default=[50, 200, 1000])
    args.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    args.add_argument("--seconds", type=float, nargs="+", default=[1])
    args.add_argument("--prove", action="store_true")
    args.add_argument("--baseline")
    args.add_argument("--no-cpsat", action="store_true", help="leave CP-SAT out of the table")
    args.add_argument("--highs", type=float, metavar="SECONDS", help="needs --baseline, too")
    args = args.parse_args()
    if args.highs and not args.baseline:
        sys.exit("--highs needs --baseline: the problem, the first plan and the costs are its")
    head = ["parts", "seed"]
    for seconds in args.seconds:
        head += [f"{seconds:g} s", "CPU s"] + ["gap, %"] * args.prove
    peers = []
    if args.baseline and not args.no_cpsat:
        peers.append((theirs, max(args.seconds)))
    if args.highs:
        peers.append((mixed_integer, args.highs))
    if peers:
        head.append("greedy")
    for peer, seconds in peers:
        head += [f"{'CP-SAT' if peer is theirs else 'HiGHS'} {seconds:g} s", "its bound"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for parts in args.parts:
            for seed in args.seeds:
                subprocess.run([args.tool, "dataset", "amb", "--out", str(folder), "--size",
                                str(parts), "--seed", str(seed)], check=True,
                               stdout=subprocess.DEVNULL)
                problem = next(folder.glob("*amb*.json"), None)
                row = [str(parts), str(seed)]
                for seconds in args.seconds:
                    said = ours(args.tool, problem, folder, seconds, seed, args.prove)
                    row += [f"{said['objective']:,}", f"{said['cpu_seconds']:.1f}"]
                    row += [f"{100 * said['gap']:.2f}"] * args.prove
                for number, (peer, seconds) in enumerate(peers):
                    found = peer(args.baseline, parts, seed, seconds)[min(number, 1):]
                    row += [f"{x:,.0f}" if x is not None else "none" for x in found]
                problem.unlink()
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
