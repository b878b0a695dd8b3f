//! Surfaces over long outlines: in their plane where they are flat, ear by ear where not.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use nalgebra::{Point3, Vector3};
use spade::handles::FixedVertexHandle;
use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};

/// A loop is flat if no point is further from its plane than this share of its extent.
const FLAT: f64 = 1e-3;

/// A flat loop cut in its plane: a constrained Delaunay triangulation of its projection. `None`
/// if the loop is not flat, or its projection crosses itself.
pub(super) fn flat(points: &[Point3<f64>]) -> Option<Vec<[u32; 3]>> {
    if !is_flat(points) {
        return None;
    }
    let (normal, ..) = plane(points)?;
    let helper = if normal.x.abs() < 0.6 { Vector3::x() } else { Vector3::y() };
    let x = normal.cross(&helper).normalize();
    let y = normal.cross(&x);
    let mut plane = ConstrainedDelaunayTriangulation::<Point2<f64>>::new();
    for (i, p) in points.iter().enumerate() {
        let at = p - points[0];
        let handle = plane.insert(Point2::new(at.dot(&x), at.dot(&y))).ok()?;
        if handle.index() != i {
            return None;
        }
    }
    let handle = FixedVertexHandle::from_index;
    let n = points.len();
    for i in 0..n {
        let (from, to) = (handle(i), handle((i + 1) % n));
        if !plane.can_add_constraint(from, to) {
            return None;
        }
        plane.add_constraint(from, to);
        plane.get_edge_from_neighbors(from, to)?;
    }
    // From the faces on the left of the loop inwards.
    let mut seen = vec![false; plane.num_all_faces()];
    let mut open = Vec::new();
    for i in 0..n {
        let edge = plane.get_edge_from_neighbors(handle(i), handle((i + 1) % n))?;
        open.push(edge.face().as_inner()?.fix());
    }
    let mut triangles = Vec::with_capacity(n - 2);
    while let Some(face) = open.pop() {
        if std::mem::replace(&mut seen[face.index()], true) {
            continue;
        }
        let face = plane.face(face);
        triangles.push(face.vertices().map(|v| v.fix().index() as u32));
        for edge in face.adjacent_edges() {
            if !edge.is_constraint_edge() {
                open.push(edge.rev().face().as_inner()?.fix());
            }
        }
    }
    (triangles.len() == n - 2).then_some(triangles)
}

/// Whether a loop lies in a plane.
pub(super) fn is_flat(points: &[Point3<f64>]) -> bool {
    plane(points).is_some_and(|(_, off, size)| off <= FLAT * size)
}

/// The mean normal of a loop, its furthest point's distance from its plane, and its extent.
fn plane(points: &[Point3<f64>]) -> Option<(Vector3<f64>, f64, f64)> {
    let n = points.len();
    let origin = points[0];
    let normal: Vector3<f64> =
        (0..n).map(|i| (points[i] - origin).cross(&(points[(i + 1) % n] - origin))).sum();
    let normal = normal.try_normalize(0.0)?;
    let middle = points.iter().map(|p| (p - origin).dot(&normal)).sum::<f64>() / n as f64;
    let off = |p: &Point3<f64>| ((p - origin).dot(&normal) - middle).abs();
    let size = points.iter().map(|p| (p - origin).norm()).fold(0.0, f64::max);
    Some((normal, points.iter().map(off).fold(0.0, f64::max), size))
}

/// Cuts off the cheapest ear again and again. Ears that turn against the loop's mean normal cost
/// a penalty, so that flat loops with notches are not cut across them.
pub(super) fn ears(points: &[Point3<f64>]) -> Vec<[u32; 3]> {
    let n = points.len();
    let origin = points[0];
    let normal: Vector3<f64> =
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A star: a flat loop with deep notches, seen from above counter-clockwise, its points off
    /// the plane by up to `off`.
    fn star(n: usize, off: f64) -> Vec<Point3<f64>> {
        (0..n)
            .map(|i| {
                let angle = i as f64 / n as f64 * std::f64::consts::TAU;
                let radius = if i % 2 == 0 { 10.0 } else { 4.0 };
                let z = off * (i as f64).sin();
                Point3::new(radius * angle.cos(), radius * angle.sin(), z)
            })
            .collect()
    }

    fn area(points: &[Point3<f64>], triangles: &[[u32; 3]]) -> (f64, f64) {
        triangles.iter().fold((0.0, 0.0), |(signed, total), t| {
            let [a, b, c] = t.map(|i| points[i as usize]);
            let twice = (b - a).cross(&(c - a));
            (signed + twice.z / 2.0, total + twice.norm() / 2.0)
        })
    }

    #[test]
    fn flat_loops_are_filled_without_overlap_however_long() {
        for n in [4, 20, 200, 1000] {
            let points = star(n, 0.0);
            let triangles = flat(&points).expect("a star is a simple loop");
            let expected = n as f64 / 2.0 * 40.0 * (std::f64::consts::TAU / n as f64).sin();
            let (signed, total) = area(&points, &triangles);
            assert_eq!(triangles.len(), n - 2);
            assert!((signed - expected).abs() < 1e-9 && (total - expected).abs() < 1e-9, "{n}");
        }
    }

    #[test]
    fn long_loops_off_a_plane_are_filled_in_their_sense() {
        let points = star(400, 2.0);
        assert!(flat(&points).is_none());
        let triangles = ears(&points);
        assert_eq!(triangles.len(), 398);
        let (signed, _) = area(&points, &triangles);
        assert!(signed > 0.0);
    }
}
