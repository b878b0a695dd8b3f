//! Overhangs and orientations against closed forms.

use std::f64::consts::{FRAC_PI_4, PI};

use super::*;
use crate::fixtures::{Dice, cuboid, joined, sphere, turned};

fn hangs(mesh: &TriMesh, up: Vector3<f64>, degrees: f64) -> Overhang {
    overhang(mesh, &BoxTree::new(mesh), up, degrees.to_radians())
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs() + 1e-9
}

/// A post of 4 × 4 × 10 under a bar of 4 × 20 × 2, one surface.
fn tee() -> TriMesh {
    let profile = [
        [-2.0, 0.0],
        [2.0, 0.0],
        [2.0, 10.0],
        [10.0, 10.0],
        [10.0, 12.0],
        [-10.0, 12.0],
        [-10.0, 10.0],
        [-2.0, 10.0],
    ];
    let mut mesh = TriMesh::default();
    for x in [0.0, 4.0] {
        mesh.vertices.extend(profile.map(|[y, z]| Point3::new(x, y, z)));
    }
    let caps = [[0, 1, 2], [0, 2, 7], [2, 3, 4], [2, 4, 5], [2, 5, 7], [7, 5, 6]];
    for [a, b, c] in caps {
        mesh.triangles.push([a, c, b]);
        mesh.triangles.push([8 + a, 8 + b, 8 + c]);
    }
    for a in 0..8 {
        let b = (a + 1) % 8;
        mesh.triangles.extend([[a, b, 8 + b], [a, 8 + b, 8 + a]]);
    }
    mesh
}

#[test]
fn a_tee_hangs_over_with_its_arms() {
    assert!((tee().volume() - (160.0 + 160.0)).abs() < 1e-9, "{}", tee().volume());
    let got = hangs(&tee(), Vector3::z(), 45.0);
    assert!(near(got.area_mm2, 64.0, 1e-12), "{got:?}");
    assert!(near(got.support_mm3, 640.0, 1e-12));
    assert!(near(got.contact_mm2, 64.0, 1e-12));
    assert!(near(got.base_mm2, 16.0, 1e-12));
    assert!(near(got.height_mm, 12.0, 1e-12));
    let upside_down = hangs(&tee(), -Vector3::z(), 45.0);
    assert_eq!((upside_down.area_mm2, upside_down.support_mm3), (0.0, 0.0));
    assert!(near(upside_down.base_mm2, 80.0, 1e-12));
    // Turned together with `up`, nothing changes.
    let turn = Dice(1).rotation();
    let other = hangs(&turned(&tee(), &turn, [5.0, 6.0, 7.0]), turn * Vector3::z() * 3.0, 45.0);
    assert_eq!(other.triangles, got.triangles);
    assert!(near(other.support_mm3, 640.0, 1e-9));
}

#[test]
fn support_stands_on_what_is_below() {
    // A plate on four posts over a plate.
    let mesh = joined(&[
        cuboid([0.0; 3], [20.0, 20.0, 2.0]),
        cuboid([0.0, 0.0, 12.0], [20.0, 20.0, 14.0]),
    ]);
    let got = hangs(&mesh, Vector3::z(), 45.0);
    assert!(near(got.area_mm2, 400.0, 1e-12));
    assert!(near(got.support_mm3, 4000.0, 1e-9), "{got:?}");
    assert!(near(got.contact_mm2, 800.0, 1e-9));
    // Half a step: the upper plate reaches out over the lower one.
    let step = joined(&[
        cuboid([0.0; 3], [10.0, 20.0, 2.0]),
        cuboid([0.0, 0.0, 12.0], [20.0, 20.0, 14.0]),
    ]);
    let got = hangs(&step, Vector3::z(), 45.0);
    assert!(near(got.support_mm3, 200.0 * 10.0 + 200.0 * 12.0, 0.01), "{got:?}");
    assert!(near(got.contact_mm2, 600.0, 0.01));
}

/// A cone standing on its tip.
fn cone(radius: f64, height: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    mesh.vertices.extend([Point3::origin(), Point3::new(0.0, 0.0, height)]);
    for j in 0..n {
        let (s, c) = (2.0 * PI * f64::from(j) / f64::from(n)).sin_cos();
        mesh.vertices.push(Point3::new(radius * c, radius * s, height));
    }
    for j in 0..n {
        let (a, b) = (2 + j, 2 + (j + 1) % n);
        mesh.triangles.extend([[0, b, a], [1, a, b]]);
    }
    mesh
}

#[test]
fn a_cone_on_its_tip_hangs_over_if_it_is_flat_enough() {
    let n = 720;
    for (height, flat) in [(4.0, true), (12.0, false)] {
        let mesh = cone(8.0, height, n);
        let got = hangs(&mesh, Vector3::z(), 45.0);
        assert_eq!(!got.triangles.is_empty(), flat, "{height}");
        if flat {
            assert_eq!(got.triangles.len(), n as usize);
            let slant = 8.0_f64.hypot(height);
            assert!(near(got.area_mm2, PI * 8.0 * slant, 1e-4));
            // The cylinder around it less the cone.
            let want = PI * 64.0 * height * 2.0 / 3.0;
            assert!(near(got.support_mm3, want, 1e-4), "{} {want}", got.support_mm3);
        }
        let standing = hangs(&mesh, -Vector3::z(), 45.0);
        assert_eq!((standing.area_mm2, standing.support_mm3), (0.0, 0.0));
        assert!(near(standing.base_mm2, PI * 64.0, 1e-4));
    }
}

