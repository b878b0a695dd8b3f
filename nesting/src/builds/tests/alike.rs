//! Problems that are the same but for their scale, the order of their parts or the names of their
//! axes have the same answers.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::volume::{Space, Turns, VolumeLayout};

use super::{Job, VolumeHeuristic, part};
use crate::fixture::{ball, cuboid, ell};

fn job() -> Job {
    let space = Space::Open([40.0, 35.0]);
    let parts = vec![
        (part(Turns::Cube, 5), ell(20.0, 10.0, 10.0)),
        (part(Turns::Upright(4), 4), cuboid([0.0; 3], [9.0, 7.0, 15.0])),
        (part(Turns::Fixed, 3), ball(6.0, 6)),
    ];
    let mut job = Job::new(space, parts);
    job.problem.clearance = 0.5;
    job
}

fn lowest(job: &Job) -> (VolumeLayout, f64) {
    let nest = job.nested_by(VolumeHeuristic::Lowest, 1, 1);
    (nest.layout, nest.bound)
}

/// A mesh with its corners moved; turned inside out where that mirrors it.
fn moved(mesh: &TriMesh, by: impl Fn([f64; 3]) -> [f64; 3], mirrored: bool) -> TriMesh {
    let mut moved = mesh.clone();
    moved.vertices.iter_mut().for_each(|p| *p = by((*p).into()).into());
    if mirrored {
        moved.triangles.iter_mut().for_each(|triangle| triangle.reverse());
    }
    moved
}

#[test]
fn twice_as_large_is_twice_as_high() {
    let mut twice = job();
    let (layout, bound) = lowest(&twice);
    twice.problem.volumes[0].space = Space::Open([80.0, 70.0]);
    twice.problem.clearance *= 2.0;
    for mesh in &mut twice.parts {
        *mesh = Arc::new(moved(mesh, |p| p.map(|x| 2.0 * x), false));
    }
    let (larger, larger_bound) = lowest(&twice);
    assert!((larger_bound - 2.0 * bound).abs() < 1e-9);
    for (one, other) in layout.builds[0].placed.iter().zip(&larger.builds[0].placed) {
        assert_eq!((one.part, one.pose.rotation), (other.part, other.pose.rotation));
        let apart =
            (0..3).map(|k| (2.0 * one.pose.translation[k] - other.pose.translation[k]).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-9);
    }
}

#[test]
fn parts_may_come_in_any_order() {
    let mut turned = job();
    let (layout, bound) = lowest(&turned);
    turned.problem.parts.reverse();
    turned.parts.reverse();
    let (other, other_bound) = lowest(&turned);
    assert_eq!(bound.to_bits(), other_bound.to_bits());
    let last = turned.parts.len() - 1;
    for placed in &layout.builds[0].placed {
        let same = other.builds[0].placed.iter().any(|p| {
            let at = p.pose.translation.iter().zip(&placed.pose.translation);
            let apart = at.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            p.part == last - placed.part && apart < 1e-9
        });
        assert!(same, "{placed:?}");
    }
}

#[test]
fn axes_of_the_base_may_change_places() {
    let mut turned = job();
    let (_, bound) = lowest(&turned);
    turned.problem.volumes[0].space = Space::Open([35.0, 40.0]);
    for mesh in &mut turned.parts {
        *mesh = Arc::new(moved(mesh, |[x, y, z]| [y, x, z], true));
    }
    // Whatever it finds is checked, and no build can be lower than before.
    let (_, other_bound) = lowest(&turned);
    assert!((bound - other_bound).abs() < 1e-9);
}
