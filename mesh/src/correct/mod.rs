//! Corrections that do not change the shape.

mod orient;
#[cfg(test)]
mod tests;

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use crate::TriMesh;
use crate::inspect::{duplicates, fault};
use crate::weld::Welder;

/// A corrected mesh and what was corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The mesh after correction.
    pub mesh: TriMesh,
    /// What was corrected; empty if the mesh is as it was.
    pub made: Vec<MeshFault>,
}

/// Corrects what can be corrected without changing the shape.
///
/// Vertices with equal coordinates become one. Triangles that use a corner twice, and repeats of
/// a triangle, are dropped; flat triangles with three corners stay, because dropping them would
/// open the surface. Neighbours that disagree on the outside are turned so that they agree, with
/// as few turned as possible, and closed shells that face inwards are turned outwards. A shell
/// inside another keeps its role (body or cavity) where the file says it consistently; where it
/// does not, every second level of nesting is a cavity.
pub fn correct(mesh: &TriMesh) -> Correction {
    let mut made = Vec::new();
    let mut mesh = welded(mesh);
    let before = mesh.triangles.len();
    let at = mesh.triangles.iter().find(|t| uses_a_corner_twice(t)).map(|t| t[0]);
    mesh.triangles.retain(|t| !uses_a_corner_twice(t));
    let mut note = |code, count: usize, at: Option<u32>, text: &str, mesh: &TriMesh| {
        if count > 0 {
            let at = at.map(|v| mesh.vertices[v as usize].into());
            made.push(fault(code, Severity::Warning, count as u32, at, text));
        }
    };
    let text = "corrected: triangles that use a corner twice were dropped";
    note(FaultCode::DegenerateTriangles, before - mesh.triangles.len(), at, text, &mesh);

    let double = duplicates(&mesh);
    let at = double.first().map(|&t| mesh.triangles[t as usize][0]);
    drop_triangles(&mut mesh, &double);
    let text = "corrected: repeats of triangles were dropped";
    note(FaultCode::DuplicateTriangles, double.len(), at, text, &mesh);

    let turned = orient::make_consistent(&mut mesh);
    let at = turned.example.map(|t| mesh.triangles[t as usize][0]);
    let text = "corrected: triangles were turned to agree with their neighbours";
    note(FaultCode::InconsistentOrientation, turned.triangles, at, text, &mesh);

    let shells = orient::face_outwards(&mut mesh, turned);
    let at = shells.example.map(|t| mesh.triangles[t as usize][0]);
    let text = "corrected: shells that faced inwards were turned outwards";
    note(FaultCode::InsideOut, shells.shells, at, text, &mesh);
    Correction { mesh, made }
}

fn uses_a_corner_twice(t: &[u32; 3]) -> bool {
    t[0] == t[1] || t[1] == t[2] || t[2] == t[0]
}

fn welded(mesh: &TriMesh) -> TriMesh {
    let mut welder = Welder::with_capacity(mesh.vertices.len());
    let index: Vec<u32> = mesh.vertices.iter().map(|v| welder.add((*v).into())).collect();
    let triangles = mesh.triangles.iter().map(|t| t.map(|v| index[v as usize])).collect();
    TriMesh { vertices: welder.vertices, triangles }
}

/// Drops triangles by their sorted numbers.
fn drop_triangles(mesh: &mut TriMesh, sorted: &[u32]) {
    if sorted.is_empty() {
        return;
    }
    let mut t = 0;
    mesh.triangles.retain(|_| {
        let keep = sorted.binary_search(&t).is_err();
        t += 1;
        keep
    });
}
