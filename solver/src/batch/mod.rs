//! stub
use crate::facts::Facts;
use platewright_model::config::{Objective, SolverConfig};
use platewright_model::oracle::FitOracle;
use platewright_model::run::RunContext;
use platewright_model::stage::{Batch, PrintingGroup, Unplaced};
/// stub
pub fn batch(
    _facts: &Facts<'_>,
    _groups: &[PrintingGroup],
    _fit: &dyn FitOracle,
    _cfg: &SolverConfig,
    _objective: &Objective,
    _ctx: &RunContext,
) -> (Vec<Batch>, Vec<Unplaced>) {
    (Vec::new(), Vec::new())
}
