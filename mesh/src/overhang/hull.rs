//! Convex hull of a few points, to find how a part can stand.

use nalgebra::{Point3, Vector3};

use crate::intersect::sides::{Point, side};

/// Triangles of the convex hull, counter-clockwise from outside; none for points in one plane.
///
/// Points are added one by one; those that see faces from outside, by exact signs, replace them.
/// Cost: points times faces.
pub(super) fn hull(points: &[Point3<f64>]) -> Vec<[usize; 3]> {
    let at: Vec<Point> = points.iter().map(|&p| p.into()).collect();
    let Some(mut faces) = first_faces(&at) else { return Vec::new() };
    for p in 0..at.len() {
        let sees = |f: &[usize; 3]| side(&at[f[0]], &at[f[1]], &at[f[2]], &at[p]) > 0;
        let (seen, mut kept): (Vec<_>, Vec<_>) = faces.iter().copied().partition(sees);
        if seen.is_empty() {
            continue;
        }
        let edges: Vec<[usize; 2]> =
            seen.iter().flat_map(|&[a, b, c]| [[a, b], [b, c], [c, a]]).collect();
        // An edge of the rim is run through once: its other side belongs to a face not seen.
        for &[a, b] in edges.iter().filter(|[a, b]| !edges.contains(&[*b, *a])) {
            kept.push([a, b, p]);
        }
        faces = kept;
    }
    faces
}

/// A tetrahedron of four of the points.
fn first_faces(at: &[Point]) -> Option<Vec<[usize; 3]>> {
    let far = |from: &dyn Fn(Vector3<f64>) -> f64, base: usize| {
        let origin = Vector3::from(*at.get(base)?);
        let size = |i: &usize| from(Vector3::from(at[*i]) - origin);
        (0..at.len()).max_by(|i, j| size(i).total_cmp(&size(j)))
    };
    let b = far(&|d| d.norm_squared(), 0)?;
    let along = Vector3::from(at[b]) - Vector3::from(at[0]);
    let c = far(&|d| d.cross(&along).norm_squared(), 0)?;
    let normal = along.cross(&(Vector3::from(at[c]) - Vector3::from(at[0])));
    let d = far(&|d| d.dot(&normal).abs(), 0)?;
    let faces = |[a, b, c, d]: [usize; 4]| vec![[a, b, c], [a, d, b], [b, d, c], [c, d, a]];
    match side(&at[0], &at[b], &at[c], &at[d]) {
        1 => Some(faces([0, c, b, d])),
        -1 => Some(faces([0, b, c, d])),
        _ => None,
    }
}
