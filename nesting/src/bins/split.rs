//! Splits units over bins by what they take.

use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::{Bin, Bins};

/// Puts units into bins so that all are about equally full: the largest first, each into the bin
/// with the least load; units of about the same size in random order. Whether there is a bin for
/// each.
pub(crate) fn split<B: Bins>(
    task: &B,
    bins: &mut [Bin<B>],
    units: &[usize],
    rng: &mut Pcg64,
) -> bool {
    let mut order = units.to_vec();
    order.shuffle(rng);
    // Sizes within a tenth count as the same.
    let size = |unit: usize| (task.units()[unit].load.max(1e-9).ln() * 10.0).round() as i64;
    order.sort_by_key(|&unit| std::cmp::Reverse(size(unit)));
    for unit in order {
        let load = task.units()[unit].load;
        let after = |bin: &Bin<B>| bin.load + load / task.kind(bin.kind).capacity;
        let least = bins
            .iter_mut()
            .filter(|bin| bin.accepts(task, unit))
            .min_by(|a, b| after(a).total_cmp(&after(b)));
        let Some(bin) = least else { return false };
        bin.add_anywhere(task, unit, rng);
    }
    true
}
