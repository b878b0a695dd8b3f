#!/usr/bin/env python3
"""Corrects a folder of faulty models with several tools and compares the results with the truth.

    platewright dataset faults --out faults
    python3 -m venv .venv && .venv/bin/pip install -r benches/peers/requirements.txt
    .venv/bin/python benches/peers/repair.py faults --ours target/release/platewright

Tools: platewright, admesh (the command), trimesh.repair, pymeshfix, and admesh followed by
manifold3d (merge, decompose, union of all parts). Every tool gets one model a process and its
CPU time is user + system of the whole process; for the Python tools the time within the process
is told too, without the start of the interpreter and the imports. A result is right if it is
closed, consistently oriented, manifold (corners welded by coordinates; where bodies touch in
truth, an edge may have four triangles), and its volume is within the truth's tolerance.
"""
import argparse
import json
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import time

TOOLS = ["platewright", "admesh", "trimesh", "pymeshfix", "admesh+manifold3d"]


def worker(tool, source, target):
    """One correction by a Python tool, in a process of its own."""
    import numpy as np
    import trimesh

    if tool == "pymeshfix":
        import pymeshfix
    if tool == "admesh+manifold3d":
        import manifold3d
    start = time.process_time()
    mesh = trimesh.load(source, process=True, force="mesh")
    if tool == "trimesh":
        mesh.update_faces(mesh.unique_faces())
        mesh.update_faces(mesh.nondegenerate_faces())
        trimesh.repair.fix_winding(mesh)
        trimesh.repair.fill_holes(mesh)
        trimesh.repair.fix_normals(mesh)
        triangles = mesh.triangles
    elif tool == "pymeshfix":
        fix = pymeshfix.MeshFix(np.array(mesh.vertices), np.array(mesh.faces))
        fix.repair()
        triangles = np.asarray(fix.points)[np.asarray(fix.faces)]
    else:
        m = manifold3d.Mesh(
            vert_properties=np.array(mesh.vertices, dtype=np.float32),
            tri_verts=np.array(mesh.faces, dtype=np.uint32),
        )
        m.merge()
        solid = manifold3d.Manifold(m)
        if solid.status() != manifold3d.Error.NoError:
            print(json.dumps({"cpu": time.process_time() - start, "error": str(solid.status())}))
            return
        parts = solid.decompose()
        union = manifold3d.Manifold.batch_boolean(parts, manifold3d.OpType.Add).to_mesh64()
        triangles = np.asarray(union.vert_properties)[:, :3][np.asarray(union.tri_verts)]
    print(json.dumps({"cpu": time.process_time() - start}))
    np.save(target, np.ascontiguousarray(triangles, dtype=np.float64))


