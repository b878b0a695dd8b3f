//! From prices to a proof: no batch may earn more than it pays, in whole numbers.

use platewright_model::batching::{Certificate, PartPrice, TimePrice};
use rayon::prelude::*;

use crate::batching::bound::ascent::Ascent;
use crate::batching::bound::duals::Duals;
use crate::batching::bound::knapsack::{Column, Line, Rows};

/// Prices are told in parts of a unit of the objective.
const SCALE: i64 = 1000;

/// Sweeps that lower prices where batches earn too much, before all prices are lowered at once.
const REPAIRS: usize = 60;

/// Tangents that are tried for a machine and a span.
const TANGENTS: usize = 5;

/// Steeper slopes that a checker tries, in parts of the rate of the machine.
const STEEPER: [f64; 7] = [0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0];

/// Share of its earnings by which a batch may seem to earn too much: single precision.
const ROUNDING: f64 = 1e-6;

impl Ascent<'_> {
    /// A certificate with prices near `duals`, and the bound that it proves.
    pub(crate) fn certify(&self, duals: &Duals) -> (Certificate, i64) {
        let mut duals = rounded(duals);
        for _ in 0..REPAIRS {
            let mut over: Vec<Column> = self.overpaid(&duals);
            if over.is_empty() {
                break;
            }
            over.sort_by(|a, b| b.profit.total_cmp(&a.profit));
            for column in &over {
                lower(&mut duals, column);
            }
        }
        loop {
            let over = self.overpaid(&duals);
            let share = |c: &Column| (c.earned - c.profit).max(0.0) / c.earned.max(1e-9);
            let Some(share) = over.iter().map(share).min_by(f64::total_cmp) else { break };
            for price in &mut duals.price {
                *price *= share * (1.0 - ROUNDING);
            }
        }
        self.told(&duals)
    }

    /// For each machine and span a batch that seems to earn more than it pays, along whichever
    /// line tells least.
    fn overpaid(&self, duals: &Duals) -> Vec<Column> {
        let spans = duals.grid.len();
        let pairs = self.shops.len() * spans;
        let found = (0..pairs).into_par_iter().map_init(Rows::default, |rows, pair| {
            let (m, k) = (pair / spans, pair % spans);
            let mut least: Option<Column> = None;
            for line in self.told_lines(duals, m, k) {
                let column = self.shops[m].best(duals, k, &line, rows)?;
                if column.profit <= ROUNDING * column.earned {
                    return None;
                }
                if least.as_ref().is_none_or(|l| column.profit < l.profit) {
                    least = Some(column);
                }
            }
            least
        });
        found.collect::<Vec<Option<Column>>>().into_iter().flatten().collect()
    }

    /// The lines that a checker tries too, the likeliest first: tangents with the rates of the
    /// spans that batches reach back to, and steeper ones at the longest batch there can be.
    fn told_lines(&self, duals: &Duals, machine: usize, span: usize) -> Vec<Line> {
        let Line { near, room, push } = self.lines[machine][span];
        let Some(&end) = duals.grid.get(span + 1) else {
            return vec![Line { near, room, push: 0.0 }];
        };
        let rate = self.shops[machine].rate;
        let middle = |k: usize| {
            let middle = (duals.begin(k) + duals.grid[k + 1]) as f64 / 2.0;
            (end as f64 - middle).clamp(0.0, room.max(0.0))
        };
        let mut nears: Vec<f64> = (0..=span).map(middle).collect();
        nears.sort_by(|a, b| (a - near).abs().total_cmp(&(b - near).abs()));
        nears.truncate(TANGENTS);
        let tangent = |near: f64| Line { near, room, push: 0.0 };
        let mut lines: Vec<Line> = nears.into_iter().map(tangent).collect();
        let mut pushes = STEEPER.map(|share| share * rate);
        pushes.sort_by(|a, b| (a - push).abs().total_cmp(&(b - push).abs()));
        let steep = |push: &f64| Line { near: room, room, push: *push };
        // Steep lines matter only where batches are nearly as long as they can be.
        let at = if push > 0.0 { 0 } else { lines.len() };
        lines.splice(at..at, pushes.iter().map(steep));
        lines
    }

    fn told(&self, duals: &Duals) -> (Certificate, i64) {
        let problem = &self.inst.problem;
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
        let copies = problem.parts.iter().zip(&parts).enumerate();
        let sure = copies.filter(|(p, _)| self.inst.is_sure(*p));
        let earned: i128 =
            sure.map(|(_, (part, p))| i128::from(part.copies) * i128::from(p.price)).sum();
        let charged: i128 =
            time.iter().map(|t| i128::from(t.rate) * i128::from(t.to - t.from)).sum();
        let span = i128::from(problem.rate_span);
        let bound = (earned - (charged + span - 1) / span).div_euclid(i128::from(SCALE));
        let grid = duals.grid.clone();
        (Certificate { scale: SCALE, parts, time, grid }, bound.max(0) as i64)
    }
}

/// Prices of lateness and time as they are told: lateness rounded down, time up.
fn rounded(duals: &Duals) -> Duals {
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

/// Takes from the parts of a batch what it earns too much, if it still does.
fn lower(duals: &mut Duals, column: &Column) {
    let earned: f64 =
        column.parts.iter().map(|(p, n)| duals.price[*p as usize] * f64::from(*n)).sum();
    let over = column.profit - (column.earned - earned);
    if over > 0.0 && earned > 0.0 {
        let share = (1.0 - over / earned).max(0.0) * (1.0 - ROUNDING);
        for (part, _) in &column.parts {
            duals.price[*part as usize] *= share;
        }
    }
}
