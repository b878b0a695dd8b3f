//! A change to a region: what it would cost, exactly, and how it is made.
//!
//! A change says which copies go to which batch, and how the queues of up to three lines go on
//! from some place. Only ends behind these places are computed again, and only orders whose last
//! arrival can move are looked at.

use platewright_model::batching::Weights;

use crate::batching::instance::NO_MATERIAL;
use crate::batching::region::{Line, NONE, Region, Share, Spot, Totals};
use crate::batching::stores::NO_STORE;

/// New batches in a change.
pub(crate) const NEW_MOST: usize = 2;

/// A change in the making; its buffers are used again and again.
#[derive(Default)]
pub(crate) struct Trial {
    /// Copies that change their batch or their machine.
    moved: Vec<Moved>,
    /// New totals of batches.
    edits: Vec<Edit>,
    /// Feedstock that is drawn from stores.
    drawn: Vec<(u32, i64)>,
    segments: Vec<Segment>,
    entries: Vec<u32>,
    ends: Vec<i64>,
    marks: Vec<Mark>,
    /// By unit: number of the trial that moves it, and which entry of `moved`.
    moved_of: Vec<(u64, u32)>,
    /// By order: number of the trial that looks at it.
    seen: Vec<u64>,
    affected: Vec<(u32, i64)>,
    number: u64,
    delta: i64,
    /// Whether shipments are in `delta`.
    shipped: bool,
}

/// What a trial knows of a batch, by batch.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// Number of the trial that edits it.
    edited: u64,
    edit: u32,
    /// Number of the trial that gave it a new end.
    timed: u64,
    end: i64,
}

#[derive(Clone, Copy)]
struct Moved {
    unit: u32,
    batch: u32,
    line: u32,
    tail: i64,
}

#[derive(Clone, Copy)]
struct Edit {
    batch: u32,
    line: u32,
    family: u32,
    material: u32,
    totals: Totals,
    length: i64,
}

/// How the queue of a line goes on from a place: `entries[from..to]`.
#[derive(Clone, Copy)]
struct Segment {
    line: u32,
    place: u32,
    from: u32,
    to: u32,
    end: i64,
}

