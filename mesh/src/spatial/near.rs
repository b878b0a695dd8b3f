//! Best-first questions: the first triangle on a ray, the nearest triangle to a point.

use nalgebra::{Point3, Vector3};

use super::tree::{BoxTree, LANES, Lanes};
use crate::TriMesh;

/// Where a ray meets a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) triangle: u32,
    /// Distance from the origin in lengths of the direction.
    pub(crate) along: f64,
}

/// The nearest place of a surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Nearest {
    pub(crate) triangle: u32,
    pub(crate) at: Point3<f64>,
    pub(crate) distance: f64,
}

impl BoxTree {
    /// The first triangle that a ray meets; those of which `skip` holds do not stop it, nor do
    /// triangles seen edge-on. Of equal distances the lowest triangle counts.
    ///
    /// Decided in `f64`; a ray through a common edge meets at least one of the two triangles.
    pub(crate) fn cast(
        &self,
        mesh: &TriMesh,
        origin: Point3<f64>,
        direction: Vector3<f64>,
        skip: &impl Fn(u32) -> bool,
    ) -> Option<Hit> {
        let from = self.frame.relative(origin.into());
        let inverse: [f64; 3] = std::array::from_fn(|k| 1.0 / direction[k]);
        let slack = self.frame.slack;
        let enter = |lanes: &Lanes| -> [f64; LANES] {
            let mut near = [0.0_f64; LANES];
            let mut far = [f64::INFINITY; LANES];
            for k in 0..3 {
                let (low, high) = (lanes.min[k].as_array(), lanes.max[k].as_array());
                for i in 0..LANES {
                    let a = (f64::from(low[i]) - slack - from[k]) * inverse[k];
                    let b = (f64::from(high[i]) + slack - from[k]) * inverse[k];
                    // A ray within the plane of a face gives no number, which `max` and `min`
                    // leave aside.
                    near[i] = near[i].max(a.min(b));
                    far[i] = far[i].min(a.max(b));
                }
            }
            std::array::from_fn(|i| if near[i] <= far[i] { near[i] } else { f64::INFINITY })
        };
        let mut best: Option<Hit> = None;
        self.best_first(enter, |t, limit| {
            if skip(t) {
                return limit;
            }
            let Some(along) = meet(&mesh.corners(t as usize), origin, direction) else {
                return limit;
            };
            if best.is_none_or(|b| (along, t) < (b.along, b.triangle)) {
                best = Some(Hit { triangle: t, along });
            }
            limit.min(along)
        });
        best
    }

    /// The place of the surface nearest to `p` and nearer than `limit`; triangles of which
    /// `skip` holds do not count. Of equal distances the lowest triangle counts.
    pub(crate) fn nearest(
        &self,
        mesh: &TriMesh,
        p: Point3<f64>,
        limit: f64,
        skip: &impl Fn(u32) -> bool,
    ) -> Option<Nearest> {
        let from = self.frame.relative(p.into());
        let slack = self.frame.slack;
        let distance = |lanes: &Lanes| -> [f64; LANES] {
            let mut square = [0.0_f64; LANES];
            for (k, &x) in from.iter().enumerate() {
                let (low, high) = (lanes.min[k].as_array(), lanes.max[k].as_array());
                for i in 0..LANES {
                    let below = f64::from(low[i]) - slack - x;
                    let above = x - f64::from(high[i]) - slack;
                    let d = below.max(above).max(0.0);
                    square[i] += d * d;
                }
            }
            square
        };
        let mut best: Option<(f64, u32, Point3<f64>)> = None;
        let mut limit = limit * limit;
        self.best_first(distance, |t, _| {
            if !skip(t) {
                let at = nearest_of(&mesh.corners(t as usize), p);
                let square = (at - p).norm_squared();
                let nearer = best.is_none_or(|b| (square, t) < (b.0, b.1));
                if square <= limit && nearer {
                    best = Some((square, t, at));
                    limit = square;
                }
            }
            limit
        });
        best.map(|(square, triangle, at)| Nearest { triangle, at, distance: square.sqrt() })
    }

