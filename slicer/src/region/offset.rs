//! Growing and shrinking a region by a distance, with round joins.
//!
//! The region and a band along its contours are united (grown) or taken from one another
//! (shrunk). The band is made of simple pieces, one an edge: the rectangle that the edge sweeps
//! and the sector at its end where the contour turns away. Each piece winds once around what it
//! covers, so that the Positive rule is the union of them by definition. A contour that is moved
//! as a whole (Chen and McMains 2005, "Polygon offsetting by computing winding numbers",
//! DETC2005-85513) has fewer points, but a hole smaller than the distance needs an argument of
//! its own.

use std::f64::consts::TAU;

use platewright_model::measure::Mm;

use super::{Fill, GRID_MM, GridPoint, Region};
use crate::error::SliceError;

/// Greatest distance to grow or shrink by, mm. Beyond it contours would leave the grid.
pub(super) const OFFSET_MAX_MM: f64 = 1000.0;

/// A vector in steps of the grid.
type Vector = [f64; 2];

impl Region {
    /// The region, united under the Positive rule, grown by `distance` (above 0) or shrunk
    /// (below 0): beam and kerf compensation, perimeters, reach of an overhang.
    ///
    /// With `grown(d)` as what lies within `d` of the region, `R` as the result and `a` as
    /// `arc_error`: `grown(d - a)` is in `R`, and `R` is in `grown(d)`, both to a step of
    /// [`GRID_MM`]. Shrinking is growing of what is around the region. Arcs are inscribed, so
    /// that a corner is never farther away than the distance.
    ///
    /// An `arc_error` below a step of the grid counts as one. Parts of a build are fused if they
    /// are grown as one region; grow each part's own.
    ///
    /// # Errors
    /// A distance that is no number or beyond 1 m, an arc error that is not above 0.
    pub fn offset(&self, distance: Mm, arc_error: Mm) -> Result<Self, SliceError> {
        let (by, arc) = (distance.0, arc_error.0);
        if !(by.abs() <= OFFSET_MAX_MM && arc > 0.0) {
            return Err(SliceError::Offset { by, arc });
        }
        let united = self.united(Fill::Positive);
        let by = by / GRID_MM;
        if by == 0.0 || united.is_empty() {
            return Ok(united);
        }
        let band = band(&united, by, arc_step(by.abs(), (arc / GRID_MM).max(1.0)));
        Ok(if by > 0.0 { united.with(&band) } else { united.without(&band) })
    }
}

/// What lies within `by` steps (above 0) of a united region's contours on their outer side, in
/// pieces that overlap; arcs are inscribed within `arc` steps.
pub(super) fn outer_band(united: &Region, by: f64, arc: f64) -> Region {
    band(united, by, arc_step(by, arc.max(1.0)))
}

/// Greatest angle between two points of an arc so that its chord is within `error` of it.
fn arc_step(radius: f64, error: f64) -> f64 {
    // sagitta = radius · (1 − cos(step / 2)); half a turn at most, so that a sector is simple.
    (2.0 * (1.0 - error / radius).clamp(-1.0, 1.0).acos()).min(TAU / 4.0)
}

/// All pieces of the band outside of (`by` above 0) or inside of a region's contours.
fn band(region: &Region, by: f64, step: f64) -> Region {
    let mut band = Region::default();
    let mut piece = Vec::new();
    for ring in region.rings() {
        let n = ring.len();
        for k in 0..n {
            let corners = [ring[k], ring[(k + 1) % n], ring[(k + 2) % n]];
            edge_piece(corners, by, step, &mut piece);
            if by > 0.0 {
                band.push(piece.iter().copied());
            } else {
                band.push(piece.iter().rev().copied());
            }
        }
    }
    band
}

