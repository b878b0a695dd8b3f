//! A lower bound on the cost of any plan, by weak duality: prices at which no batch on any machine
//! at any time earns more than it costs (see
//! [`Certificate`](platewright_model::batching::Certificate)).

mod ascent;
mod certify;
mod duals;
mod knapsack;
mod shop;
mod stock;
#[cfg(test)]
mod tests;

use platewright_model::batching::Certificate;

use crate::batching::bound::ascent::{Ascent, Climb};
use crate::batching::bound::duals::Duals;
use crate::batching::instance::Instance;
use crate::batching::plan::Plan;

/// Spans that completions are told apart by, and the share of the time after which, or sooner if
/// prices have settled, they are cut into the next ones. With few, machine time finds its price in
/// short sweeps; with many, less is lost where parts are due.
const SPANS: [(i64, f64); 6] = [(3, 0.1), (6, 0.2), (12, 0.35), (24, 0.6), (48, 0.8), (96, 1.0)];

/// Share of what parts cost in the plan that the first prices are.
const FIRST: f64 = 0.9;

/// Climbs until `used` says that all of its time is over, of which it tells the share; it hears
/// the number of the sweep and the value so far. Nothing is proven where the makespan counts.
pub(crate) fn prove(
    inst: &Instance<'_>,
    plan: &Plan,
    mut used: impl FnMut(usize, f64) -> f64,
) -> Option<(Certificate, i64)> {
    let weights = &inst.problem.objective;
    if weights.makespan != 0 || inst.copies() == 0 || inst.machines.is_empty() {
        return None;
    }
    let end = plan.ends.iter().copied().max().unwrap_or(0);
    let late = inst.problem.orders.iter().any(|o| o.due.is_some() && o.weight > 0);
    let levels = if weights.lateness > 0 && late { &SPANS[..] } else { &[(0, 1.0)] };
    let grid = |spans: i64| {
        let mut grid: Vec<i64> = (0..=spans).map(|k| end * k / spans.max(1)).collect();
        grid.dedup();
        grid
    };
    let first = grid(levels[0].0);
    let mut ascent = Ascent::new(inst, plan, &first);
    let mut state = Climb::new(Duals::of_plan(inst, plan, first, FIRST));
    for (level, (spans, share)) in levels.iter().enumerate() {
        if level > 0 {
            ascent.cut(plan, &mut state, grid(*spans));
        }
        let last = level + 1 == levels.len();
        let go_on = |sweep, value| used(sweep, value) < *share;
        ascent.climb(&mut state, plan.cost as f64, last, go_on);
    }
    ascent.refine(&state.centre);
    let (certificate, bound) = ascent.certify(&state.centre);
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
