//! A first layout: the largest first, each as far to the left as it fits, on the first plate with
//! room for it.

use rayon::prelude::*;

use super::plate::Plate;
use super::task::{Task, Unit};
use crate::planar::{Arrangement, Place, first_free};

/// Heights at which each turn of a part is tried.
const HEIGHTS: usize = 24;
/// Turns that are tried of parts that have many.
const TURNS: usize = 8;

/// A plate that had no room for a part is asked again for parts smaller than this share of it.
const SMALLER: f64 = 0.8;

/// Plates, and the units that found no room.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled {
    pub(super) plates: Vec<Plate>,
    pub(super) left: Vec<usize>,
}

/// Fills plates with units in the order given, on the first plate with room, and opens new ones as
/// long as there are any; `used` counts them by kind.
pub(super) fn insert_all(
    task: &Task<'_>,
    filled: &mut Filled,
    units: &[usize],
    used: &mut [usize],
    stop: &dyn Fn() -> bool,
) {
    // The least load that found no room on a plate.
    let mut failed = vec![f64::INFINITY; filled.plates.len()];
    for &unit in units {
        let given = &task.units[unit];
        if stop() {
            filled.left.push(unit);
            continue;
        }
        // Plates are asked side by side, a few at a time; the first with room takes it.
        let room = |p: &usize| {
            let plate = &filled.plates[*p];
            let full = plate.load + given.load / task.kinds[plate.kind].capacity > 1.0;
            !full && given.load <= SMALLER * failed[*p] && plate.accepts(task, unit)
        };
        let mut placed = false;
        let asked: Vec<usize> = (0..filled.plates.len()).filter(room).collect();
        for few in asked.chunks(4) {
            let found: Vec<Option<Vec<Place>>> =
                few.par_iter().map(|&p| leftmost_all(task, &filled.plates[p], given)).collect();
            let first = found.iter().position(Option::is_some);
            for &p in &few[..first.unwrap_or(few.len())] {
                failed[p] = failed[p].min(given.load);
            }
            if let Some(first) = first {
                let places = found.into_iter().nth(first).flatten().expect("it was found");
                stand(task, &mut filled.plates[few[first]], unit, places);
                placed = true;
                break;
            }
        }
        // Kinds of plates on which it does not fit, even if they are empty.
        let mut tried = Vec::new();
        while !placed {
            let Some(kind) = task.cheapest(given, used, &tried) else { break };
            let mut plate = Plate::empty(task, kind, None);
            let places = leftmost_all(task, &plate, given);
            if let Some(places) = places.filter(|_| plate.accepts(task, unit)) {
                stand(task, &mut plate, unit, places);
                placed = true;
                used[kind] += 1;
                filled.plates.push(plate);
                failed.push(f64::INFINITY);
            }
            tried.push(kind);
        }
        if !placed {
            filled.left.push(unit);
        }
    }
}

fn stand(task: &Task<'_>, plate: &mut Plate, unit: usize, places: Vec<Place>) {
    let free = plate.overlap == 0.0;
    places.into_iter().for_each(|place| plate.add(task, unit, place));
    if free {
        plate.overlap = 0.0;
    }
}

/// Free places for all parts of a unit.
fn leftmost_all(task: &Task<'_>, plate: &Plate, unit: &Unit) -> Option<Vec<Place>> {
    if let [part] = unit.parts[..] {
        return Some(vec![leftmost(task, &plate.arrangement, part, TURNS)?]);
    }
    let mut arrangement = plate.arrangement.clone();
    let mut places = Vec::new();
    for &part in &unit.parts {
        let place = leftmost(task, &arrangement, part, TURNS)?;
        arrangement.add(&task.outlines, place);
        places.push(place);
    }
    Some(places)
}

/// The place where a part ends farthest to the left among those tried: so many turns at most.
pub(super) fn leftmost(
    task: &Task<'_>,
    arrangement: &Arrangement,
    part: usize,
    most_turns: usize,
) -> Option<Place> {
    let outlines = &task.outlines;
    let turns = outlines.shapes[part].turns.clone();
    let step = turns.len().div_ceil(most_turns);
    let mut best: Option<(f64, Place)> = None;
    let mut spans = Vec::new();
    for turned in turns.step_by(step) {
        let Some([low, room]) = arrangement.room(outlines, turned) else { continue };
        let right = outlines.turned(turned).bounds()[1][0];
        for k in 0..HEIGHTS {
            let y = low[1] + room[1] * k as f64 / (HEIGHTS - 1) as f64;
            let mut x = low[0];
            // Where straight edges cut the box, a little farther until it is inside of them.
            for _ in 0..16 {
                x = first_free(outlines, arrangement, turned, [x, y], &mut spans);
                let over = arrangement.limits.over(turned, [x, y]);
                if over <= 0.0 || x > low[0] + room[0] {
                    break;
                }
                x += over + 1e-3 * room[0];
            }
            let fits = x <= low[0] + room[0] && arrangement.limits.over(turned, [x, y]) <= 0.0;
            // Lower comes first where both end as far to the left.
            let rank = x + right + 1e-6 * y;
            if fits && best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, Place { turned, at: [x, y] }));
            }
        }
    }
    best.map(|(_, place)| place)
}
