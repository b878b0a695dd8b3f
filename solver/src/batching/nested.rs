//! Batches whose parts must be nested, not only be small enough together.
//!
//! As in logic-based Benders decomposition (Nascimento et al. 2024, European Journal of Operational
//! Research 317), but with a search for a master: it plans with sizes alone, each batch of its plan
//! is nested, and the smallest sets that do not fit are forbidden from then on. Batches are kept
//! well below their capacity at first, where nearly all sets fit, and may become fuller as soon as
//! that is what a better plan needs: the fuller, the more sets have to be forbidden one by one.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Mutex;

use platewright_model::batching::BatchProblem;
use platewright_model::oracle::SetOracle;
use platewright_model::run::{Budget, RunContext};
use platewright_model::search_step::SearchStep;
use rayon::prelude::*;

use crate::batching::construct::construct;
use crate::batching::instance::Instance;
use crate::batching::plain::{late_alone, plain};
use crate::batching::plan::Plan;
use crate::batching::search::{Found, Settings, bound_below, refuse_invalid, search};
use crate::error::SolverError;

/// Most copies: each is a bit.
const COPIES: usize = 128;

/// Moves of a round for each copy: few as long as sets are forbidden in every round, more the
/// longer none was.
const MOVES: u64 = 1_500;

/// How much longer a round is at most.
const LONGER_MOST: u64 = 16;

/// Rounds without a better plan after which no more are tried.
const DULL: u32 = 25;

/// Rounds without a better plan after which batches may be fuller.
const DULL_HERE: u32 = 3;

const NO_PANIC: &str = "no holder of the lock panics";

/// How full batches may be at first, and by how much fuller then, in percent of the capacity.
const FULL_FIRST: i64 = 70;
const FULLER: i64 = 5;

/// Batches, machines and times, every batch nested. Each part has one copy. Works in the calling
/// thread's rayon pool; an iteration of the budget is a round. A proof is of the problem without
/// nesting, which costs no more. Levels of the objective are taken as one sum.
///
/// The plan prints one part a batch where no round came to an end in time.
///
/// # Errors
/// [`SolverError::BadProblem`]; [`SolverError::TooManyNested`].
pub fn solve_nested(
    problem: &BatchProblem,
    oracle: &dyn SetOracle,
    settings: &Settings,
    ctx: &RunContext,
) -> Result<Found, SolverError> {
    refuse_invalid(problem)?;
    let mut problem = problem.clone();
    problem.objective.levels.clear();
    let problem = &problem;
    let mut inst = Instance::new(problem);
    if inst.copies() > COPIES || problem.parts.iter().any(|p| p.copies != 1) {
        return Err(SolverError::TooManyNested { copies: inst.copies(), most: COPIES });
    }
    let limits = settings.for_search(ctx);
    let mut rounds = Rounds::new(&inst, oracle);
    rounds.run(problem, &mut inst, &limits);
    let best = rounds.best.unwrap_or_else(|| alone(&mut inst));
    let (mut trace, iterations) = (rounds.trace, rounds.done);
    let mut plan = best.describe(&inst);
    bound_below(&mut plan, &Instance::new(problem), &best, settings, ctx);
    for step in &mut trace {
        step.bound = plan.bound as f64;
    }
    Ok(Found { plan, trace, iterations })
}

/// What rounds have found so far.
struct Rounds<'a> {
    oracle: &'a dyn SetOracle,
    /// Sets that were nested, and whether they fit.
    known: Mutex<BTreeMap<u128, bool>>,
    best: Option<Plan>,
    trace: Vec<SearchStep>,
    done: u64,
    /// Capacities of the machines; what a batch may fill of them, in percent.
    capacities: Vec<i64>,
    full: i64,
}

impl<'a> Rounds<'a> {
    fn new(inst: &Instance<'_>, oracle: &'a dyn SetOracle) -> Self {
        Self {
            oracle,
            known: Mutex::default(),
            best: None,
            trace: Vec::new(),
            done: 0,
            capacities: inst.machines.iter().map(|m| m.capacity).collect(),
            full: FULL_FIRST,
        }
    }

