#!/usr/bin/env python3
"""Contours of all layers beside PrusaSlicer: CPU seconds of whole processes, in one run.

    contours.py EXAMPLE MODEL.stl...

EXAMPLE is target/release/examples/contours of the crate slicer. PrusaSlicer exports resin layers of
100 x 100 pixels, which costs next to nothing beside reading, repairing, slicing and closing. Each
side runs on one thread as far as it lets itself be told; the least of three runs counts for ours,
PrusaSlicer runs once.
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


def main(example, models):
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
    print(f"\ngeometric mean of the ratios: {product ** (1 / count):.0f}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
