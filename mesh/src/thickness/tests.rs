//! Thickness against closed forms.

use nalgebra::{Point3, Rotation3};

use super::*;
use crate::fixtures::{Dice, cuboid, inverted, joined, ring, sphere, turned};

const LIMITS: ThicknessLimits = ThicknessLimits { wall_mm: 0.8, feature_mm: 1.0, samples: 8_000 };

fn thickness(mesh: &TriMesh) -> Thickness {
    wall_thickness(mesh, &BoxTree::new(mesh), &LIMITS)
}

fn turned_at_random(mesh: &TriMesh, seed: u64) -> TriMesh {
    turned(mesh, &Dice(seed).rotation(), [10.0, -20.0, 30.0])
}

/// A rod of `n` sides along z.
fn rod(diameter: f64, length: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    for z in [0.0, length] {
        for j in 0..n {
            let (s, c) = (2.0 * std::f64::consts::PI * f64::from(j) / f64::from(n)).sin_cos();
            mesh.vertices.push(Point3::new(diameter / 2.0 * c, diameter / 2.0 * s, z));
        }
    }
    for j in 0..n {
        let k = (j + 1) % n;
        mesh.triangles.extend([[j, k, n + k], [j, n + k, n + j]]);
        if j > 0 && k > 0 {
            mesh.triangles.extend([[0, k, j], [n, n + j, n + k]]);
        }
    }
    mesh
}

#[test]
fn plates_below_the_limit_are_walls_of_their_thickness() {
    for (z, thin) in [(0.5, true), (0.79, true), (0.8, false), (1.0, false), (2.0, false)] {
        let plate = turned_at_random(&cuboid([0.0; 3], [30.0, 20.0, z]), 1);
        let got = thickness(&plate);
        assert_eq!(!got.thin.is_empty(), thin, "{z}: {:?}", got.thinnest);
        if thin {
            assert!(got.thin.iter().all(|p| (p.thickness_mm - z).abs() < 1e-6));
            assert!(got.thin.iter().filter(|p| p.kind == ThinKind::Feature).count() < 50);
            let faces = 2.0 * 600.0;
            let share = faces / (faces + 100.0 * z);
            assert!((got.share - share).abs() < 0.02, "{} {share}", got.share);
        }
    }
}

#[test]
fn pins_below_the_limit_are_features_of_their_diameter() {
    for (diameter, thin) in [(0.4, true), (0.9, true), (1.1, false), (3.0, false)] {
        for n in [8, 16, 64] {
            let got = thickness(&turned_at_random(&rod(diameter, 12.0, n), 2));
            assert_eq!(!got.thin.is_empty(), thin, "{diameter} {n}: {:?}", got.thinnest);
            if thin {
                let features = got.thin.iter().filter(|p| p.kind == ThinKind::Feature).count();
                assert!(features > got.thin.len() / 2, "{features} of {}", got.thin.len());
                let thinnest = got.thinnest.unwrap().thickness_mm;
                assert!(thinnest > 0.8 * diameter && thinnest <= diameter, "{thinnest}");
            }
        }
    }
}

#[test]
fn sound_bodies_raise_no_alarm() {
    let bodies = [
        cuboid([0.0; 3], [10.0; 3]),
        cuboid([0.0; 3], [1.01; 3]),
        sphere(5.0, 24),
        sphere(5.0, 100),
        ring(4.0, 6.0, 3.0, 48),
        rod(8.0, 3.0, 6),
    ];
    for (i, body) in bodies.iter().enumerate() {
        let got = thickness(&turned_at_random(body, i as u64));
        assert_eq!(got.thin.first(), None, "body {i}");
        assert_eq!((got.share, got.thinnest), (0.0, None));
    }
}

#[test]
fn shells_have_the_thickness_between_their_surfaces() {
    for (inner, thin) in [(5.5, true), (4.5, false)] {
        let outer = sphere(6.0, 80);
        let shell = joined(&[outer, inverted(&sphere(inner, 80))]);
        let got = thickness(&turned_at_random(&shell, 4));
        assert_eq!(!got.thin.is_empty(), thin);
        if thin {
            assert!(got.share > 0.95, "{}", got.share);
            assert!((got.thinnest.unwrap().thickness_mm - 0.5).abs() < 0.02);
        }
    }
}

