//! Plate nesting: outlines side by side on as few plates as possible.
//!
//! Outlines are prepared ([`task`]), a first layout is laid from the left ([`bottom_left`]), many
//! copies of one part in rows that repeat ([`lattice`]), and then fewer plates are tried
//! ([`full`]): parts are split over them by area ([`split`]), overlap on purpose, are moved apart
//! plate by plate ([`plate`]) and exchanged between plates that do not come free ([`settle`]).
//! What may be left out goes where there is room ([`rest`]), and plates are filled as asked
//! ([`spread`]). No answer can cost less than the bound ([`bound`]).

mod answer;
mod area;
mod bottom_left;
mod bound;
mod effort;
mod full;
mod heuristic;
mod kind;
mod lattice;
mod plate;
mod rest;
mod settle;
mod split;
mod spread;
mod start;
mod task;
#[cfg(test)]
mod tests;
mod validate;

pub use full::{PlateNest, nest_plates};
pub(crate) use full::{fit, nest_keeping};
pub use heuristic::Heuristic;
