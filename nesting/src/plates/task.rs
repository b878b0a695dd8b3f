//! A problem, prepared for the search.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_model::plate::PlateProblem;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::area::load;
use super::bottom_left::leftmost;
use super::kind::{Kind, is_flush};
use crate::planar::{Arrangement, Form, Given, Keep, Limits, Outlines, Place, upright};
use crate::relaxed::{Patience, Separated, separate};

/// By how much the area of an outline may grow when its corners are thinned out.
const GROWTH: f64 = 3e-3;
/// Turns of parts that may be turned at will.
const FREE_TURNS: usize = 128;

/// Turns at which a part is tried at the left of an empty plate; those from which it is moved into
/// it if it fits there nowhere, and how long.
const TURNS_LEFT: usize = 32;
const TURNS_ALONE: usize = 4;
const ALONE: Patience = Patience { rounds: 5, returns: 1 };

/// Parts that must stand on one plate.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Parts, one entry a copy.
    pub(super) parts: Vec<usize>,
    /// Area that they take of a grown plate.
    pub(super) load: f64,
    /// Whether they may be left out.
    pub(super) optional: bool,
    /// What they are worth.
    pub(super) worth: f64,
    /// Higher comes first.
    pub(super) priority: u32,
    /// Parts higher than the gantry, if parts are printed one after the other.
    pub(super) tall: usize,
}

impl Unit {
    /// Which of two is placed first: what must be placed, then by priority; of what must be placed
    /// the larger, of the rest what is worth more for its area.
    pub(super) fn before(&self, other: &Self) -> Ordering {
        let rank = |unit: &Self| {
            if unit.optional { unit.worth / unit.load } else { unit.load }
        };
        self.optional
            .cmp(&other.optional)
            .then(other.priority.cmp(&self.priority))
            .then(rank(other).total_cmp(&rank(self)))
    }
}

/// What the search knows.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) problem: &'a PlateProblem,
    pub(super) kinds: Vec<Kind>,
    /// By part: area that it takes of a grown plate.
    pub(super) loads: Vec<f64>,
    /// What is to be laid, but for what stands on begun plates.
    pub(super) units: Vec<Unit>,
    /// The parts first, then the walls of all kinds of plates, then what stands on begun plates.
    pub(super) outlines: Outlines,
    limits: Vec<Arc<Limits>>,
    /// By kind of plate: its walls.
    walls: Vec<Vec<Place>>,
    /// The plates that are begun.
    pub(super) begun: Vec<Begun>,
    /// By part and kind of plate: whether it fits when it is empty.
    fits: Vec<Vec<bool>>,
}

