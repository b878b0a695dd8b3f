//! Work against time of machines, at least cost: the linear programme whose prices say what an hour
//! is worth.
//!
//! Lots send their work to spans of pools, or to the time after all spans, of which there is any
//! amount. What a unit of work costs there is what the parts of the lot cost on average:
//! production, freight, and the lateness of a batch that is not complete before the span begins.
//! Arcs are made as they are needed: a round adds for each lot those that pay most at the prices of
//! the last one (column generation), until none pays.

use rayon::prelude::*;

use crate::batching::capacity::floor::Floor;
use crate::batching::capacity::lot::{Lot, lots, steps};
use crate::batching::capacity::share;
use crate::batching::capacity::simplex::{Network, Source};

/// Spans that dates are told apart by, at the most; and those after the last date.
const DATED: usize = 16;
const UNDATED: i64 = 4;

/// Lots that are told apart, about.
const LOTS: usize = 3_000;

/// Rounds of column generation, and arcs that one adds for a lot.
const ROUNDS: usize = 60;
const COLUMNS: usize = 3;

/// Greatest cost of a unit of work in the network.
const COST_MOST: f64 = (1_i64 << 40) as f64;

/// Gains below this, in parts of the greatest cost, are none.
const GAIN_LEAST: f64 = 1e-7;

/// Time of pools, span by span.
pub(super) struct Spans {
    /// Ends of the spans; one more, without end, follows.
    pub(super) ends: Vec<i64>,
    /// By pool and span: begin, end, and the work that all machines can do, in units.
    pub(super) cells: Vec<Cell>,
}

/// Time of a pool in a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) offered: i64,
}

/// What the market has come to.
pub(super) struct Market {
    pub(super) spans: Spans,
    /// Price of a unit of work by cell, weighted; 0 where there is no time.
    pub(super) prices: Vec<f64>,
    /// Work of each pool that goes to its spans and after them, in units.
    pub(super) work: Vec<i64>,
}

impl Spans {
    /// Of lots, up to the end of a plan.
    fn new(floor: &Floor<'_>, lots: &[Lot], end: i64) -> Self {
        let begin = floor.pools.iter().map(|pool| floor.first(pool, i64::MIN / 4)).min();
        let begin = begin.unwrap_or(0);
        let due = |lot: &Lot| {
            let ways = floor.kinds[lot.kind].pools.iter();
            let mut ends: Vec<i64> = ways.map(|(_, way)| lot.by - way).collect();
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        let dated = lots.iter().flat_map(due).filter(|at| (begin..end).contains(at));
        let mut ends = steps(dated, DATED, true);
        let last = ends.last().copied().unwrap_or(begin);
        ends.extend((1..=UNDATED).map(|k| last + (end - last).max(0) * k / UNDATED));
        ends.dedup();
        let mut cells = Vec::with_capacity(floor.pools.len() * ends.len());
        for pool in &floor.pools {
            let mut from = floor.first(pool, i64::MIN / 4);
            for end in &ends {
                let to = floor.last(pool, *end).max(from);
                cells.push(Cell { from, to, offered: floor.offer(pool, from, to) });
                from = to;
            }
        }
        Self { ends, cells }
    }

    /// What is in a span on a pool is not complete before this.
    pub(super) fn complete(&self, span: usize) -> i64 {
        if span == 0 { i64::MIN / 4 } else { self.ends[span - 1] + 1 }
    }

    /// The first span that a batch of a release can have time in.
    pub(super) fn after(&self, release: i64) -> usize {
        self.ends.partition_point(|end| *end <= release)
    }
}

/// A lot with what a unit of its work costs.
struct Bid {
    supply: i64,
    /// By pool of its kind, without lateness.
    cost: Vec<f64>,
    /// Of a unit of time that it is late, and of being late at all.
    late: f64,
    missed: f64,
    first: usize,
}

impl Bid {
    fn new(floor: &Floor<'_>, spans: &Spans, lot: &Lot, copies_of: &[f64]) -> Self {
        let inst = floor.inst;
        let kind = &floor.kinds[lot.kind];
        let mut classes: Vec<usize> =
            kind.pools.iter().map(|(pool, _)| floor.pools[*pool as usize].class).collect();
        classes.sort_unstable();
        classes.dedup();
        let mean = |part: u32| {
            let works = classes.iter().map(|class| floor.work(part, *class) as f64);
            works.sum::<f64>() / classes.len().max(1) as f64
        };
        let copies = |part: u32| floor.copies(part) as f64;
        let supply: f64 = lot.parts.iter().map(|part| copies(*part) * mean(*part)).sum();
        let supply = supply.round().max(1.0);
        let of = |part: u32| inst.problem.parts[part as usize].order;
        let cost = |(pool, _): &(u32, i64)| {
            let machine = floor.pools[*pool as usize].machines[0] as usize;
            let price = |part: &u32| {
                copies(*part) * share::price(inst, *part, machine, copies_of[of(*part)])
            };
            lot.parts.iter().map(price).sum::<f64>() / supply
        };
        let weights = &inst.problem.objective;
        let (mut late, mut missed) = (0.0, 0.0);
        for &part in &lot.parts {
            let order = &inst.problem.orders[of(part)];
            let share = copies(part) / copies_of[of(part)].max(1.0);
            let rate = order.due.map_or(0, |_| weights.lateness * order.weight) as f64;
            late += share * rate / inst.problem.rate_span as f64;
            let limits = [order.promise, order.deadline].into_iter().flatten();
            let cost: f64 = limits.map(|limit| (weights.missed * limit.cost) as f64).sum();
            missed += share * cost;
        }
        Self {
            supply: supply as i64,
            cost: kind.pools.iter().map(cost).collect(),
            late: late / supply,
            missed: missed / supply,
            first: spans.after(lot.release),
        }
    }

