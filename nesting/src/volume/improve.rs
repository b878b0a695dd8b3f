//! Improvement steps: seeded changes of the best plan, several tried in each round.

use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::construct::{Builder, fill};
use super::orders::Goal;
use super::plan::{Job, Plan};

/// Candidates of a round: fixed, so that results do not depend on the number of threads.
const ROUND: u64 = 4;

/// Improves `best` by at most `steps` candidates; the plan and the steps done.
pub(super) fn improve(
    job: &Job,
    mut best: Plan,
    steps: u64,
    ctx: &RunContext,
    stop: &(dyn Fn() -> bool + Sync),
) -> (Plan, u64) {
    let seed = ctx.seed_for("nest volume");
    let mut score = best.score(job);
    let mut done = 0;
    while done < steps && !stop() {
        let count = ROUND.min(steps - done);
        let plans: Vec<Plan> = (0..count)
            .into_par_iter()
            .map(|k| {
                let mut rng =
                    Pcg64::seed_from_u64(seed ^ (done + k).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                candidate(job, &best, &mut rng, stop)
            })
            .collect();
        for plan in plans.into_iter().filter(|p| !p.cut) {
            let next = plan.score(job);
            if next < score {
                (best, score) = (plan, next);
            }
        }
        done += count;
        ctx.report("nest", done, steps, "improving");
    }
    (best, done)
}

fn candidate(job: &Job, best: &Plan, rng: &mut Pcg64, stop: &dyn Fn() -> bool) -> Plan {
    let mut order: Vec<usize> = best.left.clone();
    order.extend(best.builds.iter().flatten().map(|s| s.item));
    let swaps = rng.random_range(1..=3);
    for _ in 0..swaps {
        let (a, b) = (rng.random_range(0..order.len()), rng.random_range(0..order.len()));
        let item = order.remove(a);
        order.insert(b.min(order.len()), item);
    }
    fill(&mut Builder::new(job), &[], &order, Goal::Top, stop)
}
