//! Figures of layers over those below, as they stream by.

use std::f64::consts::PI;
use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_model::stage::LayerFigures;

use super::building::at;
use super::solids::{cuboid, pose, sphere, torus};
use crate::{
    BuildSlicer, Compare, FactsOnly, Placed, Planes, Region, RegionFigures, SliceError,
    SliceOptions, Sliced,
};

const ANGLE_DEG: f64 = 40.0;

fn slicer(placed: &[(Arc<TriMesh>, Pose)], height: f64, options: SliceOptions) -> BuildSlicer {
    let placed: Vec<_> =
        placed.iter().map(|(mesh, pose)| Placed::sound(Arc::clone(mesh), *pose)).collect();
    let planes = Planes::uniform(Mm(0.1), Mm(height)).unwrap();
    BuildSlicer::new(&placed, &planes, &options).unwrap()
}

fn options(overhang_deg: f64) -> SliceOptions {
    let compare = Some(Compare { overhang_deg: Some(overhang_deg) });
    SliceOptions { compare, ..SliceOptions::default() }
}

fn run(slicer: &BuildSlicer, threads: usize) -> Sliced {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let ctx = RunContext::with_iterations(1, 1);
    pool.install(|| slicer.run(&mut FactsOnly, &ctx)).unwrap()
}

/// The figures of one body alone, layer by layer without streaming.
fn one_by_one(mesh: &Arc<TriMesh>, pose: Pose, height: f64) -> Vec<RegionFigures> {
    let slicer = slicer(&[(Arc::clone(mesh), pose)], height, SliceOptions::default());
    let region = |i: u32| -> Region {
        let layer = slicer.layer(i);
        layer.pieces.first().map_or(Region::default(), |piece| Region::clone(&piece.region))
    };
    let reach = Mm(0.1 * ANGLE_DEG.to_radians().tan());
    (0..slicer.stack().planes.count())
        .map(|i| {
            let below = i.checked_sub(1).map(region);
            RegionFigures::of(&region(i), below.as_ref(), reach).unwrap()
        })
        .collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-3 + 1e-6 * b.abs()
}

#[test]
fn streamed_figures_are_those_of_single_layers() {
    let ring = Arc::new(torus(8.0, 3.0, 90));
    let turned = pose([0.5, 0.2, 0.3], 1.0, [30.0, 30.0, 14.0]);
    let alone = one_by_one(&ring, turned, 30.0);
    // Two copies, one a whole number of layers higher, and a box: sums over the bodies.
    let higher = Pose { translation: [60.0, 30.0, 14.0 + 0.1 * 150.0], ..turned };
    let cube = Arc::new(cuboid([5.0, 5.0, 2.0]));
    let placed =
        [(Arc::clone(&ring), turned), (Arc::clone(&ring), higher), (cube, at(80.0, 0.0, 0.0))];
    let slicer = slicer(&placed, 45.0, options(ANGLE_DEG));
    let sliced = run(&slicer, 1);
    assert_eq!(sliced.bodies, 2);
    assert_eq!(sliced.figures.len(), sliced.facts.len());
    let mut overhangs = 0;
    for (i, found) in sliced.figures.iter().enumerate() {
        let mut expected = LayerFigures { overhang_mm2: Some(0.0), ..LayerFigures::default() };
        let copies = [alone.get(i), i.checked_sub(150).and_then(|i| alone.get(i))];
        // Above its top a body changes nothing.
        for one in copies.into_iter().flatten().filter(|one| one.area_mm2 > 0.0) {
            expected.islands += one.islands;
            expected.island_mm2 += one.island_mm2;
            expected.changed_mm2 += one.changed_mm2;
            expected.overhang_mm2 = Some(expected.overhang_mm2.unwrap() + one.overhang_mm2);
        }
        if i == 0 {
            expected.changed_mm2 += 25.0;
        }
        assert_eq!(found.islands, expected.islands, "layer {i}");
        for (a, b) in [
            (found.island_mm2, expected.island_mm2),
            (found.overhang_mm2.unwrap(), expected.overhang_mm2.unwrap()),
            (found.changed_mm2, expected.changed_mm2),
        ] {
            assert!(near(a, b), "layer {i}: {a} is not {b}");
        }
        overhangs += u32::from(found.overhang_mm2 > Some(0.1));
    }
    assert!(overhangs > 20, "a ring hangs over, in {overhangs} layers");
    let islands: u32 = sliced.figures.iter().map(|f| f.islands).sum();
    assert!(islands >= 2, "each ring begins in the air");
    // The same on any number of threads, and whatever is done to the contours afterwards.
    assert_eq!(run(&slicer, 5), sliced);
    let moved = SliceOptions { grow_mm: 0.3, simplify_mm: 0.02, ..options(ANGLE_DEG) };
    assert_eq!(run(&self::slicer(&placed, 45.0, moved), 2).figures, sliced.figures);
}

