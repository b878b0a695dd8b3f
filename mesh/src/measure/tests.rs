//! Measures against closed forms.

use std::f64::consts::PI;

use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

use super::*;
use crate::fixtures::{Dice, cuboid, inverted, joined, sphere, turned};

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()).max(f64::MIN_POSITIVE)
}

fn near_matrix(a: &Matrix3<f64>, b: &Matrix3<f64>, relative: f64) -> bool {
    (a - b).norm() <= relative * b.norm()
}

#[test]
fn a_box_has_its_closed_forms_wherever_it_lies() {
    let mut dice = Dice(1);
    let (x, y, z) = (2.0, 3.0, 5.0);
    let block = cuboid([0.0; 3], [x, y, z]);
    let volume: f64 = x * y * z;
    let own = Matrix3::from_diagonal(&Vector3::new(
        volume * (y * y + z * z) / 12.0,
        volume * (z * z + x * x) / 12.0,
        volume * (x * x + y * y) / 12.0,
    ));
    for _ in 0..20 {
        let turn = dice.rotation();
        let shift = [100.0 * dice.roll(), -50.0, 1e3 * dice.roll()];
        let got = measure(&turned(&block, &turn, shift));
        assert!(near(got.volume_mm3, volume, 1e-12), "{got:?}");
        assert!(near(got.surface_mm2, 2.0 * (x * y + y * z + z * x), 1e-12));
        let centre = turn * Point3::new(x / 2.0, y / 2.0, z / 2.0) + Vector3::from(shift);
        assert!((got.centroid - centre).norm() < 1e-10);
        let want = turn.matrix() * own * turn.matrix().transpose();
        assert!(near_matrix(&got.inertia, &want, 1e-10), "{} {want}", got.inertia);
    }
}

#[test]
fn a_tetrahedron_has_its_closed_forms() {
    let mesh = TriMesh {
        vertices: [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
            .map(Point3::from)
            .to_vec(),
        triangles: vec![[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]],
    };
    let got = measure(&mesh);
    assert!(near(got.volume_mm3, 1.0 / 6.0, 1e-15));
    assert!(near(got.surface_mm2, 1.5 + 3.0_f64.sqrt() / 2.0, 1e-15));
    assert!((got.centroid - Point3::new(0.25, 0.25, 0.25)).norm() < 1e-15);
    // ∫x² = 1/60, ∫xy = 1/120, less the share of the centroid.
    let (square, product) = (1.0 / 60.0 - 1.0 / 96.0, 1.0 / 120.0 - 1.0 / 96.0);
    let mut want = Matrix3::from_element(-product);
    want.fill_diagonal(2.0 * square);
    assert!(near_matrix(&got.inertia, &want, 1e-13), "{} {want}", got.inertia);
}

/// A ring of circular section, `n` times `n` corners.
fn torus(big: f64, small: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let angle = |i: u32| 2.0 * PI * f64::from(i) / f64::from(n);
    for i in 0..n {
        for j in 0..n {
            let flat = big + small * angle(j).cos();
            mesh.vertices.push(Point3::new(
                flat * angle(i).cos(),
                flat * angle(i).sin(),
                small * angle(j).sin(),
            ));
        }
    }
    let at = |i: u32, j: u32| (i % n) * n + j % n;
    for i in 0..n {
        for j in 0..n {
            mesh.triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    mesh
}

/// Errors of the second order of the edge length: two refinements give the limit.
fn limit(values: [f64; 2]) -> f64 {
    values[1] + (values[1] - values[0]) / 3.0
}

#[test]
fn round_bodies_tend_to_their_closed_forms() {
    let (big, small) = (5.0_f64, 1.5_f64);
    let rings = [64, 128].map(|n| measure(&torus(big, small, n)));
    let volume = 2.0 * PI * PI * big * small * small;
    assert!(near(limit(rings.map(|m| m.volume_mm3)), volume, 1e-5));
    assert!(near(limit(rings.map(|m| m.surface_mm2)), 4.0 * PI * PI * big * small, 1e-5));
    let about_axis = volume * (big * big + 0.75 * small * small);
    assert!(near(limit(rings.map(|m| m.inertia[(2, 2)])), about_axis, 1e-5));
    let across = volume * (big * big / 2.0 + 0.625 * small * small);
    assert!(near(limit(rings.map(|m| m.inertia[(0, 0)])), across, 1e-5));

    let balls = [64, 128].map(|n| measure(&sphere(2.0, n)));
    let volume = 4.0 / 3.0 * PI * 8.0;
    assert!(near(limit(balls.map(|m| m.volume_mm3)), volume, 1e-5));
    assert!(near(limit(balls.map(|m| m.surface_mm2)), 16.0 * PI, 1e-5));
    assert!(near(limit(balls.map(|m| m.inertia[(1, 1)])), 0.4 * volume * 4.0, 1e-5));
}

#[test]
fn shells_add_and_cavities_take_away() {
    let outer = cuboid([0.0; 3], [4.0; 3]);
    let hole = inverted(&cuboid([1.0; 3], [2.0; 3]));
    let got = measure(&joined(&[outer, hole.clone()]));
    assert!(near(got.volume_mm3, 63.0, 1e-14));
    let centre = (2.0 * 64.0 - 1.5) / 63.0;
    assert!((got.centroid - Point3::new(centre, centre, centre)).norm() < 1e-14);
    assert!(near(measure(&hole).volume_mm3, -1.0, 1e-14));
}

#[test]
fn no_volume_and_no_triangles_give_numbers() {
    let flat = turned(&cuboid([0.0; 3], [1.0, 1.0, 0.0]), &Rotation3::identity(), [9.0; 3]);
    let got = measure(&flat);
    assert_eq!(got.volume_mm3, 0.0);
    assert_eq!(got.centroid, Point3::new(9.5, 9.5, 9.0));
    let none = measure(&TriMesh::default());
    assert_eq!((none.volume_mm3, none.surface_mm2), (0.0, 0.0));
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let mesh = turned(&sphere(3.0, 120), &Dice(7).rotation(), [1.0, 2.0, 3.0]);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| measure(&mesh))
    };
    assert_eq!(on(1), on(5));
}
