//! A lower bound on the cost of any plan, by weak duality: prices at which no batch on any machine
//! at any time earns more than it costs (see
//! [`Certificate`](platewright_model::batching::Certificate)).

mod ascent;
mod certify;
mod duals;
mod knapsack;
#[cfg(test)]
mod tests;

use platewright_model::batching::Certificate;

use crate::batching::bound::ascent::Ascent;
use crate::batching::bound::duals::Duals;
use crate::batching::instance::Instance;
use crate::batching::plan::Plan;

/// Spans of completions, of few and of many copies. With fewer, batches count as complete too
/// early; with more, a sweep takes longer.
const SPANS: [i64; 2] = [24, 12];

/// Copies from which there are many.
const MANY: usize = 4000;

/// Share of what parts cost in the plan that the first prices are.
const FIRST: f64 = 0.9;

/// Climbs as long as `go_on` says, which hears the number of the sweep and the value so far.
/// Nothing is proven where the makespan counts.
pub(crate) fn prove(
    inst: &Instance<'_>,
    plan: &Plan,
    go_on: impl FnMut(usize, f64) -> bool,
) -> Option<(Certificate, i64)> {
    let weights = &inst.problem.objective;
    if weights.makespan != 0 || inst.copies() == 0 || inst.machines.is_empty() {
        return None;
    }
    let end = plan.ends.iter().copied().max().unwrap_or(0);
    let late = inst.problem.orders.iter().any(|o| o.due.is_some() && o.weight > 0);
    let spans = SPANS[usize::from(inst.copies() >= MANY)];
    let mut grid = match weights.lateness > 0 && late {
        true => (0..spans).map(|k| end * k / (spans - 1)).collect(),
        false => vec![0],
    };
    grid.dedup();
    let mut ascent = Ascent::new(inst, &grid);
    let duals = Duals::of_plan(inst, plan, grid, FIRST);
    let duals = ascent.climb(duals, plan.cost as f64, go_on);
    ascent.refine();
    let (certificate, bound) = ascent.certify(&duals);
    Some((certificate, inst.begun_cost() + bound))
}

/// What all copies cost at least, each for itself, without set-up and peak; and what has started.
pub(crate) fn plain(inst: &Instance<'_>) -> i64 {
    let problem = &inst.problem;
    let least = |part: usize| {
        let machines = (0..inst.machines.len()).filter(|m| inst.takes(part as u32, *m));
        let on = machines.map(|m| {
            let load = inst.load(part as u32, m);
            let hours = inst.machines[m].rate * load.add / problem.rate_span;
            problem.objective.production * hours + inst.freight(part as u32, m)
        });
        on.min().unwrap_or(0)
    };
    let parts = problem.parts.iter().enumerate();
    let sure = parts.filter(|(p, _)| inst.is_sure(*p));
    inst.begun_cost() + sure.map(|(p, part)| i64::from(part.copies) * least(p)).sum::<i64>()
}
