//! A better place for one copy.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::apart::PROCESSOR;
use super::arrangement::{Arrangement, Place};
use super::convex::Point;
use super::shape::Outlines;

/// Places tried anywhere.
const ANYWHERE: usize = 50;
/// Places tried near the present one.
const NEARBY: usize = 20;
/// Places that are improved step by step.
const IMPROVED: usize = 3;
/// Steps of the descents, as shares of the lesser side of the outline's box: where the first
/// ones begin, where they end and the last one begins, where the last one ends.
const STEPS: [f64; 3] = [0.25, 0.02, 0.001];

/// Ways to step.
const WAYS: [Point; 4] = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]];

/// A place and the weighted overlap there.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    cost: f64,
    place: Place,
}

/// Looks for a place for copy `i`; the result is at most as costly as its present place.
pub(super) struct Relocation<'a> {
    pub(super) outlines: &'a Outlines,
    pub(super) arrangement: &'a Arrangement,
    /// Of the overlaps of the copy with each other one, and with what is beyond the hull.
    pub(super) weights: &'a [f64],
    pub(super) copy: usize,
}

impl Relocation<'_> {
    /// The place that was found, and its weighted overlap.
    ///
    /// Random places all over the box and around the present one; the best few are improved by
    /// steps along the axes and diagonals, and by turns, that grow when they help and shrink when
    /// not.
    pub(super) fn search(&self, rng: &mut Pcg64) -> (Place, f64) {
        let present = self.arrangement.places()[self.copy];
        let cost = self.cost(present, f64::INFINITY);
        let mut best = vec![Candidate { cost, place: present }];
        let turns = self.arrangement.shape(self.outlines, self.copy).turns.clone();
        for sample in 0..ANYWHERE + NEARBY {
            let turned = rng.random_range(turns.clone());
            let Some([low, room]) = self.arrangement.room(self.outlines, turned) else { continue };
            let size = self.outlines.turned(turned).size();
            let at = [0, 1].map(|k| {
                let along = rng.random_range(0.0..1.0);
                if sample < NEARBY {
                    (present.at[k] + (along - 0.5) * size[k]).clamp(low[k], low[k] + room[k])
                } else {
                    low[k] + along * room[k]
                }
            });
            let bound = if best.len() < IMPROVED { f64::INFINITY } else { best[IMPROVED - 1].cost };
            let place = Place { turned, at };
            let cost = self.cost(place, bound);
            if cost < bound {
                let rank = best.partition_point(|other| other.cost <= cost);
                best.insert(rank, Candidate { cost, place });
                best.truncate(IMPROVED);
            }
        }
        let improved = best
            .into_iter()
            .map(|from| self.descend(from, STEPS[0], STEPS[1], rng))
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
            .expect("the present place is one of them");
        let last = self.descend(improved, STEPS[1], STEPS[2], rng);
        (last.place, last.cost)
    }

    /// Weighted overlap in a place, or anything from `bound` up if it is not below that.
    fn cost(&self, place: Place, bound: f64) -> f64 {
        PROCESSOR.dispatch(Cost { relocation: self, place, bound })
    }

    #[inline(always)]
    fn cost_here<S: pulp::Simd>(&self, simd: S, place: Place, bound: f64) -> f64 {
        let weights = self.weights;
        let over = self.arrangement.limits.over(place.turned, place.at);
        let mut sum = weights[weights.len() - 1] * over;
        for j in self.arrangement.near(self.outlines, place) {
            if sum >= bound {
                break;
            }
            if j != self.copy {
                let most = (bound - sum) / weights[j];
                sum += weights[j] * self.arrangement.depth_at(simd, self.outlines, place, j, most);
            }
        }
        sum
    }

    /// Improves a place by steps of the given shares of its size.
    fn descend(&self, from: Candidate, first: f64, last: f64, rng: &mut Pcg64) -> Candidate {
        let shape = self.arrangement.shape(self.outlines, self.copy);
        let turns = shape.turns.end - shape.turns.start;
        let size = self.outlines.turned(from.place.turned).size();
        let unit = size[0].min(size[1]);
        let mut step = [first * unit; 2];
        // In turns; below half a turn there is nothing left to turn.
        let mut turn = if shape.round { f64::from(turns) * first / 4.0 } else { 0.0 };
        let mut best = from;
        while step[0].max(step[1]) > last * unit && best.cost > 0.0 {
            let ways = if turn >= 0.5 { WAYS.len() + 2 } else { WAYS.len() };
            let Some(&way) = WAYS.get(rng.random_range(0..ways)) else {
                let by = turn.round().max(1.0) as u32 % turns;
                let better = [by, turns - by].into_iter().find_map(|by| {
                    let now = best.place.turned - shape.turns.start;
                    let turned = shape.turns.start + (now + by) % turns;
                    self.better(Place { turned, ..best.place }, best.cost)
                });
                turn *= if better.is_some() { 1.1 } else { 0.5 };
                best = better.unwrap_or(best);
                continue;
            };
            let better = [1.0, -1.0].into_iter().find_map(|sense| {
                let at = [0, 1].map(|k| best.place.at[k] + sense * way[k] * step[k]);
                self.better(Place { at, ..best.place }, best.cost)
            });
            let both = way[0] != 0.0 && way[1] != 0.0;
            let by = match (better.is_some(), both) {
                (true, _) => 1.1,
                (false, false) => 0.5,
                (false, true) => std::f64::consts::FRAC_1_SQRT_2,
            };
            for k in 0..2 {
                if way[k] != 0.0 {
                    step[k] *= by;
                }
            }
            best = better.unwrap_or(best);
        }
        best
    }

    /// The place, moved inside, if it costs less.
    fn better(&self, place: Place, cost: f64) -> Option<Candidate> {
        self.arrangement.room(self.outlines, place.turned)?;
        let place = self.arrangement.inside(self.outlines, place);
        let found = self.cost(place, cost);
        (found < cost).then_some(Candidate { cost: found, place })
    }
}

/// [`Relocation::cost`], for any processor.
struct Cost<'a> {
    relocation: &'a Relocation<'a>,
    place: Place,
    bound: f64,
}

impl pulp::WithSimd for Cost<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> f64 {
        self.relocation.cost_here(simd, self.place, self.bound)
    }
}
