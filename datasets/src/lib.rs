//! Generators of parts, machines and nights: the same seed gives the same bytes.

pub mod body;
mod closed;
mod implicit;

pub use closed::fault;