#[test]
fn a_body_on_the_plate_is_carried_and_one_in_the_air_is_an_island() {
    let cube = Arc::new(cuboid([10.0, 10.0, 5.0]));
    let placed = [(Arc::clone(&cube), at(0.0, 0.0, 0.0)), (cube, at(20.0, 0.0, 3.0))];
    let sliced = run(&slicer(&placed, 8.0, options(45.0)), 2);
    assert_eq!(sliced.bodies, 1, "both are one body");
    for (i, figures) in sliced.figures.iter().enumerate() {
        let [islands, area, changed] = match i {
            0 => [0.0, 0.0, 100.0],
            30 => [1.0, 100.0, 100.0],
            _ => [0.0; 3],
        };
        let found = [f64::from(figures.islands), figures.island_mm2, figures.changed_mm2];
        assert!(found.iter().zip([islands, area, changed]).all(|(a, b)| near(*a, b)), "layer {i}");
        assert!(near(figures.overhang_mm2.unwrap(), area), "layer {i}");
    }
}

#[test]
fn a_ball_hangs_over_below_the_angle_only() {
    let ball = Arc::new(sphere(10.0, 200));
    let sliced = run(&slicer(&[(ball, at(15.0, 15.0, 10.0))], 20.0, options(ANGLE_DEG)), 2);
    // Where the surface is as steep as the angle: z = -r sin(angle), here from the plate.
    let steep = 10.0 - 10.0 * ANGLE_DEG.to_radians().sin();
    for (i, figures) in sliced.figures.iter().enumerate().skip(1) {
        let hangs = figures.overhang_mm2.unwrap() > 0.05;
        let z = (i as f64 + 0.5) * 0.1;
        assert!(hangs == (z < steep) || (z - steep).abs() < 0.6, "{hangs} at {z}");
    }
    // What changes from the pole to the equator and back is the disc at the equator, twice.
    let changed: f64 = sliced.figures.iter().map(|f| f.changed_mm2).sum();
    assert!((changed / (2.0 * PI * 100.0) - 1.0).abs() < 0.01, "{changed}");
}

#[test]
fn nothing_is_compared_unasked_and_angles_of_no_use_are_refused() {
    let cube = Arc::new(cuboid([1.0, 1.0, 1.0]));
    let sliced =
        run(&slicer(&[(Arc::clone(&cube), at(0.0, 0.0, 0.0))], 1.0, SliceOptions::default()), 1);
    assert!(sliced.figures.is_empty());
    for angle in [-1.0, 89.5, f64::NAN] {
        let planes = Planes::uniform(Mm(0.1), Mm(1.0)).unwrap();
        let placed = [Placed::sound(Arc::clone(&cube), at(0.0, 0.0, 0.0))];
        let refused = BuildSlicer::new(&placed, &planes, &options(angle)).map(drop);
        assert!(matches!(refused, Err(SliceError::Angle { .. })), "{angle}");
    }
}
