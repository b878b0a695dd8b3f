//! Prices that prove as much as can be found in time: the volume algorithm (Barahona, Anbil 2000,
//! Mathematical Programming 87), with no linear program anywhere.

use rayon::prelude::*;

use crate::batching::bound::duals::Duals;
use crate::batching::bound::shop::{Column, Desk, Line, Moment, Shop};
use crate::batching::bound::stock::{Cells, Stock, stocks};
use crate::batching::instance::Instance;
use crate::batching::plan::Plan;

/// Time, in parts of the whole, at which a rate of lateness weighs as much as a price.
const LATE_SCALE: f64 = 0.1;

/// Share of the newest slopes in the average, at least and at most.
const BLEND: [f64; 2] = [0.02, 0.2];

/// Sweeps without a better value after which steps become shorter, and by which factor.
const DULL: u32 = 20;
const SHORTER: f64 = 0.66;

/// How far from the best value so far to the cost of the plan steps aim.
const TARGET: f64 = 0.6;

/// Batches that are reckoned to complete on a machine at most, in parts of those in the plan.
const MARGIN: f64 = 1.5;

/// Change of a push in an iteration, in parts of the machine's rate.
const PUSH: f64 = 0.05;

/// Sweeps after which each machine looks again for what is worth printing on it, and how far
/// prices may rise until then: in parts of their own, and of their mean.
const LOOK: usize = 64;
const RISE: [f64; 2] = [1.2, 0.05];

/// The ascent.
pub(crate) struct Ascent<'a> {
    pub(crate) inst: &'a Instance<'a>,
    pub(crate) stocks: Vec<Stock>,
    pub(crate) shops: Vec<Shop>,
    /// Where and how the price of time touches from below, by machine and span.
    pub(crate) lines: Vec<Vec<Line>>,
    /// Greatest number of batches that are reckoned to complete in a span, by machine and span.
    most: Vec<Vec<f64>>,
    found: Vec<Found>,
    /// Prices of parts up to which machines know what is worth printing.
    known: Vec<f64>,
}

/// How far a climb is.
pub(crate) struct Climb {
    /// The best prices so far.
    pub(crate) centre: Duals,
    best: f64,
    slopes: Option<Slopes>,
    /// Of the length of steps.
    factor: f64,
    sweeps: usize,
}

impl Climb {
    pub(crate) fn new(centre: Duals) -> Self {
        Self { centre, best: f64::NEG_INFINITY, slopes: None, factor: 1.0, sweeps: 0 }
    }
}

/// What the last sweep found on a machine.
struct Found {
    /// The best batch of each span that earns more than it pays.
    columns: Vec<Option<Column>>,
    /// Prices of size, by span and family.
    size_prices: Vec<f64>,
}

/// Slopes of the dual function, averaged over iterations.
struct Slopes {
    price: Vec<f64>,
    late: Vec<f64>,
    /// In units of a whole span.
    time: Vec<Vec<f64>>,
}

impl<'a> Ascent<'a> {
    pub(crate) fn new(inst: &'a Instance<'a>, plan: &Plan, grid: &[i64]) -> Self {
        let shops: Vec<Shop> = (0..inst.machines.len()).map(|m| Shop::new(inst, m)).collect();
        let spans = grid.len();
        let batches: usize = plan.lines.iter().map(Vec::len).sum();
        let times: i64 = plan.ends.iter().sum();
        let mean = (times as f64 / batches.max(1) as f64).max(1.0);
        let usual = |s: &Shop| match plan.lines[s.machine].len() {
            0 => mean,
            n => (plan.ends[s.machine] as f64 / n as f64).max(1.0),
        };
        let line = |s: &Shop, k: usize| {
            let room = grid.get(k + 1).map_or(f64::INFINITY, |end| *end as f64 - s.ready);
            Line { near: usual(s).min(room.max(0.0)), room, push: 0.0 }
        };
        let lines = shops.iter().map(|s| (0..spans).map(|k| line(s, k)).collect()).collect();
        let most = |s: &Shop, k: usize| match grid.get(k + 1) {
            Some(to) => (MARGIN * (*to - grid[k]) as f64 / usual(s)).ceil() + 1.0,
            None if k > 0 => 2.0,
            None => (MARGIN * plan.lines[s.machine].len() as f64).ceil() + 2.0,
        };
        let most = shops.iter().map(|s| (0..spans).map(|k| most(s, k)).collect()).collect();
        let families = inst.problem.families.len();
        let found =
            || Found { columns: vec![None; spans], size_prices: vec![0.0; spans * families] };
        let found = shops.iter().map(|_| found()).collect();
        Self {
            inst,
            stocks: stocks(inst, Cells::Coarse),
            shops,
            lines,
            most,
            found,
            known: Vec::new(),
        }
    }

