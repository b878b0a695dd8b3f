//! Splits units over plates by area.

use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::plate::Plate;
use super::task::Task;

/// Stands units on plates so that all are about equally full: the largest first, each on the
/// plate with the least load; units of about the same size in random order. Whether there is
/// a plate for each.
pub(super) fn split(
    task: &Task<'_>,
    plates: &mut [Plate],
    units: &[usize],
    rng: &mut Pcg64,
) -> bool {
    let mut order = units.to_vec();
    order.shuffle(rng);
    // Sizes within a tenth count as the same.
    let size = |unit: usize| (task.units[unit].load.max(1e-9).ln() * 10.0).round() as i64;
    order.sort_by_key(|&unit| std::cmp::Reverse(size(unit)));
    for unit in order {
        let load = task.units[unit].load;
        let after = |plate: &Plate| plate.load + load / task.kinds[plate.kind].capacity;
        let least = plates
            .iter_mut()
            .filter(|plate| plate.accepts(task, unit))
            .min_by(|a, b| after(a).total_cmp(&after(b)));
        let Some(plate) = least else { return false };
        plate.add_anywhere(task, unit, rng);
    }
    true
}
