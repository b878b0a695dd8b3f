//! DXF of release 12, ASCII: a layer of the drawing for each layer of the build, with its
//! contours as closed polylines at the height of its top. Lengths are mm.

use std::io::Write;

use super::decimal::{put_grid, put_mm};
use super::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "dxf", ending: "dxf", about: "DXF R12, one layer a slice", open };

struct Writer(Box<dyn Output>);

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    _: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let mut head = b"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n".to_vec();
    for (name, corner) in [("EXTMIN", stack.bounds.min), ("EXTMAX", stack.bounds.max)] {
        // A vector takes all.
        let _ = writeln!(head, "9\n${name}");
        for (code, mm) in [10, 20, 30].into_iter().zip(corner) {
            put_line(&mut head, code, mm);
        }
    }
    let count = stack.planes.count();
    let _ = write!(
        head,
        "0\nENDSEC\n0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLTYPE\n70\n1\n0\nLTYPE\n2\nCONTINUOUS\n\
         70\n0\n3\nSolid line\n72\n65\n73\n0\n40\n0\n0\nENDTAB\n0\nTABLE\n2\nLAYER\n70\n{count}\n"
    );
    for i in 0..count {
        let _ = write!(head, "0\nLAYER\n2\n{}\n70\n0\n62\n7\n6\nCONTINUOUS\n", name(i));
    }
    head.extend(b"0\nENDTAB\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n");
    out.write_all(&head).map_err(failed)?;
    Ok(Box::new(Writer(out)))
}

/// Name of a layer of the drawing.
fn name(i: u32) -> String {
    format!("LAYER{i:05}")
}

fn put_line(out: &mut Vec<u8>, code: u32, mm: f64) {
    let _ = writeln!(out, "{code}");
    put_mm(out, mm);
    out.push(b'\n');
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let name = name(layer.index);
        let mut height = Vec::new();
        put_line(&mut height, 30, layer.top_mm);
        let mut out = Vec::new();
        for contour in layer.contours() {
            let _ = write!(out, "0\nPOLYLINE\n8\n{name}\n66\n1\n70\n1\n10\n0\n20\n0\n");
            out.extend(&height);
            for [x, y] in contour.grid_points() {
                let _ = write!(out, "0\nVERTEX\n8\n{name}\n10\n");
                put_grid(&mut out, x);
                out.extend(b"\n20\n");
                put_grid(&mut out, y);
                out.push(b'\n');
                out.extend(&height);
            }
            let _ = write!(out, "0\nSEQEND\n8\n{name}\n");
        }
        Ok(out)
    }

    fn append(&mut self, _: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.0.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.0.write_all(b"0\nENDSEC\n0\nEOF\n").and_then(|()| self.0.flush()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::testing::{layers, slicer, write};

    #[test]
    fn every_contour_is_a_closed_polyline_of_its_layer() {
        let slicer = slicer();
        let text = write("dxf", &slicer, &FormatOptions::default()).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let (pairs, odd) = lines.as_chunks::<2>();
        assert!(odd.is_empty() && pairs.iter().all(|[code, _]| code.parse::<u32>().is_ok()));
        let layers = layers(&slicer);
        let mut areas = vec![0.0; layers.len()];
        let mut rings = vec![0; layers.len()];
        let entities = pairs.iter().position(|[_, value]| *value == "ENTITIES").unwrap();
        let mut ring: Vec<[f64; 2]> = Vec::new();
        let (mut kind, mut layer) = ("", 0);
        for [code, value] in &pairs[entities + 1..] {
            match (*code, *value) {
                ("0", "SEQEND") => {
                    areas[layer] += platewright_mesh::ring_area(&ring);
                    rings[layer] += 1;
                    ring.clear();
                    kind = "";
                }
                ("0", value) => kind = value,
                ("8", value) => layer = value.strip_prefix("LAYER").unwrap().parse().unwrap(),
                ("10", x) if kind == "VERTEX" => ring.push([x.parse().unwrap(), 0.0]),
                ("20", y) if kind == "VERTEX" => ring.last_mut().unwrap()[1] = y.parse().unwrap(),
                ("30", z) => {
                    assert!((z.parse::<f64>().unwrap() - layers[layer].top_mm).abs() < 1e-6);
                }
                ("70", flags) if kind == "POLYLINE" => assert_eq!(flags, "1", "it is closed"),
                _ => {}
            }
        }
        assert_eq!(kind, "EOF");
        for ((layer, area), rings) in layers.iter().zip(areas).zip(rings) {
            assert_eq!(rings, layer.contours().count());
            assert!((area - layer.facts.area_mm2).abs() < 1e-8);
        }
        let named = pairs.iter().filter(|p| p[0] == "2" && p[1].starts_with("LAYER0")).count();
        assert_eq!(named, layers.len());
    }
}
