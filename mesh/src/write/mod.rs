//! Writing of meshes and builds.

mod marked;
mod mesh_xml;
mod number;
mod obj;
mod package;
mod sliced;
mod stl;
mod threemf;

pub use marked::{Mark, write_marked_3mf};
pub use obj::write_obj;
pub use sliced::{SliceRun, SlicedBuild, SlicedObject, SlicedThreeMf, put_slice};
pub use stl::write_stl;
pub use threemf::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, three_mf_members, write_3mf};
