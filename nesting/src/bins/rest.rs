//! What may be left out, and what found no room: wherever it fits after all.

use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::effort::Effort;
use super::{Bin, Bins, Filled};
use crate::relaxed::Patience;

/// For a part that may fit in or not.
const PATIENCE: Patience = Patience { rounds: 20, returns: 1 };

/// Tries to put everything that is nowhere yet into a bin: what must be placed first, then by
/// priority and by worth for what it takes. A unit is tried in all bins side by side; it stays in
/// the emptiest one that came free.
pub(super) fn insert_rest<B: Bins>(
    task: &B,
    filled: &mut Filled<B>,
    effort: &Effort<'_>,
    seed: u64,
) {
    let mut placed = vec![false; task.units().len()];
    filled.bins.iter().flat_map(Bin::units).for_each(|unit| placed[unit] = true);
    let mut waiting: Vec<usize> = (0..placed.len()).filter(|&unit| !placed[unit]).collect();
    waiting.sort_by(|&a, &b| task.units()[a].before(&task.units()[b]));
    filled.left.clear();
    let mut failed: Vec<Vec<usize>> = Vec::new();
    for unit in waiting {
        // What is the same as a part that found no room finds none either.
        let same = failed.contains(&task.units()[unit].parts);
        if same || effort.is_over() || !insert(task, filled, unit, effort, seed ^ unit as u64) {
            if !same {
                failed.push(task.units()[unit].parts.clone());
            }
            filled.left.push(unit);
        }
    }
}

/// Puts a unit into the emptiest bin in which it comes free; says whether there is one.
pub(super) fn insert<B: Bins>(
    task: &B,
    filled: &mut Filled<B>,
    unit: usize,
    effort: &Effort<'_>,
    seed: u64,
) -> bool {
    let given = &task.units()[unit];
    let left = effort.left();
    let stop = |relocated: u64| relocated >= left || effort.is_out_of_time();
    let found: Vec<Option<Bin<B>>> = filled
        .bins
        .par_iter()
        .enumerate()
        .map(|(p, bin)| {
            let full = bin.load + given.load / task.kind(bin.kind).capacity > 1.0;
            if full || !bin.accepts(task, unit) {
                return None;
            }
            let seed = seed.wrapping_add(p as u64);
            let mut tried = bin.clone();
            tried.add_anywhere(task, unit, &mut Pcg64::seed_from_u64(seed));
            let done = tried.separate(task, PATIENCE, seed, &stop);
            effort.done.fetch_add(done, std::sync::atomic::Ordering::Relaxed);
            (tried.overlap == 0.0).then_some(tried)
        })
        .collect();
    let emptiest = (0..found.len())
        .filter(|&p| found[p].is_some())
        .min_by(|&a, &b| filled.bins[a].load.total_cmp(&filled.bins[b].load));
    let Some(p) = emptiest else { return false };
    filled.bins[p] = found.into_iter().nth(p).flatten().expect("it was found");
    true
}
