//! Improvement steps: copies are taken out of the best plan and put back in another order.
//!
//! Large neighbourhood search after Shaw (1998), "Using constraint programming and local search
//! methods to solve vehicle routing problems", as ruin and recreate (Schrimpf et al. 2000,
//! doi:10.1006/jcph.1999.6413). A step is a chain of such moves with about as many placements
//! as a whole rebuild; several chains start from the same plan in each round.

use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::construct::{Builder, NO_LIMIT, Recipe, fill};
use super::mend::mend;
use super::orders::{Goal, RULES};
use super::plan::{Aim, Job, Plan};
use super::ruin::ruin;

/// Candidates of a round: fixed, so that results do not depend on the number of threads.
const ROUND: u64 = 4;
/// Fewest copies of a build that are taken out.
const FEWEST: f64 = 4.0;
/// Most copies of a build that are taken out, and the greatest share of them.
const MOST: (f64, f64) = (70.0, 0.4);

/// Improves `best` by at most `steps` candidates; the plan and the steps done.
pub(super) fn improve(
    job: &Job,
    mut best: Plan,
    steps: u64,
    ctx: &RunContext,
    stop: &(dyn Fn() -> bool + Sync),
) -> (Plan, u64) {
    let mut aim = Aim::Low;
    let mut score = best.score(job, aim);
    let mut builders: Vec<Builder<'_>> = (0..ROUND).map(|_| Builder::new(job)).collect();
    let mut done = 0;
    while done < steps && !stop() {
        if job.balanced && aim == Aim::Low && half_spent(done, steps, ctx) {
            aim = Aim::Even;
            score = best.score(job, aim);
        }
        let count = ROUND.min(steps - done);
        let plans: Vec<Plan> = builders[..count as usize]
            .par_iter_mut()
            .enumerate()
            .map(|(k, builder)| {
                let seed = ctx.seed_for(&format!("nest volume, step {}", done + k as u64));
                chain(job, builder, &best, aim, &mut Pcg64::seed_from_u64(seed), stop)
            })
            .collect();
        for (plan, builder) in plans.into_iter().zip(&mut builders) {
            if plan.score(job, aim) < score {
                let plan = mend(job, builder, plan);
                let next = plan.score(job, aim);
                if next < score {
                    (best, score) = (plan, next);
                }
            }
        }
        done += count;
        ctx.report("nest", done, steps, "improving");
    }
    (best, done)
}

/// Whether half of the budget is spent.
fn half_spent(done: u64, steps: u64, ctx: &RunContext) -> bool {
    let late = ctx.budget.time.is_some_and(|limit| 2 * ctx.started.elapsed() >= limit);
    late || done >= steps / 2
}

/// A chain of moves from `start`; never worse than it.
fn chain(
    job: &Job,
    builder: &mut Builder<'_>,
    start: &Plan,
    aim: Aim,
    rng: &mut Pcg64,
    stop: &dyn Fn() -> bool,
) -> Plan {
    let mut plan = start.clone();
    let mut score = plan.score(job, aim);
    let copies = plan.left.len() + plan.builds.iter().map(Vec::len).sum::<usize>();
    let mut placed = 0;
    while placed < copies && !stop() {
        // Evenly by the logarithm, so that small moves, which cost least, are the most frequent.
        let most = MOST.0.min(copies as f64 * MOST.1).max(FEWEST);
        let count = FEWEST * (most / FEWEST).powf(rng.random_range(0.0..1.0));
        let (kept, mut out) = ruin(job, &plan, count.round() as usize, rng);
        placed += out.len().max(1);
        shuffle(job, &mut out, rng);
        let goal = if rng.random_range(0..4) == 0 { Goal::Middle } else { Goal::Top };
        // Fewer rotations make a move faster and its result less like the last one.
        let turns = match rng.random_range(0..3) {
            0 => u32::MAX,
            1 => rng.random::<u32>(),
            _ => rng.random::<u32>() & rng.random::<u32>(),
        };
        let snug = rng.random_range(0..2) == 0;
        // While there is one build, a copy above its height would only make the plan worse.
        let limit = match (&plan.builds[..], plan.left.is_empty()) {
            ([build], true) => {
                let lower = if aim == Aim::Low { rng.random_range(0..2) } else { 0 };
                Plan::height(build) - lower
            }
            _ => NO_LIMIT,
        };
        let next = fill(builder, &kept, &out, &Recipe { goal, limit, turns, snug }, stop);
        if next.cut {
            continue;
        }
        let next_score = next.score(job, aim);
        if next_score <= score {
            (plan, score) = (next, next_score);
        }
    }
    plan
}

/// Orders copies by the size of a random rule, with luck; priorities first where copies were
/// left over.
fn shuffle(job: &Job, copies: &mut [usize], rng: &mut Pcg64) {
    let rule = &RULES[rng.random_range(0..RULES.len())];
    let luck = rng.random_range(0.0..0.7);
    let mut keyed: Vec<(f64, usize)> = copies
        .iter()
        .map(|&i| ((rule.key)(job.kind(i)) * (1.0 - luck * rng.random_range(0.0..1.0)), i))
        .collect();
    keyed.sort_by(|a, b| {
        let rank = |i: usize| if rule.priority_first { job.rank[i] } else { 0 };
        rank(a.1).cmp(&rank(b.1)).then(b.0.total_cmp(&a.0)).then(a.1.cmp(&b.1))
    });
    copies.iter_mut().zip(keyed).for_each(|(copy, (_, item))| *copy = item);
}
