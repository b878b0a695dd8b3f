//! The cutting planes of a stack of layers.

/// Most layers of a build.
pub(crate) const LAYERS_MAX: u32 = 1_000_000;

/// Planes at the middle of each layer, counted from the plate up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planes {
    /// Layer thickness, mm, above 0.
    pub(crate) layer: f64,
    /// Number of planes.
    pub(crate) count: u32,
}

impl Planes {
    /// Height of plane `i`, mm. Evaluated from `i`, never added up, so that it rises with `i`
    /// and is the same wherever it is asked for.
    pub(crate) fn height(&self, i: u32) -> f64 {
        (f64::from(i) + 0.5) * self.layer
    }

    /// Number of planes at or below `z`: plane `i` has the point below itself exactly if
    /// `i >= level`.
    ///
    /// A point on a plane counts as above it (simulation of simplicity): a level face vanishes,
    /// and each triangle is crossed in one segment or not at all.
    pub(crate) fn level(&self, z: f64) -> u32 {
        let guess = (z / self.layer + 0.5).floor().clamp(0.0, f64::from(self.count));
        let mut level = guess as u32;
        while level < self.count && self.height(level) <= z {
            level += 1;
        }
        while level > 0 && self.height(level - 1) > z {
            level -= 1;
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_counts_the_planes_at_or_below() {
        for layer in [0.1, 0.05, 0.2, 1.0 / 3.0, 0.07] {
            let planes = Planes { layer, count: 500 };
            for i in 0..500 {
                let z = planes.height(i);
                assert_eq!(planes.level(z), i + 1, "on plane {i} of {layer}");
                assert_eq!(planes.level(z.next_down()), i, "below plane {i} of {layer}");
            }
            assert_eq!(planes.level(-5.0), 0);
            assert_eq!(planes.level(1e9), 500);
        }
    }
}
