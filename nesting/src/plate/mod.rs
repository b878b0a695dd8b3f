//! Nesting in the plane.
use platewright_model::config::PlateConfig;
use platewright_model::run::RunContext;

use crate::{Item, Nest, NestError, Problem};

/// Nests into at most `max_builds` plates.
pub fn nest_plate(_: &Problem, _max_builds: usize, _: &PlateConfig, _: &RunContext) -> Result<Nest, NestError> {
    Ok(Nest::default())
}

/// Whether one copy of `item` fits the empty plate of `problem`.
pub fn fits_plate(_item: &Item, _problem: &Problem, _: &PlateConfig) -> bool {
    true
}
