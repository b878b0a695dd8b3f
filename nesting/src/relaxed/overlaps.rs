//! The overlaps of all pairs, and how much each weighs.

use super::Scene;

/// Weights grow at least by this factor a round in which a pair overlaps.
const GROW_LEAST: f64 = 1.2;
/// The pair that overlaps most grows by this factor.
const GROW_MOST: f64 = 2.0;
/// Weights of pairs that do not overlap fall by this factor, down to the least.
const DECAY: f64 = 0.95;
/// Least weights go with the sizes of both to this power, so that large copies find their places
/// first.
const BY_SIZE: f64 = 0.25;

/// The overlaps of all pairs of copies, and of copies with what lies beyond the limits: the last
/// column.
#[derive(Clone, Debug)]
pub(crate) struct Overlaps {
    movable: usize,
    /// Columns of a row: all copies and the limits.
    width: usize,
    depth: Vec<f64>,
    weight: Vec<f64>,
    /// What weights begin with, and never fall below.
    least: Vec<f64>,
}

impl Overlaps {
    pub(super) fn new<S: Scene>(world: &S::World, scene: &S) -> Self {
        let [movable, copies] = scene.copies();
        let width = copies + 1;
        let size = |i: usize| scene.measure(world, i).powf(BY_SIZE);
        let mean = (0..movable).map(size).sum::<f64>() / movable as f64;
        // What stays counts as one of the mean size.
        let mut sizes: Vec<f64> = (0..movable).map(|i| size(i) / mean).collect();
        sizes.resize(width, 1.0);
        let rows = sizes[..movable].iter();
        let least: Vec<f64> = rows.flat_map(|a| sizes.iter().map(move |b| a * b)).collect();
        let mut overlaps =
            Self { movable, width, depth: vec![0.0; least.len()], weight: least.clone(), least };
        overlaps.measure(world, scene);
        overlaps
    }

    /// Measures all pairs.
    pub(super) fn measure<S: Scene>(&mut self, world: &S::World, scene: &S) {
        (0..self.movable).for_each(|i| self.measure_one(world, scene, i));
    }

    /// Measures the pairs of one copy.
    pub(super) fn measure_one<S: Scene>(&mut self, world: &S::World, scene: &S, i: usize) {
        for j in (0..self.width - 1).filter(|&j| j != i) {
            let depth = scene.overlap(world, i, j);
            self.depth[i * self.width + j] = depth;
            if j < self.movable {
                self.depth[j * self.width + i] = depth;
            }
        }
        self.depth[(i + 1) * self.width - 1] = scene.over(world, i);
    }

    /// Sum over all pairs.
    pub(super) fn total(&self) -> f64 {
        (0..self.movable)
            .map(|i| {
                let (among, fixed) = self.depths(i).split_at(self.movable);
                among.iter().sum::<f64>() / 2.0 + fixed.iter().sum::<f64>()
            })
            .sum()
    }

    /// The copies that overlap others, ascending.
    pub(super) fn overlapping(&self) -> Vec<usize> {
        let any = |i: &usize| self.depths(*i).iter().any(|depth| *depth > 0.0);
        (0..self.movable).filter(any).collect()
    }

    /// Weighted overlap of one copy.
    pub(super) fn weighted(&self, i: usize) -> f64 {
        self.depths(i).iter().zip(self.weights(i)).map(|(depth, weight)| depth * weight).sum()
    }

    /// Weights of the pairs of one copy.
    pub(crate) fn weights(&self, i: usize) -> &[f64] {
        &self.weight[i * self.width..(i + 1) * self.width]
    }

    /// Overlaps of one copy.
    fn depths(&self, i: usize) -> &[f64] {
        &self.depth[i * self.width..(i + 1) * self.width]
    }

    /// Pairs that overlap weigh more, others less.
    pub(super) fn reweigh(&mut self) {
        let deepest = self.depth.iter().copied().fold(0.0, f64::max);
        for ((weight, least), depth) in self.weight.iter_mut().zip(&self.least).zip(&self.depth) {
            if *depth > 0.0 {
                *weight *= GROW_LEAST + (GROW_MOST - GROW_LEAST) * depth / deepest;
            } else {
                *weight = (*weight * DECAY).max(*least);
            }
        }
    }
}
