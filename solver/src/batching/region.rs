//! Some machines with all of their batches: the state of a search, and changes to it with their
//! exact cost.
//!
//! What lies on other machines stands still meanwhile; of it, a region knows when the rest of each
//! order arrives.

mod fill;

use platewright_model::batching::Freeze;

use crate::batching::instance::{Instance, missed as missed_limits};
use crate::batching::plan::{BatchSet, Plan};
use crate::batching::rebuild::Sketch;
use crate::batching::trial::Trial;

/// No batch, no machine.
pub(crate) const NONE: u32 = u32::MAX;

/// No line.
const NO_LINE: u8 = u8::MAX;

/// The state of a search over some machines.
pub(crate) struct Region<'a> {
    pub(crate) inst: &'a Instance<'a>,
    pub(crate) lines: Vec<Line>,
    pub(crate) units: Vec<Unit>,
    /// What each copy means on each line, by copy, then by line.
    spots: Vec<Spot>,
    /// Lines that take each copy, those that print it at least cost first: by copy, as many as
    /// there are lines, the last of them `NO_LINE`.
    ranked: Vec<u8>,
    pub(crate) orders: Vec<OrderState>,
    pub(crate) batches: Vec<Batch>,
    /// Indices of batches that are not in use.
    pub(crate) free: Vec<u32>,
    /// Batches of each family (of the instance), with their place in `Batch::listed`.
    pub(crate) families: Vec<FamilyState>,
    /// Greatest end elsewhere.
    pub(crate) makespan_outside: i64,
    /// Weighted cost of all that can change here.
    pub(crate) cost: i64,
    /// Feedstock that is left of each store for what is printed here.
    pub(crate) stores: Vec<i64>,
    /// Present batches that are kept: their number in the instance, the batch that holds most of
    /// each and its line; sorted.
    kept: Vec<(u32, u32, u32)>,
    pub(crate) trial: Trial,
    pub(crate) sketch: Sketch,
}

/// Batches of a family.
pub(crate) struct FamilyState {
    /// Family of the instance.
    pub(crate) family: u32,
    pub(crate) batches: Vec<u32>,
}

/// A machine with its batches in order.
pub(crate) struct Line {
    /// Machine of the instance.
    pub(crate) machine: u32,
    pub(crate) queue: Vec<u32>,
    pub(crate) end: i64,
}

/// A copy.
pub(crate) struct Unit {
    pub(crate) part: u32,
    /// Order, as a number of the region.
    pub(crate) order: u32,
    /// Copy of the instance.
    pub(crate) global: u32,
    /// Family, as a number of the region.
    pub(crate) family: u32,
    pub(crate) batch: u32,
    pub(crate) tail: i64,
    /// Lines that take it.
    pub(crate) lines: u64,
}

/// What a copy means on a line.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spot {
    pub(crate) size: i64,
    pub(crate) add: i64,
    pub(crate) peak: i64,
    pub(crate) release: i64,
    /// Peak of a full batch, where parts are stacked.
    pub(crate) stack: i64,
    /// Freight from there, weighted.
    pub(crate) freight: i64,
    /// From the end of its batch to its arrival.
    pub(crate) tail: i64,
    /// What it costs at least: freight, and the time that adds up.
    pub(crate) least: i64,
    /// Store that it takes `feed` from; `NO_STORE` where there is any amount.
    pub(crate) store: u32,
}

/// An order, as far as it lies here.
pub(crate) struct OrderState {
    pub(crate) due: i64,
    pub(crate) weight: i64,
    /// Latest arrival that costs nothing.
    pub(crate) calm: i64,
    /// Latest arrival of all its copies.
    pub(crate) arrives: i64,
    /// Latest arrival of copies elsewhere.
    pub(crate) outside: i64,
    /// Centres of copies elsewhere, sorted; only where shipments have a price.
    pub(crate) centres: Vec<u32>,
    /// Its copies are `first..last` of the region's.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Order of the instance.
    pub(crate) global: u32,
}

