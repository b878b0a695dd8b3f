//! One SVG document with a group per layer, in the dialect of layer viewers (`slic3r:z`,
//! `contour` and `hole`). Lengths are mm; y points down, as SVG has it.

use std::fmt::Write;

use super::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat = LayerFormat {
    name: "svg",
    ending: "svg",
    about: "SVG, one group a layer, with slic3r:z attributes",
    open,
};

struct Writer {
    out: Box<dyn Output>,
    depth: f64,
}

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    _: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let [width, depth, _] = stack.bounds.max;
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg width=\"{width:.4}mm\" \
         height=\"{depth:.4}mm\" viewBox=\"0 0 {width:.4} {depth:.4}\" \
         xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:slic3r=\"http://slic3r.org/namespaces/slic3r\">\n"
    )
    .map_err(failed)?;
    Ok(Box::new(Writer { out, depth }))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = String::new();
        let (i, top) = (layer.index, layer.top_mm);
        let _ = writeln!(out, "<g id=\"layer{i}\" slic3r:z=\"{top:.5}\">");
        for contour in layer.contours() {
            let (kind, fill) =
                if contour.is_hole() { ("hole", "black") } else { ("contour", "white") };
            let _ = write!(out, "<polygon slic3r:type=\"{kind}\" points=\"");
            for (k, [x, y]) in contour.points().enumerate() {
                let gap = if k == 0 { "" } else { " " };
                let _ = write!(out, "{gap}{x:.4},{:.4}", self.depth - y);
            }
            let _ = writeln!(out, "\" style=\"fill: {fill}\"/>");
        }
        out.push_str("</g>\n");
        Ok(out.into_bytes())
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.out.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.out.write_all(b"</svg>\n").and_then(|()| self.out.flush()).map_err(failed)
    }
}
