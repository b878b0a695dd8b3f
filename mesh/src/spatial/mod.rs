//! Where triangles lie: a box tree and the questions asked of it.

mod near;
mod order;
mod tree;
mod winding;

pub(crate) use tree::{BoxTree, LANES, Splat, bits};
pub(crate) use winding::{winding_by, winding_of};

#[cfg(test)]
mod tests;
