#!/usr/bin/env python3
"""Contours of all layers beside PrusaSlicer: CPU seconds of whole processes, in one run.

    contours.py EXAMPLE MODEL.stl... [--others CURA_RESOURCES]

EXAMPLE is target/release/examples/contours of the crate slicer. PrusaSlicer exports resin layers of
100 x 100 pixels, which costs next to nothing beside reading, repairing, slicing and closing. Each
side runs on one thread as far as it lets itself be told; the least of three runs counts for ours,
PrusaSlicer runs once.

With --others, Slic3r (to SVG), CuraEngine (to G-code of one wall, of which the contours are a small
part) and trimesh (section_multiplane, of the Python that runs this) run too. CURA_RESOURCES is the
folder with `definitions` and `extruders`, in Debian's package cura below /usr/share/cura/resources.
"""

import os
import re
import subprocess
import sys
import tempfile

from rasters import SETTINGS


def cpu_seconds(command):
    """CPU seconds and greatest memory (KiB) of a command, and what it said."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{command[0]} failed on {command[-1]}")
        said.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, said.read().decode()


SECTIONS = """
import sys, numpy, trimesh
mesh = trimesh.load(sys.argv[1])
low, high = mesh.bounds[0][2], mesh.bounds[1][2]
mesh.section_multiplane([0, 0, low], [0, 0, 1], numpy.arange(0.05, high - low, 0.1))
"""
CURA = {
    "layer_height": 0.1, "layer_height_0": 0.1, "wall_line_count": 1, "infill_line_distance": 0,
    "infill_sparse_density": 0, "top_layers": 0, "bottom_layers": 0, "adhesion_type": "none",
    "roofing_layer_count": 0, "center_object": "true", "machine_width": 200,
    "machine_depth": 200, "machine_height": 200,
}


def others(model, folder, resources):
    """CPU seconds of Slic3r, CuraEngine and trimesh."""
    def out(name):
        return os.path.join(folder, name)
    slic3r = ["slic3r", "--no-gui", "--export-svg", "--layer-height", "0.1",
              "--first-layer-height", "0.1", "-o", out("out.svg"), model]
    os.environ["CURA_ENGINE_SEARCH_PATH"] = f"{resources}/definitions:{resources}/extruders"
    cura = ["CuraEngine", "slice", "-m1", "-j", f"{resources}/definitions/fdmprinter.def.json"]
    for key, value in CURA.items():
        cura += ["-s", f"{key}={value}"]
    cura += ["-o", out("out.gcode"), "-l", model]
    trimesh = [sys.executable, "-c", SECTIONS, model]
    return [cpu_seconds(command)[0] for command in (slic3r, cura, trimesh)]


def main(example, models, resources):
    os.environ["RAYON_NUM_THREADS"] = "1"
    product, count = 1.0, 0
    print("| model | PrusaSlicer s | ours s | ratio | million segments/s | KiB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        settings = os.path.join(folder, "sla.ini")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(pixels=100))
        out = os.path.join(folder, "out.sl1")
        for model in models:
            peer = ["prusa-slicer", "--load", settings, "--export-sla", "-o", out, model]
            theirs, _, _ = cpu_seconds(peer)
            runs = [cpu_seconds([example, model, "0.1", "never"]) for _ in range(3)]
            ours, memory, said = min(runs)
            points = int(re.search(r"(\d+) points", said).group(1))
            product, count = product * theirs / ours, count + 1
            name = os.path.basename(model)
            print(
                f"| {name} | {theirs:.2f} | {ours:.3f} | {theirs / ours:.0f} "
                f"| {points / ours / 1e6:.1f} | {memory} |",
                flush=True,
            )
            if resources:
                beside = zip(["Slic3r", "CuraEngine", "trimesh"], others(model, folder, resources))
                said = ", ".join(f"{who} {s:.2f} s ({s / ours:.0f} x)" for who, s in beside)
                print(f"  {said}", file=sys.stderr)
    print(f"\ngeometric mean of the ratios: {product ** (1 / count):.0f}")


if __name__ == "__main__":
    given = sys.argv[1:]
    resources = None
    if "--others" in given:
        at = given.index("--others")
        resources = given[at + 1]
        del given[at:at + 2]
    if len(given) < 2:
        sys.exit(__doc__)
    main(given[0], given[1:], resources)
