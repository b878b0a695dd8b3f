//! The search as a whole: a first plan, then rounds of annealing over regions.
//!
//! A round cuts the machines into regions of a few each, anneals them side by side, each with what
//! lies elsewhere held fast, and joins them again. The next round cuts in another way, so that all
//! machines meet in time. Regions, their seeds and their steps do not depend on the number of
//! threads.

use platewright_model::batching::{BatchPlan, BatchProblem, Certificate, Weights};
use platewright_model::error::InputFault;
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::validate::validate_batches;
use rand::SeedableRng;
use rand_pcg::Pcg32;
use rayon::prelude::*;

use crate::batching::anneal::anneal;
use crate::batching::bound;
use crate::batching::construct::construct;
use crate::batching::instance::Instance;
use crate::batching::levels::{self, Rank};
use crate::batching::plain::plain;
use crate::batching::plan::Plan;
use crate::batching::region::Region;
use crate::batching::regions::Cutter;
use crate::batching::replan::{Resumed, fill, resume};
use crate::error::SolverError;

/// Moves in a round for each copy of a region.
const MOVES_PER_COPY: u64 = 20;

/// Temperatures at first and at last, in parts of what a copy costs on average.
const HOT: f64 = 0.1;
const COLD: f64 = 0.004;

/// Rounds in a row without a copy that could move, after which a search ends.
const IDLE_MOST: u32 = 8;

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The plan.
    pub plan: BatchPlan,
    /// Improvements on the way.
    pub trace: Vec<SearchStep>,
    /// Moves tried.
    pub iterations: u64,
}

/// How a problem is solved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Whether half of the budget is spent on a proof of how good the plan is.
    pub prove: bool,
}

impl Settings {
    /// The context of the search itself, without the time that is for the proof.
    pub(crate) fn for_search(&self, ctx: &RunContext) -> RunContext {
        let mut limits = ctx.clone();
        if self.prove {
            limits.budget.time = ctx.budget.time.map(|t| t / 2);
        }
        limits
    }
}

/// Batches, machines and times, with a bound. Works in the calling thread's rayon pool; an
/// iteration of the budget is a move. Without a budget it ends with the first plan.
///
/// # Errors
/// [`SolverError::BadProblem`] for a problem that [`validate_batches`] finds fault with.
pub fn solve(
    problem: &BatchProblem,
    settings: &Settings,
    ctx: &RunContext,
) -> Result<Found, SolverError> {
    refuse_invalid(problem)?;
    Ok(solve_valid(problem, settings, ctx))
}

/// Refuses a problem that contradicts itself.
pub(crate) fn refuse_invalid(problem: &BatchProblem) -> Result<(), SolverError> {
    validate_batches(problem).map_err(bad_problem)
}

pub(crate) fn bad_problem(faults: Vec<InputFault>) -> SolverError {
    SolverError::BadProblem {
        first: faults.first().map(ToString::to_string).unwrap_or_default(),
        more: faults.len().saturating_sub(1),
    }
}

/// As [`solve`], for a problem that was made to be valid; it may lack machines, parts or people.
pub(crate) fn solve_valid(problem: &BatchProblem, settings: &Settings, ctx: &RunContext) -> Found {
    let inst = Instance::new(problem);
    let (mut best, mut trace, iterations) = search(problem, &inst, &settings.for_search(ctx));
    let mut plan = best.describe(&inst);
    let goal = &problem.objective;
    if goal.levels.is_empty() {
        bound_below(&mut plan, &inst, &best, settings, ctx);
    } else {
        plan.levels = plan.cost.levels(goal);
        // Only of the first level something can be said that holds for all plans.
        let first = inst.weighted(goal.first());
        best.settle(&first);
        bound_below(&mut plan, &first, &best, settings, ctx);
    }
    for step in &mut trace {
        step.bound = plan.bound as f64;
    }
    Found { plan, trace, iterations }
}

