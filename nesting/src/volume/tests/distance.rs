//! Exact distance between triangles, the slow way.

use nalgebra::{Point3, Vector3};

pub(super) type Triangle = [Point3<f64>; 3];

/// Distance between two triangles; 0 if they meet.
pub(super) fn triangles(a: &Triangle, b: &Triangle) -> f64 {
    let mut least = f64::INFINITY;
    for i in 0..3 {
        let (p, q) = (a[i], a[(i + 1) % 3]);
        let (r, s) = (b[i], b[(i + 1) % 3]);
        if pierces(p, q, b) || pierces(r, s, a) {
            return 0.0;
        }
        least = least.min(point(p, b)).min(point(r, a));
        for k in 0..3 {
            least = least.min(segments(p, q, b[k], b[(k + 1) % 3]));
        }
    }
    least
}

fn pierces(p: Point3<f64>, q: Point3<f64>, t: &Triangle) -> bool {
    let n = (t[1] - t[0]).cross(&(t[2] - t[0]));
    let (dp, dq) = (n.dot(&(p - t[0])), n.dot(&(q - t[0])));
    if dp * dq >= 0.0 {
        return false;
    }
    let at = p + (q - p) * (dp / (dp - dq));
    (0..3).all(|i| n.dot(&(t[(i + 1) % 3] - t[i]).cross(&(at - t[i]))) >= 0.0)
}

/// Distance from a point to a triangle.
pub(super) fn point(p: Point3<f64>, t: &Triangle) -> f64 {
    let n = (t[1] - t[0]).cross(&(t[2] - t[0]));
    if n.norm() > 0.0 {
        let foot = p - n * (n.dot(&(p - t[0])) / n.norm_squared());
        if (0..3).all(|i| n.dot(&(t[(i + 1) % 3] - t[i]).cross(&(foot - t[i]))) >= 0.0) {
            return (p - foot).norm();
        }
    }
    (0..3).map(|i| segments(p, p, t[i], t[(i + 1) % 3])).fold(f64::INFINITY, f64::min)
}

fn segments(p: Point3<f64>, q: Point3<f64>, r: Point3<f64>, s: Point3<f64>) -> f64 {
    let (d, e, w): (Vector3<f64>, _, _) = (q - p, s - r, p - r);
    let (a, b, c) = (d.dot(&d), d.dot(&e), e.dot(&e));
    let (f, g) = (d.dot(&w), e.dot(&w));
    let det = a * c - b * b;
    let clamp = |v: f64| if v.is_nan() { 0.0 } else { v.clamp(0.0, 1.0) };
    let mut u = if det > 1e-12 * a * c { clamp((b * g - c * f) / det) } else { 0.0 };
    let v = clamp((b * u + g) / c);
    u = clamp((b * v - f) / a);
    (p + d * u - (r + e * v)).norm()
}

#[test]
fn known_distances() {
    let t = |z: f64| [Point3::new(0.0, 0.0, z), Point3::new(4.0, 0.0, z), Point3::new(0.0, 4.0, z)];
    assert!((triangles(&t(0.0), &t(1.5)) - 1.5).abs() < 1e-12);
    let upright =
        [Point3::new(1.0, 1.0, -1.0), Point3::new(1.0, 1.0, 1.0), Point3::new(9.0, 9.0, 0.0)];
    assert_eq!(triangles(&t(0.0), &upright), 0.0);
    let beside = t(0.0).map(|p| p + Vector3::new(7.0, 0.0, 4.0));
    assert!((triangles(&t(0.0), &beside) - 5.0).abs() < 1e-12);
}
