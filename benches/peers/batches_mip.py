#!/usr/bin/env python3
"""Solves one AMB problem as a mixed integer program with HiGHS and prints a line of JSON.

    pip install highspy numpy
    python3 benches/peers/batches_mip.py cpsat_baseline.py PARTS SEED [--seconds 60] [--threads 2]

`batches.py --highs SECONDS` runs it. The model is that of the script given first, which also makes
the problem and the greedy plan that the search starts with, and evaluates the plan that comes out:
x[part, machine, slot] with slots used in order, one material in a slot, the greatest height of a
slot, ends that follow one another with changes of material, one tardiness for each order. No better
plan than the greedy one occupies a machine longer, or is later, than all that costs; that bounds
ends and tardiness. A process of its own, as ortools and highspy do not go together in one.
"""
import argparse
import importlib.util
import json
import pathlib
import time

import highspy
import numpy as np


def load(script):
    spec = importlib.util.spec_from_file_location("baseline", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Rows:
    """Columns and rows as they are added; a row is low <= sum of terms <= high."""

    def __init__(self):
        self.cost, self.lower, self.upper, self.whole = [], [], [], []
        self.starts, self.index, self.value, self.low, self.high = [0], [], [], [], []

    def column(self, upper, whole=False, cost=0):
        self.cost.append(cost)
        self.lower.append(0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms, low=-highspy.kHighsInf, high=highspy.kHighsInf):
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.starts.append(len(self.index))
        self.low.append(low)
        self.high.append(high)

    def lp(self):
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.low)
        lp.col_cost_, lp.col_lower_ = np.array(self.cost, float), np.array(self.lower, float)
        lp.col_upper_ = np.array(self.upper, float)
        lp.row_lower_, lp.row_upper_ = np.array(self.low, float), np.array(self.high, float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts, np.int32)
        lp.a_matrix_.index_ = np.array(self.index, np.int32)
        lp.a_matrix_.value_ = np.array(self.value, float)
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in self.whole]
        return lp


def model(base, problem, greedy, limit):
    """The program, the columns x by part, machine and slot, and the greedy plan in its columns."""
    parts, orders, machines = problem["parts"], problem["orders"], problem["machines"]
    share = sum(p["a"] for p in parts) / sum(m["area"] for m in machines)
    slots = max(int(-(-15 * share // 10)) + 3, max(map(len, greedy)) + 1)
    rows, x, start = Rows(), {}, {}
    tardy = [rows.column(limit / o["w"], cost=o["w"]) for o in orders]
    late = [0] * len(orders)
    for m, machine in enumerate(machines):
        kind, most = machine["type"], limit / machine["rate"]
        fits = [i for i in range(problem["n"]) if base.ok(problem, i, m)]
        ways = [problem["tt"][machine["centre"]][o["region"]] for o in orders]
        before, used_before, loaded, end_at = None, None, machine["init"], 0
        for slot in range(slots):
            batch = set(greedy[m][slot]) if slot < len(greedy[m]) else set()
            used, change = rows.column(1, True), rows.column(1, True)
            held = {k: rows.column(1, True) for k in machine["mats"]}
            peak = rows.column(max((parts[i]["ph"][kind] for i in fits), default=0))
            end = rows.column(most, cost=machine["rate"] if slot == slots - 1 else 0)
            for i in fits:
                x[i, m, slot] = rows.column(1, True, base.tcost(problem, i, m))
            rows.row([(k, 1) for k in held.values()], 1, 1)
            rows.row([(x[i, m, slot], parts[i]["a"]) for i in fits] + [(used, -machine["area"])],
                     high=0)
            rows.row([(used, 1)] + [(x[i, m, slot], -1) for i in fits], high=0)
            for i in fits:
                rows.row([(x[i, m, slot], 1), (used, -1)], high=0)
                rows.row([(x[i, m, slot], 1), (held[parts[i]["mat"]], -1)], high=0)
                rows.row([(peak, 1), (x[i, m, slot], -parts[i]["ph"][kind])], low=0)
            if before:
                rows.row([(used, 1), (used_before, -1)], high=0)
            for k, column in held.items():
                known = int(k == machine["init"])
                terms = [(column, 1), (change, -1)] + ([(before[1][k], -1)] if before else [])
                rows.row(terms, high=0 if before else known)
            terms = [(end, 1), (used, -machine["setup"]), (peak, -1), (change, -base.CHG)]
            terms += [(x[i, m, slot], -parts[i]["pv"][kind]) for i in fits]
            rows.row(terms + ([(before[0], -1)] if before else []), 0, 0)
            for i in fits:
                order = parts[i]["order"]
                latest = ways[order] - orders[order]["due"]
                if most + latest > 0:
                    rows.row([(tardy[order], 1), (end, -1), (x[i, m, slot], -most - latest)],
                             low=-most)
            # The greedy plan in these columns; a slot that is not used keeps its material.
            material = parts[min(batch)]["mat"] if batch else loaded
            height = max((parts[i]["ph"][kind] for i in batch), default=0)
            end_at += machine["setup"] * bool(batch) + height + base.CHG * (material != loaded)
            end_at += sum(parts[i]["pv"][kind] for i in batch)
            start.update({used: bool(batch), change: material != loaded, peak: height, end: end_at})
            start[held[material]] = 1
            start.update({x[i, m, slot]: 1 for i in batch})
            for i in batch:
                order = parts[i]["order"]
                late[order] = max(late[order], end_at + ways[order] - orders[order]["due"])
            before, used_before, loaded = (end, held), used, material
    for i in range(problem["n"]):
        rows.row([(column, 1) for (part, _, _), column in x.items() if part == i], 1, 1)
    start.update({column: late[o] for o, column in enumerate(tardy)})
    return rows, x, start


def solve(rows, start, seconds, threads):
    solver = highspy.Highs()
    for name, value in [("output_flag", False), ("threads", threads), ("parallel", "on"),
                        ("time_limit", float(seconds))]:
        solver.setOptionValue(name, value)
    solver.passModel(rows.lp())
    first = highspy.HighsSolution()
    first.col_value = [float(start.get(c, 0)) for c in range(len(rows.cost))]
    first.value_valid = True
    solver.setSolution(first)
    solver.run()
    return solver


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("baseline", type=pathlib.Path)
    args.add_argument("parts", type=int)
    args.add_argument("seed", type=int)
    args.add_argument("--seconds", type=float, default=60)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()
    base = load(args.baseline)
    problem = base.gen(args.parts, args.seed)
    greedy = base.greedy(problem)
    cost = base.evaluate(problem, greedy)["total"]
    begun = time.monotonic()
    rows, x, start = model(base, problem, greedy, cost)
    solver = solve(rows, start, args.seconds, args.threads)
    info, status = solver.getInfo(), solver.modelStatusToString(solver.getModelStatus())
    bound = info.mip_dual_bound if info.mip_dual_bound > -highspy.kHighsInf else None
    said = dict(greedy=cost, columns=len(rows.cost), rows=len(rows.low), status=status, bound=bound,
                nodes=info.mip_node_count, wall=round(time.monotonic() - begun, 1),
                cpu=round(time.process_time(), 1), version=solver.version(), obj=None)
    values = solver.getSolution().col_value
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        chosen = {}
        for (i, m, slot), column in x.items():
            if values[column] > 0.5:
                chosen.setdefault((m, slot), []).append(i)
        plan = [[] for _ in problem["machines"]]
        for (m, _), batch in sorted(chosen.items()):
            plan[m].append(batch)
        said["obj"] = base.evaluate(problem, plan)["total"]
    print(json.dumps(said))


if __name__ == "__main__":
    main()
