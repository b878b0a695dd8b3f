//! From prices to a proof in whole numbers.

use platewright_model::batching::{Certificate, PartPrice, TimePrice};

use crate::batching::bound::duals::Duals;
use crate::batching::bound::raise::{ROUNDING, SCALE};
use crate::batching::instance::Instance;

/// A certificate of prices at which no batch earns more than it pays, and the bound it proves.
pub(crate) fn told(inst: &Instance<'_>, duals: &Duals) -> (Certificate, i64) {
    let problem = &inst.problem;
    let scaled = |x: f64| (x * SCALE as f64).floor() as i64;
    let margin = 1.0 - 2.0 * ROUNDING;
    let prices = duals.price.iter().zip(&duals.late);
    let parts: Vec<PartPrice> = prices
        .map(|(price, late)| PartPrice {
            price: scaled(price * margin),
            late: scaled(late * problem.rate_span as f64 + 1e-6),
        })
        .collect();
    let mut time = Vec::new();
    for (machine, rates) in duals.time.iter().enumerate() {
        for (k, rate) in rates.iter().enumerate() {
            let rate = scaled(rate * problem.rate_span as f64 + 1e-6);
            let Some(&to) = duals.grid.get(k + 1) else { break };
            let from = duals.begin(k);
            if rate > 0 && from < to {
                time.push(TimePrice { machine, from, to, rate });
            }
        }
    }
    let copies = problem.parts.iter().zip(&parts).zip(inst.sure());
    let sure = copies.filter_map(|(part, sure)| sure.then_some(part));
    let earned: i128 = sure.map(|(part, p)| i128::from(part.copies) * i128::from(p.price)).sum();
    let charged: i128 = time.iter().map(|t| i128::from(t.rate) * i128::from(t.to - t.from)).sum();
    let span = i128::from(problem.rate_span);
    let bound = (earned - (charged + span - 1) / span).div_euclid(i128::from(SCALE));
    let grid = duals.grid.clone();
    (Certificate { scale: SCALE, parts, time, grid }, bound.max(0) as i64)
}

/// Prices of lateness and time as they are told: lateness rounded down, time up.
pub(crate) fn rounded(duals: &Duals) -> Duals {
    let mut out = duals.clone();
    let span = duals.span as f64;
    let unit = SCALE as f64 * span;
    for late in &mut out.late {
        *late = (*late * unit - 1e-3).floor().max(0.0) / unit;
    }
    for rate in out.time.iter_mut().flatten() {
        *rate = (*rate * unit).ceil() / unit;
    }
    out
}
