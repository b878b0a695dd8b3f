//! The truth about single layers: cuts of meshes, slow, simple and without linking contours.
//!
//! What a slicer says of a layer is judged by this. It links nothing, rounds nothing to a grid
//! and trusts no adjacency: every triangle is asked for its segment of the cut, and areas come
//! from the bare set of directed segments. Double precision throughout; frame and unit are those
//! of the mesh, mm.
//!
//! - [`Cut`]: the segments of one height, their signed area, length and winding numbers;
//! - [`CutAreas`]: exact areas of the regions that the three fill rules call solid;
//! - [`layer_areas`]: these areas at many heights.

mod cut;
mod slabs;
#[cfg(test)]
mod tests;

pub use cut::{Cut, layer_areas};
pub use slabs::CutAreas;
