//! Outlines at one of their turns, as convex pieces, and how far two of them overlap.

use super::convex::Point;

/// The convex pieces of an outline at one of its turns; its origin is the origin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    /// Least and greatest corner of the box of all.
    pub(crate) bounds: [Point; 2],
    pieces: Vec<Piece>,
    corners: Vec<Point>,
    /// By corner: outward normal of unit length of the edge that begins there, and its distance
    /// from the origin.
    edges: Vec<[f64; 3]>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    bounds: [Point; 2],
    /// A point within.
    middle: Point,
    from: u32,
    to: u32,
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
            let from = all.corners.len();
            for (k, p) in polygon.iter().enumerate() {
                let q = polygon[(k + 1) % polygon.len()];
                if *p != q {
                    all.corners.push([p[0] * cos - p[1] * sin, p[0] * sin + p[1] * cos]);
                }
            }
            let corners = &all.corners[from..];
            let n = corners.len();
            for (k, p) in corners.iter().enumerate() {
                let q = corners[(k + 1) % n];
                let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
                let length = dx.hypot(dy);
                let normal = [dy / length, -dx / length];
                all.edges.push([normal[0], normal[1], normal[0] * p[0] + normal[1] * p[1]]);
            }
            let bounds = bounds_of(corners);
            let middle = [0, 1].map(|k| corners.iter().map(|p| p[k]).sum::<f64>() / n as f64);
            let (from, to) = (from as u32, all.corners.len() as u32);
            all.pieces.push(Piece { bounds, middle, from, to });
        }
        // The larger first: they stop more sums that are no good early.
        let area = |[low, high]: [Point; 2]| (high[0] - low[0]) * (high[1] - low[1]);
        all.pieces.sort_by(|a, b| area(b.bounds).total_cmp(&area(a.bounds)));
        all.bounds = bounds_of(&all.corners);
        all
    }

    /// How far it reaches in a direction of unit length.
    pub(crate) fn reach(&self, direction: Point) -> f64 {
        let along = |p: &Point| p[0] * direction[0] + p[1] * direction[1];
        self.corners.iter().map(along).fold(f64::NEG_INFINITY, f64::max)
    }

    fn corners(&self, piece: &Piece) -> &[Point] {
        &self.corners[piece.from as usize..piece.to as usize]
    }

    fn edges(&self, piece: &Piece) -> &[[f64; 3]] {
        &self.edges[piece.from as usize..piece.to as usize]
    }

    /// Sum over pairs of pieces of how far they must be moved apart until they are `gap` away from
    /// one another, if this outline is moved by `by` and the other one stays; 0 exactly if no two
    /// are nearer than that. Sums from `most` on may be cut short.
    #[inline]
    pub(crate) fn depth(&self, other: &Self, by: Point, gap: f64, most: f64) -> f64 {
        // In the frame of this outline; only pieces near the other's box come into question.
        let near = grown(moved(other.bounds, [-by[0], -by[1]]), gap);
        let mut sum = 0.0;
        for piece in self.pieces.iter().filter(|piece| meet(&piece.bounds, &near)) {
            let near = grown(moved(piece.bounds, by), gap);
            for fixed in other.pieces.iter().filter(|fixed| meet(&fixed.bounds, &near)) {
                let way = [0, 1].map(|k| piece.middle[k] + by[k] - fixed.middle[k]);
                let apart = apart(
                    (self.corners(piece), self.edges(piece)),
                    (other.corners(fixed), other.edges(fixed)),
                    by,
                    way,
                    gap,
                );
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
        let across = 1 - axis;
        for piece in &self.pieces {
            let low = piece.bounds[0][across] + level - gap;
            let high = piece.bounds[1][across] + level + gap;
            for fixed in &other.pieces {
                if fixed.bounds[0][across] >= high || fixed.bounds[1][across] <= low {
                    continue;
                }
                let (mine, its) = (self.corners(piece), other.corners(fixed));
                // How far to go along the axis, on or back, until they are apart: until an edge of
                // one has all corners of the other behind it.
                let reach = |way: f64| {
                    let mut least = f64::INFINITY;
                    let mut edge = |normal: Point, room: f64| {
                        let along = normal[axis] * way;
                        let room = room - normal[across] * level;
                        if along > 1e-12 {
                            least = least.min(room / along);
                        } else if along > -1e-12 && room <= 0.0 {
                            least = f64::NEG_INFINITY;
                        }
                    };
                    for [x, y, at] in other.edges(fixed) {
                        edge([*x, *y], at + gap - nearest(mine, *x, *y));
                    }
                    for [x, y, at] in self.edges(piece) {
                        edge([-x, -y], at + gap - nearest(its, *x, *y));
                    }
                    least
                };
                let (right, left) = (reach(1.0), reach(-1.0));
                if -left < right {
                    spans.push([from - left, from + right]);
                }
            }
        }
    }
}

/// How far two convex polygons are apart, if the first is moved by `by`; `way` leads from a point
/// within the second to one within the first then. Below 0: how far they overlap, along normals in
/// that direction. Exact as far as it is from 0 up to `gap`.
///
/// Only edges that face the other polygon can separate the two.
#[inline(always)]
fn apart(
    (p_corners, p_edges): (&[Point], &[[f64; 3]]),
    (q_corners, q_edges): (&[Point], &[[f64; 3]]),
    by: Point,
    way: Point,
    gap: f64,
) -> f64 {
    let mut most = f64::NEG_INFINITY;
    for [x, y, at] in q_edges {
        if x * way[0] + y * way[1] >= 0.0 {
            let nearest = nearest(p_corners, *x, *y);
            most = most.max(nearest + x * by[0] + y * by[1] - at);
            if most >= gap {
                return most;
            }
        }
    }
    for [x, y, at] in p_edges {
        if x * way[0] + y * way[1] <= 0.0 {
            let nearest = nearest(q_corners, *x, *y);
            most = most.max(nearest - x * by[0] - y * by[1] - at);
            if most >= gap {
                return most;
            }
        }
    }
    if most > 0.0 { most.max(corners_apart(p_corners, q_corners, by)) } else { most }
}

/// Least reach of corners in a direction.
#[inline(always)]
fn nearest(corners: &[Point], x: f64, y: f64) -> f64 {
    let mut least = f64::INFINITY;
    for p in corners {
        let along = x * p[0] + y * p[1];
        if along < least {
            least = along;
        }
    }
    least
}

/// How far two convex polygons that do not overlap are apart along the line through their nearest
/// corners.
fn corners_apart(p_corners: &[Point], q_corners: &[Point], by: Point) -> f64 {
    let mut nearest = (f64::INFINITY, [0.0; 2]);
    for p in p_corners {
        for q in q_corners {
            let way = [p[0] + by[0] - q[0], p[1] + by[1] - q[1]];
            let far = way[0] * way[0] + way[1] * way[1];
            if far < nearest.0 {
                nearest = (far, way);
            }
        }
    }
    let length = nearest.0.sqrt();
    if length == 0.0 {
        return 0.0;
    }
    let way = nearest.1.map(|x| x / length);
    let along = |p: &Point| p[0] * way[0] + p[1] * way[1];
    let first = p_corners.iter().map(along).fold(f64::INFINITY, f64::min);
    let last = q_corners.iter().map(along).fold(f64::NEG_INFINITY, f64::max);
    first + along(&by) - last
}

#[inline(always)]
fn meet(a: &[Point; 2], b: &[Point; 2]) -> bool {
    a[0][0] < b[1][0] && a[0][1] < b[1][1] && a[1][0] > b[0][0] && a[1][1] > b[0][1]
}

#[inline(always)]
fn moved([low, high]: [Point; 2], by: Point) -> [Point; 2] {
    [[low[0] + by[0], low[1] + by[1]], [high[0] + by[0], high[1] + by[1]]]
}

#[inline(always)]
fn grown([low, high]: [Point; 2], by: f64) -> [Point; 2] {
    [low.map(|x| x - by), high.map(|x| x + by)]
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
        a.depth(b, by, gap, f64::INFINITY)
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
