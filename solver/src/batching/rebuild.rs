//! Ruin and recreate (Schrimpf et al. 2000, Journal of Computational Physics 159): a batch or two
//! and some copies are taken out, each goes where it seems to cost least, in a batch of its own if
//! need be. What it costs in truth decides whether the change is made.

use platewright_model::batching::Freeze;
use rand::Rng;

use crate::batching::instance::{Instance, Machine, NO_MATERIAL};
use crate::batching::moves::Dice;
use crate::batching::region::{NONE, Region, Spot, Totals};
use crate::batching::trial::NEW_MOST;

/// A batch as it would be.
#[derive(Clone, Copy)]
struct Draft {
    batch: u32,
    line: u32,
    /// Place in the queue; for a new one, before which it comes.
    place: u32,
    new: bool,
    totals: Totals,
    length: i64,
    /// When it ends, as far as known.
    end: i64,
    late_behind: i64,
}

/// A change while it is drawn up; its buffers are used again and again.
#[derive(Default)]
pub(crate) struct Sketch {
    lifted: Vec<u32>,
    /// Where each lifted copy goes.
    goes: Vec<u32>,
    drafts: Vec<Draft>,
    /// New batches among the drafts.
    new: usize,
    /// By batch: number of the sketch that has a draft of it.
    seen: Vec<u64>,
    number: u64,
}

impl Sketch {
    fn begin(&mut self, batches: usize) {
        self.lifted.clear();
        self.goes.clear();
        self.drafts.clear();
        self.new = 0;
        self.number += 1;
        self.seen.resize(batches + NEW_MOST, 0);
    }

    fn push(&mut self, draft: Draft) {
        self.seen[draft.batch as usize] = self.number;
        self.drafts.push(draft);
    }

    fn has(&self, batch: u32) -> bool {
        self.seen[batch as usize] == self.number
    }
}

/// Where a copy may go.
enum Place {
    Draft(usize),
    Batch(u32),
    New(Draft),
}

/// A copy on a line.
struct Visitor<'v> {
    inst: &'v Instance<'v>,
    machine: &'v Machine,
    size: i64,
    add: i64,
    peak: i64,
    stack: i64,
    freight: i64,
    /// Latest end of a batch with which it is not late.
    due: i64,
    weight: i64,
    /// What it costs at least.
    least: i64,
}

impl Visitor<'_> {
    /// What it seems to cost in a batch, if it fits.
    fn quote(&self, totals: &Totals, length: i64, end: i64, late_behind: i64) -> Option<i64> {
        let m = self.machine;
        let size = totals.size + self.size;
        if size > m.capacity {
            return None;
        }
        let peak = m.peak(self.stack, totals.peak.max(self.peak), size);
        let (weights, span) = (&self.inst.problem.objective, self.inst.problem.rate_span);
        let (longer, higher, fixed) = if totals.copies == 0 {
            (m.fixed + self.add + peak - length, peak, m.per_batch)
        } else {
            let higher = peak - m.peak(self.stack, totals.peak, totals.size);
            (self.add + higher, higher, 0)
        };
        let hours = m.rate * longer + m.peak_rate * higher;
        let hours = if span == 1 { hours } else { hours / span };
        let before = if totals.copies == 0 { 0 } else { m.short_price(totals.size) };
        let short = m.short_price(size) - before;
        let mut cost = self.freight + weights.production * (hours + fixed + short);
        let late = end + longer - self.due;
        if late > 0 {
            cost += self.inst.late_cost(0, self.weight, late);
        }
        if late_behind > 0 {
            cost += self.inst.late_cost(0, late_behind, longer);
        }
        Some(cost)
    }
}

/// One in so many places is overlooked, so that the same copies do not come back the same way.
const BLINK: usize = 32;

