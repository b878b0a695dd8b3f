//! Where the copies lie, and how far they overlap.

use super::convex::Point;
use super::shape::Outlines;

/// Where a copy lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place {
    /// The shape at its turn.
    pub(crate) turned: u32,
    /// Least corner of its box.
    pub(crate) at: Point,
}

/// Copies within a rectangle, overlapping or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrangement {
    /// Length and height of the rectangle.
    pub(crate) size: Point,
    /// Place of each copy.
    pub(crate) places: Vec<Place>,
}

impl Arrangement {
    /// The nearest place within the rectangle, for an outline that is not larger.
    pub(crate) fn inside(&self, outlines: &Outlines, place: Place) -> Place {
        let size = outlines.turned(place.turned).size;
        let within = |k: usize| place.at[k].clamp(0.0, (self.size[k] - size[k]).max(0.0));
        Place { at: [within(0), within(1)], ..place }
    }

    /// How far two copies overlap.
    pub(crate) fn overlap(&self, outlines: &Outlines, i: usize, j: usize) -> f64 {
        let (p, q) = (self.places[i], self.places[j]);
        let by = [p.at[0] - q.at[0], p.at[1] - q.at[1]];
        let no_fit = outlines.no_fit(p.turned, q.turned);
        if no_fit.may_overlap(by) { no_fit.depth(by) } else { 0.0 }
    }
}

/// The overlaps of all pairs, and how much each weighs.
#[derive(Clone, Debug)]
pub(super) struct Overlaps {
    copies: usize,
    depth: Vec<f64>,
    weight: Vec<f64>,
}

/// Weights grow at least by this factor a round in which a pair overlaps.
const GROW_LEAST: f64 = 1.2;
/// The pair that overlaps most grows by this factor.
const GROW_MOST: f64 = 2.0;
/// Weights of pairs that do not overlap fall by this factor, down to 1.
const DECAY: f64 = 0.95;

impl Overlaps {
    pub(super) fn new(outlines: &Outlines, arrangement: &Arrangement) -> Self {
        let copies = arrangement.places.len();
        let mut overlaps =
            Self { copies, depth: vec![0.0; copies * copies], weight: vec![1.0; copies * copies] };
        overlaps.measure(outlines, arrangement);
        overlaps
    }

    /// Measures all pairs.
    pub(super) fn measure(&mut self, outlines: &Outlines, arrangement: &Arrangement) {
        for i in 0..self.copies {
            for j in 0..i {
                self.set(i, j, arrangement.overlap(outlines, i, j));
            }
        }
    }

    /// Measures the pairs of one copy.
    pub(super) fn measure_one(&mut self, outlines: &Outlines, arrangement: &Arrangement, i: usize) {
        for j in (0..self.copies).filter(|&j| j != i) {
            self.set(i, j, arrangement.overlap(outlines, i, j));
        }
    }

    fn set(&mut self, i: usize, j: usize, depth: f64) {
        self.depth[i * self.copies + j] = depth;
        self.depth[j * self.copies + i] = depth;
    }

    /// Sum over all pairs.
    pub(super) fn total(&self) -> f64 {
        self.depth.iter().sum::<f64>() / 2.0
    }

    /// The copies that overlap others, ascending.
    pub(super) fn overlapping(&self) -> Vec<usize> {
        let any = |i: &usize| self.depth_row(*i).iter().any(|depth| *depth > 0.0);
        (0..self.copies).filter(any).collect()
    }

    /// Weighted overlap of one copy.
    pub(super) fn weighted(&self, i: usize) -> f64 {
        self.depth_row(i).iter().zip(self.weights(i)).map(|(depth, weight)| depth * weight).sum()
    }

    /// Weights of the pairs of one copy.
    pub(super) fn weights(&self, i: usize) -> &[f64] {
        &self.weight[i * self.copies..(i + 1) * self.copies]
    }

    fn depth_row(&self, i: usize) -> &[f64] {
        &self.depth[i * self.copies..(i + 1) * self.copies]
    }

    /// Pairs that overlap weigh more, others less.
    pub(super) fn reweigh(&mut self) {
        let deepest = self.depth.iter().copied().fold(0.0, f64::max);
        for (weight, depth) in self.weight.iter_mut().zip(&self.depth) {
            if *depth > 0.0 {
                *weight *= GROW_LEAST + (GROW_MOST - GROW_LEAST) * depth / deepest;
            } else {
                *weight = (*weight * DECAY).max(1.0);
            }
        }
    }
}