#[test]
fn a_box_on_its_edge_hangs_over_beyond_its_angle() {
    let up = Vector3::new(0.0, 1.0, 1.0);
    let mesh = cuboid([0.0; 3], [10.0; 3]);
    assert_eq!(hangs(&mesh, up, 44.9).triangles, Vec::<u32>::new());
    let got = hangs(&mesh, up, 45.1);
    assert!(near(got.area_mm2, 200.0, 1e-12), "{got:?}");
    // Below the two faces lie two triangular prisms.
    let side = 10.0 / 2.0_f64.sqrt();
    assert!(near(got.support_mm3, side * side * 10.0, 1e-9));
    assert!(near(got.height_mm, 2.0 * side, 1e-12));
    assert_eq!(got.base_mm2, 0.0);
}

const OPTIONS: AdviceOptions =
    AdviceOptions { angle: FRAC_PI_4, support: 1.0, height: 0.2, base: 0.2, keep: 6 };

fn advise(mesh: &TriMesh) -> Vec<advise::Orientation> {
    advise_orientation(mesh, &BoxTree::new(mesh), &OPTIONS)
}

#[test]
fn flat_parts_are_advised_to_lie_flat_whichever_way_they_come() {
    for seed in 0..8 {
        let turn = Dice(seed).rotation();
        let plate = turned(&cuboid([0.0; 3], [30.0, 20.0, 3.0]), &turn, [1.0, 2.0, 3.0]);
        let best = &advise(&plate)[0];
        let axis = turn * Vector3::z();
        assert!(best.up.dot(&axis).abs() > 1.0 - 1e-9, "{best:?} {axis:?}");
        assert_eq!(best.overhang_mm2, 0.0);
        assert!(near(best.base_mm2, 600.0, 1e-9) && near(best.height_mm, 3.0, 1e-9));
    }
}

#[test]
fn parts_are_advised_to_stand_without_support() {
    let turn = Dice(3).rotation();
    // A tee lies on its side, a cone stands on its base.
    let ways = [(tee(), Vector3::x()), (cone(8.0, 5.0, 90), -Vector3::z())];
    for (mesh, want) in ways {
        let ranked = advise(&turned(&mesh, &turn, [0.0; 3]));
        let along = ranked[0].up.dot(&(turn * want));
        let either = want.x != 0.0;
        assert!(along > 1.0 - 1e-9 || (either && along < 1e-9 - 1.0), "{:?}", ranked[0]);
        assert_eq!(ranked[0].support_mm3, 0.0);
        assert!(ranked.windows(2).all(|w| w[0].score <= w[1].score));
        assert!(ranked.len() <= OPTIONS.keep);
    }
}

/// Three balls held together by nothing but the hull: it stands on a face that is no triangle.
#[test]
fn hull_faces_are_candidates() {
    let ball = |at: [f64; 3]| turned(&sphere(2.0, 12), &nalgebra::Rotation3::identity(), at);
    let feet =
        joined(&[ball([20.0, 0.0, 1.0]), ball([-11.0, 17.0, -3.0]), ball([-9.0, -19.0, 2.0])]);
    let best = &advise(&feet)[0];
    let normal =
        Vector3::new(-31.0, 17.0, -4.0).cross(&Vector3::new(-29.0, -19.0, 1.0)).normalize();
    assert!(best.up.dot(&normal).abs() > 0.995, "{best:?} {normal:?}");
    assert!(best.height_mm < 4.6);
}

#[test]
fn hulls_contain_their_points() {
    let mut dice = Dice(9);
    for round in 0..30 {
        let whole = round % 2 == 0;
        let points: Vec<Point3<f64>> = (0..40)
            .map(|_| {
                let x = [(); 3].map(|()| dice.between(0.0, 4.0));
                Point3::from(if whole { x.map(f64::floor) } else { x })
            })
            .collect();
        let faces = hull::hull(&points);
        assert!(faces.len() >= 4);
        let at: Vec<[f64; 3]> = points.iter().map(|&p| p.into()).collect();
        for [a, b, c] in faces {
            let side = crate::intersect::sides::side;
            assert!(at.iter().all(|p| side(&at[a], &at[b], &at[c], p) <= 0));
        }
    }
    assert!(hull::hull(&[]).is_empty());
    assert!(hull::hull(&[Point3::origin(); 5]).is_empty());
}

#[test]
fn nothing_falls_over() {
    assert!(advise(&TriMesh::default()).is_empty());
    let flat = cuboid([0.0; 3], [5.0, 5.0, 0.0]);
    assert!(!advise(&flat).is_empty());
    assert_eq!(hangs(&flat, Vector3::zeros(), 45.0).height_mm, 0.0);
}
