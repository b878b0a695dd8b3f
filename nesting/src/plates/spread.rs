//! How full plates are once there are as few as were found.

use platewright_model::plate::Fill;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::bottom_left::Filled;
use super::effort::Effort;
use super::plate::Plate;
use super::rest::insert;
use super::settle::settle;
use super::split::split;
use super::task::Task;

/// Fills plates of one kind as asked, if that succeeds within the effort.
pub(super) fn spread(task: &Task<'_>, filled: &mut Filled, effort: &Effort<'_>, seed: u64) {
    match task.problem.fill {
        Fill::Any => {}
        Fill::Even => even(task, filled, effort, seed),
        Fill::LastLeast => last_least(task, filled, effort, seed),
    }
}

/// Splits all units anew over as many plates of the same kinds.
fn even(task: &Task<'_>, filled: &mut Filled, effort: &Effort<'_>, seed: u64) {
    let mut rng = Pcg64::seed_from_u64(seed);
    let empty = |plate: &Plate| Plate::empty(task, plate.kind, plate.begun);
    let mut plates: Vec<Plate> = filled.plates.iter().map(empty).collect();
    let units: Vec<usize> = filled.plates.iter().flat_map(Plate::units).collect();
    if split(task, &mut plates, &units, &mut rng)
        && spread_of(&plates) < spread_of(&filled.plates)
        && settle(task, &mut plates, effort, rng.random())
    {
        filled.plates = plates;
    }
}

/// Moves units off the emptiest plate, large ones first, wherever others have room.
fn last_least(task: &Task<'_>, filled: &mut Filled, effort: &Effort<'_>, seed: u64) {
    filled.plates.sort_by(|a, b| {
        let begun = |plate: &Plate| plate.begun.unwrap_or(usize::MAX);
        begun(a).cmp(&begun(b)).then(b.load.total_cmp(&a.load))
    });
    let Some(mut last) = filled.plates.pop_if(|plate| plate.begun.is_none()) else { return };
    let mut units = last.units();
    units.sort_by(|&a, &b| task.units[b].load.total_cmp(&task.units[a].load));
    for unit in units {
        if effort.is_over() || filled.plates.is_empty() {
            break;
        }
        if insert(task, filled, unit, effort, seed ^ unit as u64) {
            last.remove(task, unit);
        }
    }
    filled.plates.push(last);
}

/// Difference of the fullest and the emptiest plate.
fn spread_of(plates: &[Plate]) -> f64 {
    let loads = || plates.iter().map(|plate| plate.load);
    loads().fold(0.0, f64::max) - loads().fold(f64::INFINITY, f64::min)
}