    /// What a unit costs for the lateness of what is not complete before a time.
    fn late(&self, lot: &Lot, complete: i64, way: i64) -> f64 {
        let late = complete + way - lot.by;
        if late <= 0 { 0.0 } else { self.late * late as f64 + self.missed }
    }
}

/// What a lot could buy: its gain, place among the pools of its kind, span, cost.
type Offer = (f64, usize, usize, f64);

impl Market {
    /// Buys time for all parts; `end` is that of a plan, `copies_of` the copies of each order.
    pub(super) fn new(floor: &Floor<'_>, end: i64, copies_of: &[f64]) -> Self {
        let inst = floor.inst;
        let calm = |part: u32| Some(inst.calm(inst.problem.parts[part as usize].order as u32));
        let lots = lots(floor, LOTS, calm);
        let spans = Spans::new(floor, &lots, end);
        let bids: Vec<Bid> =
            lots.par_iter().map(|lot| Bid::new(floor, &spans, lot, copies_of)).collect();
        Trade::new(floor, &lots, &bids, spans).run()
    }
}

/// A market that is still open.
struct Trade<'f, 'a> {
    floor: &'f Floor<'a>,
    lots: &'f [Lot],
    bids: &'f [Bid],
    spans: Spans,
    net: Network,
    /// Node of each cell, if there is time in it.
    nodes: Vec<Option<u32>>,
    /// Pool of each arc from a lot; the first ones are those to the time after all spans.
    bought: Vec<(usize, u32)>,
    scale: f64,
}

impl<'f, 'a> Trade<'f, 'a> {
    fn new(floor: &'f Floor<'a>, lots: &'f [Lot], bids: &'f [Bid], spans: Spans) -> Self {
        let after = |(lot, bid): (&Lot, &Bid)| {
            let complete = spans.complete(spans.ends.len());
            let pools = floor.kinds[lot.kind].pools.iter().zip(&bid.cost);
            let all =
                pools.map(|((pool, way), cost)| (cost + bid.late(lot, complete, *way), *pool));
            all.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, 0))
        };
        let last: Vec<(f64, u32)> = lots.iter().zip(bids).map(after).collect();
        let most = last.iter().map(|(cost, _)| *cost).fold(f64::MIN_POSITIVE, f64::max);
        let scale = COST_MOST / most;
        let source = |(bid, (cost, _)): (&Bid, &(f64, u32))| Source {
            supply: bid.supply,
            most: None,
            cost: (cost * scale).round() as i64,
        };
        let mut sources: Vec<Source> = bids.iter().zip(&last).map(source).collect();
        let mut nodes = Vec::with_capacity(spans.cells.len());
        for cell in &spans.cells {
            nodes.push((cell.offered > 0).then(|| {
                sources.push(Source { supply: 0, most: Some(cell.offered), cost: 0 });
                sources.len() as u32
            }));
        }
        let bought = last.iter().enumerate().map(|(k, (_, pool))| (k, *pool)).collect();
        Self { floor, lots, bids, spans, net: Network::new(&sources), nodes, bought, scale }
    }

    fn run(mut self) -> Market {
        for _ in 0..ROUNDS {
            let prices = self.prices();
            let offers: Vec<Vec<Offer>> =
                (0..self.lots.len()).into_par_iter().map(|lot| self.offers(lot, &prices)).collect();
            if offers.iter().all(Vec::is_empty) {
                break;
            }
            for (lot, offers) in offers.iter().enumerate() {
                for &(_, place, span, cost) in offers {
                    let pool = self.floor.kinds[self.lots[lot].kind].pools[place].0;
                    let Some(node) = self.nodes[pool as usize * self.spans.ends.len() + span]
                    else {
                        continue;
                    };
                    let cost = (cost * self.scale).round() as i64;
                    let arc = self.net.add(lot + 1, node as usize, cost);
                    self.bought.push((arc, pool));
                }
            }
            self.net.solve();
        }
        let mut work = vec![0; self.floor.pools.len()];
        for (arc, pool) in &self.bought {
            work[*pool as usize] += self.net.flow(*arc);
        }
        Market { prices: self.prices(), spans: self.spans, work }
    }

    /// Prices of cells at present.
    fn prices(&self) -> Vec<f64> {
        let price = |node: &Option<u32>| {
            node.map_or(0.0, |node| (-self.net.price(node as usize)).max(0) as f64 / self.scale)
        };
        self.nodes.iter().map(price).collect()
    }

    /// The arcs that pay most for a lot, of each pool the best one.
    fn offers(&self, index: usize, prices: &[f64]) -> Vec<Offer> {
        let (lot, bid) = (&self.lots[index], &self.bids[index]);
        let paid = -(self.net.price(index + 1) as f64) / self.scale;
        let least = GAIN_LEAST * COST_MOST / self.scale;
        let spans = self.spans.ends.len();
        let mut best: Vec<Offer> = Vec::with_capacity(COLUMNS + 1);
        for (place, (pool, way)) in self.floor.kinds[lot.kind].pools.iter().enumerate() {
            let first = *pool as usize * spans;
            let mut own: Option<Offer> = None;
            for span in bid.first..spans {
                let late = bid.late(lot, self.spans.complete(span), *way);
                let cost = bid.cost[place] + late;
                let gain = paid - cost - prices[first + span];
                let known = own.map_or(least, |own| own.0);
                if gain > known && self.nodes[first + span].is_some() {
                    own = Some((gain, place, span, cost));
                }
            }
            best.extend(own);
            best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            best.truncate(COLUMNS);
        }
        best
    }
}