impl Region<'_> {
    /// Begins a change.
    pub(crate) fn begin(&mut self) {
        let trial = &mut self.trial;
        trial.moved.clear();
        trial.drawn.clear();
        trial.edits.clear();
        trial.segments.clear();
        trial.entries.clear();
        trial.ends.clear();
        trial.affected.clear();
        trial.number += 1;
        trial.delta = 0;
        trial.shipped = !self.inst.shipments;
        trial.marks.resize(self.batches.len() + NEW_MOST, Mark::default());
        trial.moved_of.resize(self.units.len(), (0, 0));
        trial.seen.resize(self.orders.len(), 0);
    }

    /// A copy goes to a batch on a line.
    pub(crate) fn put(&mut self, unit: u32, batch: u32, line: u32) {
        let own = &self.units[unit as usize];
        let from = self.batches[own.batch as usize].line;
        let moving =
            self.moving(own.global, batch, line) - self.moving(own.global, own.batch, from);
        let Spot { freight, tail, store, .. } = *self.spot(unit, line);
        let old = *self.spot(unit, from);
        self.trial.delta += freight - old.freight + moving;
        if store != old.store {
            let part = self.units[unit as usize].part as usize;
            let feed = self.inst.problem.parts[part].feed;
            self.trial.drawn.extend([(store, feed), (old.store, -feed)]);
        }
        let trial = &mut self.trial;
        trial.moved_of[unit as usize] = (trial.number, trial.moved.len() as u32);
        trial.moved.push(Moved { unit, batch, line, tail });
    }

    /// A batch has new totals, `copies` 0 if it goes; it may be new.
    pub(crate) fn edit(&mut self, batch: u32, line: u32, family: u32, totals: Totals) {
        if let Some(old) = self.batches.get(batch as usize).filter(|b| b.totals.copies > 0) {
            let machine = self.lines[old.line as usize].machine as usize;
            self.trial.delta -= self.production(machine, &old.totals, old.length);
        }
        let mut length = 0;
        if totals.copies > 0 {
            let machine = self.lines[line as usize].machine as usize;
            length = self.length(machine, &totals);
            self.trial.delta += self.production(machine, &totals, length);
        }
        let own = self.families[family as usize].family as usize;
        let material = self.inst.problem.families[own].material as u32;
        let mark = &mut self.trial.marks[batch as usize];
        (mark.edited, mark.edit) = (self.trial.number, self.trial.edits.len() as u32);
        self.trial.edits.push(Edit { batch, line, family, material, totals, length });
    }

    /// Whether the change surely costs more than `limit`, by what is known without times: what is
    /// late can gain no more than the time that batches become shorter by.
    ///
    /// Weights of late orders may be a little old where an order became late on another line; a
    /// search does not mind.
    pub(crate) fn hopeless(&mut self, limit: i64) -> bool {
        self.ship();
        if self.overdraws() {
            return true;
        }
        if self.inst.problem.objective.makespan != 0 {
            return false;
        }
        let Weights { production, lateness, .. } = self.inst.problem.objective;
        let trial = &self.trial;
        let mut least = trial.delta;
        for moved in &trial.moved {
            let order = &self.orders[self.units[moved.unit as usize].order as usize];
            least -= self.order_cost(order, order.arrives);
        }
        for edit in &trial.edits {
            let Some(old) = self.batches.get(edit.batch as usize) else { continue };
            let gone = edit.totals.copies == 0;
            let pays = old.late_behind + old.missed_behind > 0;
            if old.totals.copies == 0 || (!pays && !gone) {
                continue;
            }
            let machine = &self.inst.machines[self.lines[old.line as usize].machine as usize];
            let (before, after) = (old.length, if gone { 0 } else { edit.length });
            // Without it, the material need not be changed before and behind it.
            let changes = if gone { 2 * machine.changeover } else { 0 };
            let sooner = before - after + changes;
            least -= lateness * (old.late_behind * sooner / self.inst.problem.rate_span);
            least -= old.missed_behind;
            if gone {
                least -= 2 * production * machine.changeover_cost;
            }
        }
        least > limit
    }

    /// The queue of a line goes on from `place` as `then` says.
    pub(crate) fn queue(&mut self, line: u32, place: u32, then: impl Iterator<Item = u32>) {
        let from = self.trial.entries.len() as u32;
        self.trial.entries.extend(then);
        let to = self.trial.entries.len() as u32;
        self.trial.segments.push(Segment { line, place, from, to, end: 0 });
    }

    /// The queue of a line goes on as it is from `place` on, but for edits; batches that go are
    /// left out.
    pub(crate) fn queue_on(&mut self, line: u32, place: u32) {
        let from = self.trial.entries.len() as u32;
        let trial = &mut self.trial;
        for &b in &self.lines[line as usize].queue[place as usize..] {
            let mark = &trial.marks[b as usize];
            let edited = mark.edited == trial.number;
            if !edited || trial.edits[mark.edit as usize].totals.copies > 0 {
                trial.entries.push(b);
            }
        }
        let to = trial.entries.len() as u32;
        trial.segments.push(Segment { line, place, from, to, end: 0 });
    }

    /// Whether a store has too little for the change.
    fn overdraws(&self) -> bool {
        let drawn = &self.trial.drawn;
        let of = |store| drawn.iter().filter(|d| d.0 == store).map(|d| d.1).sum::<i64>();
        drawn.iter().any(|(store, feed)| {
            *feed > 0 && *store != NO_STORE && of(*store) > self.stores[*store as usize]
        })
    }

    /// What the change costs in all; less is negative. More than anything if there is too little
    /// feedstock.
    pub(crate) fn price(&mut self) -> i64 {
        if self.overdraws() {
            return i64::MAX;
        }
        self.ship();
        for s in 0..self.trial.segments.len() {
            self.retime(s);
        }
        for k in 0..self.trial.moved.len() {
            let order = self.units[self.trial.moved[k].unit as usize].order;
            self.look_at(order);
        }
        for k in 0..self.trial.affected.len() {
            let order = self.trial.affected[k].0 as usize;
            let state = &self.orders[order];
            let arrives = self.arrival_in_trial(order);
            let rise = self.order_cost(state, arrives) - self.order_cost(state, state.arrives);
            self.trial.delta += rise;
            self.trial.affected[k].1 = arrives;
        }
        if self.inst.problem.objective.makespan != 0 {
            let of_line = |l: usize, line: &Line| {
                let segment = self.trial.segments.iter().find(|s| s.line as usize == l);
                segment.map_or(line.end, |s| s.end)
            };
            let old = self.lines.iter().map(|l| l.end).max().unwrap_or(0);
            let new = self.lines.iter().enumerate().map(|(l, line)| of_line(l, line)).max();
            let new = new.unwrap_or(0).max(self.makespan_outside);
            let rise = new - old.max(self.makespan_outside);
            self.trial.delta += self.inst.problem.objective.makespan * rise;
        }
        self.trial.delta
    }

    /// Adds what shipments cost more.
    fn ship(&mut self) {
        if self.trial.shipped {
            return;
        }
        self.trial.shipped = true;
        let (trial, mut orders) = (&self.trial, Vec::with_capacity(self.trial.moved.len()));
        orders.extend(trial.moved.iter().map(|m| self.units[m.unit as usize].order as usize));
        orders.sort_unstable();
        orders.dedup();
        let before = |u: u32| self.batches[self.units[u as usize].batch as usize].line;
        let after = |u: u32| {
            let (number, k) = trial.moved_of[u as usize];
            if number == trial.number { trial.moved[k as usize].line } else { before(u) }
        };
        let rise = |o: &usize| self.shipping(*o, after) - self.shipping(*o, before);
        let rise: i64 = orders.iter().map(rise).sum();
        self.trial.delta += rise;
    }

    /// New ends of a segment, and the orders whose last arrival they can move.
    fn retime(&mut self, s: usize) {
        let Segment { line, place, from, to, .. } = self.trial.segments[s];
        let l = &self.lines[line as usize];
        let machine = l.machine as usize;
        let m = &self.inst.machines[machine];
        let change_cost = self.inst.problem.objective.production * m.changeover_cost;
        let (mut free, mut held) = match place.checked_sub(1) {
            None => (m.ready, m.loaded),
            Some(p) => {
                let b = &self.batches[l.queue[p as usize] as usize];
                (b.end, b.material)
            }
        };
        let mut held_before = held;
        for &b in &l.queue[place as usize..] {
            let material = self.batches[b as usize].material;
            if held_before != NO_MATERIAL && held_before != material {
                self.trial.delta -= change_cost;
            }
            held_before = material;
        }
        for k in from..to {
            let b = self.trial.entries[k as usize];
            let mark = &self.trial.marks[b as usize];
            let (material, release, length) = if mark.edited == self.trial.number {
                let e = &self.trial.edits[mark.edit as usize];
                (e.material, e.totals.release, e.length)
            } else {
                let batch = &self.batches[b as usize];
                (batch.material, batch.totals.release, batch.length)
            };
            let (end, change) = m.end_after(free.max(release), held, material, length);
            if change {
                self.trial.delta += change_cost;
            }
            let mark = &mut self.trial.marks[b as usize];
            (mark.timed, mark.end) = (self.trial.number, end);
            (free, held) = (end, material);
            self.look_at_batch(b, end);
        }
        let empty = place == 0 && from == to;
        self.trial.segments[s].end = if empty { 0 } else { free };
    }

    /// Marks the orders of a batch that may arrive at another time if it ends at `end`.
    fn look_at_batch(&mut self, batch: u32, end: i64) {
        let Some(b) = self.batches.get(batch as usize) else { return };
        let old = b.end;
        if old == end || (old <= b.slack && end <= b.slack) {
            return;
        }
        let trial = &mut self.trial;
        for share in &b.shares {
            let order = &self.orders[share.order as usize];
            let then = end + share.tail;
            let later = then > order.arrives && then > order.calm;
            let sooner =
                end < old && order.arrives > order.calm && old + share.tail == order.arrives;
            if (later || sooner) && trial.seen[share.order as usize] != trial.number {
                trial.seen[share.order as usize] = trial.number;
                trial.affected.push((share.order, 0));
            }
        }
    }

    fn look_at(&mut self, order: u32) {
        let trial = &mut self.trial;
        if trial.seen[order as usize] != trial.number {
            trial.seen[order as usize] = trial.number;
            trial.affected.push((order, 0));
        }
    }

    /// Latest arrival of an order after the change.
    fn arrival_in_trial(&self, order: usize) -> i64 {
        let state = &self.orders[order];
        let trial = &self.trial;
        let mut last = state.outside;
        for u in state.first..state.last {
            let unit = &self.units[u as usize];
            let (mut batch, mut tail) = (unit.batch, unit.tail);
            let (number, k) = trial.moved_of[u as usize];
            if number == trial.number {
                (batch, tail) = (trial.moved[k as usize].batch, trial.moved[k as usize].tail);
            }
            let mark = &trial.marks[batch as usize];
            let timed = mark.timed == trial.number;
            let end = if timed { mark.end } else { self.batches[batch as usize].end };
            last = last.max(end + tail);
        }
        last
    }

    /// Makes the change that was priced last.
    pub(crate) fn commit(&mut self) {
        let trial = std::mem::take(&mut self.trial);
        // New batches first: one that goes frees an index, which must not be taken at once.
        for gone in [false, true] {
            for edit in trial.edits.iter().filter(|e| (e.totals.copies == 0) == gone) {
                self.commit_edit(edit);
            }
        }
        for moved in &trial.moved {
            let unit = &mut self.units[moved.unit as usize];
            let old = &mut self.batches[unit.batch as usize].shares;
            if let Some(at) = old.iter().position(|s| s.unit == moved.unit) {
                old.swap_remove(at);
            }
            (unit.batch, unit.tail) = (moved.batch, moved.tail);
            let share = Share { unit: moved.unit, order: unit.order, tail: moved.tail };
            self.batches[moved.batch as usize].shares.push(share);
        }
        for (store, feed) in trial.drawn.iter().filter(|drawn| drawn.0 != NO_STORE) {
            self.stores[*store as usize] -= feed;
        }
        for edit in &trial.edits {
            let slack = self.slack(&self.batches[edit.batch as usize].shares);
            self.batches[edit.batch as usize].slack = slack;
        }
        for segment in &trial.segments {
            let l = &mut self.lines[segment.line as usize];
            l.queue.truncate(segment.place as usize);
            let entries = &trial.entries[segment.from as usize..segment.to as usize];
            for &b in entries {
                let batch = &mut self.batches[b as usize];
                batch.end = trial.marks[b as usize].end;
                (batch.line, batch.place) = (segment.line, l.queue.len() as u32);
                l.queue.push(b);
            }
            l.end = segment.end;
        }
        for &(order, arrives) in &trial.affected {
            self.orders[order as usize].arrives = arrives;
        }
        for segment in &trial.segments {
            self.weigh(segment.line as usize);
        }
        self.cost += trial.delta;
        self.trial = trial;
    }

    fn commit_edit(&mut self, edit: &Edit) {
        let b = edit.batch as usize;
        let known = self.batches.get(b).is_some_and(|old| old.totals.copies > 0);
        if edit.totals.copies == 0 {
            let old = &mut self.batches[b];
            let (family, listed) = (old.family as usize, old.listed as usize);
            old.totals = Totals::default();
            old.line = NONE;
            self.families[family].batches.swap_remove(listed);
            if let Some(&other) = self.families[family].batches.get(listed) {
                self.batches[other as usize].listed = listed as u32;
            }
            self.free.push(edit.batch);
            self.forget_kept(edit.batch);
            return;
        }
        if !known {
            if self.free.last() == Some(&edit.batch) {
                self.free.pop();
            } else {
                self.batches.push(Default::default());
            }
            let family = &mut self.families[edit.family as usize];
            self.batches[b].listed = family.batches.len() as u32;
            family.batches.push(edit.batch);
        }
        let batch = &mut self.batches[b];
        batch.line = edit.line;
        (batch.family, batch.material) = (edit.family, edit.material);
        (batch.totals, batch.length) = (edit.totals, edit.length);
    }
}