    /// The same with sizes told apart as finely as a proof needs, for prices that only fall.
    pub(crate) fn refine(&mut self, duals: &Duals) {
        self.stocks = stocks(self.inst, Cells::Fine);
        self.choose(duals.price.clone());
    }

    /// Each machine looks for what is worth printing on it at prices up to these.
    fn choose(&mut self, prices: Vec<f64>) {
        let Self { inst, stocks, shops, .. } = self;
        shops.par_iter_mut().for_each(|s| s.choose(inst, &stocks[s.class], &prices));
        self.known = prices;
    }

    /// As [`Self::choose`], from time to time and whenever prices rose too far.
    fn look(&mut self, duals: &Duals, first: bool) {
        let risen = || duals.price.iter().zip(&self.known).any(|(price, most)| price > most);
        if first || risen() {
            let mean = duals.price.iter().sum::<f64>() / duals.price.len().max(1) as f64;
            let most = |price: &f64| RISE[0] * price + RISE[1] * mean;
            self.choose(duals.price.iter().map(most).collect());
        }
    }

    /// Finds the best batch of every machine and span.
    fn sweep(&mut self, duals: &Duals) {
        let Self { inst, stocks, shops, lines, found, .. } = self;
        let families = inst.problem.families.len();
        let of = |desk: &mut Desk, (shop, found): (&Shop, &mut Found)| {
            let stock = &stocks[shop.class];
            shop.lay_out(stock, duals, desk);
            let sizes = found.size_prices.chunks_mut(families);
            for (k, (old, sizes)) in found.columns.iter_mut().zip(sizes).enumerate() {
                let moment = Moment::end(duals, shop.machine, k, &lines[shop.machine][k]);
                let again = match old {
                    Some(old) if stock.is_flat() => shop.again(inst, duals, &moment, old).max(0.0),
                    _ => 0.0,
                };
                match (shop.best(stock, duals, &moment, again, sizes, desk), again > 0.0) {
                    (Some(better), _) => *old = Some(better),
                    (None, false) => *old = None,
                    (None, true) => old.iter_mut().for_each(|old| old.profit = again),
                }
            }
        };
        shops.par_iter().zip(found).for_each_init(Desk::default, of);
    }

    /// Climbs as long as `go_on` says; `target` is a cost that some plan has.
    pub(crate) fn climb(
        &mut self,
        state: &mut Climb,
        target: f64,
        mut go_on: impl FnMut(usize, f64) -> bool,
    ) {
        let copies: Vec<f64> =
            self.inst.problem.parts.iter().map(|p| f64::from(p.copies)).collect();
        let orders = Order::all(self.inst);
        let scale = LATE_SCALE * state.centre.grid.last().map_or(1.0, |end| *end as f64).max(1.0);
        let mut dull = 0;
        let mut trial = state.centre.clone();
        (state.best, state.factor) = (f64::NEG_INFINITY, state.factor.max(1.0));
        for first in (0..LOOK).cycle() {
            self.look(&trial, first == 0);
            self.sweep(&trial);
            state.sweeps += 1;
            let value = self.value(&trial, &copies);
            let now = self.slopes(&trial, &copies);
            if value > state.best {
                if value - state.best > 1e-4 * target {
                    state.factor = (state.factor * 1.1).min(2.0);
                }
                (state.best, dull) = (value, 0);
                state.centre.clone_from(&trial);
            } else {
                dull += 1;
                if dull >= DULL {
                    (state.factor, dull) = ((state.factor * SHORTER).max(1e-3), 0);
                }
            }
            match &mut state.slopes {
                Some(slopes) => slopes.blend(&now, scale),
                None => state.slopes = Some(now),
            }
            if !go_on(state.sweeps, state.best) {
                break;
            }
            let Some(direction) = &state.slopes else { break };
            let left = (TARGET * (target - state.best)).max(1e-3 * target);
            let step = state.factor * left / direction.norm(scale);
            trial = direction.step(&state.centre, step, scale, &orders);
            self.touch();
        }
    }

