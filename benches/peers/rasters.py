"""Turns models into exposure layers with Platewright and with PrusaSlicer in turn, and prints CPU
seconds and ratios.

    cargo build --release -p platewright-slicer --example rasters
    python benches/peers/rasters.py target/release/examples/rasters MODEL.stl... [--rounds N]
        [--without-b]

Layers of 0.1 mm; 2400 x 2400 pixels over 120 x 120 mm. Columns, all CPU seconds (user and
system) of whole processes, the least of the rounds on either side:

    A       prusa-slicer --export-sla with 100 x 100 pixels: loading and slicing for the most part
    B       prusa-slicer --export-sla with 2400 x 2400 pixels
    slices  Platewright up to the contours
    grey    Platewright to an SL1 archive with the share of each pixel that is solid, as B
    centre  Platewright to an SL1 archive of pixels whose centre is solid
    1 bit   the same as PNG of 1 bit a pixel

B / grey is the ratio for the same work. `mslicer` is the time that mslicer took for layers of
solid pixels (no grey) on the machine where A took what is in TABLE, scaled by A as it is now.
"""

import argparse
import pathlib
import re
import resource
import subprocess
import tempfile

SETTINGS = """printer_technology = SLA
layer_height = 0.1
initial_layer_height = 0.1
supports_enable = 0
pad_enable = 0
hollowing_enable = 0
display_width = 120
display_height = 120
display_pixels_x = {pixels}
display_pixels_y = {pixels}
display_orientation = landscape
max_print_height = 200
bed_shape = 0x0,120x0,120x120,0x120
gamma_correction = 1
slice_closing_radius = 0.005
"""

# CPU seconds of A and of mslicer on one machine.
TABLE = {
    "femur": (0.89, 0.22),
    "bunny": (1.23, 0.25),
    "nefertiti": (1.10, 0.22),
    "gyroid1M": (14.8, 1.80),
    "nef16": (8.26, 1.48),
    "gyroid4M": (28.8, 4.59),
}

OURS = {
    "slices": ["--until", "slices"],
    "grey": ["--format", "sl1"],
    "centre": ["--format", "sl1", "--centre"],
    "1 bit": ["--format", "png", "--centre"],
}


def cpu(words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(program: str, model: str, rounds: int, with_b: bool, folder: str) -> dict[str, float]:
    least: dict[str, float] = {}
    out = f"{folder}/out"
    for number in range(rounds):
        runs = {name: [program, model, "--out", out, *words] for name, words in OURS.items()}
        # PrusaSlicer takes long enough for one round to tell.
        if number == 0:
            for name, pixels in {"A": 100, "B": 2400}.items():
                settings = pathlib.Path(folder, f"{name}.ini")
                settings.write_text(SETTINGS.format(pixels=pixels))
                words = ["prusa-slicer", "--load", str(settings), "--export-sla", "-o"]
                if name == "A" or with_b:
                    runs[name] = [*words, f"{out}.sl1", model]
        for name, words in runs.items():
            least[name] = min(cpu(words), least.get(name, float("inf")))
    return least


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-b", action="store_true")
    args = parser.parse_args()
    told = subprocess.run(["prusa-slicer", "--help"], capture_output=True, text=True).stdout
    version = re.search(r"PrusaSlicer-\S+", told)
    print(f"CPU s, least of {args.rounds}; {version[0] if version else 'prusa-slicer'}, one round")
    names = ["A", "B", *OURS, "mslicer"]
    print(f"{'model':12}" + "".join(f"{name:>9}" for name in names), "  B/grey mslicer/centre")
    with tempfile.TemporaryDirectory() as folder:
        for model in args.models:
            stem = pathlib.Path(model).stem
            row = measure(args.program, model, args.rounds, not args.without_b, folder)
            if stem in TABLE:
                a, mslicer = TABLE[stem]
                row["mslicer"] = mslicer * row["A"] / a
            cells = "".join(f"{row[n]:9.3f}" if n in row else f"{'-':>9}" for n in names)
            by_b = f"{row['B'] / row['grey']:8.1f}" if "B" in row else f"{'-':>8}"
            centre = min(row["centre"], row["1 bit"])
            by_mslicer = f"{row['mslicer'] / centre:8.1f}" if "mslicer" in row else f"{'-':>8}"
            print(f"{stem:12}{cells}  {by_b} {by_mslicer}", flush=True)


if __name__ == "__main__":
    main()