/// A batch.
#[derive(Clone, Default)]
pub(crate) struct Batch {
    pub(crate) line: u32,
    pub(crate) place: u32,
    pub(crate) family: u32,
    pub(crate) material: u32,
    /// Its place in the list of its family.
    pub(crate) listed: u32,
    pub(crate) totals: Totals,
    /// Without waiting and without a change of material.
    pub(crate) length: i64,
    pub(crate) end: i64,
    /// Latest end at which none of its orders costs anything for it.
    pub(crate) slack: i64,
    /// Weights of the orders that are late for it or for batches behind it.
    pub(crate) late_behind: i64,
    /// Weighted price of the promises and deadlines that these orders miss.
    pub(crate) missed_behind: i64,
    /// What must stay as it is.
    pub(crate) freeze: Freeze,
    pub(crate) shares: Vec<Share>,
}

/// A copy in a batch, with what its lateness depends on.
#[derive(Clone, Copy)]
pub(crate) struct Share {
    pub(crate) unit: u32,
    pub(crate) order: u32,
    pub(crate) tail: i64,
}

/// What the time of a batch depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) size: i64,
    pub(crate) add: i64,
    /// Greatest peak of a copy.
    pub(crate) peak: i64,
    pub(crate) release: i64,
    /// Peak of a full batch, where parts are stacked.
    pub(crate) stack: i64,
    pub(crate) copies: u32,
    /// Bits of the copies; see [`Instance::bit`].
    pub(crate) bits: u128,
}

impl Totals {
    /// One copy more.
    pub(crate) fn add(&mut self, spot: &Spot) {
        self.size += spot.size;
        self.add += spot.add;
        self.peak = self.peak.max(spot.peak);
        self.release = self.release.max(spot.release);
        self.stack = spot.stack;
        self.copies += 1;
    }
}

