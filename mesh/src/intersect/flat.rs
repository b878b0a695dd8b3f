//! Meetings within one plane. All points given lie exactly on the plane of the view.

use super::Meeting;
use super::sides::{Point, View};

/// Whether a point lies in a triangle, its boundary included.
pub(super) fn point_in(view: View, triangle: &[Point; 3], p: &Point) -> bool {
    edges(triangle).iter().all(|[u, v]| view.inner(u, v, p) >= 0)
}

/// Whether a segment meets a triangle, their boundaries included.
///
/// Two convex shapes in a plane are apart exactly if the line of an edge of one separates them.
pub(super) fn segment_meets(view: View, triangle: &[Point; 3], [p, q]: [&Point; 2]) -> bool {
    if edges(triangle).iter().any(|[u, v]| view.inner(u, v, p) < 0 && view.inner(u, v, q) < 0) {
        return false;
    }
    let [a, b, c] = triangle.each_ref().map(|corner| view.inner(p, q, corner));
    !(a == b && b == c && a != 0)
}

/// How two triangles in one plane meet; the view is that of `a`.
pub(super) fn triangles(view: View, a: &[Point; 3], b: &[Point; 3]) -> Option<Meeting> {
    let mut touching = false;
    let turn_b = view.inner(&b[0], &b[1], &b[2]);
    for (of, other, turn) in [(a, b, 1), (b, a, turn_b)] {
        for [u, v] in edges(of) {
            let sides = other.each_ref().map(|p| turn * view.inner(u, v, p));
            if sides.iter().all(|&s| s < 0) {
                return None;
            }
            touching |= sides.iter().all(|&s| s <= 0);
        }
    }
    Some(if touching { Meeting::Touch } else { Meeting::Coplanar })
}

/// Whether the ray from `tip` through `p` lies in the wedge between the rays through `from` and
/// `to`, which is less than half a turn wide; its sides included.
pub(super) fn ray_in(view: View, [tip, from, to]: [&Point; 3], p: &Point) -> bool {
    let turn = view.inner(tip, from, to);
    turn * view.inner(tip, from, p) >= 0 && turn * view.inner(tip, p, to) >= 0
}

/// How two triangles with the common corner `tip` meet beyond it, if they lie in one plane.
///
/// Near the tip they are wedges; whatever they share beyond the tip, their wedges share.
pub(super) fn wedges(view: View, tip: &Point, a: [&Point; 2], b: [&Point; 2]) -> Option<Meeting> {
    let wedge = |[from, to]: [&Point; 2]| -> [Point; 3] { [*tip, *from, *to] };
    let (wedge_a, wedge_b) = (wedge(a), wedge(b));
    let inside = |w: &[Point; 3], p: &Point| ray_in(view, [&w[0], &w[1], &w[2]], p);
    let meet = a.iter().any(|p| inside(&wedge_b, p)) || b.iter().any(|p| inside(&wedge_a, p));
    if !meet {
        return None;
    }
    // Wedges that share no more than a side are separated by the line of one of their sides.
    let apart = |[from, to]: [&Point; 2], other: [&Point; 2]| {
        let turn = view.inner(tip, from, to);
        other.iter().all(|p| turn * view.inner(tip, from, p) <= 0)
            || other.iter().all(|p| turn * view.inner(tip, p, to) <= 0)
    };
    Some(if apart(a, b) || apart(b, a) { Meeting::Touch } else { Meeting::Coplanar })
}

fn edges([a, b, c]: &[Point; 3]) -> [[&Point; 2]; 3] {
    [[a, b], [b, c], [c, a]]
}
