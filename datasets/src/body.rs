//! Plain closed bodies with known volumes, for tests and benches of every crate.
//!
//! Nothing here is random and nothing changes between versions: other crates state exact
//! volumes and triangle counts of these bodies. All stand in the first octant, their bounding
//! box's least corner at the origin, unless said otherwise; lengths are mm.

use std::f64::consts::{PI, TAU};

use nalgebra::Point3;
use platewright_mesh::TriMesh;

use crate::implicit::{Grid, surface};

/// A cuboid `x × y × z`; 12 triangles, volume `x · y · z`.
pub fn cuboid(x: f64, y: f64, z: f64) -> TriMesh {
    prism(&[[0.0, 0.0], [x, 0.0], [x, y], [0.0, y]], z)
}

/// An upright prism over a regular polygon of `n ≥ 3` corners on a circle of `radius`, which
/// approximates a cylinder; volume [`cylinder_volume`].
pub fn cylinder(radius: f64, height: f64, n: usize) -> TriMesh {
    prism(&circle(radius, radius, n), height)
}

/// Volume of [`cylinder`]: `n/2 · r² · sin(2π/n) · h`.
pub fn cylinder_volume(radius: f64, height: f64, n: usize) -> f64 {
    n as f64 / 2.0 * radius * radius * (TAU / n as f64).sin() * height
}

/// A sphere of `radius` with `2n` meridians and `n ≥ 2` bands; its corners lie on the sphere,
/// so its volume is below `4/3 · π · r³` and tends to it as `1/n²`.
pub fn sphere(radius: f64, n: usize) -> TriMesh {
    let m = 2 * n;
    let mut mesh = TriMesh::default();
    mesh.vertices.push(Point3::new(radius, radius, 0.0));
    for i in 1..n {
        let polar = PI * i as f64 / n as f64;
        for j in 0..m {
            let around = TAU * j as f64 / m as f64;
            mesh.vertices.push(Point3::new(
                radius + radius * polar.sin() * around.cos(),
                radius + radius * polar.sin() * around.sin(),
                radius - radius * polar.cos(),
            ));
        }
    }
    mesh.vertices.push(Point3::new(radius, radius, 2.0 * radius));
    let last = index(mesh.vertices.len() - 1);
    let at = |i: usize, j: usize| index(1 + (i - 1) * m + j % m);
    for j in 0..m {
        mesh.triangles.push([0, at(1, j + 1), at(1, j)]);
        mesh.triangles.push([last, at(n - 1, j), at(n - 1, j + 1)]);
        for i in 1..n - 1 {
            mesh.triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
        }
    }
    mesh
}

