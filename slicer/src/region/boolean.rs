//! Union, difference and the like of regions, on the grid of contours.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;

use super::{GridPoint, Region};

/// What counts as solid in a layer whose contours overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// Where the winding number is at least 1, as 3MF core prescribes (ISO/IEC 25422).
    #[default]
    Positive,
    /// Where the winding number is not 0: also shells that are inside out.
    NonZero,
    /// Where a ray crosses an odd number of contours: shells that overlap cut each other out.
    EvenOdd,
}

impl Fill {
    const fn rule(self) -> FillRule {
        match self {
            Self::Positive => FillRule::Positive,
            Self::NonZero => FillRule::NonZero,
            Self::EvenOdd => FillRule::EvenOdd,
        }
    }
}

impl Region {
    /// The region with contours that neither cross nor overlap, solid where `fill` says so.
    /// Outer contours are counter-clockwise, holes clockwise.
    #[must_use]
    pub fn united(&self, fill: Fill) -> Self {
        overlay(self, &Self::default(), OverlayRule::Subject, fill)
    }

    /// What is in one region or in both; both united under the Positive rule.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        overlay(self, other, OverlayRule::Union, Fill::Positive)
    }

    /// What is in this region and not in the other; both united under the Positive rule.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        overlay(self, other, OverlayRule::Difference, Fill::Positive)
    }

    /// What is in both regions; both united under the Positive rule.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        overlay(self, other, OverlayRule::Intersect, Fill::Positive)
    }

    /// What is in one region but not in both; both united under the Positive rule.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Self {
        overlay(self, other, OverlayRule::Xor, Fill::Positive)
    }
}

fn overlay(subject: &Region, clip: &Region, rule: OverlayRule, fill: Fill) -> Region {
    let point = |p: &GridPoint| IntPoint::new(p[0], p[1]);
    let mut overlay = Overlay::<i32>::new(subject.n_points() + clip.n_points());
    for (region, kind) in [(subject, ShapeType::Subject), (clip, ShapeType::Clip)] {
        for ring in region.rings() {
            overlay.add_path_iter(ring.iter().map(point), kind);
        }
    }
    let mut flat = FlatContoursBuffer::default();
    overlay.overlay_into(rule, fill.rule(), &mut flat);
    let mut region = Region::default();
    for range in flat.ranges {
        region.push(flat.points[range].iter().map(|p| [p.x, p.y]));
    }
    region
}
