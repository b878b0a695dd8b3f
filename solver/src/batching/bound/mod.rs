//! A lower bound on the cost of any plan, by weak duality: prices at which no batch on any machine
//! at any time earns more than it costs (see
//! [`Certificate`](platewright_model::batching::Certificate)).

mod certify;
mod duals;
mod knapsack;
mod lines;
mod orders;
mod raise;
mod share;
mod shop;
mod slopes;
mod stock;
#[cfg(test)]
mod tests;

use platewright_model::batching::Certificate;

use crate::batching::bound::certify::{rounded, told};
use crate::batching::bound::duals::Duals;
use crate::batching::bound::raise::Proof;
use crate::batching::bound::share::Sharing;
use crate::batching::bound::shop::Shop;
use crate::batching::capacity::prices_of_time;
use crate::batching::instance::Instance;
use crate::batching::plan::Plan;

/// Spans that completions are told apart by, and the share of the time after which, or sooner if
/// prices have settled, they are cut into the next ones. With few, machine time finds its price in
/// short sweeps; with many, less is lost where parts are due.
const SPANS: [(i64, f64); 4] = [(12, 0.15), (24, 0.28), (48, 0.4), (96, 0.5)];

/// The same where knapsacks would take too long: shares are the whole proof then, and more spans
/// add less than it takes to find their prices.
const SPANS_LARGE: [(i64, f64); 1] = [(12, 0.5)];

/// Parts, machines that take each, and spans to look through, from which on knapsacks take too
/// long.
const LARGE: usize = 500_000_000;

/// How much more than its share a part pays at first, as platforms are never quite full; knapsacks
/// tell later where that is too much.
const WASTE: f64 = 1.02;

/// Sweeps that raising prices once counts for.
const RAISE: usize = 10;

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
    let dated = inst.problem.orders.iter().any(|o| o.due.is_some() && o.weight > 0);
    let late = weights.lateness > 0 && dated;
    let large = is_large(inst, if late { SPANS[SPANS.len() - 1].0 } else { 1 });
    let levels = match (late, large) {
        (true, false) => &SPANS[..],
        (true, true) => &SPANS_LARGE[..],
        (false, _) => &[(0, 0.1)],
    };
    let grid = |spans: i64| {
        let mut grid: Vec<i64> = (0..=spans).map(|k| end * k / spans.max(1)).collect();
        grid.dedup();
        grid
    };
    let mut sweeps = 0;
    let mut spent = |count: usize, value: f64| {
        sweeps += count;
        used(sweeps, value)
    };
    let shops: Vec<Shop> = (0..inst.machines.len()).map(|m| Shop::new(inst, m)).collect();
    let sure = inst.sure();
    let mut duals = Duals::new(inst, grid(levels[0].0));
    if late {
        // What time is worth if work needs no batches is near enough to begin with.
        let (ends, prices) = prices_of_time(inst, end);
        duals.price_time(&ends, &prices);
    }
    let mut lines = lines::usual(plan, &shops, &duals.grid);
    for (level, (spans, share)) in levels.iter().enumerate() {
        if level > 0 {
            duals.cut(grid(*spans));
            lines = lines::usual(plan, &shops, &duals.grid);
        }
        let waste = if large { 1.0 } else { WASTE };
        let sharing = Sharing { inst, shops: &shops, lines: &lines, sure: &sure, waste };
        sharing.climb(&mut duals, plan.cost as f64, |value| spent(1, value) < *share);
    }
    let mut proof = Proof::new(inst, shops, lines);
    let duals = rounded(&duals);
    let duals =
        if large { proof.mend(duals) } else { proof.climb(&duals, |value| spent(RAISE, value)) };
    let (certificate, bound) = told(inst, &duals);
    Some((certificate, inst.begun_cost() + bound))
}

/// Whether knapsacks over all parts, machines and so many spans would take too long.
fn is_large(inst: &Instance<'_>, spans: i64) -> bool {
    let parts =
        (0..inst.problem.parts.len() as u32).map(|p| inst.machines_of[inst.family(p)].len());
    parts.sum::<usize>().saturating_mul(spans as usize) > LARGE
}
