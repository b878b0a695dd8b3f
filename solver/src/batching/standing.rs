//! A plan as it stands, and where a few more copies would cost least in it.
//!
//! For promises while orders come in, for copies that a changed plan has yet to place, and for
//! what another place would cost. Nothing that is in the plan changes its batch; it may end later.

mod line;
mod offer;

use std::collections::BTreeMap;

use platewright_model::batching::{BatchOrder, BatchPart};

use crate::batching::instance::{Instance, NO_TIME};
use crate::batching::plan::{BatchSet, Plan};
use crate::batching::standing::line::Slot;
pub(crate) use crate::batching::standing::offer::{Offer, Scratch};

/// A plan as it stands.
pub(crate) struct Standing<'a> {
    pub(crate) inst: &'a Instance<'a>,
    lines: Vec<Vec<Slot>>,
    /// When the last copy of each order arrives.
    arrives: Vec<i64>,
    /// Feedstock that is left.
    stores: Vec<i64>,
    /// Copies by order and the centre that they are shipped from; only where that has a price.
    shipped: BTreeMap<(u32, u32), u32>,
    /// What came after the instance was made.
    new_orders: Vec<BatchOrder>,
    new_parts: Vec<BatchPart>,
    /// Parts of copies that came after the instance was made.
    new_copies: Vec<u32>,
}

/// Copies that are placed together.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Of one family.
    pub(crate) copies: Vec<u32>,
    /// Whether nothing may join them.
    pub(crate) closed: bool,
}

/// What was there before copies were placed.
pub(crate) struct Undo {
    machine: usize,
    line: Vec<Slot>,
    arrives: Vec<(u32, i64)>,
    drawn: Option<(usize, i64)>,
}

impl Undo {
    /// Orders that arrive later since, with when they arrived before.
    pub(crate) fn arrives(&self) -> impl Iterator<Item = (usize, i64)> {
        self.arrives.iter().map(|(order, arrives)| (*order as usize, *arrives))
    }
}

impl<'a> Standing<'a> {
    pub(crate) fn new(inst: &'a Instance<'a>, plan: &Plan) -> Self {
        let orders = 0..inst.problem.orders.len();
        let mut standing = Self {
            inst,
            lines: vec![Vec::new(); inst.machines.len()],
            arrives: orders.map(|order| inst.arrived(order)).collect(),
            stores: inst.stores_left(plan),
            shipped: BTreeMap::new(),
            new_orders: Vec::new(),
            new_parts: Vec::new(),
            new_copies: Vec::new(),
        };
        for (m, line) in plan.lines.iter().enumerate() {
            let slots = line.iter().map(|set| {
                let closed = inst.held.is_closed(&set.copies);
                standing.slot(m, set.copies.clone(), closed)
            });
            standing.lines[m] = slots.collect();
            standing.retime(m, 0);
        }
        for m in 0..standing.lines.len() {
            standing.weigh(m);
        }
        standing.ship_all(plan);
        standing
    }

    /// Counts what a plan ships, with what has started.
    fn ship_all(&mut self, plan: &Plan) {
        if !self.inst.shipments {
            return;
        }
        for (m, line) in plan.lines.iter().enumerate() {
            line.iter().for_each(|set| self.ship(&set.copies, m, 1));
        }
        for order in 0..self.inst.problem.orders.len() {
            for centre in self.inst.shipped_from(order) {
                *self.shipped.entry((order as u32, *centre)).or_default() += 1;
            }
        }
    }

    /// Counts copies that are shipped from a machine, or no more.
    fn ship(&mut self, copies: &[u32], machine: usize, sign: i32) {
        let centre = self.inst.machines[machine].centre as u32;
        for copy in copies.iter().filter(|_| self.inst.shipments) {
            let key = (self.part(self.part_of(*copy)).order as u32, centre);
            let count = self.shipped.entry(key).or_default();
            *count = count.saturating_add_signed(sign);
            if *count == 0 {
                self.shipped.remove(&key);
            }
        }
    }

    /// The plan, without what came after the instance was made.
    pub(crate) fn plan(&self) -> Plan {
        let mut plan = Plan::empty(self.inst);
        for (line, slots) in plan.lines.iter_mut().zip(&self.lines) {
            line.extend(slots.iter().map(|slot| BatchSet { copies: slot.copies.clone() }));
            line.iter_mut().for_each(|set| set.copies.sort_unstable());
        }
        plan.settle(self.inst);
        plan
    }

