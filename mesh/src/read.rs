//! From the bytes of a file to a mesh in mm.

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::MeshFault;

use crate::format::{self, Raw};
use crate::inspect::{repeated, unused};
use crate::unit_guess;
use crate::weld::Welder;
use crate::{MeshError, Source, TriMesh};

/// A model that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadModel {
    /// Its mesh, mm; vertices with exactly the same coordinates are one vertex.
    pub mesh: TriMesh,
    /// The unit it was drawn in.
    pub unit: LengthUnit,
    /// Faults of the file.
    pub faults: Vec<MeshFault>,
}

/// Reads a model. The format is chosen by the ending of `file`, or else by the content.
///
/// Memory: 24 bytes a vertex and 12 bytes a triangle, and while reading a table of 4 to 8 bytes
/// a vertex; a mapped file ([`crate::MappedFile`]) is let go piece by piece as it is read.
///
/// # Errors
/// [`MeshError::InFile`] with the file and what is wrong in it: limits exceeded, no unit for a
/// format without one, cut off or malformed content, coordinates that are no numbers.
pub fn read_model<'a>(
    source: impl Into<Source<'a>>,
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> Result<ReadModel, MeshError> {
    read(source.into(), file, unit, limits).map_err(|error| error.in_file(file))
}

fn read(
    source: Source<'_>,
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> Result<ReadModel, MeshError> {
    let bytes = source.bytes();
    if bytes.is_empty() {
        return Err(MeshError::Empty);
    }
    if bytes.len() as u64 > limits.file_bytes {
        let bytes = bytes.len() as u64;
        return Err(MeshError::FileTooLarge { bytes, limit: limits.file_bytes });
    }
    let format = format::choose(file, bytes)?;
    let mut raw = (format.read)(source, limits)?;
    if raw.triangles.is_empty() {
        return Err(MeshError::NoTriangles);
    }
    let unit = match (raw.unit, unit) {
        (Some(own), Some(given)) if own != given => {
            return Err(MeshError::UnitConflict { own: own.name(), given: given.name() });
        }
        (Some(own), _) => own,
        (None, Some(given)) => given,
        (None, None) => {
            let known = LengthUnit::ALL.map(LengthUnit::name).join(", ");
            let guess = unit_guess::reason(&raw).unwrap_or_default();
            return Err(MeshError::NoUnit { format: format.name, known, guess });
        }
    };
    let scale = unit.in_mm();
    let mut faults = std::mem::take(&mut raw.faults);
    let mesh = if raw.welded {
        scaled(raw.vertices, raw.triangles, scale, limits)?
    } else {
        welded(raw, scale, limits, &mut faults)?
    };
    Ok(ReadModel { mesh, unit, faults })
}

/// Scales and checks vertices that are welded already.
fn scaled(
    vertices: Vec<[f64; 3]>,
    triangles: Vec<[u32; 3]>,
    scale: f64,
    limits: &Limits,
) -> Result<TriMesh, MeshError> {
    let limit = limits.coordinate_mm;
    let within = |p: &[f64; 3]| p.iter().all(|x| (x * scale).abs() <= limit);
    if let Some(v) = vertices.iter().position(|p| !within(p)) {
        // Vertices are in order of first use, so that this is the first bad corner as well.
        let corner = triangles.as_flattened().iter().position(|&c| c as usize == v).unwrap_or(0);
        checked(vertices[v], scale, limits, || place(corner / 3, corner % 3))?;
    }
    let vertices = vertices.into_iter().map(|p| p.map(|x| x * scale).into()).collect();
    Ok(TriMesh { vertices, triangles })
}

/// Scales, checks and welds; vertices that no triangle uses, and repeats of others, are left out
/// and told.
fn welded(
    raw: Raw,
    scale: f64,
    limits: &Limits,
    faults: &mut Vec<MeshFault>,
) -> Result<TriMesh, MeshError> {
    let Raw { vertices, mut triangles, .. } = raw;
    let mut welder = Welder::with_capacity(vertices.len());
    let mut index = vec![u32::MAX; vertices.len()];
    for (t, triangle) in triangles.iter_mut().enumerate() {
        for (k, corner) in triangle.iter_mut().enumerate() {
            let v = *corner as usize;
            if index[v] == u32::MAX {
                index[v] = welder.add(checked(vertices[v], scale, limits, || place(t, k))?);
            }
            *corner = index[v];
        }
    }
    let used = index.iter().filter(|&&i| i != u32::MAX).count();
    if used < index.len() {
        let at = index.iter().position(|&i| i == u32::MAX).map(|v| vertices[v].map(|x| x * scale));
        faults.push(unused(index.len() - used, at));
    }
    if welder.vertices.len() < used {
        faults.push(repeated(used - welder.vertices.len()));
    }
    Ok(TriMesh { vertices: welder.vertices, triangles })
}

fn place(triangle: usize, corner: usize) -> String {
    format!("triangle {}, corner {}", triangle + 1, corner + 1)
}

/// The point in mm, if its coordinates are numbers within the limit.
pub(crate) fn checked(
    p: [f64; 3],
    scale: f64,
    limits: &Limits,
    place: impl Fn() -> String,
) -> Result<[f64; 3], MeshError> {
    for x in p {
        if !x.is_finite() {
            return Err(MeshError::NotFinite { place: place(), value: x.to_string() });
        }
        let value_mm = x * scale;
        let limit_mm = limits.coordinate_mm;
        if value_mm.abs() > limit_mm {
            return Err(MeshError::CoordinateTooLarge { place: place(), value_mm, limit_mm });
        }
    }
    Ok(p.map(|x| x * scale))
}
