#!/usr/bin/env python3
"""Slices a folder of faulty models with PrusaSlicer and counts layers of wrong area, ours beside.

    cargo run --release -p platewright-datasets --example layer_corpus -- --write corpus
    apt-get install prusa-slicer
    python3 -m venv .venv && .venv/bin/pip install -r benches/peers/requirements.txt
    .venv/bin/python benches/peers/layers.py corpus [--every 4] [--recipe flipped] [--list]

The folder holds binary STL and `layers.csv` with the true area of every layer and those of
Platewright's slicer, for the model as it came and corrected. PrusaSlicer gets the model as it
came, which it repairs when it reads an STL. Its areas come from its SL1 export: the sum of the
grey levels of each layer's picture, anti-aliased, so that a pixel on a contour counts for the
share that is covered. A layer is bad if it is more than 0.1 % off the truth; layers below 1e-4 of
the largest count only if they are off by more than that. For PrusaSlicer, 1 µm on either side of
the whole contour is allowed on top, which is more than what its pictures round off.
"""
import argparse
import collections
import csv
import io
import os
import pathlib
import resource
import subprocess
import tempfile
import zipfile

import numpy as np
from PIL import Image

BAD = 1e-3
SMALL = 1e-4
PIXELS = 1200
CONTOUR_MM = 1e-3

SETTINGS = """printer_technology=SLA
layer_height={layer}
initial_layer_height={layer}
supports_enable=0
pad_enable=0
hollowing_enable=0
elefant_foot_compensation=0
relative_correction=1,1
absolute_correction=0
gamma_correction=1
slice_closing_radius=0.005
display_orientation=landscape
display_mirror_x=0
display_width={width}
display_height={width}
display_pixels_x={pixels}
display_pixels_y={pixels}
max_print_height=1000
bed_shape=0x0,{width}x0,{width}x{width},0x{width}
"""


def extent(stl):
    """Largest edge of the box of a binary STL in the plane, mm."""
    kind = np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    corners = np.frombuffer(stl.read_bytes(), kind, offset=84)["v"].reshape(-1, 3)
    return float(np.max(corners.max(0)[:2] - corners.min(0)[:2]))


def prusa(stl, layer, count):
    """Areas of the layers of a model, mm², and CPU seconds; None if it fails."""
    width = round(1.05 * extent(stl) + 1.0, 3)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        config = folder / "sla.ini"
        config.write_text(SETTINGS.format(layer=f"{layer:.9f}", width=width, pixels=PIXELS))
        out = folder / "out.sl1"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["prusa-slicer", "--load", config, "--export-sla", "-o", out, stl]
        try:
            subprocess.run(command, capture_output=True, timeout=600, check=False)
        except subprocess.TimeoutExpired:
            pass
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if not out.exists():
            return None, cpu
        pixel = (width / PIXELS) ** 2
        with zipfile.ZipFile(out) as archive:
            names = sorted(n for n in archive.namelist() if n.endswith(".png") and "/" not in n)
            areas = []
            for name in names[:count]:
                picture = np.asarray(Image.open(io.BytesIO(archive.read(name))))
                areas.append(float(picture.sum(dtype=np.int64)) / 255.0 * pixel)
    return areas + [0.0] * (count - len(areas)), cpu


def judge(truth, have, allowed=None):
    """Bad layers and the worst relative error; `allowed` mm² a layer on top."""
    small = SMALL * max(truth)
    bad, worst = 0, 0.0
    for i, want in enumerate(truth):
        off = max(abs(have[i] - want) - (allowed[i] if allowed else 0.0), 0.0)
        if want < small and off <= small:
            continue
        error = off / want if want > 0.0 else float("inf")
        bad += error > BAD
        worst = max(worst, error)
    return bad, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, help="only every n-th model")
    parser.add_argument("--recipe", help="only models of this recipe")
    parser.add_argument("--list", action="store_true", help="name every model with a bad layer")
    args = parser.parse_args()
    models = collections.OrderedDict()
    with open(args.folder / "layers.csv", newline="") as table:
        for row in csv.DictReader(table):
            models.setdefault(row["file"], []).append(row)
    for rows in models.values():
        rows.pop()
    chosen = list(models.items())[:: args.every]
    chosen = [m for m in chosen if args.recipe in (None, m[1][0]["recipe"])]
    table, names = {}, ["PrusaSlicer", "came", "corrected"]
    cpu_all, failed = 0.0, 0
    for file, rows in chosen:
        column = lambda name: [float(r[name]) for r in rows]
        truth = column("truth_mm2")
        areas, cpu = prusa(args.folder / file, float(rows[0]["layer_mm"]), len(rows))
        cpu_all += cpu
        failed += areas is None
        allowed = [2.0 * CONTOUR_MM * length for length in column("contour_mm")]
        verdicts = [
            judge(truth, areas or [0.0] * len(truth), allowed),
            judge(truth, column("came_mm2")),
            judge(truth, column("corrected_mm2")),
        ]
        for group in (rows[0]["recipe"], "all"):
            entry = table.setdefault(group, [0, 0, [0, 0, 0], [0, 0, 0], [0.0, 0.0, 0.0]])
            entry[0] += 1
            entry[1] += len(rows)
            for k, (bad, worst) in enumerate(verdicts):
                entry[2][k] += bad
                entry[3][k] += bad > 0
                entry[4][k] = max(entry[4][k], worst)
        if args.list and any(bad for bad, _ in verdicts):
            told = "  ".join(f"{bad:4} bad, {100 * worst:9.3f} %" for bad, worst in verdicts)
            print(f"{file:48} {told}", flush=True)
    print("bad layers of 1000, models with one, worst error: " + ", ".join(names))
    everything = table.pop("all", None)
    for group, entry in [*sorted(table.items()), ("all", everything)]:
        if entry:
            told = "  ".join(
                f"{1000 * entry[2][k] / entry[1]:8.2f} {entry[3][k]:4} {100 * entry[4][k]:9.3f} %"
                for k in range(3)
            )
            print(f"{group:20} {entry[0]:4}  {told}")
    print(f"PrusaSlicer: {cpu_all:.1f} CPU s with its pictures, {failed} models without a result")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    main()
