//! Boxes along the axes.

use super::vector::Vector;

/// A box: its least corner, and its greatest one with all signs turned, so that two are compared in
/// one step.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent([f64; 6]);

/// What all of a box must be below to meet another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facing([f64; 6]);

impl Extent {
    /// Of a box given by its least and greatest corner.
    pub(crate) fn new([low, high]: [Vector; 2]) -> Self {
        Self([low[0], low[1], low[2], -high[0], -high[1], -high[2]])
    }

    /// Moved.
    #[inline(always)]
    pub(crate) fn moved(&self, by: Vector) -> Self {
        let [x, y, z] = by;
        let Self([a, b, c, d, e, f]) = *self;
        Self([a + x, b + y, c + z, d - x, e - y, f - z])
    }

    /// Grown on all sides.
    #[inline(always)]
    pub(crate) fn grown(&self, by: f64) -> Self {
        Self(self.0.map(|x| x - by))
    }

    #[inline(always)]
    pub(crate) fn low(&self) -> Vector {
        [self.0[0], self.0[1], self.0[2]]
    }

    #[inline(always)]
    pub(crate) fn high(&self) -> Vector {
        [-self.0[3], -self.0[4], -self.0[5]]
    }

    /// Its edges.
    pub(crate) fn size(&self) -> Vector {
        [0, 1, 2].map(|k| -self.0[k + 3] - self.0[k])
    }

    /// To compare with many others.
    #[inline(always)]
    pub(crate) fn facing(&self) -> Facing {
        let Self([a, b, c, d, e, f]) = *self;
        Facing([-d, -e, -f, -a, -b, -c])
    }

    /// Whether they have more than a face in common.
    #[inline(always)]
    pub(crate) fn meets(&self, facing: &Facing) -> bool {
        self.0.iter().zip(&facing.0).fold(true, |meet, (a, b)| meet & (a < b))
    }
}
