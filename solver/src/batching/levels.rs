//! A search by levels: of two plans that is better whose first level costs less; where that is
//! equal, whose second does; and so on.
//!
//! Each level has a stage of its own, with temperatures of its own scale. In it, what the search
//! has to price is one sum: levels above are multiplied, so that a plan as cheap as the one at
//! hand costs no more at any of them. That is sure if a unit of a level is worth more than all
//! that the plan at hand costs at the levels below: of whole numbers, `M a + b ≤ M a₁ + b₁` with
//! `M > b₁` asks for `a ≤ a₁`. Where 64 bits do not hold as much, it is as much as they hold. What
//! is kept is decided by the levels themselves in any case.

#[cfg(test)]
mod tests;

use platewright_model::batching::{BatchCost, BatchProblem, Term, Weights};
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::validate::batch_term_most;

use crate::batching::instance::Instance;
use crate::batching::plan::Plan;
use crate::batching::search::{Stage, begin};

/// Most that a sum may come to: half of what it may where there are no levels, as there it is a
/// rare problem that comes near it, and here every one may.
const SUM_MAX: i128 = 1 << 60;

/// How many units of a level one of the level above must be worth at least, in powers of 2, for
/// levels below that of the stage to count.
const WORTH: u32 = 10;

/// What plans are compared by, the less the better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// Copies left out for lack of feedstock: to print less is not to be cheaper.
    pub(crate) unplaced: usize,
    /// Cost by level.
    pub(crate) levels: Vec<i64>,
}

impl Rank {
    /// Of a plan with its cost. Without levels it is the cost alone.
    pub(crate) fn of(plan: &Plan, cost: &BatchCost, goal: &Weights) -> Self {
        let left = || plan.at.iter().filter(|at| at.is_none()).count();
        let unplaced = if goal.levels.is_empty() { 0 } else { left() };
        Self { unplaced, levels: cost.levels(goal) }
    }
}

/// The best plan that is found, how it was found, and moves tried.
pub(crate) fn search(
    problem: &BatchProblem,
    inst: &Instance<'_>,
    ctx: &RunContext,
) -> (Plan, Vec<SearchStep>, u64) {
    let goal = &problem.objective;
    let sums = Sums::of(problem);
    let levels = sums.most.len();
    let (mut best, mut rank, focus) = first_plan(problem, inst);
    let (mut trace, mut done) = (Vec::new(), 0);
    for level in 0..levels {
        let value = rank.levels[level];
        // Nothing costs less than nothing.
        if value == 0 {
            continue;
        }
        let times = sums.multipliers(&rank.levels, level);
        let inst_now = inst.weighted(goal.multiplied(&times));
        let to_come = sums.costs[level..].iter().filter(|costs| **costs).count();
        let limits = share(ctx, done, to_come as u64);
        let mut start = best.clone();
        start.settle(&inst_now);
        let stage = Stage {
            inst: &inst_now,
            goal,
            start,
            focus: focus.as_deref(),
            heat: times[level] as f64 * value as f64,
            text: &format!("moving parts between batches, level {} of {levels}", level + 1),
            ctx: &limits,
        };
        let (plan, steps, moves) = stage.search();
        let before = limits.started.duration_since(ctx.started).as_secs_f64();
        trace.extend(steps.into_iter().map(|step| SearchStep {
            seconds: before + step.seconds,
            iterations: done + step.iterations,
            ..step
        }));
        done += moves;
        let found = Rank::of(&plan, &plan.clone().settle(inst), goal);
        if found < rank {
            (best, rank) = (plan, found);
        }
    }
    best.settle(inst);
    (best, trace, done)
}

/// The instance of a problem with one sum for its levels, by which no plan is as cheap as one that
/// costs `values` and worse at some level, as far as sums leave room.
pub(crate) fn guide(
    problem: &BatchProblem,
    inst: &Instance<'_>,
    values: &[i64],
) -> Instance<'static> {
    let times = Sums::of(problem).multipliers(values, values.len() - 1);
    inst.weighted(problem.objective.multiplied(&times))
}

