//! Slices of single meshes against closed forms and against Green's theorem.

use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::{Facets, MappedFile, TriMesh, read_model, write_stl};
use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::geometry::Pose;
use platewright_model::measure::{LengthUnit, Mm};
use proptest::prelude::*;

use super::solids::{
    Collected, cuboid, cylinder, data, load, models, moved, pose, seated, sphere, together, torus,
};
use crate::{
    BuildSlicer, Contour, GRID_MM, Placed, Planes, Region, Shape, SliceError, SliceOptions, Unite,
    to_grid,
};

/// Rounding to the grid moves a contour by at most half a step to either side.
fn grid_error(perimeter: f64) -> f64 {
    perimeter * GRID_MM
}

fn try_sliced(mesh: &TriMesh, layer: f64, unite: Unite) -> Result<Collected, SliceError> {
    let height = mesh.bounds().map_or(0.0, |b| b.max[2]);
    let planes = Planes::uniform(Mm(layer), Mm(height))?;
    let placed = [Placed::searched(Arc::new(mesh.clone()), Pose::IDENTITY)];
    let options = SliceOptions { unite, ..SliceOptions::default() };
    Ok(Collected::of(&BuildSlicer::new(&placed, &planes, &options)?))
}

fn sliced(mesh: &TriMesh, layer: f64) -> Collected {
    try_sliced(mesh, layer, Unite::WhereOverlapping).unwrap()
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
    assert_eq!(slices.layers.len(), 70);
    for facts in &slices.sliced.facts {
        assert!((facts.area_mm2 - 240.0).abs() < 1e-10);
        assert!((facts.perimeter_mm - 64.0).abs() < 1e-10);
        assert_eq!(facts.contours, 1);
    }
    assert!((slices.layers[69].top_mm - 7.0).abs() < 1e-12);
}

#[test]
fn torus_has_a_hole() {
    let slices = sliced(&seated(&torus(10.0, 3.0, 64)), 0.1);
    let holes: Vec<bool> = slices.layers[30].contours().map(Contour::is_hole).collect();
    assert_eq!(holes.len(), 2);
    assert_ne!(holes[0], holes[1], "a hole inside an outer contour");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn turned_solids_are_closed_and_keep_their_volume(
        axis in prop::array::uniform3(0.1_f64..1.0), angle in 0.2_f64..6.0, layer in 0.03_f64..0.3,
    ) {
        for (name, mesh) in solids() {
            let mesh = seated(&mesh.posed(&pose(axis, angle, [0.0; 3])));
            let slices = sliced(&mesh, layer);
            prop_assert_eq!(slices.sliced.closed_by_hand, 0, "{}", name);
            for (i, facts) in slices.sliced.facts.iter().enumerate() {
                let truth = green_area(&mesh, (i as f64 + 0.5) * layer);
                let allowed = 1e-9 + grid_error(facts.perimeter_mm);
                prop_assert!((facts.area_mm2 - truth).abs() < allowed, "{name} {i}");
            }
            // The midpoint rule is of second order. A level face may lie anywhere in its layer,
            // which is of first order: hence no angle near 0.
            let volume = mesh.volume();
            let error = (slices.volume() - volume).abs() / volume;
            prop_assert!(error < 8.0 * (layer / 6.0).powi(2), "{name}: {error} at {layer}");
        }
    }

    #[test]
    fn simplified_contours_stay_near(
        radii in prop::collection::vec(5.0_f64..6.0, 8..80), tolerance in 0.001_f64..0.5,
    ) {
        let n = radii.len() as f64;
        let mut ring = Region::default();
        ring.push(radii.iter().enumerate().map(|(k, r)| {
            let a = std::f64::consts::TAU * k as f64 / n;
            to_grid([r * a.cos(), r * a.sin()])
        }));
        let thin = ring.simplified(tolerance);
        let thin: Vec<_> = thin.points().iter().map(|p| p.map(f64::from)).collect();
        prop_assert!(thin.len() >= 3);
        for p in ring.points().iter().map(|p| p.map(f64::from)) {
            let near = (0..thin.len()).map(|k| {
                let (a, b) = (thin[k], thin[(k + 1) % thin.len()]);
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let s = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy);
                let s = s.clamp(0.0, 1.0);
                (p[0] - a[0] - s * dx).hypot(p[1] - a[1] - s * dy)
            }).fold(f64::MAX, f64::min);
            prop_assert!(near * GRID_MM <= tolerance * (1.0 + 1e-9));
        }
    }
}

