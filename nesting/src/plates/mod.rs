//! Plate nesting: outlines side by side on as few plates as possible.
//!
//! Outlines are prepared ([`task`]), a first layout is laid from the left ([`bottom_left`]), many
//! copies of one part in rows that repeat ([`lattice`]), and then fewer plates are tried
//! ([`crate::bins`]).

mod answer;
mod area;
mod bottom_left;
mod full;
mod heuristic;
mod kind;
mod lattice;
mod start;
mod task;
#[cfg(test)]
mod tests;
mod validate;

pub use full::{PlateNest, nest_plates};
pub(crate) use full::{fit, nest_keeping};
pub use heuristic::Heuristic;
