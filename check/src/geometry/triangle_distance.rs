//! Distance of two triangles.
//!
//! The least distance of two triangles that do not cross is taken between a corner of one and
//! the other triangle, or between the insides of two edges. Corner–triangle distances fall back
//! on point–segment distances, so that triangles without area need no case of their own.
//! Segment–segment by Ericson (Real-Time Collision Detection, 2005, 5.1.9), for the insides
//! only, since the ends are corners.

use super::vector::{Triangle, V3, along, cross, dot, sub};

/// Squared distance of two triangles, 0 where they touch or cross, mm².
pub(crate) fn distance_squared(a: &Triangle, b: &Triangle) -> f64 {
    let mut best = f64::INFINITY;
    for k in 0..3 {
        best = best.min(point_triangle(a[k], b)).min(point_triangle(b[k], a));
    }
    for (p, q) in edges(a) {
        for (r, s) in edges(b) {
            best = best.min(inner_edge_edge(p, q, r, s));
        }
    }
    if edges(a).any(|(p, q)| pierces(p, q, b)) || edges(b).any(|(p, q)| pierces(p, q, a)) {
        best = 0.0;
    }
    best
}

fn edges(t: &Triangle) -> impl Iterator<Item = (V3, V3)> {
    [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])].into_iter()
}

/// Squared distance of a point to a segment.
fn point_segment(p: V3, a: V3, b: V3) -> f64 {
    let (ab, ap) = (sub(b, a), sub(p, a));
    let length = dot(ab, ab);
    let s = if length > 0.0 { (dot(ap, ab) / length).clamp(0.0, 1.0) } else { 0.0 };
    let d = sub(p, along(a, s, ab));
    dot(d, d)
}

/// Squared distance of a point to a triangle.
fn point_triangle(p: V3, t: &Triangle) -> f64 {
    let n = cross(sub(t[1], t[0]), sub(t[2], t[0]));
    let nn = dot(n, n);
    // Above the inside if on the inner side of all three edges.
    if nn > 0.0 && edges(t).all(|(a, b)| dot(cross(sub(b, a), sub(p, a)), n) >= 0.0) {
        let height = dot(sub(p, t[0]), n);
        return height * height / nn;
    }
    edges(t).map(|(a, b)| point_segment(p, a, b)).fold(f64::INFINITY, f64::min)
}

/// Squared distance of two lines where it is taken inside both segments, else infinity.
fn inner_edge_edge(p: V3, q: V3, r: V3, s: V3) -> f64 {
    let (u, v, w) = (sub(q, p), sub(s, r), sub(p, r));
    let (uu, uv, vv) = (dot(u, u), dot(u, v), dot(v, v));
    let (uw, vw) = (dot(u, w), dot(v, w));
    let denominator = uu * vv - uv * uv;
    if denominator <= 0.0 {
        return f64::INFINITY;
    }
    let (a, b) = ((uv * vw - vv * uw) / denominator, (uu * vw - uv * uw) / denominator);
    if !(0.0..=1.0).contains(&a) || !(0.0..=1.0).contains(&b) {
        return f64::INFINITY;
    }
    // The true distance of two points of the segments, so never less than the least distance.
    let d = sub(along(p, a, u), along(r, b, v));
    dot(d, d)
}

/// Whether a segment passes from one side of a triangle to the other through its inside.
fn pierces(p: V3, q: V3, t: &Triangle) -> bool {
    let n = cross(sub(t[1], t[0]), sub(t[2], t[0]));
    let (hp, hq) = (dot(sub(p, t[0]), n), dot(sub(q, t[0]), n));
    // Ends on the plane are corners, whose distances are taken elsewhere.
    if hp * hq >= 0.0 {
        return false;
    }
    let x = along(p, hp / (hp - hq), sub(q, p));
    edges(t).all(|(a, b)| dot(cross(sub(b, a), sub(x, a)), n) >= 0.0)
}

#[cfg(test)]
mod tests;