/// A wavy sheet of even thickness, curved both ways: two surfaces, offset along the normals.
fn wavy(thick: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let step = 20.0 / f64::from(n);
    for side in [0.5, -0.5] {
        for i in 0..=n {
            for j in 0..=n {
                let (x, y) = (f64::from(i) * step, f64::from(j) * step);
                let (k, high) = (0.6, 1.2);
                let z = high * (k * x).sin() * (k * y).sin();
                let slope = [
                    high * k * (k * x).cos() * (k * y).sin(),
                    high * k * (k * x).sin() * (k * y).cos(),
                ];
                let normal = Vector3::new(-slope[0], -slope[1], 1.0).normalize();
                mesh.vertices.push(Point3::new(x, y, z) + normal * (side * thick));
            }
        }
    }
    let layer = (n + 1) * (n + 1);
    let at = |i: u32, j: u32| i * (n + 1) + j;
    for i in 0..n {
        for j in 0..n {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            mesh.triangles.extend([[a, b, c], [a, c, d]]);
            let [a, b, c, d] = [a, b, c, d].map(|v| v + layer);
            mesh.triangles.extend([[a, c, b], [a, d, c]]);
        }
        for (u, v) in [
            (at(i + 1, 0), at(i, 0)),
            (at(i, n), at(i + 1, n)),
            (at(0, i), at(0, i + 1)),
            (at(n, i + 1), at(n, i)),
        ] {
            mesh.triangles.extend([[u, v, v + layer], [u, v + layer, u + layer]]);
        }
    }
    mesh
}

#[test]
fn curved_walls_have_their_thickness() {
    let sound = thickness(&turned_at_random(&wavy(1.0, 120), 5));
    assert_eq!(sound.thin.first(), None);
    let got = thickness(&turned_at_random(&wavy(0.6, 120), 5));
    assert!(got.share > 0.9, "{}", got.share);
    let mean = got.thin.iter().map(|p| p.thickness_mm).sum::<f64>() / got.thin.len() as f64;
    assert!((mean - 0.6).abs() < 0.02, "{mean}");
}

#[test]
fn a_thin_fin_on_a_box_is_found_where_it_is() {
    let fin = cuboid([4.8, 0.0, 9.0], [5.2, 10.0, 14.0]);
    let got = thickness(&joined(&[cuboid([0.0; 3], [10.0; 3]), fin]));
    assert!(!got.thin.is_empty());
    for place in &got.thin {
        assert!((place.thickness_mm - 0.4).abs() < 1e-6 && place.at.z >= 9.0, "{place:?}");
    }
    let share = 2.0 * 50.0 / (600.0 + 2.0 * 50.0 + 2.0 * 4.0 + 2.0 * 2.0);
    assert!((got.share - share).abs() < 0.02, "{} {share}", got.share);
}

/// A prism with an edge of `degrees` at the origin, along y.
fn wedge(degrees: f64) -> TriMesh {
    let (long, half) = (10.0, (degrees / 2.0).to_radians().tan());
    let profile = [[0.0, 0.0], [long, -long * half], [long, long * half]];
    let vertices =
        [0.0, 10.0].iter().flat_map(|&y| profile.map(|[x, z]| Point3::new(x, y, z))).collect();
    let triangles = vec![
        [0, 1, 2],
        [3, 5, 4],
        [0, 4, 1],
        [0, 3, 4],
        [1, 5, 2],
        [1, 4, 5],
        [2, 3, 0],
        [2, 5, 3],
    ];
    let mesh = TriMesh { vertices, triangles };
    if mesh.volume() < 0.0 { inverted(&mesh) } else { mesh }
}

#[test]
fn only_narrow_wedges_are_thin_and_only_near_their_edge() {
    for degrees in [35.0, 60.0, 90.0, 110.0] {
        // The corners at its base are half of what is left of 180°, never below 30°.
        assert_eq!(thickness(&wedge(degrees)).thinnest, None, "{degrees}");
    }
    let got = thickness(&wedge(10.0));
    assert!(!got.thin.is_empty());
    // The ball at a distance x from the edge, on one side, has the radius x·tan(5°).
    let reach = 0.4 / 5.0_f64.to_radians().tan();
    for place in &got.thin {
        let from_edge = place.at.x.hypot(place.at.z);
        assert!(from_edge <= 1.01 * reach.max(0.5 / 5.0_f64.to_radians().tan()));
        if place.kind == ThinKind::Wall {
            let want = 2.0 * from_edge * 5.0_f64.to_radians().tan();
            assert!((place.thickness_mm - want).abs() < 0.02 * want + 1e-6, "{place:?} {want}");
        }
    }
}

/// A gap between two thick parts is no wall.
#[test]
fn gaps_are_not_walls() {
    let slot =
        joined(&[cuboid([0.0; 3], [10.0, 10.0, 3.0]), cuboid([0.0, 0.0, 3.2], [10.0, 10.0, 6.0])]);
    assert_eq!(thickness(&turned(&slot, &Rotation3::identity(), [0.0; 3])).thinnest, None);
}

#[test]
fn small_features_of_large_parts_are_not_lost_and_threads_do_not_matter() {
    let mut pin = rod(0.5, 2.0, 12);
    for v in &mut pin.vertices {
        v.z += 49.0;
    }
    let mesh = joined(&[cuboid([-500.0, -500.0, 0.0], [500.0, 500.0, 50.0]), pin]);
    let tree = BoxTree::new(&mesh);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| wall_thickness(&mesh, &tree, &LIMITS))
    };
    let got = on(1);
    assert!(got.thin.iter().any(|p| p.kind == ThinKind::Feature));
    assert_eq!(got, on(4));
    let none = TriMesh::default();
    assert_eq!(thickness(&none).samples, 0);
}
