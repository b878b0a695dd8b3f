//! Whether the parts of a batch fit a plate together: asked of plate nesting.

use std::collections::BTreeMap;
use std::sync::Mutex;

use platewright_model::oracle::SetOracle;
use platewright_model::plate::{PlateLayout, PlateProblem};
use platewright_model::run::RunContext;
use platewright_nesting::{Heuristic, nest_plates};

/// Steps of a nest: what does not fit costs them all, so that more leave less time to plan.
const STEPS: u64 = 3_000;

const NO_PANIC: &str = "no holder of the lock panics";

/// The parts of batches on one kind of plate, and the layouts that were found.
#[derive(Debug)]
pub struct PlateOracle<'a> {
    parts: &'a PlateProblem,
    ctx: RunContext,
    layouts: Mutex<BTreeMap<Vec<usize>, PlateLayout>>,
}

impl<'a> PlateOracle<'a> {
    /// For the parts of a problem, one copy of each on its plate. Of `ctx`, only the seed and the
    /// cancellation count.
    pub fn new(parts: &'a PlateProblem, ctx: &RunContext) -> Self {
        let mut own = RunContext::with_iterations(ctx.seed, STEPS);
        own.cancel = ctx.cancel.clone();
        Self { parts, ctx: own, layouts: Mutex::default() }
    }

    /// Some of the parts as a problem of their own, in the order of `parts`.
    pub fn problem(&self, parts: &[usize]) -> PlateProblem {
        let some = parts.iter().map(|p| self.parts.parts[*p].clone()).collect();
        PlateProblem { parts: some, ..self.parts.clone() }
    }

    /// The layout of a set that was found to fit.
    pub fn layout(&self, parts: &[usize]) -> Option<PlateLayout> {
        self.layouts.lock().expect(NO_PANIC).get(parts).cloned()
    }
}

impl SetOracle for PlateOracle<'_> {
    fn share(&self, parts: &[usize]) -> bool {
        let problem = self.problem(parts);
        let Ok(nest) = nest_plates(&problem, None, Heuristic::Full, &self.ctx) else {
            return false;
        };
        let fits = nest.layout.plates.len() == 1 && nest.layout.placed() == parts.len();
        if fits {
            self.layouts.lock().expect(NO_PANIC).insert(parts.to_vec(), nest.layout);
        }
        fits
    }
}
