"""Opens layer files that Platewright wrote with programs of other people: 3MF with slice stacks in
lib3mf (strict, without a warning), trimesh and, where it is on the path, PrusaSlicer.

FOLDER is what `formats samples FOLDER` (an example of the crate slicer) wrote: a build of four
balls in every format, and what must be found in them.
Usage: open_layers.py FOLDER
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import ezdxf
import lib3mf
import trimesh
from container import check_container


def ring_area(points) -> float:
    pairs = zip(points, points[1:] + points[:1])
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in pairs) / 2


def check_areas(found: list[float], truth: dict, tolerance: float, file) -> None:
    assert len(found) == len(truth["areas_mm2"]), (file, len(found))
    for layer, (area, want) in enumerate(zip(found, truth["areas_mm2"])):
        assert abs(area - want) <= tolerance * max(want, 1), (file, layer, area, want)


def check_3mf(file: pathlib.Path, truth: dict) -> None:
    check_container(file).close()
    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(file))
    warnings = [reader.GetWarning(i) for i in range(reader.GetWarningCount())]
    assert not warnings, (file, warnings)
    objects = model.GetMeshObjects()
    assert objects.Count() == truth["bodies"], objects.Count()
    stacks = {}
    while objects.MoveNext():
        mesh = objects.GetCurrentMeshObject()
        assert mesh.GetTriangleCount() == truth["triangles"] and mesh.IsManifoldAndOriented()
        assert mesh.HasSlices(False) and mesh.GetSlicesMeshResolution().name == "Fullres"
        stacks[mesh.GetResourceID()] = read_stack(mesh.GetSliceStack())
    areas, parts = [0.0] * len(truth["areas_mm2"]), 0
    items = model.GetBuildItems()
    while items.MoveNext():
        item = items.GetCurrent()
        assert item.GetPartNumber() == f"order/{parts}", item.GetPartNumber()
        parts += 1
        above = item.GetObjectTransform().Fields[3][2]
        for top, area in stacks[item.GetObjectResource().GetResourceID()]:
            layer = round((above + top) / truth["layer_mm"]) - 1
            assert abs((layer + 1) * truth["layer_mm"] - above - top) < 1e-4, (above, top)
            areas[layer] += area
    assert parts == truth["parts"]
    # lib3mf keeps 32-bit floats.
    check_areas(areas, truth, 1e-5, file)
    scene = trimesh.load(file)
    volume = sum(mesh.volume for mesh in scene.dump())
    want = truth["parts"] * truth["volume_mm3"]
    assert abs(volume - want) < 1e-6 * want, (volume, want)


def read_stack(stack: lib3mf.SliceStack) -> list[tuple[float, float]]:
    """Tops and areas of the slices of a stack of references."""
    assert stack.GetBottomZ() == 0 and stack.GetSliceCount() == 0
    slices, before = [], 0.0
    for k in range(stack.GetSliceRefCount()):
        part = stack.GetSliceStackReference(k)
        assert part.GetOwnPath().startswith("/2D/"), part.GetOwnPath()
        assert abs(part.GetBottomZ() - before) < 1e-6, (part.GetBottomZ(), before)
        for i in range(part.GetSliceCount()):
            read = part.GetSlice(i)
            corners = [list(p.Coordinates) for p in read.GetVertices()]
            area = 0.0
            for polygon in range(read.GetPolygonCount()):
                indices = list(read.GetPolygonIndices(polygon))
                assert indices[0] == indices[-1], "a polygon closes"
                area += ring_area([corners[i] for i in indices[:-1]])
            assert read.GetZTop() > before
            before = read.GetZTop()
            slices.append((before, area))
    return slices


def check_svg(file: pathlib.Path, truth: dict) -> None:
    svg, slic3r = "{http://www.w3.org/2000/svg}", "{http://slic3r.org/namespaces/slic3r}"
    areas = []
    for number, layer in enumerate(ElementTree.parse(file).getroot().findall(f"{svg}g")):
        assert layer.get("id") == f"layer{number}"
        assert abs(float(layer.get(f"{slic3r}z")) - truth["layer_mm"] * (number + 1)) < 1e-6
        area = 0.0
        for polygon in layer.findall(f"{svg}polygon"):
            pairs = [pair.split(",") for pair in polygon.get("points").split()]
            ring = ring_area([(float(x), -float(y)) for x, y in pairs])
            assert (ring < 0) == (polygon.get(f"{slic3r}type") == "hole")
            area += ring
        areas.append(area)
    check_areas(areas, truth, 1e-9, file)


def check_dxf(file: pathlib.Path, truth: dict) -> None:
    drawing = ezdxf.readfile(file)
    assert drawing.dxfversion == "AC1009" and not drawing.audit().has_errors
    areas = [0.0] * len(truth["areas_mm2"])
    for ring in drawing.modelspace():
        assert ring.dxftype() == "POLYLINE" and ring.is_closed, ring
        layer = int(re.fullmatch(r"LAYER(\d+)", ring.dxf.layer)[1])
        points = [(v.dxf.location.x, v.dxf.location.y) for v in ring.vertices]
        assert abs(ring.dxf.elevation.z - truth["layer_mm"] * (layer + 1)) < 1e-6
        areas[layer] += ring_area(points)
    check_areas(areas, truth, 1e-9, file)


def check_slicer(folder: pathlib.Path, truth: dict) -> bool:
    if not shutil.which("prusa-slicer"):
        return False
    command = ["prusa-slicer", "--info", str(folder / "3mf.3mf")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    facts = [line.split(" = ", 1) for line in told.splitlines() if " = " in line]
    volume = sum(float(value) for key, value in facts if key == "volume")
    want = truth["parts"] * truth["volume_mm3"]
    assert abs(volume - want) <= 1e-4 * want, told
    assert all(value == "yes" for key, value in facts if key == "manifold"), told
    return True


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    truth = json.loads((folder / "truth.json").read_text())
    check_3mf(folder / "3mf.3mf", truth)
    check_svg(folder / "svg.svg", truth)
    check_dxf(folder / "dxf.dxf", truth)
    slicer = "PrusaSlicer" if check_slicer(folder, truth) else "no PrusaSlicer here"
    print(f"layer files opened in lib3mf (strict), trimesh, ezdxf, {slicer}: all agree")


if __name__ == "__main__":
    main()
