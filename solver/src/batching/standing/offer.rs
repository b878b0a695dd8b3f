//! Where copies would cost least: every batch that has room and every place between batches, with
//! what it costs in all, those that are printed later for it included.

use crate::batching::instance::NO_MATERIAL;
use crate::batching::standing::line::Slot;
use crate::batching::standing::{Item, Standing};

/// A place for copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What it costs more in all, weighted.
    pub(crate) cost: i64,
    pub(crate) machine: usize,
    /// Place in the queue of the machine.
    pub(crate) place: usize,
    /// Whether they join the batch at the place, or come before it in a batch of their own.
    pub(crate) joins: bool,
}

/// Arrivals of orders in the change that is looked at; used again and again.
#[derive(Default)]
pub(crate) struct Scratch {
    /// By order: number of the change that has an arrival of it, and which.
    seen: Vec<(u64, i64)>,
    number: u64,
    cost: i64,
}

impl Scratch {
    fn begin(&mut self, orders: usize) {
        self.seen.resize(orders, (0, 0));
        self.number += 1;
        self.cost = 0;
    }
}

/// Copies as they would be on a machine.
struct Visitor {
    slot: Slot,
    /// Freight with shipments, weighted.
    freight: i64,
    /// What they cost at least.
    least: i64,
}

