//! Layers against the independent verifier: random bodies, poses and heights, and whatever is
//! left of models with faults after correction.

use std::sync::Arc;

use platewright_check::layer_truth::{Cut, layer_areas};
use platewright_datasets::body::{cylinder, gyroid, l_prism, ring, sphere, torus};
use platewright_datasets::faulty::{Corpus, LayerStack, compare_layers, corpus, judge_layers};
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_slicer::{BuildSlicer, FactsOnly, GRID_MM, Placed, Planes, SliceOptions};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

/// Layers that are compared, over all bodies.
const LAYERS: usize = 10_000;

fn bodies() -> Vec<TriMesh> {
    let mut crossing = sphere(6.0, 24);
    crossing.append(&torus(7.0, 2.5, 40, 20));
    crossing.append(&l_prism(9.0, 5.0, 2.0, 12.0));
    vec![
        sphere(8.0, 32),
        torus(9.0, 3.0, 48, 24),
        cylinder(5.0, 12.0, 40),
        l_prism(14.0, 9.0, 3.0, 6.0),
        ring(8.0, 5.0, 7.0, 36),
        gyroid(1),
        crossing,
    ]
}

fn random_pose(random: &mut Pcg64) -> Pose {
    let q: [f64; 4] = std::array::from_fn(|_| random.random_range(-1.0..1.0));
    let q = nalgebra::UnitQuaternion::from_quaternion(nalgebra::Quaternion::new(
        q[0], q[1], q[2], q[3],
    ));
    let r = q.to_rotation_matrix();
    Pose {
        rotation: std::array::from_fn(|i| std::array::from_fn(|k| r[(i, k)])),
        translation: [0.0; 3],
    }
}

/// Compares `n` random layers of a body in a random pose.
fn compare(mesh: &TriMesh, seed: u64, n: usize) -> Vec<String> {
    let mut random = Pcg64::seed_from_u64(seed);
    let turned = mesh.posed(&random_pose(&mut random));
    let bounds = turned.bounds().expect("the body has vertices");
    let lift = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
    let turned = turned.posed(&lift);
    let height = bounds.size()[2];
    // Thicknesses at random, so that every height is a random one.
    let mut tops: Vec<f64> = (0..n).map(|_| random.random_range(0.0..height)).collect();
    tops.push(height);
    tops.sort_by(f64::total_cmp);
    tops.dedup();
    tops.retain(|top| *top > 0.0);
    let planes = Planes::tops(tops).expect("heights rise");
    let placed = [Placed::searched(Arc::new(turned.clone()), Pose::IDENTITY)];
    let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).expect("it is sound");
    let sliced = slicer.run(&mut FactsOnly, &RunContext::with_iterations(0, 0));
    let sliced = sliced.expect("nothing stops it");
    assert_eq!(sliced.closed_by_hand, 0);
    let wrong = |i: u32| {
        let facts = &sliced.facts[i as usize];
        let truth = Cut::new([&turned], planes.cut(i));
        let area = truth.areas().positive;
        // Each point may be half a step of the grid off to either side.
        let allowed = 1e-9 + truth.length() * GRID_MM;
        ((facts.area_mm2 - area).abs() > allowed)
            .then(|| format!("seed {seed}, layer {i}: {} of {area}", facts.area_mm2))
    };
    (0..planes.count()).filter_map(wrong).collect()
}

#[test]
fn random_layers_are_those_of_the_verifier() {
    let bodies = bodies();
    let n = 50;
    let wrong: Vec<String> = (0..(LAYERS / n) as u64)
        .into_par_iter()
        .flat_map_iter(|seed| compare(&bodies[seed as usize % bodies.len()], seed, n))
        .collect();
    assert!(wrong.is_empty(), "{} wrong, such as {}", wrong.len(), wrong[0]);
}

/// Areas of the layers of a mesh that stands as a stack has it.
fn sliced_areas(mesh: &TriMesh, stack: &LayerStack) -> Vec<f64> {
    let seat = stack.seat(mesh);
    let planes = Planes::uniform(Mm(stack.layer_mm), Mm(seat.height)).expect("a usable thickness");
    let pose = Pose { translation: [0.0, 0.0, seat.lift], ..Pose::IDENTITY };
    let options = SliceOptions::default();
    let placed = [Placed::searched(Arc::new(mesh.clone()), pose)];
    let slicer = BuildSlicer::new(&placed, &planes, &options).expect("the corpus can be sliced");
    let sliced = slicer.run(&mut FactsOnly, &RunContext::with_iterations(0, 0));
    let facts = sliced.expect("nothing stops it").facts;
    facts.iter().skip(seat.below).map(|layer| layer.area_mm2).collect()
}

#[test]
fn no_layer_of_a_corrected_model_is_bad() {
    let truth = |sound: &[TriMesh], heights: &[f64]| -> Vec<f64> {
        layer_areas(sound, heights).iter().map(|areas| areas.positive).collect()
    };
    let bad: Vec<String> = corpus(&Corpus::default())
        .into_par_iter()
        .flat_map_iter(|plan| {
            let case = plan.make();
            let layers = compare_layers(&case, 30, truth, sliced_areas);
            let verdict = judge_layers(&layers.truth, &layers.corrected);
            (verdict.bad > 0).then(|| format!("{}: {verdict:?}", case.name))
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
