//! Formats of models, one file each. To add one: write `read`, and add a line to [`FORMATS`].

mod obj;
mod stl;
mod stl_ascii;
#[cfg(test)]
mod tests;
pub(crate) mod threemf;

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::MeshFault;

use crate::MeshError;

/// Triangles as a file gives them, in its own unit.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    /// Corners.
    pub(crate) vertices: Vec<[f64; 3]>,
    /// Indices into `vertices`, all in range.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// The unit, if the format says one.
    pub(crate) unit: Option<LengthUnit>,
    /// Faults of the file that did not prevent reading.
    pub(crate) faults: Vec<MeshFault>,
}

impl Raw {
    /// Adds a triangle with corners of its own.
    fn push(&mut self, corners: [[f64; 3]; 3]) {
        let next = self.vertices.len() as u32;
        self.vertices.extend(corners);
        self.triangles.push([next, next + 1, next + 2]);
    }

    /// Fails once there are more triangles than the limit.
    fn check_count(&self, limits: &Limits) -> Result<(), MeshError> {
        check_count(self.triangles.len() as u64, limits)
    }
}

/// Fails if `count` triangles are more than the limit.
pub(crate) fn check_count(count: u64, limits: &Limits) -> Result<(), MeshError> {
    // Three corners each must fit the index type as well.
    let limit = limits.triangles.min(u64::from(u32::MAX) / 3);
    if count > limit {
        return Err(MeshError::TooManyTriangles { count, limit });
    }
    Ok(())
}

/// A format of model files.
pub(crate) struct Format {
    /// Name for people.
    pub(crate) name: &'static str,
    /// Ending of file names, in lower case.
    pub(crate) ending: &'static str,
    /// Whether content without a known ending looks like this format.
    pub(crate) looks: fn(&[u8]) -> bool,
    /// Reads a file.
    pub(crate) read: fn(&[u8], &Limits) -> Result<Raw, MeshError>,
}

/// All formats that are read.
pub(crate) const FORMATS: &[Format] = &[
    Format { name: "3MF", ending: "3mf", looks: threemf::looks, read: threemf::read },
    Format { name: "STL", ending: "stl", looks: stl::looks, read: stl::read },
    Format { name: "OBJ", ending: "obj", looks: obj::looks, read: obj::read },
];

/// The format of a file: by its ending, or else by its content.
pub(crate) fn choose(file: &str, bytes: &[u8]) -> Result<&'static Format, MeshError> {
    let ending = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    FORMATS
        .iter()
        .find(|f| f.ending == ending)
        .or_else(|| FORMATS.iter().find(|f| (f.looks)(bytes)))
        .ok_or_else(|| {
            let known: Vec<_> = FORMATS.iter().map(|f| format!(".{}", f.ending)).collect();
            MeshError::UnknownFormat { known: known.join(", ") }
        })
}
