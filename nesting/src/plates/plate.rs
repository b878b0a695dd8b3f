//! One plate: what stands on it, and how far that overlaps.

use platewright_model::strip::PlacedOutline;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::task::Task;
use crate::planar::{Arrangement, Place};
use crate::relaxed::{Patience, Scene, Separated, separate};

/// Parts on a plate, overlapping or not.
#[derive(Clone, Debug)]
pub(super) struct Plate {
    /// Which kind of plate.
    pub(super) kind: usize,
    /// Which of the begun plates it is, if any.
    pub(super) begun: Option<usize>,
    pub(super) arrangement: Arrangement,
    /// Unit of each copy that may move.
    units: Vec<usize>,
    /// How far all overlap; infinite if that is not known.
    pub(super) overlap: f64,
    /// Share of the plate that the parts take.
    pub(super) load: f64,
}

impl Plate {
    /// A plate with nothing on it but what stays there.
    pub(super) fn empty(task: &Task<'_>, kind: usize, begun: Option<usize>) -> Self {
        let arrangement = task.empty(kind, begun);
        let pinned = begun.map_or(0.0, |begun| task.begun[begun].load);
        let load = pinned / task.kinds[kind].capacity;
        Self { kind, begun, arrangement, units: Vec::new(), overlap: 0.0, load }
    }

    /// Whether a unit may stand on it at all: by size and by what is printed last.
    pub(super) fn accepts(&self, task: &Task<'_>, unit: usize) -> bool {
        let unit = &task.units[unit];
        let done = self.begun.is_some_and(|begun| task.begun[begun].tall);
        let tall = || self.units().into_iter().map(|unit| task.units[unit].tall).sum::<usize>();
        !done && task.fits_on(unit, self.kind) && (unit.tall == 0 || unit.tall + tall() <= 1)
    }

    /// Stands a copy of a unit.
    pub(super) fn add(&mut self, task: &Task<'_>, unit: usize, place: Place) {
        let place = self.arrangement.inside(&task.outlines, place);
        self.arrangement.add(&task.outlines, place);
        self.units.push(unit);
        self.load += task.loads[task.part(place)] / task.kinds[self.kind].capacity;
        self.overlap = f64::INFINITY;
    }

    /// Stands all copies of a unit anywhere.
    pub(super) fn add_anywhere(&mut self, task: &Task<'_>, unit: usize, rng: &mut Pcg64) {
        for &part in &task.units[unit].parts {
            let place = self.anywhere(task, part, rng);
            self.add(task, unit, place);
        }
    }

    /// Takes a unit off; returns where its copies stood.
    pub(super) fn remove(&mut self, task: &Task<'_>, unit: usize) -> Vec<Place> {
        let mut places = Vec::new();
        for copy in (0..self.units.len()).rev() {
            if self.units[copy] == unit {
                self.units.remove(copy);
                let place = self.arrangement.remove(copy);
                self.load -= task.loads[task.part(place)] / task.kinds[self.kind].capacity;
                places.push(place);
            }
        }
        if self.overlap > 0.0 {
            self.overlap = f64::INFINITY;
        }
        places
    }

    /// The units on it, each once, ascending.
    pub(super) fn units(&self) -> Vec<usize> {
        let mut units = self.units.clone();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Moves parts apart; returns how many were relocated. `stop` is told that number now and
    /// then.
    pub(super) fn separate(
        &mut self,
        task: &Task<'_>,
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
        let arrangement = &mut self.arrangement;
        let outcome = separate(&task.outlines, arrangement, patience, &mut rng, &mut ask);
        self.overlap = match outcome {
            Separated::Free => 0.0,
            Separated::Overlapping(total) => total,
        };
        sum
    }

    /// Measures how far all overlap: each pair once.
    pub(super) fn measure(&mut self, task: &Task<'_>) {
        let places = self.arrangement.places();
        self.overlap = (0..self.units.len())
            .map(|i| {
                let others = i + 1..places.len();
                others.map(|j| self.arrangement.overlap(&task.outlines, i, j)).sum::<f64>()
                    + self.arrangement.limits.over(places[i].turned, places[i].at)
            })
            .sum();
    }

    /// How far each unit overlaps others, ascending by unit; only those that do.
    pub(super) fn overlapping(&self, task: &Task<'_>) -> Vec<(usize, f64)> {
        let mut by_unit = std::collections::BTreeMap::<usize, f64>::new();
        let places = self.arrangement.places();
        for i in 0..self.units.len() {
            let others = (0..places.len()).filter(|&j| j != i);
            let depth: f64 =
                others.map(|j| self.arrangement.overlap(&task.outlines, i, j)).sum::<f64>()
                    + self.arrangement.limits.over(places[i].turned, places[i].at);
            if depth > 0.0 {
                *by_unit.entry(self.units[i]).or_default() += depth;
            }
        }
        by_unit.into_iter().collect()
    }

    /// A random place for a part, at a turn at which it fits the plate.
    pub(super) fn anywhere(&self, task: &Task<'_>, part: usize, rng: &mut Pcg64) -> Place {
        let fitting: Vec<u32> = self.arrangement.fitting(&task.outlines, part).collect();
        let turned = fitting[rng.random_range(0..fitting.len())];
        let at = self.arrangement.size.map(|x| rng.random_range(0.0..1.0) * x.max(0.0));
        Place { turned, at }
    }
    /// A placement as the search has it, at the nearest turn that fits the plate.
    pub(super) fn place(&self, task: &Task<'_>, placed: &PlacedOutline) -> Option<Place> {
        let form = &task.outlines.shapes[placed.item].form;
        let apart = |turned: &u32| {
            let by = task.outlines.turned(*turned).degrees + form.base - placed.turn;
            let by = by.rem_euclid(360.0);
            by.min(360.0 - by)
        };
        let fitting = self.arrangement.fitting(&task.outlines, placed.item);
        let turned = fitting.min_by(|a, b| apart(a).total_cmp(&apart(b)))?;
        let at = task.outlines.turned(turned).origin_of(form, placed.at);
        Some(Place { turned, at: task.kinds[self.kind].inward(at) })
    }
}
