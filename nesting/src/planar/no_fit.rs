//! How far two outlines overlap, by the move from one to the other.

use super::convex::Point;

/// The no-fit polygon of a moving and a fixed outline, as a union of convex polygons: one for
/// each pair of their convex pieces.
#[derive(Debug)]
pub(crate) struct NoFit {
    /// Least and greatest moves at which they may overlap.
    bounds: [Point; 2],
    polygons: Vec<Convex>,
    /// Outward normals of unit length, and the distance of a move of nothing from each line.
    lines: Vec<[f64; 3]>,
}

/// A convex polygon of moves.
#[derive(Clone, Copy, Debug)]
struct Convex {
    bounds: [Point; 2],
    from: u32,
    to: u32,
}

/// Least and greatest corner of the box of points.
pub(super) fn bounds_of<'a>(points: impl IntoIterator<Item = &'a Point>) -> [Point; 2] {
    let mut bounds = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for p in points {
        for k in 0..2 {
            bounds[0][k] = bounds[0][k].min(p[k]);
            bounds[1][k] = bounds[1][k].max(p[k]);
        }
    }
    bounds
}

impl NoFit {
    /// Of convex pieces, each counter-clockwise. Outlines nearer than `gap` to one another count
    /// as overlapping.
    pub(super) fn new(moving: &[Vec<Point>], fixed: &[Vec<Point>], gap: f64) -> Self {
        let mut no_fit = Self {
            bounds: [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]],
            polygons: Vec::with_capacity(moving.len() * fixed.len()),
            lines: Vec::new(),
        };
        for a in moving {
            let [a_low, a_high] = bounds_of(a);
            for b in fixed {
                let from = no_fit.lines.len() as u32;
                lines_against(b, a, 1.0, gap, &mut no_fit.lines);
                lines_against(a, b, -1.0, gap, &mut no_fit.lines);
                let [b_low, b_high] = bounds_of(b);
                let bounds = [
                    [b_low[0] - a_high[0] - gap, b_low[1] - a_high[1] - gap],
                    [b_high[0] - a_low[0] + gap, b_high[1] - a_low[1] + gap],
                ];
                no_fit.polygons.push(Convex { bounds, from, to: no_fit.lines.len() as u32 });
            }
        }
        no_fit.bounds = bounds_of(no_fit.polygons.iter().flat_map(|polygon| &polygon.bounds));
        // The larger first: they stop more sums that are no good early.
        no_fit.polygons.sort_by(|p, q| q.area().total_cmp(&p.area()));
        no_fit
    }

    /// Whether a move may make the outlines overlap.
    #[inline(always)]
    pub(crate) fn may_overlap(&self, by: Point) -> bool {
        within(&self.bounds, by)
    }

    /// Sum over pairs of convex pieces of how far they must be moved apart; 0 exactly if the
    /// outlines do not overlap.
    #[inline]
    pub(crate) fn depth(&self, by: Point) -> f64 {
        let mut sum = 0.0;
        for polygon in &self.polygons {
            if within(&polygon.bounds, by) {
                sum += depth(&self.lines[polygon.from as usize..polygon.to as usize], by);
            }
        }
        sum
    }

    /// For moves along x at a given height: the open spans of them at which the outlines overlap.
    pub(crate) fn spans_at(&self, y: f64, spans: &mut Vec<[f64; 2]>, from: f64) {
        for polygon in &self.polygons {
            let [low, high] = polygon.bounds;
            if y <= low[1] || y >= high[1] {
                continue;
            }
            let (mut least, mut most) = (low[0], high[0]);
            for line in &self.lines[polygon.from as usize..polygon.to as usize] {
                // Overlapping is below 0 at every line.
                let rest = line[1] * y + line[2];
                if line[0].abs() < 1e-12 {
                    if rest >= 0.0 {
                        most = least;
                    }
                } else if line[0] > 0.0 {
                    most = most.min(-rest / line[0]);
                } else {
                    least = least.max(-rest / line[0]);
                }
            }
            if least < most {
                spans.push([from + least, from + most]);
            }
        }
    }
}

