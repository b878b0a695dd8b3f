//! Where a copy would go while a first plan is made, and what that is held to cost.

use crate::batching::construct::Prices;
use crate::batching::instance::{Instance, NO_MATERIAL};

/// Batches of a family on a machine that may still take copies: the last that were opened, so that
/// a copy looks at a fixed number of places on each machine, however many batches there are.
const OPEN_MOST: usize = 6;

/// A batch while it is filled.
#[derive(Clone, Copy)]
struct Open {
    index: usize,
    size: i64,
    peak: i64,
    bits: u128,
}

/// A machine while it is filled.
pub(super) struct Line {
    machine: usize,
    end: i64,
    held: u32,
    /// By family, the oldest first.
    open: Vec<Vec<Open>>,
}

/// A place for a copy.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    cost: f64,
    pub(super) machine: usize,
    /// Place in the open batches of its family; none for a new batch.
    open: Option<usize>,
    longer: i64,
}

impl Line {
    pub(super) fn new(inst: &Instance<'_>, machine: usize) -> Self {
        let m = &inst.machines[machine];
        let open = vec![Vec::new(); inst.problem.families.len()];
        Self { machine, end: m.ready, held: m.loaded, open }
    }

    /// Takes a copy; which of the batches of the machine it goes to, none for a new one, the
    /// `next` of them.
    pub(super) fn take(
        &mut self,
        inst: &Instance<'_>,
        copy: u32,
        offer: &Offer,
        next: usize,
    ) -> Option<usize> {
        let part = inst.part_of[copy as usize];
        let (load, family) = (inst.load(part, self.machine), inst.family(part));
        let open = &mut self.open[family];
        self.end += offer.longer;
        if let Some(k) = offer.open {
            let b = &mut open[k];
            (b.size, b.peak) = (b.size + load.size, b.peak.max(load.peak));
            b.bits |= inst.bit(copy);
            return Some(b.index);
        }
        if open.len() == OPEN_MOST {
            open.remove(0);
        }
        open.push(Open { index: next, size: load.size, peak: load.peak, bits: inst.bit(copy) });
        self.held = inst.problem.families[family].material as u32;
        None
    }
}

/// A copy that looks for a place.
pub(super) struct Visitor<'i> {
    inst: &'i Instance<'i>,
    copy: u32,
    part: u32,
    family: usize,
    /// Centres that its order is shipped from already.
    shipped: &'i [u32],
    prices: Prices,
}

impl<'i> Visitor<'i> {
    pub(super) fn new(
        inst: &'i Instance<'i>,
        copy: u32,
        shipped: &'i [u32],
        prices: Prices,
    ) -> Self {
        let part = inst.part_of[copy as usize];
        Self { inst, copy, part, family: inst.family(part), shipped, prices }
    }

    /// The cheapest place on the machines that take it and have what it is `fed` from.
    pub(super) fn best(&self, lines: &[Line], fed: impl Fn(usize) -> bool) -> Option<Offer> {
        let mut best: Option<Offer> = None;
        for &machine in &self.inst.machines_of[self.family] {
            let machine = machine as usize;
            if !self.inst.takes(self.part, machine) || !fed(machine) {
                continue;
            }
            let below = best.map_or(f64::INFINITY, |best| best.cost);
            if let Some(offer) = self.offer(&lines[machine], below) {
                best = Some(offer);
            }
        }
        best
    }

    /// The best place on a machine, if it costs less than `below`.
    fn offer(&self, line: &Line, below: f64) -> Option<Offer> {
        let (inst, machine) = (self.inst, line.machine);
        let (m, load) = (&inst.machines[machine], inst.load(self.part, machine));
        let share = inst.share(self.part, machine);
        let stack = inst.stack(self.family, machine);
        let top = load.peak.max(stack);
        // What all places on the machine cost at least: freight, its share at its own peak.
        let least = self.freight(machine)
            + self.paid(
                machine,
                load.add as f64 + share * (m.fixed + top) as f64,
                share * top as f64,
            )
            + share * self.per_batch(machine);
        if least >= below {
            return None;
        }
        let release = inst.problem.parts[self.part as usize].release;
        let from = line.end.max(release);
        let mut best: Option<Offer> = None;
        let mut keep = |cost: f64, open: Option<usize>, longer: i64| {
            let cost = cost + self.late(machine, from + longer);
            if cost < best.map_or(below, |best: Offer| best.cost) {
                best = Some(Offer { cost, machine, open, longer });
            }
        };
        for (k, b) in line.open[self.family].iter().enumerate() {
            let size = b.size + load.size;
            if size > m.capacity || !inst.may_share(b.bits | inst.bit(self.copy)) {
                continue;
            }
            // It pays for what it raises the batch by, for all that lies there already, and for
            // the height that the batch has beyond its own.
            let (old, new) = (b.peak.max(stack), b.peak.max(load.peak).max(stack));
            let filled = b.size as f64 / m.capacity.max(1) as f64;
            let more = share * (new - top) as f64 + filled * (new - old) as f64;
            let higher = m.peak(stack, b.peak.max(load.peak), size) - m.peak(stack, b.peak, b.size);
            keep(least + self.paid(machine, more, more), Some(k), load.add + higher);
        }
        let material = inst.problem.families[self.family].material as u32;
        let change = line.held != NO_MATERIAL && line.held != material;
        let peak = m.peak(stack, load.peak, load.size);
        let empty = self.paid(machine, (m.fixed + peak) as f64, peak as f64)
            - share * self.paid(machine, (m.fixed + top) as f64, top as f64)
            + (1.0 - share) * self.per_batch(machine);
        let mut cost = least + self.prices.waste * empty.max(0.0);
        let mut longer = m.fixed + load.add + peak;
        if change {
            let production = inst.problem.objective.production as f64;
            cost += self.paid(machine, m.changeover as f64, 0.0);
            cost += production * m.changeover_cost as f64;
            longer += m.changeover;
        }
        keep(cost, None, longer);
        best
    }

    /// Weighted freight, with the shipment if it is the first of its order from the centre.
    fn freight(&self, machine: usize) -> f64 {
        let inst = self.inst;
        let mut freight = inst.freight(self.part, machine);
        let centre = inst.machines[machine].centre;
        if inst.shipments && !self.shipped.contains(&(centre as u32)) {
            let order = inst.order_of[self.copy as usize];
            let apart = inst.problem.orders[order as usize].apart;
            let apart = if self.shipped.is_empty() { 0 } else { apart };
            freight +=
                inst.problem.objective.freight * (inst.shipment_price(order, centre) + apart);
        }
        freight as f64
    }

    /// Weighted price of time of a machine and of peak, with that of those who wait.
    fn paid(&self, machine: usize, length: f64, peak: f64) -> f64 {
        let m = &self.inst.machines[machine];
        let hours = (m.rate as f64 * length + m.peak_rate as f64 * peak)
            / self.inst.problem.rate_span.max(1) as f64;
        self.inst.problem.objective.production as f64 * hours * (1.0 + self.prices.waiting)
    }

    fn per_batch(&self, machine: usize) -> f64 {
        let production = self.inst.problem.objective.production;
        (production * self.inst.machines[machine].per_batch) as f64
    }

    /// What it costs, weighted, that the machine's last batch ends at a time.
    fn late(&self, machine: usize, end: i64) -> f64 {
        let inst = self.inst;
        let order = inst.order_of[self.copy as usize];
        let late = inst.order_cost(order, end + inst.tail(self.part, machine)) as f64;
        late + inst.problem.objective.makespan as f64 * end as f64
    }
}
