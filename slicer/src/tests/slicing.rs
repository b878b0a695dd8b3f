//! Slices of single meshes against closed forms and against Green's theorem.

use std::time::Instant;

use nalgebra::Point3;
use platewright_mesh::{TriMesh, ring_area};
use platewright_model::measure::Mm;
use proptest::prelude::*;

use super::solids::{
    cuboid, cylinder, data, load, models, moved, pose, seated, sphere, together, torus,
};
use crate::topology::Topology;
use crate::{SliceOptions, Slices, UnionRule, simplify_ring, slice_mesh, union_layer};

fn exact(layer: f64) -> SliceOptions {
    SliceOptions { layer: Mm(layer), simplify_mm: 0.0, union: UnionRule::Shells }
}

fn sliced(mesh: &TriMesh, layer: f64) -> Slices {
    slice_mesh(mesh, 0.0, &exact(layer)).unwrap()
}

/// Area of a section by Green's theorem over the segments alone, without linking them.
fn green_area(mesh: &TriMesh, z: f64) -> f64 {
    let cut = |p: Point3<f64>, q: Point3<f64>| {
        let s = (z - p.z) / (q.z - p.z);
        [p.x + s * (q.x - p.x), p.y + s * (q.y - p.y)]
    };
    let mut twice = 0.0;
    for t in 0..mesh.triangles.len() {
        let c = mesh.corners(t);
        let (mut falls, mut rises) = (None, None);
        for k in 0..3 {
            let (p, q) = (c[k], c[(k + 1) % 3]);
            match (p.z >= z, q.z >= z) {
                (true, false) => falls = Some(cut(p, q)),
                (false, true) => rises = Some(cut(p, q)),
                _ => {}
            }
        }
        if let (Some(a), Some(b)) = (falls, rises) {
            twice += a[0] * b[1] - a[1] * b[0];
        }
    }
    twice / 2.0
}

fn solids() -> Vec<(&'static str, TriMesh)> {
    vec![
        ("box", cuboid([20.0, 12.0, 7.0])),
        ("cylinder", cylinder(6.0, 15.0, 48)),
        ("sphere", sphere(9.0, 60)),
        ("torus", torus(10.0, 3.0, 64)),
    ]
}

#[test]
fn upright_box_is_exact() {
    let slices = sliced(&cuboid([20.0, 12.0, 7.0]), 0.1);
    assert_eq!(slices.facts.len(), 70);
    for facts in &slices.facts {
        assert!((facts.area_mm2 - 240.0).abs() < 1e-10);
        assert!((facts.perimeter_mm - 64.0).abs() < 1e-10);
        assert_eq!(facts.contours, 1);
    }
    assert!((slices.facts[69].top_mm - 7.0).abs() < 1e-12);
}

