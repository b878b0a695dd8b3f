//! Files of the platform: nights as people write them, runs as planners leave them.
//!
//! - [`night`]: the folder of a night (JSON, CSV or Parquet) and its model files;
//! - [`run`]: the folder of a run: one Parquet file per table of a stage, written atomically,
//!   the same bytes for the same content;
//! - [`write_layer_facts`]: facts and figures of layers as a table;
//! - [`read_instance`]: plate problems and published instances of strip packing, and what is found
//!   for them;
//! - [`actuals`]: what centres post back of their jobs;
//! - [`schemas`]: JSON Schemas of the night's files, committed under `schemas/`.

pub mod actuals;
mod disk;
mod error;
mod layer_facts;
pub mod night;
mod plate;
pub mod run;
pub mod schemas;
mod search_trace;
mod strip;
mod table;

pub use disk::write_atomic;
pub use error::StoreError;
pub use layer_facts::{LayerStack, write_layer_facts};
pub use plate::{Instance, read_instance, read_plate_layout, read_plates, write_plate_layout};
pub use search_trace::write_search_trace;
pub use strip::{read_strip, write_strip_layout};
