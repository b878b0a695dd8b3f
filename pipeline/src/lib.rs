//! The order of stages. Nothing else in the workspace knows it.
//!
//! [`plan_night`] runs the eight stages of a night; [`save`] and [`load`] keep a plan in a run
//! folder and bring it back; [`verify`], [`report`], [`explain`] and [`shortage`] answer questions
//! about it.

mod capacity;
mod error;
mod explain;
mod finish;
mod fit;
mod in_force;
mod inspect;
mod layer;
mod nest;
mod nested;
mod placed;
mod plan;
mod refit;
mod round;
mod run_folder;
mod show;

pub use capacity::{Shortage, shortage};
pub use error::PipelineError;
pub use explain::{Answer, explain};
pub use in_force::InForce;
pub use inspect::{Meshes, inspect_model, inspect_models};
pub use layer::layer_svg;
pub use nested::PlateOracle;
pub use placed::PlacedParts;
pub use plan::{ModelSource, Plan, Sink, plan_night};
pub use refit::{MachineRefit, Refit, refit};
pub use run_folder::{NightModels, SavedRun, load, restore, save, stage_keys, unpacking};
pub use show::{figures, picture, report, verify};
