//! Prices that prove as much as can be found in time: the volume algorithm (Barahona, Anbil 2000,
//! Mathematical Programming 87), with no linear program anywhere.

use rayon::prelude::*;

use crate::batching::bound::duals::Duals;
use crate::batching::bound::knapsack::{Cells, Column, Line, Rows, Shop};
use crate::batching::instance::Instance;

/// Time, in parts of the whole, at which a rate of lateness weighs as much as a price.
const LATE_SCALE: f64 = 0.1;

/// Share of the newest slopes in the average.
const BLEND: f64 = 0.1;

/// Sweeps without a better value after which steps become shorter.
const DULL: u32 = 10;

/// Where the value of the best prices is held to be, in parts of the cost of the plan.
const TARGET: f64 = 0.95;

/// Change of a push in an iteration, in parts of the machine's rate.
const PUSH: f64 = 0.05;

/// The ascent.
pub(crate) struct Ascent<'a> {
    pub(crate) inst: &'a Instance<'a>,
    pub(crate) shops: Vec<Shop>,
    /// Where and how the price of time touches from below, by machine and span.
    pub(crate) lines: Vec<Vec<Line>>,
    /// Greatest number of batches that complete in a span, by machine and span.
    most: Vec<Vec<f64>>,
}

/// Slopes of the dual function, averaged over iterations.
struct Slopes {
    price: Vec<f64>,
    late: Vec<f64>,
    /// In units of a whole span.
    time: Vec<Vec<f64>>,
}

impl<'a> Ascent<'a> {
    pub(crate) fn new(inst: &'a Instance<'a>, grid: &[i64]) -> Self {
        let shops = shops(inst, Cells::Coarse);
        let spans = grid.len();
        let line = |s: &Shop, k: usize| {
            let room = grid.get(k + 1).map_or(f64::INFINITY, |end| *end as f64 - s.ready);
            Line { near: s.usual_length().min(room.max(0.0)), room, push: 0.0 }
        };
        let lines = shops.iter().map(|s| (0..spans).map(|k| line(s, k)).collect()).collect();
        let width = |k: usize| {
            let from = if k == 0 { 0 } else { grid[k] };
            grid.get(k + 1).map_or(0.0, |to| (to - from) as f64)
        };
        let most = |s: &Shop| {
            let shortest = s.shortest().max(1.0);
            (0..spans).map(|k| (width(k) / shortest).floor() + 1.0).collect()
        };
        let most = shops.iter().map(most).collect();
        Self { inst, shops, lines, most }
    }

    /// The same with sizes told apart as finely as a proof needs.
    pub(crate) fn refine(&mut self) {
        self.shops = shops(self.inst, Cells::Fine);
    }

    /// The best batch of every machine and span.
    fn sweep(&self, duals: &Duals) -> Vec<Vec<Option<Column>>> {
        let spans = duals.grid.len();
        let of = |shop: &Shop| {
            let mut rows = Rows::default();
            let lines = &self.lines[shop.machine];
            (0..spans).map(|k| shop.best(duals, k, &lines[k], &mut rows)).collect()
        };
        self.shops.par_iter().map(of).collect()
    }

    /// Climbs as long as `go_on` says; `target` is a cost that some plan has.
    pub(crate) fn climb(
        &mut self,
        mut centre: Duals,
        target: f64,
        mut go_on: impl FnMut(usize, f64) -> bool,
    ) -> Duals {
        let copies: Vec<f64> =
            self.inst.problem.parts.iter().map(|p| f64::from(p.copies)).collect();
        let orders = Order::all(self.inst);
        let target = target * TARGET;
        let scale = LATE_SCALE * centre.grid.last().map_or(1.0, |end| *end as f64).max(1.0);
        let mut best = f64::NEG_INFINITY;
        let mut slopes: Option<Slopes> = None;
        let (mut factor, mut dull) = (1.0_f64, 0_u32);
        let mut trial = centre.clone();
        for iteration in 0.. {
            let columns = self.sweep(&trial);
            let value = self.value(&trial, &columns, &copies);
            let now = self.slopes(&trial, &columns, &copies);
            if value > best {
                let rise = value - best;
                if rise > 1e-4 * target {
                    factor = (factor * 1.1).min(2.0);
                }
                (best, dull) = (value, 0);
                centre = trial.clone();
            } else {
                dull += 1;
                if dull >= DULL {
                    (factor, dull) = ((factor * 0.8).max(1e-3), 0);
                }
            }
            match &mut slopes {
                Some(slopes) => slopes.blend(&now, BLEND),
                None => slopes = Some(now),
            }
            if !go_on(iteration, best) {
                break;
            }
            let Some(direction) = &slopes else { break };
            let step = factor * (target - best).max(1e-3 * target) / direction.norm(scale);
            trial = direction.step(&centre, step, scale, &orders);
            self.touch(&columns);
        }
        centre
    }

