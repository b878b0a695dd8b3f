//! Formats of models, one file each. To add one: write `read`, and add a line to [`FORMATS`].

mod cut;
mod obj;
mod ply;
pub(crate) mod stl;
mod stl_ascii;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod threemf;

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::MeshFault;

use crate::topology::MAX_TRIANGLES;
use crate::weld::Welder;
use crate::{MeshError, Source};

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
    /// Whether `vertices` are finite, distinct and in order of first use.
    pub(crate) welded: bool,
}

impl Raw {
    /// Triangles between the vertices of a welder.
    fn welded(welder: Welder, triangles: Vec<[u32; 3]>) -> Self {
        let vertices = welder.vertices.into_iter().map(Into::into).collect();
        Self { vertices, triangles, welded: true, ..Self::default() }
    }
}

/// Fails if `count` triangles are more than the limit.
pub(crate) fn check_count(count: u64, limits: &Limits) -> Result<(), MeshError> {
    // Three sides each must fit the index type as well.
    let limit = limits.triangles.min(u64::from(MAX_TRIANGLES));
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
    pub(crate) read: fn(Source<'_>, &Limits) -> Result<Raw, MeshError>,
}

/// All formats that are read.
pub(crate) const FORMATS: &[Format] = &[
    Format { name: "3MF", ending: "3mf", looks: threemf::looks, read: read_3mf },
    Format { name: "STL", ending: "stl", looks: stl::looks, read: stl::read },
    Format { name: "OBJ", ending: "obj", looks: obj::looks, read: obj::read },
    Format { name: "PLY", ending: "ply", looks: ply::looks, read: ply::read },
];

fn read_3mf(source: Source<'_>, limits: &Limits) -> Result<Raw, MeshError> {
    threemf::read(source.bytes(), limits)
}

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
