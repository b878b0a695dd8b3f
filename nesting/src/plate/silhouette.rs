//! Silhouettes of meshes as rings.

use platewright_mesh::TriMesh;

use super::plane::Ring;

/// A silhouette: outer contours, counter-clockwise, and the area less holes, mm². Holes are not
/// kept: no other part is stood inside them.
pub(super) struct Silhouette {
    pub(super) rings: Vec<Ring>,
    pub(super) area: f64,
}

/// The projection of a mesh along z.
pub(super) fn silhouette(mesh: &TriMesh) -> Silhouette {
    let regions = platewright_mesh::silhouette(mesh);
    let area = regions.iter().map(platewright_mesh::Polygon::area).sum();
    Silhouette { rings: regions.into_iter().map(|p| p.outer).collect(), area }
}
