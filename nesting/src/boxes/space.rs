//! Empty room in a container: the largest boxes in it, which overlap one another.

/// Edges of a box, or a corner of one.
pub(super) type Size = [u32; 3];

pub(super) fn volume(size: Size) -> u64 {
    size.iter().map(|edge| u64::from(*edge)).product()
}

/// A box along the axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Space {
    pub(super) low: Size,
    pub(super) high: Size,
}

impl Space {
    pub(super) fn size(&self) -> Size {
        [0, 1, 2].map(|k| self.high[k] - self.low[k])
    }

    fn holds(&self, other: &Self) -> bool {
        (0..3).all(|k| self.low[k] <= other.low[k] && other.high[k] <= self.high[k])
    }

    fn meets(&self, other: &Self) -> bool {
        (0..3).all(|k| self.low[k] < other.high[k] && other.low[k] < self.high[k])
    }

    /// How far it is from the nearest corner of a container along each axis, and at which side
    /// that is.
    pub(super) fn corner(&self, room: Size) -> ([u32; 3], [bool; 3]) {
        let below = |k: usize| self.low[k];
        let above = |k: usize| room[k] - self.high[k];
        let far = [0, 1, 2].map(|k| below(k).min(above(k)));
        (far, [0, 1, 2].map(|k| above(k) < below(k)))
    }
}

/// The largest empty boxes after a block was put: those that it meets are cut (Lai and Chan 1997,
/// doi 10.1016/S0360-8352(97)00025-4), none is within another one.
pub(super) fn cut(spaces: &mut Vec<Space>, block: &Space) {
    let (met, mut kept): (Vec<Space>, Vec<Space>) =
        spaces.iter().partition(|space| space.meets(block));
    let mut cut: Vec<Space> = Vec::new();
    for space in met {
        for k in 0..3 {
            if space.low[k] < block.low[k] {
                let mut below = space;
                below.high[k] = block.low[k];
                cut.push(below);
            }
            if space.high[k] > block.high[k] {
                let mut above = space;
                above.low[k] = block.high[k];
                cut.push(above);
            }
        }
    }
    // The larger first: they hold the smaller.
    cut.sort_by_key(|space| std::cmp::Reverse(volume(space.size())));
    for space in cut {
        if !kept.iter().any(|other| other.holds(&space)) {
            kept.push(space);
        }
    }
    *spaces = kept;
}
