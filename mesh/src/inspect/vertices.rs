//! Faults of vertices: unused, repeated, touching in nothing but a point.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::edges::counted;
use super::{Survey, fault, fault_at};
use crate::TriMesh;
use crate::topology::Topology;

/// Vertices whose triangles form more than one fan, away from edges that are themselves at fault.
pub(super) fn non_manifold_vertices(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let mesh = survey.mesh;
    let fans = fans(mesh, &survey.topology);
    let mut told = vec![false; mesh.vertices.len()];
    for edge in survey.topology.irregular_edges().filter(|edge| edge.len() > 1) {
        told[edge[0].edge.0 as usize] = true;
        told[edge[0].edge.1 as usize] = true;
    }
    let many: Vec<bool> = fans.of_vertex.iter().zip(told).map(|(&n, t)| n > 1 && !t).collect();
    let count = many.iter().filter(|&&m| m).count();
    if count == 0 {
        return;
    }
    let at = |t: &u32| mesh.triangles[*t as usize].iter().any(|&v| many[v as usize]);
    let triangles: Vec<u32> = (0..mesh.triangles.len() as u32).filter(at).collect();
    let text = format!(
        "{} where parts of the surface touch in nothing but that point",
        counted(count, "vertex", "vertices"),
    );
    let (code, severity) = (FaultCode::NonManifoldVertices, Severity::Warning);
    found.push(fault_at(code, severity, count, mesh, &triangles, text));
}

/// Vertices that no triangle uses.
pub(super) fn unreferenced(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let mesh = survey.mesh;
    let mut used = vec![false; mesh.vertices.len()];
    for &v in mesh.triangles.as_flattened() {
        used[v as usize] = true;
    }
    let count = used.iter().filter(|&&used| !used).count();
    if count > 0 {
        let at = used.iter().position(|&used| !used).map(|v| mesh.vertices[v].into());
        found.push(unused(count, at));
    }
}

/// The fault of vertices that no triangle uses.
pub(crate) fn unused(count: usize, at: Option<[f64; 3]>) -> MeshFault {
    let text = format!("no triangle uses {}", counted(count, "vertex", "vertices"));
    fault(FaultCode::UnreferencedVertices, Severity::Note, count as u32, at, text)
}

/// The fault of vertices with the same coordinates as others.
pub(crate) fn repeated(count: usize) -> MeshFault {
    let text = format!(
        "{} the coordinates of an earlier one",
        counted(count, "vertex has", "vertices have"),
    );
    fault(FaultCode::DuplicateVertices, Severity::Note, count as u32, None, text)
}

/// The fans of a mesh: triangles around a vertex, joined over regular edges.
pub(crate) struct Fans {
    /// Number of fans at each vertex.
    pub(crate) of_vertex: Vec<u32>,
    /// For each corner (3 a triangle) the number of its fan among those of its vertex, in order
    /// of their first corners; only filled where a vertex has several.
    pub(crate) of_corner: Vec<u32>,
}

/// Walks around every vertex.
pub(crate) fn fans(mesh: &TriMesh, topology: &Topology) -> Fans {
    const UNSEEN: u32 = u32::MAX;
    let corners = mesh.triangles.as_flattened();
    let mut of_vertex = vec![0_u32; mesh.vertices.len()];
    let mut of_corner = vec![UNSEEN; corners.len()];
    for first in 0..corners.len() as u32 {
        if of_corner[first as usize] != UNSEEN {
            continue;
        }
        let count = &mut of_vertex[corners[first as usize] as usize];
        let fan = *count;
        *count += 1;
        // The side that begins at a corner leads to the corner's neighbour one way round, the
        // side that ends at it the other way.
        let mut corner = first;
        while of_corner[corner as usize] == UNSEEN {
            of_corner[corner as usize] = fan;
            match topology.twin(corner) {
                Some(twin) => corner = next(twin),
                None => break,
            }
        }
        let mut corner = first;
        while let Some(twin) = topology.twin(previous(corner)) {
            corner = twin;
            if of_corner[corner as usize] != UNSEEN {
                break;
            }
            of_corner[corner as usize] = fan;
        }
    }
    Fans { of_vertex, of_corner }
}

/// The side after a side in its triangle.
fn next(s: u32) -> u32 {
    if s % 3 == 2 { s - 2 } else { s + 1 }
}

/// The side before a side in its triangle.
fn previous(s: u32) -> u32 {
    if s.is_multiple_of(3) { s + 2 } else { s - 1 }
}
