//! Writes the paths as G-code, layer by layer; the filament is counted anew in each move.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;
use std::sync::Arc;

use super::options::GcodeOptions;
use super::paths::{Path, paths};
use crate::error::SliceError;
use crate::format::decimal::{put_grid, put_mm};
use crate::format::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::layers::{Layer, Stack};
use crate::region::{GRID_MM, GridPoint};

pub(crate) const FORMAT: LayerFormat = LayerFormat {
    name: "gcode",
    ending: "gcode",
    about: "G-code for filament: perimeters and plain infill, a reference",
    open,
};

/// Length that filament is written in, mm.
const FILAMENT_STEP_MM: f64 = 1e-5;

struct Writer {
    out: Box<dyn Output>,
    options: GcodeOptions,
}

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let gcode = options.gcode;
    let cannot = |what: String| SliceError::FormatCannot { format: FORMAT.name, what };
    if let Some(what) = gcode.fault() {
        return Err(cannot(what));
    }
    if let Some(volume) = &gcode.volume {
        let bounds = &stack.bounds;
        let inside = |k: usize| volume.min[k] <= bounds.min[k] && bounds.max[k] <= volume.max[k];
        if !(0..3).all(inside) {
            return Err(cannot(format!(
                "it reaches from {:?} mm to {:?} mm, the nozzle from {:?} mm to {:?} mm",
                bounds.min, bounds.max, volume.min, volume.max
            )));
        }
    }
    out.write_all(&header(stack, options)).map_err(failed)?;
    Ok(Box::new(Writer { out, options: gcode }))
}

fn header(stack: &Stack, options: &FormatOptions) -> Vec<u8> {
    let gcode = &options.gcode;
    let name: String = options.name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut out = Vec::new();
    // A vector takes all.
    let _ = write!(
        out,
        "; {name}\n; reference paths: {} perimeters and straight infill every {} mm; no supports,\n\
         ; no bridges, no cooling. Look at them before they are printed.\n\
         ; {} layers, {} parts\n; lines {} mm wide, taken for boxes; filament {} mm\n\
         G21 ; millimetres\nG90 ; absolute places\nM83 ; filament move by move\n",
        gcode.perimeters,
        gcode.infill_mm,
        stack.planes.count(),
        stack.parts.len(),
        gcode.line_mm,
        gcode.filament_mm
    );
    for (code, heat) in [
        ("M140", gcode.plate_c),
        ("M104", gcode.nozzle_c),
        ("M190", gcode.plate_c),
        ("M109", gcode.nozzle_c),
    ] {
        if heat > 0 {
            let _ = writeln!(out, "{code} S{heat}");
        }
    }
    out.extend(b"G28 ; home\nG92 E0\n");
    out
}

impl Writer {
    /// Appends moves along paths that are moved by `shift`.
    fn put_paths(&self, out: &mut Vec<u8>, layer: &Layer, paths: &[Path], shift: GridPoint) {
        let options = &self.options;
        let feed = |mm_s: f64| (mm_s * 60.0).round().max(1.0);
        let (print, travel) =
            (feed(options.print_speed(layer.thickness())), feed(options.travel_speed()));
        let per_mm = options.filament_per_mm(layer.thickness());
        let retract = options.retract_mm;
        for path in paths {
            if retract > 0.0 {
                let _ = writeln!(out, "G1 E-{retract:.5} F{travel}");
            }
            put_move(out, "G0", path[0], shift);
            let _ = writeln!(out, " F{travel}");
            if retract > 0.0 {
                let _ = writeln!(out, "G1 E{retract:.5} F{travel}");
            }
            let _ = writeln!(out, "G1 F{print}");
            let (mut length, mut fed) = (0.0, 0.0);
            for pair in path.windows(2) {
                length += distance(pair[0], pair[1]);
                put_move(out, "G1", pair[1], shift);
                // What rounding leaves over goes to the next move.
                let steps = (length * per_mm / FILAMENT_STEP_MM).round();
                let _ = writeln!(out, " E{:.5}", (steps - fed) * FILAMENT_STEP_MM);
                fed = steps;
            }
        }
    }
}

fn put_move(out: &mut Vec<u8>, code: &str, to: GridPoint, shift: GridPoint) {
    out.extend(code.as_bytes());
    for (axis, k) in [(&b" X"[..], 0), (b" Y", 1)] {
        out.extend(axis);
        put_grid(out, to[k] + shift[k]);
    }
}

/// Distance of two points, mm.
fn distance(a: GridPoint, b: GridPoint) -> f64 {
    f64::from(b[0] - a[0]).hypot(f64::from(b[1] - a[1])) * GRID_MM
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = Vec::new();
        let _ = writeln!(out, ";LAYER:{}", layer.index);
        out.extend(b"G0 Z");
        put_mm(&mut out, layer.top_mm);
        out.push(b'\n');
        // Copies share their region, and so their paths.
        let mut known: BTreeMap<usize, Vec<Path>> = BTreeMap::new();
        for piece in &layer.pieces {
            let _ = writeln!(out, ";PART:{}", piece.part + 1);
            let made = match known.entry(Arc::as_ptr(&piece.region).addr()) {
                Entry::Occupied(made) => made.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(paths(&piece.region, &self.options, layer.index)?)
                }
            };
            self.put_paths(&mut out, layer, made, piece.shift);
        }
        Ok(out)
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.out.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        let end = b"M104 S0\nM140 S0\nM84 ; motors off\n";
        self.out.write_all(end).and_then(|()| self.out.flush()).map_err(failed)
    }
}
