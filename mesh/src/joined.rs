//! Meshes whose vertices are all distinct.

use crate::TriMesh;
use crate::weld::Welder;

/// The mesh with vertices of the same coordinates joined, `None` if they are distinct already;
/// and how many vertices were repeats.
pub(crate) fn welded(mesh: &TriMesh) -> (Option<TriMesh>, usize) {
    let mut welder = Welder::with_capacity(mesh.vertices.len());
    let index: Vec<u32> = mesh.vertices.iter().map(|v| welder.add((*v).into())).collect();
    let repeated = mesh.vertices.len() - welder.vertices.len();
    if repeated == 0 {
        return (None, 0);
    }
    let triangles = mesh.triangles.iter().map(|t| t.map(|v| index[v as usize])).collect();
    (Some(TriMesh { vertices: welder.vertices, triangles }), repeated)
}
