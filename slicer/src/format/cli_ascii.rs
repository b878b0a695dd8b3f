//! Common Layer Interface 2.0, ASCII: the same content as the binary form, to be read by people.

use std::fmt::Write;

use super::cli::header;
use super::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "cli-ascii", ending: "cli", about: "Common Layer Interface, ASCII", open };

struct Writer(Box<dyn Output>);

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    _: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let head = header("ASCII", stack.planes.count() as usize);
    write!(out, "{head}\n$$GEOMETRYSTART\n").map_err(failed)?;
    Ok(Box::new(Writer(out)))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = String::new();
        let _ = writeln!(out, "$$LAYER/{:.5}", layer.top_mm);
        for contour in layer.contours() {
            let direction = u32::from(!contour.is_hole());
            let count = contour.ring.len() + 1;
            let _ = write!(out, "$$POLYLINE/{},{direction},{count}", contour.part + 1);
            for [x, y] in contour.points().chain(contour.points().take(1)) {
                let _ = write!(out, ",{x:.5},{y:.5}");
            }
            out.push('\n');
        }
        Ok(out.into_bytes())
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.0.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.0.write_all(b"$$GEOMETRYEND\n").and_then(|()| self.0.flush()).map_err(failed)
    }
}
