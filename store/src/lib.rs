//! Files of the platform: nights as people write them, runs as planners leave them.
//!
//! - [`night`]: the folder of a night (JSON, CSV or Parquet) and its model files;
//! - [`run`]: the folder of a run: one Parquet file per table of a stage, written atomically,
//!   the same bytes for the same content;
//! - [`write_layer_facts`]: facts and figures of layers as a table;
//! - [`read_instance`]: instances of nesting, published ones too, and what is found for them;
//! - [`read_batch_problem`]: batch scheduling problems, published ones too, and their plans;
//! - [`actuals`]: what centres post back of their jobs;
//! - [`schemas`]: JSON Schemas of the night's files, committed under `schemas/`.

pub mod actuals;
mod batching;
mod boxes;
mod disk;
mod error;
mod instance;
mod layer_facts;
pub mod night;
mod plate;
pub mod run;
pub mod schemas;
mod search_trace;
mod strip;
mod table;
mod volume;

pub use batching::{
    read_batch_plan, read_batch_problem, read_nested_batches, write_batch_plan, write_batch_problem,
};
pub use boxes::write_box_layout;
pub use disk::write_atomic;
pub use error::StoreError;
pub use instance::{Instance, read_instance};
pub use layer_facts::{LayerStack, write_layer_facts};
pub use plate::{read_plate_layout, read_plates, write_plate_layout};
pub use search_trace::write_search_trace;
pub use strip::{read_strip, write_strip_layout};
pub use volume::{read_volume_layout, write_volume_layout};