    /// Visits triangles by their nodes, nearest first, as long as the bound of a node does not
    /// exceed the limit that `visit` gave last.
    fn best_first(
        &self,
        bounds: impl Fn(&Lanes) -> [f64; LANES],
        mut visit: impl FnMut(u32, f64) -> f64,
    ) {
        if self.order().is_empty() {
            return;
        }
        let mut limit = f64::MAX;
        let mut stack = vec![(0.0, self.height() - 1, 0)];
        while let Some((bound, level, i)) = stack.pop() {
            if bound > limit {
                continue;
            }
            let mut near: [(f64, usize); LANES] = [(0.0, 0); LANES];
            let node = self.node(level, i);
            for (lane, bound) in bounds(node).into_iter().enumerate() {
                let empty = node.min[0].as_array()[lane] > node.max[0].as_array()[lane];
                near[lane] = (if empty { f64::INFINITY } else { bound }, lane);
            }
            // Farthest first onto the stack.
            near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            if level > 0 {
                stack.extend(
                    near.iter()
                        .filter(|n| n.0 <= limit)
                        .map(|&(bound, lane)| (bound, level - 1, i * LANES + lane)),
                );
            } else {
                for &(bound, lane) in near.iter().rev() {
                    let t = self.order()[i * LANES + lane];
                    if bound <= limit && t != u32::MAX {
                        limit = visit(t, limit);
                    }
                }
            }
        }
    }
}

/// Distance along a ray to a triangle, in lengths of the direction; not behind the origin.
///
/// The signs of three volumes say on which side of each edge the ray passes. Two triangles of an
/// edge get exactly opposite volumes, so no ray slips between them.
fn meet([a, b, c]: &[Point3<f64>; 3], origin: Point3<f64>, direction: Vector3<f64>) -> Option<f64> {
    let (a, b, c) = (a - origin, b - origin, c - origin);
    let sides =
        [direction.dot(&b.cross(&c)), direction.dot(&c.cross(&a)), direction.dot(&a.cross(&b))];
    if sides.iter().any(|&s| s < 0.0) && sides.iter().any(|&s| s > 0.0) {
        return None;
    }
    let normal = (b - a).cross(&(c - a));
    let along = normal.dot(&a) / normal.dot(&direction);
    (along.is_finite() && along >= 0.0).then_some(along)
}

/// The place of a triangle nearest to a point (Ericson, "Real-Time Collision Detection", 5.1.5).
fn nearest_of([a, b, c]: &[Point3<f64>; 3], p: Point3<f64>) -> Point3<f64> {
    let (ab, ac) = (b - a, c - a);
    let at = |from: &Point3<f64>| (ab.dot(&(p - from)), ac.dot(&(p - from)));
    let ((a1, a2), (b1, b2), (c1, c2)) = (at(a), at(b), at(c));
    if a1 <= 0.0 && a2 <= 0.0 {
        return *a;
    }
    if b1 >= 0.0 && b2 <= b1 {
        return *b;
    }
    if c2 >= 0.0 && c1 <= c2 {
        return *c;
    }
    let (of_c, of_b, of_a) = (a1 * b2 - b1 * a2, c1 * a2 - a1 * c2, b1 * c2 - c1 * b2);
    if of_c <= 0.0 && a1 >= 0.0 && b1 <= 0.0 {
        return a + ab * share(a1, a1 - b1);
    }
    if of_b <= 0.0 && a2 >= 0.0 && c2 <= 0.0 {
        return a + ac * share(a2, a2 - c2);
    }
    if of_a <= 0.0 && b2 >= b1 && c1 >= c2 {
        return b + (c - b) * share(b2 - b1, (b2 - b1) + (c1 - c2));
    }
    let whole = of_a + of_b + of_c;
    a + ab * share(of_b, whole) + ac * share(of_c, whole)
}

/// A part of a whole; none of nothing (a triangle without extent).
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