impl Region<'_> {
    /// What it costs, weighted, that a copy is in a batch on a line and not with what is kept of
    /// its present batch.
    pub(crate) fn moving(&self, copy: u32, batch: u32, line: u32) -> i64 {
        let Some(home) = self.inst.held.batch(copy) else { return 0 };
        let at = self.kept.binary_search_by_key(&(home as u32), |kept| kept.0);
        let stays = at.is_ok_and(|at| (self.kept[at].1, self.kept[at].2) == (batch, line));
        if stays { 0 } else { self.inst.problem.objective.moved }
    }

    /// Nothing is kept by a batch that is no more.
    pub(crate) fn forget_kept(&mut self, batch: u32) {
        self.kept.retain(|kept| kept.1 != batch);
    }

    /// What a copy means on a line that takes it.
    pub(crate) fn spot(&self, unit: u32, line: u32) -> &Spot {
        &self.spots[unit as usize * self.lines.len() + line as usize]
    }

    /// Lines that take a copy, those that print it at least cost first.
    pub(crate) fn ranked(&self, unit: u32) -> impl Iterator<Item = u32> {
        let first = unit as usize * self.lines.len();
        let lines = &self.ranked[first..first + self.lines.len()];
        lines.iter().take_while(|l| **l != NO_LINE).map(|l| u32::from(*l))
    }

    /// Sums over copies on a line that takes them.
    pub(crate) fn totals(&self, line: u32, units: impl Iterator<Item = u32>) -> Totals {
        let mut totals = Totals::default();
        for u in units {
            totals.add(self.spot(u, line));
            totals.bits |= self.inst.bit(self.units[u as usize].global);
        }
        totals
    }

    /// Length of a batch on a machine, without waiting and without a change of material.
    pub(crate) fn length(&self, machine: usize, totals: &Totals) -> i64 {
        let m = &self.inst.machines[machine];
        m.fixed + totals.add + m.peak(totals.stack, totals.peak, totals.size)
    }

    /// Times and cost of everything, from nothing but batches and queues.
    pub(crate) fn settle(&mut self) {
        for order in &mut self.orders {
            order.arrives = order.outside;
        }
        let (mut cost, mut makespan) = (0, self.makespan_outside);
        for l in 0..self.lines.len() {
            let machine = self.lines[l].machine as usize;
            let m = &self.inst.machines[machine];
            let (mut free, mut held) = (m.ready, m.loaded);
            for place in 0..self.lines[l].queue.len() {
                let b = self.lines[l].queue[place] as usize;
                let batch = &self.batches[b];
                let from = free.max(batch.totals.release);
                let (end, change) = m.end_after(from, held, batch.material, batch.length);
                cost += self.production(machine, &batch.totals, batch.length);
                if change {
                    cost += self.inst.problem.objective.production * m.changeover_cost;
                }
                for share in &batch.shares {
                    let order = &mut self.orders[share.order as usize];
                    order.arrives = order.arrives.max(end + share.tail);
                    let unit = &self.units[share.unit as usize];
                    cost += self.inst.freight(unit.part, machine);
                    cost += self.moving(unit.global, b as u32, l as u32);
                }
                (free, held) = (end, batch.material);
                self.batches[b].end = end;
            }
            self.lines[l].end = if self.lines[l].queue.is_empty() { 0 } else { free };
            makespan = makespan.max(self.lines[l].end);
        }
        for (o, order) in self.orders.iter().enumerate() {
            cost += self.order_cost(order, order.arrives);
            if self.inst.shipments {
                let at = |u: u32| self.batches[self.units[u as usize].batch as usize].line;
                cost += self.shipping(o, at);
            }
        }
        self.cost = cost + self.inst.problem.objective.makespan * makespan;
        for line in 0..self.lines.len() {
            self.weigh(line);
        }
    }

    /// Weighted price of the shipments of an order from centres of this region that no copy
    /// elsewhere leaves, where `line_of` says where its copies are.
    pub(crate) fn shipping(&self, order: usize, line_of: impl Fn(u32) -> u32) -> i64 {
        let state = &self.orders[order];
        let mut seen = [u32::MAX; 64];
        let (mut count, mut sum) = (0, 0);
        for u in state.first..state.last {
            let machine = self.lines[line_of(u) as usize].machine as usize;
            let centre = self.inst.machines[machine].centre as u32;
            if !seen[..count].contains(&centre) && !state.centres.contains(&centre) {
                (seen[count], count) = (centre, count + 1);
                sum += self.inst.shipment_price(state.global, centre as usize);
            }
        }
        let nth = count - usize::from(count > 0 && state.centres.is_empty());
        sum += nth as i64 * self.inst.problem.orders[state.global as usize].apart;
        self.inst.problem.objective.freight * sum
    }

    /// What an order costs, weighted, that arrives at a time.
    pub(crate) fn order_cost(&self, order: &OrderState, arrives: i64) -> i64 {
        if arrives <= order.calm { 0 } else { self.inst.order_cost(order.global, arrives) }
    }

    /// Latest end of a batch at which none of its orders costs anything for it.
    pub(crate) fn slack(&self, shares: &[Share]) -> i64 {
        let of = |s: &Share| self.orders[s.order as usize].calm - s.tail;
        shares.iter().map(of).min().unwrap_or(i64::MAX / 4)
    }

    /// Sums the weights of late orders of a line again, from its end on.
    pub(crate) fn weigh(&mut self, line: usize) {
        let (mut sum, mut missed) = (0, 0);
        let price = self.inst.problem.objective.missed;
        for &b in self.lines[line].queue.iter().rev() {
            let batch = &mut self.batches[b as usize];
            if batch.end > batch.slack {
                for share in &batch.shares {
                    let order = &self.orders[share.order as usize];
                    if order.arrives > order.calm && batch.end + share.tail == order.arrives {
                        sum += if order.arrives > order.due { order.weight } else { 0 };
                        let order = &self.inst.problem.orders[order.global as usize];
                        missed += price * missed_limits(order, batch.end + share.tail).0;
                    }
                }
            }
            (batch.late_behind, batch.missed_behind) = (sum, missed);
        }
    }

    /// Cost of a batch, without freight and changes of material.
    pub(crate) fn production(&self, machine: usize, totals: &Totals, length: i64) -> i64 {
        let peak = self.inst.machines[machine].peak(totals.stack, totals.peak, totals.size);
        self.inst.batch_cost(machine, length, peak, totals.size)
    }

    /// Writes the batches back into a plan.
    pub(crate) fn write(&self, plan: &mut Plan) {
        for line in &self.lines {
            let m = line.machine as usize;
            plan.lines[m] = line
                .queue
                .iter()
                .map(|b| {
                    let shares = self.batches[*b as usize].shares.iter();
                    let mut copies: Vec<u32> =
                        shares.map(|s| self.units[s.unit as usize].global).collect();
                    copies.sort_unstable();
                    BatchSet { copies }
                })
                .collect();
            plan.ends[m] = line.end;
        }
        for unit in &self.units {
            let batch = &self.batches[unit.batch as usize];
            plan.at[unit.global as usize] =
                Some((self.lines[batch.line as usize].machine, batch.end));
        }
    }
}
