//! Where triangles lie: a box tree and the questions asked of it.

mod order;
mod tree;

pub(crate) use tree::{BoxTree, LANES, Splat, bits};

#[cfg(test)]
mod tests;
