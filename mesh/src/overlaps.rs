//! Where the solid of a mesh may be enclosed more or less than once.

use platewright_model::stage::{FaultCode, MeshFault};

use crate::TriMesh;
use crate::inspect::{Nested, Survey};
use crate::joined::welded;

/// Pairs of shells whose surfaces run through one another, or one of which adds nothing to the
/// other. Sections through a mesh without such pairs have contours that neither cross nor
/// overlap, provided that the mesh is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlaps {
    /// The shell of each triangle; empty if there are no pairs.
    pub shell: Vec<u32>,
    /// Pairs of shells, ascending and without repeats; a shell with itself if it runs through
    /// itself, faces inwards, or lies within another's solid.
    pub pairs: Vec<[u32; 2]>,
}

impl Overlaps {
    /// Whether the faults of a mesh, as an inspection found them, leave room for overlaps.
    pub fn may_be(faults: &[MeshFault]) -> bool {
        faults.iter().filter(|fault| !fault.corrected).any(|fault| {
            matches!(
                fault.code,
                FaultCode::SelfIntersections
                    | FaultCode::OverlappingShells
                    | FaultCode::InternalShells
                    | FaultCode::InsideOut
            )
        })
    }
}

/// Finds the pairs of shells that overlap. Exact; about half a microsecond a triangle.
pub fn overlaps(mesh: &TriMesh) -> Overlaps {
    let (joined, _) = welded(mesh);
    let survey = Survey::new(joined.as_ref().unwrap_or(mesh));
    let shell = &survey.shells.number;
    let mut pairs: Vec<[u32; 2]> = survey
        .crossings
        .through
        .iter()
        .map(|pair| pair.map(|t| shell[t as usize]))
        .map(|[a, b]| [a.min(b), a.max(b)])
        .collect();
    if survey.crossings.cut {
        pairs.extend((0..survey.shells.list.len() as u32).map(|s| [s, s]));
    }
    let nested = Nested::new(&survey);
    pairs.extend(nested.overlapping().map(|s| [s as u32, s as u32]));
    pairs.sort_unstable();
    pairs.dedup();
    let shell = if pairs.is_empty() { Vec::new() } else { survey.shells.number };
    Overlaps { shell, pairs }
}