/// What the edge from `a` to `b` sweeps, with the sector at `b` if the contour to `c` turns away
/// from the side that is swept; counter-clockwise for `by` above 0.
fn edge_piece([a, b, c]: [GridPoint; 3], by: f64, step: f64, piece: &mut Vec<GridPoint>) {
    piece.clear();
    let (along, next) = (from_to(a, b), from_to(b, c));
    let (out, last) = (outward(along, by), outward(next, by));
    // The same whole steps at both ends: an exact parallelogram, which cannot be twisted.
    piece.extend([b, a, moved(a, out), moved(b, out)]);
    let cross = along[0] * next[1] - along[1] * next[0];
    let dot = along[0] * next[0] + along[1] * next[1];
    // A contour that turns towards the swept side has no sector: the rectangles overlap.
    // Straight back counts as a turn away, in whichever direction rounding has it.
    if cross * by < 0.0 {
        return;
    }
    let turn = cross.atan2(dot).abs() * by.signum();
    // A turn so small that rounding reverses it leaves no gap.
    let (o, l) = (out.map(f64::round_ties_even), last.map(f64::round_ties_even));
    if turn.abs() < 1.0 && (o[0] * l[1] - o[1] * l[0]) * by <= 0.0 {
        return;
    }
    let steps = (turn.abs() / step).ceil().max(1.0);
    for k in 1..steps as u32 {
        let (sin, cos) = (turn * f64::from(k) / steps).sin_cos();
        piece.push(moved(b, [out[0] * cos - out[1] * sin, out[0] * sin + out[1] * cos]));
    }
    piece.push(moved(b, last));
}

/// Vector from one point to another.
fn from_to(a: GridPoint, b: GridPoint) -> Vector {
    [0, 1].map(|k| f64::from(b[k]) - f64::from(a[k]))
}

/// The right-hand side of a direction, which is outside of the solid, as long as `by`.
fn outward([x, y]: Vector, by: f64) -> Vector {
    // Points of a united ring differ, so the length is at least a step.
    let scale = by / (x * x + y * y).sqrt().max(1.0);
    [y * scale, -x * scale]
}

