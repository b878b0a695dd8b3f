//! A problem, prepared for the search.

use std::sync::Arc;

use platewright_model::plate::{Fill, FilledPlate, Goal, PlateProblem};
use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::area::load;
use super::bottom_left::leftmost;
use super::kind::{Kind, is_flush};
use crate::bins::{Aim, Begun, Bin, BinKind, Bins, Unit, Wanted, units};
use crate::planar::{Arrangement, Form, Given, Keep, Limits, Outlines, Place, upright};
use crate::relaxed::{Patience, Separated, separate};

/// By how much the area of an outline may grow when its corners are thinned out.
const GROWTH: f64 = 3e-3;
/// Share of a plate's area up to which it is filled with ease.
const EASY: f64 = 0.78;
/// Turns of parts that may be turned at will.
const FREE_TURNS: usize = 128;

/// Turns at which a part is tried at the left of a plate.
const TURNS: usize = 8;
/// Turns at which a part is tried at the left of an empty plate; those from which it is moved into
/// it if it fits there nowhere, and how long.
const TURNS_LEFT: usize = 32;
const TURNS_ALONE: usize = 4;
const ALONE: Patience = Patience { rounds: 5, returns: 1 };

/// What the search knows.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) problem: &'a PlateProblem,
    pub(super) kinds: Vec<Kind>,
    /// By part: area that it takes of a grown plate.
    loads: Vec<f64>,
    /// What is to be laid, but for what stands on begun plates.
    units: Vec<Unit>,
    /// The parts first, then the walls of all kinds of plates, then what stands on begun plates.
    pub(super) outlines: Outlines,
    limits: Vec<Arc<Limits>>,
    /// By kind of plate: its walls.
    walls: Vec<Vec<Place>>,
    /// The plates that are begun, what stands on them, and whether one of that is higher than the
    /// gantry, so that nothing is printed after it.
    begun: Vec<Begun>,
    pinned: Vec<Vec<Place>>,
    done: Vec<bool>,
    /// By part and kind of plate: whether it fits when it is empty.
    fits: Vec<Vec<bool>>,
}

impl<'a> Task<'a> {
    /// Parts keep `spare` more from all than they must.
    pub(super) fn new(problem: &'a PlateProblem, spare: f64) -> Self {
        let gap = problem.least_gap();
        let flush = problem.parts.iter().all(|part| part.margin == 0.0);
        let kinds = problem.plates.iter().map(|plate| {
            let spare = if flush && is_flush(plate) { 0.0 } else { spare };
            Kind::new(plate, gap, spare)
        });
        let kinds: Vec<Kind> = kinds.collect();
        let (mut given, loads) = prepared(problem, gap);
        given.extend(kinds.iter().flat_map(|kind| kind.walls.iter().map(|wall| wall.0.clone())));
        let pinned = problem.begun.iter().flat_map(|begun| &begun.placed);
        given.extend(
            pinned
                .map(|placed| {
                    let Given { form, keep, .. } = given[placed.item].clone();
                    let turns = vec![placed.turn - form.base];
                    Given { form, turns, keep }
                })
                .collect::<Vec<_>>(),
        );
        let outlines = Outlines::new(given, gap + spare);
        // Walls and pinned parts have one turn each.
        let mut fixed = outlines.shapes[problem.parts.len()..].iter();
        let mut next = || fixed.next().expect("one shape each was given");
        let walls = kinds.iter().map(|kind| -> Vec<Place> {
            kind.walls.iter().map(|(_, at)| Place { turned: next().turns.start, at: *at }).collect()
        });
        let walls = walls.collect();
        let pinned = problem.begun.iter().map(|begun| -> Vec<Place> {
            let places = begun.placed.iter().map(|placed| {
                let shape = next();
                let turned = shape.turns.start;
                let at = outlines.turned(turned).origin_of(&shape.form, placed.at);
                Place { turned, at: kinds[begun.plate].inward(at) }
            });
            places.collect()
        });
        let pinned = pinned.collect();
        let begun = problem.begun.iter().map(|begun| Begun {
            kind: begun.plate,
            load: begun.placed.iter().map(|placed| loads[placed.item]).sum(),
        });
        let begun = begun.collect();
        let tall = |begun: &FilledPlate| begun.placed.iter().any(|p| is_tall(problem, p.item));
        let done = problem.begun.iter().map(tall).collect();
        let limits =
            kinds.iter().map(|kind| Arc::new(Limits::new(&kind.hull, &outlines))).collect();
        let units = units(wanted(problem, &loads));
        let fits = Vec::new();
        let mut task = Self {
            problem,
            kinds,
            loads,
            units,
            outlines,
            limits,
            walls,
            begun,
            pinned,
            done,
            fits,
        };
        task.fits = (0..problem.parts.len())
            .into_par_iter()
            .map(|part| (0..task.kinds.len()).map(|kind| task.fits_alone(part, kind)).collect())
            .collect();
        task
    }

