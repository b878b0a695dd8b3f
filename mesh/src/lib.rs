//! Triangle meshes: reading, facts, silhouettes, voxels, writing.

mod polygon;
mod trimesh;

pub use polygon::{Polygon, ring_area};
pub use trimesh::TriMesh;
