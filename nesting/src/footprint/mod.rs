//! Meshes on plates: footprints of parts, nested as outlines, and the poses that come of it.
//!
//! A part lies on the first of its faces on which it fits the plate at all; its footprint is its
//! silhouette there ([`lying`]). Build volumes become plates and footprints become outlines
//! ([`plan`]), which [`crate::nest_plates`] nests.

mod lying;
mod nest;
mod plan;
#[cfg(test)]
mod tests;

pub use nest::{fits_plate, nest_plate};
