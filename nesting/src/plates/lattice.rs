//! Patterns of equal parts: rows that repeat, each of one part or of two that are half a turn apart
//! (a double lattice: Kuperberg and Kuperberg 1990, doi 10.1007/BF02187800).

use rayon::prelude::*;

use super::task::Task;
use crate::bins::{Bin, Bins, Filled, cheapest};
use crate::planar::{Arrangement, Place, Point, gone_past};

/// Turns that are tried, of half a turn.
const TURNS: u32 = 16;
/// Turns with the smallest boxes, which are tried besides.
const SMALL: usize = 4;
/// How far the second part of a pair is tried aside, in parts of its height.
const ASIDE: i32 = 6;
/// How far a row is tried beside the one before, in parts of the pitch.
const SHIFTS: usize = 8;
/// Where the first row is tried to begin, in parts of the pitch.
const PHASES: usize = 6;

/// Parts of a row that repeats.
#[derive(Clone, Debug)]
struct Row {
    /// Turned outlines and where they are from the beginning of the row.
    parts: Vec<(u32, Point)>,
    /// After how much it repeats.
    pitch: f64,
}

/// Copies of one part from which on a pattern is tried.
pub(super) const MANY: usize = 8;

/// Fills whole plates with patterns of parts of which there are enough; takes these from the units.
pub(super) fn insert_patterns<'a>(
    task: &Task<'a>,
    filled: &mut Filled<Task<'a>>,
    units: &mut Vec<usize>,
    used: &mut [usize],
) {
    let mut k = 0;
    while k < units.len() {
        let same = |&unit: &usize| task.units()[unit].parts == task.units()[units[k]].parts;
        let count = units[k..].iter().take_while(|unit| same(unit)).count();
        let unit = &task.units()[units[k]];
        let kind = cheapest(task, unit, used, &[])
            .filter(|_| unit.parts.len() == 1 && !task.is_tall(unit.parts[0]));
        let Some(kind) = kind.filter(|_| count >= MANY) else {
            k += count;
            continue;
        };
        let places = lattice(task, &task.empty(kind, None), unit.parts[0], count);
        let mut rest = count;
        while !places.is_empty() && rest >= places.len() && used[kind] < task.kind(kind).stock {
            let mut plate = Bin::empty(task, kind, None);
            for (place, unit) in places.iter().zip(&units[k..]) {
                plate.add(task, *unit, *place);
            }
            plate.measure(task);
            if plate.overlap > 0.0 {
                break;
            }
            units.drain(k..k + places.len());
            filled.bins.push(plate);
            used[kind] += 1;
            rest -= places.len();
        }
        k += rest;
    }
}

/// Places for as many copies of a part as the best pattern has on an arrangement without parts
/// that move, at most `most`.
pub(super) fn lattice(
    task: &Task<'_>,
    arrangement: &Arrangement,
    part: usize,
    most: usize,
) -> Vec<Place> {
    let turns = task.outlines.shapes[part].turns.clone();
    let degrees = |turned: u32| task.outlines.turned(turned).degrees;
    let opposite = |turned: u32| {
        turns.clone().find(|&other| {
            let by = (degrees(other) - degrees(turned)).rem_euclid(360.0);
            (by - 180.0).abs() < 1e-9
        })
    };
    let step = (turns.len() as u32).div_ceil(2 * TURNS).max(1);
    let half = |turned: &u32| opposite(*turned).is_none_or(|other| *turned < other);
    let mut first: Vec<u32> = turns.clone().step_by(step as usize).filter(half).collect();
    let boxed = |turned: u32| task.outlines.turned(turned).size().iter().product::<f64>();
    let mut small: Vec<u32> = turns.clone().filter(half).collect();
    small.sort_by(|&a, &b| boxed(a).total_cmp(&boxed(b)));
    small.truncate(SMALL);
    first.extend(small.into_iter().filter(|turned| !(turned - turns.start).is_multiple_of(step)));
    let best = first
        .par_iter()
        .map(|&turned| {
            let mut best: Vec<Place> = Vec::new();
            for row in rows(task, part, turned, opposite(turned)) {
                for shift in 0..SHIFTS {
                    let aside = row.pitch * shift as f64 / SHIFTS as f64;
                    let rise = rise(task, part, &row, aside, arrangement.size[1]);
                    // No pattern has more than the box and its own cell allow.
                    let cells = (arrangement.size[0] / row.pitch + 1.0)
                        * (arrangement.size[1] / rise + 1.0)
                        * row.parts.len() as f64;
                    if cells <= best.len() as f64 {
                        continue;
                    }
                    // Beginning anywhere, or with one of its parts at the left edge.
                    let anywhere = (0..PHASES).map(|k| row.pitch * k as f64 / PHASES as f64);
                    let edge = row.parts.iter().map(|(turned, at)| {
                        let outlines = &task.outlines;
                        outlines.margin(*turned) - outlines.turned(*turned).bounds()[0][0] - at[0]
                    });
                    for from in edge.chain(anywhere) {
                        let places = laid(task, arrangement, &row, [aside, rise], from, most);
                        if places.len() > best.len() {
                            best = places;
                        }
                    }
                }
            }
            best
        })
        .collect::<Vec<_>>();
    let counts = |places: &Vec<Place>| places.len();
    // The first of the best, whatever the threads did.
    let most_of = best.iter().map(counts).max().unwrap_or(0);
    best.into_iter().find(|places| places.len() == most_of).unwrap_or_default()
}

