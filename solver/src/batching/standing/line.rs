//! The batches of a machine in time.

use crate::batching::standing::Standing;

/// A batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot {
    pub(crate) copies: Vec<u32>,
    /// Order and way of each copy: order, time from the end of the batch to its arrival.
    pub(crate) shares: Vec<(u32, i64)>,
    pub(crate) closed: bool,
    pub(crate) family: u32,
    pub(crate) material: u32,
    pub(crate) size: i64,
    pub(crate) add: i64,
    /// Greatest peak of a copy.
    pub(crate) peak: i64,
    pub(crate) release: i64,
    /// Without waiting and without a change of material.
    pub(crate) length: i64,
    /// Weighted cost of production.
    pub(crate) cost: i64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Latest end at which none of its orders costs anything for it.
    pub(crate) slack: i64,
    /// Weights of orders that are late for it or for batches behind it, each once.
    pub(crate) late_behind: i64,
}

impl Standing<'_> {
    /// A batch of copies that a machine takes, not yet in time.
    pub(super) fn slot(&self, machine: usize, copies: Vec<u32>, closed: bool) -> Slot {
        let inst = self.inst;
        let family = self.part(self.part_of(copies[0])).family;
        let mut slot = Slot {
            closed,
            family: family as u32,
            material: inst.problem.families[family].material as u32,
            slack: i64::MAX / 4,
            ..Slot::default()
        };
        let class = inst.machines[machine].class;
        for copy in &copies {
            let part = self.part(self.part_of(*copy));
            let load = part.loads[class].unwrap_or_default();
            (slot.size, slot.add) = (slot.size + load.size, slot.add + load.add);
            slot.peak = slot.peak.max(load.peak);
            slot.release = slot.release.max(part.release);
            let order = self.order(part.order);
            let way = inst.way_to(order.region, machine).map_or(0, |way| way.duration);
            let tail = part.finish + way;
            slot.slack = slot.slack.min(inst.calm_of(order) - tail);
            slot.shares.push((part.order as u32, tail));
        }
        slot.copies = copies;
        self.measure(machine, &mut slot);
        slot
    }

    /// Length and cost of a batch.
    pub(super) fn measure(&self, machine: usize, slot: &mut Slot) {
        let m = &self.inst.machines[machine];
        let stack = self.inst.stack(slot.family as usize, machine);
        let peak = m.peak(stack, slot.peak, slot.size);
        slot.length = m.fixed + slot.add + peak;
        slot.cost = self.inst.batch_cost(machine, slot.length, peak, slot.size);
    }

    /// When the machine is free before a place, and the material that it holds then.
    pub(super) fn before(&self, machine: usize, place: usize) -> (i64, u32) {
        let m = &self.inst.machines[machine];
        let last = place.checked_sub(1).map(|last| &self.lines[machine][last]);
        last.map_or((m.ready, m.loaded), |slot| (slot.end, slot.material))
    }

    /// Times of the batches from a place on; orders that arrive later for it, with when they
    /// arrived before.
    pub(super) fn retime(&mut self, machine: usize, from: usize) -> Vec<(u32, i64)> {
        let m = &self.inst.machines[machine];
        let (mut free, mut held) = self.before(machine, from);
        let mut later = Vec::new();
        for slot in &mut self.lines[machine][from..] {
            let begin = free.max(slot.release);
            let (start, end, _) = m.span_after(begin, held, slot.material, slot.length);
            (slot.start, slot.end) = (start, end);
            (free, held) = (end, slot.material);
            for (order, tail) in &slot.shares {
                let arrives = &mut self.arrives[*order as usize];
                if end + tail > *arrives {
                    later.push((*order, *arrives));
                    *arrives = end + tail;
                }
            }
        }
        later
    }

    /// Adds up the weights of the orders that are late for the batches of a machine.
    pub(super) fn weigh(&mut self, machine: usize) {
        let mut line = std::mem::take(&mut self.lines[machine]);
        let mut counted: Vec<u32> = Vec::new();
        let mut sum = 0;
        for slot in line.iter_mut().rev() {
            for (order, tail) in slot.shares.iter().filter(|_| slot.end > slot.slack) {
                let known = self.order(*order as usize);
                let arrives = slot.end + tail;
                let late = known.due.is_some_and(|due| arrives > due);
                if late && arrives == self.arrives[*order as usize] && !counted.contains(order) {
                    counted.push(*order);
                    sum += known.weight;
                }
            }
            slot.late_behind = sum;
        }
        self.lines[machine] = line;
    }
}
