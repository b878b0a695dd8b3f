//! Volume nesting of solids: parts anywhere in as few builds as possible, then as low as possible.
//!
//! Parts become convex pieces at the rotations they may have ([`crate::solid`]), and so does what
//! lies outside of build volumes ([`space`]). A first filling takes the largest first, each as low
//! as it comes ([`lowest`]); then fewer builds are tried ([`crate::bins`]), and each is made lower
//! ([`lower`]).

mod answer;
mod bound;
mod lower;
mod lowest;
mod nest;
mod rotations;
mod sections;
mod space;
mod start;
mod straight;
mod task;
#[cfg(test)]
mod tests;
mod validate;
mod voxels;

pub use nest::{VolumeHeuristic, VolumeNest, nest_volumes};
pub use task::SolidMeshes;
