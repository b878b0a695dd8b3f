//! Adaptive layers against every triangle, known bodies and uniform layers.

use std::f64::consts::PI;
use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;

use super::{AdaptiveLimits, adaptive_planes};
use crate::build::Placed;
use crate::error::SliceError;
use crate::planes::Planes;
use crate::tests::solids::{cuboid, cylinder, moved, pose, seated, sphere, together, torus};

const LIMITS: AdaptiveLimits =
    AdaptiveLimits { least: Mm(0.05), greatest: Mm(0.3), cusp: Mm(0.04) };

fn sound(placed: &[(Arc<TriMesh>, Pose)]) -> Vec<Placed> {
    placed.iter().map(|(mesh, pose)| Placed::sound(Arc::clone(mesh), *pose)).collect()
}

fn planes(placed: &[(Arc<TriMesh>, Pose)], limits: &AdaptiveLimits) -> Planes {
    adaptive_planes(&sound(placed), limits).expect("the build is of use")
}

fn one(mesh: TriMesh) -> [(Arc<TriMesh>, Pose); 1] {
    [(Arc::new(mesh), Pose::IDENTITY)]
}

/// Every layer within its limits, and every cusp too, from the placed triangles alone.
fn check(placed: &[(Arc<TriMesh>, Pose)], planes: &Planes, limits: &AdaptiveLimits) {
    let n = planes.count();
    for i in 0..n {
        let t = planes.thickness(i);
        assert!(t >= limits.least.0 - 1e-9 && t <= limits.greatest.0 + 1e-9, "layer {i} is {t}");
    }
    for (mesh, pose) in placed {
        let mesh = mesh.posed(pose);
        for t in 0..mesh.triangles.len() {
            let z = mesh.corners(t).map(|p| p.z);
            let (low, high) = (z[0].min(z[1]).min(z[2]), z[0].max(z[1]).max(z[2]));
            let normal = mesh.normal_times_area(t);
            if high - low < 1e-6 {
                continue;
            }
            let slope = (normal.z / normal.norm()).abs();
            let layers =
                (0..n).filter(|&i| planes.bottom(i) < high - 1e-6 && planes.top(i) > low + 1e-6);
            for i in layers {
                let t = planes.thickness(i);
                assert!(
                    t * slope <= limits.cusp.0 + 1e-6 || t <= limits.least.0 + 1e-9,
                    "layer {i} of {t} mm on a slope of {slope}"
                );
            }
        }
    }
}

fn tops(planes: &Planes) -> Vec<i64> {
    (0..planes.count()).map(|i| (planes.top(i) * 1000.0).round() as i64).collect()
}

#[test]
fn a_box_has_the_greatest_layers_and_a_top_that_is_met() {
    let whole = planes(&one(cuboid([10.0, 10.0, 12.0])), &LIMITS);
    assert_eq!(tops(&whole), (1..=40).map(|i| 300 * i).collect::<Vec<_>>());
    // 0.01 mm over 40 layers: two layers share what is left, none is thinner than the least.
    let odd = planes(&one(cuboid([10.0, 10.0, 12.01])), &LIMITS);
    assert_eq!((odd.count(), tops(&odd).last()), (41, Some(&12_010)));
    check(&one(cuboid([10.0, 10.0, 12.01])), &odd, &LIMITS);
    // Thinner than the least layer.
    let foil = planes(&one(cuboid([10.0, 10.0, 0.02])), &LIMITS);
    assert_eq!(tops(&foil), [50]);
}

#[test]
fn every_cusp_is_within_its_bound() {
    let bodies = [sphere(8.0, 96), torus(9.0, 3.0, 64), cylinder(4.0, 9.0, 80)];
    for (k, body) in bodies.iter().enumerate() {
        for (axis, angle) in
            [([0.0, 0.0, 1.0], 0.0), ([1.0, 0.3, 0.2], 0.7), ([0.1, 1.0, 0.0], 1.4)]
        {
            let turned = seated(&body.posed(&pose(axis, angle, [0.0; 3])));
            let placed = one(turned);
            for limits in [LIMITS, AdaptiveLimits { cusp: Mm(0.1), ..LIMITS }] {
                let planes = planes(&placed, &limits);
                check(&placed, &planes, &limits);
                let bounds = placed[0].0.bounds().expect("it has vertices");
                let over = planes.top(planes.count() - 1) - bounds.max[2];
                // A tilted torus has slopes that force the least thickness all the way up; a ball
                // has walls in the middle that leave room to meet the top.
                let most = if k == 0 { 1.1e-3 } else { limits.least.0 };
                assert!((-1e-6..most).contains(&over), "body {k} ends {over} mm over its top");
            }
        }
    }
}

#[test]
fn level_faces_are_met() {
    // Stairs of odd heights, and a plate in the powder.
    let steps = [0.37, 1.111, 1.62, 4.005, 4.06, 9.9999];
    let stairs = together(&steps.map(|h| cuboid([10.0 - h, 10.0, h])));
    let plate = Arc::new(cuboid([5.0, 5.0, 1.234]));
    let lifted = Pose { translation: [20.0, 0.0, 5.678], ..Pose::IDENTITY };
    let placed = [(Arc::new(stairs), Pose::IDENTITY), (plate, lifted)];
    let planes = planes(&placed, &LIMITS);
    check(&placed, &planes, &LIMITS);
    let tops = tops(&planes);
    for met in [370, 1111, 1620, 4005, 4060, 10_000, 5678, 6912] {
        assert!(tops.contains(&met), "{met} is missed by {tops:?}");
    }
}

