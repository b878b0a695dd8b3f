//! Builds: copies, heights, threads, estimates.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::machine::TimeModel;
use platewright_model::measure::{Mm, Seconds};
use platewright_model::run::RunContext;

use super::solids::{Collected, cuboid, data, load, models, pose, sphere, torus};
use crate::format::{FormatOptions, LayerFormat, MemoryFile};
use crate::{
    BuildSlicer, FactsOnly, Placed, Planes, SliceError, SliceOptions, build_load, exact_print_time,
    material, write_layers,
};

pub(super) fn at(x: f64, y: f64, z: f64) -> Pose {
    Pose { translation: [x, y, z], ..Pose::IDENTITY }
}

/// The build in layers of 0.1 mm.
pub(super) fn slicer(
    placed: &[(Arc<TriMesh>, Pose)],
    height: f64,
    simplify_mm: f64,
) -> BuildSlicer {
    let placed: Vec<_> =
        placed.iter().map(|(mesh, pose)| Placed::sound(Arc::clone(mesh), *pose)).collect();
    let planes = Planes::uniform(Mm(0.1), Mm(height)).unwrap();
    let options = SliceOptions { simplify_mm, ..SliceOptions::default() };
    BuildSlicer::new(&placed, &planes, &options).unwrap()
}

/// The build in a layer format.
pub(super) fn written(slicer: &BuildSlicer, format: &str) -> Vec<u8> {
    let file = MemoryFile::default();
    let writer = LayerFormat::named(format)
        .unwrap()
        .open(Box::new(file.clone()), slicer.stack(), &FormatOptions::default())
        .unwrap();
    write_layers(slicer, vec![writer], &RunContext::with_iterations(1, 1)).unwrap();
    file.take()
}

fn build(placed: &[(Arc<TriMesh>, Pose)], height: f64) -> Collected {
    Collected::of(&slicer(placed, height, 0.01))
}

#[test]
fn copies_are_sliced_once() {
    let ball = Arc::new(sphere(5.0, 40));
    let turned = |z| pose([0.3, 0.4, 0.5], 1.0, [40.0, 40.0, z]);
    let mut placed: Vec<_> =
        (0..10).map(|k| (Arc::clone(&ball), at(10.0 + 12.0 * f64::from(k), 10.0, 5.0))).collect();
    // A whole number of layers higher is the same body, half a layer is not.
    placed.push((Arc::clone(&ball), at(10.0, 30.0, 5.0 + 0.1 * 7.0)));
    assert_eq!(build(&placed, 20.0).sliced.bodies, 1);
    placed.push((Arc::clone(&ball), at(10.0, 60.0, 5.05)));
    assert_eq!(build(&placed, 20.0).sliced.bodies, 2);
    placed.push((ball, turned(10.0)));
    let layers = build(&placed, 20.0);
    assert_eq!(layers.sliced.bodies, 3);
    let alone = build(&placed[..1], 20.0);
    for (i, layer) in alone.layers.iter().enumerate().take(7) {
        let copies = layers.layers[i].contours().filter(|c| c.part < 10).count();
        assert_eq!(copies, 10 * layer.contours().count());
    }
    let moved = layers.layers[20].contours().find(|c| c.part == 3).unwrap();
    let first = layers.layers[20].contours().find(|c| c.part == 0).unwrap();
    for (p, q) in moved.grid_points().zip(first.grid_points()) {
        assert_eq!((p[0] - q[0], p[1] - q[1]), (3_600_000, 0), "a copy is exact");
    }
}

#[test]
fn stacked_parts_keep_their_heights() {
    let cube = Arc::new(cuboid([10.0, 10.0, 5.0]));
    let placed = [(Arc::clone(&cube), at(0.0, 0.0, 1.0)), (cube, at(0.0, 0.0, 7.25))];
    let layers = build(&placed, 12.25);
    assert_eq!(layers.layers.len(), 123);
    for layer in &layers.layers {
        let solid = (1.0..6.0).contains(&layer.cut_mm) || (7.25..12.25).contains(&layer.cut_mm);
        let expected = if solid { 100.0 } else { 0.0 };
        assert!((layer.facts.area_mm2 - expected).abs() < 1e-9, "at {}", layer.cut_mm);
    }
}

#[test]
fn facts_do_not_depend_on_the_simplification() {
    let placed = [(Arc::new(torus(10.0, 3.0, 128)), at(20.0, 20.0, 3.0))];
    let slice = |simplify_mm| Collected::of(&slicer(&placed, 6.0, simplify_mm));
    let (exact, thin) = (slice(0.0), slice(0.05));
    assert_eq!(exact.sliced.facts, thin.sliced.facts);
    let points = |all: &Collected| -> usize {
        all.layers.iter().flat_map(|l| &l.pieces).map(|p| p.region.n_points()).sum()
    };
    assert!(points(&thin) < points(&exact) / 2);
}