/// A point moved by the nearest whole steps.
fn moved(p: GridPoint, by: Vector) -> GridPoint {
    [0, 1].map(|k| p[k].saturating_add(by[k].round_ties_even() as i32))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::region::shapes::{circle, rectangle, ring};

    fn offset(region: &Region, by: f64) -> Region {
        region.offset(Mm(by), Mm(1e-4)).expect("the distance is of use")
    }

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }

    #[test]
    fn a_square_grows_to_its_minkowski_sum_with_a_disc() {
        let square = rectangle([0.0, 0.0], [10.0, 6.0]);
        for by in [0.01, 0.5, 3.0, 40.0] {
            let grown = offset(&square, by);
            // Steiner's formula; arcs are inscribed within 1e-4 mm.
            let exact = 60.0 + 32.0 * by + PI * by * by;
            let below = exact - grown.area();
            assert!((-1e-3..=1e-4 * 2.0 * PI * by + 1e-3).contains(&below), "{by}: {below}");
            close(grown.perimeter(), 32.0 + 2.0 * PI * by, 1e-2);
            assert_eq!(grown.n_rings(), 1);
        }
    }

    #[test]
    fn a_square_shrinks_to_a_square_and_then_to_nothing() {
        let square = rectangle([0.0, 0.0], [10.0, 6.0]);
        close(offset(&square, -1.0).area(), 8.0 * 4.0, 1e-3);
        assert_eq!(offset(&square, -1.0).points().len(), 4);
        assert!(offset(&square, -3.001).is_empty());
        assert!(offset(&square, -500.0).is_empty());
    }

    #[test]
    fn holes_shrink_when_the_solid_grows_and_vanish() {
        let plate = rectangle([0.0, 0.0], [20.0, 20.0]);
        let holed = plate.without(&rectangle([5.0, 5.0], [7.0, 9.0]));
        let grown = offset(&holed, 0.5);
        // An inner corner has no arc: the hole stays a rectangle.
        close(grown.area(), 400.0 + 80.0 * 0.5 + PI * 0.25 - 1.0 * 3.0, 1e-3);
        assert_eq!(grown.n_rings(), 2);
        for by in [1.001, 2.5, 30.0] {
            assert_eq!(offset(&holed, by).n_rings(), 1, "the hole is filled at {by}");
        }
        let shrunk = offset(&holed, -0.5);
        close(shrunk.area(), 19.0 * 19.0 - (8.0 + 12.0 * 0.5 + PI * 0.25), 1e-3);
    }

    #[test]
    fn necks_part_and_neighbours_fuse() {
        let bells = rectangle([0.0, 0.0], [4.0, 4.0])
            .with(&rectangle([4.0, 1.8], [8.0, 2.2]))
            .with(&rectangle([8.0, 0.0], [12.0, 4.0]));
        assert_eq!(bells.n_rings(), 1);
        assert_eq!(offset(&bells, -0.19).n_rings(), 1);
        let parted = offset(&bells, -0.25);
        assert_eq!(parted.n_rings(), 2);
        // The neck goes; each mouth leaves no trace in the square that stays but a dent.
        assert!(parted.area() <= 2.0 * 3.5 * 3.5 + 0.1);
        assert_eq!(offset(&parted, 2.3).n_rings(), 1);
    }

    #[test]
    fn a_circle_keeps_its_centre() {
        let disc = circle([3.0, -2.0], 5.0, 720);
        for by in [-4.5, -1.0, 0.3, 7.0] {
            close(offset(&disc, by).area(), PI * (5.0 + by).powi(2), 0.02 + 2e-3 * (5.0 + by));
        }
    }

    #[test]
    fn the_result_lies_between_the_true_offsets() {
        // A jagged star: distances of the result's points to the ring are the distance itself.
        let star = ring((0..90).map(|k| {
            let (a, r) = (TAU * f64::from(k) / 90.0, 8.0 + 3.0 * f64::from(k * k % 7) / 7.0);
            [r * a.cos(), r * a.sin()]
        }));
        for (by, arc) in [(0.8, 1e-3), (-0.3, 1e-3), (2.0, 0.05), (-1.0, 0.02)] {
            let moved = star.offset(Mm(by), Mm(arc)).expect("the distance is of use");
            for p in moved.points() {
                let nearest = star
                    .rings()
                    .flat_map(|r| (0..r.len()).map(|k| distance(*p, r[k], r[(k + 1) % r.len()])))
                    .fold(f64::INFINITY, f64::min);
                let off = by.abs() - nearest * GRID_MM;
                assert!((-3e-5..=arc + 3e-5).contains(&off), "{p:?} is off by {off}");
            }
        }
    }

    fn distance(p: GridPoint, a: GridPoint, b: GridPoint) -> f64 {
        let (d, q) = (from_to(a, b), from_to(a, p));
        let s = ((q[0] * d[0] + q[1] * d[1]) / (d[0] * d[0] + d[1] * d[1])).clamp(0.0, 1.0);
        (q[0] - s * d[0]).hypot(q[1] - s * d[1])
    }

    #[test]
    fn distances_of_no_use_are_refused() {
        let square = rectangle([0.0, 0.0], [1.0, 1.0]);
        for (by, arc) in [(f64::NAN, 0.01), (2000.0, 0.01), (1.0, 0.0), (1.0, f64::NAN)] {
            let refused = square.offset(Mm(by), Mm(arc));
            assert!(matches!(refused, Err(SliceError::Offset { .. })), "{by} {arc}");
        }
        assert!(Region::default().offset(Mm(1.0), Mm(0.01)).expect("it is of use").is_empty());
        assert_eq!(
            square.offset(Mm(0.0), Mm(0.01)).expect("it is of use"),
            square.united(Fill::Positive)
        );
    }
}
