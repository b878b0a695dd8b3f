//! Prices as if every part paid for its share of a batch, and those of time and lateness that go
//! with them.
//!
//! A batch that is full pays for set-up and for its greatest peak, so that a part that pays its
//! share of the platform of a batch of its own peak never pays more than is asked: the sizes of a
//! batch sum up to a platform at most, and no part has a greater peak than the batch. What is
//! cheapest for a part at some time on some machine is thus a price at which no batch earns more
//! than it costs, without a knapsack. Prices of time and of lateness climb on these by averaged
//! slopes (the volume algorithm of Barahona, Anbil 2000, Mathematical Programming 87).

use rayon::prelude::*;

use crate::batching::bound::duals::Duals;
use crate::batching::bound::lines::{Line, Moment};
use crate::batching::bound::orders::Order;
use crate::batching::bound::shop::Shop;
use crate::batching::bound::slopes::{Slopes, occupy};
use crate::batching::instance::Instance;

/// Time, in parts of the whole, at which a rate of lateness weighs as much as a price of time.
const LATE_SCALE: f64 = 0.03;

/// What is better by this share of the target is worth longer steps.
const WORTH: f64 = 1e-5;

/// Sweeps without such a value after which steps become shorter, and by which factor.
const DULL: u32 = 5;
const SHORTER: f64 = 0.7;

/// How much longer they become with each, and the longest.
const LONGER: f64 = 1.05;
const LONGEST: f64 = 2.0;

/// Steps below which prices have settled.
const SHORTEST: f64 = 0.02;

/// How far from the best value so far to the cost of the plan steps aim.
const TARGET: f64 = 0.3;

/// Parts that are priced together.
const CHUNK: usize = 64;

/// What batches pay on a machine, by span.
struct Tariff {
    /// For a unit of length.
    slope: Vec<f32>,
    /// Whatever they hold.
    fixed: Vec<f32>,
    /// When they are complete.
    at: Vec<f32>,
    /// How long they may be.
    room: Vec<f32>,
}

/// A copy of a part, as machines of a class print it.
#[derive(Clone, Copy)]
struct Printed {
    add: f32,
    /// Of a batch.
    share: f32,
    /// Peak that it pays its share of.
    peak: f32,
    /// Length of a batch of the copy alone, but for what is fixed.
    alone: f32,
}

/// A copy of a part, as a centre ships it.
#[derive(Clone, Copy)]
struct Shipped {
    freight: f32,
    /// Latest completion without lateness, and the first span in which it is late.
    due: f32,
    late_from: usize,
}

/// Buffers to price a part.
#[derive(Default)]
struct Desk {
    /// By class, where it holds the part.
    printed: Vec<Option<Printed>>,
    /// By centre, where a way leads to where the part goes.
    shipped: Vec<Option<Shipped>>,
    row: Vec<f32>,
}

/// The cheapest way to print a copy of a part.
#[derive(Clone, Copy)]
struct Cheapest {
    price: f64,
    machine: u32,
    span: u32,
    late: f64,
}

/// The climb of the prices of time and lateness.
pub(crate) struct Sharing<'a> {
    pub(crate) inst: &'a Instance<'a>,
    pub(crate) shops: &'a [Shop],
    /// Where the price of time is touched from below, by machine and span.
    pub(crate) lines: &'a [Vec<Line>],
    /// Whether every plan prints each part; what may be left out earns nothing.
    pub(crate) sure: &'a [bool],
    /// How much more than its share a part pays; with 1 no batch is paid more than it costs.
    pub(crate) waste: f64,
}

impl Tariff {
    /// What a part pays in each span from the first in which it can be complete on, but for
    /// freight; that span.
    fn prices(
        &self,
        shop: &Shop,
        printed: &Printed,
        (shipped, late): (&Shipped, f32),
        row: &mut Vec<f32>,
    ) -> usize {
        let Printed { add, share, peak, alone } = *printed;
        let fixed = shop.fixed as f32;
        let from = self.room.partition_point(|room| *room <= fixed + alone);
        let (length, above) = (fixed + peak, shop.peak_rate as f32 * peak);
        let shared = |(slope, fixed): (&f32, &f32)| {
            let whole = fixed + slope * length + above;
            slope * add + share * if whole > 0.0 { whole } else { 0.0 }
        };
        row.clear();
        row.extend(self.slope[from..].iter().zip(&self.fixed[from..]).map(shared));
        let late_from = shipped.late_from.max(from);
        if late > 0.0 && late_from < self.at.len() {
            for (price, at) in row[late_from - from..].iter_mut().zip(&self.at[late_from..]) {
                *price += late * (at - shipped.due);
            }
        }
        from
    }
}

