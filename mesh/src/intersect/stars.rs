//! Vertices at whose triangles the surface surely does not run through itself.
//!
//! Nearly all pairs of triangles whose boxes meet are neighbours, and most vertices lie where the
//! surface is a graph over one of the three coordinate planes: seen along an axis, all triangles
//! of the vertex turn the same way, and they go around it once. Then no two of them have more in
//! common than the corners and the edge they share, and no pair of them need be looked at.
//!
//! All of it is exact: each turn is sure beyond its error bound, closedness is a matter of
//! numbers, and how often the triangles go around the vertex is counted by comparing coordinates.

use super::scan::places;
use super::sides::{Plane, Point};
use crate::TriMesh;
use crate::topology::Topology;

/// In place of a vertex whose triangles must be looked at.
pub(super) const UNSURE: u32 = u32::MAX;

/// What is known of the triangles around a vertex, one bit an axis.
#[derive(Clone, Copy, Default)]
struct Star {
    /// Some triangle does not surely face this way along the axis.
    not_towards: u8,
    /// Some triangle does not surely face the other way along the axis.
    not_away: u8,
    /// A triangle lies at the half-line from the vertex where angles begin.
    begins: u8,
    /// More than one does.
    again: u8,
}

/// For each vertex its own number if no two triangles of it meet beyond the corners and the edge
/// they share, or [`UNSURE`].
pub(super) fn plain_vertices(mesh: &TriMesh, topology: &Topology) -> Vec<u32> {
    let mut stars = vec![Star::default(); mesh.vertices.len()];
    for triangle in &mesh.triangles {
        let at = places(mesh, triangle);
        let (towards, away) = Plane::new(&at).facing();
        let above = [above(&at[0], &at[1]), above(&at[1], &at[2]), above(&at[2], &at[0])];
        for (k, &v) in triangle.iter().enumerate() {
            let star = &mut stars[v as usize];
            star.not_towards |= !towards;
            star.not_away |= !away;
            // The side after the corner goes down, the side before it came down to the corner's
            // next but one: the triangle holds the half-line between the two.
            let begins = !above[k] & !above[(k + 2) % 3];
            star.again |= star.begins & begins;
            star.begins |= begins;
        }
    }
    // Where an edge has no two sides, the triangles do not go around.
    for side in topology.irregular_edges().flatten() {
        for v in [side.edge.0, side.edge.1] {
            stars[v as usize] = Star { not_towards: !0, not_away: !0, ..Star::default() };
        }
    }
    let plain = |star: &Star| (!star.not_towards | !star.not_away) & star.begins & !star.again;
    // The last numbers stand for none.
    let known = stars.len().min(UNSURE as usize - 1) as u32;
    (0..)
        .zip(&stars)
        .map(|(v, star)| if plain(star) & 7 != 0 && v < known { v } else { UNSURE })
        .collect()
}

/// Bit `k`: seen along axis `k`, `q` lies above `p`, or level with it and to the right.
#[inline]
fn above(p: &Point, q: &Point) -> u8 {
    let bit = |k: usize| {
        let (x, y) = ((k + 1) % 3, (k + 2) % 3);
        u8::from((q[y] > p[y]) | ((q[y] == p[y]) & (q[x] > p[x]))) << k
    };
    bit(0) | bit(1) | bit(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{cuboid, ring, sphere};

    fn plain(mesh: &TriMesh) -> usize {
        let found = plain_vertices(mesh, &Topology::new(mesh));
        found.iter().filter(|&&v| v != UNSURE).count()
    }

    /// A flat fan around vertex 0 through the given angles of a turn.
    fn fan(angles: &[f64]) -> TriMesh {
        let mut mesh = TriMesh { vertices: vec![[0.0, 0.0, 0.1].into()], triangles: Vec::new() };
        for angle in angles {
            let angle = angle * std::f64::consts::TAU;
            mesh.vertices.push([angle.cos(), angle.sin(), 0.0].into());
        }
        let n = angles.len() as u32;
        mesh.triangles = (0..n).map(|k| [0, 1 + k, 1 + (k + 1) % n]).collect();
        mesh
    }

    #[test]
    fn smooth_surfaces_are_plain_and_corners_are_not() {
        let ball = sphere(1.0, 40);
        assert!(plain(&ball) * 10 > ball.vertices.len() * 9);
        assert_eq!(plain(&cuboid([0.0; 3], [1.0; 3])), 0);
        assert!(plain(&ring(1.0, 2.0, 1.0, 40)) < 160);
    }

    #[test]
    fn a_fan_that_goes_around_twice_or_back_is_not_plain() {
        let once = fan(&[0.0, 0.3, 0.5, 0.75]);
        assert_eq!(plain(&once), 1);
        let twice = fan(&[0.0, 0.35, 0.6, 0.9, 0.2, 0.4, 0.6, 0.8]);
        assert_eq!(plain(&twice), 0);
        let back = fan(&[0.0, 0.4, 0.3, 0.75]);
        assert_eq!(plain(&back), 0);
        // Turned over, it is as plain as before; open, it is not.
        let mut over = once.clone();
        over.triangles.iter_mut().for_each(|t| t.swap(1, 2));
        assert_eq!(plain(&over), 1);
        over.triangles.pop();
        assert_eq!(plain(&over), 0);
        // A second sheet over the first one.
        let mut sheets = once;
        let more: Vec<[u32; 3]> =
            sheets.triangles.iter().map(|t| t.map(|v| if v == 0 { 0 } else { v + 4 })).collect();
        let moved: Vec<_> = sheets.vertices[1..].to_vec();
        sheets.vertices.extend(moved.into_iter().map(|p| p + nalgebra::Vector3::z()));
        sheets.triangles.extend(more);
        assert_eq!(plain(&sheets), 0);
    }
}
