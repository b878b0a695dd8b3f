//! CLI as numbers, little endian, by the long commands.
//!
//! Lengths are mm as 32-bit floats, so that a plate of 400 mm is resolved to 0.03 µm; the short
//! commands hold 16 bits, which is too coarse for that.

use super::header::header;
use crate::error::SliceError;
use crate::format::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "cli", ending: "cli", about: "Common Layer Interface, binary", open };

/// Layer, height as f32.
pub(super) const LAYER_LONG: u16 = 127;
/// Layer, height as u16.
pub(super) const LAYER_SHORT: u16 = 128;
/// Polyline with numbers as u16.
pub(super) const POLYLINE_SHORT: u16 = 129;
/// Polyline with numbers as u32 and f32.
pub(super) const POLYLINE_LONG: u16 = 130;
/// Hatches with numbers as u16.
pub(super) const HATCHES_SHORT: u16 = 131;
/// Hatches with numbers as u32 and f32.
pub(super) const HATCHES_LONG: u16 = 132;

struct Writer {
    out: Box<dyn Output>,
    /// Whether commands take four bytes, so that all numbers lie on multiples of four.
    aligned: bool,
}

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let aligned = options.cli_aligned;
    // Without alignment the first command follows the header's last letter at once.
    out.write_all(&header("BINARY", aligned, stack, options)).map_err(failed)?;
    Ok(Box::new(Writer { out, aligned }))
}

impl Writer {
    fn put_command(&self, out: &mut Vec<u8>, command: u16) {
        out.extend(command.to_le_bytes());
        if self.aligned {
            out.extend([0; 2]);
        }
    }
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let points: usize = layer.pieces.iter().map(|p| p.region.n_points()).sum();
        let rings: usize = layer.pieces.iter().map(|p| p.region.n_rings()).sum();
        let mut out = Vec::with_capacity(8 + 24 * rings + 8 * points);
        self.put_command(&mut out, LAYER_LONG);
        out.extend((layer.top_mm as f32).to_le_bytes());
        for contour in layer.contours() {
            self.put_command(&mut out, POLYLINE_LONG);
            let direction = u32::from(!contour.is_hole());
            // A closed polyline ends in its first point.
            let count = contour.ring.len() as u32 + 1;
            for number in [contour.part + 1, direction, count] {
                out.extend(number.to_le_bytes());
            }
            for point in contour.points().chain(contour.points().take(1)) {
                out.extend(point.iter().flat_map(|c| (*c as f32).to_le_bytes()));
            }
        }
        Ok(out)
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.out.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.out.flush().map_err(failed)
    }
}
