//! Writes SLC.

use std::fmt::Write as _;

use super::{HEADER_END, LAST, RESERVED};
use crate::error::SliceError;
use crate::format::decimal::put_mm;
use crate::format::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::layers::{Layer, Stack};
use crate::planes::Planes;

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "slc", ending: "slc", about: "SLC of 3D Systems, legacy", open };

/// Most runs of layers of one thickness: the table counts them in a byte.
const RUNS_MAX: usize = 255;

/// Thicknesses that differ by less are one run of the table, mm: noise of differences.
const SAME_MM: f64 = 1e-9;

struct Writer {
    out: Box<dyn Output>,
    top: f32,
}

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let runs = runs(&stack.planes);
    if runs.len() > RUNS_MAX {
        return Err(SliceError::FormatCannot {
            format: FORMAT.name,
            what: format!("{} changes of the layer thickness, {RUNS_MAX} at most", runs.len()),
        });
    }
    let mut head = String::from("-SLCVER 2.0 -UNIT MM -TYPE PART -PACKAGE PLATEWRIGHT");
    let (min, max) = (stack.bounds.min, stack.bounds.max);
    let _ = write!(head, " -NAME {} -EXTENTS ", plain(&options.name));
    let mut head = head.into_bytes();
    for k in 0..3 {
        for (mm, end) in [(min[k], b','), (max[k], if k < 2 { b',' } else { b' ' })] {
            put_mm(&mut head, mm);
            head.push(end);
        }
    }
    head.extend(b"-CHORDDEV 0.0 -ARCRES 0.0 -SURFTOL 0.0 -GAPTOL 0.0 -MAXGAPFOUND 0.0 -EXTLWC 0.0");
    head.extend(HEADER_END);
    head.extend([0; RESERVED]);
    head.push(runs.len() as u8);
    for [bottom, thickness] in runs {
        // Height, thickness, compensation of the line width, reserved.
        for number in [bottom as f32, thickness as f32, 0.0, 0.0] {
            head.extend(number.to_le_bytes());
        }
    }
    out.write_all(&head).map_err(failed)?;
    Ok(Box::new(Writer { out, top: 0.0 }))
}

/// A name without what would begin the next word of the header.
fn plain(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().take(80).map(keep).collect();
    if name.is_empty() { "BUILD".to_owned() } else { name }
}

/// Where runs of layers of one thickness begin, and the thickness, mm.
fn runs(planes: &Planes) -> Vec<[f64; 2]> {
    let mut runs: Vec<[f64; 2]> = Vec::new();
    for i in 0..planes.count() {
        let thickness = planes.top(i) - planes.bottom(i);
        if runs.last().is_none_or(|[_, last]| (last - thickness).abs() > SAME_MM) {
            runs.push([planes.bottom(i), thickness]);
        }
    }
    runs
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = Vec::new();
        out.extend((layer.bottom_mm as f32).to_le_bytes());
        out.extend((layer.contours().count() as u32).to_le_bytes());
        for contour in layer.contours() {
            // A contour ends in its first point; none has a gap.
            for number in [contour.ring.len() as u32 + 1, 0] {
                out.extend(number.to_le_bytes());
            }
            for point in contour.points().chain(contour.points().take(1)) {
                out.extend(point.iter().flat_map(|c| (*c as f32).to_le_bytes()));
            }
        }
        Ok(out)
    }

    fn append(&mut self, layer: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.top = layer.top_mm as f32;
        self.out.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        let mut end = self.top.to_le_bytes().to_vec();
        end.extend(LAST.to_le_bytes());
        self.out.write_all(&end).and_then(|()| self.out.flush()).map_err(failed)
    }
}
