//! How often a closed surface runs around a point.

use super::order::Box32;
use super::tree::BoxTree;
use crate::TriMesh;
use crate::intersect::sides::{Point, View, side};

/// Winding number around `point` of the triangles of which `keep` holds: 0 outside, 1 inside of
/// one outward shell. `None` where the point lies on one of them.
///
/// Exact for surfaces that close; for others it counts the crossings of one ray.
///
/// Counts the triangles that a ray in direction x leaves through, less those it enters through.
/// Where the ray meets an edge or a vertex, it counts as moved by an infinitely small bit along
/// y and a still smaller one along z, so that it passes every edge on one side.
pub(crate) fn winding_of(
    mesh: &TriMesh,
    tree: &BoxTree,
    point: [f64; 3],
    keep: impl Fn(u32) -> bool,
) -> Option<i32> {
    winding_by(tree, point, |t| keep(t).then(|| mesh.corners(t as usize).map(Into::into)))
}

/// As [`winding_of`], of the triangles for whose number in the tree `corners` gives corners.
pub(crate) fn winding_by(
    tree: &BoxTree,
    point: [f64; 3],
    corners: impl Fn(u32) -> Option<[Point; 3]>,
) -> Option<i32> {
    let from = tree.frame.at(point);
    let ray = Box32 { min: from, max: [f32::INFINITY, from[1], from[2]] };
    let (mut winding, mut on_surface) = (0, false);
    tree.each_meeting(ray, &mut |t| {
        if let Some(corners) = corners(t) {
            match passes(&corners, &point) {
                Some(crossing) => winding += crossing,
                None => on_surface = true,
            }
        }
    });
    (!on_surface).then_some(winding)
}

/// 1 if the ray from `p` leaves through the triangle, −1 if it enters, 0 if it passes by; `None`
/// if `p` lies on the triangle.
fn passes(corners: &[Point; 3], p: &Point) -> Option<i32> {
    let view = View::along_x();
    let mut turn = 0;
    let mut sides = [0; 3];
    for k in 0..3 {
        let (a, b) = (&corners[k], &corners[(k + 1) % 3]);
        sides[k] = view.inner(a, b, p);
        match (a[2] > p[2], b[2] > p[2]) {
            (false, true) if sides[k] > 0 => turn += 1,
            (true, false) if sides[k] < 0 => turn -= 1,
            _ => {}
        }
    }
    if sides.contains(&1) && sides.contains(&-1) {
        return Some(0);
    }
    let [a, b, c] = corners;
    let ahead = side(a, b, c, p);
    if ahead == 0 && lies_on(corners, p) {
        return None;
    }
    // The triangle lies ahead if the ray comes from the side that it turns its back to.
    Some(if turn * ahead < 0 { turn } else { 0 })
}

/// Whether a point on the plane of a triangle lies on the triangle.
fn lies_on(corners: &[Point; 3], p: &Point) -> bool {
    let Some(view) = View::of(corners) else { return false };
    (0..3).all(|k| view.inner(&corners[k], &corners[(k + 1) % 3], p) >= 0)
}
