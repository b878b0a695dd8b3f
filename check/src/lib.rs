//! The independent verifier of a planned night.
//!
//! It reads what was ordered and what was planned, and recomputes everything that a plan
//! claims with code of its own: slow, simple, shared with no planner. A fault of a planner
//! therefore shows here as a [`Violation`] and not as a fault of both.
//!
//! A plan may be damaged in any way: ids that lead nowhere, poses that are not numbers,
//! amounts near the ends of their range. All of that is a violation; nothing panics.

mod assignment;
mod batching;
mod boxes;
mod cost;
mod evidence;
mod facts;
mod geometry;
mod kept;
mod layer_area;
pub mod layer_truth;
mod orders;
mod packages;
mod placements;
mod plates;
mod rules;
mod schedule;
mod slices;
mod strip;
mod verify;
mod violation;
mod volumes;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod mutations;

pub use batching::{BatchFault, BatchPlace, BatchSpot, check_batches};
pub use boxes::{BoxFault, check_boxes};
pub use evidence::{Evidence, ReadFile};
pub use plates::{PlateFault, Spot, check_plates};
pub use strip::{StripFault, check_strip};
pub use verify::check;
pub use violation::{Rule, Violation};
pub use volumes::{Stand, VolumeFault, VolumeMeshes, check_volumes};