/// Tells below what the objective of an instance cannot be.
pub(crate) fn bound_below(
    told: &mut BatchPlan,
    inst: &Instance<'_>,
    plan: &Plan,
    settings: &Settings,
    ctx: &RunContext,
) {
    told.bound = plain(inst);
    if settings.prove
        && plan.cost > told.bound
        && let Some((certificate, bound)) = prove(inst, plan, ctx)
        && bound > told.bound
    {
        (told.bound, told.certificate) = (bound, Some(certificate));
    }
}

/// The best plan that is found for the instance of a problem, how it was found, and moves tried.
pub(crate) fn search(
    problem: &BatchProblem,
    inst: &Instance<'_>,
    ctx: &RunContext,
) -> (Plan, Vec<SearchStep>, u64) {
    if !problem.objective.levels.is_empty() {
        return levels::search(problem, inst, ctx);
    }
    let (start, focus) = begin(inst);
    let heat = start.cost as f64;
    let text = "moving parts between batches";
    let goal = &problem.objective;
    Stage { inst, goal, start, focus: focus.as_deref(), heat, text, ctx }.search()
}

/// A search from a plan on.
pub(crate) struct Stage<'a> {
    /// With the weights by which moves are priced.
    pub(crate) inst: &'a Instance<'a>,
    /// What plans are compared by.
    pub(crate) goal: &'a Weights,
    pub(crate) start: Plan,
    /// Machines that what changes has to do with; none named for a plan from scratch.
    pub(crate) focus: Option<&'a [bool]>,
    /// Cost, as moves are priced, of which temperatures are parts.
    pub(crate) heat: f64,
    /// What it does, for people.
    pub(crate) text: &'a str,
    pub(crate) ctx: &'a RunContext,
}

impl Stage<'_> {
    /// The best plan, how it was found, and moves tried.
    pub(crate) fn search(&self) -> (Plan, Vec<SearchStep>, u64) {
        let inst = self.inst;
        let search = |name: &str| {
            let mut search = Search { stage: self, trace: Vec::new(), done: 0 };
            let best = search.improve(self.start.clone(), self.ctx.seed_for(name));
            let best = if inst.stores.amounts.is_empty() { best } else { fill(inst, &best) };
            (best, search.trace, search.done)
        };
        // What is too small to be cut is searched twice, side by side.
        if Cutter::new(inst, Pcg32::seed_from_u64(0)).whole() {
            let (one, two) = rayon::join(|| search("one"), || search("two"));
            let rank = |plan: &Plan| Rank::of(plan, &plan.clone().settle(inst), self.goal);
            if rank(&two.0) < rank(&one.0) { two } else { one }
        } else {
            search("one")
        }
    }
}

/// Where the search begins. Where that is a plan in force, also the machines to which its changes
/// are limited, those that something has happened to; all if nothing has.
pub(crate) fn begin(inst: &Instance<'_>) -> (Plan, Option<Vec<bool>>) {
    if inst.held.batches.is_empty() {
        return (construct(inst), None);
    }
    let Resumed { plan, touched } = resume(inst);
    let all = touched.contains(&true);
    (plan, Some(if all { touched } else { vec![true; inst.machines.len()] }))
}

/// Proves as long as there is time, or for as many sweeps as there are moves for a copy.
fn prove(inst: &Instance<'_>, plan: &Plan, ctx: &RunContext) -> Option<(Certificate, i64)> {
    let moves = ctx.budget.iterations.map(|n| n / inst.copies().max(1) as u64);
    let sweeps = moves.map(|n| n.clamp(10, 5000) as usize);
    let cost = plan.cost.max(1) as f64;
    let begun = ctx.started.elapsed();
    bound::prove(inst, plan, |sweep, value| {
        let text = format!("proven to {:.1} %", 100.0 * (1.0 - value / cost).min(1.0));
        ctx.report("bound", sweep as u64, sweeps.unwrap_or(0) as u64, &text);
        if ctx.cancel.is_cancelled() || (sweeps.is_none() && ctx.budget.time.is_none()) {
            return 1.0;
        }
        let time = ctx.budget.time.map_or(0.0, |limit| {
            let left = limit.saturating_sub(begun).as_secs_f64();
            (ctx.started.elapsed() - begun).as_secs_f64() / left.max(1e-9)
        });
        time.max(sweeps.map_or(0.0, |most| sweep as f64 / most as f64))
    })
}

