#!/usr/bin/env python3
"""Lays out the plate jobs with libnest2d and with Platewright.

    cargo build --release -p platewright-cli
    apt-get install libnest2d-dev libpolyclipping-dev libnlopt-cxx-dev libboost-dev
    python3 benches/peers/plates.py target/release/platewright [--jobs DIR] [--only mixed-25]

The jobs are those of `platewright dataset plates --seed SEED`, and the rectangles of
datasets/plates, unless a folder of jobs is given. Platewright gets 7.5 s of wall time on two cores
for each plate of its own bound (found beforehand by a single step of its plainest heuristic, which
is not counted), 15 s of CPU a plate; both are printed as used. Every layout of Platewright is
verified by its own checker, which ends the run if it finds anything.

libnest2d (Debian's 5.0.0) turns parts by four quarters and ends by itself. It uses one core, so its
jobs are done two at a time, before ours; it is stopped after --peer-limit seconds, and its column
stays empty then. Its driver, libnest2d_plates.cpp, is compiled here. Round beds are its own circle
bins and zones its disallowed areas; polygons as bins are not used, because it sees only their
hulls. What it leaves out is shown behind its plates, parts that it lays over the edge or into a
zone are shown as off, and neither is held against it in the ratios.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
COMPILE = ["g++", "-O2", "-std=c++17", "-DLIBNEST2D_THREADING_std",
           "-DLIBNEST2D_GEOMETRIES_clipper", "-DLIBNEST2D_OPTIMIZER_nlopt",
           "-I/usr/include/polyclipping"]
LINK = ["-lpolyclipping", "-lnlopt", "-pthread"]
SECONDS_PER_PLATE = 7.5
LEFT_OVER = 3


def two_cores():
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


def measured(command, limit=None):
    """The JSON that a command prints and the CPU seconds it took; none if it took too long."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=two_cores)
    late = threading.Event()

    def stop():
        late.set()
        child.kill()

    timer = threading.Timer(limit, stop) if limit else None
    if timer:
        timer.start()
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if timer:
        timer.cancel()
    if late.is_set():
        return None, usage.ru_utime + usage.ru_stime
    if child.returncode not in (0, LEFT_OVER):
        sys.exit(f"failed with {child.returncode}: {' '.join(command)}")
    return json.loads(out), usage.ru_utime + usage.ru_stime


def ours(tool, job, options):
    with tempfile.TemporaryDirectory() as out:
        said, cpu = measured([tool, "nest", str(job), "--out", out, "--json", *options])
    if not said["valid"]:
        sys.exit(f"{job}: the layout is not valid")
    return said, cpu


def peer_job(problem):
    """The job as the driver of libnest2d reads it; none if it cannot be told to libnest2d."""
    if len(problem["plates"]) != 1:
        return None
    plate = problem["plates"][0]
    bed, zones = plate["bed"], plate.get("zones", [])
    lines = []
    shift = [0, 0]
    if "rectangle" in bed:
        lines.append("rectangle {} {}".format(*bed["rectangle"]))
    elif "circle" in bed and not zones:
        lines.append(f"circle {bed['circle']['radius']}")
        shift = bed["circle"]["centre"]
    else:
        return None
    lines += [f"gap {problem.get('gap', 0)}", f"zones {len(zones)}"]
    for zone in zones:
        xs, ys = ([p[k] - shift[k] for p in zone["outline"]] for k in (0, 1))
        box = {(x, y) for x in (min(xs), max(xs)) for y in (min(ys), max(ys))}
        if set(zip(xs, ys)) != box:
            return None
        lines.append(f"{min(xs)} {min(ys)} {max(xs)} {max(ys)} {zone.get('gap', 0)}")
    outlines = [part["outline"] for part in problem["parts"] for _ in range(part.get("copies", 1))]
    lines.append(f"parts {len(outlines)}")
    for outline in outlines:
        lines.append(f"{len(outline)} " + " ".join(f"{x} {y}" for x, y in outline))
    return "\n".join(lines) + "\n"


def peer(driver, name, problem, limit, folder):
    text = peer_job(problem)
    if text is None:
        return None, 0.0
    path = pathlib.Path(folder) / f"{name}.txt"
    path.write_text(text)
    return measured([driver, str(path), "4"], limit)