impl Convex {
    fn area(&self) -> f64 {
        let [low, high] = self.bounds;
        (high[0] - low[0]) * (high[1] - low[1])
    }
}

#[inline(always)]
fn within([low, high]: &[Point; 2], p: Point) -> bool {
    p[0] > low[0] && p[1] > low[1] && p[0] < high[0] && p[1] < high[1]
}

/// How far a point is inside of all lines; 0 if it is not.
#[inline(always)]
fn depth(lines: &[[f64; 3]], by: Point) -> f64 {
    let mut most = f64::NEG_INFINITY;
    for line in lines {
        let over = line[0] * by[0] + line[1] * by[1] + line[2];
        if over > most {
            most = over;
            if most >= 0.0 {
                return 0.0;
            }
        }
    }
    -most
}

/// The lines that keep a piece out of another one's edges; `sense` is 1 if the piece is the one
/// that moves, -1 if the other one is.
fn lines_against(
    edges_of: &[Point],
    piece: &[Point],
    sense: f64,
    gap: f64,
    lines: &mut Vec<[f64; 3]>,
) {
    let n = edges_of.len();
    for k in 0..n {
        let (p, q) = (edges_of[k], edges_of[(k + 1) % n]);
        let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
        let length = dx.hypot(dy);
        if length == 0.0 {
            continue;
        }
        let normal = [dy / length, -dx / length];
        let along = |v: &Point| normal[0] * v[0] + normal[1] * v[1];
        let nearest = piece.iter().map(along).fold(f64::INFINITY, f64::min);
        lines.push([sense * normal[0], sense * normal[1], nearest - along(&p) - gap]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(w: f64, h: f64) -> Vec<Point> {
        vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]
    }

    #[test]
    fn depth_is_the_way_out() {
        let no_fit = NoFit::new(&[rectangle(2.0, 1.0)], &[rectangle(4.0, 3.0)], 0.0);
        assert_eq!(no_fit.depth([4.0, 0.0]), 0.0);
        assert_eq!(no_fit.depth([-2.0, 1.0]), 0.0);
        assert!((no_fit.depth([3.5, 1.0]) - 0.5).abs() < 1e-12);
        assert!((no_fit.depth([1.0, -0.75]) - 0.25).abs() < 1e-12);
        // In the middle, the shortest way is up or down.
        assert!((no_fit.depth([1.0, 1.0]) - 2.0).abs() < 1e-12);
        assert!(!no_fit.may_overlap([4.0, 0.0]));
    }

    #[test]
    fn a_gap_is_kept() {
        let no_fit = NoFit::new(&[rectangle(1.0, 1.0)], &[rectangle(1.0, 1.0)], 0.5);
        assert!((no_fit.depth([1.25, 0.0]) - 0.25).abs() < 1e-12);
        assert_eq!(no_fit.depth([1.5, 0.0]), 0.0);
    }

    #[test]
    fn spans_are_where_the_depth_is_above_zero() {
        let triangle = vec![[0.0, 0.0], [3.0, 0.5], [1.0, 2.5]];
        let no_fit = NoFit::new(
            &[triangle],
            &[rectangle(2.0, 2.0), vec![[2.0, 0.0], [5.0, 1.0], [2.0, 2.0]]],
            0.0,
        );
        for step in 0..60 {
            let y = -2.6 + f64::from(step) * 0.08;
            let mut spans = Vec::new();
            no_fit.spans_at(y, &mut spans, 0.0);
            for k in 0..200 {
                let x = -4.0 + f64::from(k) * 0.05;
                let inside = spans.iter().any(|s| x > s[0] + 1e-9 && x < s[1] - 1e-9);
                let outside = spans.iter().all(|s| x < s[0] - 1e-9 || x > s[1] + 1e-9);
                let depth = no_fit.depth([x, y]);
                assert!(!inside || depth > 0.0, "{x} {y} {depth}");
                assert!(!outside || depth < 1e-9, "{x} {y} {depth}");
            }
        }
    }
}