#[test]
fn facts_do_not_depend_on_how_far_contours_are_moved() {
    let placed = [Placed::sound(Arc::new(torus(10.0, 3.0, 128)), at(20.0, 20.0, 3.0))];
    let planes = Planes::uniform(Mm(0.1), Mm(6.0)).unwrap();
    let slice = |grow_mm| {
        let options = SliceOptions { grow_mm, ..SliceOptions::default() };
        Collected::of(&BuildSlicer::new(&placed, &planes, &options).unwrap())
    };
    let (exact, closed) = (slice(0.0), slice(8.0));
    assert_eq!(exact.sliced.facts, closed.sliced.facts);
    // Grown by more than its radius, the hole is gone from what is written.
    assert_eq!((exact.layers[30].contours().count(), closed.layers[30].contours().count()), (2, 1));
}

#[test]
fn bytes_do_not_depend_on_the_threads() {
    let shapes = [Arc::new(torus(10.0, 3.0, 96)), Arc::new(sphere(6.0, 80))];
    let placed: Vec<_> = (0..12)
        .map(|k| {
            let x = 30.0 * f64::from(k);
            (Arc::clone(&shapes[k as usize % 2]), pose([1.0, x, 2.0], x, [x, 20.0, 14.0]))
        })
        .collect();
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&slicer(&placed, 30.0, 0.01), "cli"))
    };
    let one = bytes(1);
    assert!(one == bytes(2) && one == bytes(5));
}

#[test]
fn parts_outside_of_the_build_are_refused() {
    let cube = Arc::new(cuboid([10.0, 10.0, 5.0]));
    let planes = Planes::uniform(Mm(0.1), Mm(10.0)).unwrap();
    for (x, z) in [(0.0, -0.5), (0.0, 6.0), (0.0, f64::NAN), (f64::INFINITY, 0.0), (1e6, 0.0)] {
        let placed = [Placed::sound(Arc::clone(&cube), at(x, 0.0, z))];
        assert!(BuildSlicer::new(&placed, &planes, &SliceOptions::default()).is_err(), "{x} {z}");
    }
    for (layer, height) in [(0.0, 5.0), (0.1, f64::INFINITY), (f64::NAN, 5.0), (1e-9, 5.0)] {
        assert!(Planes::uniform(Mm(layer), Mm(height)).is_err());
    }
    let ctx = RunContext::with_iterations(1, 1);
    ctx.cancel.cancel();
    let stopped = slicer(&[(cube, at(0.0, 0.0, 0.0))], 5.0, 0.0).run(&mut FactsOnly, &ctx);
    assert!(matches!(stopped, Err(SliceError::Stopped)));
}

#[test]
fn estimates_follow_the_layers() {
    let placed = [(Arc::new(cuboid([10.0, 10.0, 5.0])), at(0.0, 0.0, 0.0))];
    let facts = build(&placed, 5.0).sliced.facts;
    let load = build_load(&facts, Mm(0.1), Mm(5.0));
    assert!((load.volume_mm3 - 500.0).abs() < 1e-9 && (load.surface_mm2 - 200.0).abs() < 1e-9);
    let time = TimeModel {
        setup: Seconds(1000),
        fixed_s: 10.0,
        layer_s: 2.0,
        volume_s_per_mm3: 0.5,
        surface_s_per_mm2: 0.1,
        height_s_per_mm: 3.0,
        cool_down: Seconds(1000),
        unload: Seconds(1000),
    };
    // 10 + 50 · 2 + 500 · 0.5 + 200 · 0.1 + 5 · 3, not moved over the second by rounding.
    let seconds = exact_print_time(&time, &load, &facts);
    assert!((395..=396).contains(&seconds.0), "{seconds}");
    let mass = material(0.5, 1.2, &facts, Mm(0.1));
    assert!((mass.0 - 0.3).abs() < 1e-9);
}

/// Every real model, turned, with copies: no contour is torn, and the layers hold the volume.
#[test]
fn a_build_of_real_models() {
    let Some(root) = data() else { return };
    let (mut placed, mut volume) = (Vec::new(), 0.0);
    for (k, path) in models(&root).iter().enumerate() {
        let mesh = Arc::new(load(path));
        let k = k as f64;
        let turned = pose([1.0, 0.1 * k, 0.3], 0.7 * k, [0.0; 3]);
        let low = mesh.posed(&turned).bounds().unwrap().min[2];
        for copy in 0..3 {
            // Whole layers apart in height, so that all three are one body.
            let z = 5.0 * f64::from(copy) - low;
            let shift = [20.0 * k, 80.0 * f64::from(copy), z];
            placed.push((Arc::clone(&mesh), Pose { translation: shift, ..turned }));
            volume += mesh.volume();
        }
    }
    let layers = build(&placed, 400.0);
    assert_eq!(
        (layers.sliced.closed_by_hand, layers.sliced.bodies as usize),
        (0, placed.len() / 3)
    );
    let total = layers.volume();
    assert!((total / volume - 1.0).abs() < 0.005, "{total} of {volume}");
}
