//! Nesting of true shapes in powder: parts may stand anywhere in the volume.
//!
//! Parts become conservative voxel sets (every voxel that touches the solid is set), one for
//! each allowed rotation. The occupancy of a build is a bitset in rows along x, enlarged by the
//! clearance, so that disjoint voxels prove the clearance between the true meshes. All
//! positions of a row are tried at once: the blocked ones are the OR of shifted occupancy rows
//! over the part's runs. A part goes as low as it comes, or a little higher where more of its
//! surface lies against others. A constructive start (several orders) is followed by improvement
//! steps that take parts out and put them back; the best plan is always kept.

mod construct;
mod contact;
mod corners;
mod grid;
mod improve;
mod kind;
mod mend;
mod nest;
mod orders;
mod orient;
mod plan;
mod probe;
mod relief;
mod room;
mod ruin;
mod shape;
mod voxels;

#[cfg(test)]
mod tests;

pub use nest::{fits_volume, nest_volume};