    /// Rounds until nothing better is found or possible.
    fn run(&mut self, problem: &BatchProblem, inst: &mut Instance<'_>, ctx: &RunContext) {
        let least = plain(inst).max(late_alone(inst));
        let (mut dull, mut longer) = (0, 1);
        while !ctx.should_stop(self.done) && dull < DULL {
            self.limit(inst);
            let mut own = ctx.clone();
            own.seed = ctx.seed_for(&format!("round {}", self.done));
            let moves = MOVES * longer * inst.copies() as u64;
            own.budget = Budget { time: None, iterations: Some(moves) };
            let (plan, _, _) = search(problem, inst, &own);
            self.done += 1;
            let better = self.best.as_ref().is_none_or(|best| plan.cost < best.cost);
            // What is no better need not be nested.
            let cut = better && self.forbid(inst, &plan);
            if better && !cut {
                self.keep(plan, ctx);
                dull = 0;
            } else if better {
                longer = 1;
                dull = 0;
                // A first plan is worth more than a full one: none at all is the worst there is.
                if self.best.is_none() {
                    self.full = (self.full - FULLER).max(FULLER);
                }
            } else {
                longer = (longer * 2).min(LONGER_MOST);
                dull += 1;
                if dull % DULL_HERE == 0 && self.full < 100 {
                    (self.full, dull, longer) = ((self.full + FULLER).min(100), 0, 1);
                }
            }
            if self.best.as_ref().is_some_and(|best| best.cost <= least) {
                break;
            }
            let text = format!("{} sets do not fit", inst.forbidden.len());
            ctx.report("batch", self.done, 0, &text);
        }
        for (machine, capacity) in inst.machines.iter_mut().zip(&self.capacities) {
            machine.capacity = *capacity;
        }
    }

    /// Limits batches to what they may fill now, and to no less than any part needs.
    fn limit(&self, inst: &mut Instance<'_>) {
        for m in 0..inst.machines.len() {
            let sizes = (0..inst.problem.parts.len() as u32).map(|part| inst.load(part, m).size);
            let capacity = self.capacities[m];
            let largest = sizes.filter(|size| *size <= capacity).max().unwrap_or(0);
            let full = i128::from(capacity) * i128::from(self.full) / 100;
            inst.machines[m].capacity = i64::try_from(full).unwrap_or(capacity).max(largest);
        }
    }

    fn keep(&mut self, plan: Plan, ctx: &RunContext) {
        self.trace.push(SearchStep {
            seconds: ctx.started.elapsed().as_secs_f64(),
            iterations: self.done,
            objective: plan.cost as f64,
            bound: 0.0,
        });
        self.best = Some(plan);
    }

    /// Nests the batches of a plan; what does not fit is forbidden. Whether there was something.
    fn forbid(&self, inst: &mut Instance<'_>, plan: &Plan) -> bool {
        let sets: Vec<&Vec<u32>> = plan.lines.iter().flatten().map(|set| &set.copies).collect();
        let unfit: Vec<u128> =
            sets.into_par_iter().filter_map(|copies| self.unfit(inst, copies)).collect();
        for bits in &unfit {
            inst.forbidden.retain(|known| bits & !known != 0);
            inst.forbidden.push(*bits);
        }
        !unfit.is_empty()
    }

    /// Of copies that do not fit together, as few as do not: that forbids most.
    fn unfit(&self, inst: &Instance<'_>, copies: &[u32]) -> Option<u128> {
        if self.fits(inst, copies) {
            return None;
        }
        let mut least = copies.to_vec();
        for copy in copies {
            let rest: Vec<u32> = least.iter().copied().filter(|c| c != copy).collect();
            if !rest.is_empty() && !self.fits(inst, &rest) {
                least = rest;
            }
        }
        Some(least.iter().map(|c| inst.bit(*c)).sum())
    }

    fn fits(&self, inst: &Instance<'_>, copies: &[u32]) -> bool {
        let bits = copies.iter().map(|c| inst.bit(*c)).sum();
        if let Some(known) = self.known.lock().expect(NO_PANIC).get(&bits) {
            return *known;
        }
        let mut parts: Vec<usize> =
            copies.iter().map(|c| inst.part_of[*c as usize] as usize).collect();
        parts.sort_unstable();
        let fits = copies.len() == 1 || self.oracle.share(&parts);
        self.known.lock().expect(NO_PANIC).insert(bits, fits);
        fits
    }
}

/// A batch for each copy.
fn alone(inst: &mut Instance<'_>) -> Plan {
    let copies = inst.copies() as u32;
    let pairs = (0..copies).flat_map(|a| (0..a).map(move |b| (a, b)));
    inst.forbidden = pairs.map(|(a, b)| inst.bit(a) | inst.bit(b)).collect();
    construct(inst)
}
