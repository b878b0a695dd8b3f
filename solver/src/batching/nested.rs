//! Batches whose parts must be nested, not only be small enough together.
//!
//! As in logic-based Benders decomposition (Nascimento et al. 2024, European Journal of Operational
//! Research 317), but with a search for a master: it plans with sizes alone, each batch of its plan
//! is nested, and the smallest sets that do not fit are forbidden from then on.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use platewright_model::batching::BatchProblem;
use platewright_model::oracle::SetOracle;
use platewright_model::run::{Budget, RunContext};
use platewright_model::search_step::SearchStep;

use crate::batching::construct::construct;
use crate::batching::instance::Instance;
use crate::batching::levels::Rank;
use crate::batching::plain::plain;
use crate::batching::plan::Plan;
use crate::batching::search::{Found, refuse_invalid, search};
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

/// Batches, machines and times, every batch nested. Each part has one copy. Works in the calling
/// thread's rayon pool; an iteration of the budget is a round.
///
/// The plan prints one part a batch where no round came to an end in time.
///
/// # Errors
/// [`SolverError::BadProblem`]; [`SolverError::TooManyNested`].
pub fn solve_nested(
    problem: &BatchProblem,
    oracle: &dyn SetOracle,
    ctx: &RunContext,
) -> Result<Found, SolverError> {
    refuse_invalid(problem)?;
    let mut inst = Instance::new(problem);
    if inst.copies() > COPIES || problem.parts.iter().any(|p| p.copies != 1) {
        return Err(SolverError::TooManyNested { copies: inst.copies(), most: COPIES });
    }
    let mut known: BTreeMap<u128, bool> = BTreeMap::new();
    let mut best: Option<(Rank, Plan)> = None;
    let goal = &problem.objective;
    let least = plain(&inst.weighted(goal.first()));
    let (mut trace, mut rounds, mut dull, mut longer) = (Vec::new(), 0, 0, 1);
    while !ctx.should_stop(rounds) && dull < DULL {
        let mut own = ctx.clone();
        own.seed = ctx.seed_for(&format!("round {rounds}"));
        let moves = MOVES * longer * inst.copies() as u64;
        own.budget = Budget { time: None, iterations: Some(moves) };
        let (mut plan, _, _) = search(problem, &inst, &own);
        let cost = plan.settle(&inst);
        let rank = Rank::of(&plan, &cost, goal);
        rounds += 1;
        let cut = forbid(&mut inst, &plan, oracle, &mut known);
        longer = if cut { 1 } else { (longer * 2).min(LONGER_MOST) };
        if !cut && best.as_ref().is_none_or(|b| rank < b.0) {
            trace.push(SearchStep {
                seconds: ctx.started.elapsed().as_secs_f64(),
                iterations: rounds,
                objective: rank.levels[0] as f64,
                bound: 0.0,
            });
            (best, dull) = (Some((rank, plan)), 0);
        } else if !cut {
            dull += 1;
        }
        if goal.levels.is_empty() && best.as_ref().is_some_and(|b| b.1.cost <= least) {
            break;
        }
        let text = format!("{} sets do not fit", inst.forbidden.len());
        ctx.report("batch", rounds, 0, &text);
    }
    let best = best.map_or_else(|| alone(&mut inst), |best| best.1);
    let mut plan = best.describe(&inst);
    let levels = plan.cost.levels(goal);
    plan.bound = least.min(levels[0]);
    plan.levels = if goal.levels.is_empty() { Vec::new() } else { levels };
    Ok(Found { plan, trace, iterations: rounds })
}

/// Nests the batches of a plan; what does not fit is forbidden. Whether there was something.
fn forbid(
    inst: &mut Instance<'_>,
    plan: &Plan,
    oracle: &dyn SetOracle,
    known: &mut BTreeMap<u128, bool>,
) -> bool {
    let mut cut = false;
    for set in plan.lines.iter().flatten() {
        let mut fits = |copies: &[u32]| {
            let bits = copies.iter().map(|c| inst.bit(*c)).sum();
            *known.entry(bits).or_insert_with(|| {
                let mut parts: Vec<usize> =
                    copies.iter().map(|c| inst.part_of[*c as usize] as usize).collect();
                parts.sort_unstable();
                copies.len() == 1 || oracle.share(&parts)
            })
        };
        if fits(&set.copies) {
            continue;
        }
        // As few copies as do not fit together: that forbids most.
        let mut least = set.copies.clone();
        for copy in &set.copies {
            let rest: Vec<u32> = least.iter().copied().filter(|c| c != copy).collect();
            if !rest.is_empty() && !fits(&rest) {
                least = rest;
            }
        }
        let bits = least.iter().map(|c| inst.bit(*c)).sum();
        inst.forbidden.retain(|known| bits & !known != 0);
        inst.forbidden.push(bits);
        cut = true;
    }
    cut
}

/// A batch for each copy.
fn alone(inst: &mut Instance<'_>) -> Plan {
    let copies = inst.copies() as u32;
    let pairs = (0..copies).flat_map(|a| (0..a).map(move |b| (a, b)));
    inst.forbidden = pairs.map(|(a, b)| inst.bit(a) | inst.bit(b)).collect();
    construct(inst)
}
