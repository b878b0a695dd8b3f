//! A surface over a loop of points.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use nalgebra::Point3;

/// Loops up to this long get the surface of least area; its cost grows with the cube.
const EXACT: usize = 200;

/// Triangles over a loop of at least 3 points, in the sense of the loop, numbered by place on
/// it: n − 2 of them.
pub(super) fn triangulate(points: &[Point3<f64>]) -> Vec<[u32; 3]> {
    if points.len() <= EXACT { least_area(points) } else { ears(points) }
}

/// What a triangle costs: its area, and a little for its outline, so that flat loops do not get
/// long thin triangles.
fn cost(a: Point3<f64>, b: Point3<f64>, c: Point3<f64>) -> f64 {
    let (u, v) = (b - a, c - a);
    u.cross(&v).norm() + 1e-6 * (u.norm_squared() + v.norm_squared() + (c - b).norm_squared())
}

/// The triangulation of least area (Barequet and Sharir 1995): the best over points i … k is the
/// best choice of the corner between them.
fn least_area(points: &[Point3<f64>]) -> Vec<[u32; 3]> {
    let n = points.len();
    let at = |i: usize, k: usize| i * n + k;
    let mut best = vec![0.0; n * n];
    let mut corner = vec![0_u32; n * n];
    for gap in 2..n {
        for i in 0..n - gap {
            let k = i + gap;
            let mut least = (f64::INFINITY, i + 1);
            for j in i + 1..k {
                let total = best[at(i, j)] + best[at(j, k)] + cost(points[i], points[j], points[k]);
                if total < least.0 {
                    least = (total, j);
                }
            }
            best[at(i, k)] = least.0;
            corner[at(i, k)] = least.1 as u32;
        }
    }
    let mut triangles = Vec::with_capacity(n - 2);
    let mut spans = vec![(0, n - 1)];
    while let Some((i, k)) = spans.pop() {
        if k - i < 2 {
            continue;
        }
        let j = corner[at(i, k)] as usize;
        triangles.push([i as u32, j as u32, k as u32]);
        spans.extend([(i, j), (j, k)]);
    }
    triangles
}

/// Cuts off the cheapest ear again and again. Ears that turn against the loop's mean normal cost
/// a penalty, so that flat loops with notches are not cut across them.
fn ears(points: &[Point3<f64>]) -> Vec<[u32; 3]> {
    let n = points.len();
    let origin = points[0];
    let normal: nalgebra::Vector3<f64> =
        (0..n).map(|i| (points[i] - origin).cross(&(points[(i + 1) % n] - origin))).sum();
    let mut before: Vec<usize> = (0..n).map(|i| (i + n - 1) % n).collect();
    let mut after: Vec<usize> = (0..n).map(|i| (i + 1) % n).collect();
    let mut version = vec![0_u32; n];
    let weight = |a: usize, b: usize, c: usize| {
        let (a, b, c) = (points[a], points[b], points[c]);
        let outline = (c - a).norm_squared();
        let against = (b - a).cross(&(c - b)).dot(&normal) <= 0.0;
        // Non-negative floats sort as their bits do.
        (against, (outline + (b - a).cross(&(c - b)).norm()).to_bits())
    };
    let mut queue: BinaryHeap<_> =
        (0..n).map(|i| Reverse((weight(before[i], i, after[i]), i, 0))).collect();
    let mut triangles = Vec::with_capacity(n - 2);
    while triangles.len() < n - 2 {
        let Some(Reverse((_, i, v))) = queue.pop() else { break };
        if v != version[i] {
            continue;
        }
        let (a, c) = (before[i], after[i]);
        triangles.push([a as u32, i as u32, c as u32]);
        version[i] = u32::MAX;
        (after[a], before[c]) = (c, a);
        for x in [a, c] {
            version[x] += 1;
            queue.push(Reverse((weight(before[x], x, after[x]), x, version[x])));
        }
    }
    triangles
}
