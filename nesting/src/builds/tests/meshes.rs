//! Solids to nest.

use nalgebra::Point3;
use platewright_mesh::TriMesh;

/// A box from the origin.
pub(crate) fn block(size: [f64; 3]) -> TriMesh {
    let corner = |c: usize| {
        let at = |k: usize| if c >> k & 1 == 1 { size[k] } else { 0.0 };
        Point3::new(at(0), at(1), at(2))
    };
    let quads =
        [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
    let triangles = quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]);
    TriMesh { vertices: (0..8).map(corner).collect(), triangles: triangles.collect() }
}

/// A box with a closed cavity of a box in its middle.
pub(crate) fn hollow(outer: f64, inner: f64) -> TriMesh {
    let mut mesh = block([outer; 3]);
    let mut cavity = block([inner; 3]);
    let by = 0.5 * (outer - inner);
    cavity.vertices.iter_mut().for_each(|p| *p = Point3::new(p.x + by, p.y + by, p.z + by));
    cavity.triangles.iter_mut().for_each(|t| t.swap(1, 2));
    mesh.append(&cavity);
    mesh
}

/// A prism over a ring of the plane, drawn from the origin upward; the ring may be notched, as long
/// as its first corner sees all others.
pub(crate) fn prism(ring: &[[f64; 2]], height: f64) -> TriMesh {
    let n = ring.len() as u32;
    let at = |z: f64| ring.iter().map(move |p| Point3::new(p[0], p[1], z));
    let mut triangles = Vec::new();
    for k in 1..n - 1 {
        triangles.push([0, k + 1, k]);
        triangles.push([n, n + k, n + k + 1]);
    }
    for k in 0..n {
        let next = (k + 1) % n;
        triangles.push([k, next, n + next]);
        triangles.push([k, n + next, n + k]);
    }
    TriMesh { vertices: at(0.0).chain(at(height)).collect(), triangles }
}

/// An angle of arms of 20 and 10, 10 thick. Two make a block of 30 x 20.
pub(crate) fn ell() -> TriMesh {
    let ring = [[10.0, 10.0], [10.0, 20.0], [0.0, 20.0], [0.0, 0.0], [20.0, 0.0], [20.0, 10.0]];
    prism(&ring, 10.0)
}