impl Region<'_> {
    /// Takes out the batch of a copy and more of its family, and puts all back.
    pub(crate) fn rebuild<R: Rng>(&mut self, unit: u32, dice: &mut Dice<R>) -> Option<i64> {
        let mut sketch = std::mem::take(&mut self.sketch);
        let priced = self.rebuild_in(unit, dice, &mut sketch);
        self.sketch = sketch;
        priced
    }

    fn rebuild_in<R: Rng>(
        &mut self,
        unit: u32,
        dice: &mut Dice<R>,
        sketch: &mut Sketch,
    ) -> Option<i64> {
        if self.is_closed(self.units[unit as usize].batch) {
            return None;
        }
        sketch.begin(self.batches.len());
        self.lift(unit, dice, sketch);
        let Sketch { lifted, .. } = sketch;
        match dice.below(4) {
            0 => lifted.sort_by_key(|&u| std::cmp::Reverse(self.here(u).peak)),
            1 => lifted.sort_by_key(|&u| std::cmp::Reverse(self.here(u).size)),
            2 => lifted.sort_by_key(|&u| self.orders[self.units[u as usize].order as usize].due),
            _ => {
                for k in (1..lifted.len()).rev() {
                    lifted.swap(k, dice.below(k + 1));
                }
            }
        }
        for k in 0..sketch.lifted.len() {
            let at = self.best_place(sketch.lifted[k], sketch, dice)?;
            sketch.goes.push(sketch.drafts[at].batch);
        }
        let Sketch { lifted, goes, drafts, .. } = sketch;
        self.begin();
        let family = self.units[unit as usize].family;
        let mut changed = false;
        for (&u, &batch) in lifted.iter().zip(goes.iter()) {
            if self.units[u as usize].batch != batch {
                let line = drafts.iter().find(|d| d.batch == batch).map_or(NONE, |d| d.line);
                self.put(u, batch, line);
                changed = true;
            }
        }
        if !changed {
            return None;
        }
        for draft in drafts.iter() {
            self.edit(draft.batch, draft.line, family, draft.totals);
        }
        self.queue_drafts(drafts);
        Some(self.price())
    }

    /// Where a copy is now.
    fn here(&self, unit: u32) -> &Spot {
        let line = self.batches[self.units[unit as usize].batch as usize].line;
        self.spot(unit, line)
    }

    /// Chooses what is taken out, and what is left of the batches it was in.
    fn lift<R: Rng>(&self, unit: u32, dice: &mut Dice<R>, sketch: &mut Sketch) {
        let first = &self.units[unit as usize];
        let listed = &self.families[first.family as usize].batches;
        let mut whole = vec![first.batch];
        if dice.below(2) == 0
            && let Some(other) = dice.of(listed)
            && other != first.batch
        {
            whole.push(other);
        }
        for &b in &whole {
            sketch.lifted.extend(self.batches[b as usize].shares.iter().map(|s| s.unit));
            sketch.push(self.draft(b, Totals::default()));
        }
        for _ in 0..dice.below(4) {
            let Some(b) = dice.of(listed) else { break };
            let batch = &self.batches[b as usize];
            if sketch.has(b) || batch.totals.copies < 2 {
                continue;
            }
            let out = batch.shares[dice.below(batch.shares.len())].unit;
            sketch.lifted.push(out);
            sketch.push(self.draft(b, self.without(b, out)));
        }
    }

    fn draft(&self, batch: u32, totals: Totals) -> Draft {
        let b = &self.batches[batch as usize];
        let machine = self.lines[b.line as usize].machine as usize;
        let length = if totals.copies == 0 { 0 } else { self.length(machine, &totals) };
        Draft {
            batch,
            line: b.line,
            place: b.place,
            new: false,
            totals,
            length,
            end: b.end - b.length + length,
            late_behind: b.late_behind,
        }
    }

    /// Puts a copy where it seems to cost least; which draft that is.
    fn best_place<R: Rng>(
        &self,
        unit: u32,
        sketch: &mut Sketch,
        dice: &mut Dice<R>,
    ) -> Option<usize> {
        let u = &self.units[unit as usize];
        let mut best: Option<(i64, Place)> = None;
        for line in self.ranked(unit) {
            let visitor = self.visitor(unit, line);
            if best.as_ref().is_some_and(|b| visitor.least >= b.0) {
                break;
            }
            let mut offer = |cost: Option<i64>, place: Place| {
                if let Some(cost) = cost
                    && best.as_ref().is_none_or(|b| cost < b.0)
                {
                    best = Some((cost, place));
                }
            };
            for (k, d) in sketch.drafts.iter().enumerate().filter(|(_, d)| d.line == line) {
                offer(visitor.quote(&d.totals, d.length, d.end, d.late_behind), Place::Draft(k));
            }
            for &b in &self.lines[line as usize].queue {
                let batch = &self.batches[b as usize];
                let closed = batch.freeze > Freeze::Open;
                if batch.family != u.family || closed || sketch.has(b) || dice.below(BLINK) == 0 {
                    continue;
                }
                let cost = visitor.quote(&batch.totals, batch.length, batch.end, batch.late_behind);
                offer(cost, Place::Batch(b));
            }
        }
        if sketch.new < NEW_MOST {
            let line = dice.below(self.lines.len()) as u32;
            if self.takes(unit, line) {
                let place = dice.below(self.lines[line as usize].queue.len() + 1) as u32;
                let d = self.blank(line, place, sketch.new, u.family);
                let cost = self.visitor(unit, line).quote(&d.totals, 0, d.end, d.late_behind);
                if let Some(cost) = cost
                    && best.as_ref().is_none_or(|b| cost < b.0)
                {
                    best = Some((cost, Place::New(d)));
                }
            }
        }
        let at = match best?.1 {
            Place::Draft(k) => k,
            Place::Batch(b) => {
                sketch.push(self.draft(b, self.batches[b as usize].totals));
                sketch.drafts.len() - 1
            }
            Place::New(draft) => {
                sketch.new += 1;
                sketch.push(draft);
                sketch.drafts.len() - 1
            }
        };
        let d = sketch.drafts[at];
        let totals = self.with(&d.totals, d.line, unit)?;
        let length = self.length(self.lines[d.line as usize].machine as usize, &totals);
        sketch.drafts[at] = Draft { totals, length, end: d.end + length - d.length, ..d };
        Some(at)
    }

    /// A copy on a line, with all that does not depend on the batch.
    fn visitor<'v>(&'v self, index: u32, line: u32) -> Visitor<'v> {
        let machine = self.lines[line as usize].machine as usize;
        let spot = self.spot(index, line);
        let unit = &self.units[index as usize];
        let order = &self.orders[unit.order as usize];
        let m = &self.inst.machines[machine];
        Visitor {
            inst: self.inst,
            machine: m,
            size: spot.size,
            add: spot.add,
            peak: spot.peak,
            stack: spot.stack,
            freight: spot.freight,
            due: order.due - spot.tail,
            weight: order.weight,
            least: spot.least,
        }
    }

    /// A new batch before a place of a queue.
    fn blank(&self, line: u32, place: u32, nth: usize, family: u32) -> Draft {
        let l = &self.lines[line as usize];
        let m = &self.inst.machines[l.machine as usize];
        let before = place.checked_sub(1).map(|p| &self.batches[l.queue[p as usize] as usize]);
        let (free, held) = before.map_or((m.ready, m.loaded), |b| (b.end, b.material));
        let own = self.families[family as usize].family as usize;
        let material = self.inst.problem.families[own].material as u32;
        let change = if held != NO_MATERIAL && held != material { m.changeover } else { 0 };
        let behind = l.queue.get(place as usize).map(|&b| self.batches[b as usize].late_behind);
        let free_ids = self.free.len();
        let batch = match free_ids.checked_sub(nth + 1) {
            Some(k) => self.free[k],
            None => (self.batches.len() + nth - free_ids) as u32,
        };
        Draft {
            batch,
            line,
            place,
            new: true,
            totals: Totals::default(),
            length: 0,
            end: free + change,
            late_behind: behind.unwrap_or(0),
        }
    }

    /// Queues of all lines with drafts go on with them.
    fn queue_drafts(&mut self, drafts: &[Draft]) {
        for line in 0..self.lines.len() as u32 {
            let here = |d: &&Draft| d.line == line;
            let Some(first) = drafts.iter().filter(here).map(|d| d.place).min() else { continue };
            let queue = std::mem::take(&mut self.lines[line as usize].queue);
            let gone = |b: u32| drafts.iter().any(|d| d.batch == b && d.totals.copies == 0);
            let mut then = Vec::with_capacity(queue.len() + 2 - first as usize);
            for place in first as usize..=queue.len() {
                let new = drafts.iter().filter(|d| d.new && d.line == line);
                then.extend(new.filter(|d| d.place as usize == place).map(|d| d.batch));
                then.extend(queue.get(place).copied().filter(|b| !gone(*b)));
            }
            self.queue(line, first, then.into_iter());
            self.lines[line as usize].queue = queue;
        }
    }
}