def run(command):
    """CPU seconds of a command with its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        out = done.stdout
    except subprocess.TimeoutExpired:
        out = ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, out


def as_stl(source, folder):
    """The model as binary STL: admesh reads nothing else. Not timed."""
    if source.suffix == ".stl":
        return source
    import trimesh

    target = folder / (source.stem + ".stl")
    if not target.exists():
        trimesh.load(source, process=False, force="mesh").export(target)
    return target


def correct(tool, source, folder, ours):
    """Corrects one model: CPU of the process, CPU of the work alone, triangles or None."""
    import numpy as np

    target = folder / "out.stl"
    array = folder / "out.npy"
    for old in (target, array):
        old.unlink(missing_ok=True)
    if tool == "platewright":
        fixed = folder / "ours"
        unit = [] if source.suffix == ".3mf" else ["--unit", "mm"]
        options = ["--repair", str(fixed), "--format", "obj", "--no-marks"]
        cpu, _ = run([ours, "inspect", *unit, *options, str(source)])
        target = fixed / (source.stem + ".corrected.obj")
        triangles = read_obj(target)
        target.unlink(missing_ok=True)
        return cpu, cpu, triangles
    if tool == "admesh":
        cpu, _ = run(["admesh", f"--write-binary-stl={target}", str(as_stl(source, folder))])
        return cpu, cpu, read_stl(target)
    first = 0.0
    if tool == "admesh+manifold3d":
        first, _ = run(["admesh", f"--write-binary-stl={target}", str(as_stl(source, folder))])
        if not target.exists():
            return first, first, None
        source = target
    cpu, out = run([sys.executable, __file__, "--worker", tool, str(source), str(array)])
    within = next((json.loads(x)["cpu"] for x in out.splitlines() if x.startswith("{")), cpu)
    return first + cpu, first + within, np.load(array) if array.exists() else None


def read_obj(path):
    """Corners of an OBJ of triangles; None if there is no such file."""
    import numpy as np

    if not path.exists():
        return None
    lines = path.read_text().splitlines()
    vertices = np.array([line.split()[1:4] for line in lines if line.startswith("v ")], float)
    faces = np.array([line.split()[1:4] for line in lines if line.startswith("f ")], int)
    return vertices[faces - 1] if len(faces) else None


def read_stl(path):
    """Corners of a binary STL in double precision; None if there is no such file."""
    import numpy as np

    if not path.exists():
        return None
    data = path.read_bytes()
    if len(data) < 84 or len(data) != 84 + 50 * struct.unpack("<I", data[80:84])[0]:
        return None
    record = np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    return np.frombuffer(data, record, offset=84)["v"].astype(np.float64)


def judge(triangles, truth):
    """What is wrong with a result, and its relative error of volume."""
    import numpy as np

    if triangles is None or len(triangles) == 0:
        return ["nothing"], None
    flat = triangles.reshape(-1, 3)
    _, index = np.unique(flat + 0.0, axis=0, return_inverse=True)
    faces = index.reshape(-1, 3).astype(np.int64)
    wrong = []
    a = faces.ravel()
    b = np.roll(faces, -1, axis=1).ravel()
    low, high, sense = np.minimum(a, b), np.maximum(a, b), np.where(a < b, 1, -1)
    _, edge = np.unique(low * (a.max() + 1) + high, return_inverse=True)
    count = np.bincount(edge)
    balance = np.bincount(edge, weights=sense)
    if (low == high).any():
        wrong.append("degenerate")
    if (count == 1).any():
        wrong.append("open")
    if (balance != 0).any():
        wrong.append("not oriented")
    if (count > (4 if truth["touching"] else 2)).any():
        wrong.append("not manifold")
    moved = triangles - flat.mean(axis=0)
    volume = np.einsum("ij,ij->i", moved[:, 0], np.cross(moved[:, 1], moved[:, 2])).sum() / 6.0
    error = volume / truth["volume_mm3"] - 1.0
    if not abs(error) <= truth["tolerance"]:
        wrong.append("volume")
    return wrong, error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="made by `platewright dataset faults`")
    parser.add_argument("--ours", default="target/release/platewright")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--filter", default="", help="only models with this in their names")
    parser.add_argument("--every", type=int, default=1, help="only every n-th model")
    parser.add_argument("--detail", action="store_true", help="name what each tool got wrong")
    args = parser.parse_args()
    cases = json.loads((args.folder / "truth.json").read_text())
    cases = [c for c in cases if args.filter in c["file"]][:: args.every]
    tools = args.tools.split(",")
    total = {t: {"right": 0, "worst": 0.0, "cpu": 0.0, "within": 0.0, "why": {}} for t in tools}
    by_recipe = {}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for case in cases:
            for tool in tools:
                source = args.folder / case["file"]
                cpu, within, triangles = correct(tool, source, scratch, args.ours)
                wrong, error = judge(triangles, case["truth"])
                sums = total[tool]
                sums["cpu"] += cpu
                sums["within"] += within
                sums["right"] += not wrong
                if error is not None:
                    sums["worst"] = max(sums["worst"], abs(error))
                for why in wrong:
                    sums["why"][why] = sums["why"].get(why, 0) + 1
                row = by_recipe.setdefault(case["recipe"], {"cases": 0})
                row[tool] = row.get(tool, 0) + (not wrong)
                if args.detail and wrong:
                    print(case["file"], tool, ", ".join(wrong), error, file=sys.stderr)
            by_recipe[case["recipe"]]["cases"] += 1
    print(f"{'recipe':24}{'cases':>6}" + "".join(f"{t:>20}" for t in tools))
    for recipe, row in sorted(by_recipe.items()):
        print(f"{recipe:24}{row['cases']:6}" + "".join(f"{row[t]:20}" for t in tools))
    base = total[tools[0]]
    print(f"\n{'tool':20}{'right':>10}{'worst error':>13}{'CPU s':>9}{'ratio':>8}"
          f"{'work alone':>12}{'ratio':>8}  wrong results by cause")
    for tool in tools:
        s = total[tool]
        right = f"{s['right']}/{len(cases)}"
        ratio = [s[k] / base[k] if base[k] else float("nan") for k in ("cpu", "within")]
        why = ", ".join(f"{n} {w}" for w, n in sorted(s["why"].items(), key=lambda x: -x[1]))
        print(f"{tool:20}{right:>10}{100 * s['worst']:>12.4g}%{s['cpu']:>9.2f}{ratio[0]:>8.2f}"
              f"{s['within']:>12.2f}{ratio[1]:>8.2f}  {why}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(*sys.argv[2:5])
    else:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        main()