    /// Takes in an order that the instance does not have, with its parts; its copies.
    pub(crate) fn add(&mut self, order: &BatchOrder, parts: &[BatchPart]) -> Vec<u32> {
        let problem = &self.inst.problem;
        let index = self.arrives.len();
        self.new_orders.push(*order);
        self.arrives.push(NO_TIME);
        let first = self.inst.copies() + self.new_copies.len();
        for part in parts {
            let number = problem.parts.len() + self.new_parts.len();
            self.new_parts.push(BatchPart { order: index, ..part.clone() });
            self.new_copies.extend(std::iter::repeat_n(number as u32, part.copies as usize));
        }
        (first as u32..(self.inst.copies() + self.new_copies.len()) as u32).collect()
    }

    /// Forgets the order that was added last, none of whose copies is placed any more.
    pub(crate) fn forget(&mut self) {
        self.new_orders.pop();
        self.arrives.pop();
        let order = self.arrives.len();
        self.new_parts.retain(|part| part.order != order);
        let parts = (self.inst.problem.parts.len() + self.new_parts.len()) as u32;
        self.new_copies.retain(|part| *part < parts);
    }

    pub(crate) fn part_of(&self, copy: u32) -> u32 {
        let known = self.inst.part_of.len();
        let copy = copy as usize;
        if copy < known { self.inst.part_of[copy] } else { self.new_copies[copy - known] }
    }

    pub(crate) fn part(&self, part: u32) -> &BatchPart {
        let known = &self.inst.problem.parts;
        known.get(part as usize).unwrap_or_else(|| &self.new_parts[part as usize - known.len()])
    }

    pub(crate) fn order(&self, order: usize) -> &BatchOrder {
        let known = &self.inst.problem.orders;
        known.get(order).unwrap_or_else(|| &self.new_orders[order - known.len()])
    }

    /// Orders, with those that came after the instance was made.
    pub(crate) fn orders(&self) -> usize {
        self.arrives.len()
    }

    /// Whether an order pays for arriving at another time.
    pub(crate) fn pays(&self, order: usize, was: i64, now: i64) -> bool {
        self.order_cost(order, was) != self.order_cost(order, now)
    }

    /// When the last copy of an order arrives.
    pub(crate) fn arrival(&self, order: usize) -> i64 {
        self.arrives[order]
    }

    /// What an order costs, weighted, that arrives at a time.
    fn order_cost(&self, order: usize, arrives: i64) -> i64 {
        self.inst.cost_of(self.order(order), arrives)
    }

    /// Start of the batch that holds a copy, and its end, if there is one on the machine.
    pub(crate) fn span(&self, machine: usize, copy: u32) -> Option<(i64, i64)> {
        let slot = self.lines[machine].iter().find(|slot| slot.copies.contains(&copy))?;
        Some((slot.start, slot.end))
    }

    /// Puts copies where an offer says.
    pub(crate) fn place(&mut self, item: &Item, offer: &Offer) -> Undo {
        let machine = offer.machine;
        let mut undo = Undo {
            machine,
            line: self.lines[machine].clone(),
            arrives: Vec::new(),
            drawn: self.drawn(item, machine),
        };
        if let Some((store, feed)) = undo.drawn {
            self.stores[store] -= feed;
        }
        if offer.joins {
            let slot = &mut self.lines[machine][offer.place];
            let copies = slot.copies.iter().chain(&item.copies).copied().collect();
            let slot = self.slot(machine, copies, false);
            self.lines[machine][offer.place] = slot;
        } else {
            let slot = self.slot(machine, item.copies.clone(), item.closed);
            self.lines[machine].insert(offer.place, slot);
        }
        self.ship(&item.copies, machine, 1);
        undo.arrives = self.retime(machine, offer.place);
        self.weigh(machine);
        undo
    }

    /// Takes back what was placed last.
    pub(crate) fn undo(&mut self, item: &Item, undo: Undo) {
        self.ship(&item.copies, undo.machine, -1);
        self.lines[undo.machine] = undo.line;
        for (order, arrives) in undo.arrives.into_iter().rev() {
            self.arrives[order as usize] = arrives;
        }
        if let Some((store, feed)) = undo.drawn {
            self.stores[store] += feed;
        }
    }

    /// The store that copies take feedstock from on a machine, and how much.
    fn drawn(&self, item: &Item, machine: usize) -> Option<(usize, i64)> {
        let part = |copy: &u32| self.part(self.part_of(*copy));
        let store = self.inst.store(part(item.copies.first()?).family, machine)?;
        Some((store, item.copies.iter().map(|copy| part(copy).feed).sum()))
    }
}