#[test]
fn torus_has_a_hole() {
    let slices = sliced(&seated(&torus(10.0, 3.0, 64)), 0.1);
    let middle = &slices.rings[30];
    assert_eq!(middle.len(), 2);
    let mut areas: Vec<f64> = middle.iter().map(|ring| ring_area(ring)).collect();
    areas.sort_by(f64::total_cmp);
    assert!(areas[0] < 0.0 && areas[1] > -areas[0], "a hole inside an outer contour: {areas:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn turned_solids_are_closed_and_keep_their_volume(
        axis in prop::array::uniform3(0.1_f64..1.0), angle in 0.0_f64..6.3, layer in 0.03_f64..0.3,
    ) {
        for (name, mesh) in solids() {
            let mesh = seated(&mesh.posed(&pose(axis, angle, [0.0; 3])));
            let slices = sliced(&mesh, layer);
            prop_assert_eq!(slices.open_contours, 0, "{}", name);
            for (i, facts) in slices.facts.iter().enumerate() {
                let truth = green_area(&mesh, (i as f64 + 0.5) * layer);
                prop_assert!((facts.area_mm2 - truth).abs() < 1e-8 * (1.0 + truth), "{name} {i}");
            }
            // The midpoint rule is of second order; a flat face at an end costs one layer.
            let volume = mesh.volume();
            let error = (slices.volume(Mm(layer)) - volume).abs() / volume;
            prop_assert!(error < 8.0 * (layer / 6.0).powi(2), "{name}: {error} at {layer}");
        }
    }

    #[test]
    fn simplified_contours_stay_near(
        radii in prop::collection::vec(5.0_f64..6.0, 8..80), tolerance in 0.001_f64..0.5,
    ) {
        let n = radii.len() as f64;
        let ring: Vec<[f64; 2]> = radii.iter().enumerate().map(|(k, r)| {
            let a = std::f64::consts::TAU * k as f64 / n;
            [r * a.cos(), r * a.sin()]
        }).collect();
        let thin = simplify_ring(&ring, tolerance);
        prop_assert!(thin.len() >= 3);
        for p in &ring {
            let near = (0..thin.len()).map(|k| {
                let (a, b) = (thin[k], thin[(k + 1) % thin.len()]);
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let s = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy);
                let s = s.clamp(0.0, 1.0);
                (p[0] - a[0] - s * dx).hypot(p[1] - a[1] - s * dy)
            }).fold(f64::MAX, f64::min);
            prop_assert!(near <= tolerance * (1.0 + 1e-9));
        }
    }
}

#[test]
fn error_falls_with_the_square_of_the_layer() {
    let mesh = seated(&sphere(9.0, 60).posed(&pose([1.0, 2.0, 3.0], 0.7, [0.0; 3])));
    let error = |layer: f64| (sliced(&mesh, layer).volume(Mm(layer)) - mesh.volume()).abs();
    let (coarse, fine) = (error(0.4), error(0.05));
    assert!(fine < coarse / 20.0, "64 times less is second order: {coarse} to {fine}");
}

#[test]
fn plane_through_vertices_and_level_faces() {
    // Two boxes, one on the other, with all of their level faces on planes.
    let low = cuboid([10.0, 10.0, 1.0]);
    let mesh = together(&[low, moved(&cuboid([4.0, 4.0, 1.0]), [3.0, 3.0, 1.0])]);
    // Planes at 0.5 + k with a plate half a layer down: 0, 1, 2.
    let slices = slice_mesh(&mesh, -0.5, &exact(1.0)).unwrap();
    assert_eq!(slices.open_contours, 0);
    let areas: Vec<f64> = slices.facts.iter().map(|f| f.area_mm2).collect();
    // A vertex on the plane is above it: the plane at 0 cuts nothing, the one at 1 the lower box
    // below its top, the one at 2 the upper box.
    assert_eq!(areas, [0.0, 100.0, 16.0]);
    // An octahedron-like body with four vertices on the plane.
    let body = sphere(1.0, 4);
    let slices = slice_mesh(&body, -1.5, &exact(1.0)).unwrap();
    assert_eq!(slices.open_contours, 0);
    assert!((slices.facts[1].area_mm2 - 2.0).abs() < 1e-12, "{:?}", slices.facts);
}