/// A lying torus: a circle of radius `tube` turned about an upright axis at distance `radius`,
/// in `n` steps around the axis and `m` around the tube; genus 1, `2 · n · m` triangles, volume
/// [`torus_volume`].
pub fn torus(radius: f64, tube: f64, n: usize, m: usize) -> TriMesh {
    let mut mesh = TriMesh::default();
    let middle = radius + tube;
    for i in 0..n {
        let (sin, cos) = (TAU * i as f64 / n as f64).sin_cos();
        for [dr, z] in circle(tube, 0.0, m) {
            let r = radius + dr;
            mesh.vertices.push(Point3::new(middle + r * cos, middle + r * sin, tube + z));
        }
    }
    let at = |i: usize, j: usize| index((i % n) * m + j % m);
    for i in 0..n {
        for j in 0..m {
            mesh.triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    mesh
}

/// Volume of [`torus`]: area of the `m`-gon times the length of the `n`-gon's way around,
/// `(m/2 · tube² · sin(2π/m)) · (n · radius · sin(2π/n))`, exact but for the tube's skew at
/// the corners of the way, where the triangles cut it by less than one part in `n²`.
pub fn torus_volume(radius: f64, tube: f64, n: usize, m: usize) -> f64 {
    let section = m as f64 / 2.0 * tube * tube * (TAU / m as f64).sin();
    section * n as f64 * radius * (TAU / n as f64).sin()
}

/// An upright L: legs of outer length `a` along x and `b` along y, both `thickness` wide;
/// volume `(a + b − thickness) · thickness · height`.
pub fn l_prism(a: f64, b: f64, thickness: f64, height: f64) -> TriMesh {
    let t = thickness;
    prism(&[[0.0, 0.0], [a, 0.0], [a, t], [t, t], [t, b], [0.0, b]], height)
}

/// An upright tube of `n` sides; genus 1, volume [`cylinder_volume`] of `outer` less that of
/// `inner`.
pub fn ring(outer: f64, inner: f64, height: f64, n: usize) -> TriMesh {
    let mut mesh = TriMesh::default();
    let outside = circle(outer, outer, n);
    let inside = circle(inner, outer, n);
    for z in [0.0, height] {
        mesh.vertices.extend(outside.iter().chain(&inside).map(|&[x, y]| Point3::new(x, y, z)));
    }
    for i in 0..n {
        let j = (i + 1) % n;
        let [a, b, c, d] = [i, j, n + i, n + j].map(index);
        let top = index(2 * n);
        let mut quad = |p: u32, q: u32, r: u32, s: u32| {
            mesh.triangles.push([p, q, r]);
            mesh.triangles.push([p, r, s]);
        };
        quad(a, b, b + top, a + top);
        quad(d, c, c + top, d + top);
        quad(a, c, d, b);
        quad(a + top, b + top, d + top, c + top);
    }
    mesh
}

/// A sheet gyroid in a cube of 30 mm, `n ≥ 1` periods along an edge, marched on a grid of
/// `12n + 1` nodes: a body of high genus with about `7 000 · n³` triangles.
pub fn gyroid(n: usize) -> TriMesh {
    const EDGE: f64 = 30.0;
    // Half of the sheet's thickness in the field's own measure: about a third of the cube.
    const HALF_SHEET: f64 = 0.5;
    let grid = Grid::over([0.0; 3], [EDGE; 3], EDGE / (12 * n) as f64);
    let k = TAU * n as f64 / EDGE;
    let per_mm = 1.0 / (k * 1.5);
    surface(&grid, |p| {
        let [x, y, z] = [p.x * k, p.y * k, p.z * k];
        let sheet = (x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos()).abs() - HALF_SHEET;
        let inset = 0.01;
        let walls = (0..3).map(|a| (inset - p[a]).max(p[a] - EDGE + inset));
        walls.fold(sheet * per_mm, f64::max)
    })
}

/// An upright prism of a polygon that is star-shaped about its first corner, `outline`
/// counter-clockwise.
fn prism(outline: &[[f64; 2]], height: f64) -> TriMesh {
    let n = outline.len();
    let mut mesh = TriMesh::default();
    for z in [0.0, height] {
        mesh.vertices.extend(outline.iter().map(|&[x, y]| Point3::new(x, y, z)));
    }
    // An L is not star-shaped about its corner at the origin in general position, but all its
    // corners can be seen from there, which is what the fan needs.
    for i in 1..n - 1 {
        let [a, b, top] = [i, i + 1, n].map(index);
        mesh.triangles.push([0, b, a]);
        mesh.triangles.push([top, top + a, top + b]);
    }
    for i in 0..n {
        let [a, b, top] = [i, (i + 1) % n, n].map(index);
        mesh.triangles.push([a, b, b + top]);
        mesh.triangles.push([a, b + top, a + top]);
    }
    mesh
}

/// Corners of a regular polygon about `(centre, centre)`, counter-clockwise.
fn circle(radius: f64, centre: f64, n: usize) -> Vec<[f64; 2]> {
    (0..n)
        .map(|i| {
            let (sin, cos) = (TAU * i as f64 / n as f64).sin_cos();
            [centre + radius * cos, centre + radius * sin]
        })
        .collect()
}

fn index(i: usize) -> u32 {
    u32::try_from(i).expect("the bodies have fewer than 2³² corners")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed::fault;

    fn close(a: f64, b: f64, relative: f64) {
        assert!((a - b).abs() <= relative * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn bodies_are_closed_and_have_their_volumes() {
        let cases = [
            (cuboid(2.0, 3.0, 4.0), 24.0, 1e-12),
            (cylinder(5.0, 7.0, 48), cylinder_volume(5.0, 7.0, 48), 1e-12),
            (l_prism(30.0, 20.0, 4.0, 10.0), (30.0 + 20.0 - 4.0) * 4.0 * 10.0, 1e-12),
            (
                ring(10.0, 6.0, 5.0, 64),
                cylinder_volume(10.0, 5.0, 64) - cylinder_volume(6.0, 5.0, 64),
                1e-12,
            ),
            (torus(20.0, 5.0, 96, 24), torus_volume(20.0, 5.0, 96, 24), 2e-3),
            (sphere(10.0, 48), 4.0 / 3.0 * PI * 1000.0, 2.5e-3),
        ];
        for (mesh, volume, relative) in cases {
            assert_eq!(fault(&mesh), None);
            close(mesh.volume(), volume, relative);
        }
    }

    #[test]
    fn a_gyroid_is_closed_and_of_high_genus() {
        for n in 1..=3 {
            let mesh = gyroid(n);
            assert_eq!(fault(&mesh), None);
            let each = mesh.triangles.len() / n.pow(3);
            assert!((5_000..9_000).contains(&each), "{each}");
            let share = mesh.volume() / 27_000.0;
            assert!((0.25..0.45).contains(&share), "{share}");
            // V − E + F = 2 (shells − genus), E = 3/2 F.
            let euler = mesh.vertices.len() as i64 - mesh.triangles.len() as i64 / 2;
            assert!(euler <= -2 * (n as i64), "{euler}");
        }
    }
}
