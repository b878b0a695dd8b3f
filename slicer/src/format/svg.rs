//! One SVG document with a group per layer, in the dialect that Slic3r began: `slic3r:z`,
//! `slic3r:slice-z` and `slic3r:layer-height` on groups, `contour` and `hole` on polygons.
//!
//! Lengths are mm in the frame of the build, but y points down, as SVG has it: the y of a point
//! is written with the other sign. Within a layer larger rings come first, so that solid within
//! a hole is painted over it.

use std::io::Write;

use super::decimal::{put_grid, put_mm};
use super::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::error::SliceError;
use crate::layers::{Contour, Layer, Stack};
use crate::region::doubled_area;

pub(crate) const FORMAT: LayerFormat = LayerFormat {
    name: "svg",
    ending: "svg",
    about: "SVG, one group a layer, with slic3r:z attributes",
    open,
};

struct Writer(Box<dyn Output>);

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    _: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let (bounds, size) = (&stack.bounds, stack.bounds.size());
    let mut head = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg width=\"".to_vec();
    put_mm(&mut head, size[0]);
    head.extend(b"mm\" height=\"");
    put_mm(&mut head, size[1]);
    head.extend(b"mm\" viewBox=\"");
    for (k, mm) in [bounds.min[0], -bounds.max[1], size[0], size[1]].into_iter().enumerate() {
        head.extend(if k > 0 { &b" "[..] } else { b"" });
        put_mm(&mut head, mm);
    }
    head.extend(
        b"\" viewport-fill=\"black\" xmlns=\"http://www.w3.org/2000/svg\" \
        xmlns:slic3r=\"http://slic3r.org/namespaces/slic3r\">\n",
    );
    out.write_all(&head).map_err(failed)?;
    Ok(Box::new(Writer(out)))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = format!("<g id=\"layer{}\"", layer.index).into_bytes();
        for (name, mm) in
            [("z", layer.top_mm), ("slice-z", layer.cut_mm), ("layer-height", layer.thickness())]
        {
            // A vector takes all.
            let _ = write!(out, " slic3r:{name}=\"");
            put_mm(&mut out, mm);
            out.push(b'"');
        }
        out.extend(b">\n");
        let sized = layer.contours().map(|contour| (doubled_area(contour.ring), contour));
        let mut contours: Vec<(f64, Contour<'_>)> = sized.collect();
        contours.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
        for (area, contour) in contours {
            let (kind, fill) = if area < 0.0 { ("hole", "black") } else { ("contour", "white") };
            let _ = write!(out, "<polygon slic3r:type=\"{kind}\" points=\"");
            for (k, [x, y]) in contour.grid_points().enumerate() {
                out.extend(if k > 0 { &b" "[..] } else { b"" });
                put_grid(&mut out, x);
                out.push(b',');
                put_grid(&mut out, -y);
            }
            let _ = writeln!(out, "\" style=\"fill: {fill}\"/>");
        }
        out.extend(b"</g>\n");
        Ok(out)
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.0.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.0.write_all(b"</svg>\n").and_then(|()| self.0.flush()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::testing::{layers, slicer, write};

    /// The value of an attribute in a line.
    fn value<'a>(line: &'a str, name: &str) -> &'a str {
        let from = line.find(&format!(" {name}=\"")).expect(name) + name.len() + 3;
        line[from..].split('"').next().unwrap()
    }

    #[test]
    fn every_contour_is_there_in_an_order_that_paints_right() {
        let slicer = slicer();
        let text = write("svg", &slicer, &FormatOptions::default()).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(value(&text, "viewBox").split(' ').count(), 4);
        let bounds = &slicer.stack().bounds;
        assert_eq!(value(&text, "width"), format!("{}mm", bounds.size()[0]));
        let groups: Vec<&str> = text.split("<g id=").skip(1).collect();
        let layers = layers(&slicer);
        assert_eq!(groups.len(), layers.len());
        for (group, layer) in groups.iter().zip(&layers) {
            let number = |name| value(group, name).parse::<f64>().unwrap();
            assert!((number("slic3r:z") - layer.top_mm).abs() < 1e-6);
            assert!((number("slic3r:slice-z") - layer.cut_mm).abs() < 1e-6);
            assert!((number("slic3r:layer-height") - 0.1).abs() < 1e-6);
            let (mut before, mut sum) = (f64::INFINITY, 0.0);
            for line in group.lines().filter(|line| line.starts_with("<polygon")) {
                let points: Vec<[f64; 2]> = value(line, "points")
                    .split(' ')
                    .map(|pair| pair.split_once(',').unwrap())
                    .map(|(x, y)| [x.parse().unwrap(), -y.parse::<f64>().unwrap()])
                    .collect();
                let area = platewright_mesh::ring_area(&points);
                assert_eq!(area < 0.0, value(line, "slic3r:type") == "hole");
                assert!(area.abs() <= before);
                (before, sum) = (area.abs() + 1e-9, sum + area);
            }
            assert!((sum - layer.facts.area_mm2).abs() < 1e-8);
        }
    }
}
