//! Outlines at one of their turns, as convex pieces, and how far two of them overlap.

use pulp::Simd;

use super::apart::{Convex, Four, PROCESSOR, apart, ways_out};
use super::convex::Point;
use super::extent::Extent;

/// The convex pieces of an outline at one of its turns; its origin is the origin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    /// Least and greatest corner of the box of all.
    pub(crate) bounds: [Point; 2],
    pieces: Vec<Piece>,
    corners: Vec<Point>,
    edges: Vec<Four>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    extent: Extent,
    /// First and last of its corners, and of its fours of edges.
    corners: [u32; 2],
    edges: [u32; 2],
}

/// Least and greatest corner of the box of points.
pub(crate) fn bounds_of<'a>(points: impl IntoIterator<Item = &'a Point>) -> [Point; 2] {
    let mut bounds = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for p in points {
        for k in 0..2 {
            bounds[0][k] = bounds[0][k].min(p[k]);
            bounds[1][k] = bounds[1][k].max(p[k]);
        }
    }
    bounds
}

impl Pieces {
    /// Of convex polygons, counter-clockwise, turned by an angle given as sine and cosine.
    pub(super) fn new(polygons: &[Vec<Point>], [sin, cos]: [f64; 2]) -> Self {
        let mut all = Self::default();
        for polygon in polygons {
            let mut corners: Vec<Point> = Vec::with_capacity(polygon.len());
            for (k, p) in polygon.iter().enumerate() {
                let q = polygon[(k + 1) % polygon.len()];
                if *p != q {
                    corners.push([p[0] * cos - p[1] * sin, p[0] * sin + p[1] * cos]);
                }
            }
            let from = [all.corners.len() as u32, all.edges.len() as u32];
            let edge = |k: usize| {
                let (p, q) = (corners[k], corners[(k + 1) % corners.len()]);
                let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
                let length = dx.hypot(dy);
                let normal = [dy / length, -dx / length];
                ([normal[0], normal[1], normal[0] * p[0] + normal[1] * p[1]], p)
            };
            for first in (0..corners.len()).step_by(4) {
                let four = [0, 1, 2, 3].map(|k| edge((first + k).min(corners.len() - 1)));
                all.edges.push(Four::new(four));
            }
            let extent = Extent::new(bounds_of(&corners));
            all.corners.extend(corners);
            let to = [all.corners.len() as u32, all.edges.len() as u32];
            let [corners, edges] = [0, 1].map(|k| [from[k], to[k]]);
            all.pieces.push(Piece { extent, corners, edges });
        }
        // The larger first: they stop more sums that are no good early.
        all.pieces.sort_by(|a, b| b.extent.area().total_cmp(&a.extent.area()));
        all.bounds = bounds_of(&all.corners);
        all
    }

    /// How far it reaches in a direction of unit length.
    pub(crate) fn reach(&self, direction: Point) -> f64 {
        let along = |p: &Point| p[0] * direction[0] + p[1] * direction[1];
        self.corners.iter().map(along).fold(f64::NEG_INFINITY, f64::max)
    }

    #[inline(always)]
    fn convex(&self, piece: &Piece) -> Convex<'_> {
        Convex {
            corners: &self.corners[piece.corners[0] as usize..piece.corners[1] as usize],
            edges: &self.edges[piece.edges[0] as usize..piece.edges[1] as usize],
        }
    }

    /// Sum over pairs of pieces of how far they must be moved apart until they are `gap` away from
    /// one another, if this outline is moved by `by` and the other one stays; 0 exactly if no two
    /// are nearer than that. Sums from `most` on may be cut short.
    #[inline(always)]
    pub(super) fn depth<S: Simd>(
        &self,
        simd: S,
        other: &Self,
        by: Point,
        gap: f64,
        most: f64,
    ) -> f64 {
        // In the frame of this outline; only pieces near the other's box come into question.
        let back = [-by[0], -by[1]];
        let near = Extent::new(other.bounds).moved(back).grown(gap).facing();
        let mut sum = 0.0;
        for piece in self.pieces.iter().filter(|piece| piece.extent.meets(&near)) {
            let near = piece.extent.moved(by).grown(gap).facing();
            for fixed in other.pieces.iter().filter(|fixed| fixed.extent.meets(&near)) {
                let apart = apart(simd, self.convex(piece), other.convex(fixed), by, gap);
                if apart < gap {
                    sum += gap - apart;
                    if sum >= most {
                        return sum;
                    }
                }
            }
        }
        sum
    }

    /// For this outline moved along an axis (0 is x, 1 is y), `level` off along the other one: the
    /// open spans of moves at which it is nearer than `gap` to the other outline, or a little more
    /// around corners, `from` added to them.
    pub(crate) fn spans(
        &self,
        other: &Self,
        axis: usize,
        [level, gap, from]: [f64; 3],
        spans: &mut Vec<[f64; 2]>,
    ) {
        PROCESSOR.dispatch(Spans {
            moving: self,
            fixed: other,
            axis,
            along: [level, gap, from],
            spans,
        });
    }

    #[inline(always)]
    fn spans_by<S: Simd>(
        &self,
        simd: S,
        other: &Self,
        axis: usize,
        [level, gap, from]: [f64; 3],
        spans: &mut Vec<[f64; 2]>,
    ) {
        // Wherever it is along the axis, only what it passes across comes into question.
        let mut by = [level; 2];
        by[axis] = 0.0;
        for piece in &self.pieces {
            let near = piece.extent.moved(by).grown(gap).along(axis).facing();
            for fixed in other.pieces.iter().filter(|fixed| fixed.extent.meets(&near)) {
                let (mine, its) = (self.convex(piece), other.convex(fixed));
                let [back, on] = ways_out(simd, mine, its, axis, [level, gap]);
                if -back < on {
                    spans.push([from - back, from + on]);
                }
            }
        }
    }
}

