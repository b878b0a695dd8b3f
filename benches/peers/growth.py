#!/usr/bin/env python3
"""Plans AMB problems of growing size with a proof, and draws time and gap over size.

    cargo build --release -p platewright-cli --features highs
    python3 benches/peers/growth.py target/release/platewright --out growth [--seconds 60]
        [--parts 50 200 1000] [--cost-only]

AMB is the family of `platewright dataset amb` (docs/scheduling.md). Search and proof share the
budget: --seconds for up to 1,000 parts, five times that up to 10,000, ten times beyond. With
--cost-only, lateness weighs nothing. Writes growth.md and growth.svg into --out. Every plan and
every certificate is checked; the time of that is a column of its own.
"""
import argparse
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

SIZES = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
WIDTH, HEIGHT, LEFT, TOP = 640, 360, 70, 30


def problem_of(tool, folder, parts, seed, cost_only):
    subprocess.run([tool, "dataset", "amb", "--out", str(folder), "--size", str(parts), "--seed",
                    str(seed)], check=True, stdout=subprocess.DEVNULL)
    path = next(folder.glob("*amb*.json"))
    if cost_only:
        problem = json.loads(path.read_text())
        problem["objective"]["lateness"] = 0
        path.write_text(json.dumps(problem))
    return path


def timed(command):
    """What a command says, its wall and CPU seconds, and the most memory of any so far, MiB."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, wall, cpu, after.ru_maxrss / 1024


def run(tool, folder, parts, args):
    problem = problem_of(tool, folder, parts, args.seed, args.cost_only)
    plan = folder / "plan.json"
    seconds = args.seconds * (1 if parts <= 1_000 else 5 if parts <= 10_000 else 10)
    said, wall, cpu, memory = timed(
        [tool, "schedule", str(problem), "--out", str(plan), "--threads", "2", "--budget",
         f"{seconds:g}s", "--seed", str(args.seed), "--prove", "--json"])
    said = json.loads(said)
    _, checked, _, _ = timed([tool, "check", str(plan), "--instance", str(problem)])
    problem.unlink()
    return {"parts": parts, "objective": said["objective"], "bound": said["bound"],
            "gap": 100 * said["gap"], "wall": wall, "cpu": cpu, "check": checked, "memory": memory}


def table(rows):
    head = ["parts", "objective", "bound", "gap, %", "s", "CPU s", "check, s", "MiB"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [f"{row['parts']:,}", f"{row['objective']:,}", f"{row['bound']:,}",
                 f"{row['gap']:.2f}", f"{row['wall']:.0f}", f"{row['cpu']:.0f}",
                 f"{row['check']:.1f}", f"{row['memory']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def curve(rows, key, most, colour):
    """Points over the logarithm of the size, from 10 to 100,000."""
    x = [LEFT + (math.log10(row["parts"]) - 1) / 4 * (WIDTH - 2 * LEFT) for row in rows]
    y = [HEIGHT - TOP - row[key] / most * (HEIGHT - 2 * TOP) for row in rows]
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>'
                   for a, b in zip(x, y))
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>{dots}'


def picture(rows):
    gap = max(5, math.ceil(max(row["gap"] for row in rows) / 5) * 5)
    cpu = max(row["cpu"] for row in rows)
    text = ['<text x="{}" y="18" fill="#06c">gap, % (to {})</text>'.format(LEFT, gap),
            '<text x="{}" y="18" text-anchor="end" fill="#c60">CPU s (to {:.0f})</text>'
            .format(WIDTH - LEFT, cpu)]
    for power in range(1, 6):
        x = LEFT + (power - 1) / 4 * (WIDTH - 2 * LEFT)
        text.append(f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="middle">{10 ** power:,}</text>')
    frame = (f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - 2 * LEFT}" '
             f'height="{HEIGHT - 2 * TOP}" fill="none" stroke="#999"/>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif" font-size="12">{frame}{"".join(text)}'
            f'{curve(rows, "gap", gap, "#06c")}{curve(rows, "cpu", cpu, "#c60")}</svg>\n')


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("--parts", type=int, nargs="+", default=SIZES)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--seconds", type=float, default=60)
    args.add_argument("--cost-only", action="store_true")
    args.add_argument("--out", type=pathlib.Path, required=True)
    args = args.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for parts in sorted(args.parts):
            rows.append(run(args.tool, pathlib.Path(folder), parts, args))
            load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
            (args.out / "growth.md").write_text(table(rows))
            (args.out / "growth.svg").write_text(picture(rows))
            print(f"{table(rows[-1:]).splitlines()[-1]} load {load}", flush=True)


if __name__ == "__main__":
    main()
