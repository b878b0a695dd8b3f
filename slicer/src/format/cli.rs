//! Common Layer Interface 2.0 (Brite-EuRam 1994), binary, the long commands.
//!
//! Lengths are mm as 32-bit floats, so that a plate of 400 mm is resolved to 0.03 µm; the short
//! commands hold 16 bits, which is too coarse. Little endian. The id of a polyline is its part's
//! number from 1.

use platewright_mesh::ring_area;

use super::{FormatOptions, LayerFormat, LayerWriter, Output, failed};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "cli", ending: "cli", about: "Common Layer Interface, binary", open };

const LAYER_LONG: u16 = 127;
const POLYLINE_LONG: u16 = 130;

/// A CLI file as it was read; lengths in mm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliFile {
    /// Layers in the order of the file.
    pub layers: Vec<CliLayer>,
}

/// A layer of a CLI file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliLayer {
    /// Height of the layer's top, mm.
    pub top_mm: f64,
    /// Polylines in the order of the file.
    pub polylines: Vec<CliPolyline>,
}

/// A polyline of a CLI file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliPolyline {
    /// Which part it is of.
    pub id: u32,
    /// 0 clockwise (a hole), 1 counter-clockwise (around solid), 2 open.
    pub direction: u32,
    /// Points, mm; the last is not the first again.
    pub points: Vec<[f64; 2]>,
}

impl CliLayer {
    /// Area of the closed polylines, holes taken off, mm².
    pub fn area(&self) -> f64 {
        self.polylines.iter().filter(|p| p.direction != 2).map(|p| ring_area(&p.points)).sum()
    }
}

/// Header that both kinds of CLI share; `kind` is `BINARY` or `ASCII`.
pub(super) fn header(kind: &str, layers: usize) -> String {
    format!(
        "$$HEADERSTART\n$${kind}\n$$UNITS/00000001.000000\n$$VERSION/200\n$$LAYERS/{layers:06}\n\
         $$HEADEREND"
    )
}

struct Writer(Box<dyn Output>);

fn open(
    mut out: Box<dyn Output>,
    stack: &Stack,
    _: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    // The first command follows the header's last letter at once: the file has no alignment.
    let head = header("BINARY", stack.planes.count() as usize);
    out.write_all(head.as_bytes()).map_err(failed)?;
    Ok(Box::new(Writer(out)))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = Vec::new();
        out.extend(LAYER_LONG.to_le_bytes());
        out.extend((layer.top_mm as f32).to_le_bytes());
        for contour in layer.contours() {
            out.extend(POLYLINE_LONG.to_le_bytes());
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
        self.0.write_all(encoded).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.0.flush().map_err(failed)
    }
}

/// Reads a binary CLI file with long commands.
///
/// # Errors
/// Says where the file breaks the format, or uses a command that is not read.
pub fn read_cli(bytes: &[u8]) -> Result<CliFile, SliceError> {
    const END: &[u8] = b"$$HEADEREND";
    let bad = |at: usize, what: &str| SliceError::BadLayerFile { at, what: what.to_owned() };
    let end = bytes
        .windows(END.len())
        .position(|w| w == END)
        .ok_or_else(|| bad(0, "there is no $$HEADEREND"))?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    if !head.contains("$$BINARY") {
        return Err(bad(0, "it is not a binary CLI file ($$BINARY is missing)"));
    }
    let unit = head
        .split("$$UNITS/")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .and_then(|text| text.trim().parse::<f64>().ok())
        .ok_or_else(|| bad(0, "there is no $$UNITS"))?;
    let mut reader = Reader { bytes, at: end + END.len() };
    let mut file = CliFile::default();
    while reader.at < bytes.len() {
        let at = reader.at;
        match reader.command()? {
            LAYER_LONG => {
                let top_mm = reader.real()? * unit;
                file.layers.push(CliLayer { top_mm, polylines: Vec::new() });
            }
            POLYLINE_LONG => {
                let layer = file.layers.last_mut();
                let layer = layer.ok_or_else(|| bad(at, "a polyline stands before any layer"))?;
                layer.polylines.push(reader.polyline(unit)?);
            }
            other => return Err(bad(at, &format!("command {other} is not read"))),
        }
    }
    Ok(file)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], SliceError> {
        let ended = SliceError::BadLayerFile { at: self.at, what: "the file ends".to_owned() };
        let slice = self.bytes.get(self.at..self.at + N).ok_or(ended)?;
        self.at += N;
        Ok(slice.try_into().expect("the slice has the length asked for"))
    }

    fn command(&mut self) -> Result<u16, SliceError> {
        self.take().map(u16::from_le_bytes)
    }

    fn number(&mut self) -> Result<u32, SliceError> {
        self.take().map(u32::from_le_bytes)
    }

    fn real(&mut self) -> Result<f64, SliceError> {
        self.take().map(|b| f64::from(f32::from_le_bytes(b)))
    }

    fn polyline(&mut self, unit: f64) -> Result<CliPolyline, SliceError> {
        let (id, direction, count) = (self.number()?, self.number()?, self.number()? as usize);
        if count > (self.bytes.len() - self.at) / 8 {
            let what = format!("a polyline of {count} points does not fit into the file");
            return Err(SliceError::BadLayerFile { at: self.at, what });
        }
        let mut points = Vec::with_capacity(count);
        for _ in 0..count {
            points.push([self.real()? * unit, self.real()? * unit]);
        }
        if direction != 2 && points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        Ok(CliPolyline { id, direction, points })
    }
}
