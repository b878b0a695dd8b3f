//! Generators of parts, machines, nights and instances: the same seed gives the same bytes.

mod batches;
pub mod body;
mod closed;
mod error;
mod family;
pub mod faulty;
mod implicit;
mod kit;
mod night;
mod plates;
mod skin;
mod solid;
mod volumes;

pub use batches::{AmbOptions, MOST_PARTS, amb, batch_jobs, write_amb, write_batch_jobs};
pub use closed::fault;
pub use error::DatasetError;
pub use family::{Family, families};
pub use kit::write_kit;
pub use night::{
    GeneratedModel, GeneratedNight, MOST_UNITS, NightOptions, NightSize, PLANNING_TIME, night,
    random_night, write_night,
};
pub use plates::{plate_jobs, write_plate_jobs};
pub use volumes::{VolumeJob, volume_jobs, write_volume_jobs};
