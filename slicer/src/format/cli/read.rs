//! A CLI file as it was read, and its header.
//!
//! Nothing that a file says of itself is trusted: memory is taken for what is there, never for
//! what is announced.

use platewright_mesh::ring_area;
use platewright_model::geometry::BoxMm;

use super::{read_ascii, read_binary};
use crate::error::SliceError;
use crate::planes::LAYERS_MAX;

const END: &[u8] = b"$$HEADEREND";

/// A CLI file as it was read; lengths in mm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliFile {
    /// Length of a unit of the file, mm.
    pub unit_mm: f64,
    /// Version times 100.
    pub version: u32,
    /// Box of the parts, where the file gives one.
    pub dimension: Option<BoxMm>,
    /// Labels of parts by the id of their polylines, in the order of the file.
    pub labels: Vec<(u32, String)>,
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
    /// Hatches in the order of the file.
    pub hatches: Vec<CliHatches>,
}

/// A polyline of a CLI file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliPolyline {
    /// Which part it is of.
    pub id: u32,
    /// 0 clockwise (a hole), 1 counter-clockwise (around solid), 2 open.
    pub direction: u32,
    /// Points, mm; where it is closed, the last is not the first again.
    pub points: Vec<[f64; 2]>,
}

/// Straight lines of a CLI file, each on its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CliHatches {
    /// Which part they are of.
    pub id: u32,
    /// Start and end of each line, mm.
    pub lines: Vec<[[f64; 2]; 2]>,
}

impl CliLayer {
    /// Area of the closed polylines, holes taken off, mm².
    pub fn area(&self) -> f64 {
        self.polylines.iter().filter(|p| p.direction != 2).map(|p| ring_area(&p.points)).sum()
    }
}

/// Reads a CLI file, binary (long and short commands, aligned or not) or ASCII.
///
/// # Errors
/// E7007 says where the file breaks the format.
pub fn read_cli(bytes: &[u8]) -> Result<CliFile, SliceError> {
    let end = bytes.windows(END.len()).position(|w| w == END);
    let end = end.ok_or_else(|| bad(bytes.len(), "the file ends before $$HEADEREND"))?;
    let head = Head::read(&bytes[..end])?;
    let from = end + END.len();
    let mut file = head.file;
    if head.binary {
        let from = if head.aligned { from.next_multiple_of(4) } else { from };
        read_binary::read(bytes, from, head.aligned, &mut file)?;
    } else {
        read_ascii::read(bytes, from, &mut file)?;
    }
    Ok(file)
}

/// The error for a place in a file.
pub(super) fn bad(at: usize, what: &str) -> SliceError {
    SliceError::BadLayerFile { at, what: what.to_owned() }
}

impl CliFile {
    /// Begins a layer.
    pub(super) fn begin_layer(&mut self, at: usize, height: f64) -> Result<(), SliceError> {
        if self.layers.len() >= LAYERS_MAX as usize {
            return Err(bad(at, &format!("there are more than {LAYERS_MAX} layers")));
        }
        let top_mm = self.length(at, height)?;
        self.layers.push(CliLayer { top_mm, ..CliLayer::default() });
        Ok(())
    }

    /// Adds a polyline of points in units of the file.
    pub(super) fn add_polyline(
        &mut self,
        at: usize,
        [id, direction]: [u32; 2],
        mut points: Vec<[f64; 2]>,
    ) -> Result<(), SliceError> {
        if direction > 2 {
            return Err(bad(at, &format!("direction {direction} is none of 0, 1 and 2")));
        }
        for x in points.as_flattened_mut() {
            *x = self.length(at, *x)?;
        }
        if direction != 2 && points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        self.last(at)?.polylines.push(CliPolyline { id, direction, points });
        Ok(())
    }

    /// Adds hatches by their ends in units of the file.
    pub(super) fn add_hatches(
        &mut self,
        at: usize,
        id: u32,
        mut lines: Vec<[[f64; 2]; 2]>,
    ) -> Result<(), SliceError> {
        for x in lines.as_flattened_mut().as_flattened_mut() {
            *x = self.length(at, *x)?;
        }
        self.last(at)?.hatches.push(CliHatches { id, lines });
        Ok(())
    }

    fn last(&mut self, at: usize) -> Result<&mut CliLayer, SliceError> {
        self.layers.last_mut().ok_or_else(|| bad(at, "a contour stands before the first layer"))
    }

    fn length(&self, at: usize, x: f64) -> Result<f64, SliceError> {
        let mm = x * self.unit_mm;
        if mm.is_finite() { Ok(mm) } else { Err(bad(at, "a coordinate is no finite number")) }
    }
}

/// What the header says.
struct Head {
    binary: bool,
    aligned: bool,
    file: CliFile,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Self, SliceError> {
        let text = String::from_utf8_lossy(bytes);
        let (mut binary, mut aligned, mut unit, mut version) = (None, false, None, None);
        let mut file = CliFile::default();
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        for line in text.lines() {
            // A comment is between two slashes and two slashes, or goes to the end of the line.
            let line = line.split("//").step_by(2).collect::<String>();
            let (key, value) = line.trim().split_once('/').unwrap_or((line.trim(), ""));
            match key {
                "$$BINARY" => binary = Some(true),
                "$$ASCII" => binary = Some(false),
                "$$ALIGN" => aligned = true,
                "$$UNITS" => unit = number(value).filter(|unit| *unit > 0.0),
                "$$VERSION" => version = number(value).map(|v| v as u32),
                "$$DIMENSION" => {
                    let six: Option<Vec<f64>> = value.split(',').map(number).collect();
                    let six: Option<[f64; 6]> = six.and_then(|six| six.try_into().ok());
                    file.dimension =
                        six.map(|[a, b, c, d, e, f]| BoxMm { min: [a, b, c], max: [d, e, f] });
                }
                "$$LABEL" => {
                    let (id, label) = value.split_once(',').unwrap_or((value, ""));
                    if let Ok(id) = id.trim().parse() {
                        file.labels.push((id, label.trim().to_owned()));
                    }
                }
                _ => {}
            }
        }
        let missing = |what: &str| bad(0, &format!("the header has no {what} of use"));
        file.unit_mm = unit.ok_or_else(|| missing("$$UNITS"))?;
        file.version = version.ok_or_else(|| missing("$$VERSION"))?;
        let binary = binary.ok_or_else(|| missing("$$BINARY or $$ASCII"))?;
        Ok(Self { binary, aligned, file })
    }
}