/// A plate with parts that stay where they are.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) kind: usize,
    places: Vec<Place>,
    /// Area that they take of a grown plate.
    pub(super) load: f64,
    /// Whether one of them is higher than the gantry, so that nothing is printed after it.
    pub(super) tall: bool,
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
        let (mut given, loads): (Vec<Given>, Vec<f64>) = problem
            .parts
            .par_iter()
            .map(|part| {
                let holes = if part.host { &part.holes[..] } else { &[] };
                let (turns, base) = match &part.turns {
                    Some(turns) => (turns.clone(), 0.0),
                    None => (free_turns(), upright(&part.outline)),
                };
                let form = Arc::new(Form::new(&part.outline, holes, base, GROWTH));
                let keep = Keep { margin: part.margin, height: part.height, ..Keep::default() };
                (Given { form, turns, keep }, load(part, gap))
            })
            .unzip();
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
        let begun = problem.begun.iter().map(|begun| {
            let places = begun.placed.iter().map(|placed| {
                let shape = next();
                let turned = shape.turns.start;
                let at = outlines.turned(turned).origin_of(&shape.form, placed.at);
                Place { turned, at: kinds[begun.plate].inward(at) }
            });
            Begun {
                kind: begun.plate,
                places: places.collect(),
                load: begun.placed.iter().map(|placed| loads[placed.item]).sum(),
                tall: begun.placed.iter().any(|placed| is_tall(problem, placed.item)),
            }
        });
        let begun = begun.collect();
        let limits =
            kinds.iter().map(|kind| Arc::new(Limits::new(&kind.hull, &outlines))).collect();
        let units = units(problem, &loads);
        let fits = Vec::new();
        let mut task = Self { problem, kinds, loads, units, outlines, limits, walls, begun, fits };
        task.fits = (0..problem.parts.len())
            .into_par_iter()
            .map(|part| (0..task.kinds.len()).map(|kind| task.fits_alone(part, kind)).collect())
            .collect();
        task
    }

    /// A plate with nothing on it but what stays there.
    pub(super) fn empty(&self, kind: usize, begun: Option<usize>) -> Arrangement {
        let pinned = begun.map_or(&[][..], |begun| &self.begun[begun].places);
        let fixed = pinned.iter().chain(&self.walls[kind]).copied().collect();
        let limits = Arc::clone(&self.limits[kind]);
        Arrangement::new(self.kinds[kind].size, limits, &self.outlines, fixed)
    }

    /// Whether a part fits an empty plate of a kind: as far to the left as it goes, or wherever a
    /// search finds a place.
    fn fits_alone(&self, part: usize, kind: usize) -> bool {
        let empty = self.empty(kind, None);
        if leftmost(self, &empty, part, TURNS_LEFT).is_some() {
            return true;
        }
        let shape = &self.outlines.shapes[part];
        if self.loads[part] > self.kinds[kind].capacity {
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

    /// The kind of plate that is the cheapest for its area, of those on which a unit fits and that
    /// are left in stock, but for those that were tried.
    pub(super) fn cheapest(&self, unit: &Unit, used: &[usize], tried: &[usize]) -> Option<usize> {
        let price = |kind: usize| self.kinds[kind].cost / self.kinds[kind].capacity;
        (0..self.kinds.len())
            .filter(|&kind| used[kind] < self.kinds[kind].stock && !tried.contains(&kind))
            .filter(|&kind| self.fits_on(unit, kind))
            .min_by(|&a, &b| price(a).total_cmp(&price(b)))
    }

    /// Whether each part of a unit fits an empty plate of a kind.
    pub(super) fn fits_on(&self, unit: &Unit, kind: usize) -> bool {
        unit.parts.iter().all(|&part| self.fits[part][kind])
    }

    /// Whether a part fits an empty plate of any kind.
    pub(super) fn fits_somewhere(&self, part: usize) -> bool {
        self.fits[part].contains(&true)
    }

    /// The part of a place.
    pub(super) fn part(&self, place: Place) -> usize {
        self.outlines.turned(place.turned).shape as usize
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

/// Copies that are to be laid, groups together; large ones first.
fn units(problem: &PlateProblem, loads: &[f64]) -> Vec<Unit> {
    let mut copies: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    for placed in problem.begun.iter().flat_map(|begun| &begun.placed) {
        copies[placed.item] = copies[placed.item].saturating_sub(1);
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut groups: BTreeMap<u32, usize> = BTreeMap::new();
    for (i, part) in problem.parts.iter().enumerate() {
        for _ in 0..copies[i] {
            let known = part.group.and_then(|group| groups.get(&group).copied());
            let unit = known.unwrap_or_else(|| {
                units.push(Unit {
                    parts: Vec::new(),
                    load: 0.0,
                    optional: true,
                    worth: 0.0,
                    priority: 0,
                    tall: 0,
                });
                units.len() - 1
            });
            if let Some(group) = part.group {
                groups.insert(group, unit);
            }
            let unit = &mut units[unit];
            unit.parts.push(i);
            unit.load += loads[i];
            unit.optional &= part.optional;
            unit.worth += part.worth();
            unit.priority = unit.priority.max(part.priority);
            unit.tall += usize::from(is_tall(problem, i));
        }
    }
    units.sort_by(|a, b| b.load.total_cmp(&a.load));
    units
}
