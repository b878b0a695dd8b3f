//! From the bytes of a file to a mesh in mm.

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::MeshFault;

use crate::format::{self, Raw};
use crate::weld::Welder;
use crate::{MeshError, TriMesh};

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
/// # Errors
/// [`MeshError::InFile`] with the file and what is wrong in it: limits exceeded, no unit for a
/// format without one, cut off or malformed content, coordinates that are no numbers.
pub fn read_model(
    bytes: &[u8],
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> Result<ReadModel, MeshError> {
    read(bytes, file, unit, limits).map_err(|error| error.in_file(file))
}

fn read(
    bytes: &[u8],
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> Result<ReadModel, MeshError> {
    if bytes.is_empty() {
        return Err(MeshError::Empty);
    }
    if bytes.len() as u64 > limits.file_bytes {
        let bytes = bytes.len() as u64;
        return Err(MeshError::FileTooLarge { bytes, limit: limits.file_bytes });
    }
    let format = format::choose(file, bytes)?;
    let raw = (format.read)(bytes, limits)?;
    let unit = match (raw.unit, unit) {
        (Some(own), Some(given)) if own != given => {
            return Err(MeshError::UnitConflict { own: own.name(), given: given.name() });
        }
        (Some(own), _) => own,
        (None, Some(given)) => given,
        (None, None) => {
            let known = LengthUnit::ALL.map(LengthUnit::name).join(", ");
            return Err(MeshError::NoUnit { format: format.name, known });
        }
    };
    if raw.triangles.is_empty() {
        return Err(MeshError::NoTriangles);
    }
    let mesh = to_mm(&raw, unit, limits)?;
    Ok(ReadModel { mesh, unit, faults: raw.faults })
}

/// Scales, checks and welds; vertices that no triangle uses are left out.
fn to_mm(raw: &Raw, unit: LengthUnit, limits: &Limits) -> Result<TriMesh, MeshError> {
    let scale = unit.in_mm();
    let mut welder = Welder::with_capacity(raw.vertices.len() / 2);
    let mut index = vec![u32::MAX; raw.vertices.len()];
    let mut triangles = Vec::with_capacity(raw.triangles.len());
    for (t, triangle) in raw.triangles.iter().enumerate() {
        let mut corners = [0; 3];
        for (k, &v) in triangle.iter().enumerate() {
            let slot = &mut index[v as usize];
            if *slot == u32::MAX {
                let p = raw.vertices[v as usize];
                let place = || format!("triangle {}, corner {}", t + 1, k + 1);
                *slot = welder.add(checked(p, scale, limits, place)?);
            }
            corners[k] = *slot;
        }
        triangles.push(corners);
    }
    Ok(TriMesh { vertices: welder.vertices, triangles })
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