/// Rows of a part alone, and together with itself turned by half a turn.
fn rows(task: &Task<'_>, part: usize, turned: u32, opposite: Option<u32>) -> Vec<Row> {
    let outlines = &task.outlines;
    let gap = outlines.touch(part as u32, part as u32);
    let beside = |moving: u32, fixed: u32, level: f64| {
        let mut spans = Vec::new();
        let (moving, fixed) = (outlines.turned(moving), outlines.turned(fixed));
        moving.pieces.spans(&fixed.pieces, 0, [level, gap, 0.0], &mut spans);
        // Past all of them, not into a notch: the other way around must be free too.
        spans.iter().map(|span| span[1]).fold(0.0, f64::max)
    };
    let mut rows =
        vec![Row { parts: vec![(turned, [0.0; 2])], pitch: beside(turned, turned, 0.0) }];
    let Some(other) = opposite else { return rows };
    let height = outlines.turned(turned).size()[1];
    for aside in -ASIDE..=ASIDE {
        let level = height * f64::from(aside) / f64::from(ASIDE);
        let to = beside(other, turned, level);
        let back = beside(turned, other, -level);
        let alone = rows[0].pitch.max(beside(other, other, 0.0));
        let pitch = (to + back).max(alone);
        rows.push(Row { parts: vec![(turned, [0.0; 2]), (other, [to, level])], pitch });
    }
    rows.retain(|row| row.pitch > 0.0);
    rows
}

/// How far the next row is above a row if it begins `aside` of it: free of that, and all rows that
/// follow of one another.
fn rise(task: &Task<'_>, part: usize, row: &Row, aside: f64, most: f64) -> f64 {
    let outlines = &task.outlines;
    let gap = outlines.touch(part as u32, part as u32);
    let mut spans = Vec::new();
    // Origins are not the middles of turned boxes.
    let side = |pick: fn(f64, f64) -> f64, corner: usize| {
        let sides =
            row.parts.iter().map(|(turned, _)| outlines.turned(*turned).bounds()[corner][0]);
        sides.reduce(pick).unwrap_or(0.0)
    };
    let reach = side(f64::max, 1) - side(f64::min, 0) + gap;
    let around = ((reach + aside) / row.pitch).ceil() as i32 + 1;
    for (moving, at) in &row.parts {
        for (fixed, from) in &row.parts {
            for k in -around..=around {
                let level = at[0] + aside - from[0] - f64::from(k) * row.pitch;
                if level.abs() < reach {
                    let (moving, fixed) = (outlines.turned(*moving), outlines.turned(*fixed));
                    let along = [level, gap, from[1] - at[1]];
                    moving.pieces.spans(&fixed.pieces, 1, along, &mut spans);
                }
            }
        }
    }
    let extent = |pick: fn(f64, f64) -> f64, corner: usize, from: f64| {
        let of = |(turned, at): &(u32, Point)| outlines.turned(*turned).bounds()[corner][1] + at[1];
        row.parts.iter().map(of).fold(from, pick)
    };
    let height = extent(f64::max, 1, f64::NEG_INFINITY) - extent(f64::min, 0, f64::INFINITY) + gap;
    let rise = gone_past(&spans, 1e-3 * height);
    // One row is a pattern too. Where the row after next would still be beside this one, rows lie
    // wholly above one another.
    match rise {
        rise if rise > most => 2.0 * most,
        rise if 2.0 * rise < height => height,
        rise => rise,
    }
}

/// All places of a pattern that are free.
fn laid(
    task: &Task<'_>,
    arrangement: &Arrangement,
    row: &Row,
    [aside, rise]: Point,
    from: f64,
    most: usize,
) -> Vec<Place> {
    let outlines = &task.outlines;
    let low = row.parts.iter().fold(f64::INFINITY, |low, (turned, at)| {
        low.min(outlines.turned(*turned).bounds()[0][1] + at[1])
    });
    let margin = outlines.margin(row.parts[0].0);
    let mut places = Vec::new();
    for r in 0..(arrangement.size[1] / rise).ceil() as i32 + 1 {
        let y = margin - low + f64::from(r) * rise;
        let begin = (from + f64::from(r) * aside).rem_euclid(row.pitch) - 2.0 * row.pitch;
        // Each row begins as far to the left as its first part allows.
        let count = (arrangement.size[0] / row.pitch).ceil() as i32 + 3;
        for k in 0..count {
            for (turned, at) in &row.parts {
                let at = [begin + f64::from(k) * row.pitch + at[0], y + at[1]];
                let place = Place { turned: *turned, at };
                if arrangement.is_free(outlines, place) {
                    places.push(place);
                    if places.len() == most {
                        return places;
                    }
                }
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use platewright_model::plate::{Bed, PlatePart, PlateProblem, PlateType};

    use super::*;

    #[test]
    fn parts_of_a_pattern_overlap_nowhere() {
        // Brackets that hold one another, around origins that are not their middles.
        for k in 0..12 {
            let (long, short) = (20.0 - f64::from(k % 4), 5.0 + f64::from(k));
            let bracket = vec![
                [0.0, 0.0],
                [long, 0.0],
                [long, 4.0],
                [long - 1.5, 4.0],
                [long - 1.5, 1.5],
                [1.5, 1.5],
                [1.5, short],
                [0.0, short],
            ];
            let problem = PlateProblem {
                plates: vec![PlateType {
                    bed: Bed::Rectangle([90.0, 80.0]),
                    ..PlateType::default()
                }],
                parts: vec![PlatePart { outline: bracket, copies: 500, ..PlatePart::default() }],
                gap: 0.5,
                ..PlateProblem::default()
            };
            let task = Task::new(&problem, 1e-4);
            let mut plate = Bin::empty(&task, 0, None);
            let places = lattice(&task, &task.empty(0, None), 0, 500);
            for (unit, place) in places.into_iter().enumerate() {
                plate.add(&task, unit, place);
            }
            plate.measure(&task);
            assert_eq!(plate.overlap, 0.0, "bracket {k}");
        }
    }
}