    /// Tangents touch where the last batches were; what is too long is pushed back.
    fn touch(&mut self, columns: &[Vec<Option<Column>>]) {
        for ((shop, lines), columns) in self.shops.iter().zip(&mut self.lines).zip(columns) {
            for (line, column) in lines.iter_mut().zip(columns) {
                let Some(column) = column.as_ref().filter(|c| c.profit > 0.0) else { continue };
                line.near += 0.3 * (column.length.min(line.room) - line.near);
                if column.length > line.room {
                    line.push += PUSH * shop.rate;
                } else {
                    line.push = (line.push - 0.5 * PUSH * shop.rate).max(0.0);
                }
            }
        }
    }

    /// The dual function, if no more batches complete in a span than can.
    fn value(&self, duals: &Duals, columns: &[Vec<Option<Column>>], copies: &[f64]) -> f64 {
        let earned: f64 = duals.price.iter().zip(copies).map(|(p, n)| p * n).sum();
        let mut value = earned - duals.time_earned();
        for (columns, most) in columns.iter().zip(&self.most) {
            for (column, most) in columns.iter().zip(most) {
                let profit = column.as_ref().map_or(0.0, |c| c.profit.max(0.0));
                value -= most * profit;
            }
        }
        value
    }

    fn slopes(&self, duals: &Duals, columns: &[Vec<Option<Column>>], copies: &[f64]) -> Slopes {
        let spans = duals.grid.len();
        let mut out = Slopes {
            price: copies.to_vec(),
            late: vec![0.0; copies.len()],
            time: vec![vec![-1.0; spans]; self.shops.len()],
        };
        for rates in &mut out.time {
            rates[spans - 1] = 0.0;
        }
        for (m, columns) in columns.iter().enumerate() {
            for (k, column) in columns.iter().enumerate() {
                let Some(column) = column.as_ref().filter(|c| c.profit > 0.0) else { continue };
                let most = self.most[m][k];
                for &(part, n) in &column.parts {
                    out.price[part as usize] -= most * f64::from(n);
                    let tail = self.inst.tail(part, m);
                    let order =
                        &self.inst.problem.orders[self.inst.problem.parts[part as usize].order];
                    let late = order.due.map_or(0, |due| (duals.grid[k] + tail - due).max(0));
                    out.late[part as usize] += most * f64::from(n) * late as f64;
                }
                occupy(&mut out.time[m], &duals.grid, k, column.length, most);
            }
        }
        out
    }
}

fn shops(inst: &Instance<'_>, cells: Cells) -> Vec<Shop> {
    (0..inst.machines.len()).into_par_iter().map(|m| Shop::new(inst, m, cells)).collect()
}

/// Adds what a batch occupies of each span, in parts of the span.
fn occupy(time: &mut [f64], grid: &[i64], span: usize, length: f64, most: f64) {
    if span + 1 >= grid.len() {
        return;
    }
    let mut left = length;
    for k in (0..=span).rev() {
        let from = if k == 0 { 0 } else { grid[k] };
        let width = ((grid[k + 1] - from) as f64).max(1.0);
        let part = left.min(width);
        time[k] += most * part / width;
        left -= part;
        if left <= 0.0 {
            break;
        }
    }
}

