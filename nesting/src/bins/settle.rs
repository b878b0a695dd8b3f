//! Moves parts apart in all bins, and exchanges parts between bins that do not come free.

use std::sync::atomic::Ordering;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::effort::Effort;
use super::{Bin, Bins, Holder, Place};
use crate::relaxed::Patience;

/// For a bin whose parts were just put into it.
const LONG: Patience = Patience { rounds: 60, returns: 2 };
/// For a bin whose parts were exchanged.
const SHORT: Patience = Patience { rounds: 30, returns: 1 };
/// Exchanges in vain after which a bin is thrown about.
const IDLE: u32 = 6;
/// Ways that a bin is tried to be moved apart at a time if it is the only one.
const WAYS: u64 = 2;

/// Two bins after an exchange, each with its number, if they overlap less.
type Trial<B> = Option<[(usize, Bin<B>); 2]>;

/// Whether all bins came free. Those that did not are as near to it as was found.
pub(super) fn settle<B: Bins>(
    task: &B,
    bins: &mut [Bin<B>],
    effort: &Effort<'_>,
    seed: u64,
) -> bool {
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut patience = LONG;
    let mut idle = vec![0_u32; bins.len()];
    loop {
        apart(task, bins, patience, effort, rng.random());
        patience = SHORT;
        let unsettled: Vec<usize> = (0..bins.len()).filter(|&p| bins[p].overlap > 0.0).collect();
        if unsettled.is_empty() {
            return true;
        }
        if effort.is_over() {
            return false;
        }
        effort.report(&format!("{} of {} bins free", bins.len() - unsettled.len(), bins.len()));
        let pairs = pairs(bins, &unsettled, &mut rng);
        let trials: Vec<Trial<B>> = {
            let left = effort.left();
            let bins: &[Bin<B>] = bins;
            pairs
                .par_iter()
                .map(|&(from, to, seed)| {
                    let ([one, other], done) =
                        exchange(task, [&bins[from], &bins[to]], seed, effort, left)?;
                    effort.done.fetch_add(done, Ordering::Relaxed);
                    let before = bins[from].overlap + bins[to].overlap;
                    let better = one.overlap + other.overlap < before;
                    better.then_some([(from, one), (to, other)])
                })
                .collect()
        };
        unsettled.iter().for_each(|&p| idle[p] += 1);
        for (trial, (from, ..)) in trials.into_iter().zip(&pairs) {
            if trial.is_some() {
                idle[*from] = 0;
            }
            for (p, bin) in trial.into_iter().flatten() {
                bins[p] = bin;
            }
        }
        // A bin without others to exchange with is thrown about at once.
        let patient = if bins.len() > 1 { IDLE } else { 1 };
        // Where exchanges do not help, half of the bin is thrown about.
        for &p in &unsettled {
            if idle[p] >= patient && bins[p].overlap > 0.0 {
                idle[p] = 0;
                shake(task, &mut bins[p], &mut rng);
                patience = LONG;
            }
        }
    }
}

/// Moves parts apart in the bins where that is not known to be in vain.
fn apart<B: Bins>(
    task: &B,
    bins: &mut [Bin<B>],
    patience: Patience,
    effort: &Effort<'_>,
    seed: u64,
) {
    let left = effort.left();
    let stop = |relocated: u64| relocated >= left || effort.is_out_of_time();
    let waiting = bins.iter().filter(|bin| bin.overlap.is_infinite()).count();
    let ways = if waiting == 1 { WAYS } else { 1 };
    bins.par_iter_mut().enumerate().filter(|(_, bin)| bin.overlap.is_infinite()).for_each(
        |(p, bin)| {
            let tried: Vec<(Bin<B>, u64)> = (0..ways)
                .into_par_iter()
                .map(|way| {
                    let mut tried = bin.clone();
                    let seed = seed ^ (p as u64 * WAYS + way).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    let done = tried.separate(task, patience, seed, &stop);
                    (tried, done)
                })
                .collect();
            effort.done.fetch_add(tried.iter().map(|(_, done)| done).sum(), Ordering::Relaxed);
            let best = tried.into_iter().min_by(|a, b| a.0.overlap.total_cmp(&b.0.overlap));
            *bin = best.expect("there is a way").0;
        },
    );
}

