//! Writing of meshes and builds.

mod stl;
mod threemf;

pub use stl::write_stl;
pub use threemf::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, three_mf_members, write_3mf};