def compiled(folder):
    driver = str(pathlib.Path(folder) / "libnest2d_plates")
    source = str(HERE / "libnest2d_plates.cpp")
    subprocess.run([*COMPILE, source, "-o", driver, *LINK], check=True, stderr=subprocess.DEVNULL)
    return driver


def row(tool, job, problem, theirs, peer_cpu):
    """One line of the table: bound, plates of both, CPU of both, whether ours is proven."""
    first, _ = ours(tool, job, ["--heuristic", "bottom-left", "--iterations", "1"])
    seconds = SECONDS_PER_PLATE * max(1, math.ceil(first["bound"] - 1e-9))
    said, cpu = ours(tool, job, ["--budget", f"{seconds}s"])
    bound, plates = said["bound"], said["plates"]
    left = f" + {said['unplaced']} left" if said["unplaced"] else ""
    cells = [problem["name"] or job.stem, sum(p.get("copies", 1) for p in problem["parts"]),
             f"{bound:g}", f"{plates}{left}"]
    if theirs:
        out = f" + {theirs['unplaced']} left" if theirs["unplaced"] else ""
        off = f", {theirs['off']} off" if theirs["off"] else ""
        cells.append(f"{theirs['plates']}{out}{off}")
    else:
        cells.append("–")
    cells.append(f"{plates / bound:.2f}" if bound else "–")
    cells.append(f"{plates / theirs['plates']:.2f}" if theirs and theirs["plates"] else "–")
    cells += [f"{cpu:.1f}", f"{peer_cpu:.1f}", "yes" if said["optimal"] else "no"]
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return {"bound": bound, "ours": plates, "theirs": theirs and theirs["plates"], "cpu": cpu,
            "peer_cpu": peer_cpu, "optimal": said["optimal"], "left": said["unplaced"],
            "peer_left": theirs["unplaced"] if theirs else 0}


def total(rows):
    both = [r for r in rows if r["theirs"]]
    bound, plates = (sum(r[key] for r in rows) for key in ("bound", "ours"))
    proven = sum(r["optimal"] for r in rows)
    print(f"\n{len(rows)} jobs: {plates} plates, bound {bound:g}"
          + (f", ratio {plates / bound:.3f}" if bound else "")
          + f"; {sum(r['left'] for r in rows)} parts left over; {proven} proven "
          + f"({100 * proven / len(rows):.0f} %); {sum(r['cpu'] for r in rows):.0f} s of CPU, "
          + f"{sum(r['cpu'] for r in rows) / max(1, plates):.1f} a plate")
    if both:
        ours_both, theirs = (sum(r[key] for r in both) for key in ("ours", "theirs"))
        print(f"{len(both)} jobs that libnest2d did: {ours_both} plates, libnest2d {theirs} and "
              f"{sum(r['peer_left'] for r in both)} parts left over, "
              f"ratio {ours_both / theirs:.3f}; {sum(r['peer_cpu'] for r in both):.0f} s of its CPU")


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("--jobs", type=pathlib.Path, help="folder of jobs [default: generated]")
    args.add_argument("--seed", type=int, default=1, help="of the generated jobs")
    args.add_argument("--only", action="append", help="jobs whose names begin so; may be repeated")
    args.add_argument("--peer-limit", type=float, default=900,
                      help="wall seconds of libnest2d for a job")
    args = args.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        driver = compiled(folder)
        if args.jobs:
            jobs = sorted(args.jobs.glob("*.json"))
        else:
            made = pathlib.Path(folder) / "jobs"
            subprocess.run([args.tool, "dataset", "plates", "--out", str(made), "--seed",
                            str(args.seed)], check=True, stdout=subprocess.DEVNULL)
            committed = HERE.parents[1] / "datasets/plates"
            jobs = sorted([*made.glob("*.json"), *committed.glob("*.json")])
        if args.only:
            jobs = [job for job in jobs if any(job.name.startswith(name) for name in args.only)]
        if not jobs:
            sys.exit("there are no such jobs")
        problems = {job: json.loads(job.read_text()) for job in jobs}
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            by_peer = dict(zip(jobs, two.map(
                lambda job: peer(driver, job.stem, problems[job], args.peer_limit, folder), jobs)))
        print("| job | parts | bound | Platewright | libnest2d | to bound | to libnest2d | CPU s "
              "| its CPU s | proven |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        total([row(args.tool, job, problems[job], *by_peer[job]) for job in jobs])


main()