#[test]
fn error_falls_with_the_square_of_the_layer() {
    let mesh = seated(&sphere(9.0, 60).posed(&pose([1.0, 2.0, 3.0], 0.7, [0.0; 3])));
    let error = |layer: f64| (sliced(&mesh, layer).volume() - mesh.volume()).abs();
    let (coarse, fine) = (error(0.4), error(0.05));
    assert!(fine < coarse / 20.0, "64 times less is second order: {coarse} to {fine}");
}

#[test]
fn plane_through_vertices_and_level_faces() {
    // Two boxes, one on the other, with all of their level faces on planes: 0.5, 1.5, 2.5.
    let low = moved(&cuboid([10.0, 10.0, 1.0]), [0.0, 0.0, 0.5]);
    let mesh = together(&[low, moved(&cuboid([4.0, 4.0, 1.0]), [3.0, 3.0, 1.5])]);
    let slices = sliced(&mesh, 1.0);
    assert_eq!(slices.sliced.closed_by_hand, 0);
    // A vertex on the plane is above it: the plane at 0.5 cuts nothing, the one at 1.5 the lower
    // box below its top, the one at 2.5 the upper box.
    assert_eq!(slices.areas(), [0.0, 100.0, 16.0]);
    // An octahedron-like body with four vertices on the plane.
    let body = moved(&sphere(1.0, 4), [0.0, 0.0, 1.5]);
    let slices = sliced(&body, 1.0);
    assert_eq!(slices.sliced.closed_by_hand, 0);
    assert!((slices.areas()[1] - 2.0).abs() < 1e-12, "{:?}", slices.areas());
}

#[test]
fn shells_that_touch_or_overlap_count_once() {
    let a = cuboid([10.0, 10.0, 5.0]);
    // Face to face with equal triangles turned against one another: the wall vanishes.
    let beside = together(&[a.clone(), moved(&a, [10.0, 0.0, 0.0])]);
    let slices = sliced(&beside, 0.5);
    assert_eq!(slices.sliced.closed_by_hand, 0);
    assert!(slices.sliced.facts.iter().all(|f| (f.area_mm2 - 200.0).abs() < 1e-9));
    // Overlapping by half: the union is 150 mm², the sum would be 200 mm².
    let over = together(&[a.clone(), moved(&a, [5.0, 0.0, 0.0])]);
    assert!(sliced(&over, 0.5).sliced.facts.iter().all(|f| (f.area_mm2 - 150.0).abs() < 1e-5));
    let doubled = try_sliced(&over, 0.5, Unite::Never).unwrap();
    assert!(doubled.sliced.facts.iter().all(|f| (f.area_mm2 - 200.0).abs() < 1e-9));
    // Along an edge: four triangles at one edge, two bodies that must come apart.
    let edge = together(&[a.clone(), moved(&a, [10.0, 10.0, 0.0])]);
    let slices = sliced(&edge, 0.5);
    assert_eq!(slices.sliced.closed_by_hand, 0);
    assert!(
        slices.sliced.facts.iter().all(|f| f.contours == 2 && (f.area_mm2 - 200.0).abs() < 1e-9)
    );
    // A cavity: an inner shell turned inside out.
    let mut cavity = moved(&cuboid([4.0, 4.0, 3.0]), [3.0, 3.0, 1.0]);
    cavity.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    let hollow = sliced(&together(&[a, cavity]), 0.5);
    assert!((hollow.volume() - (500.0 - 48.0)).abs() < 1e-5);
    assert_eq!(hollow.sliced.facts[4].contours, 2);
}

