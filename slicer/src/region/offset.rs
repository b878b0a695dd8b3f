//! Regions that are smaller all around.

use i_overlay::i_float::int::angle::Angle;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;
use i_overlay::mesh::int::outline::offset::IntOutlineOffset;
use i_overlay::mesh::int::style::{IntLineJoin, IntOutlineStyle};

use super::{GridPoint, Region};

/// Corners sharper than this are cut off, in parts of a turn of which there are 2³²: 30°.
const SHARPEST: u32 = u32::MAX / 12;

impl Region {
    /// The region without what lies nearer than `steps` of the grid to its contours.
    ///
    /// Where the solid turns around a corner, the new contour keeps the corner rather than
    /// rounding it, so that no point of it is nearer than asked for, but for turns below 5°,
    /// where it is by a thousandth at most. The contours must neither cross nor overlap, as
    /// [`Region::united`] leaves them.
    #[must_use]
    pub fn shrunk(&self, steps: i32) -> Self {
        let point = |p: &GridPoint| IntPoint::new(p[0], p[1]);
        let paths: Vec<Vec<IntPoint<i32>>> =
            self.rings().map(|ring| ring.iter().map(point).collect()).collect();
        let style = IntOutlineStyle::new(-steps.max(0))
            .line_join(IntLineJoin::Miter(Angle::from_bits(SHARPEST)));
        let mut flat = FlatContoursBuffer::default();
        let mut region = Self::default();
        // It fails on coordinates out of reach only; there is nothing to shrink then.
        if paths[..].outline_into(&style, &mut flat).is_ok() {
            for range in flat.ranges {
                region.push(flat.points[range].iter().map(|p| [p.x, p.y]));
            }
        }
        region
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[GridPoint]) -> Region {
        let mut region = Region::default();
        region.push(points.iter().copied());
        region
    }

    #[test]
    fn a_square_with_a_hole_shrinks_from_both_sides() {
        let mut region = ring(&[[0, 0], [10_000, 0], [10_000, 10_000], [0, 10_000]]);
        region.push([[4000, 4000], [4000, 6000], [6000, 6000], [6000, 4000]]);
        let unit = crate::GRID_MM * crate::GRID_MM;
        let area = |steps| (region.shrunk(steps).area() / unit).round();
        assert_eq!(area(0), 1e8 - 4e6);
        assert_eq!(area(1000), 8000.0 * 8000.0 - 4000.0 * 4000.0);
        assert_eq!(region.shrunk(1000).n_rings(), 2);
        assert_eq!(area(2100), 0.0, "nothing is farther than that from a contour");
    }

    #[test]
    fn a_neck_parts_and_a_corner_stays_away() {
        // Two squares joined by a neck of 100.
        let region = ring(&[
            [0, 0],
            [1000, 0],
            [1000, 450],
            [2000, 450],
            [2000, 0],
            [3000, 0],
            [3000, 1000],
            [2000, 1000],
            [2000, 550],
            [1000, 550],
            [1000, 1000],
            [0, 1000],
        ]);
        let shrunk = region.shrunk(60);
        assert_eq!(shrunk.n_rings(), 2);
        let near = region.shrunk(40);
        assert_eq!(near.n_rings(), 1);
        for &[x, y] in near.points() {
            // The corners at which the neck begins turn inward; 40 to either side of them.
            for corner in [[1000, 450], [1000, 550], [2000, 450], [2000, 550]] {
                let d = f64::from((x - corner[0]).pow(2) + (y - corner[1]).pow(2)).sqrt();
                assert!(d > 39.5, "{x} {y}");
            }
        }
    }
}
