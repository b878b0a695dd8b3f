//! Pictures and the self-contained report of a planned night.
//!
//! Shows what was decided and decides nothing: everything here is a pure function of the eight
//! stage types and the meshes.

pub mod page;
pub mod picture;

mod evidence;
mod plate;
mod strip;

pub use evidence::{Evidence, Figures};
pub use plate::plate_svg;
pub use strip::strip_svg;
