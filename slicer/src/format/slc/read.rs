//! Reads SLC. What a file announces is not believed: memory is taken for what is there.

use platewright_mesh::ring_area;

use super::{HEADER_END, HEADER_MAX, LAST, RESERVED};
use crate::error::SliceError;
use crate::planes::LAYERS_MAX;

/// Millimetres of an inch.
const INCH_MM: f64 = 25.4;

/// An SLC file as it was read; lengths in mm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlcFile {
    /// The text of the header.
    pub header: String,
    /// Where runs of layers of one thickness begin, and the thickness, mm.
    pub runs: Vec<[f64; 2]>,
    /// Layers in the order of the file.
    pub layers: Vec<SlcLayer>,
    /// Height of the last top, mm.
    pub top_mm: f64,
}

/// A layer of an SLC file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlcLayer {
    /// Height of the layer's bottom, mm.
    pub bottom_mm: f64,
    /// Points of the contours, mm; the last point of a contour is not its first again.
    pub contours: Vec<Vec<[f64; 2]>>,
}

impl SlcLayer {
    /// Area, holes taken off, mm².
    pub fn area(&self) -> f64 {
        self.contours.iter().map(|ring| ring_area(ring)).sum()
    }
}

/// Reads an SLC file in mm or inches.
///
/// # Errors
/// E7007 says where the file breaks the format.
pub fn read_slc(bytes: &[u8]) -> Result<SlcFile, SliceError> {
    let head = &bytes[..bytes.len().min(HEADER_MAX)];
    let end = head.windows(HEADER_END.len()).position(|w| w == HEADER_END);
    let end = end.ok_or_else(|| bad(head.len(), "the header does not end"))?;
    let header = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let unit = unit(&header)?;
    let mut reader = Reader { bytes, at: end + HEADER_END.len() + RESERVED, unit };
    let mut file = SlcFile { header, ..SlcFile::default() };
    let [runs] = reader.take()?;
    for _ in 0..runs {
        let run = [reader.length()?, reader.length()?];
        reader.take::<8>()?;
        file.runs.push(run);
    }
    loop {
        let height = reader.length()?;
        let contours = reader.number()?;
        if contours == LAST {
            file.top_mm = height;
            return Ok(file);
        }
        if file.layers.len() >= LAYERS_MAX as usize {
            return Err(bad(reader.at, &format!("there are more than {LAYERS_MAX} layers")));
        }
        file.layers.push(SlcLayer { bottom_mm: height, contours: reader.contours(contours)? });
    }
}

fn bad(at: usize, what: &str) -> SliceError {
    SliceError::BadLayerFile { at, what: what.to_owned() }
}

/// The unit that the header names, mm.
fn unit(header: &str) -> Result<f64, SliceError> {
    let mut words = header.split_whitespace().skip_while(|word| *word != "-UNIT").skip(1);
    match words.next() {
        Some("MM") => Ok(1.0),
        Some("INCH") => Ok(INCH_MM),
        _ => Err(bad(0, "the header has no -UNIT MM or -UNIT INCH")),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    unit: f64,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], SliceError> {
        let chunk = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let chunk = *chunk.ok_or_else(|| bad(self.at, "the file ends too early"))?;
        self.at += N;
        Ok(chunk)
    }

    fn number(&mut self) -> Result<u32, SliceError> {
        self.take().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Result<f64, SliceError> {
        let at = self.at;
        let mm = f64::from(f32::from_le_bytes(self.take()?)) * self.unit;
        if mm.is_finite() { Ok(mm) } else { Err(bad(at, "a length is no finite number")) }
    }

    fn contours(&mut self, count: u32) -> Result<Vec<Vec<[f64; 2]>>, SliceError> {
        let mut contours = Vec::new();
        for _ in 0..count {
            let (points, _gaps) = (self.number()? as usize, self.number()?);
            if points > (self.bytes.len() - self.at) / 8 {
                let what = format!("{points} points do not fit into the file");
                return Err(bad(self.at, &what));
            }
            let mut ring = Vec::with_capacity(points);
            for _ in 0..points {
                ring.push([self.length()?, self.length()?]);
            }
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            contours.push(ring);
        }
        Ok(contours)
    }
}
