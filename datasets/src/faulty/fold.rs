//! Shells that pass through themselves.

use std::f64::consts::TAU;

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::shape::{draw, icosphere, ray, reversed};
use super::work::{normal, rounded};
use crate::body::torus;

/// A closed, oriented shell that passes through itself, by its number.
pub(super) fn folded(which: usize, rng: &mut Pcg64) -> TriMesh {
    let mesh = match which % 5 {
        0 => figure_eight(rng),
        1 => fat_trefoil(rng),
        2 => tight_spring(rng),
        3 => punched_ball(rng),
        _ => bumped_torus(rng),
    };
    rounded(&mesh)
}

/// A tube along a lemniscate: it crosses itself in the middle.
fn figure_eight(rng: &mut Pcg64) -> TriMesh {
    let a = draw(rng, 20.0, 40.0);
    let tube = a * draw(rng, 0.12, 0.22);
    let at = move |s: f64| {
        let (sin, cos) = (TAU * s).sin_cos();
        Point3::new(a * cos, a * sin * cos, 0.11 * a * sin)
    };
    tube_along(at, tube, 160, 18, true)
}

/// A tube along a trefoil knot, too thick to clear itself.
fn fat_trefoil(rng: &mut Pcg64) -> TriMesh {
    let scale = draw(rng, 8.0, 14.0);
    let at = move |s: f64| {
        let t = TAU * s;
        let r = 2.0 + (3.0 * t).cos();
        Point3::new(r * (2.0 * t).cos(), r * (2.0 * t).sin(), (3.0 * t).sin()) * scale
    };
    tube_along(at, 1.25 * scale, 200, 16, true)
}

/// A spring whose turns overlap.
fn tight_spring(rng: &mut Pcg64) -> TriMesh {
    let tube = draw(rng, 2.5, 3.5);
    let at = move |s: f64| {
        let (sin, cos) = (3.3 * TAU * s).sin_cos();
        Point3::new(18.0 * cos, 18.0 * sin, 3.3 * 1.6 * tube * s)
    };
    tube_along(at, tube, 240, 17, false)
}

/// A round tube of `m` sides about a way, in `n` steps; closed in itself or by end caps.
fn tube_along(
    way: impl Fn(f64) -> Point3<f64>,
    radius: f64,
    n: usize,
    m: usize,
    closed: bool,
) -> TriMesh {
    let mut mesh = TriMesh::default();
    let rings = if closed { n } else { n + 1 };
    for i in 0..rings {
        let s = i as f64 / n as f64;
        let along = (way(s + 1e-5) - way(s - 1e-5)).normalize();
        let side = along.cross(&Vector3::z()).normalize();
        let up = side.cross(&along);
        for j in 0..m {
            // Half a step off the axes: no corner of a ring lies in a plane of symmetry.
            let (sin, cos) = (TAU * (j as f64 + 0.37) / m as f64).sin_cos();
            mesh.vertices.push(way(s) + (side * cos + up * sin) * radius);
        }
    }
    let at = |i: usize, j: usize| ((i % rings) * m + j % m) as u32;
    for i in 0..n {
        for j in 0..m {
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
            mesh.triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
        }
    }
    if !closed {
        for j in 1..m - 1 {
            mesh.triangles.push([at(0, 0), at(0, j + 1), at(0, j)]);
            mesh.triangles.push([at(n, 0), at(n, j), at(n, j + 1)]);
        }
    }
    if mesh.volume() < 0.0 { reversed(&mesh) } else { mesh }
}

/// A ball with a dent so deep that it leaves through the opposite side.
fn punched_ball(rng: &mut Pcg64) -> TriMesh {
    let r = draw(rng, 15.0, 25.0);
    push(icosphere(Point3::new(r, r, r), r, 4), rng, -1.0, 0.4 * r, 2.3 * r)
}

/// A torus with a bump from its inner side into the other side of the ring.
fn bumped_torus(rng: &mut Pcg64) -> TriMesh {
    let radius = draw(rng, 16.0, 22.0);
    let mesh = torus(radius, 6.0, 96, 40);
    let inner = |t: &usize| {
        let n = normal(&mesh, *t);
        let p = mesh.corners(*t)[0];
        let middle = radius + 6.0;
        let out = Vector3::new(p.x - middle, p.y - middle, 0.0).normalize();
        n.dot(&out) < -0.99
    };
    let sites: Vec<usize> = (0..mesh.triangles.len()).filter(inner).collect();
    let t = sites[rng.random_range(0..sites.len())];
    let far = ray(&mesh, mesh.corners(t)[0] + normal(&mesh, t) * 1e-3, normal(&mesh, t));
    push_at(mesh, t, 1.0, 4.0, far + 5.0)
}

/// Moves the surface around a random triangle outward (`sense` 1) or inward (−1).
fn push(mesh: TriMesh, rng: &mut Pcg64, sense: f64, wide: f64, far: f64) -> TriMesh {
    let t = rng.random_range(0..mesh.triangles.len());
    push_at(mesh, t, sense, wide, far)
}

fn push_at(mut mesh: TriMesh, t: usize, sense: f64, wide: f64, far: f64) -> TriMesh {
    let along = normal(&mesh, t) * sense;
    let centre = mesh.corners(t)[0];
    for v in &mut mesh.vertices {
        let d = (*v - centre).norm() / wide;
        if d < 1.0 {
            let fall = 1.0 - d * d;
            *v += along * (far * fall * fall);
        }
    }
    mesh
}
