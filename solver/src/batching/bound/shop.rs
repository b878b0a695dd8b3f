//! What a machine can print, with what it costs there, and the batches that earn most.

use crate::batching::bound::duals::Duals;
use crate::batching::bound::knapsack::{Offer, Rows, Terms, best};
use crate::batching::bound::stock::{Item, Stock};
use crate::batching::instance::Instance;

/// A machine.
pub(crate) struct Shop {
    pub(crate) machine: usize,
    pub(crate) class: usize,
    /// Weighted cost of a unit of time, and of peak on top.
    pub(crate) rate: f64,
    peak_rate: f64,
    fixed_cost: f64,
    pub(crate) ready: f64,
    fixed: f64,
    /// What is worth printing on it, by family.
    stalls: Vec<Stall>,
}

/// Items of a family that a machine may earn something with.
#[derive(Default)]
struct Stall {
    /// Indices in the stock.
    items: Vec<u32>,
    /// What they cost there at any time.
    cost: Vec<f64>,
    /// Latest completion without lateness.
    due: Vec<f64>,
}

/// A line below the price of a machine's time as a function of a batch's length: the tangent at
/// `near`, turned around `room` by `push`. No batch that completes in the span is longer than
/// `room`, so that what a line says of longer ones does not matter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) near: f64,
    pub(crate) room: f64,
    pub(crate) push: f64,
}

/// What a batch that is complete at one end of a span pays for time and lateness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// What is due by then is late.
    from: f64,
    at: f64,
    /// Price of a unit of its length, and of a length of 0.
    slope: f64,
    at_zero: f64,
    room: f64,
}

/// A batch as a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// What it earns beyond what it pays.
    pub(crate) profit: f64,
    /// What its parts earn.
    pub(crate) earned: f64,
    pub(crate) length: f64,
    /// Parts and copies.
    pub(crate) parts: Vec<(u32, u32)>,
}

/// Buffers to price a machine.
#[derive(Default)]
pub(crate) struct Desk {
    wares: Vec<Wares>,
    offers: Vec<Offer>,
    rows: Rows,
}

/// Items of a stall at present prices.
#[derive(Default)]
struct Wares {
    items: Vec<u32>,
    base: Vec<f64>,
    late: Vec<f64>,
    due: Vec<f64>,
    add: Vec<f64>,
}

impl Moment {
    /// The end of a span; of the last one, its begin.
    pub(crate) fn end(duals: &Duals, machine: usize, span: usize, line: &Line) -> Self {
        let from = duals.grid[span] as f64;
        let Some(&end) = duals.grid.get(span + 1) else {
            return Self { from, at: from, slope: 0.0, at_zero: 0.0, room: line.room };
        };
        let (paid, slope) = duals.time_price(machine, span, line.near);
        let slope = slope + line.push;
        let at_zero = paid + line.push * (line.near - line.room) - slope * line.near;
        Self { from, at: end as f64, slope, at_zero, room: line.room }
    }

    /// Both ends of a span that has an end, along a line that touches the price of all time up to
    /// a moment, as a function of that moment, at `start` with `slope`: what a batch that begins
    /// then pays is exact, and no other pays less.
    pub(crate) fn both(
        duals: &Duals,
        machine: usize,
        span: usize,
        (start, slope): (f64, f64),
        room: f64,
    ) -> [Self; 2] {
        let from = duals.grid[span] as f64;
        let until = |at: f64| duals.time_until(machine, at);
        [span + 1, span].map(|k| {
            let at = duals.grid[k] as f64;
            let at_zero = until(at) - until(start) - slope * (at - start);
            Self { from, at, slope, at_zero, room }
        })
    }

    /// How late what is due at a time is held to be: not at all if it is due within the span, so
    /// that what a batch pays is nowhere in the span below what it pays at one of its ends.
    pub(crate) fn late(&self, due: f64) -> f64 {
        if due <= self.from { self.at - due } else { 0.0 }
    }
}

impl Shop {
    pub(crate) fn new(inst: &Instance<'_>, machine: usize) -> Self {
        let m = &inst.machines[machine];
        let problem = &inst.problem;
        let rate = |r: i64| (problem.objective.production * r) as f64 / problem.rate_span as f64;
        Self {
            machine,
            class: m.class,
            rate: rate(m.rate),
            peak_rate: rate(m.peak_rate),
            fixed_cost: (problem.objective.production * m.per_batch) as f64,
            ready: m.ready as f64,
            fixed: m.fixed as f64,
            stalls: Vec::new(),
        }
    }

    /// Looks through a stock for what costs less than it earns at `prices`.
    pub(crate) fn choose(&mut self, inst: &Instance<'_>, stock: &Stock, prices: &[f64]) {
        let of = |items: &Vec<Item>| {
            let mut stall = Stall::default();
            for (k, item) in items.iter().enumerate() {
                let n = f64::from(item.copies);
                let most = n * prices[item.part as usize] - self.rate * item.add;
                if most <= 0.0 || !inst.takes(item.part, self.machine) {
                    continue;
                }
                let freight = n * inst.freight(item.part, self.machine) as f64;
                if freight < most {
                    let part = &inst.problem.parts[item.part as usize];
                    let way = inst.tail(item.part, self.machine) - part.finish;
                    stall.items.push(k as u32);
                    stall.cost.push(freight + self.rate * item.add);
                    stall.due.push(item.due - way as f64);
                }
            }
            stall
        };
        self.stalls = stock.items.iter().map(of).collect();
    }

