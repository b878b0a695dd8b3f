//! Nesting of true shapes into build volumes.
//!
//! Knows parts, volumes, clearances and rotations; knows no order, money, date or calendar.
//! [`nest_volume`] stacks parts in powder, [`nest_plate`] stands them side by side on plates.
//! [`nest_plates`] and [`nest_strip`] lay outlines on plates and on strips, [`nest_volumes`] puts
//! solids into build volumes and [`nest_boxes`] boxes into containers, as the literature does.

mod askew;
mod bins;
mod boxes;
mod builds;
mod error;
#[cfg(test)]
mod fixture;
mod footprint;
mod layers;
mod planar;
mod plates;
mod problem;
mod relaxed;
mod removal;
mod ring;
mod solid;
mod strip;
mod volume;

pub use boxes::{BoxNest, nest_boxes};
pub use builds::{SolidMeshes, VolumeHeuristic, VolumeNest, nest_volumes};
pub use error::NestError;
pub use footprint::{fits_plate, nest_plate};
pub use plates::{Heuristic, PlateNest, nest_plates};
pub use problem::{Item, Layout, Left, LeftReason, Nest, Placed, Problem};
pub use strip::{StripNest, nest_strip};
pub use volume::{fits_volume, nest_volume};