impl Sharing<'_> {
    fn tariff(&self, shop: &Shop, duals: &Duals) -> Tariff {
        let moments = (0..duals.grid.len())
            .map(|k| Moment::end(duals, shop.machine, k, &self.lines[shop.machine][k]));
        let mut tariff = Tariff { slope: vec![], fixed: vec![], at: vec![], room: vec![] };
        for moment in moments {
            let (fixed, slope) = shop.tariff(&moment);
            tariff.slope.push(slope as f32);
            tariff.fixed.push(fixed as f32);
            tariff.at.push(moment.at as f32);
            tariff.room.push(moment.room as f32);
        }
        tariff
    }

    /// The cheapest way for each part.
    fn cheapest(&self, duals: &Duals) -> Vec<Cheapest> {
        let tariffs: Vec<Tariff> = self.shops.iter().map(|s| self.tariff(s, duals)).collect();
        let mut found =
            vec![Cheapest { price: 0.0, machine: u32::MAX, span: 0, late: 0.0 }; duals.price.len()];
        found.par_chunks_mut(CHUNK).enumerate().for_each_init(
            Desk::default,
            |desk, (chunk, found)| {
                for (part, found) in (chunk * CHUNK..).zip(found) {
                    if self.sure[part]
                        && let Some(way) = self.cheapest_of(part, duals, &tariffs, desk)
                    {
                        *found = way;
                    }
                }
            },
        );
        found
    }

    fn cheapest_of(
        &self,
        p: usize,
        duals: &Duals,
        tariffs: &[Tariff],
        desk: &mut Desk,
    ) -> Option<Cheapest> {
        let inst = self.inst;
        self.lay_out(p, duals, desk);
        let Desk { printed, shipped, row } = desk;
        let late = duals.late[p] as f32;
        let mut best: Option<Cheapest> = None;
        for &machine in &inst.machines_of[inst.family(p as u32)] {
            let m = &inst.machines[machine as usize];
            let (Some(printed), Some(shipped)) = (&printed[m.class], &shipped[m.centre]) else {
                continue;
            };
            let tariff = &tariffs[machine as usize];
            let shop = &self.shops[machine as usize];
            let from = tariff.prices(shop, printed, (shipped, late), row);
            let Some(least) = least(row) else { continue };
            let price = f64::from(shipped.freight + least);
            if best.is_none_or(|best| price < best.price) {
                let k = from + row.iter().position(|price| *price == least).unwrap_or(0);
                let late = if k >= shipped.late_from { tariff.at[k] - shipped.due } else { 0.0 };
                best = Some(Cheapest { price, machine, span: k as u32, late: late.into() });
            }
        }
        best
    }

    /// What classes and centres make of a part.
    fn lay_out(&self, p: usize, duals: &Duals, desk: &mut Desk) {
        let inst = self.inst;
        let part = &inst.problem.parts[p];
        desk.printed.clear();
        desk.printed.resize(inst.problem.classes.len(), None);
        desk.shipped.clear();
        desk.shipped.resize(inst.problem.freight.len(), None);
        let due = inst.problem.orders[part.order].due;
        for &machine in &inst.machines_of[part.family] {
            let m = machine as usize;
            let (class, centre) = (inst.machines[m].class, inst.machines[m].centre);
            let load = inst.load(p as u32, m);
            let capacity = inst.machines[m].capacity;
            if desk.printed[class].is_none() && load.size <= capacity {
                desk.printed[class] = Some(Printed {
                    add: load.add as f32,
                    share: (self.waste * load.size as f64 / capacity.max(1) as f64) as f32,
                    peak: load.peak.max(inst.stack(part.family, m)) as f32,
                    alone: (load.add + load.peak) as f32,
                });
            }
            if desk.shipped[centre].is_none() && inst.way(part.order as u32, m).is_some() {
                let due = due.map_or(f64::INFINITY, |due| (due - inst.tail(p as u32, m)) as f64);
                desk.shipped[centre] = Some(Shipped {
                    freight: inst.freight(p as u32, m) as f32,
                    due: due as f32,
                    late_from: duals.grid.partition_point(|begin| (*begin as f64) < due),
                });
            }
        }
    }

    /// Climbs as long as `go_on` says, which hears the value so far, or until prices have settled;
    /// `target` is a cost that some plan has. Prices of parts are left at the cheapest.
    pub(crate) fn climb(&self, duals: &mut Duals, target: f64, mut go_on: impl FnMut(f64) -> bool) {
        let inst = self.inst;
        let copies: Vec<f64> = inst.problem.parts.iter().map(|p| f64::from(p.copies)).collect();
        let orders = Order::all(inst);
        let scale = LATE_SCALE * duals.grid.last().map_or(1.0, |end| *end as f64).max(1.0);
        let mut trial = duals.clone();
        let mut slopes: Option<Slopes> = None;
        let (mut best, mut factor, mut dull) = (f64::NEG_INFINITY, 1.0_f64, 0);
        loop {
            let found = self.cheapest(&trial);
            for (price, way) in trial.price.iter_mut().zip(&found) {
                *price = way.price;
            }
            let value = trial.value(inst);
            if value > best + WORTH * target {
                (dull, factor) = (0, (factor * LONGER).min(LONGEST));
            } else {
                dull += 1;
            }
            if value > best {
                best = value;
                duals.clone_from(&trial);
            }
            if dull >= DULL {
                (factor, dull) = (factor * SHORTER, 0);
            }
            if !go_on(best) || factor < SHORTEST {
                return;
            }
            let now = self.slopes(&trial, &found, &copies);
            match &mut slopes {
                Some(slopes) => slopes.blend(&now, scale),
                None => slopes = Some(now),
            }
            let Some(direction) = &slopes else { return };
            let left = (TARGET * (target - best)).max(1e-3 * target);
            let step = factor * left / direction.norm(scale);
            trial = direction.step(duals, step, scale, &orders);
        }
    }

    fn slopes(&self, duals: &Duals, found: &[Cheapest], copies: &[f64]) -> Slopes {
        let spans = duals.grid.len();
        let mut time = vec![vec![-1.0; spans]; self.shops.len()];
        time.iter_mut().for_each(|rates| rates[spans - 1] = 0.0);
        for ((p, way), n) in found.iter().enumerate().zip(copies) {
            let (m, k) = (way.machine as usize, way.span as usize);
            if way.machine == u32::MAX || k + 1 >= spans {
                continue;
            }
            let load = self.inst.load(p as u32, m);
            let share =
                n * self.waste * load.size as f64 / self.inst.machines[m].capacity.max(1) as f64;
            let near = self.lines[m][k].near;
            occupy(&mut time[m], &duals.grid, k, near, share);
            // What it is longer than where the line touches is paid as the line says there.
            let length =
                share * (self.shops[m].fixed + load.peak as f64 - near) + n * load.add as f64;
            let start = duals.grid[k + 1] as f64 - near;
            let at = duals.grid[1..].partition_point(|end| *end as f64 <= start).min(k);
            time[m][at] += length / (duals.grid[at + 1] - duals.begin(at)).max(1) as f64;
        }
        let late = found.iter().zip(copies).map(|(way, n)| n * way.late).collect();
        Slopes { late, time }
    }
}

/// The least of some prices.
fn least(prices: &[f32]) -> Option<f32> {
    let mut lanes = [f32::INFINITY; 8];
    let (whole, rest) = prices.as_chunks::<8>();
    for chunk in whole {
        for (least, price) in lanes.iter_mut().zip(chunk) {
            *least = if price < least { *price } else { *least };
        }
    }
    let all = lanes.iter().chain(rest);
    all.copied().min_by(f32::total_cmp).filter(|least| least.is_finite())
}