    /// Whether a part fits an empty plate of a kind: as far to the left as it goes, or wherever a
    /// search finds a place.
    fn fits_alone(&self, part: usize, kind: usize) -> bool {
        let empty = self.empty(kind, None);
        if leftmost(self, &empty, part, TURNS_LEFT).is_some() {
            return true;
        }
        let shape = &self.outlines.shapes[part];
        if self.loads[part] > self.kinds[kind].bin.capacity {
            return false;
        }
        let mut rng = Pcg64::seed_from_u64(part as u64);
        shape.turns.clone().step_by(shape.turns.len().div_ceil(TURNS_ALONE)).any(|turned| {
            let mut alone = empty.clone();
            let at = empty.size.map(|x| 0.5 * x);
            let place = empty.inside(&self.outlines, Place { turned, at });
            alone.add(&self.outlines, place);
            empty.room(&self.outlines, turned).is_some()
                && separate(&self.outlines, &mut alone, ALONE, &mut rng, &mut |_| false)
                    == Separated::Free
        })
    }

    /// Whether a part fits an empty plate of any kind.
    pub(super) fn fits_somewhere(&self, part: usize) -> bool {
        self.fits[part].contains(&true)
    }

    /// Whether a part is higher than the gantry of a printer that prints one part after the other.
    pub(super) fn is_tall(&self, part: usize) -> bool {
        is_tall(self.problem, part)
    }
}

impl Bins for Task<'_> {
    type Holder = Arrangement;

    fn world(&self) -> &Outlines {
        &self.outlines
    }

    fn kinds(&self) -> usize {
        self.kinds.len()
    }

    fn kind(&self, kind: usize) -> &BinKind {
        &self.kinds[kind].bin
    }

    fn units(&self) -> &[Unit] {
        &self.units
    }

    fn begun(&self) -> &[Begun] {
        &self.begun
    }

    fn load(&self, part: usize) -> f64 {
        self.loads[part]
    }

    fn aim(&self) -> Aim {
        match (self.problem.goal, self.problem.fill) {
            (Goal::Value, _) => Aim::Value,
            (Goal::Plates, Fill::Any) => Aim::Cheapest,
            (Goal::Plates, Fill::Even) => Aim::Even,
            (Goal::Plates, Fill::LastLeast) => Aim::LastLeast,
        }
    }

    fn easy(&self) -> f64 {
        EASY
    }

    fn empty(&self, kind: usize, begun: Option<usize>) -> Arrangement {
        let pinned = begun.map_or(&[][..], |begun| &self.pinned[begun]);
        let fixed = pinned.iter().chain(&self.walls[kind]).copied().collect();
        let limits = Arc::clone(&self.limits[kind]);
        Arrangement::new(self.kinds[kind].size, limits, &self.outlines, fixed)
    }

    fn fits(&self, unit: &Unit, kind: usize) -> bool {
        unit.parts.iter().all(|&part| self.fits[part][kind])
    }

    /// What is higher than the gantry is printed last, and alone so.
    fn takes(&self, plate: &Bin<Self>, unit: usize) -> bool {
        let tall =
            |unit: usize| self.units[unit].parts.iter().filter(|&&part| self.is_tall(part)).count();
        let done = plate.begun.is_some_and(|begun| self.done[begun]);
        let all = || tall(unit) + plate.units().into_iter().map(tall).sum::<usize>();
        !done && (self.problem.sequential.is_none() || tall(unit) == 0 || all() <= 1)
    }

    fn first_place(&self, arrangement: &Arrangement, part: usize) -> Option<Place> {
        leftmost(self, arrangement, part, TURNS)
    }
}

/// Whether a part is higher than the gantry of a printer that prints one part after the other.
fn is_tall(problem: &PlateProblem, part: usize) -> bool {
    problem.sequential.is_some_and(|s| problem.parts[part].height > s.gantry_height)
}

/// Turns of parts that may be turned at will.
fn free_turns() -> Vec<f64> {
    (0..FREE_TURNS).map(|k| k as f64 * 360.0 / FREE_TURNS as f64).collect()
}

/// The outlines of parts, and what area each takes of a grown plate.
fn prepared(problem: &PlateProblem, gap: f64) -> (Vec<Given>, Vec<f64>) {
    let prepared = problem.parts.par_iter().map(|part| {
        let holes = if part.host { &part.holes[..] } else { &[] };
        let (turns, base) = match &part.turns {
            Some(turns) => (turns.clone(), 0.0),
            None => (free_turns(), upright(&part.outline)),
        };
        let form = Arc::new(Form::new(&part.outline, holes, base, GROWTH));
        let keep = Keep { margin: part.margin, height: part.height, ..Keep::default() };
        (Given { form, turns, keep }, load(part, gap))
    });
    prepared.unzip()
}

/// What parts ask for, but for what stands on begun plates.
fn wanted(problem: &PlateProblem, loads: &[f64]) -> Vec<Wanted> {
    let mut copies: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    for placed in problem.begun.iter().flat_map(|begun| &begun.placed) {
        copies[placed.item] = copies[placed.item].saturating_sub(1);
    }
    let parts = problem.parts.iter().zip(copies).zip(loads);
    let wanted = parts.map(|((part, copies), &load)| Wanted {
        copies,
        load,
        group: part.group,
        optional: part.optional,
        worth: part.worth(),
        priority: part.priority,
    });
    wanted.collect()
}
