//! From prices to a proof: no batch may earn more than it pays, in whole numbers.

use platewright_model::batching::{Certificate, PartPrice, TimePrice};
use rayon::prelude::*;

use crate::batching::bound::ascent::Ascent;
use crate::batching::bound::duals::Duals;
use crate::batching::bound::shop::{Column, Desk, Line, Moment};

/// Prices are told in parts of a unit of the objective.
const SCALE: i64 = 1000;

/// Sweeps that lower prices where batches earn too much, before all prices are lowered at once.
const REPAIRS: usize = 60;

/// Tangents that are tried for a machine and a span.
const TANGENTS: usize = 9;

/// Steeper slopes that a checker tries, in parts of the rate of the machine.
const STEEPER: [f64; 7] = [0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0];

/// Share of its earnings by which single precision may be wrong about what a batch earns.
const ROUNDING: f64 = 1e-6;

impl Ascent<'_> {
    /// A certificate with prices near `duals`, and the bound that it proves.
    pub(crate) fn certify(&self, duals: &Duals) -> (Certificate, i64) {
        let mut duals = rounded(duals);
        let spans = duals.grid.len();
        let all = || (0..self.shops.len()).flat_map(|m| (0..spans).map(move |k| (m, k)));
        // Prices only fall, so that where no batch earns too much none ever will.
        let mut open: Vec<(usize, usize)> = all().collect();
        for _ in 0..REPAIRS {
            let mut over = self.overpaid(&duals, &open);
            if over.is_empty() {
                break;
            }
            open = over.iter().map(|(pair, _)| *pair).collect();
            over.sort_by(|a, b| b.1.profit.total_cmp(&a.1.profit));
            for (_, column) in &over {
                lower(&mut duals, column);
            }
        }
        loop {
            let over = self.overpaid(&duals, &open);
            let share = |c: &Column| (c.earned - c.profit).max(0.0) / c.earned.max(1e-9);
            let shares = over.iter().map(|(_, column)| share(column));
            let Some(share) = shares.min_by(f64::total_cmp) else { break };
            open = over.iter().map(|(pair, _)| *pair).collect();
            for price in &mut duals.price {
                *price *= share * (1.0 - ROUNDING);
            }
        }
        self.told(&duals)
    }

    /// For each of some pairs of a machine and a span a batch that seems to earn more than it
    /// pays, along whichever line tells least; none where nothing does.
    fn overpaid(&self, duals: &Duals, open: &[(usize, usize)]) -> Vec<((usize, usize), Column)> {
        let machines: Vec<&[(usize, usize)]> = open.chunk_by(|a, b| a.0 == b.0).collect();
        let found = machines.into_par_iter().map_init(Desk::default, |desk, pairs| {
            let shop = &self.shops[pairs[0].0];
            shop.lay_out(&self.stocks[shop.class], duals, desk);
            let over = |pair: &(usize, usize)| Some((*pair, self.over(duals, *pair, desk)?));
            pairs.iter().filter_map(over).collect::<Vec<_>>()
        });
        found.flatten_iter().collect()
    }

    fn over(&self, duals: &Duals, (m, k): (usize, usize), desk: &mut Desk) -> Option<Column> {
        let shop = &self.shops[m];
        let stock = &self.stocks[shop.class];
        let mut sizes = vec![0.0; stock.items.len()];
        let mut least: Option<Column> = None;
        for both in self.told_lines(duals, m, k) {
            let mut column: Option<Column> = None;
            for moment in &both {
                let more_than = column.as_ref().map_or(0.0, |c| c.profit);
                column = shop.best(stock, duals, moment, more_than, &mut sizes, desk).or(column);
            }
            let column = column?;
            if least.as_ref().is_none_or(|l| column.profit < l.profit) {
                least = Some(column);
            }
        }
        least
    }

    /// The moments at both ends of a span, along lines that a checker tries too, the likeliest
    /// first: with the rates of the spans that batches reach back to and those halfway between
    /// them, and steeper ones from the first moment on.
    fn told_lines(&self, duals: &Duals, machine: usize, span: usize) -> Vec<Vec<Moment>> {
        let Line { near, room, push } = self.lines[machine][span];
        let Some(&end) = duals.grid.get(span + 1) else {
            let line = Line { near, room, push: 0.0 };
            return vec![vec![Moment::end(duals, machine, span, &line)]];
        };
        let shop = &self.shops[machine];
        let rates = &duals.time[machine];
        let first = shop.ready;
        // A checker reckons in whole parts of the unit.
        let unit = SCALE as f64 * duals.span as f64;
        let whole = |rate: f64| (rate * unit + 1e-3).floor() / unit;
        let touching = |k: usize| {
            let begin = (duals.begin(k) as f64).max(first);
            let tangent = (f64::midpoint(begin, duals.grid[k + 1] as f64), rates[k]);
            let before = (k > 0).then(|| (begin, whole(f64::midpoint(rates[k], rates[k - 1]))));
            [Some(tangent), before]
        };
        let mut lines: Vec<(f64, f64)> = (0..=span).flat_map(touching).flatten().collect();
        lines.retain(|line| line.0 >= first);
        let start = end as f64 - near;
        lines.sort_by(|a, b| (a.0 - start).abs().total_cmp(&(b.0 - start).abs()));
        lines.truncate(TANGENTS);
        let mut pushes = STEEPER.map(|share| whole(share * shop.rate));
        pushes.sort_by(|a, b| (a - push).abs().total_cmp(&(b - push).abs()));
        let greatest = duals.rate_at(machine, first);
        let steep = pushes.iter().map(|push| (first, greatest + push));
        // Steep lines matter only where batches are nearly as long as they can be.
        let at = if push > 0.0 { 0 } else { lines.len() };
        lines.splice(at..at, steep);
        let both = |line: &(f64, f64)| Moment::both(duals, machine, span, *line, room).to_vec();
        lines.iter().map(both).collect()
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
    let earned = duals.earned(&column.parts);
    let over = column.profit - (column.earned - earned);
    if over > 0.0 && earned > 0.0 {
        let share = (1.0 - over / earned).max(0.0) * (1.0 - ROUNDING);
        for (part, _) in &column.parts {
            duals.price[*part as usize] *= share;
        }
    }
}