/// [`Pieces::spans`], for any processor.
struct Spans<'a> {
    moving: &'a Pieces,
    fixed: &'a Pieces,
    axis: usize,
    along: [f64; 3],
    spans: &'a mut Vec<[f64; 2]>,
}

impl pulp::WithSimd for Spans<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.moving.spans_by(simd, self.fixed, self.axis, self.along, self.spans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(w: f64, h: f64) -> Vec<Point> {
        vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]
    }

    fn pieces(polygons: &[Vec<Point>]) -> Pieces {
        Pieces::new(polygons, [0.0, 1.0])
    }

    fn depth(a: &Pieces, b: &Pieces, by: Point, gap: f64) -> f64 {
        a.depth(pulp::Scalar, b, by, gap, f64::INFINITY)
    }

    #[test]
    fn depth_is_the_way_out() {
        let (a, b) = (pieces(&[rectangle(2.0, 1.0)]), pieces(&[rectangle(4.0, 3.0)]));
        assert_eq!(depth(&a, &b, [4.0, 0.0], 0.0), 0.0);
        assert_eq!(depth(&a, &b, [-2.0, 1.0], 0.0), 0.0);
        assert!((depth(&a, &b, [3.5, 1.0], 0.0) - 0.5).abs() < 1e-12);
        assert!((depth(&a, &b, [1.0, -0.75], 0.0) - 0.25).abs() < 1e-12);
        // In the middle, the shortest way is up or down.
        assert!((depth(&a, &b, [1.0, 1.0], 0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_gap_is_kept_and_is_round_at_corners() {
        let square = pieces(&[rectangle(1.0, 1.0)]);
        assert!((depth(&square, &square, [1.25, 0.0], 0.5) - 0.25).abs() < 1e-12);
        assert_eq!(depth(&square, &square, [1.5, 0.0], 0.5), 0.0);
        let diagonal = 1.0 + 0.5 * std::f64::consts::FRAC_1_SQRT_2;
        assert_eq!(depth(&square, &square, [diagonal + 1e-9; 2], 0.5), 0.0);
        assert!(depth(&square, &square, [diagonal - 1e-6; 2], 0.5) > 0.0);
    }

    /// The depth with all that this processor can do.
    struct Here<'a>(&'a Pieces, &'a Pieces, Point, f64);

    impl pulp::WithSimd for Here<'_> {
        type Output = f64;

        fn with_simd<S: Simd>(self, simd: S) -> f64 {
            self.0.depth(simd, self.1, self.2, self.3, f64::INFINITY)
        }
    }

    #[test]
    fn processors_make_no_difference() {
        let star: Vec<Point> = (0..7)
            .map(|k| {
                let angle = f64::from(k) * 0.9;
                [3.0 * angle.cos(), 2.0 * angle.sin()]
            })
            .collect();
        let (a, b) = (pieces(&[star]), pieces(&[rectangle(2.0, 2.0), rectangle(1.0, 5.0)]));
        let mut overlapping = 0;
        for k in 0..400 {
            let by = [f64::from(k % 20) * 0.41 - 4.0, f64::from(k / 20) * 0.47 - 5.0];
            let plain = a.depth(pulp::Scalar, &b, by, 0.3, f64::INFINITY);
            assert_eq!(PROCESSOR.dispatch(Here(&a, &b, by, 0.3)).to_bits(), plain.to_bits());
            overlapping += usize::from(plain > 0.0);
        }
        assert!((50..350).contains(&overlapping), "{overlapping}");
    }

    #[test]
    fn spans_are_where_the_depth_is_above_zero() {
        let a = pieces(&[vec![[0.0, 0.0], [3.0, 0.5], [1.0, 2.5]]]);
        let b = pieces(&[rectangle(2.0, 2.0), vec![[2.0, 0.0], [5.0, 1.0], [2.0, 2.0]]]);
        for step in 0..60 {
            let y = -2.6 + f64::from(step) * 0.08;
            let mut spans = Vec::new();
            a.spans(&b, 0, [y, 0.0, 0.0], &mut spans);
            for k in 0..200 {
                let x = -4.0 + f64::from(k) * 0.05;
                let inside = spans.iter().any(|s| x > s[0] + 1e-9 && x < s[1] - 1e-9);
                let outside = spans.iter().all(|s| x < s[0] - 1e-9 || x > s[1] + 1e-9);
                let depth = depth(&a, &b, [x, y], 0.0);
                assert!(!inside || depth > 0.0, "{x} {y} {depth}");
                assert!(!outside || depth < 1e-9, "{x} {y} {depth}");
            }
        }
    }
}
