//! How far two convex polygons are apart, found along the normals of their edges, four at a time.

use std::sync::LazyLock;

use pulp::Simd;

use super::convex::Point;

/// What this processor can do: with wide registers, four edges are compared at once. The same
/// results come out everywhere.
pub(super) static PROCESSOR: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// Four edges of a convex polygon: outward normals of unit length and distances from the origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Four {
    x: [f64; 4],
    y: [f64; 4],
    at: [f64; 4],
}

impl Four {
    /// Of edges given by normal and distance.
    pub(super) fn new(edges: [[f64; 3]; 4]) -> Self {
        let part = |k: usize| edges.map(|edge| edge[k]);
        Self { x: part(0), y: part(1), at: part(2) }
    }
}

/// A convex polygon: its corners, and its edges, the last one repeated to make up four.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convex<'a> {
    pub(super) corners: &'a [Point],
    pub(super) edges: &'a [Four],
}

/// How far two convex polygons are apart, if the first is moved by `by`. Below 0: how far one must
/// be moved until they touch. Exact up to `gap`; from there on at least `gap`.
#[inline(always)]
pub(super) fn apart<S: Simd>(simd: S, p: Convex<'_>, q: Convex<'_>, by: Point, gap: f64) -> f64 {
    let mut most = f64::NEG_INFINITY;
    for (corners, edges, by) in [(p.corners, q.edges, by), (q.corners, p.edges, [-by[0], -by[1]])] {
        let [x, y] = [simd.splat_f64s(by[0]), simd.splat_f64s(by[1])];
        for four in edges {
            let (xs, ys, ats) = lanes::<S>(four);
            for k in 0..xs.len() {
                let least = nearest(simd, corners, xs[k], ys[k]);
                let moved = simd.add_f64s(simd.mul_f64s(xs[k], x), simd.mul_f64s(ys[k], y));
                let apart = simd.add_f64s(least, simd.sub_f64s(moved, ats[k]));
                let apart = simd.reduce_max_f64s(apart);
                most = if apart > most { apart } else { most };
            }
            if most >= gap {
                return most;
            }
        }
    }
    if most > 0.0 { most.max(corners_apart(p.corners, q.corners, by)) } else { most }
}

/// How far to go along an axis, back or on, until two convex polygons are `gap` apart: until an
/// edge of one has all corners of the other that far behind it. The first is `level` off along the
/// other axis.
#[inline(always)]
pub(super) fn ways_out<S: Simd>(
    simd: S,
    p: Convex<'_>,
    q: Convex<'_>,
    axis: usize,
    [level, gap]: [f64; 2],
) -> [f64; 2] {
    let mut ways = [f64::INFINITY; 2];
    for (corners, edges, sense) in [(p.corners, q.edges, 1.0), (q.corners, p.edges, -1.0)] {
        for four in edges {
            let mut least = [0.0; 4];
            let (xs, ys, _) = lanes::<S>(four);
            for (k, out) in S::as_mut_simd_f64s(&mut least).0.iter_mut().enumerate() {
                *out = nearest(simd, corners, xs[k], ys[k]);
            }
            for k in 0..4 {
                let normal = [sense * four.x[k], sense * four.y[k]];
                let along = normal[axis];
                let room = four.at[k] + gap - least[k] - normal[1 - axis] * level;
                if along.abs() > 1e-12 {
                    let way = &mut ways[usize::from(along > 0.0)];
                    *way = way.min(room / along.abs());
                } else if room <= 0.0 {
                    return [f64::NEG_INFINITY; 2];
                }
            }
        }
    }
    ways
}

/// Normals and distances of four edges in registers.
#[inline(always)]
fn lanes<S: Simd>(four: &Four) -> (&[S::f64s], &[S::f64s], &[S::f64s]) {
    (S::as_simd_f64s(&four.x).0, S::as_simd_f64s(&four.y).0, S::as_simd_f64s(&four.at).0)
}

/// Least reach of corners along normals.
#[inline(always)]
fn nearest<S: Simd>(simd: S, corners: &[Point], xs: S::f64s, ys: S::f64s) -> S::f64s {
    let mut least = simd.splat_f64s(f64::INFINITY);
    for &[x, y] in corners {
        let x = simd.mul_f64s(xs, simd.splat_f64s(x));
        let y = simd.mul_f64s(ys, simd.splat_f64s(y));
        least = simd.min_f64s(least, simd.add_f64s(x, y));
    }
    least
}

/// How far two convex polygons that do not overlap are apart along the line through their nearest
/// corners.
#[inline(always)]
fn corners_apart(p_corners: &[Point], q_corners: &[Point], by: Point) -> f64 {
    let mut nearest = (f64::INFINITY, [0.0; 2]);
    for p in p_corners {
        for q in q_corners {
            let way = [p[0] + by[0] - q[0], p[1] + by[1] - q[1]];
            let far = way[0] * way[0] + way[1] * way[1];
            nearest = if far < nearest.0 { (far, way) } else { nearest };
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
