//! One bin: what is in it, and how far that overlaps.

use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::{Bins, Holder, Place};
use crate::relaxed::{NOT_STANDING, Patience, Scene, Separated, separate};

/// Copies in a bin, overlapping or not.
pub(crate) struct Bin<B: Bins> {
    /// Which kind of bin.
    pub(crate) kind: usize,
    /// Which of the begun bins it is, if any.
    pub(crate) begun: Option<usize>,
    pub(crate) holder: B::Holder,
    /// Unit of each copy that may move.
    units: Vec<usize>,
    /// How far all overlap; infinite if that is not known.
    pub(crate) overlap: f64,
    /// Share of its capacity that the copies take.
    pub(crate) load: f64,
}

/// Bins, and the units that found no room.
pub(crate) struct Filled<B: Bins> {
    pub(crate) bins: Vec<Bin<B>>,
    pub(crate) left: Vec<usize>,
}

impl<B: Bins> Bin<B> {
    /// A bin with nothing in it but what stays there.
    pub(crate) fn empty(task: &B, kind: usize, begun: Option<usize>) -> Self {
        let holder = task.empty(kind, begun);
        let pinned = begun.map_or(0.0, |begun| task.begun()[begun].load);
        let load = pinned / task.kind(kind).capacity;
        Self { kind, begun, holder, units: Vec::new(), overlap: 0.0, load }
    }

    /// Whether a unit may be in it at all.
    pub(crate) fn accepts(&self, task: &B, unit: usize) -> bool {
        task.fits(&task.units()[unit], self.kind) && task.takes(self, unit)
    }

    /// Puts a copy of a unit into it.
    pub(crate) fn add(&mut self, task: &B, unit: usize, place: Place<B>) {
        self.holder.add(task.world(), place);
        self.units.push(unit);
        self.load += self.share(task, place);
        self.overlap = f64::INFINITY;
    }

    /// Puts all copies of a unit anywhere.
    pub(crate) fn add_anywhere(&mut self, task: &B, unit: usize, rng: &mut Pcg64) {
        for &part in &task.units()[unit].parts {
            let place = self.holder.anywhere(task.world(), part, rng);
            self.add(task, unit, place);
        }
    }

    /// Takes a unit out; returns where its copies were.
    pub(crate) fn remove(&mut self, task: &B, unit: usize) -> Vec<Place<B>> {
        let mut places = Vec::new();
        for copy in (0..self.units.len()).rev() {
            if self.units[copy] == unit {
                self.units.remove(copy);
                let place = self.holder.remove(copy);
                self.load -= self.share(task, place);
                places.push(place);
            }
        }
        if self.overlap > 0.0 || !self.holder.stands(task.world()) {
            self.overlap = f64::INFINITY;
        }
        places
    }

    /// The units in it, each once, ascending.
    pub(crate) fn units(&self) -> Vec<usize> {
        let mut units = self.units.clone();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Moves copies apart; returns how many were relocated. `stop` is told that number now and
    /// then.
    pub(crate) fn separate(
        &mut self,
        task: &B,
        patience: Patience,
        seed: u64,
        stop: &(dyn Fn(u64) -> bool + Sync),
    ) -> u64 {
        let mut rng = Pcg64::seed_from_u64(seed);
        let mut sum = 0;
        let mut ask = |relocated: u64| {
            sum += relocated;
            stop(sum)
        };
        let outcome = separate(task.world(), &mut self.holder, patience, &mut rng, &mut ask);
        self.overlap = match outcome {
            Separated::Free => 0.0,
            Separated::Overlapping(total) => total,
        };
        sum
    }

    /// Measures how far all overlap: each pair once.
    pub(crate) fn measure(&mut self, task: &B) {
        let world = task.world();
        let [movable, copies] = self.holder.copies();
        self.overlap = (0..movable)
            .map(|i| {
                let others = i + 1..copies;
                others.map(|j| self.holder.overlap(world, i, j)).sum::<f64>()
                    + self.holder.over(world, i)
            })
            .sum();
        if self.overlap == 0.0 && !self.holder.stands(world) {
            self.overlap = NOT_STANDING;
        }
    }

    /// How far each unit overlaps others, ascending by unit; only those that do.
    pub(crate) fn overlapping(&self, task: &B) -> Vec<(usize, f64)> {
        let mut by_unit = std::collections::BTreeMap::<usize, f64>::new();
        let world = task.world();
        let [movable, copies] = self.holder.copies();
        for i in 0..movable {
            let others = (0..copies).filter(|&j| j != i);
            let depth: f64 = others.map(|j| self.holder.overlap(world, i, j)).sum::<f64>()
                + self.holder.over(world, i);
            if depth > 0.0 {
                *by_unit.entry(self.units[i]).or_default() += depth;
            }
        }
        by_unit.into_iter().collect()
    }

    /// Share of its capacity that a copy takes.
    fn share(&self, task: &B, place: Place<B>) -> f64 {
        task.load(B::Holder::part(task.world(), place)) / task.kind(self.kind).capacity
    }
}

// Derived ones would ask the search itself to be cloned.
impl<B: Bins> Clone for Bin<B> {
    fn clone(&self) -> Self {
        let Self { kind, begun, overlap, load, .. } = *self;
        let (holder, units) = (self.holder.clone(), self.units.clone());
        Self { kind, begun, holder, units, overlap, load }
    }
}

impl<B: Bins> Clone for Filled<B> {
    fn clone(&self) -> Self {
        Self { bins: self.bins.clone(), left: self.left.clone() }
    }
}

impl<B: Bins> Default for Filled<B> {
    fn default() -> Self {
        Self { bins: Vec::new(), left: Vec::new() }
    }
}
