#!/usr/bin/env python3
"""Plans nights by search, by greedy mixing and as people do it, and compares the plans.

    cargo build --release -p platewright-cli --features highs
    python3 benches/peers/policies.py target/release/platewright [--sizes 900] [--seeds 1 2]
        [--budget 60s | --iterations N]

Nights are those of `platewright dataset night`; 900 units with seed 1 are the demo night. The
policies (docs/scheduling.md) differ in how batches, machines and times are chosen; models, nesting,
rounds, prices and the verifier are the same. A plan that is not valid ends the comparison. Units
left over cost `objective.unplaced_per_unit` each, and are told.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

POLICIES = ["search", "greedy", "first-free", "by-hand"]


def planned(tool, night, run, policy, budget):
    command = [tool, "plan", str(night), "--out", str(run), "--json", "--allow-leftover",
               "--set", f"solver.policy={policy}", *budget]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}\n{done.stderr.decode()}")
    return json.loads(done.stdout)


def row(name, said, beside):
    cost, split = said["cost"], said["cost_split"]
    alone = cost - split["lateness"] - split["unplaced"]
    cells = [f"{alone / 100:,.0f}", f"{split['lateness'] / 100:,.0f}",
             f"{split['unplaced'] / 100:,.0f}", f"{cost / 100:,.0f}", str(said["builds"]),
             f"{said['machine_hours']:,.0f}", f"{said['late_orders']} of {said['orders']}",
             f"{said['unplaced']} of {said['units']}"]
    saved = [] if said is beside else [f"{100 * (1 - now / then):.0f} %" for now, then in (
        (alone, beside["cost"] - beside["cost_split"]["lateness"]
         - beside["cost_split"]["unplaced"]),
        (cost, beside["cost"]), (said["builds"], beside["builds"]),
        (said["machine_hours"], beside["machine_hours"]))]
    return [name, *cells, ", ".join(saved)]


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("--sizes", type=int, nargs="+", default=[900])
    args.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    args.add_argument("--policies", nargs="+", default=POLICIES, choices=POLICIES)
    limit = args.add_mutually_exclusive_group()
    limit.add_argument("--budget", default="60s")
    limit.add_argument("--iterations", type=int)
    args = args.parse_args()
    budget = ["--budget", args.budget]
    if args.iterations is not None:
        budget = ["--iterations", str(args.iterations)]
    head = ["units, seed", "policy", "production and freight", "lateness", "left over", "cost",
            "builds", "machine hours", "late orders", "units left over",
            f"less than {args.policies[-1]}: production and freight, cost, builds, hours"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for size in args.sizes:
            for seed in args.seeds:
                night = folder / f"night-{size}-{seed}"
                subprocess.run([args.tool, "dataset", "night", "--size", str(size), "--seed",
                                str(seed), "--out", str(night)], check=True,
                               stdout=subprocess.DEVNULL)
                said = {policy: planned(args.tool, night, folder / f"{size}-{seed}-{policy}",
                                        policy, budget) for policy in args.policies}
                for policy in args.policies:
                    cells = row(policy, said[policy], said[args.policies[-1]])
                    print(f"| {size}, {seed} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
