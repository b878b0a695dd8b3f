use std::sync::Arc;

use platewright_check::layer_truth::layer_areas;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_slicer::{BuildSlicer, FactsOnly, Placed, Planes, SliceOptions, Unite};
use rayon::prelude::*;

use super::*;
use crate::body::{cuboid, l_prism, ring, sphere};
use crate::faulty::{Corpus, corpus};

fn true_areas(sound: &[TriMesh], heights: &[f64]) -> Vec<f64> {
    layer_areas(sound, heights).iter().map(|areas| areas.positive).collect()
}

fn sliced_areas(mesh: &TriMesh, stack: &LayerStack) -> Vec<f64> {
    let seat = stack.seat(mesh);
    let planes = Planes::uniform(Mm(stack.layer_mm), Mm(seat.height)).expect("a usable thickness");
    let pose = Pose { translation: [0.0, 0.0, seat.lift], ..Pose::IDENTITY };
    let options = SliceOptions { unite: Unite::Always, ..SliceOptions::default() };
    let placed = [Placed::sound(Arc::new(mesh.clone()), pose)];
    let slicer = BuildSlicer::new(&placed, &planes, &options).expect("the corpus can be sliced");
    let sliced = slicer.run(&mut FactsOnly, &RunContext::with_iterations(0, 0));
    let facts = sliced.expect("nothing stops it").facts;
    facts.iter().skip(seat.below).map(|layer| layer.area_mm2).collect()
}

#[test]
fn layers_are_judged_by_their_share_of_the_truth() {
    let truth = [100.0, 100.0, 0.009, 0.0, 50.0];
    let good = [100.09, 99.905, 0.001, 0.0099, 50.0];
    let verdict = judge_layers(&truth, &good);
    assert_eq!((verdict.judged, verdict.bad, verdict.worst), (3, 0, 1));
    assert_eq!(judge_layers(&truth, &truth).error, 0.0);
    let bad = [100.11, 99.8, 0.03, 0.02];
    let verdict = judge_layers(&truth, &bad);
    assert_eq!((verdict.judged, verdict.bad, verdict.worst), (5, 5, 3));
    assert_eq!(verdict.error, f64::INFINITY);
    assert_eq!(judge_layers(&[5.0], &[f64::NAN]).bad, 1);
}

#[test]
fn true_layers_hold_the_true_volume() {
    let plans = corpus(&Corpus::default());
    let plans: Vec<_> = plans.iter().step_by(5).collect();
    plans.par_iter().for_each(|plan| {
        let case = plan.make();
        let stack = case.layer_stack(300);
        let areas = true_areas(&case.sound, &stack.heights);
        let volume = areas.iter().sum::<f64>() * stack.layer_mm;
        // The area changes over the height by no more than what the surface covers from above
        // and below, and the rule of midpoints errs by half a layer of that at most.
        let flat = |mesh: &TriMesh| {
            let all = (0..mesh.triangles.len()).map(|t| mesh.normal_times_area(t).z.abs());
            all.sum::<f64>()
        };
        let slack = stack.layer_mm / 2.0 * case.sound.iter().map(flat).sum::<f64>();
        let off = (volume - case.truth.volume_mm3).abs();
        assert!(off <= slack, "{}: {off} of {} mm3", case.name, case.truth.volume_mm3);
    });
}

#[test]
fn no_layer_of_a_corrected_model_is_bad() {
    let bad: Vec<String> = corpus(&Corpus::default())
        .par_iter()
        .flat_map_iter(|plan| {
            let case = plan.make();
            let layers = compare_layers(&case, 40, true_areas, sliced_areas);
            let came = (case.recipe == "sound").then_some(&layers.given);
            let verdicts = came.into_iter().chain([&layers.corrected]);
            let verdicts: Vec<_> = verdicts.map(|a| judge_layers(&layers.truth, a)).collect();
            assert!(verdicts.iter().all(|v| v.judged > 20), "{}: {verdicts:?}", case.name);
            let bad = verdicts.into_iter().filter(|v| v.bad > 0);
            bad.map(|v| format!("{}: {v:?}", case.name)).collect::<Vec<_>>()
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn planes_through_level_faces_and_vertices_belong_to_what_is_below() {
    // All heights are exact in binary, so that the planes meet the faces bit for bit.
    let step = |up: f64, mesh: TriMesh| {
        let vertices = mesh.vertices.iter().map(|v| v + nalgebra::Vector3::z() * up).collect();
        TriMesh { vertices, triangles: mesh.triangles }
    };
    let mut stairs = cuboid(8.0, 8.0, 2.25);
    stairs.append(&step(2.25, l_prism(6.0, 6.0, 2.0, 3.5)));
    stairs.append(&step(5.75, ring(3.0, 1.0, 0.5, 16)));
    for (mesh, layer_mm, height) in
        [(&stairs, 0.5, 6.25), (&stairs, 0.125, 6.25), (&sphere(4.0, 8), 2.0, 8.0)]
    {
        let heights = (0..(height / layer_mm) as u32).map(|i| (f64::from(i) + 0.5) * layer_mm);
        let stack = LayerStack { plate_z: 0.0, layer_mm, heights: heights.collect() };
        let truth = true_areas(std::slice::from_ref(mesh), &stack.heights);
        let have = sliced_areas(mesh, &stack);
        let verdict = judge_layers(&truth, &have);
        assert_eq!((verdict.judged, verdict.bad), (truth.len(), 0), "{truth:?} {have:?}");
    }
}