/// A first plan, by what is the better guide to it: the sum of all levels, or the first one first.
fn first_plan(problem: &BatchProblem, inst: &Instance<'_>) -> (Plan, Rank, Option<Vec<bool>>) {
    let ranked = |(mut plan, focus): (Plan, Option<Vec<bool>>)| {
        let cost = plan.settle(inst);
        let rank = Rank::of(&plan, &cost, &problem.objective);
        (plan, rank, focus)
    };
    let one = ranked(begin(inst));
    let two = ranked(begin(&guide(problem, inst, &one.1.levels)));
    if two.1 < one.1 { two } else { one }
}

/// An equal share for each of the stages that are left, of what is left of the budget.
fn share(ctx: &RunContext, done: u64, stages: u64) -> RunContext {
    let mut own = ctx.clone();
    own.seed = ctx.seed_for(&format!("{stages} levels to go"));
    own.started = std::time::Instant::now();
    let used = ctx.started.elapsed();
    own.budget.time = ctx.budget.time.map(|all| all.saturating_sub(used) / stages as u32);
    own.budget.iterations = ctx.budget.iterations.map(|all| all.saturating_sub(done) / stages);
    own
}

/// How far sums may go.
struct Sums {
    /// Whether each level costs anything in any plan.
    costs: Vec<bool>,
    /// The most that each level can cost in any plan.
    most: Vec<i128>,
    /// The most that all of it may come to.
    limit: i128,
}

impl Sums {
    fn of(problem: &BatchProblem) -> Self {
        let goal = &problem.objective;
        let term = |term: &Term| batch_term_most(problem, *term);
        let costs = |level: &Vec<Term>| level.iter().map(term).any(|most| most > 0);
        // The weight itself is multiplied, too, even if nothing comes of it.
        let term = |one: &Term| term(one).max(goal.of(*one).into());
        let level = |level: &Vec<Term>| level.iter().map(term).sum();
        // The search adds up what late copies cost before it looks whether they are of one order.
        let mut copies = vec![0_i128; problem.orders.len()];
        for part in &problem.parts {
            copies[part.order] += i128::from(part.copies);
        }
        let copies = copies.into_iter().max().unwrap_or(0).max(1);
        let levels = goal.ranked();
        Self {
            costs: levels.iter().map(costs).collect(),
            most: levels.iter().map(level).collect(),
            limit: SUM_MAX / copies,
        }
    }

    /// What levels are multiplied by in the stage of one of them, for a plan that costs `values`:
    /// those above so that no plan is as cheap and worse at one of them, as far as sums leave room;
    /// those below by 1, or 0 if room is short.
    fn multipliers(&self, values: &[i64], stage: usize) -> Vec<i64> {
        for below in [1, 0] {
            let shifts = (0..i64::BITS - 1).rev().take_while(|s| below == 0 || *s >= WORTH);
            let mut all = shifts.map(|shift| chain(values, stage, below, shift));
            if let Some(times) = all.find(|times| self.hold(times)) {
                return times;
            }
        }
        vec![1; values.len()]
    }

    fn hold(&self, times: &[i64]) -> bool {
        let sum = times.iter().zip(&self.most).try_fold(0_i128, |sum, (times, most)| {
            sum.checked_add(i128::from(*times).checked_mul(*most)?)
        });
        sum.is_some_and(|sum| sum <= self.limit)
    }
}

/// Multipliers of levels: `below` for those after that of the stage, 1 at least for that one, and
/// from there on more than all that follow cost, but no more than `2^shift` times that of the next.
fn chain(values: &[i64], stage: usize, below: i64, shift: u32) -> Vec<i64> {
    let mut times = vec![below; values.len()];
    let mut sum: i128 = values[stage + 1..].iter().map(|value| i128::from(below * value)).sum();
    let mut next = 1;
    for level in (0..=stage).rev() {
        let most = (i128::from(next) << shift).min(i64::MAX.into());
        next = (sum + 1).min(most) as i64;
        times[level] = next;
        sum = sum.saturating_add(i128::from(next) * i128::from(values[level]));
    }
    times
}
