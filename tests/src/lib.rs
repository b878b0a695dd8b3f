//! What the integration tests share: nights planned, verified and written out again.

mod each;
mod random_batches;
mod random_night;
mod run;
mod shared;

pub use each::each;
pub use random_batches::{random_batches, try_random_batches};
pub use random_night::{Tried, faults, try_random_night};
pub use run::{Run, config, context, plan_again, plan_folder};
pub use shared::{Kept, kept};