#[test]
fn shells_that_touch_or_overlap_count_once() {
    let a = cuboid([10.0, 10.0, 5.0]);
    // Face to face with equal triangles turned against one another: the wall vanishes.
    let beside = together(&[a.clone(), moved(&a, [10.0, 0.0, 0.0])]);
    let slices = sliced(&beside, 0.5);
    assert_eq!(slices.open_contours, 0);
    assert!(slices.facts.iter().all(|f| (f.area_mm2 - 200.0).abs() < 1e-9));
    // Overlapping by half: the union is 150 mm², the sum would be 200 mm².
    let over = together(&[a.clone(), moved(&a, [5.0, 0.0, 0.0])]);
    assert!(sliced(&over, 0.5).facts.iter().all(|f| (f.area_mm2 - 150.0).abs() < 1e-5));
    let never = SliceOptions { union: UnionRule::Never, ..exact(0.5) };
    let doubled = slice_mesh(&over, 0.0, &never).unwrap();
    assert!(doubled.facts.iter().all(|f| (f.area_mm2 - 200.0).abs() < 1e-9));
    // Along an edge: four triangles at one edge, two bodies that must come apart.
    let edge = together(&[a.clone(), moved(&a, [10.0, 10.0, 0.0])]);
    let slices = sliced(&edge, 0.5);
    assert_eq!(slices.open_contours, 0);
    assert!(slices.facts.iter().all(|f| f.contours == 2 && (f.area_mm2 - 200.0).abs() < 1e-9));
    // A cavity: an inner shell turned inside out.
    let mut cavity = moved(&cuboid([4.0, 4.0, 3.0]), [3.0, 3.0, 1.0]);
    cavity.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    let hollow = sliced(&together(&[a, cavity]), 0.5);
    assert!((hollow.volume(Mm(0.5)) - (500.0 - 48.0)).abs() < 1e-5);
    assert_eq!(hollow.facts[4].contours, 2);
}

#[test]
fn edges_of_four_triangles_are_paired_at_any_turn() {
    let a = cuboid([10.0, 10.0, 5.0]);
    let pair = together(&[a.clone(), moved(&a, [10.0, 10.0, 0.0])]);
    for k in 0..20 {
        let mesh = seated(&pair.posed(&pose([1.0, 0.3 * k as f64, 2.0], 0.3 * k as f64, [0.0; 3])));
        let slices = sliced(&mesh, 0.1);
        assert_eq!(slices.open_contours, 0);
        assert!((slices.volume(Mm(0.1)) / mesh.volume() - 1.0).abs() < 1e-3);
        assert_eq!(Topology::new(&mesh).unwrap().shells, 2);
    }
}

#[test]
fn open_meshes_are_closed_and_counted() {
    let mut mesh = cuboid([10.0, 10.0, 5.0]);
    // Without one of the two triangles of the wall at x = 0.
    let gone = mesh
        .triangles
        .iter()
        .position(|t| t.iter().all(|&v| mesh.vertices[v as usize].x == 0.0))
        .unwrap();
    mesh.triangles.remove(gone);
    let slices = sliced(&mesh, 0.5);
    assert_eq!(slices.open_contours as usize, slices.facts.len(), "one a layer");
    assert!(slices.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9), "the wall is flat");
    // A triangle turned over tears the contour; closing mends it.
    let mut flipped = cuboid([10.0, 10.0, 5.0]);
    flipped.triangles[gone].swap(0, 1);
    let slices = sliced(&flipped, 0.5);
    assert!(slices.open_contours > 0);
    assert!(slices.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9));
    // Two opposite walls gone: the two loose contours are joined by their near ends.
    let mut tube = cuboid([10.0, 10.0, 5.0]);
    let vertices = tube.vertices.clone();
    tube.triangles.retain(|t| {
        let x: Vec<f64> = t.iter().map(|&v| vertices[v as usize].x).collect();
        x.iter().any(|c| *c != x[0])
    });
    let slices = sliced(&tube, 0.5);
    assert_eq!(slices.open_contours as usize, 2 * slices.facts.len());
    assert!(slices.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9));
}

#[test]
fn broken_input_is_refused() {
    let mesh = cuboid([1.0; 3]);
    for layer in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9] {
        assert!(slice_mesh(&mesh, 0.0, &exact(layer)).is_err(), "{layer}");
    }
    let mut bad = mesh.clone();
    bad.triangles[0][0] = 99;
    assert!(slice_mesh(&bad, 0.0, &exact(0.1)).unwrap_err().to_string().contains("E7003"));
    let mut bad = mesh;
    bad.vertices[0].x = f64::NAN;
    assert!(slice_mesh(&bad, 0.0, &exact(0.1)).is_err());
    assert_eq!(sliced(&TriMesh::default(), 0.1).facts.len(), 0);
}

