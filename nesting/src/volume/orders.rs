//! Orders in which copies are placed, and what their places are chosen by.

use super::kind::Kind;
use super::plan::Job;

/// What a place is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The lowest top.
    Top,
    /// The lowest middle: tall rotations are taken more readily.
    Middle,
}

impl Goal {
    /// Cost of a part `tall` voxels high on layer `z`.
    pub(super) fn cost(self, z: usize, tall: usize) -> usize {
        match self {
            Self::Top => 2 * (z + tall),
            Self::Middle => 2 * z + tall,
        }
    }

    /// Number of layers on which a part costs less than `cost`.
    pub(super) fn layers_below(self, cost: usize, tall: usize) -> usize {
        cost.saturating_sub(self.cost(0, tall)).div_ceil(2)
    }
}

/// A way to order copies: the greatest key comes first.
#[derive(Clone, Copy)]
pub(super) struct OrderRule {
    /// Its name, for progress reports.
    pub(super) name: &'static str,
    /// Size of a part in the sense of the order.
    pub(super) key: fn(&Kind) -> f64,
    /// What places are chosen by.
    pub(super) goal: Goal,
    /// Whether contact counts.
    pub(super) snug: bool,
    /// Whether higher priorities come first whatever their size.
    pub(super) priority_first: bool,
}

/// Every start of the search, the first one in any case; one line each.
pub(super) const RULES: &[OrderRule] = &[
    OrderRule { name: "volume, lowest", key: voxels, snug: false, ..SNUG },
    OrderRule { name: "volume", key: voxels, ..SNUG },
    OrderRule { name: "longest edge", key: longest, ..SNUG },
    OrderRule { name: "box volume", key: box_volume, ..SNUG },
    OrderRule { name: "box volume, middle", key: box_volume, goal: Goal::Middle, ..SNUG },
    OrderRule { name: "largest side", key: side, ..SNUG },
    OrderRule { name: "box volume, any priority", key: box_volume, priority_first: false, ..SNUG },
];

const SNUG: OrderRule =
    OrderRule { name: "", key: voxels, goal: Goal::Top, snug: true, priority_first: true };

impl OrderRule {
    /// The items, one entry a copy, in this order.
    pub(super) fn sorted(&self, job: &Job, copies: &[usize]) -> Vec<usize> {
        let mut order = copies.to_vec();
        order.sort_by(|&a, &b| {
            let rank = |i: usize| if self.priority_first { job.rank[i] } else { 0 };
            let key = |i: usize| (self.key)(job.kind(i));
            rank(a).cmp(&rank(b)).then(key(b).total_cmp(&key(a))).then(a.cmp(&b))
        });
        order
    }
}

fn voxels(kind: &Kind) -> f64 {
    kind.voxels as f64
}

fn longest(kind: &Kind) -> f64 {
    kind.size.iter().copied().fold(0.0, f64::max)
}

fn box_volume(kind: &Kind) -> f64 {
    kind.size.iter().product()
}

/// Area of the largest side of the box.
fn side(kind: &Kind) -> f64 {
    let least = kind.size.iter().copied().fold(f64::INFINITY, f64::min);
    box_volume(kind) / least.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_below_are_those_that_cost_less() {
        for goal in [Goal::Top, Goal::Middle] {
            for tall in 1..9 {
                for cost in 0..60 {
                    let n = (0..100).filter(|&z| goal.cost(z, tall) < cost).count();
                    assert_eq!(goal.layers_below(cost, tall), n, "{goal:?} {tall} {cost}");
                }
            }
        }
    }
}
