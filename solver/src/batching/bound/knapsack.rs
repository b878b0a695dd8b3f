//! The batch that earns most beyond what it pays, for one machine and one span of completions.
//!
//! The time of a batch is a sum over its parts plus the greatest peak. With parts sorted by peak,
//! a knapsack over sizes that takes them in one by one knows, before each, the best that lower
//! parts can earn beside it: one pass prices every part as the highest of its batch.

use crate::batching::bound::duals::Duals;
use crate::batching::instance::Instance;

/// How finely a knapsack tells sizes apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cells {
    /// For climbing: few, sizes rounded to the nearest.
    Coarse,
    /// For proving: sizes rounded down, so that a batch that fits still fits.
    Fine,
}

impl Cells {
    fn most(self) -> i64 {
        match self {
            Self::Coarse => 192,
            Self::Fine => 1536,
        }
    }

    fn of(self, size: i64, quantum: i64) -> usize {
        match self {
            Self::Coarse => ((size + quantum / 2) / quantum) as usize,
            Self::Fine => (size / quantum) as usize,
        }
    }
}

/// A machine with what it can print, sorted by peak.
pub(crate) struct Shop {
    pub(crate) machine: usize,
    cells: usize,
    /// By family.
    stocks: Vec<Stock>,
    /// Weighted cost of a unit of time, and of peak on top.
    pub(crate) rate: f64,
    peak_rate: f64,
    fixed_cost: f64,
    pub(crate) ready: f64,
    fixed: f64,
}

/// What a machine can print of a family, sorted by peak.
struct Stock {
    items: Vec<Item>,
    /// Peak of a full batch, where parts are stacked.
    stack: f64,
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

/// Some copies of a part.
struct Item {
    part: u32,
    copies: u32,
    cells: usize,
    add: f64,
    peak: f64,
    /// What it costs there at any time.
    cost: f64,
    /// Latest completion without lateness.
    due: f64,
    /// Length of a batch of one copy.
    alone: f64,
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

/// Buffers of a knapsack.
#[derive(Default)]
pub(crate) struct Rows {
    cells: Vec<f32>,
    kept: Vec<usize>,
}

impl Shop {
    pub(crate) fn new(inst: &Instance<'_>, machine: usize, cells: Cells) -> Self {
        let m = &inst.machines[machine];
        let problem = &inst.problem;
        let quantum = ((m.capacity + cells.most() - 1) / cells.most()).max(1);
        let rate = |r: i64| (problem.objective.production * r) as f64 / problem.rate_span as f64;
        let stack = |f: usize| inst.stack(f, machine) as f64;
        let families = 0..problem.families.len();
        let mut stocks: Vec<Stock> =
            families.map(|f| Stock { items: Vec::new(), stack: stack(f) }).collect();
        for (p, part) in problem.parts.iter().enumerate() {
            if !inst.takes(p as u32, machine) {
                continue;
            }
            let load = inst.load(p as u32, machine);
            let due = problem.orders[part.order].due.map_or(f64::INFINITY, |d| d as f64);
            let mut left = part.copies;
            let mut chunk = 1;
            while left > 0 {
                let copies = chunk.min(left);
                let n = f64::from(copies);
                stocks[part.family].items.push(Item {
                    part: p as u32,
                    copies,
                    cells: cells.of(i64::from(copies) * load.size, quantum),
                    add: n * load.add as f64,
                    peak: load.peak as f64,
                    cost: n
                        * (inst.freight(p as u32, machine) as f64 + rate(m.rate) * load.add as f64),
                    due: due - inst.tail(p as u32, machine) as f64,
                    alone: (m.fixed + load.add + load.peak) as f64,
                });
                (left, chunk) = (left - copies, chunk * 2);
            }
        }
        for stock in &mut stocks {
            stock.items.retain(|item| item.cells as i64 <= m.capacity / quantum);
            stock.items.sort_by(|a, b| a.peak.total_cmp(&b.peak).then(a.part.cmp(&b.part)));
        }
        Self {
            machine,
            cells: (m.capacity / quantum) as usize,
            stocks,
            rate: rate(m.rate),
            peak_rate: rate(m.peak_rate),
            fixed_cost: (problem.objective.production * m.per_batch) as f64,
            ready: m.ready as f64,
            fixed: m.fixed as f64,
        }
    }

    /// Length of the shortest batch there can be.
    pub(crate) fn shortest(&self) -> f64 {
        let items = self.stocks.iter().flat_map(|s| &s.items).filter(|i| i.copies == 1);
        let least = items.map(|i| i.add + i.peak).min_by(f64::total_cmp);
        self.fixed + least.unwrap_or(0.0)
    }

    /// A length to begin with.
    pub(crate) fn usual_length(&self) -> f64 {
        let items: Vec<&Item> = self.stocks.iter().flat_map(|s| &s.items).collect();
        let n = items.len().max(1) as f64;
        let sum = |f: fn(&Item) -> f64| items.iter().map(|i| f(i)).sum::<f64>() / n;
        let copies = self.cells as f64 / sum(|i| i.cells as f64).max(1.0);
        self.fixed + copies * sum(|i| i.add) + 1.5 * sum(|i| i.peak)
    }

