//! What may be left out, and what found no room: wherever it fits after all.

use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::bottom_left::Filled;
use super::effort::Effort;
use super::plate::Plate;
use super::task::Task;
use crate::relaxed::Patience;

/// For a part that may fit in or not.
const PATIENCE: Patience = Patience { rounds: 20, returns: 1 };

/// Tries to stand everything that stands nowhere yet: what must be placed first, then by
/// priority and by worth for its area. A part is tried on all plates side by side; it stays on the
/// emptiest one that came free.
pub(super) fn insert_rest(task: &Task<'_>, filled: &mut Filled, effort: &Effort<'_>, seed: u64) {
    let mut stands = vec![false; task.units.len()];
    filled.plates.iter().flat_map(Plate::units).for_each(|unit| stands[unit] = true);
    let mut waiting: Vec<usize> = (0..stands.len()).filter(|&unit| !stands[unit]).collect();
    waiting.sort_by(|&a, &b| task.units[a].before(&task.units[b]));
    filled.left.clear();
    let mut failed: Vec<Vec<usize>> = Vec::new();
    for unit in waiting {
        // What is the same as a part that found no room finds none either.
        let same = failed.contains(&task.units[unit].parts);
        if same || effort.is_over() || !insert(task, filled, unit, effort, seed ^ unit as u64) {
            if !same {
                failed.push(task.units[unit].parts.clone());
            }
            filled.left.push(unit);
        }
    }
}

/// Stands a unit on the emptiest plate on which it comes free; says whether there is one.
pub(super) fn insert(
    task: &Task<'_>,
    filled: &mut Filled,
    unit: usize,
    effort: &Effort<'_>,
    seed: u64,
) -> bool {
    let given = &task.units[unit];
    let left = effort.left();
    let stop = |relocated: u64| relocated >= left || effort.is_out_of_time();
    let found: Vec<Option<Plate>> = filled
        .plates
        .par_iter()
        .enumerate()
        .map(|(p, plate)| {
            let full = plate.load + given.load / task.kinds[plate.kind].capacity > 1.0;
            if full || !plate.accepts(task, unit) {
                return None;
            }
            let seed = seed.wrapping_add(p as u64);
            let mut tried = plate.clone();
            tried.add_anywhere(task, unit, &mut Pcg64::seed_from_u64(seed));
            let done = tried.separate(task, PATIENCE, seed, &stop);
            effort.done.fetch_add(done, std::sync::atomic::Ordering::Relaxed);
            (tried.overlap == 0.0).then_some(tried)
        })
        .collect();
    let emptiest = (0..found.len())
        .filter(|&p| found[p].is_some())
        .min_by(|&a, &b| filled.plates[a].load.total_cmp(&filled.plates[b].load));
    let Some(p) = emptiest else { return false };
    filled.plates[p] = found.into_iter().nth(p).flatten().expect("it was found");
    true
}
