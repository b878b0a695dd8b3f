//! Triangle meshes: reading, facts, silhouettes, voxels, writing.

mod trimesh;

pub use trimesh::TriMesh;
