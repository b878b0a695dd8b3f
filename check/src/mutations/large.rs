//! A build of the size of a real one.

use std::time::Instant;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::{Pose, VolumeShape};
use platewright_model::measure::Mm;
use platewright_model::stage::Placement;

use crate::Rule;
use crate::fixture::{Plan, unit};

/// A bumpy ball of radius about 10 mm with `2 · n · (n - 1)` triangles.
fn ball(n: usize) -> TriMesh {
    let mut mesh = TriMesh::default();
    let angle = |k: usize| std::f64::consts::PI * k as f64 / n as f64;
    for i in 0..=n {
        for j in 0..n {
            let (s, c) = angle(i).sin_cos();
            let (t, u) = (2.0 * angle(j)).sin_cos();
            let r = 9.5 + 0.5 * (9.0 * angle(i)).sin() * (8.0 * angle(j)).cos().powi(2);
            mesh.vertices.push(Point3::new(r * s * u, r * s * t, r * c));
        }
    }
    for i in 0..n {
        for j in 0..n {
            let at = |i: usize, j: usize| (i * n + j % n) as u32;
            if i > 0 {
                mesh.triangles.push([at(i, j), at(i + 1, j), at(i, j + 1)]);
            }
            if i + 1 < n {
                mesh.triangles.push([at(i, j + 1), at(i + 1, j), at(i + 1, j + 1)]);
            }
        }
    }
    mesh
}

/// 150 balls of 20 000 triangles, as near as they may stand, in one build of a night of which
/// everything else is wrong.
fn crowd(gap: f64) -> Plan {
    let mut plan = Plan::valid();
    plan.meshes.insert("cube".into(), ball(101).into());
    let line = &mut plan.night.orders.get_mut(&"O1".into()).unwrap().lines[0];
    line.quantity = 150;
    let volume = &mut plan.night.classes.get_mut(&"sls/200".into()).unwrap().volume;
    volume.shape = VolumeShape::Box { x: Mm(500.0), y: Mm(500.0), z: Mm(500.0) };
    let place = |k: u32| {
        let at = [k % 5, k / 5 % 5, k / 25].map(|n| 20.0 + f64::from(n) * (20.0 + gap));
        let pose = Pose { translation: at, ..Pose::IDENTITY };
        Placement { unit: unit("O1", k), part: "cube".into(), pose, out: None }
    };
    plan.build_plan.builds[0].placements = (0..150).map(place).collect();
    plan
}

#[test]
fn a_full_build_of_fine_meshes_is_checked_quickly() {
    let started = Instant::now();
    let broken = crowd(2.0).broken();
    let took = started.elapsed();
    assert!(!broken.contains(&Rule::Clearance), "balls of at most 20 mm, 2 mm apart");
    assert!(!broken.contains(&Rule::Mesh));
    assert!(crowd(-1.0).broken().contains(&Rule::Clearance));
    println!("150 balls of 20 000 triangles took {took:.2?}");
    assert!(took.as_secs() < 20, "took {took:?}");
}