#[test]
fn edges_of_four_triangles_are_paired_at_any_turn() {
    let a = cuboid([10.0, 10.0, 5.0]);
    let pair = together(&[a.clone(), moved(&a, [10.0, 10.0, 0.0])]);
    for k in 0..20 {
        let mesh = seated(&pair.posed(&pose([1.0, 0.3 * k as f64, 2.0], 0.3 * k as f64, [0.0; 3])));
        let slices = sliced(&mesh, 0.1);
        assert_eq!(slices.sliced.closed_by_hand, 0);
        assert!((slices.volume() / mesh.volume() - 1.0).abs() < 1e-3);
        let inner = slices.layers.iter().filter(|layer| layer.facts.contours == 1).count();
        assert!(inner < slices.layers.len(), "two bodies, two contours where both are cut");
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
    assert_eq!(slices.sliced.closed_by_hand as usize, slices.layers.len(), "one a layer");
    assert!(
        slices.sliced.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9),
        "the wall is flat"
    );
    // A triangle turned over tears the contour; closing mends it.
    let mut flipped = cuboid([10.0, 10.0, 5.0]);
    flipped.triangles[gone].swap(0, 1);
    let slices = sliced(&flipped, 0.5);
    assert!(slices.sliced.closed_by_hand > 0);
    assert!(slices.sliced.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9));
    // Two opposite walls gone: the two loose contours are joined by their near ends.
    let mut tube = cuboid([10.0, 10.0, 5.0]);
    let vertices = tube.vertices.clone();
    tube.triangles.retain(|t| {
        let x: Vec<f64> = t.iter().map(|&v| vertices[v as usize].x).collect();
        x.iter().any(|c| *c != x[0])
    });
    let slices = sliced(&tube, 0.5);
    assert_eq!(slices.sliced.closed_by_hand as usize, 2 * slices.layers.len());
    assert!(slices.sliced.facts.iter().all(|f| (f.area_mm2 - 100.0).abs() < 1e-9));
}

#[test]
fn broken_input_is_refused() {
    let mesh = cuboid([1.0; 3]);
    let refused = |mesh: &TriMesh, layer| try_sliced(mesh, layer, Unite::Never).unwrap_err();
    for layer in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9] {
        refused(&mesh, layer);
    }
    let placed = |mesh: &TriMesh| [Placed::sound(Arc::new(mesh.clone()), Pose::IDENTITY)];
    let planes = Planes::uniform(Mm(0.1), Mm(1.0)).unwrap();
    let build = |mesh| BuildSlicer::new(&placed(mesh), &planes, &SliceOptions::default());
    let mut bad = mesh.clone();
    bad.triangles[0][0] = 99;
    assert!(build(&bad).unwrap_err().to_string().contains("E7003"));
    let mut bad = mesh.clone();
    bad.vertices[0].x = f64::NAN;
    assert!(build(&bad).unwrap_err().to_string().contains("E7003"));
    let far = moved(&mesh, [3e4, 0.0, 0.0]);
    assert!(build(&far).unwrap_err().to_string().contains("E7009"));
    assert_eq!(sliced(&TriMesh::default(), 0.1).layers.len(), 0);
}

#[test]
fn a_clean_layer_equals_its_own_union() {
    for (name, mesh) in solids() {
        let mesh = seated(&mesh.posed(&pose([0.3, 1.0, 0.2], 0.4, [0.0; 3])));
        for layer in sliced(&mesh, 0.5).layers {
            for piece in &layer.pieces {
                let united = piece.region.united(crate::Fill::Positive);
                assert!(united.differing(&piece.region).is_empty(), "{name} {}", layer.index);
                assert_eq!(united.n_rings(), piece.region.n_rings());
            }
        }
    }
}

#[test]
fn crossing_bars_are_one_contour() {
    let bar = cuboid([10.0, 2.0, 4.0]);
    let cross = together(&[bar, moved(&cuboid([2.0, 10.0, 4.0]), [4.0, -4.0, 0.0])]);
    for unite in [Unite::WhereOverlapping, Unite::Always] {
        let slices = try_sliced(&cross, 0.5, unite).unwrap();
        assert!(slices.areas().iter().all(|area| (area - 36.0).abs() < 1e-6));
        assert!(slices.sliced.facts.iter().all(|f| f.contours == 1));
    }
}

#[test]
fn solid_is_what_the_fill_says() {
    let outer = cuboid([10.0, 10.0, 4.0]);
    let inner = moved(&cuboid([2.0, 2.0, 4.0]), [4.0, 4.0, 0.0]);
    let mut inverted = moved(&cuboid([3.0, 3.0, 4.0]), [20.0, 0.0, 0.0]);
    inverted.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    let mesh = Arc::new(together(&[outer, inner, inverted]));
    let planes = Planes::uniform(Mm(0.5), Mm(4.0)).unwrap();
    for (fill, area) in [
        (crate::Fill::Positive, 100.0),
        (crate::Fill::NonZero, 109.0),
        (crate::Fill::EvenOdd, 105.0),
    ] {
        let options = SliceOptions { fill, ..SliceOptions::default() };
        let placed = [Placed::searched(Arc::clone(&mesh), Pose::IDENTITY)];
        let all = Collected::of(&BuildSlicer::new(&placed, &planes, &options).unwrap());
        assert!(all.areas().iter().all(|a| (a - area).abs() < 1e-6), "{fill:?}");
    }
}

