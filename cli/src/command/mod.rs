//! One file a command.

pub(crate) mod backup;
pub(crate) mod calibrate;
pub(crate) mod check;
pub(crate) mod dataset;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod nest;
pub(crate) mod openapi;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod schedule;
pub(crate) mod serve;
pub(crate) mod slice;

mod model_file;
mod review;
mod saved;