struct Search<'a> {
    stage: &'a Stage<'a>,
    trace: Vec<SearchStep>,
    done: u64,
}

impl Search<'_> {
    /// Notes a plan of a rank.
    fn note(&mut self, rank: &Rank) {
        self.trace.push(SearchStep {
            seconds: self.stage.ctx.started.elapsed().as_secs_f64(),
            iterations: self.done,
            objective: rank.levels[0] as f64,
            bound: 0.0,
        });
    }

    /// Share of the budget that is used.
    fn used(&self) -> f64 {
        let ctx = self.stage.ctx;
        let budget = &ctx.budget;
        if ctx.cancel.is_cancelled() || (budget.time.is_none() && budget.iterations.is_none()) {
            return 1.0;
        }
        let seconds = ctx.started.elapsed().as_secs_f64();
        let time = budget.time.map_or(0.0, |t| seconds / t.as_secs_f64().max(1e-9));
        let moves = budget.iterations.map_or(0.0, |n| self.done as f64 / n.max(1) as f64);
        time.max(moves)
    }

    fn improve(&mut self, mut plan: Plan, seed: u64) -> Plan {
        let Stage { inst, goal, focus, ctx, .. } = *self.stage;
        let cost = plan.settle(inst);
        let mut least = Rank::of(&plan, &cost, goal);
        self.note(&least);
        let placed = plan.at.iter().flatten().count();
        if placed == 0 {
            return plan;
        }
        let share = self.stage.heat / placed as f64;
        let mut cutter = Cutter::new(inst, Pcg32::seed_from_u64(seed));
        let mut best = plan.clone();
        let (mut round, mut idle) = (0_u64, 0);
        let mut hot = if focus.is_some() { COLD } else { HOT };
        loop {
            let used = self.used();
            if used >= 1.0 {
                break;
            }
            let temperature = share * hot * (COLD / hot).powf(used);
            let mut cuts = cutter.cut();
            if let Some(focus) = focus {
                cuts.retain(|machines| machines.iter().any(|m| focus[*m as usize]));
            }
            let stores = inst.stores_shared(&plan, &cuts);
            let annealed: Vec<(Region<'_>, u64)> = cuts
                .par_iter()
                .enumerate()
                .map(|(k, machines)| {
                    let mut region = Region::new(inst, &plan, machines);
                    region.stores = stores.clone();
                    let steps = MOVES_PER_COPY * region.units.len() as u64;
                    let seed = ctx.seed_for(&format!("{seed}/{round}/{k}"));
                    anneal(&mut region, steps, temperature, seed);
                    (region, steps)
                })
                .collect();
            // Where only what has started is left, or what lies elsewhere, nothing can move.
            let moved = annealed.iter().any(|(_, steps)| *steps > 0);
            idle = if moved { 0 } else { idle + 1 };
            if idle == IDLE_MOST {
                break;
            }
            for (region, steps) in &annealed {
                region.write(&mut plan);
                self.done += steps;
            }
            let cost = plan.settle(inst);
            let rank = Rank::of(&plan, &cost, goal);
            if rank < least {
                self.note(&rank);
                (best, least) = (plan.clone(), rank);
            } else if self.trace.len() == 1 && cuts.len() > 1 && hot > 2.0 * COLD {
                // Too hot: it would only undo what the first plan has done well.
                hot /= 2.0;
                plan = best.clone();
            }
            round += 1;
            ctx.report("batch", (used * 1000.0) as u64, 1000, self.stage.text);
        }
        best
    }
}
