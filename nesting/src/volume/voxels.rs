//! From a mesh to its voxel set.

use platewright_mesh::{TriMesh, Voxels};

use super::shape::Shape;

/// Voxels that touch the solid, and the least corner of their box, mm. Closed cavities count
/// as solid where `fill_cavities` says so.
pub(super) fn voxelised(mesh: &TriMesh, pitch: f64, fill_cavities: bool) -> (Shape, [f64; 3]) {
    let voxels = Voxels::from_mesh(mesh, pitch, fill_cavities);
    (Shape::from_words(voxels.dims, voxels.words()), voxels.origin)
}