#[test]
fn union_leaves_clean_layers_alone() {
    for (_, mesh) in solids() {
        let slices = sliced(&seated(&mesh), 0.5);
        for rings in slices.rings {
            assert_eq!(union_layer(rings.clone()), rings);
        }
    }
}

#[test]
fn crossing_bars_are_one_contour() {
    let bar = cuboid([10.0, 2.0, 4.0]);
    let cross = together(&[bar, moved(&cuboid([2.0, 10.0, 4.0]), [4.0, -4.0, 0.0])]);
    let always = SliceOptions { union: UnionRule::Always, ..exact(0.5) };
    let slices = slice_mesh(&cross, 0.0, &always).unwrap();
    assert!(slices.facts.iter().all(|f| (f.area_mm2 - 36.0).abs() < 1e-6));
    assert!(slices.facts.iter().all(|f| f.contours == 1));
}

#[test]
fn real_models_keep_their_volume() {
    let Some(root) = data() else { return };
    let files = models(&root);
    let (mut closed, mut within, mut worst) = (0, 0, 0.0_f64);
    for path in &files {
        let mesh = seated(&load(path));
        if Topology::new(&mesh).unwrap().open {
            continue;
        }
        closed += 1;
        let slices =
            slice_mesh(&mesh, 0.0, &SliceOptions { union: UnionRule::Never, ..exact(0.1) })
                .unwrap();
        assert_eq!(slices.open_contours, 0, "{}", path.display());
        let error = (slices.volume(Mm(0.1)) / mesh.volume() - 1.0).abs();
        worst = worst.max(error);
        // A level face that lies between two planes is out by half a layer at most.
        let level: f64 = (0..mesh.triangles.len())
            .map(|t| mesh.normal_times_area(t))
            .filter(|n| n.z.abs() > 0.999 * n.norm())
            .map(|n| n.norm())
            .sum();
        let allowed = 0.0005 + level * 0.05 / mesh.volume();
        assert!(error < allowed, "{}: {error} of {allowed}", path.display());
        within += usize::from(error < 0.005);
        let united = sliced(&mesh, 0.1);
        assert!(united.volume(Mm(0.1)) <= slices.volume(Mm(0.1)) * (1.0 + 1e-6));
    }
    println!(
        "{closed} of {} models closed, {within} within 0.5 %, worst volume error {worst:.2e}",
        files.len()
    );
}

#[test]
fn speed_on_real_models() {
    let Some(root) = data() else { return };
    for (name, turned) in [("femur.stl", false), ("liver.stl", false), ("nefertiti.obj", true)] {
        let path = root.join("meshes").join(name);
        if !path.exists() {
            continue;
        }
        let turn = if turned { std::f64::consts::FRAC_PI_2 } else { 0.0 };
        let mut mesh = seated(&load(&path).posed(&pose([1.0, 0.0, 0.0], turn, [0.0; 3])));
        let scale = 100.0 / mesh.bounds().unwrap().size()[2];
        mesh.vertices.iter_mut().for_each(|v| *v *= scale);
        let start = Instant::now();
        let topology = Topology::new(&mesh).unwrap();
        let linked = start.elapsed();
        let slices = sliced(&mesh, 0.1);
        let all = start.elapsed() - linked;
        let segments: usize = slices.rings.iter().flatten().map(Vec::len).sum();
        let volume = slices.volume(Mm(0.1));
        println!(
            "{name}: {} triangles, {} layers, {segments} segments; links {linked:?}, links and \
             contours {all:?}; open {} shells {}; volume {volume:.3} of {:.3}",
            mesh.triangles.len(),
            slices.facts.len(),
            slices.open_contours,
            topology.shells,
            mesh.volume()
        );
        if !topology.open {
            assert_eq!(slices.open_contours, 0);
        }
    }
}