impl Standing<'_> {
    /// The best place of all, for copies of one family; none if no machine takes them.
    pub(crate) fn best_offer(&self, item: &Item, scratch: &mut Scratch) -> Option<Offer> {
        let family = self.part(self.part_of(item.copies[0])).family;
        let machines = self.inst.machines_of[family].iter().map(|m| *m as usize);
        let mut visitors: Vec<(usize, Visitor)> =
            machines.filter_map(|m| Some((m, self.visitor(item, m)?))).collect();
        visitors.sort_by_key(|(m, visitor)| (visitor.least, *m));
        let mut best: Option<Offer> = None;
        for (machine, visitor) in &visitors {
            let most = best.map_or(i64::MAX, |best| best.cost);
            if visitor.least >= most {
                break;
            }
            best = self.offer_of(visitor, *machine, most, item.closed, scratch).or(best);
        }
        best
    }

    /// The best place on a machine, if it takes the copies.
    pub(crate) fn offer_on(
        &self,
        item: &Item,
        machine: usize,
        scratch: &mut Scratch,
    ) -> Option<Offer> {
        let visitor = self.visitor(item, machine)?;
        self.offer_of(&visitor, machine, i64::MAX, item.closed, scratch)
    }

    /// Copies on a machine, if it takes them together.
    fn visitor(&self, item: &Item, machine: usize) -> Option<Visitor> {
        let inst = self.inst;
        let m = &inst.machines[machine];
        let mut freight = 0;
        for copy in &item.copies {
            let part = self.part(self.part_of(*copy));
            let way = inst.way_to(self.order(part.order).region, machine)?;
            part.loads[m.class].filter(|_| inst.may(part.family, machine))?;
            freight += inst.problem.objective.freight * inst.freight_of(part, way);
        }
        freight += self.shipping(item, machine);
        let slot = self.slot(machine, item.copies.clone(), item.closed);
        let drawn = self.drawn(item, machine);
        if slot.size > m.capacity || drawn.is_some_and(|(store, feed)| feed > self.stores[store]) {
            return None;
        }
        let time = m.rate * slot.add / inst.problem.rate_span;
        let mut least = freight + inst.problem.objective.production * time;
        for (order, tail) in &slot.shares {
            let soonest = m.ready.max(slot.release) + slot.length + tail;
            least = least.max(freight + self.order_rise(*order as usize, soonest));
        }
        Some(Visitor { slot, freight, least })
    }

    /// Weighted price of shipments that a machine's centre does not make yet for the orders of
    /// copies.
    fn shipping(&self, item: &Item, machine: usize) -> i64 {
        if !self.inst.shipments {
            return 0;
        }
        let centre = self.inst.machines[machine].centre as u32;
        let mut orders: Vec<usize> =
            item.copies.iter().map(|c| self.part(self.part_of(*c)).order).collect();
        orders.sort_unstable();
        orders.dedup();
        let of = |order: &usize| {
            let mut centres = self.shipped.range((*order as u32, 0)..(*order as u32 + 1, 0));
            if self.shipped.contains_key(&(*order as u32, centre)) {
                return 0;
            }
            let known = self.order(*order);
            let way = self.inst.way_to(known.region, machine).map_or(0, |way| way.per_shipment);
            way + if centres.next().is_some() { known.apart } else { 0 }
        };
        self.inst.problem.objective.freight * orders.iter().map(of).sum::<i64>()
    }

    /// What an order costs more that arrives no sooner than at a time.
    fn order_rise(&self, order: usize, arrives: i64) -> i64 {
        let now = self.arrives[order];
        let then = now.max(arrives);
        if then == now {
            return 0;
        }
        self.order_cost(order, then) - self.order_cost(order, now)
    }

    /// The best place on a machine that costs less than `most`.
    fn offer_of(
        &self,
        visitor: &Visitor,
        machine: usize,
        mut most: i64,
        closed: bool,
        scratch: &mut Scratch,
    ) -> Option<Offer> {
        let line = &self.lines[machine];
        let mut best = None;
        for place in (0..=line.len()).rev() {
            let joined = line
                .get(place)
                .filter(|slot| slot.family == visitor.slot.family && !slot.closed && !closed);
            if let Some(slot) = joined
                && let Some(cost) = self.join(visitor, slot, machine, place, most, scratch)
            {
                most = cost;
                best = Some(Offer { cost, machine, place, joins: true });
            }
            if let Some(cost) = self.insert(visitor, machine, place, most, scratch) {
                most = cost;
                best = Some(Offer { cost, machine, place, joins: false });
            }
        }
        best
    }

    /// What it costs to join a batch, if that is less than `most`.
    fn join(
        &self,
        visitor: &Visitor,
        slot: &Slot,
        machine: usize,
        place: usize,
        most: i64,
        scratch: &mut Scratch,
    ) -> Option<i64> {
        let (own, inst) = (&visitor.slot, self.inst);
        let m = &inst.machines[machine];
        let size = slot.size + own.size;
        if size > m.capacity {
            return None;
        }
        let peak = m.peak(inst.stack(slot.family as usize, machine), slot.peak.max(own.peak), size);
        let length = m.fixed + slot.add + own.add + peak;
        let cost = visitor.freight + inst.batch_cost(machine, length, peak, size) - slot.cost;
        let (free, held) = self.before(machine, place);
        let begin = free.max(slot.release).max(own.release);
        let (end, _) = m.end_after(begin, held, slot.material, length);
        let late = slot.late_behind;
        if cost >= most || self.surely(machine, late, end - slot.end, cost) >= most {
            return None;
        }
        scratch.begin(self.arrives.len());
        if end > slot.slack {
            self.arrive(&slot.shares, end, scratch);
        }
        let then = (end, slot.material);
        self.in_all(visitor, machine, place + 1, then, (cost, most), scratch)
    }

    /// What it costs to come before a batch in one of their own, if that is less than `most`.
    fn insert(
        &self,
        visitor: &Visitor,
        machine: usize,
        place: usize,
        most: i64,
        scratch: &mut Scratch,
    ) -> Option<i64> {
        let (own, inst) = (&visitor.slot, self.inst);
        let m = &inst.machines[machine];
        let (free, held) = self.before(machine, place);
        let (end, change) = m.end_after(free.max(own.release), held, own.material, own.length);
        let mut cost = visitor.freight + own.cost;
        let change_cost = inst.problem.objective.production * m.changeover_cost;
        cost += if change { change_cost } else { 0 };
        let line = &self.lines[machine];
        if let Some(next) = line.get(place) {
            let changes = |held: u32| i64::from(held != NO_MATERIAL && held != next.material);
            cost += change_cost * (changes(own.material) - changes(held));
        }
        let late = line.get(place).map_or(0, |next| next.late_behind);
        if cost >= most || self.surely(machine, late, own.length, cost) >= most {
            return None;
        }
        scratch.begin(self.arrives.len());
        self.in_all(visitor, machine, place, (end, own.material), (cost, most), scratch)
    }

    /// What a change costs with all that arrives later for it, if that is less than `most`: the
    /// copies do when their batch ends, what comes behind moves on.
    fn in_all(
        &self,
        visitor: &Visitor,
        machine: usize,
        behind: usize,
        then: (i64, u32),
        (cost, most): (i64, i64),
        scratch: &mut Scratch,
    ) -> Option<i64> {
        self.arrive(&visitor.slot.shares, then.0, scratch);
        self.behind(machine, behind, then, most - cost, scratch);
        let cost = cost + scratch.cost;
        (cost < most).then_some(cost)
    }

    /// Cost with what all that is late behind pays for a delay, where nothing can absorb it.
    fn surely(&self, machine: usize, late_behind: i64, delay: i64, cost: i64) -> i64 {
        let m = &self.inst.machines[machine];
        if m.hours.is_some() || late_behind == 0 || delay <= 0 {
            return cost;
        }
        let weights = &self.inst.problem.objective;
        cost + weights.lateness * (late_behind * delay / self.inst.problem.rate_span)
    }

    /// Orders arrive no sooner than a batch that ends at a time lets them.
    fn arrive(&self, shares: &[(u32, i64)], end: i64, scratch: &mut Scratch) {
        for (order, tail) in shares {
            let now = self.arrives[*order as usize];
            let (number, arrives) = &mut scratch.seen[*order as usize];
            let known = if *number == scratch.number { *arrives } else { now };
            if end + tail > known {
                let cost = |at| self.order_cost(*order as usize, at);
                scratch.cost += cost(end + tail) - cost(known);
                (*number, *arrives) = (scratch.number, end + tail);
            }
        }
    }

    /// Moves the batches from a place on behind what ends at a time and holds a material, until
    /// nothing changes any more or it costs too much.
    fn behind(
        &self,
        machine: usize,
        from: usize,
        (mut free, mut held): (i64, u32),
        most: i64,
        scratch: &mut Scratch,
    ) {
        let m = &self.inst.machines[machine];
        for slot in &self.lines[machine][from..] {
            let begin = free.max(slot.release);
            let (end, _) = m.end_after(begin, held, slot.material, slot.length);
            if end > slot.slack {
                self.arrive(&slot.shares, end, scratch);
            }
            if end == slot.end || scratch.cost >= most {
                return;
            }
            (free, held) = (end, slot.material);
        }
    }
}
