//! Common Layer Interface 2.0, ASCII: the same content as the binary form, to be read by people.

use std::fmt::Write;

use super::LayerFormat;
use super::cli::header;
use crate::layers::BuildLayers;

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "cli-ascii", ending: "cli", about: "Common Layer Interface, ASCII", write };

fn write(layers: &BuildLayers) -> Vec<u8> {
    let mut out = header("ASCII", layers.layers.len());
    out.push_str("\n$$GEOMETRYSTART\n");
    for layer in &layers.layers {
        let _ = writeln!(out, "$$LAYER/{:.5}", layer.top_mm);
        for contour in &layer.contours {
            let direction = u32::from(!contour.is_hole());
            let count = contour.ring.len() + 1;
            let _ = write!(out, "$$POLYLINE/{},{direction},{count}", contour.part + 1);
            for [x, y] in contour.points().chain(contour.points().take(1)) {
                let _ = write!(out, ",{x:.5},{y:.5}");
            }
            out.push('\n');
        }
    }
    out.push_str("$$GEOMETRYEND\n");
    out.into_bytes()
}
