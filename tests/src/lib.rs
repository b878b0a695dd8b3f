//! What the integration tests share: nights planned, verified and written out again.

mod run;
mod shared;

pub use run::{Run, config, context, plan_folder};
pub use shared::{Kept, kept};
