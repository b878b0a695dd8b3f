//! Generators of parts, machines and nights: the same seed gives the same bytes.

pub mod body;
mod closed;
mod family;
mod implicit;
mod skin;
mod solid;

pub use closed::fault;
pub use family::{Family, families};