impl Slopes {
    fn blend(&mut self, new: &Self, share: f64) {
        let mix = |old: &mut [f64], new: &[f64]| {
            for (old, new) in old.iter_mut().zip(new) {
                *old += share * (new - *old);
            }
        };
        mix(&mut self.price, &new.price);
        mix(&mut self.late, &new.late);
        for (old, new) in self.time.iter_mut().zip(&new.time) {
            mix(old, new);
        }
    }

    /// Square of its length, where rates of lateness are those of `scale` of time.
    fn norm(&self, scale: f64) -> f64 {
        let squares = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
        let late = squares(&self.late) / (scale * scale);
        let time = self.time.iter().map(|t| squares(t)).sum::<f64>();
        (squares(&self.price) + time + late).max(1e-9)
    }

    /// Prices a step along the slopes; those of time stay falling and not below 0.
    fn step(&self, from: &Duals, step: f64, scale: f64, orders: &[Order]) -> Duals {
        let mut to = from.clone();
        for (price, slope) in to.price.iter_mut().zip(&self.price) {
            *price = (*price + step * slope).max(0.0);
        }
        for (rates, slopes) in to.time.iter_mut().zip(&self.time) {
            let spans = rates.len();
            for k in 0..spans - 1 {
                let from = if k == 0 { 0 } else { to.grid[k] };
                let width = ((to.grid[k + 1] - from) as f64).max(1.0);
                rates[k] = (rates[k] + step * slopes[k] / width).max(0.0);
            }
            fall(&mut rates[..spans - 1]);
        }
        for order in orders {
            for &(part, copies) in &order.parts {
                to.late[part] += step * self.late[part] / (copies * scale * scale);
            }
            order.share_out(&mut to.late);
        }
        to
    }
}

/// An order with its parts: the rates of lateness of its copies are never more than its own.
struct Order {
    /// Parts and copies.
    parts: Vec<(usize, f64)>,
    rate: f64,
}

impl Order {
    /// Orders with a rate of lateness and more than one part.
    fn all(inst: &Instance<'_>) -> Vec<Self> {
        let problem = &inst.problem;
        let rate = |o: &platewright_model::batching::BatchOrder| {
            (problem.objective.lateness * o.weight) as f64 / problem.rate_span as f64
        };
        let mut orders: Vec<Self> =
            problem.orders.iter().map(|o| Self { parts: Vec::new(), rate: rate(o) }).collect();
        for (p, part) in problem.parts.iter().enumerate() {
            orders[part.order].parts.push((p, f64::from(part.copies)));
        }
        orders.retain(|o| o.rate > 0.0 && o.parts.len() > 1);
        orders
    }

    /// The nearest rates that are not below 0 and sum up to that of the order.
    fn share_out(&self, late: &mut [f64]) {
        let mut sorted: Vec<(f64, f64)> = self.parts.iter().map(|(p, n)| (late[*p], *n)).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut sum, mut copies, mut cut) = (0.0, 0.0, 0.0);
        for (rate, n) in sorted {
            let next = (sum + rate * n - self.rate) / (copies + n);
            if copies > 0.0 && rate <= cut {
                break;
            }
            (sum, copies, cut) = (sum + rate * n, copies + n, next);
        }
        for &(p, _) in &self.parts {
            late[p] = (late[p] - cut).max(0.0);
        }
    }
}

/// The nearest falling sequence (pool adjacent violators).
fn fall(rates: &mut [f64]) {
    let mut pools: Vec<(f64, usize)> = Vec::with_capacity(rates.len());
    for &rate in rates.iter() {
        let mut pool = (rate, 1);
        while let Some(&(mean, n)) = pools.last() {
            if mean >= pool.0 {
                break;
            }
            pools.pop();
            let sum = mean * n as f64 + pool.0 * pool.1 as f64;
            pool = (sum / (n + pool.1) as f64, n + pool.1);
        }
        pools.push(pool);
    }
    let mut at = 0;
    for (mean, n) in pools {
        rates[at..at + n].fill(mean);
        at += n;
    }
}
