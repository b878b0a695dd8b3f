//! Lower builds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::task::Task;
use crate::bins::{Bin, Bins, Found};
use crate::relaxed::{Shortest, shorten};
use crate::solid::Arrangement;

/// Makes each build as low as what is left of the budget allows, side by side. The trace of a
/// single build that is open above goes on with its height.
pub(super) fn lower<'a>(task: &Task<'a>, found: &mut Found<Task<'a>>, ctx: &RunContext) {
    let (builds, threads) = (found.bins.len(), rayon::current_num_threads().max(1));
    let rounds = builds.div_ceil(threads).max(1) as u32;
    let time = ctx.budget.time.map(|limit| limit.saturating_sub(ctx.started.elapsed()) / rounds);
    let left = ctx.budget.iterations.map(|limit| limit.saturating_sub(found.iterations));
    let each = left.map(|left| left / builds.max(1) as u64);
    let iterations = AtomicU64::new(0);
    let before = ctx.started.elapsed().as_secs_f64();
    let traces: Vec<_> = found
        .bins
        .par_iter_mut()
        .enumerate()
        .map(|(number, bin)| {
            let mut own = ctx.clone();
            own.budget.time = time;
            own.budget.iterations = each;
            own.started = Instant::now();
            let shortest = lowered(task, bin, number, &own);
            iterations.fetch_add(shortest.iterations, Ordering::Relaxed);
            bin.holder = shortest.best;
            shortest.trace
        })
        .collect();
    if let ([trace], Some(_)) = (&traces[..], task.open_height(&found.bins)) {
        let below = task.kinds[found.bins[0].kind].origin[2];
        found.trace = trace.clone();
        for step in &mut found.trace {
            step.seconds += before;
            step.iterations += found.iterations;
            step.objective += below;
            step.bound += below;
        }
    }
    found.iterations += iterations.into_inner();
}

fn lowered(
    task: &Task<'_>,
    bin: &Bin<Task<'_>>,
    number: usize,
    ctx: &RunContext,
) -> Shortest<Arrangement> {
    let mut first = bin.holder.clone();
    first.size[2] = task.top(&first);
    let rng = Pcg64::seed_from_u64(ctx.seed_for("lower") ^ number as u64);
    let bound = task.least_height(bin.kind, &first);
    shorten(task.world(), first, bound, rng, ctx)
}

/// The last step of the trace of a single build that is open above tells its height.
pub(super) fn tell_height<'a>(task: &Task<'a>, found: &mut Found<Task<'a>>) {
    if let (Some([height, least]), Some(last)) = (task.open_height(&found.bins), found.trace.pop())
    {
        found.trace = vec![SearchStep { objective: height, bound: least, ..last }];
    }
}
