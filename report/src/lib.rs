//! Pictures and the self-contained report of a planned night.
//!
//! Shows what was decided and decides nothing: everything here is a pure function of the eight
//! stage types and the meshes.

pub mod page;
pub mod picture;

mod evidence;

pub use evidence::{Evidence, Figures};
