//! Tests of the crate: solids with known volumes, real models, packages there and back.

mod building;
mod comparing;
mod slicing;
pub(crate) mod solids;
mod soups;