    /// Goes on with spans that are cut into pieces.
    pub(crate) fn cut(&mut self, plan: &Plan, state: &mut Climb, grid: Vec<i64>) {
        let old = std::mem::replace(&mut state.centre.grid, grid);
        let grid = &state.centre.grid;
        let from = |at: &i64| old.partition_point(|begin| begin <= at).saturating_sub(1);
        let from: Vec<usize> = grid.iter().map(from).collect();
        for rates in &mut state.centre.time {
            *rates = from.iter().map(|k| rates[*k]).collect();
        }
        for slopes in state.slopes.iter_mut().flat_map(|slopes| &mut slopes.time) {
            *slopes = from.iter().map(|k| slopes[*k]).collect();
        }
        let mut new = Self::new(self.inst, plan, grid);
        for (new, old) in new.lines.iter_mut().zip(&self.lines) {
            for (new, k) in new.iter_mut().zip(&from) {
                *new = Line { near: old[*k].near.min(new.room.max(0.0)), ..*new };
            }
        }
        *self = new;
    }

    /// Tangents touch where the last batches were; what is too long is pushed back.
    fn touch(&mut self) {
        for ((shop, lines), found) in self.shops.iter().zip(&mut self.lines).zip(&self.found) {
            for (line, column) in lines.iter_mut().zip(&found.columns) {
                let Some(column) = column.as_ref() else { continue };
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
    fn value(&self, duals: &Duals, copies: &[f64]) -> f64 {
        let earned: f64 = duals.price.iter().zip(copies).map(|(p, n)| p * n).sum();
        let mut value = earned - duals.time_earned();
        for (found, most) in self.found.iter().zip(&self.most) {
            for (column, most) in found.columns.iter().zip(most) {
                value -= most * column.as_ref().map_or(0.0, |c| c.profit);
            }
        }
        value
    }

    fn slopes(&self, duals: &Duals, copies: &[f64]) -> Slopes {
        let spans = duals.grid.len();
        let mut out = Slopes {
            price: copies.to_vec(),
            late: vec![0.0; copies.len()],
            time: vec![vec![-1.0; spans]; self.shops.len()],
        };
        for rates in &mut out.time {
            rates[spans - 1] = 0.0;
        }
        for (m, found) in self.found.iter().enumerate() {
            for (k, column) in found.columns.iter().enumerate() {
                let Some(column) = column.as_ref() else { continue };
                let most = self.most[m][k];
                let moment = Moment::end(duals, m, k, &self.lines[m][k]);
                for &(part, n) in &column.parts {
                    out.price[part as usize] -= most * f64::from(n);
                    let order =
                        &self.inst.problem.orders[self.inst.problem.parts[part as usize].order];
                    let tail = self.inst.tail(part, m);
                    let late = order.due.map_or(0.0, |due| moment.late((due - tail) as f64));
                    out.late[part as usize] += most * f64::from(n) * late;
                }
                occupy(&mut out.time[m], &duals.grid, k, column.length, most);
            }
        }
        out
    }
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
    /// Mixes newer slopes in, by the share that makes them shortest.
    fn blend(&mut self, new: &Self, scale: f64) {
        let (own, both, theirs) = (self.norm(scale), self.product(new, scale), new.norm(scale));
        let share = (own - both) / (own - 2.0 * both + theirs).max(1e-9);
        let share = share.clamp(BLEND[0], BLEND[1]);
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

    /// Square of its length.
    fn norm(&self, scale: f64) -> f64 {
        self.product(self, scale).max(1e-9)
    }

    /// Product with others, where rates of lateness are those of `scale` of time.
    fn product(&self, other: &Self, scale: f64) -> f64 {
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let late = product(&self.late, &other.late) / (scale * scale);
        let time = self.time.iter().zip(&other.time).map(|(a, b)| product(a, b)).sum::<f64>();
        product(&self.price, &other.price) + time + late
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