#[test]
fn of_two_faces_too_near_to_one_another_the_larger_is_met() {
    for (sizes, met, missed) in [([9.0, 3.0], 3000, 3020), ([3.0, 9.0], 3020, 3000)] {
        let [low, high] = sizes;
        let tall = [cuboid([1.0, 1.0, 5.0]), cuboid([low, low, 3.0]), cuboid([high, high, 3.02])];
        let apart = tall.iter().zip([0.0, 10.0, 20.0]);
        let apart: Vec<_> = apart.map(|(body, x)| moved(body, [x, 0.0, 0.0])).collect();
        let tops = tops(&planes(&one(together(&apart)), &LIMITS));
        assert!(tops.contains(&met) && !tops.contains(&missed), "{tops:?}");
    }
}

#[test]
fn a_sphere_has_its_thinnest_layers_at_the_poles() {
    let placed = one(seated(&sphere(10.0, 200)));
    let planes = planes(&placed, &LIMITS);
    let n = planes.count();
    assert!(planes.thickness(0) < 0.06 && planes.thickness(n - 1) < 0.11);
    let middle = (0..n).find(|&i| planes.top(i) > 10.0).expect("it is 20 mm high");
    assert!(planes.thickness(middle) > 0.29);
    // The steeper, the thicker; level tops of the facets' rings cost a little here and there.
    let at = |z: f64| planes.thickness((0..n).find(|&i| planes.top(i) > z).expect("within"));
    assert!(at(0.5) < at(3.0) && at(3.0) < at(7.0) && at(19.5) < at(17.0));
}

/// Volume between a ball of radius `r` on the plate and its layers, mm³, by quadrature.
fn ball_error(r: f64, planes: &Planes) -> f64 {
    let area = |z: f64| PI * (r * r - (z - r) * (z - r)).max(0.0);
    let layer = |i: u32| {
        let (bottom, t, cut) = (planes.bottom(i), planes.thickness(i), area(planes.cut(i)));
        (0..200).map(|k| (area(bottom + (f64::from(k) + 0.5) / 200.0 * t) - cut).abs()).sum::<f64>()
            * t
            / 200.0
    };
    (0..planes.count()).map(layer).sum()
}

#[test]
fn as_many_uniform_layers_have_a_greater_error() {
    let (r, limits) = (10.0, AdaptiveLimits { least: Mm(0.02), ..LIMITS });
    let adaptive = planes(&one(seated(&sphere(r, 300))), &limits);
    let n = adaptive.count();
    let thickness = 2.0 * r / f64::from(n);
    let tops = (1..=n).map(|i| f64::from(i) * thickness).collect();
    let uniform = Planes::tops(tops).expect("they rise");
    // Uniform layers of this number break the cusp near the poles.
    assert!(thickness > 1.5 * limits.cusp.0, "{n} layers of {thickness} mm");
    let (found, plain) = (ball_error(r, &adaptive), ball_error(r, &uniform));
    assert!(found < plain, "{n} layers: {found} mm3 against {plain} mm3");
}

#[test]
fn copies_and_order_change_nothing() {
    let body = Arc::new(seated(&torus(9.0, 3.0, 48)));
    let at = |x: f64, z: f64| Pose { translation: [x, 0.0, z], ..Pose::IDENTITY };
    let there = [(Arc::clone(&body), at(0.0, 0.0)), (Arc::clone(&body), at(30.0, 2.5))];
    let back = [there[1].clone(), there[0].clone(), (body, at(60.0, 2.5))];
    assert_eq!(planes(&there, &LIMITS), planes(&back, &LIMITS));
    check(&there, &planes(&there, &LIMITS), &LIMITS);
}

#[test]
fn limits_of_no_use_are_refused() {
    let body = one(cuboid([1.0, 1.0, 1.0]));
    for (least, greatest, cusp) in [
        (0.0, 0.1, 0.1),
        (0.2, 0.1, 0.1),
        (0.1, 0.2, 0.0),
        (f64::NAN, 0.2, 0.1),
        (0.1, 0.2, f64::NAN),
    ] {
        let limits = AdaptiveLimits { least: Mm(least), greatest: Mm(greatest), cusp: Mm(cusp) };
        let refused = adaptive_planes(&sound(&body), &limits);
        assert!(matches!(refused, Err(SliceError::AdaptiveLimits { .. })), "{limits:?}");
    }
    let tower = one(cuboid([1.0, 1.0, 3001.0]));
    assert!(matches!(
        adaptive_planes(&sound(&tower), &LIMITS),
        Err(SliceError::AdaptiveLimits { .. })
    ));
    let mut broken = cuboid([1.0, 1.0, 1.0]);
    broken.triangles[3][0] = 99;
    assert!(matches!(
        adaptive_planes(&sound(&one(broken)), &LIMITS),
        Err(SliceError::BadMesh { .. })
    ));
    assert_eq!(planes(&[], &LIMITS).count(), 0);
    assert_eq!(planes(&one(TriMesh::default()), &LIMITS).count(), 0);
}