/// Which bins exchange parts: each that does not come free with another one, none twice.
fn pairs<B: Bins>(
    bins: &[Bin<B>],
    unsettled: &[usize],
    rng: &mut Pcg64,
) -> Vec<(usize, usize, u64)> {
    let mut order = unsettled.to_vec();
    order.sort_by(|&a, &b| bins[b].overlap.total_cmp(&bins[a].overlap));
    let mut taken = vec![false; bins.len()];
    let mut pairs = Vec::new();
    for from in order {
        if std::mem::replace(&mut taken[from], true) {
            continue;
        }
        let free: Vec<usize> = (0..bins.len()).filter(|&p| !taken[p]).collect();
        if free.is_empty() {
            continue;
        }
        // Of a few, the one with the most room.
        let to = (0..3)
            .map(|_| free[rng.random_range(0..free.len())])
            .min_by(|&a, &b| bins[a].load.total_cmp(&bins[b].load))
            .expect("three were drawn");
        taken[to] = true;
        pairs.push((from, to, rng.random()));
    }
    pairs
}

/// Two bins after a unit of the first, which overlaps, went to the second, for one that is
/// smaller or for none; and how many copies were relocated.
fn exchange<B: Bins>(
    task: &B,
    [from, to]: [&Bin<B>; 2],
    seed: u64,
    effort: &Effort<'_>,
    left: u64,
) -> Option<([Bin<B>; 2], u64)> {
    let mut rng = Pcg64::seed_from_u64(seed);
    let overlapping = from.overlapping(task);
    let total: f64 = overlapping.iter().map(|(_, depth)| depth).sum();
    let mut drawn = rng.random_range(0.0..1.0) * total;
    let (unit, _) = *overlapping.iter().find(|(_, depth)| {
        drawn -= depth;
        drawn <= 0.0
    })?;
    let capacity = |bin: &Bin<B>| task.kind(bin.kind).capacity;
    if !to.accepts(task, unit) {
        return None;
    }
    let load = task.units()[unit].load;
    // What the first bin may get back so that both come nearer to the same load, or nearly so.
    let mut back: Vec<Option<usize>> = to
        .units()
        .into_iter()
        .filter(|&other| (0.3 * load..1.1 * load).contains(&task.units()[other].load))
        .filter(|&other| from.accepts(task, other))
        .map(Some)
        .collect();
    if to.load + load / capacity(to) <= from.load.max(to.load) + 0.02 {
        back.push(None);
    }
    let back = *back.get(rng.random_range(0..back.len().max(1)))?;
    let (mut one, mut other) = (from.clone(), to.clone());
    let left_by = one.remove(task, unit);
    let freed = back.map_or_else(Vec::new, |back| other.remove(task, back));
    stand_where(task, &mut other, unit, &freed, &mut rng);
    if let Some(back) = back {
        stand_where(task, &mut one, back, &left_by, &mut rng);
    }
    let mut done = 0;
    for (k, bin) in [&mut one, &mut other].into_iter().enumerate() {
        if bin.overlap > 0.0 {
            let stop = |relocated: u64| relocated >= left || effort.is_out_of_time();
            done += bin.separate(task, SHORT, seed.wrapping_add(k as u64 + 1), &stop);
        }
    }
    Some(([one, other], done))
}

/// Stands a unit where others were, or anywhere.
fn stand_where<B: Bins>(
    task: &B,
    bin: &mut Bin<B>,
    unit: usize,
    freed: &[Place<B>],
    rng: &mut Pcg64,
) {
    for (k, &part) in task.units()[unit].parts.iter().enumerate() {
        let mut place = bin.holder.anywhere(task.world(), part, rng);
        if let Some(old) = freed.get(k) {
            place = B::Holder::moved(place, *old);
        }
        bin.add(task, unit, place);
    }
}

/// Half of the units go anywhere.
fn shake<B: Bins>(task: &B, bin: &mut Bin<B>, rng: &mut Pcg64) {
    let mut units = bin.units();
    units.shuffle(rng);
    for &unit in &units[..units.len().div_ceil(2)] {
        bin.remove(task, unit);
        bin.add_anywhere(task, unit, rng);
    }
}
