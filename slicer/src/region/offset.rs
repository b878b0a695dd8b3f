//! Regions that are smaller all around.

use std::f64::consts::{FRAC_PI_6, TAU};

use super::{GridPoint, Region};

/// Widest part of an arc that one corner stands for: corners lie 4 % too far out at most.
const WIDEST_PART: f64 = FRAC_PI_6;

impl Region {
    /// The region without what lies nearer than `steps` of the grid to its contours.
    ///
    /// Where the solid turns around a corner, the new contour has corners around the arc, so
    /// that no point of it is nearer than asked for but by rounding to the grid. The contours
    /// must neither cross nor overlap, as [`Region::united`] leaves them.
    ///
    /// What is taken away is a box along each side and a fan at each such corner, all convex:
    /// their union is right whatever the contours look like. Following offset sides around a
    /// contour instead goes astray at sides of a few steps, whose direction is mere rounding.
    #[must_use]
    pub fn shrunk(&self, steps: i32) -> Self {
        if steps <= 0 {
            return self.clone();
        }
        let reach = f64::from(steps);
        let mut band = Self::default();
        for ring in self.rings() {
            let n = ring.len();
            for k in 0..n {
                let (a, b, c) = (ring[k], ring[(k + 1) % n], ring[(k + 2) % n]);
                let (Some(across), Some(next)) = (left_of(a, b), left_of(b, c)) else { continue };
                let moved = |p: GridPoint, by: [f64; 2]| {
                    [0, 1].map(|k| p[k] + (by[k] * reach).round() as i32)
                };
                band.push([a, b, moved(b, across), moved(a, across)]);
                // The angle back from the next side to this one, where the solid turns around b.
                let angle = |v: [f64; 2]| v[1].atan2(v[0]);
                let turn = (angle(across) - angle(next)).rem_euclid(TAU);
                if turn > 0.0 && turn < TAU / 2.0 {
                    let parts = (turn / WIDEST_PART).ceil();
                    let far = 1.0 / (0.5 * turn / parts).cos();
                    let corner = |k: u32| {
                        let at = angle(next) + turn * (f64::from(k) + 0.5) / parts;
                        moved(b, [far * at.cos(), far * at.sin()])
                    };
                    let ends = [b, moved(b, next)].into_iter();
                    let corners = (0..parts as u32).map(corner);
                    band.push(ends.chain(corners).chain([moved(b, across)]));
                }
            }
        }
        self.without(&band)
    }
}

/// Unit vector to the left of a side; none if it has no length.
fn left_of(a: GridPoint, b: GridPoint) -> Option<[f64; 2]> {
    let [dx, dy] = [0, 1].map(|k| f64::from(b[k] - a[k]));
    let length = dx.hypot(dy);
    (length > 0.0).then(|| [-dy / length, dx / length])
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
        // The square keeps its corners, the hole gets arcs of corners just outside of round.
        let corners = 8000.0 * 8000.0 - 2000.0 * 2000.0 - 4.0 * 2000.0 * 1000.0 - area(1000);
        let round = std::f64::consts::PI * 1e6;
        assert!(round < corners && corners < 1.05 * round, "{corners}");
        assert_eq!(region.shrunk(1000).n_rings(), 2);
        assert_eq!(region.shrunk(2100).n_rings(), 4, "one in each corner");
        // The farthest points are 4000 √2 / (1 + √2), some 2343, from sides and hole.
        assert_eq!(area(2350), 0.0);
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
