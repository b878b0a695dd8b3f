//! Small closed meshes with known truths.

use nalgebra::Point3;
use platewright_mesh::TriMesh;

/// A box.
pub(crate) fn cuboid(min: [f64; 3], max: [f64; 3]) -> TriMesh {
    let vertices = (0..8)
        .map(|i| {
            let pick = |k: usize| if i >> k & 1 == 1 { max[k] } else { min[k] };
            Point3::new(pick(0), pick(1), pick(2))
        })
        .collect();
    let quads =
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles =
        quads.iter().flat_map(|q: &[u32; 4]| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect();
    TriMesh { vertices, triangles }
}

/// An outline in the xy plane, counter-clockwise, raised to a height; `holes` clockwise, with
/// as many corners as the outline.
pub(crate) fn prism(outline: &[[f64; 2]], height: f64) -> TriMesh {
    let n = outline.len() as u32;
    let mut mesh = TriMesh::default();
    for z in [0.0, height] {
        mesh.vertices.extend(outline.iter().map(|p| Point3::new(p[0], p[1], z)));
    }
    for i in 0..n {
        let j = (i + 1) % n;
        mesh.triangles.extend([[i, j, n + j], [i, n + j, n + i]]);
    }
    // A fan from corner 0: outlines are star-shaped around it.
    for i in 1..n - 1 {
        mesh.triangles.extend([[0, i + 1, i], [n, n + i, n + i + 1]]);
    }
    mesh
}

/// An L of two arms, `wide` and `long`.
pub(crate) fn ell(long: f64, wide: f64, height: f64) -> TriMesh {
    prism(&[[wide, wide], [wide, long], [0.0, long], [0.0, 0.0], [long, 0.0], [long, wide]], height)
}

/// A ring with `n` corners, axis z.
pub(crate) fn ring(outer: f64, inner: f64, height: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    for (r, z) in [(outer, 0.0), (outer, height), (inner, height), (inner, 0.0)] {
        for i in 0..n {
            let a = std::f64::consts::TAU * f64::from(i) / f64::from(n);
            mesh.vertices.push(Point3::new(r * a.cos(), r * a.sin(), z));
        }
    }
    for s in 0..4 {
        let (low, high) = (s * n, (s + 1) % 4 * n);
        for i in 0..n {
            let j = (i + 1) % n;
            mesh.triangles.extend([[low + i, low + j, high + j], [low + i, high + j, high + i]]);
        }
    }
    mesh
}

/// A ball of `n` slices.
pub(crate) fn ball(radius: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    mesh.vertices.push(Point3::new(0.0, 0.0, -radius));
    for s in 1..n {
        let b = std::f64::consts::PI * f64::from(s) / f64::from(n);
        for i in 0..n {
            let a = std::f64::consts::TAU * f64::from(i) / f64::from(n);
            let r = radius * b.sin();
            mesh.vertices.push(Point3::new(r * a.cos(), r * a.sin(), -radius * b.cos()));
        }
    }
    mesh.vertices.push(Point3::new(0.0, 0.0, radius));
    let end = mesh.vertices.len() as u32 - 1;
    for i in 0..n {
        let j = (i + 1) % n;
        mesh.triangles.push([0, 1 + j, 1 + i]);
        for s in 0..n - 2 {
            let (low, high) = (1 + s * n, 1 + (s + 1) * n);
            mesh.triangles.extend([[low + i, low + j, high + j], [low + i, high + j, high + i]]);
        }
        mesh.triangles.push([end, end - n + i, end - n + j]);
    }
    mesh
}

/// A box with a closed box-shaped cavity, walls `wall` thick.
pub(crate) fn hollow(size: f64, wall: f64) -> TriMesh {
    let mut mesh = cuboid([0.0; 3], [size; 3]);
    let mut inner = cuboid([wall; 3], [size - wall; 3]);
    inner.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    mesh.append(&inner);
    mesh
}

#[test]
fn solids_have_their_volumes() {
    assert!((cuboid([0.0; 3], [2.0, 3.0, 4.0]).volume() - 24.0).abs() < 1e-9);
    assert!((ell(10.0, 3.0, 2.0).volume() - 2.0 * (30.0 + 21.0)).abs() < 1e-9);
    assert!((hollow(10.0, 2.0).volume() - (1000.0 - 216.0)).abs() < 1e-9);
    let area = 0.5 * 64.0 * (std::f64::consts::TAU / 64.0).sin();
    assert!((ring(5.0, 3.0, 2.0, 64).volume() - 2.0 * area * 16.0).abs() < 1e-9);
    let ball = ball(5.0, 32).volume();
    assert!((480.0..523.6).contains(&ball), "{ball}");
}
