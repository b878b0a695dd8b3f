"""Opens models that Platewright wrote with programs of other people: lib3mf in strict mode without
a warning, trimesh, and PrusaSlicer where it is on the path.

FOLDER is what `threemf samples FOLDER` (an example of the crate mesh) wrote: a damaged ball whose
faults are in colour, the same after correction in every format, and what must be found in them.
Usage: open_models.py FOLDER
"""

import json
import pathlib
import shutil
import subprocess
import sys

import lib3mf
import trimesh


def strict(file: pathlib.Path) -> lib3mf.Model:
    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(file))
    warnings = [reader.GetWarning(i) for i in range(reader.GetWarningCount())]
    assert not warnings, (file, warnings)
    return model


def only_mesh(model: lib3mf.Model) -> lib3mf.MeshObject:
    meshes = model.GetMeshObjects()
    assert meshes.Count() == 1 and meshes.MoveNext()
    return meshes.GetCurrentMeshObject()


def check_marked(file: pathlib.Path, truth: dict) -> None:
    model = strict(file)
    mesh = only_mesh(model)
    assert mesh.GetTriangleCount() == truth["broken_triangles"], mesh.GetTriangleCount()
    groups = model.GetBaseMaterialGroups()
    assert groups.MoveNext()
    group = groups.GetCurrentBaseMaterialGroup()
    assert group.GetCount() == 1 + len(truth["marks"]), group.GetCount()
    # A triangle of two marks carries the first, so that later ones may have fewer.
    carried: dict[int, int] = {}
    for t in range(mesh.GetTriangleCount()):
        (property,) = set(mesh.GetTriangleProperties(t).PropertyIDs)
        carried[property] = carried.get(property, 0) + 1
    plain, *marks = list(group.GetAllPropertyIDs())
    assert carried[marks[0]] == truth["marks"][0] > 0, (carried, truth)
    assert carried[plain] < truth["broken_triangles"], carried
    loaded = trimesh.load(file, force="mesh", process=False)
    assert len(loaded.faces) == truth["broken_triangles"], file


def check_repaired(folder: pathlib.Path, truth: dict) -> None:
    mesh = only_mesh(strict(folder / "repaired.3mf"))
    assert mesh.GetTriangleCount() == truth["triangles"]
    assert mesh.IsManifoldAndOriented()
    for ending, tolerance in (("3mf", 1e-9), ("obj", 1e-9), ("stl", 1e-5)):
        loaded = trimesh.load(folder / f"repaired.{ending}", force="mesh")
        assert loaded.is_watertight and loaded.is_winding_consistent, ending
        assert len(loaded.faces) == truth["triangles"], ending
        want = truth["volume_mm3"]
        assert abs(loaded.volume - want) <= tolerance * want, (ending, loaded.volume, want)


def check_slicer(folder: pathlib.Path, truth: dict) -> bool:
    if not shutil.which("prusa-slicer"):
        return False
    for name, triangles in (
        ("repaired.3mf", truth["triangles"]),
        ("repaired.obj", truth["triangles"]),
        ("repaired.stl", truth["triangles"]),
        ("marked.3mf", truth["broken_triangles"]),
    ):
        command = ["prusa-slicer", "--info", str(folder / name)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        facts = dict(line.split(" = ", 1) for line in told.splitlines() if " = " in line)
        assert int(facts["number_of_facets"]) == triangles, (name, told)
        if name.startswith("repaired"):
            assert facts["manifold"] == "yes", (name, told)
            volume = float(facts["volume"])
            assert abs(volume - truth["volume_mm3"]) <= 1e-4 * volume, (name, told)
    return True


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    truth = json.loads((folder / "truth.json").read_text())
    check_marked(folder / "marked.3mf", truth)
    check_repaired(folder, truth)
    slicer = "PrusaSlicer" if check_slicer(folder, truth) else "no PrusaSlicer here"
    print(f"marked and repaired models opened in lib3mf (strict), trimesh, {slicer}: all agree")


if __name__ == "__main__":
    main()
