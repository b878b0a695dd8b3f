//! The library's way: slower, but at home in every special position.

use manifold_rust::manifold::Manifold;
use manifold_rust::types::{MeshGL64, WindingRule};
use nalgebra::Point3;

use crate::TriMesh;

/// The most triangles that are given to the library: it takes about 15 µs and 1 KB for each.
pub(super) const MOST_TRIANGLES: usize = 400_000;
/// The most pairs that may meet in them: each makes new triangles, which meet again.
pub(super) const MOST_PAIRS: usize = 100_000;

/// Rebuilds a closed surface around what it encloses.
///
/// The library works with an exact arrangement of the triangles and winding numbers of its
/// cells (manifold-rust, `rebuild_solid`).
pub(super) fn rebuilt(mesh: &TriMesh) -> Option<TriMesh> {
    let mut input = MeshGL64 { num_prop: 3, ..Default::default() };
    input.vert_properties = mesh.vertices.iter().flat_map(|p| [p.x, p.y, p.z]).collect();
    input.tri_verts = mesh.triangles.as_flattened().iter().map(|&v| u64::from(v)).collect();
    let solid = Manifold::from_mesh_gl64_robust(&input).rebuild_solid(WindingRule::Positive);
    if solid.is_empty() {
        return None;
    }
    let output = solid.get_mesh_gl64(-1);
    let width = usize::try_from(output.num_prop).ok()?;
    let vertices =
        output.vert_properties.chunks_exact(width).map(|p| Point3::new(p[0], p[1], p[2])).collect();
    let (triangles, _) = output.tri_verts.as_chunks::<3>();
    let triangles: Vec<[u32; 3]> = triangles.iter().map(|t| t.map(|v| v as u32)).collect();
    Some(TriMesh { vertices, triangles })
}
