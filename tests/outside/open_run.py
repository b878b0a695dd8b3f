"""Opens a run's Parquet tables and 3MF builds with programs of other people.

Every Parquet file must give the same number of rows in pyarrow, polars and duckdb; every 3MF
must hold one item per unit of its manifest, and its volume must agree with the build's within
0.1 %. Usage: open_run.py RUN
"""

import io
import json
import pathlib
import sys

import duckdb
import lib3mf
import numpy
import polars
import pyarrow.parquet
import trimesh
from container import check_container


def check_tables(run: pathlib.Path) -> int:
    files = sorted(run.rglob("*.parquet"))
    assert files, f"no Parquet files in {run}"
    for file in files:
        rows = pyarrow.parquet.read_table(file).num_rows
        assert polars.read_parquet(file).height == rows, file
        ((counted,),) = duckdb.sql(f"select count(*) from read_parquet('{file}')").fetchall()
        assert counted == rows, file
    return len(files)


def volume_by_trimesh(data: bytes) -> tuple[int, float]:
    scene = trimesh.load(io.BytesIO(data), file_type="3mf")
    volumes = {name: mesh.volume for name, mesh in scene.geometry.items()}
    nodes = [scene.graph.get(name) for name in scene.graph.nodes_geometry]
    total = 0.0
    for matrix, name in nodes:
        total += volumes[name] * numpy.linalg.det(matrix[:3, :3])
    return len(nodes), total


def items_by_lib3mf(data: bytes) -> int:
    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromBuffer(data)
    assert reader.GetWarningCount() == 0, [
        reader.GetWarning(i) for i in range(reader.GetWarningCount())
    ]
    items = model.GetBuildItems()
    count = 0
    while items.MoveNext():
        count += 1
    return count


def check_packages(run: pathlib.Path) -> int:
    builds = polars.read_parquet(run / "40_builds.parquet")
    expected = dict(zip(builds["build"], builds["volume_mm3"]))
    files = sorted((run / "80_packages").glob("*.zip"))
    assert files, f"no packages in {run}"
    for file in files:
        with check_container(file) as package:
            manifest = json.loads(package.read("manifest.json"))
            data = package.read("build.3mf")
        units = len(manifest["units"])
        items, volume = volume_by_trimesh(data)
        assert items == units, f"{file}: {items} items in trimesh, {units} units"
        want = expected[file.stem]
        assert abs(volume - want) <= 0.001 * want, f"{file}: {volume} mm³, not {want}"
        assert items_by_lib3mf(data) == units, f"{file}: items in lib3mf"
    return len(files)


def main() -> None:
    run = pathlib.Path(sys.argv[1])
    tables = check_tables(run)
    packages = check_packages(run)
    print(f"{tables} Parquet files and {packages} packages opened elsewhere: all agree")


if __name__ == "__main__":
    main()
