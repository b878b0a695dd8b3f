//! A first filling: unit by unit, each in the first bin with room for it.

use rayon::prelude::*;

use super::{Bin, Bins, Filled, Holder, Place, Unit};

/// A bin that had no room for a unit is asked again for units smaller than this share of it.
const SMALLER: f64 = 0.8;
/// Bins that are asked at a time.
const ASKED: usize = 4;

/// Fills bins with units in the order given, the first bin with room, and opens new ones as long as
/// there are any; `used` counts them by kind.
pub(crate) fn insert_all<B: Bins>(
    task: &B,
    filled: &mut Filled<B>,
    units: &[usize],
    used: &mut [usize],
    stop: &dyn Fn() -> bool,
) {
    // The least load that found no room in a bin.
    let mut failed = vec![f64::INFINITY; filled.bins.len()];
    for &unit in units {
        let given = &task.units()[unit];
        if stop() {
            filled.left.push(unit);
            continue;
        }
        // Bins are asked side by side, a few at a time; the first with room takes it.
        let room = |p: &usize| {
            let bin = &filled.bins[*p];
            let full = bin.load + given.load / task.kind(bin.kind).capacity > 1.0;
            !full && given.load <= SMALLER * failed[*p] && bin.accepts(task, unit)
        };
        let mut placed = false;
        let asked: Vec<usize> = (0..filled.bins.len()).filter(room).collect();
        for few in asked.chunks(ASKED) {
            let found: Vec<Option<Vec<Place<B>>>> =
                few.par_iter().map(|&p| first_places(task, &filled.bins[p], given)).collect();
            let first = found.iter().position(Option::is_some);
            for &p in &few[..first.unwrap_or(few.len())] {
                failed[p] = failed[p].min(given.load);
            }
            if let Some(first) = first {
                let places = found.into_iter().nth(first).flatten().expect("it was found");
                put(task, &mut filled.bins[few[first]], unit, places);
                placed = true;
                break;
            }
        }
        // Kinds of bins in which it does not fit, even if they are empty.
        let mut tried = Vec::new();
        while !placed {
            let Some(kind) = cheapest(task, given, used, &tried) else { break };
            let mut bin = Bin::empty(task, kind, None);
            let places = first_places(task, &bin, given);
            if let Some(places) = places.filter(|_| bin.accepts(task, unit)) {
                put(task, &mut bin, unit, places);
                placed = true;
                used[kind] += 1;
                filled.bins.push(bin);
                failed.push(f64::INFINITY);
            }
            tried.push(kind);
        }
        if !placed {
            filled.left.push(unit);
        }
    }
}

/// The kind of bin that is the cheapest for its capacity, of those in which a unit fits and that
/// are left in stock, but for those that were tried.
pub(crate) fn cheapest<B: Bins>(
    task: &B,
    unit: &Unit,
    used: &[usize],
    tried: &[usize],
) -> Option<usize> {
    let price = |kind: usize| task.kind(kind).cost / task.kind(kind).capacity;
    (0..task.kinds())
        .filter(|&kind| used[kind] < task.kind(kind).stock && !tried.contains(&kind))
        .filter(|&kind| task.fits(unit, kind))
        .min_by(|&a, &b| price(a).total_cmp(&price(b)))
}

fn put<B: Bins>(task: &B, bin: &mut Bin<B>, unit: usize, places: Vec<Place<B>>) {
    let free = bin.overlap == 0.0;
    places.into_iter().for_each(|place| bin.add(task, unit, place));
    if free {
        bin.overlap = 0.0;
    }
}

/// Free places for all parts of a unit.
fn first_places<B: Bins>(task: &B, bin: &Bin<B>, unit: &Unit) -> Option<Vec<Place<B>>> {
    if let [part] = unit.parts[..] {
        return Some(vec![task.first_place(&bin.holder, part)?]);
    }
    let mut holder = bin.holder.clone();
    let mut places = Vec::new();
    for &part in &unit.parts {
        let place = task.first_place(&holder, part)?;
        holder.add(task.world(), place);
        places.push(place);
    }
    Some(places)
}
