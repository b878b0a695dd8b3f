"""Reads and writes one 3MF with Platewright and with lib3mf in turn, and prints the ratio of CPU
seconds.

    cargo build --release -p platewright-mesh --example threemf
    python benches/peers/threemf.py target/release/examples/threemf MODEL.stl [ROUNDS]

MODEL is a binary STL or a 3MF; it is written as 3MF first, and both read that file. Platewright
is measured as a whole process, with start, opening of the file and welding of vertices; lib3mf
(PyPI, in this interpreter) as the one call alone, so that nothing speaks in our favour. Writing
is measured without reading on both sides. The figures are medians of ROUNDS, 5 if not given.
"""

import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

import lib3mf


def cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def ours(*words: str) -> tuple[float, str]:
    before = cpu(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return cpu(resource.RUSAGE_CHILDREN) - before, done.stdout.strip()


def theirs(file: str, target: str) -> tuple[float, float, int]:
    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    start = cpu(resource.RUSAGE_SELF)
    reader.ReadFromFile(file)
    read = cpu(resource.RUSAGE_SELF)
    model.QueryWriter("3mf").WriteToFile(target)
    written = cpu(resource.RUSAGE_SELF)
    triangles = 0
    meshes = model.GetMeshObjects()
    while meshes.MoveNext():
        triangles += meshes.GetCurrentMeshObject().GetTriangleCount()
    return read - start, written - read, triangles


def main() -> None:
    program, source = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    version = ".".join(map(str, lib3mf.get_wrapper().GetLibraryVersion()))
    columns: list[list[float]] = [[], [], [], []]
    with tempfile.TemporaryDirectory() as folder:
        file, target = f"{folder}/ours.3mf", f"{folder}/theirs.3mf"
        for _ in range(rounds):
            _, told = ours(program, "write", source, file)
            columns[2].append(float(told.split()[-3]))
            seconds, counted = ours(program, "read", file)
            columns[0].append(seconds)
            read, written, triangles = theirs(file, target)
            columns[1].append(read)
            columns[3].append(written)
            assert counted.endswith(f" {triangles} triangles"), (counted, triangles)
        sizes = [pathlib.Path(f).stat().st_size for f in (file, target)]
    read, their_read, write, their_write = map(statistics.median, columns)
    print(f"{counted}; CPU s, median of {rounds}; lib3mf {version}")
    print(f"read   {read:.3f}   lib3mf {their_read:.3f}   ratio {their_read / read:.2f}")
    print(f"write  {write:.3f}   lib3mf {their_write:.3f}   ratio {their_write / write:.2f}")
    print(f"bytes  {sizes[0]}   lib3mf {sizes[1]}")


if __name__ == "__main__":
    main()
