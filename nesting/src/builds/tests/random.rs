//! Random builds of all features.

use std::f64::consts::TAU;

use platewright_mesh::TriMesh;
use platewright_model::geometry::BoxMm;
use platewright_model::volume::{LayerLimits, Space, Turns, VolumeGoal};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::{Job, part, volume};
use crate::fixture::{cuboid, ell, hollow, prism};

/// A job, by seed.
pub(crate) fn job(seed: u64) -> Job {
    let mut rng = Pcg64::seed_from_u64(seed);
    let rng = &mut rng;
    let parts = (0..rng.random_range(1..5)).map(|_| {
        let mut wanted = part(turns(rng), rng.random_range(1..6));
        wanted.clearance = if chance(rng, 0.3) { rng.random_range(0.0..2.0) } else { 0.0 };
        wanted.inside_cavity = chance(rng, 0.5);
        wanted.group = chance(rng, 0.15).then_some(1);
        wanted.optional = chance(rng, 0.2);
        wanted.priority = rng.random_range(0..3);
        (wanted, mesh(rng))
    });
    let parts = parts.collect();
    let mut job = Job::new(space(rng), parts);
    job.problem.clearance = if chance(rng, 0.5) { rng.random_range(0.1..2.0) } else { 0.0 };
    if chance(rng, 0.4) {
        job.problem.volumes.push(volume(space(rng)));
        job.spaces.push(None);
    }
    for kind in &mut job.problem.volumes {
        kind.wall = if chance(rng, 0.5) { rng.random_range(0.0..2.0) } else { 0.0 };
        kind.cost = rng.random_range(1..4).into();
        kind.stock = chance(rng, 0.2).then_some(2);
        if chance(rng, 0.4) {
            let min = [(); 3].map(|()| rng.random_range(-5.0..25.0));
            let max = min.map(|x| x + rng.random_range(2.0..12.0));
            kind.excluded = vec![BoxMm { min, max }];
        }
    }
    if chance(rng, 0.15) {
        job.problem.goal = VolumeGoal::Value;
        job.problem.volumes.iter_mut().for_each(|kind| kind.stock = Some(1));
    }
    job.problem.removable = chance(rng, 0.4);
    for kind in &mut job.problem.volumes {
        if chance(rng, 0.3) {
            let height = rng.random_range(0.1..2.0);
            let change = chance(rng, 0.5).then(|| rng.random_range(50.0..300.0));
            let area = rng.random_range(60.0..600.0);
            kind.layers = Some(LayerLimits { height, area, change });
        }
    }
    job
}

fn chance(rng: &mut Pcg64, of: f64) -> bool {
    rng.random_range(0.0..1.0) < of
}

fn turns(rng: &mut Pcg64) -> Turns {
    let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
    match rng.random_range(0..5) {
        0 => Turns::Fixed,
        1 => Turns::Upright(rng.random_range(1..7)),
        2 => Turns::List(vec![[[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]]]),
        3 => Turns::Free,
        _ => Turns::Cube,
    }
}

fn space(rng: &mut Pcg64) -> Space {
    let mut edge = || rng.random_range(25.0..50.0);
    let size = [edge(), edge(), edge()];
    match rng.random_range(0..4) {
        0 => Space::Open([size[0], size[1]]),
        1 => Space::Cylinder { radius: 0.6 * size[0], height: size[2] },
        _ => Space::Box(size),
    }
}

fn mesh(rng: &mut Pcg64) -> TriMesh {
    let mut edge = || rng.random_range(2.0..18.0);
    let size = [edge(), edge(), edge()];
    match rng.random_range(0..5) {
        0 => ell(20.0, 10.0, 10.0),
        1 => hollow(size[0] + 3.0, 0.5 * (0.4 * size[0] + 3.0)),
        2 => cuboid([0.0; 3], size),
        _ => prism(&star(size[0], rng), size[1]),
    }
}

/// A ring that its first corner sees wholly: corners at rising angles around it.
fn star(reach: f64, rng: &mut Pcg64) -> Vec<[f64; 2]> {
    let corners = rng.random_range(3..9);
    let around = (0..corners).map(|k| {
        let angle = 0.5 * TAU * (f64::from(k) + rng.random_range(0.0..0.8)) / f64::from(corners);
        let r = reach * rng.random_range(0.3..1.0);
        [r * angle.cos(), r * angle.sin()]
    });
    std::iter::once([0.0, -0.1 * reach]).chain(around).collect()
}
