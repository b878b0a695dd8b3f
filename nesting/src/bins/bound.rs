//! What no filling of bins can cost less than.

use super::{BinKind, Bins, Unit};

/// The cost that the units which must be placed cannot be below, stock and fits apart.
///
/// With `C` the capacity of the largest bin: for every threshold `a` up to half of it, units larger
/// than `C - a` fill a bin each, units smaller than `a` are left away, and what the rest take adds
/// up (the dual feasible function of Fekete and Schepers 2001, doi 10.1007/s101070100243). The bins
/// cost at least what the cheapest capacity costs.
pub(crate) fn bound<'a, B: Bins>(task: &B, units: impl Iterator<Item = &'a Unit>) -> f64 {
    let kinds: Vec<BinKind> = (0..task.kinds()).map(|kind| *task.kind(kind)).collect();
    let begun: f64 = task.begun().iter().map(|begun| kinds[begun.kind].cost).sum();
    let room: f64 = task.begun().iter().map(|b| kinds[b.kind].capacity - b.load).sum();
    let sizes: Vec<f64> = units.map(|unit| unit.load).collect();
    let largest = kinds.iter().map(|kind| kind.capacity).fold(0.0, f64::max);
    if sizes.is_empty() || largest <= 0.0 {
        return begun;
    }
    let by_size = begun + cost_of(&kinds, sizes.iter().sum::<f64>() - room.max(0.0));
    if !task.begun().is_empty() {
        return by_size;
    }
    let thresholds = sizes.iter().filter(|&&size| 2.0 * size <= largest);
    let counted = thresholds.map(|&a| -> f64 {
        let counted = |size: &f64| match *size {
            size if size > largest - a => largest,
            size if size < a => 0.0,
            size => size,
        };
        sizes.iter().map(counted).sum::<f64>() / largest
    });
    // More than half of a bin each: no two of them share one.
    let halves = sizes.iter().filter(|&&size| 2.0 * size > largest).count() as f64;
    let bins = (counted.fold(halves, f64::max) - 1e-9).ceil();
    let cheapest = kinds.iter().map(|kind| kind.cost).fold(f64::INFINITY, f64::min);
    by_size.max(bins * cheapest)
}

/// The least that bins of a capacity cost: the cheapest for their size first, as far as there are
/// any.
fn cost_of(kinds: &[BinKind], size: f64) -> f64 {
    if size <= 0.0 {
        return 0.0;
    }
    let mut kinds: Vec<&BinKind> = kinds.iter().filter(|kind| kind.capacity > 0.0).collect();
    kinds.sort_by(|a, b| (a.cost / a.capacity).total_cmp(&(b.cost / b.capacity)));
    let (mut left, mut cost) = (size, 0.0);
    for kind in &kinds {
        let needed = left / kind.capacity;
        if needed <= kind.stock as f64 {
            cost += needed * kind.cost;
            break;
        }
        cost += kind.stock as f64 * kind.cost;
        left -= kind.stock as f64 * kind.capacity;
    }
    // Costs are sums of whole bins.
    let step = measure(kinds.iter().map(|kind| kind.cost));
    step.map_or(cost, |step| (cost / step - 1e-9).ceil() * step)
}

/// What all costs are multiples of: themselves if they are equal, else whole numbers.
fn measure(mut costs: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let first = costs.clone().next()?;
    if costs.clone().all(|cost| cost == first) {
        return Some(first);
    }
    let whole = costs.all(|cost| cost.fract() == 0.0);
    whole.then_some(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_have_a_common_measure() {
        assert_eq!(measure([2.5, 2.5].into_iter()), Some(2.5));
        assert_eq!(measure([2.0, 3.0].into_iter()), Some(1.0));
        assert_eq!(measure([2.0, 3.5].into_iter()), None);
    }
}
