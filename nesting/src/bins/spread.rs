//! How full bins are once there are as few as were found.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::effort::Effort;
use super::rest::insert;
use super::settle::settle;
use super::split::split;
use super::{Aim, Bin, Bins, Filled};

/// Fills bins of one kind as asked, if that succeeds within the effort.
pub(super) fn spread<B: Bins>(task: &B, filled: &mut Filled<B>, effort: &Effort<'_>, seed: u64) {
    match task.aim() {
        Aim::Cheapest | Aim::Value => {}
        Aim::Even => even(task, filled, effort, seed),
        Aim::LastLeast => last_least(task, filled, effort, seed),
    }
}

/// Splits all units anew over as many bins of the same kinds.
fn even<B: Bins>(task: &B, filled: &mut Filled<B>, effort: &Effort<'_>, seed: u64) {
    let mut rng = Pcg64::seed_from_u64(seed);
    let empty = |bin: &Bin<B>| Bin::empty(task, bin.kind, bin.begun);
    let mut bins: Vec<Bin<B>> = filled.bins.iter().map(empty).collect();
    let units: Vec<usize> = filled.bins.iter().flat_map(Bin::units).collect();
    if split(task, &mut bins, &units, &mut rng)
        && spread_of(&bins) < spread_of(&filled.bins)
        && settle(task, &mut bins, effort, rng.random())
    {
        filled.bins = bins;
    }
}

/// Moves units out of the emptiest bin, large ones first, wherever others have room.
fn last_least<B: Bins>(task: &B, filled: &mut Filled<B>, effort: &Effort<'_>, seed: u64) {
    filled.bins.sort_by(|a, b| {
        let begun = |bin: &Bin<B>| bin.begun.unwrap_or(usize::MAX);
        begun(a).cmp(&begun(b)).then(b.load.total_cmp(&a.load))
    });
    let Some(mut last) = filled.bins.pop_if(|bin| bin.begun.is_none()) else { return };
    let mut units = last.units();
    units.sort_by(|&a, &b| task.units()[b].load.total_cmp(&task.units()[a].load));
    for unit in units {
        if effort.is_over() || filled.bins.is_empty() {
            break;
        }
        if insert(task, filled, unit, effort, seed ^ unit as u64) {
            last.remove(task, unit);
        }
    }
    filled.bins.push(last);
}

/// Difference of the fullest and the emptiest bin.
fn spread_of<B: Bins>(bins: &[Bin<B>]) -> f64 {
    let loads = || bins.iter().map(|bin| bin.load);
    loads().fold(0.0, f64::max) - loads().fold(f64::INFINITY, f64::min)
}
