//! Batches of parts on machines of many centres: what is printed together, where and when.

mod anneal;
mod bound;
mod calendar;
mod construct;
#[cfg(test)]
mod fixture;
mod instance;
mod moves;
mod nested;
mod plan;
mod rebuild;
mod region;
mod regions;
mod search;
#[cfg(test)]
mod tests;
mod trial;

pub use nested::solve_nested;
pub(crate) use search::solve_valid;
pub use search::{Found, Settings, solve};
