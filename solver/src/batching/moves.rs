//! The moves of the search: copies between batches, batches between places.

use platewright_model::batching::Freeze;
use rand::Rng;

use crate::batching::region::{Region, Totals};

/// Of so many moves, so many are of the kinds below, each up to the next; the rest relocates.
const SHARES: usize = 100;
const REBUILDS: usize = 4;
const SHIFTS: usize = 6;
const EXCHANGES: usize = 7;
const SWAPS: usize = 60;

/// Random numbers of the search: few instructions for a number below a bound.
pub(crate) struct Dice<R: Rng>(pub(crate) R);

impl<R: Rng> Dice<R> {
    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// One of a list, if there is one.
    pub(crate) fn of(&mut self, list: &[u32]) -> Option<u32> {
        (!list.is_empty()).then(|| list[self.below(list.len())])
    }
}

impl Region<'_> {
    /// Tries one random move; it is made if it costs no more than `limit`.
    pub(crate) fn step<R: Rng>(&mut self, dice: &mut Dice<R>, limit: i64) {
        let unit = dice.below(self.units.len()) as u32;
        let priced = match dice.below(SHARES) {
            ..REBUILDS => self.rebuild(unit, dice),
            REBUILDS..SHIFTS => self.shift_batch(unit, dice),
            SHIFTS..EXCHANGES => self.swap_batches(unit, dice),
            EXCHANGES..SWAPS => self.swap(unit, dice, limit),
            _ => self.relocate(unit, dice, limit),
        };
        if priced.is_some_and(|delta| delta <= limit) {
            self.commit();
        }
    }

    fn machine(&self, line: u32) -> usize {
        self.lines[line as usize].machine as usize
    }

    /// Whether nothing leaves a batch and nothing joins it.
    pub(crate) fn is_closed(&self, batch: u32) -> bool {
        self.batches[batch as usize].freeze > Freeze::Open
    }

    pub(crate) fn takes(&self, unit: u32, line: u32) -> bool {
        self.units[unit as usize].lines >> line & 1 == 1
    }

    /// Totals of a batch without one of its copies.
    pub(crate) fn without(&self, batch: u32, unit: u32) -> Totals {
        let b = &self.batches[batch as usize];
        let spot = self.spot(unit, b.line);
        if spot.peak == b.totals.peak || (spot.release == b.totals.release && spot.release > 0) {
            let rest = b.shares.iter().map(|s| s.unit).filter(|u| *u != unit);
            return self.totals(b.line, rest);
        }
        let mut totals = b.totals;
        totals.size -= spot.size;
        totals.add -= spot.add;
        totals.copies -= 1;
        totals.bits &= !self.inst.bit(self.units[unit as usize].global);
        totals
    }

    /// Totals with one copy more, if it fits.
    pub(crate) fn with(&self, totals: &Totals, line: u32, unit: u32) -> Option<Totals> {
        if !self.takes(unit, line) {
            return None;
        }
        let mut totals = *totals;
        totals.add(self.spot(unit, line));
        totals.bits |= self.inst.bit(self.units[unit as usize].global);
        let held = totals.size <= self.inst.machines[self.machine(line)].capacity;
        (held && self.inst.may_share(totals.bits)).then_some(totals)
    }

    /// Queues of two batches go on as edited.
    fn queue_both(&mut self, a: u32, b: u32) {
        let (a, b) = (&self.batches[a as usize], &self.batches[b as usize]);
        let ((la, pa), (lb, pb)) = ((a.line, a.place), (b.line, b.place));
        if la == lb {
            self.queue_on(la, pa.min(pb));
        } else {
            self.queue_on(la, pa);
            self.queue_on(lb, pb);
        }
    }

    /// A copy goes to another batch of its family.
    fn relocate<R: Rng>(&mut self, unit: u32, dice: &mut Dice<R>, limit: i64) -> Option<i64> {
        let family = self.units[unit as usize].family;
        let a = self.units[unit as usize].batch;
        let b = dice.of(&self.families[family as usize].batches)?;
        if a == b || self.is_closed(a) {
            return None;
        }
        let (la, lb) = (self.batches[a as usize].line, self.batches[b as usize].line);
        let to = self.with(&self.batches[b as usize].totals, lb, unit)?;
        let from = self.without(a, unit);
        self.begin();
        self.put(unit, b, lb);
        self.edit(a, la, family, from);
        self.edit(b, lb, family, to);
        if self.hopeless(limit) {
            return None;
        }
        self.queue_both(a, b);
        Some(self.price())
    }

    /// Two copies of a family change places.
    fn swap<R: Rng>(&mut self, unit: u32, dice: &mut Dice<R>, limit: i64) -> Option<i64> {
        let family = self.units[unit as usize].family;
        let a = self.units[unit as usize].batch;
        let b = dice.of(&self.families[family as usize].batches)?;
        if a == b || self.is_closed(a) {
            return None;
        }
        let other = self.best_partner(unit, b)?;
        let (la, lb) = (self.batches[a as usize].line, self.batches[b as usize].line);
        let to_a = self.with(&self.without(a, unit), la, other)?;
        let to_b = self.with(&self.without(b, other), lb, unit)?;
        self.begin();
        self.put(unit, b, lb);
        self.put(other, a, la);
        self.edit(a, la, family, to_a);
        self.edit(b, lb, family, to_b);
        if self.hopeless(limit) {
            return None;
        }
        self.queue_both(a, b);
        Some(self.price())
    }

    /// The copy of a batch with which another changes places at what seems to be least cost.
    fn best_partner(&self, unit: u32, b: u32) -> Option<u32> {
        let a = self.units[unit as usize].batch;
        let (la, lb) = (self.batches[a as usize].line, self.batches[b as usize].line);
        if !self.takes(unit, lb) {
            return None;
        }
        let (ma, mb) = (self.machine(la), self.machine(lb));
        let (xa, xb) = (&self.inst.machines[ma], &self.inst.machines[mb]);
        let rest = self.without(a, unit);
        let batch = &self.batches[b as usize];
        let (mut first, mut second) = (0, 0);
        for s in &batch.shares {
            let peak = self.spot(s.unit, lb).peak;
            if peak > first {
                (first, second) = (peak, first);
            } else {
                second = second.max(peak);
            }
        }
        let own = *self.spot(unit, lb);
        // Costs are compared in parts of `rate_span`, which spares a division for each copy.
        let (weights, span) = (&self.inst.problem.objective, self.inst.problem.rate_span);
        let mut best: Option<(i128, u32)> = None;
        for s in &batch.shares {
            if !self.takes(s.unit, la)
                || self.units[s.unit as usize].part == self.units[unit as usize].part
            {
                continue;
            }
            let (here, there) = (self.spot(s.unit, lb), self.spot(s.unit, la));
            let size_b = batch.totals.size - here.size + own.size;
            let size_a = rest.size + there.size;
            if size_b > xb.capacity || size_a > xa.capacity {
                continue;
            }
            let peak_b = if here.peak == first { second } else { first }.max(own.peak);
            let peak_b = xb.peak(own.stack, peak_b, size_b);
            let peak_a = xa.peak(there.stack, rest.peak.max(there.peak), size_a);
            let hours = xb.rate * (peak_b - here.add)
                + xb.peak_rate * peak_b
                + xa.rate * (peak_a + there.add)
                + xa.peak_rate * peak_a;
            let freight = i128::from(span) * i128::from(there.freight - here.freight);
            let cost = i128::from(weights.production) * i128::from(hours) + freight;
            if best.is_none_or(|x| cost < x.0) {
                best = Some((cost, s.unit));
            }
        }
        best.map(|x| x.1)
    }

    /// Totals of a batch on another line, if it may be printed there.
    fn on(&self, batch: u32, line: u32) -> Option<Totals> {
        let b = &self.batches[batch as usize];
        if b.line == line {
            return Some(b.totals);
        }
        if !b.shares.iter().all(|s| self.takes(s.unit, line)) {
            return None;
        }
        let totals = self.totals(line, b.shares.iter().map(|s| s.unit));
        (totals.size <= self.inst.machines[self.machine(line)].capacity).then_some(totals)
    }

    /// All copies of a batch change to a line.
    fn put_all(&mut self, batch: u32, into: u32, line: u32) {
        for k in 0..self.batches[batch as usize].shares.len() {
            let unit = self.batches[batch as usize].shares[k].unit;
            self.put(unit, into, line);
        }
    }

    /// A batch goes to another place.
    fn shift_batch<R: Rng>(&mut self, unit: u32, dice: &mut Dice<R>) -> Option<i64> {
        let a = self.units[unit as usize].batch;
        let (la, pa, family) = {
            let b = &self.batches[a as usize];
            (b.line, b.place, b.family)
        };
        let stays = self.batches[a as usize].freeze >= Freeze::Machine;
        let stays = dice.below(2) == 0 || stays;
        let line = if stays { la } else { dice.below(self.lines.len()) as u32 };
        let queue = std::mem::take(&mut self.lines[line as usize].queue);
        let place = dice.below(queue.len() + usize::from(line != la)) as u32;
        let to = if line == la && place == pa { None } else { self.on(a, line) };
        let Some(to) = to else {
            self.lines[line as usize].queue = queue;
            return None;
        };
        self.begin();
        if line == la {
            let rest = queue.iter().copied().filter(|b| *b != a);
            let first = place.min(pa) as usize;
            let (head, tail) = (rest.clone().take(place as usize), rest.skip(place as usize));
            let then = head.chain([a]).chain(tail).skip(first);
            self.queue(line, first as u32, then);
            self.lines[line as usize].queue = queue;
        } else {
            self.put_all(a, a, line);
            self.edit(a, line, family, to);
            self.queue(line, place, [a].into_iter().chain(queue[place as usize..].iter().copied()));
            self.lines[line as usize].queue = queue;
            let rest = std::mem::take(&mut self.lines[la as usize].queue);
            self.queue(la, pa, rest[pa as usize + 1..].iter().copied());
            self.lines[la as usize].queue = rest;
        }
        Some(self.price())
    }

    /// Two batches change places.
    fn swap_batches<R: Rng>(&mut self, unit: u32, dice: &mut Dice<R>) -> Option<i64> {
        let a = self.units[unit as usize].batch;
        let b = self.units[dice.below(self.units.len())].batch;
        if a == b {
            return None;
        }
        let at = |x: u32| {
            let batch = &self.batches[x as usize];
            (batch.line, batch.place as usize, batch.family)
        };
        let ((la, pa, fa), (lb, pb, fb)) = (at(a), at(b));
        let stays = |x: u32| self.batches[x as usize].freeze >= Freeze::Machine;
        if la != lb && (stays(a) || stays(b)) {
            return None;
        }
        let (to_a, to_b) = (self.on(a, lb)?, self.on(b, la)?);
        self.begin();
        let exchange = |x: &u32| {
            if *x == a {
                b
            } else if *x == b {
                a
            } else {
                *x
            }
        };
        if la == lb {
            let queue = std::mem::take(&mut self.lines[la as usize].queue);
            let first = pa.min(pb);
            self.queue(la, first as u32, queue[first..].iter().map(exchange));
            self.lines[la as usize].queue = queue;
            return Some(self.price());
        }
        self.put_all(a, a, lb);
        self.put_all(b, b, la);
        self.edit(a, lb, fa, to_a);
        self.edit(b, la, fb, to_b);
        for (line, place) in [(la, pa), (lb, pb)] {
            let queue = std::mem::take(&mut self.lines[line as usize].queue);
            self.queue(line, place as u32, queue[place..].iter().map(exchange));
            self.lines[line as usize].queue = queue;
        }
        Some(self.price())
    }
}
