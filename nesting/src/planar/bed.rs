//! What outlines are laid out in: a box, straight edges across it, and outlines that stay.

use platewright_model::strip::ring_area;

use super::convex::{Point, cross};
use super::shape::Outlines;

/// The convex hull of where outlines may lie, inside of the box that all places are kept in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hull {
    /// Outward normals of unit length and the distances of the edges from the origin; none for a
    /// rectangle along the axes.
    edges: Vec<[f64; 3]>,
    /// A point well inside.
    middle: Point,
}

impl Hull {
    /// Of a convex ring, counter-clockwise, from whose edges outlines keep a distance; edges along
    /// the axes belong to the box.
    pub(crate) fn new(ring: &[Point], apart: f64) -> Self {
        let n = ring.len();
        let edges = (0..n).filter_map(|k| {
            let (p, q) = (ring[k], ring[(k + 1) % n]);
            let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
            let length = dx.hypot(dy);
            if dx.abs().min(dy.abs()) <= 1e-9 * length {
                return None;
            }
            let normal = [dy / length, -dx / length];
            Some([normal[0], normal[1], normal[0] * p[0] + normal[1] * p[1] - apart])
        });
        let middle = [0, 1].map(|k| ring.iter().map(|p| p[k]).sum::<f64>() / n.max(1) as f64);
        Self { edges: edges.collect(), middle }
    }
}

/// The convex hull of points, counter-clockwise (Andrew 1979).
pub(crate) fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while chain.len() > 1 && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter().copied());
    hull.extend(half(&mut sorted.iter().rev().copied()));
    debug_assert!(hull.len() < 3 || ring_area(&hull) > 0.0);
    hull
}

/// How far the origins of outlines at their turns may go before they reach over the hull.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    edges: Vec<[f64; 2]>,
    middle: Point,
    /// By turned outline, then by edge.
    most: Vec<f64>,
    /// By turned outline: within this distance of the middle it is inside of all edges.
    safe: Vec<f64>,
}

impl Limits {
    /// Of all outlines at all their turns.
    pub(crate) fn new(hull: &Hull, outlines: &Outlines) -> Self {
        if hull.edges.is_empty() {
            return Self::default();
        }
        let mut limits = Self {
            edges: hull.edges.iter().map(|edge| [edge[0], edge[1]]).collect(),
            middle: hull.middle,
            most: Vec::with_capacity(outlines.turned.len() * hull.edges.len()),
            safe: Vec::with_capacity(outlines.turned.len()),
        };
        for turned in &outlines.turned {
            let shape = &outlines.shapes[turned.shape as usize];
            let first = limits.most.len();
            limits.most.extend(
                hull.edges
                    .iter()
                    .map(|&[x, y, at]| at - shape.keep.margin - turned.pieces.reach([x, y])),
            );
            let room = limits.most[first..]
                .iter()
                .zip(&limits.edges)
                .map(|(most, edge)| most - edge[0] * hull.middle[0] - edge[1] * hull.middle[1]);
            limits.safe.push(room.fold(f64::INFINITY, f64::min));
        }
        limits
    }

    /// How far a turned outline at a place reaches over the hull.
    #[inline]
    pub(crate) fn over(&self, turned: u32, at: Point) -> f64 {
        let Some(&safe) = self.safe.get(turned as usize) else { return 0.0 };
        let [x, y] = [at[0] - self.middle[0], at[1] - self.middle[1]];
        if safe > 0.0 && x * x + y * y <= safe * safe {
            return 0.0;
        }
        let first = turned as usize * self.edges.len();
        let most = &self.most[first..first + self.edges.len()];
        let over = |(edge, most): (&[f64; 2], &f64)| edge[0] * at[0] + edge[1] * at[1] - most;
        self.edges.iter().zip(most).map(over).fold(0.0, f64::max)
    }
}
