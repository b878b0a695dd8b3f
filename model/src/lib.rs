//! The nouns of the platform: ids, measures, orders, parts, machines, the eight stage types.
//!
//! No algorithms and no input or output live here. Everything that flows between two crates
//! is defined in this crate, so that the crates need not know one another.
//!
//! Frames and units: lengths are mm, angles radians, time integer seconds UTC, money integer
//! minor units of one currency per night. A build's frame has its origin at the front left
//! bottom corner of the build volume's bounding box, z up.

pub mod actuals;
pub mod batching;
pub mod boxes;
pub mod config;
pub mod cost;
pub mod draft;
pub mod error;
pub mod explain;
pub mod exposure;
pub mod geometry;
pub mod id;
pub mod machine;
pub mod material;
pub mod measure;
pub mod night;
pub mod oracle;
pub mod order;
pub mod pixels;
pub mod plate;
pub mod print_limits;
pub mod replan;
pub mod run;
pub mod search_step;
pub mod stage;
pub mod strip;
pub mod time;
pub mod validate;
pub mod volume;
