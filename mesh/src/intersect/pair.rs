//! How two triangles meet, exactly.
//!
//! Sides of planes decide nearly everything. Where two triangles reach through each other's
//! planes, the order of their four crossings along the common line does (Guigue and Devillers,
//! "Fast and robust triangle-triangle overlap test using orientation predicates", 2003). A common
//! corner lies on both planes by name, which spares predicates and false alarms.

use super::sides::{Point, View, side};
use super::{Meeting, flat};

/// Two triangles by their vertex numbers and corners. Neither may be without area.
pub(super) fn meeting(ids: [&[u32; 3]; 2], [a, b]: [&[Point; 3]; 2]) -> Option<Meeting> {
    let in_b = ids[0].map(|v| ids[1].iter().position(|&w| w == v));
    let mut shared = (0..3).filter_map(|i| in_b[i].map(|j| (i, j)));
    match (shared.next(), shared.next(), shared.next()) {
        (None, _, _) => no_common_corner(a, b),
        (Some((i, j)), None, _) => {
            let at = |t: &[Point; 3], k: usize| [t[(k + 1) % 3], t[(k + 2) % 3]];
            let ([a1, a2], [b1, b2]) = (at(a, i), at(b, j));
            common_corner(&a[i], [&a1, &a2], [&b1, &b2])
        }
        (Some((i0, j0)), Some((i1, j1)), None) => common_edge(a, [&a[i0], &a[i1]], &b[3 - j0 - j1]),
        (Some(_), Some(_), Some(_)) => Some(Meeting::Coplanar),
    }
}

/// Triangles with a common edge meet beyond it only if they are folded onto each other.
fn common_edge(a: &[Point; 3], [u, v]: [&Point; 2], apex: &Point) -> Option<Meeting> {
    if side(&a[0], &a[1], &a[2], apex) != 0 {
        return None;
    }
    let view = View::of(a)?;
    let of_a: i32 = a.iter().map(|p| view.inner(u, v, p)).sum();
    (of_a == view.inner(u, v, apex)).then_some(Meeting::Coplanar)
}

fn common_corner(tip: &Point, a: [&Point; 2], b: [&Point; 2]) -> Option<Meeting> {
    let side_b = b.map(|p| side(tip, a[0], a[1], p));
    if side_b[0] * side_b[1] > 0 {
        return None;
    }
    if side_b == [0, 0] {
        return flat::wedges(View::of(&[*tip, *a[0], *a[1]])?, tip, a, b);
    }
    let side_a = a.map(|p| side(tip, b[0], b[1], p));
    if side_a[0] * side_a[1] > 0 {
        return None;
    }
    // One edge of one triangle in the plane of the other: a ray against a wedge.
    for (sides, own, other) in [(side_b, b, a), (side_a, a, b)] {
        if let Some(k) = sides.iter().position(|&s| s == 0) {
            let view = View::of(&[*tip, *other[0], *other[1]])?;
            let meet = flat::ray_in(view, [tip, other[0], other[1]], own[k]);
            return meet.then_some(Meeting::Touch);
        }
    }
    // Both reach through the other's plane, along the common line from the tip on: either both
    // the same way or opposite ways. With the tip as origin, the sign of det(b₀, b₁, a₀) says how
    // edge a crosses plane b, that of det(a₀, a₁, b₀) on which side of a's crossing b₀ is left.
    (side_a[0] * side_b[0] < 0).then_some(Meeting::Cross)
}

fn no_common_corner(a: &[Point; 3], b: &[Point; 3]) -> Option<Meeting> {
    let side_b = b.each_ref().map(|p| side(&a[0], &a[1], &a[2], p));
    if on_one_side(side_b) {
        return None;
    }
    if side_b == [0; 3] {
        return flat::triangles(View::of(a)?, a, b);
    }
    let side_a = a.each_ref().map(|p| side(&b[0], &b[1], &b[2], p));
    if on_one_side(side_a) {
        return None;
    }
    // A triangle that does not reach through the other's plane touches it in a corner or edge.
    for (sides, own, other) in [(side_b, b, a), (side_a, a, b)] {
        if !reaches_through(sides) {
            let view = View::of(other)?;
            let mut on = (0..3).filter(|&k| sides[k] == 0).map(|k| &own[k]);
            let meet = match (on.next(), on.next()) {
                (Some(p), None) => flat::point_in(view, other, p),
                (Some(p), Some(q)) => flat::segment_meets(view, other, [p, q]),
                (None, _) => false,
            };
            return meet.then_some(Meeting::Touch);
        }
    }
    through(a, side_a, b, side_b)
}

/// Both triangles reach through the other's plane: their parts on the common line overlap?
fn through(a: &[Point; 3], side_a: [i32; 3], b: &[Point; 3], side_b: [i32; 3]) -> Option<Meeting> {
    let (i, j) = (lone(side_a), lone(side_b));
    let from = |t: &[Point; 3], k: usize| [t[k], t[(k + 1) % 3], t[(k + 2) % 3]];
    let ([p1, mut q1, mut r1], [p2, mut q2, mut r2]) = (from(a, i), from(b, j));
    // Turn both so that each lone corner lies on the positive side of the other.
    if side_a[i] < 0 {
        std::mem::swap(&mut q2, &mut r2);
    }
    if side_b[j] < 0 {
        std::mem::swap(&mut q1, &mut r1);
    }
    let first = side(&p1, &q1, &p2, &q2);
    if first > 0 {
        return None;
    }
    let second = side(&p1, &r1, &r2, &p2);
    match first.max(second) {
        1 => None,
        0 => Some(Meeting::Touch),
        _ => Some(Meeting::Cross),
    }
}

fn on_one_side(sides: [i32; 3]) -> bool {
    sides == [1; 3] || sides == [-1; 3]
}

fn reaches_through(sides: [i32; 3]) -> bool {
    sides.contains(&1) && sides.contains(&-1)
}

/// The corner that is alone on its side of the plane, of a triangle that reaches through it.
fn lone(sides: [i32; 3]) -> usize {
    let alone = if sides.iter().filter(|&&s| s == 1).count() == 1 { 1 } else { -1 };
    sides.iter().position(|&s| s == alone).unwrap_or(0)
}
