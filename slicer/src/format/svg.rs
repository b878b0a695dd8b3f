//! One SVG document with a group per layer, in the dialect of layer viewers (`slic3r:z`,
//! `contour` and `hole`). Lengths are mm; y points down, as SVG has it.

use std::fmt::Write;

use super::LayerFormat;
use crate::layers::{BuildLayers, Contour};

pub(crate) const FORMAT: LayerFormat = LayerFormat {
    name: "svg",
    ending: "svg",
    about: "SVG, one group a layer, with slic3r:z attributes",
    write,
};

fn write(layers: &BuildLayers) -> Vec<u8> {
    let mut size = [0.0_f64; 2];
    for point in layers.layers.iter().flat_map(|l| &l.contours).flat_map(Contour::points) {
        size = [size[0].max(point[0]), size[1].max(point[1])];
    }
    let [width, depth] = size;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg width=\"{width:.4}mm\" \
         height=\"{depth:.4}mm\" viewBox=\"0 0 {width:.4} {depth:.4}\" \
         xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:slic3r=\"http://slic3r.org/namespaces/slic3r\">\n"
    );
    for (i, layer) in layers.layers.iter().enumerate() {
        let _ = writeln!(out, "<g id=\"layer{i}\" slic3r:z=\"{:.5}\">", layer.top_mm);
        for contour in &layer.contours {
            let (kind, fill) =
                if contour.is_hole() { ("hole", "black") } else { ("contour", "white") };
            let _ = write!(out, "<polygon slic3r:type=\"{kind}\" points=\"");
            for (k, [x, y]) in contour.points().enumerate() {
                let gap = if k == 0 { "" } else { " " };
                let _ = write!(out, "{gap}{x:.4},{:.4}", depth - y);
            }
            let _ = writeln!(out, "\" style=\"fill: {fill}\"/>");
        }
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out.into_bytes()
}
