//! How thick a layer may be at each height of a build, and where its level faces are.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::{Point3, Vector3};
use platewright_model::geometry::Pose;

use super::{Limits, STEPS_PER_MM};
use crate::build::{Placed, Shape};

/// Heights this near to a step are on it, in steps: 0.5 nm, below what slicing tells apart.
const ROUNDING: f64 = 5e-4;
/// A triangle of at most this height is level if it is also flat, in steps: files in single
/// precision stray by this much at 1 m.
const LEVEL_HEIGHT: f64 = 0.1;
/// Sine of the greatest slope of a level triangle: 0.06°.
const LEVEL_SLOPE: f64 = 1e-3;
/// Least area of level faces at one height that is worth a top of a layer, mm²: a spot of 0.1 mm
/// is the width of a laser's track.
const LEVEL_AREA_MIN_MM2: f64 = 0.01;
/// Level areas are summed in whole units, so that their order does not matter.
const AREA_UNITS_PER_MM2: f64 = 1e6;

/// Limits by height.
pub(super) struct Steepness {
    /// For each step of height from the plate to the top of the build, the greatest thickness
    /// that the triangles in it allow, in steps.
    pub(super) limit: Vec<u32>,
    /// Heights of level faces, rising, with their area in whole units; the top of the build is
    /// among them.
    pub(super) level: Vec<(u32, u64)>,
}

impl Steepness {
    /// Goes over the triangles of a build that ends at step `end`.
    pub(super) fn of(placed: &[Placed], end: u32, limits: &Limits) -> Self {
        let mut ranges = Ranges::new(end as usize, limits.greatest);
        let mut level: BTreeMap<u32, u64> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for Placed { shape, pose } in placed {
            // Copies that differ by a move in the plane or a turn about z are alike.
            let row = pose.rotation[2].map(f64::to_bits);
            if seen.insert((shape.address(), row, pose.translation[2].to_bits())) {
                each_triangle(shape, |corners| {
                    add_slope(corners, pose, limits, &mut ranges, &mut level);
                });
            }
        }
        let least = (LEVEL_AREA_MIN_MM2 * AREA_UNITS_PER_MM2) as u64;
        level.retain(|&at, area| *area >= least && at > 0 && at <= end);
        if end > 0 {
            level.entry(end).or_insert(1);
        }
        Self { limit: ranges.into_least(), level: level.into_iter().collect() }
    }
}

/// Height of the top of a part, in steps; below 0 if it is below the plate.
pub(super) fn top(placed: &Placed) -> f64 {
    (placed.shape.turned_bounds(&placed.pose.rotation).max[2] + placed.pose.translation[2])
        * STEPS_PER_MM
}

/// A height that is on a step but for rounding, on it.
pub(super) fn snapped(height: f64) -> f64 {
    let step = height.round();
    if (height - step).abs() <= ROUNDING { step } else { height }
}

fn each_triangle(shape: &Shape, mut take: impl FnMut(&[Point3<f64>; 3])) {
    match shape {
        Shape::Mesh { mesh, .. } => (0..mesh.triangles.len()).for_each(|t| take(&mesh.corners(t))),
        Shape::Facets(facets) => {
            let scale = facets.scale();
            let mm = |corner: [f32; 3]| Point3::from(corner.map(|x| f64::from(x) * scale));
            facets.for_each(|corners| take(&corners.map(mm)));
        }
    }
}

fn add_slope(
    corners: &[Point3<f64>; 3],
    pose: &Pose,
    limits: &Limits,
    ranges: &mut Ranges,
    level: &mut BTreeMap<u32, u64>,
) {
    let up = Vector3::from(pose.rotation[2]);
    let z = corners.map(|p| (up.dot(&p.coords) + pose.translation[2]) * STEPS_PER_MM);
    let low = snapped(z[0].min(z[1]).min(z[2]));
    let high = snapped(z[0].max(z[1]).max(z[2]));
    let [a, b, c] = corners;
    let normal = (b - a).cross(&(c - a)) / 2.0;
    let area = normal.norm();
    // A triangle without area has no slope.
    if area == 0.0 || high < 0.0 {
        return;
    }
    let slope = (normal.dot(&up) / area).abs();
    if high - low <= LEVEL_HEIGHT && slope >= 1.0 - LEVEL_SLOPE * LEVEL_SLOPE / 2.0 {
        let units = (area * AREA_UNITS_PER_MM2).round() as u64;
        let sum = level.entry(f64::midpoint(low, high).round() as u32).or_default();
        *sum = sum.saturating_add(units);
        return;
    }
    let limit = limits.cusp / slope;
    if limit < f64::from(limits.greatest) {
        // Whole numbers that rounding has missed stay whole.
        let limit = (limit + 1e-9 * limit).floor() as u32;
        ranges.lower(low.max(0.0).floor() as usize, high.ceil() as usize, limit);
    }
}

/// Least values over ranges: each range is covered by two of a power of two, and these are
/// handed down from the longest to the shortest at the end.
struct Ranges {
    n: usize,
    unlimited: u32,
    /// Least values of the ranges of 2^k steps by where they begin; empty if there are none.
    by_power: Vec<Vec<u32>>,
}

impl Ranges {
    fn new(n: usize, unlimited: u32) -> Self {
        let powers = usize::BITS - n.leading_zeros();
        Self { n, unlimited, by_power: vec![Vec::new(); powers.max(1) as usize] }
    }

    /// Lowers steps `from..to` to `value`.
    fn lower(&mut self, from: usize, to: usize, value: u32) {
        let to = to.min(self.n);
        if from >= to {
            return;
        }
        let power = (to - from).ilog2();
        let range = &mut self.by_power[power as usize];
        if range.is_empty() {
            range.resize(self.n, self.unlimited);
        }
        for begin in [from, to - (1 << power)] {
            range[begin] = range[begin].min(value);
        }
    }

    fn into_least(mut self) -> Vec<u32> {
        for power in (1..self.by_power.len()).rev() {
            let long = std::mem::take(&mut self.by_power[power]);
            if long.is_empty() {
                continue;
            }
            let half = &mut self.by_power[power - 1];
            if half.is_empty() {
                half.resize(self.n, self.unlimited);
            }
            let offset = 1 << (power - 1);
            for (begin, value) in long.into_iter().enumerate() {
                half[begin] = half[begin].min(value);
                if let Some(second) = half.get_mut(begin + offset) {
                    *second = value.min(*second);
                }
            }
        }
        let mut least = self.by_power.swap_remove(0);
        least.resize(self.n, self.unlimited);
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_keep_the_least_of_what_covers_a_step() {
        let (n, mut state) = (300_usize, 7_u64);
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        let (mut ranges, mut plain) = (Ranges::new(n, 1000), vec![1000; n]);
        for _ in 0..200 {
            let (from, length, value) = (next(n), next(90), next(1000) as u32);
            ranges.lower(from, from + length, value);
            for least in plain.iter_mut().skip(from).take(length) {
                *least = value.min(*least);
            }
        }
        assert_eq!(ranges.into_least(), plain);
        assert_eq!(Ranges::new(0, 5).into_least(), Vec::<u32>::new());
    }
}
