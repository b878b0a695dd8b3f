//! Faults of single triangles: without area, or there more than once.

use nalgebra::Point3;
use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::edges::counted;
use super::{Survey, fault_at};
use crate::TriMesh;
use crate::topology::Topology;

/// Triangles without area.
pub(super) fn degenerate(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let mesh = survey.mesh;
    let flat: Vec<u32> = (0..mesh.triangles.len() as u32)
        .filter(|&t| is_degenerate(mesh.corners(t as usize)))
        .collect();
    if !flat.is_empty() {
        let text = format!("{} without area", counted(flat.len(), "triangle", "triangles"));
        let (code, severity) = (FaultCode::DegenerateTriangles, Severity::Note);
        found.push(fault_at(code, severity, flat.len(), mesh, &flat, text));
    }
}

/// Triangles that repeat another.
pub(super) fn duplicate(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let mesh = survey.mesh;
    let double = duplicates(mesh, &survey.topology);
    if !double.is_empty() {
        let text = format!(
            "{} the corners of an earlier one",
            counted(double.len(), "triangle has", "triangles have"),
        );
        let (code, severity) = (FaultCode::DuplicateTriangles, Severity::Warning);
        found.push(fault_at(code, severity, double.len(), mesh, &double, text));
    }
}

/// Whether a triangle has no area: a corner twice, or a height below a billionth of its longest
/// side.
pub(crate) fn is_degenerate(corners: [Point3<f64>; 3]) -> bool {
    let [a, b, c] = corners;
    let longest = (b - a).norm_squared().max((c - b).norm_squared()).max((a - c).norm_squared());
    (b - a).cross(&(c - a)).norm_squared() <= 1e-18 * longest * longest
}

/// Triangles with the same three corners as an earlier one, in either sense; ascending.
///
/// Only triangles that lie on one another with all three sides can be such, so no others are
/// compared.
pub(crate) fn duplicates(mesh: &TriMesh, topology: &Topology) -> Vec<u32> {
    let mut keyed: Vec<([u32; 3], u32)> = (0..mesh.triangles.len() as u32)
        .filter(|&t| topology.has_one_neighbour(t))
        .filter_map(|t| {
            let mut corners = mesh.triangles[t as usize];
            corners.sort_unstable();
            let distinct = corners[0] != corners[1] && corners[1] != corners[2];
            distinct.then_some((corners, t))
        })
        .collect();
    keyed.sort_unstable();
    let mut later: Vec<u32> =
        keyed.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1).collect();
    later.sort_unstable();
    later
}
