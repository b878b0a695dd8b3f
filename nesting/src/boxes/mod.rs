//! Boxes in containers: quick estimates, and published instances.
//!
//! Boxes are made up into blocks with little or no waste ([`block`]). A container is filled block
//! by block: of the largest boxes that are still empty ([`space`]) the one nearest to a corner
//! gets the block that loses the least ([`load`]). A beam of partial loadings is carried on, each
//! judged by what greedy filling makes of it ([`beam`]).

mod beam;
mod block;
mod bound;
mod load;
mod nest;
mod space;
#[cfg(test)]
mod tests;

pub use nest::{BoxNest, nest_boxes};