    /// Prices what was chosen.
    pub(crate) fn lay_out(&self, stock: &Stock, duals: &Duals, desk: &mut Desk) {
        desk.wares.resize_with(self.stalls.len(), Wares::default);
        for ((stall, wares), items) in self.stalls.iter().zip(&mut desk.wares).zip(&stock.items) {
            let Wares { items: kept, base, late, due, add } = wares;
            kept.clear();
            [&mut *base, &mut *late, &mut *due, &mut *add].into_iter().for_each(Vec::clear);
            for ((&k, cost), due_at) in stall.items.iter().zip(&stall.cost).zip(&stall.due) {
                let item = &items[k as usize];
                let (n, part) = (f64::from(item.copies), item.part as usize);
                let earns = n * duals.price[part] - cost;
                // Without such parts a batch pays no more and earns no less.
                if earns > 0.0 {
                    kept.push(k);
                    base.push(earns);
                    late.push(n * duals.late[part]);
                    due.push(*due_at);
                    add.push(item.add);
                }
            }
        }
    }

    /// The best batch of what is laid out, if it earns more than `more_than`. `size_prices` are
    /// those of the families (see [`best`]).
    pub(crate) fn best(
        &self,
        stock: &Stock,
        duals: &Duals,
        moment: &Moment,
        mut more_than: f64,
        size_prices: &mut [f64],
        desk: &mut Desk,
    ) -> Option<Column> {
        if self.fixed >= moment.room {
            return None;
        }
        let slope = self.rate + moment.slope;
        let fixed = self.fixed_cost + slope * self.fixed + moment.at_zero;
        let mut found = None;
        for (family, size_price) in size_prices.iter_mut().enumerate() {
            let items = &stock.items[family];
            let terms = Terms {
                cells: stock.cells,
                fixed,
                per_peak: slope + self.peak_rate,
                stack: stock.stack[family],
            };
            let Desk { wares, offers, rows } = &mut *desk;
            self.offer(items, &wares[family], moment, fixed, offers);
            if let Some(profit) = best(offers, &terms, more_than, size_price, rows) {
                more_than = profit;
                found = Some(self.column(items, &terms, profit, &rows.chosen));
            }
        }
        if let Some(column) = &mut found {
            column.earned = duals.earned(&column.parts);
        }
        found
    }

    /// Sorted by peak, as items are.
    fn offer(
        &self,
        items: &[Item],
        wares: &Wares,
        moment: &Moment,
        fixed: f64,
        offers: &mut Vec<Offer>,
    ) {
        offers.clear();
        let Wares { items: kept, base, late, due, add } = wares;
        let prices = base.iter().zip(late).zip(due.iter().zip(add)).zip(kept);
        // Where a line is below 0 for short batches, what earns nothing may still be the highest.
        let least = if fixed < 0.0 { f64::NEG_INFINITY } else { 0.0 };
        for (((base, late), (due, add)), &k) in prices {
            let gain = base - late * moment.late(*due) - moment.slope * add;
            if gain > least {
                let item = &items[k as usize];
                if self.fixed + item.alone <= moment.room {
                    offers.push(Offer { gain, peak: item.peak, cells: item.cells, item: k });
                }
            }
        }
    }

    fn column(&self, items: &[Item], terms: &Terms, profit: f64, chosen: &[Offer]) -> Column {
        let mut column = Column { profit, ..Column::default() };
        let (mut add, mut used, mut peak) = (0.0, 0, 0.0_f64);
        for offer in chosen {
            let item = &items[offer.item as usize];
            (add, used, peak) = (add + item.add, used + item.cells, peak.max(item.peak));
            match column.parts.iter_mut().find(|p| p.0 == item.part) {
                Some(p) => p.1 += item.copies,
                None => column.parts.push((item.part, item.copies)),
            }
        }
        let even = terms.stack * used as f64 / terms.cells.max(1) as f64;
        column.length = self.fixed + add + peak.max(even);
        column
    }

    /// What a batch earns at other prices than those it was found at; nothing is told of one that
    /// is stacked.
    pub(crate) fn again(
        &self,
        inst: &Instance<'_>,
        duals: &Duals,
        moment: &Moment,
        column: &Column,
    ) -> f64 {
        let mut profit =
            -self.fixed_cost - moment.at_zero - (self.rate + moment.slope) * self.fixed;
        let mut peak = 0;
        for &(part, n) in &column.parts {
            let load = inst.load(part, self.machine);
            let due = inst.problem.orders[inst.problem.parts[part as usize].order].due;
            let due = due.map_or(f64::INFINITY, |due| (due - inst.tail(part, self.machine)) as f64);
            let late = duals.late[part as usize] * moment.late(due);
            let own = (self.rate + moment.slope) * load.add as f64
                + inst.freight(part, self.machine) as f64;
            profit += f64::from(n) * (duals.price[part as usize] - late - own);
            peak = peak.max(load.peak);
        }
        profit - (self.rate + moment.slope + self.peak_rate) * peak as f64
    }
}
