//! Strip packing: outlines on a strip of given height, as short as possible.

mod construct;
mod search;
mod validate;

#[cfg(test)]
mod tests;

pub use search::{StripNest, nest_strip};
