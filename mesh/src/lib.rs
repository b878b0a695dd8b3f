//! Triangle meshes: reading, facts, silhouettes, voxels, writing.
//!
//! Coordinates are mm once a model is read. Reading trusts nothing: every limit is checked
//! against what a file really holds, never against what it says of itself.

mod archive;
mod boundary;
mod correct;
mod edge_facts;
mod error;
mod facets;
mod file_map;
#[cfg(test)]
mod fixtures;
mod format;
mod inspect;
mod intersect;
mod joined;
mod measure;
mod overhang;
mod overlaps;
mod part;
mod polygon;
mod printability;
mod read;
mod seams;
mod shells;
mod silhouette;
mod source;
mod spatial;
mod thickness;
mod topology;
mod trimesh;
mod unit_guess;
mod voxel;
mod weld;
mod wrap;
mod write;

pub use archive::ZipMembers;
pub use correct::{Correction, correct, correct_distinct};
pub use edge_facts::{EdgeFacts, edge_facts};
pub use error::MeshError;
pub use facets::{FacetList, Facets};
pub use file_map::MappedFile;
pub use format::threemf::{ReadItem, ReadSlice, ReadSlices, read_3mf_items, read_3mf_slices};
pub use inspect::{Inspection, inspect};
pub use intersect::{Meeting, intersecting_pairs};
pub use measure::{Measures, measure};
pub use overlaps::{Overlaps, overlaps};
pub use part::{load_part, unreadable};
pub use polygon::{Polygon, ring_area};
pub use printability::{PrintNeeds, printability};
pub use read::{ReadModel, read_model};
pub use shells::without_cavities;
pub use silhouette::silhouette;
pub use source::Source;
pub use trimesh::TriMesh;
pub use voxel::Voxels;
pub use wrap::wrap;
pub use write::{
    Mark, SliceRun, SlicedBuild, SlicedObject, SlicedThreeMf, ThreeMfBuild, ThreeMfItem,
    ThreeMfObject, put_slice, three_mf_members, write_3mf, write_marked_3mf, write_obj, write_stl,
};