#[test]
fn any_layer_alone_is_that_of_the_whole() {
    let mesh = seated(&torus(10.0, 3.0, 64).posed(&pose([1.0, 2.0, 3.0], 0.7, [0.0; 3])));
    let planes = Planes::uniform(Mm(0.05), Mm(mesh.bounds().unwrap().max[2])).unwrap();
    let placed = [Placed::searched(Arc::new(mesh), Pose::IDENTITY)];
    let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).unwrap();
    let all = Collected::of(&slicer);
    for i in (0..planes.count()).rev().step_by(7) {
        assert_eq!(slicer.layer(i), all.layers[i as usize]);
    }
}

#[test]
fn triangles_of_a_file_give_the_layers_of_its_mesh() {
    let folder = std::env::temp_dir().join(format!("platewright-facets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config: Config = toml::from_str(DEFAULT_TOML).unwrap();
    let limits = config.limits;
    for (name, mesh) in solids() {
        let path = folder.join(format!("{name}.stl"));
        std::fs::write(&path, write_stl(&mesh.posed(&pose([1.0, 2.0, 0.5], 0.3, [0.0; 3]))))
            .unwrap();
        let open = || MappedFile::open(&path, &limits).unwrap();
        let facets = Facets::open(open(), LengthUnit::Mm, &limits).unwrap().unwrap();
        let mesh = read_model(&open(), name, Some(LengthUnit::Mm), &limits).unwrap().mesh;
        let shapes = [
            Shape::Mesh { mesh: Arc::new(mesh), overlaps: Arc::default() },
            Shape::Facets(Arc::new(facets)),
        ];
        for planes in [
            Planes::uniform(Mm(0.07), Mm(30.0)).unwrap(),
            Planes::tops((1..90).map(|k| 0.0037 * f64::from(k * k)).collect()).unwrap(),
        ] {
            let [of_mesh, of_file] = shapes.clone().map(|shape| {
                let low = shape.turned_bounds(&Pose::IDENTITY.rotation).min;
                let pose = Pose { translation: low.map(|c| -c), ..Pose::IDENTITY };
                let placed = [Placed { shape, pose }];
                let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).unwrap();
                Collected::of(&slicer)
            });
            assert_eq!((of_mesh.sliced.closed_by_hand, of_file.sliced.closed_by_hand), (0, 0));
            for (a, b) in of_mesh.layers.iter().zip(&of_file.layers) {
                assert_eq!(a.pieces.len(), b.pieces.len(), "{name} {}", a.index);
                for (a, b) in a.pieces.iter().zip(&b.pieces) {
                    assert!(a.region.differing(&b.region).is_empty(), "{name}");
                }
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn layers_of_any_height_are_cut_at_their_middles() {
    let mesh = seated(&sphere(9.0, 60));
    let tops: Vec<f64> = (1..=60).map(|k| 0.005 * f64::from(k * k)).collect();
    let planes = Planes::tops(tops).unwrap();
    let placed = [Placed::searched(Arc::new(mesh.clone()), Pose::IDENTITY)];
    let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).unwrap();
    for layer in Collected::of(&slicer).layers {
        let truth = green_area(&mesh, layer.cut_mm);
        assert!((layer.facts.area_mm2 - truth).abs() < 1e-9 + grid_error(layer.facts.perimeter_mm));
        assert!((layer.cut_mm - f64::midpoint(layer.bottom_mm, layer.top_mm)).abs() < 1e-12);
    }
}

#[test]
fn real_models_keep_their_volume() {
    let Some(root) = data() else { return };
    let files = models(&root);
    let (mut closed, mut within, mut worst) = (0, 0, 0.0_f64);
    assert!(!files.is_empty());
    for path in &files {
        let mesh = seated(&load(path));
        let slices = try_sliced(&mesh, 0.1, Unite::Never).unwrap();
        if slices.sliced.closed_by_hand > 0 {
            continue;
        }
        closed += 1;
        let error = (slices.volume() / mesh.volume() - 1.0).abs();
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
        assert!(united.volume() <= slices.volume() * (1.0 + 1e-6));
    }
    assert!(closed * 10 >= files.len() * 9, "{closed} of {} models closed", files.len());
    println!(
        "{closed} of {} models closed, {within} within 0.5 %, worst volume error {worst:.2e}",
        files.len()
    );
}
