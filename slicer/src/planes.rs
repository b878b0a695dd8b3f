//! The layers of a build by their heights, and the planes that cut them.

use platewright_model::measure::Mm;

use crate::error::SliceError;

/// Most layers of a build.
pub const LAYERS_MAX: u32 = 1_000_000;

/// A height over a whole number of layers that is rounding and adds no layer, mm; as in
/// `BuildLoad::layers`.
const ROUNDING_MM: f64 = 1e-6;

/// Far more than a number of layers up to [`LAYERS_MAX`] is rounded by: 2⁻³² of it.
const ROUNDING: f64 = 1e-9;

/// Heights of the layers of a build, from the plate up; each is cut at its middle.
#[derive(Clone, Debug, PartialEq)]
pub enum Planes {
    /// Layers of one thickness.
    Uniform {
        /// Thickness of a layer, mm, above 0.
        layer: f64,
        /// Number of layers.
        count: u32,
    },
    /// Layers by their tops, mm over the plate: above 0 and rising.
    Tops(Vec<f64>),
}

impl Planes {
    /// Layers of one thickness up to `height`.
    ///
    /// # Errors
    /// A thickness of no use, too many layers.
    pub fn uniform(layer: Mm, height: Mm) -> Result<Self, SliceError> {
        if !(layer.0.is_finite() && layer.0 > 0.0) {
            return Err(SliceError::LayerThickness(layer.0));
        }
        let layers = ((height.0 - ROUNDING_MM) / layer.0).ceil();
        if layers <= f64::from(LAYERS_MAX) {
            Ok(Self::Uniform { layer: layer.0, count: layers.max(0.0) as u32 })
        } else {
            Err(SliceError::TooManyLayers { layers, limit: LAYERS_MAX })
        }
    }

    /// Layers by their tops, mm over the plate.
    ///
    /// # Errors
    /// A top that does not lie above the one before, or is no number; too many layers.
    pub fn tops(tops: Vec<f64>) -> Result<Self, SliceError> {
        let mut below = 0.0;
        for &top in &tops {
            if !(top.is_finite() && top > below) {
                return Err(SliceError::LayerThickness(top - below));
            }
            below = top;
        }
        if tops.len() > LAYERS_MAX as usize {
            let layers = tops.len() as f64;
            return Err(SliceError::TooManyLayers { layers, limit: LAYERS_MAX });
        }
        Ok(Self::Tops(tops))
    }

    /// Number of layers.
    pub fn count(&self) -> u32 {
        match self {
            Self::Uniform { count, .. } => *count,
            Self::Tops(tops) => tops.len() as u32,
        }
    }

    /// Top of layer `i`, mm. Evaluated from `i`, never added up, so that it is the same wherever
    /// it is asked for.
    pub fn top(&self, i: u32) -> f64 {
        match self {
            Self::Uniform { layer, .. } => (f64::from(i) + 1.0) * layer,
            Self::Tops(tops) => tops[i as usize],
        }
    }

    /// Bottom of layer `i`, mm.
    pub fn bottom(&self, i: u32) -> f64 {
        match (self, i) {
            (_, 0) => 0.0,
            (Self::Uniform { layer, .. }, i) => f64::from(i) * layer,
            (Self::Tops(tops), i) => tops[i as usize - 1],
        }
    }

    /// Height that layer `i` is cut at, mm: its middle.
    pub fn cut(&self, i: u32) -> f64 {
        match self {
            Self::Uniform { layer, .. } => (f64::from(i) + 0.5) * layer,
            Self::Tops(_) => f64::midpoint(self.bottom(i), self.top(i)),
        }
    }

    /// Height of the cut of layer `i` over that of layer `from`, which is not above it, mm.
    #[inline(always)]
    pub(crate) fn between(&self, from: u32, i: u32) -> f64 {
        match self {
            Self::Uniform { layer, .. } => f64::from(i - from) * layer,
            Self::Tops(_) => self.cut(i) - self.cut(from),
        }
    }

    /// Thickness of layer `i`, mm.
    pub fn thickness(&self, i: u32) -> f64 {
        match self {
            Self::Uniform { layer, .. } => *layer,
            Self::Tops(_) => self.top(i) - self.bottom(i),
        }
    }

    /// Number of cuts at or below `z`: cut `i` has the point below itself exactly if
    /// `i >= level`.
    ///
    /// A point on a cut counts as above it (simulation of simplicity): a level face vanishes,
    /// and each triangle is crossed in one segment or not at all.
    #[inline(always)]
    pub fn level(&self, z: f64) -> u32 {
        let Self::Uniform { layer, count } = *self else { return self.level_exactly(z) };
        // The cast cuts off, and takes what is below 0 to 0: no call of `floor` is needed.
        let cuts = z / layer + 0.5;
        let below = cuts as u32;
        let over = cuts - f64::from(below);
        // Far enough from a cut, rounding cannot have taken it to the other side.
        if over > ROUNDING && over < 1.0 - ROUNDING && below < count {
            below
        } else {
            self.level_exactly(z)
        }
    }

    /// As [`Self::level`], compared with the cuts themselves.
    fn level_exactly(&self, z: f64) -> u32 {
        let count = self.count();
        let mut level = match self {
            Self::Uniform { layer, .. } => ((z / layer + 0.5) as u32).min(count),
            Self::Tops(tops) => tops.partition_point(|&top| top <= z) as u32,
        };
        while level < count && self.cut(level) <= z {
            level += 1;
        }
        while level > 0 && self.cut(level - 1) > z {
            level -= 1;
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_levels(planes: &Planes) {
        for i in 0..planes.count() {
            let z = planes.cut(i);
            assert!(planes.bottom(i) < z && z < planes.top(i));
            assert_eq!(planes.level(z), i + 1, "on cut {i} of {planes:?}");
            assert_eq!(planes.level(z.next_down()), i, "below cut {i} of {planes:?}");
        }
        assert_eq!(planes.level(-5.0), 0);
        assert_eq!(planes.level(1e9), planes.count());
    }

    #[test]
    fn level_counts_the_cuts_at_or_below() {
        for layer in [0.1, 0.05, 0.2, 1.0 / 3.0, 0.07] {
            check_levels(&Planes::uniform(Mm(layer), Mm(500.0 * layer)).expect("it is of use"));
        }
    }

    #[test]
    fn layers_may_differ_in_thickness() {
        let tops: Vec<f64> =
            (1..400).map(|i| f64::from(i * i) * 1e-3 + f64::from(i) / 7.0).collect();
        check_levels(&Planes::tops(tops).expect("they rise"));
    }

    #[test]
    fn heights_of_no_use_are_refused() {
        assert!(matches!(Planes::uniform(Mm(0.0), Mm(1.0)), Err(SliceError::LayerThickness(_))));
        assert!(matches!(
            Planes::uniform(Mm(1e-9), Mm(1.0)),
            Err(SliceError::TooManyLayers { .. })
        ));
        assert!(Planes::uniform(Mm(0.1), Mm(f64::NAN)).is_err());
        assert!(Planes::tops(vec![0.1, 0.1]).is_err());
        assert!(Planes::tops(vec![0.1, f64::NAN]).is_err());
        assert!(Planes::tops(vec![0.0]).is_err());
    }
}
