//! CLI as text: the same content as the binary form, exact to the grid of contours, to be read
//! by people.

use std::io::Write;

use super::header::header;
use crate::error::SliceError;
use crate::format::decimal::{put_grid, put_mm};
use crate::format::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "cli-ascii", ending: "cli", about: "Common Layer Interface, ASCII", open };

struct Writer(Box<dyn Output>);

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let mut head = header("ASCII", false, stack, options);
    head.extend(b"\n$$GEOMETRYSTART\n");
    out.write_all(&head).map_err(failed)?;
    Ok(Box::new(Writer(out)))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = b"$$LAYER/".to_vec();
        put_mm(&mut out, layer.top_mm);
        out.push(b'\n');
        for contour in layer.contours() {
            let direction = u32::from(!contour.is_hole());
            let count = contour.ring.len() + 1;
            // A vector takes all.
            let _ = write!(out, "$$POLYLINE/{},{direction},{count}", contour.part + 1);
            for point in contour.grid_points().chain(contour.grid_points().take(1)) {
                for steps in point {
                    out.push(b',');
                    put_grid(&mut out, steps);
                }
            }
            out.push(b'\n');
        }
        Ok(out)
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.0.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.0.write_all(b"$$GEOMETRYEND\n").and_then(|()| self.0.flush()).map_err(failed)
    }
}
