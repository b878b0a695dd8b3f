#!/usr/bin/env python3
"""Nests an instance that is given as voxels, and tells its height in voxels.

    cargo build --release -p platewright-nesting --example volume_kit
    python3 benches/peers/voxelised.py target/release/examples/volume_kit FOLDER engine 83
        [--steps 40] [--turns fixed|axis24]

FOLDER is `Voxelised` of Lamas-Fernandez et al. 2022 in ESICUP's collection; then the name of the
instance and the voxels along each side of its base. Voxels become boxes a little smaller than they,
one for each run along x, so that they fill the same voxels again.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy

INSET = 0.01
# Corners of a box by bits (x, y, z), and its twelve triangles.
FACES = [(0, 4, 6), (0, 6, 2), (1, 3, 7), (1, 7, 5), (0, 1, 5), (0, 5, 4),
         (2, 6, 7), (2, 7, 3), (0, 2, 3), (0, 3, 1), (4, 5, 7), (4, 7, 6)]
STL = numpy.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def voxels(path):
    head, _, data = path.read_bytes().partition(b"data\n")
    size = [int(n) for n in re.search(rb"dim (\d+) (\d+) (\d+)", head).groups()]
    pairs = numpy.frombuffer(data, dtype=numpy.uint8).reshape(-1, 2)
    # x is the slowest, y the fastest.
    return numpy.repeat(pairs[:, 0], pairs[:, 1]).reshape(size[0], size[2], size[1]) > 0


def boxes(full):
    """First and last corner of each run along x, of voxels as (x, z, y)."""
    padded = numpy.pad(full, ((1, 1), (0, 0), (0, 0))).astype(numpy.int8)
    change = numpy.diff(padded, axis=0).transpose(1, 2, 0)
    first, last = numpy.argwhere(change == 1), numpy.argwhere(change == -1)
    low = first[:, [2, 1, 0]].astype(float) + INSET
    high = numpy.column_stack([last[:, 2], last[:, 1] + 1, last[:, 0] + 1]) - INSET
    return low, high


def write_stl(path, full):
    low, high = boxes(full)
    bits = numpy.array([[c >> k & 1 for k in range(3)] for c in range(8)], dtype=bool)
    corners = numpy.where(bits[None], high[:, None], low[:, None])
    triangles = numpy.zeros(12 * len(low), dtype=STL)
    triangles["corners"] = corners[:, FACES].reshape(-1, 3, 3)
    path.write_bytes(bytes(80) + len(triangles).to_bytes(4, "little") + triangles.tobytes())


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("tool")
    args.add_argument("folder", type=pathlib.Path)
    args.add_argument("name")
    args.add_argument("base")
    args.add_argument("--steps", default="40")
    args.add_argument("--turns", choices=["fixed", "axis24"], default="axis24")
    args = args.parse_args()
    told = args.folder / "InstanceDescription" / f"{args.name}.txt"
    with tempfile.TemporaryDirectory() as out:
        for line in told.read_text().splitlines()[1:]:
            path, copies = line.rsplit("\t", 1)
            full = voxels((told.parent / path).resolve())
            write_stl(pathlib.Path(out) / f"{pathlib.Path(path).stem}_x{copies}.stl", full)
        command = [args.tool, out, args.base, args.base, "400", "1", "0", args.steps, "1",
                   args.turns, "1"]
        sys.exit(subprocess.run(command).returncode)


main()
