//! A better place for one copy.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::arrangement::Arrangement;
use super::solids::{Posed, Solids};
use super::table::PROCESSOR;
use super::vector::Vector;

/// Places tried anywhere.
const ANYWHERE: usize = 60;
/// Places tried near the present one.
const NEARBY: usize = 25;
/// Places that are improved step by step.
const IMPROVED: usize = 3;
/// Steps of the descents, as shares of the least edge of the solid's box: where the first ones
/// begin, where they end and the last one begins, where the last one ends.
const STEPS: [f64; 3] = [0.25, 0.02, 0.001];

/// Ways to step: along the axes and the diagonals of their planes.
const WAYS: [Vector; 9] = [
    [1.0, 0.0, 0.0],
    [0.0, 1.0, 0.0],
    [0.0, 0.0, 1.0],
    [1.0, 1.0, 0.0],
    [1.0, -1.0, 0.0],
    [1.0, 0.0, 1.0],
    [1.0, 0.0, -1.0],
    [0.0, 1.0, 1.0],
    [0.0, 1.0, -1.0],
];

/// A place and the weighted overlap there.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    cost: f64,
    posed: Posed,
}

/// Looks for a place for a copy; the result is at most as costly as its present place.
pub(super) struct Relocation<'a> {
    pub(super) solids: &'a Solids,
    pub(super) arrangement: &'a Arrangement,
    /// Of the overlaps of the copy with each other one.
    pub(super) weights: &'a [f64],
    pub(super) copy: usize,
}

impl Relocation<'_> {
    /// The place that was found, and its weighted overlap.
    ///
    /// Random places all over the box and around the present one, at any turn; the best few are
    /// improved by steps that grow when they help and shrink when not.
    pub(super) fn search(&self, rng: &mut Pcg64) -> (Posed, f64) {
        let present = self.arrangement.posed()[self.copy];
        let cost = self.cost(present, f64::INFINITY);
        let mut best = vec![Candidate { cost, posed: present }];
        let turns = &self.solids.solids[present.solid as usize].turns;
        for sample in 0..ANYWHERE + NEARBY {
            let rotation = turns[rng.random_range(0..turns.len())];
            let room = self.arrangement.room(self.solids, present.solid, rotation);
            let Some([low, room]) = room else { continue };
            let size = self.solids.extent(present.solid, rotation).size();
            let at = [0, 1, 2].map(|k| {
                let along = rng.random_range(0.0..1.0);
                if sample < NEARBY {
                    (present.at[k] + (along - 0.5) * size[k]).clamp(low[k], low[k] + room[k])
                } else {
                    low[k] + along * room[k]
                }
            });
            let bound = if best.len() < IMPROVED { f64::INFINITY } else { best[IMPROVED - 1].cost };
            let posed = Posed { rotation, at, ..present };
            let cost = self.cost(posed, bound);
            if cost < bound {
                let rank = best.partition_point(|other| other.cost <= cost);
                best.insert(rank, Candidate { cost, posed });
                best.truncate(IMPROVED);
            }
        }
        let improved = best
            .into_iter()
            .map(|from| self.descend(from, STEPS[0], STEPS[1], rng))
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
            .expect("the present place is one of them");
        let last = self.descend(improved, STEPS[1], STEPS[2], rng);
        (last.posed, last.cost)
    }

    /// Weighted overlap in a place, or anything from `bound` up if it is not below that.
    fn cost(&self, posed: Posed, bound: f64) -> f64 {
        PROCESSOR.dispatch(Cost { relocation: self, posed, bound })
    }

    /// Improves a place by steps of the given shares of the least edge of its box.
    fn descend(&self, from: Candidate, first: f64, last: f64, rng: &mut Pcg64) -> Candidate {
        let size = self.solids.extent(from.posed.solid, from.posed.rotation).size();
        let unit = size.into_iter().fold(f64::INFINITY, f64::min);
        let mut step = [first * unit; 3];
        let mut best = from;
        while step.into_iter().fold(0.0, f64::max) > last * unit && best.cost > 0.0 {
            let way = WAYS[rng.random_range(0..WAYS.len())];
            let better = [1.0, -1.0].into_iter().find_map(|sense| {
                let at = [0, 1, 2].map(|k| best.posed.at[k] + sense * way[k] * step[k]);
                let posed = self.arrangement.inside(self.solids, Posed { at, ..best.posed });
                let cost = self.cost(posed, best.cost);
                (cost < best.cost).then_some(Candidate { cost, posed })
            });
            let several = way.iter().filter(|x| **x != 0.0).count() > 1;
            let by = match (better.is_some(), several) {
                (true, _) => 1.1,
                (false, false) => 0.5,
                (false, true) => std::f64::consts::FRAC_1_SQRT_2,
            };
            for k in 0..3 {
                if way[k] != 0.0 {
                    step[k] *= by;
                }
            }
            best = better.unwrap_or(best);
        }
        best
    }
}

/// [`Relocation::cost`], for any processor.
struct Cost<'a> {
    relocation: &'a Relocation<'a>,
    posed: Posed,
    bound: f64,
}

impl pulp::WithSimd for Cost<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> f64 {
        let Relocation { solids, arrangement, weights, copy } = self.relocation;
        arrangement.cost(simd, solids, *copy, weights, self.posed, self.bound)
    }
}
