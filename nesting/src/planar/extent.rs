//! Boxes along the axes, so that two are compared in one step.

use super::convex::Point;

/// A box: its least corner, and its greatest one with both signs turned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent([f64; 4]);

/// What all of a box must be below to meet another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facing([f64; 4]);

impl Extent {
    /// Of a box given by its least and greatest corner.
    #[inline(always)]
    pub(super) fn new([low, high]: [Point; 2]) -> Self {
        Self([low[0], low[1], -high[0], -high[1]])
    }

    /// Moved.
    #[inline(always)]
    pub(super) fn moved(self, [x, y]: Point) -> Self {
        let Self([a, b, c, d]) = self;
        Self([a + x, b + y, c - x, d - y])
    }

    /// Grown on all sides.
    #[inline(always)]
    pub(super) fn grown(self, by: f64) -> Self {
        let Self([a, b, c, d]) = self;
        Self([a - by, b - by, c - by, d - by])
    }

    /// Without end along an axis.
    #[inline(always)]
    pub(super) fn along(mut self, axis: usize) -> Self {
        self.0[axis] = f64::NEG_INFINITY;
        self.0[axis + 2] = f64::NEG_INFINITY;
        self
    }

    /// Its area.
    pub(super) fn area(&self) -> f64 {
        let Self([a, b, c, d]) = self;
        (-c - a) * (-d - b)
    }

    /// To compare with many others.
    #[inline(always)]
    pub(super) fn facing(self) -> Facing {
        let Self([a, b, c, d]) = self;
        Facing([-c, -d, -a, -b])
    }

    /// Whether they have more than an edge in common.
    #[inline(always)]
    pub(super) fn meets(&self, facing: &Facing) -> bool {
        let (a, b) = (&self.0, &facing.0);
        (a[0] < b[0]) & (a[1] < b[1]) & (a[2] < b[2]) & (a[3] < b[3])
    }
}
