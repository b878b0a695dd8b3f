//! Nesting in three dimensions.
use platewright_model::config::VolumeConfig;
use platewright_model::run::RunContext;

use crate::{Item, Nest, NestError, Problem};

/// Nests into at most `max_builds` volumes.
pub fn nest_volume(_: &Problem, _max_builds: usize, _: &VolumeConfig, _: &RunContext) -> Result<Nest, NestError> {
    Ok(Nest::default())
}

/// Whether one copy of `item` fits the empty volume of `problem`.
pub fn fits_volume(_item: &Item, _problem: &Problem, _: &VolumeConfig) -> bool {
    true
}
