//! A better place for one copy.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::arrangement::{Arrangement, Overlaps, Place};
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
    pub(super) overlaps: &'a Overlaps,
    pub(super) copy: usize,
}

impl Relocation<'_> {
    /// The place that was found, and its weighted overlap.
    ///
    /// Random places all over the rectangle and around the present one; the best few are improved
    /// by steps along the axes and diagonals that grow when they help and shrink when not.
    pub(super) fn search(&self, rng: &mut Pcg64) -> (Place, f64) {
        let present = self.arrangement.places[self.copy];
        let cost = self.cost(present, f64::INFINITY);
        let mut best = vec![Candidate { cost, place: present }];
        let turns = self.outlines.shape(self.copy).turns.clone();
        for sample in 0..ANYWHERE + NEARBY {
            let turned = rng.random_range(turns.clone());
            let size = self.outlines.turned(turned).size;
            let room = [0, 1].map(|k| self.arrangement.size[k] - size[k]);
            if room[0] < 0.0 || room[1] < 0.0 {
                continue;
            }
            let at = [0, 1].map(|k| {
                let along = rng.random_range(0.0..1.0);
                if sample < NEARBY {
                    (present.at[k] + (along - 0.5) * size[k]).clamp(0.0, room[k])
                } else {
                    along * room[k]
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
        let weights = self.overlaps.weights(self.copy);
        let mut sum = 0.0;
        for (j, other) in self.arrangement.places.iter().enumerate() {
            let by = [place.at[0] - other.at[0], place.at[1] - other.at[1]];
            let no_fit = self.outlines.no_fit(place.turned, other.turned);
            if no_fit.may_overlap(by) && j != self.copy {
                sum += weights[j] * no_fit.depth(by);
                if sum >= bound {
                    break;
                }
            }
        }
        sum
    }

    /// Improves a place by steps of the given shares of its size.
    fn descend(&self, from: Candidate, first: f64, last: f64, rng: &mut Pcg64) -> Candidate {
        const WAYS: [Point; 4] = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]];
        let size = self.outlines.turned(from.place.turned).size;
        let unit = size[0].min(size[1]);
        let mut step = [first * unit; 2];
        let mut best = from;
        while step[0].max(step[1]) > last * unit && best.cost > 0.0 {
            let way = WAYS[rng.random_range(0..WAYS.len())];
            let better = [1.0, -1.0].into_iter().find_map(|sense| {
                let at = [0, 1].map(|k| best.place.at[k] + sense * way[k] * step[k]);
                let place = self.arrangement.inside(self.outlines, Place { at, ..best.place });
                let cost = self.cost(place, best.cost);
                (cost < best.cost).then_some(Candidate { cost, place })
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
}