    /// The best batch that completes in a span; its length is priced by a line.
    pub(crate) fn best(
        &self,
        duals: &Duals,
        span: usize,
        line: &Line,
        rows: &mut Rows,
    ) -> Option<Column> {
        let families =
            (0..self.stocks.len()).filter_map(|f| self.best_of(duals, span, line, f, rows));
        families.max_by(|a, b| a.profit.total_cmp(&b.profit))
    }

    fn best_of(
        &self,
        duals: &Duals,
        span: usize,
        line: &Line,
        family: usize,
        rows: &mut Rows,
    ) -> Option<Column> {
        let stock = &self.stocks[family];
        if self.fixed >= line.room {
            return None;
        }
        let near = line.near;
        let (paid, slope) = duals.time_price(self.machine, span, near);
        let (paid, slope) = match line.room.is_finite() {
            true => (paid + line.push * (near - line.room), slope + line.push),
            false => (paid, slope),
        };
        let completes = duals.grid[span] as f64;
        let gain = |item: &Item| {
            let (n, part) = (f64::from(item.copies), item.part as usize);
            let late = duals.late[part] * (completes - item.due).max(0.0);
            n * (duals.price[part] - late) - item.cost - slope * item.add
        };
        let per_peak = self.rate + self.peak_rate + slope;
        let fixed = self.fixed_cost + (self.rate + slope) * self.fixed + paid - slope * near;
        let width = self.cells + 1;
        rows.kept.clear();
        rows.cells.clear();
        let start = if stock.stack > 0.0 { f32::NEG_INFINITY } else { 0.0 };
        rows.cells.resize(width, start);
        rows.cells[0] = 0.0;
        let mut best: Option<(f64, usize, usize, usize)> = None;
        for (k, item) in stock.items.iter().enumerate() {
            if item.alone > line.room {
                continue;
            }
            let gain = gain(item);
            // What earns nothing can only be the highest of its batch, where a line is below 0 for
            // short batches.
            if gain <= 0.0 && fixed >= 0.0 {
                continue;
            }
            let from = rows.cells.len() - width;
            let room = width - item.cells;
            let row = &rows.cells[from..from + room];
            let (profit, at) = self.highest(row, item, gain, per_peak, stock.stack);
            if best.is_none_or(|b| profit - fixed > b.0) {
                best = Some((profit - fixed, rows.kept.len(), at, k));
            }
            if gain <= 0.0 {
                continue;
            }
            rows.kept.push(k);
            rows.cells.resize(from + 2 * width, 0.0);
            let (old, new) = rows.cells[from..].split_at_mut(width);
            take(old, new, item.cells, gain as f32);
        }
        let (profit, below, at, highest) = best?;
        let mut column = self.column(stock, rows, highest, below, at);
        column.profit = profit;
        let price = |p: &(u32, u32)| duals.price[p.0 as usize] * f64::from(p.1);
        column.earned = column.parts.iter().map(price).sum();
        Some(column)
    }

    /// What an item earns as the highest of its batch, and the cells that the others take.
    fn highest(
        &self,
        row: &[f32],
        item: &Item,
        gain: f64,
        per_peak: f64,
        stack: f64,
    ) -> (f64, usize) {
        if stack == 0.0 {
            let at = row.len() - 1;
            return (f64::from(row[at]) + gain - per_peak * item.peak, at);
        }
        let mut best = (f64::NEG_INFINITY, 0);
        for (at, value) in row.iter().enumerate() {
            let even = stack * (at + item.cells) as f64 / self.cells.max(1) as f64;
            let profit = f64::from(*value) + gain - per_peak * item.peak.max(even);
            if profit > best.0 {
                best = (profit, at);
            }
        }
        best
    }

    /// Follows the first `below` rows back from `at` cells to what is beside the highest part.
    fn column(
        &self,
        stock: &Stock,
        rows: &Rows,
        highest: usize,
        below: usize,
        at: usize,
    ) -> Column {
        let width = self.cells + 1;
        let mut column = Column::default();
        let (mut add, mut used, mut at) = (0.0, 0, at);
        let mut put = |k: usize| {
            let item = &stock.items[k];
            (add, used) = (add + item.add, used + item.cells);
            match column.parts.iter_mut().find(|p| p.0 == item.part) {
                Some(p) => p.1 += item.copies,
                None => column.parts.push((item.part, item.copies)),
            }
            item.cells
        };
        put(highest);
        for k in (0..below).rev() {
            let (with, without) = (rows.cells[(k + 1) * width + at], rows.cells[k * width + at]);
            if with > without {
                at -= put(rows.kept[k]);
            }
        }
        let even = stock.stack * used as f64 / self.cells.max(1) as f64;
        column.length = self.fixed + add + stock.items[highest].peak.max(even);
        column
    }
}

/// One item more: each cell with or without it.
fn take(old: &[f32], new: &mut [f32], cells: usize, gain: f32) {
    new[..cells].copy_from_slice(&old[..cells]);
    let (low, high) = (&old[..old.len() - cells], &old[cells..]);
    for ((new, low), high) in new[cells..].iter_mut().zip(low).zip(high) {
        let with = low + gain;
        *new = if with > *high { with } else { *high };
    }
}
