//! How far two convex polygons are apart, found along the normals of their edges, four at a time.

use std::sync::LazyLock;

use pulp::Simd;

use super::convex::Point;

/// What this processor can do: with wide registers, four edges are compared at once. The same
/// results come out everywhere.
pub(super) static PROCESSOR: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// Four edges of a convex polygon: outward normals of unit length and distances from the origin,
/// and the corners that they begin at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Four {
    x: [f64; 4],
    y: [f64; 4],
    at: [f64; 4],
    corner: [[f64; 4]; 2],
}

impl Four {
    /// Of edges given by normal, distance and first corner.
    pub(super) fn new(edges: [([f64; 3], Point); 4]) -> Self {
        let part = |k: usize| edges.map(|(edge, _)| edge[k]);
        let corner = [0, 1].map(|k| edges.map(|(_, corner)| corner[k]));
        Self { x: part(0), y: part(1), at: part(2), corner }
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
            let (xs, ys, ats) = (lanes::<S>(&four.x), lanes::<S>(&four.y), lanes::<S>(&four.at));
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
    if most > 0.0 { most.max(corners_apart(simd, p, q, by)) } else { most }
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
    let (none, without_end) = (simd.splat_f64s(1e-12), simd.splat_f64s(f64::INFINITY));
    let mut ways = [without_end; 2];
    let mut touching = f64::INFINITY;
    for (corners, edges, sense) in [(p.corners, q.edges, 1.0), (q.corners, p.edges, -1.0)] {
        let [level, gap] = [simd.splat_f64s(sense * level), simd.splat_f64s(gap)];
        for four in edges {
            let (xs, ys, ats) = (lanes::<S>(&four.x), lanes::<S>(&four.y), lanes::<S>(&four.at));
            let (along, across) = if axis == 0 { (xs, ys) } else { (ys, xs) };
            for k in 0..xs.len() {
                let least = nearest(simd, corners, xs[k], ys[k]);
                let room = simd.sub_f64s(simd.add_f64s(ats[k], gap), least);
                let room = simd.sub_f64s(room, simd.mul_f64s(across[k], level));
                let slope = simd.mul_f64s(along[k], simd.splat_f64s(sense));
                let fall = simd.mul_f64s(along[k], simd.splat_f64s(-sense));
                // By comparison: taking the sign away bit by bit is not always compiled in place.
                let steep = simd.max_f64s(slope, fall);
                let way = simd.div_f64s(room, steep);
                let on = simd.greater_than_f64s(slope, none);
                let back = simd.greater_than_f64s(fall, none);
                let level = simd.less_than_or_equal_f64s(steep, none);
                ways[1] = simd.min_f64s(ways[1], simd.select_f64s(on, way, without_end));
                ways[0] = simd.min_f64s(ways[0], simd.select_f64s(back, way, without_end));
                let beside = simd.reduce_min_f64s(simd.select_f64s(level, room, without_end));
                touching = if beside < touching { beside } else { touching };
            }
        }
    }
    // Edges along the axis keep them apart wherever they are.
    if touching <= 0.0 {
        return [f64::NEG_INFINITY; 2];
    }
    ways.map(|way| simd.reduce_min_f64s(way))
}

/// Four numbers in registers, of which one may hold fewer.
#[inline(always)]
fn lanes<S: Simd>(four: &[f64; 4]) -> &[S::f64s] {
    S::as_simd_f64s(four).0
}

/// The other way around: of the registers, as many as hold four numbers.
#[inline(always)]
fn stored<S: Simd>(registers: &[S::f64s; 4]) -> [f64; 4] {
    let mut four = [0.0; 4];
    for (out, register) in S::as_mut_simd_f64s(&mut four).0.iter_mut().zip(registers) {
        *out = *register;
    }
    four
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
fn corners_apart<S: Simd>(simd: S, p: Convex<'_>, q: Convex<'_>, by: Point) -> f64 {
    // Four at a time, each compared with its own kind only, so that of equal ones the same is taken
    // on all processors; registers may hold fewer than four.
    let mut least = [simd.splat_f64s(f64::INFINITY); 4];
    let mut ways = [[simd.splat_f64s(0.0); 4]; 2];
    for corner in p.corners {
        let (x, y) = (simd.splat_f64s(corner[0] + by[0]), simd.splat_f64s(corner[1] + by[1]));
        for four in q.edges {
            let (xs, ys) = (lanes::<S>(&four.corner[0]), lanes::<S>(&four.corner[1]));
            for k in 0..xs.len() {
                let (x, y) = (simd.sub_f64s(x, xs[k]), simd.sub_f64s(y, ys[k]));
                let far = simd.add_f64s(simd.mul_f64s(x, x), simd.mul_f64s(y, y));
                let nearer = simd.less_than_f64s(far, least[k]);
                least[k] = simd.select_f64s(nearer, far, least[k]);
                ways[0][k] = simd.select_f64s(nearer, x, ways[0][k]);
                ways[1][k] = simd.select_f64s(nearer, y, ways[1][k]);
            }
        }
    }
    let (far, xs, ys) = (stored::<S>(&least), stored::<S>(&ways[0]), stored::<S>(&ways[1]));
    let mut nearest = (f64::INFINITY, [0.0; 2]);
    for k in 0..4 {
        let found = (far[k], [xs[k], ys[k]]);
        nearest = if found.0 < nearest.0 { found } else { nearest };
    }
    let length = nearest.0.sqrt();
    if length == 0.0 {
        return 0.0;
    }
    let way = [nearest.1[0] / length, nearest.1[1] / length];
    let along = |p: &Point| p[0] * way[0] + p[1] * way[1];
    let mut between = [f64::INFINITY, f64::NEG_INFINITY];
    for corner in p.corners {
        between[0] = between[0].min(along(corner));
    }
    for corner in q.corners {
        between[1] = between[1].max(along(corner));
    }
    between[0] + along(&by) - between[1]
}
