//! The folder of a run: everything that came of a night, one file per table.
//!
//! ```text
//! run.json  night.json  events.ndjson
//! 10_orders.parquet  10_refused.json
//! 20_parts.parquet  20_faults.parquet  20_corrections.parquet  20_printability.json
//! 21_meshes.parquet
//! 30_groups.parquet  31_batches.parquet
//! 40_builds.parquet  41_placements.parquet  42_unplaced.parquet
//! 50_assignments.parquet
//! 60_schedule.parquet  61_deliveries.parquet
//! 70_slices/  builds.parquet  layers.parquet  and one layer file per build
//! 80_packages/  packages.parquet  and one package per build
//! ```
//!
//! `check`, `report` and `explain` work from this folder alone. What depends on the clock is in
//! `run.json` and `events.ndjson`; all other files are the same bytes for the same plan.

mod events;
mod folder;
mod geometry;
mod orders;
mod output;
mod parts;
mod plan;
mod record;
#[cfg(test)]
mod tests;

pub use events::EventLog;
pub use folder::RunDir;
pub use geometry::MeshData;
pub use record::{BudgetRecord, RunRecord, sha256_hex, stage_key};
