//! Tests of plate nesting as a whole; every answer is checked again on the meshes' own outlines.

use std::sync::Arc;

use nalgebra::Point3;
use platewright_datasets::body::{cuboid, cylinder, l_prism};
use platewright_mesh::{TriMesh, silhouette};
use platewright_model::config::PlateConfig;
use platewright_model::geometry::{BoxMm, BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::{fits_plate, nest_plate};
use crate::{Item, LeftReason, Nest, NestError, Problem};

const CFG: PlateConfig = PlateConfig { iterations: 500 };

fn item(name: &str, mesh: TriMesh, copies: u32, clearance: f64) -> Item {
    Item {
        part: PartId::from(name),
        mesh: Arc::new(mesh),
        copies,
        orientation: OrientationPolicy::Upright,
        clearance: Mm(clearance),
        inside_cavity: false,
        priority: 1,
    }
}

fn boxed(x: f64, y: f64, z: f64) -> BuildVolume {
    BuildVolume { shape: VolumeShape::Box { x: Mm(x), y: Mm(y), z: Mm(z) }, excluded: Vec::new() }
}

fn problem(items: Vec<Item>, volume: BuildVolume, wall: f64) -> Problem {
    Problem { items, volume, part_wall: Mm(wall), part_plate: Mm(0.3), layers: None }
}

/// A prism over a star-shaped random outline.
fn prism(rng: &mut Pcg64, radius: f64, height: f64) -> TriMesh {
    let n = rng.random_range(5..12usize);
    let ring: Vec<[f64; 2]> = (0..n)
        .map(|i| {
            let a = std::f64::consts::TAU * (i as f64 + rng.random_range(0.0..0.7)) / n as f64;
            let r = radius * rng.random_range(0.35..1.0);
            [r * a.cos(), r * a.sin()]
        })
        .collect();
    let mut mesh = TriMesh::default();
    for z in [0.0, height] {
        mesh.vertices.extend(ring.iter().map(|p| Point3::new(p[0], p[1], z)));
    }
    mesh.vertices.extend([Point3::new(0.0, 0.0, 0.0), Point3::new(0.0, 0.0, height)]);
    let m = n as u32;
    for i in 0..m {
        let j = (i + 1) % m;
        mesh.triangles.extend([[i, j, m + j], [i, m + j, m + i]]);
        mesh.triangles.extend([[2 * m, j, i], [2 * m + 1, m + i, m + j]]);
    }
    mesh
}

/// Whether two rings are at least so far apart, neither in the other.
fn apart(a: &[[f64; 2]], b: &[[f64; 2]], gap: f64) -> bool {
    let edges = |ring: &[[f64; 2]]| -> Vec<[[f64; 2]; 2]> {
        (0..ring.len()).map(|k| [ring[k], ring[(k + 1) % ring.len()]]).collect()
    };
    let within = |ring: &[[f64; 2]], p: [f64; 2]| {
        let crossed = edges(ring).into_iter().filter(|[c, d]| {
            (c[1] > p[1]) != (d[1] > p[1])
                && p[0] < (d[0] - c[0]) * (p[1] - c[1]) / (d[1] - c[1]) + c[0]
        });
        crossed.count() % 2 == 1
    };
    let near = |[c, d]: [[f64; 2]; 2], p: [f64; 2]| {
        let (u, v) = ([d[0] - c[0], d[1] - c[1]], [p[0] - c[0], p[1] - c[1]]);
        let along = (u[0] * v[0] + u[1] * v[1]) / (u[0] * u[0] + u[1] * u[1]).max(1e-30);
        let along = along.clamp(0.0, 1.0);
        (v[0] - along * u[0]).hypot(v[1] - along * u[1])
    };
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    let cross = |[p, q]: [[f64; 2]; 2], [c, d]: [[f64; 2]; 2]| {
        side(p, q, c) * side(p, q, d) < 0.0 && side(c, d, p) * side(c, d, q) < 0.0
    };
    let free = edges(a).into_iter().all(|e| {
        edges(b).into_iter().all(|f| {
            !cross(e, f)
                && [near(e, f[0]), near(f, e[0])].into_iter().all(|distance| distance >= gap)
        })
    });
    free && !within(a, b[0]) && !within(b, a[0])
}

/// Checks every promise of an answer on the posed meshes themselves.
fn check(problem: &Problem, nest: &Nest, max_builds: usize) {
    assert!(nest.layouts.len() <= max_builds);
    let mut count = vec![0u32; problem.items.len()];
    for layout in &nest.layouts {
        assert!(!layout.placed.is_empty());
        let mut plans = Vec::new();
        let mut area = 0.0;
        let mut top = 0.0f64;
        for p in &layout.placed {
            count[p.item] += 1;
            let mesh = problem.items[p.item].mesh.posed(&p.pose);
            let bounds = mesh.bounds().expect("placed parts have a mesh");
            assert!((bounds.min[2] - problem.part_plate.0).abs() < 1e-9, "stands on the plate");
            top = top.max(bounds.max[2]);
            check_inside(problem, &mesh, &bounds);
            let regions = silhouette(&mesh);
            area += regions.iter().map(platewright_mesh::Polygon::area).sum::<f64>();
            plans.push((p.item, regions));
        }
        assert!((layout.height.0 - top).abs() < 1e-9);
        assert!((layout.density - area / problem.volume.plate_area()).abs() < 1e-6);
        for (i, (a, ra)) in plans.iter().enumerate() {
            for (b, rb) in &plans[..i] {
                let gap = problem.items[*a].clearance.0.max(problem.items[*b].clearance.0);
                for pa in ra {
                    for pb in rb {
                        // Silhouettes are exact to 0.15 µm, and what is alike may be off alike.
                        let ok = apart(&pa.outer, &pb.outer, gap - 4e-4);
                        assert!(ok, "items {a} and {b} are too near");
                    }
                }
            }
        }
    }
    for left in &nest.left {
        count[left.item] += left.copies;
    }
    for (i, item) in problem.items.iter().enumerate() {
        assert_eq!(count[i], item.copies, "every copy of item {i} once");
        let mut copies: Vec<u32> = nest
            .layouts
            .iter()
            .flat_map(|l| &l.placed)
            .filter(|p| p.item == i)
            .map(|p| p.copy)
            .collect();
        copies.sort_unstable();
        assert!(copies.iter().copied().eq(0..copies.len() as u32));
    }
}

fn check_inside(problem: &Problem, mesh: &TriMesh, bounds: &BoxMm) {
    let wall = problem.part_wall.0;
    let [x, y, z] = problem.volume.size();
    assert!(bounds.max[2] <= z - wall + 1e-9);
    match problem.volume.shape {
        VolumeShape::Box { .. } => {
            for (k, size) in [x, y].into_iter().enumerate() {
                assert!(bounds.min[k] >= wall - 1e-6 && bounds.max[k] <= size - wall + 1e-6);
            }
        }
        VolumeShape::Cylinder { .. } => {
            let c = x / 2.0;
            assert!(mesh.vertices.iter().all(|v| (v.x - c).hypot(v.y - c) <= c - wall + 1e-6));
        }
    }
    for zone in &problem.volume.excluded {
        if zone.min[2] >= bounds.max[2] + wall {
            continue;
        }
        let [low, high] = [zone.min, zone.max];
        let corners = [[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]];
        for region in silhouette(mesh) {
            assert!(apart(&region.outer, &corners, (wall - 4e-4).max(0.0)));
        }
    }
}

fn solve(problem: &Problem, max_builds: usize, iterations: u64) -> Nest {
    let ctx = RunContext::with_iterations(7, iterations);
    let nest = nest_plate(problem, max_builds, &CFG, &ctx).expect("the problem is sound");
    check(problem, &nest, max_builds);
    nest
}

#[test]
fn nothing_gives_nothing() {
    let nest = solve(&problem(Vec::new(), boxed(200.0, 200.0, 100.0), 1.0), 5, 3);
    assert!(nest.layouts.is_empty() && nest.left.is_empty());
}

#[test]
fn one_unit_stands_alone() {
    let p =
        problem(vec![item("a", cuboid(20.0, 30.0, 10.0), 1, 2.0)], boxed(200.0, 200.0, 100.0), 5.0);
    let nest = solve(&p, 5, 3);
    assert_eq!(nest.layouts.len(), 1);
    assert!((nest.layouts[0].density - 600.0 / 40_000.0).abs() < 1e-9);
    assert!((nest.layouts[0].height.0 - 10.3).abs() < 1e-9);
}

#[test]
fn no_plates_leave_everything() {
    let p =
        problem(vec![item("a", cuboid(20.0, 30.0, 10.0), 3, 2.0)], boxed(200.0, 200.0, 100.0), 5.0);
    let nest = solve(&p, 0, 3);
    assert_eq!((nest.left[0].copies, nest.left[0].reason), (3, LeftReason::NoRoom));
}

#[test]
fn too_large_parts_are_told_from_full_plates() {
    let items = vec![
        item("wide", cuboid(300.0, 300.0, 10.0), 2, 2.0),
        item("tall", cuboid(10.0, 10.0, 99.0), 1, 2.0),
        item("fine", cuboid(90.0, 90.0, 10.0), 9, 2.0),
    ];
    let p = problem(items, boxed(200.0, 200.0, 100.0), 1.0);
    let nest = solve(&p, 2, 3);
    let left: Vec<_> = nest.left.iter().map(|l| (l.item, l.copies, l.reason)).collect();
    assert_eq!(
        left,
        [(0, 2, LeftReason::TooLarge), (1, 1, LeftReason::TooLarge), (2, 1, LeftReason::NoRoom)]
    );
    assert!(!fits_plate(&p.items[0], &p) && !fits_plate(&p.items[1], &p));
    assert!(fits_plate(&p.items[2], &p));
}

#[test]
fn a_part_as_large_as_the_room_fits() {
    let p = problem(
        vec![item("a", cuboid(190.0, 90.0, 99.0), 2, 2.0)],
        boxed(100.0, 200.0, 104.3),
        5.0,
    );
    assert!(fits_plate(&p.items[0], &p), "it fits after a quarter turn");
    assert_eq!(solve(&p, 9, 2).layouts.len(), 2);
}

#[test]
fn fixed_parts_stay_as_drawn_and_tall_ones_are_laid_down() {
    let mut fixed = item("fixed", cuboid(150.0, 20.0, 5.0), 1, 2.0);
    fixed.orientation = OrientationPolicy::Fixed;
    let mut tall = item("tall", cuboid(20.0, 20.0, 150.0), 2, 2.0);
    tall.orientation = OrientationPolicy::Axis24;
    let p = problem(vec![fixed, tall], boxed(200.0, 100.0, 60.0), 1.0);
    let nest = solve(&p, 3, 2);
    assert_eq!(nest.layouts.len(), 1);
    let pose = nest.layouts[0].placed[0].pose;
    assert!((pose.rotation[0][0] - 1.0).abs() < 1e-12 && (pose.rotation[2][2] - 1.0).abs() < 1e-12);
}

#[test]
fn a_grid_of_rectangles_fits_one_plate() {
    let p = problem(
        vec![item("r", cuboid(24.0, 48.0, 10.0), 40, 2.0)],
        boxed(250.0, 210.0, 200.0),
        0.0,
    );
    let nest = solve(&p, 9, 5);
    assert_eq!(nest.layouts.len(), 1, "5 × 48 + 4 × 2 = 248 and 8 × 24 + 7 × 2 = 206");
}

#[test]
fn an_exact_grid_fits_without_slack() {
    // 10 × 24 + 9 × 2 = 258 and 4 × 48 + 3 × 2 = 198, with 1 mm of wall all round.
    let p = problem(
        vec![item("r", cuboid(24.0, 48.0, 10.0), 40, 2.0)],
        boxed(260.0, 200.0, 200.0),
        1.0,
    );
    assert_eq!(solve(&p, 9, 2).layouts.len(), 1);
}

#[test]
fn greater_clearance_holds_between_unlike_parts() {
    let items = vec![
        item("near", cuboid(30.0, 30.0, 10.0), 8, 1.0),
        item("far", cuboid(25.0, 35.0, 10.0), 4, 6.0),
        item("l", l_prism(40.0, 50.0, 12.0, 8.0), 5, 3.0),
    ];
    let p = problem(items, boxed(150.0, 150.0, 60.0), 2.0);
    let nest = solve(&p, 9, 3);
    assert!(nest.left.is_empty());
}

#[test]
fn round_plates_and_excluded_boxes_are_kept() {
    let mut volume = BuildVolume {
        shape: VolumeShape::Cylinder { diameter: Mm(150.0), z: Mm(100.0) },
        excluded: Vec::new(),
    };
    volume.excluded.push(BoxMm { min: [60.0, 60.0, 0.0], max: [90.0, 85.0, 100.0] });
    // A gantry over the plate that only tall parts meet.
    volume.excluded.push(BoxMm { min: [0.0, 100.0, 30.0], max: [150.0, 110.0, 100.0] });
    let mut rng = Pcg64::seed_from_u64(5);
    let mut items = vec![
        item("disc", cylinder(14.0, 20.0, 64), 6, 2.0),
        item("l", l_prism(40.0, 30.0, 10.0, 50.0), 4, 2.0),
    ];
    for k in 0..8 {
        let radius = rng.random_range(8.0..22.0);
        let height = rng.random_range(5.0..60.0);
        items.push(item(&format!("p{k}"), prism(&mut rng, radius, height), 2, 2.0));
    }
    let p = problem(items, volume, 1.5);
    let nest = solve(&p, 9, 4);
    assert!(nest.left.is_empty() && nest.layouts.len() <= 3, "{}", nest.layouts.len());
}

#[test]
fn urgent_parts_are_placed_when_room_is_short() {
    let mut urgent = item("urgent", cuboid(20.0, 20.0, 10.0), 10, 2.0);
    urgent.priority = 9;
    let plain = item("plain", cuboid(60.0, 60.0, 10.0), 10, 2.0);
    let p = problem(vec![plain, urgent], boxed(130.0, 130.0, 60.0), 1.0);
    let nest = solve(&p, 1, 6);
    assert!(nest.left.iter().all(|l| l.item == 0), "{:?}", nest.left);
}

#[test]
fn random_prisms_are_valid_and_the_same_for_any_number_of_threads() {
    for seed in 0..4 {
        let mut rng = Pcg64::seed_from_u64(seed);
        let items: Vec<Item> = (0..14)
            .map(|k| {
                let radius = rng.random_range(6.0..35.0);
                let gap = [0.0, 0.5, 2.0, 5.0][rng.random_range(0..4)];
                let copies = rng.random_range(1..4);
                item(&format!("p{k}"), prism(&mut rng, radius, 10.0), copies, gap)
            })
            .collect();
        let p = problem(items, boxed(120.0, 110.0, 60.0), 2.0);
        let runs: Vec<Nest> = [1, 2]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .expect("a small pool can be made");
                pool.install(|| solve(&p, 20, 2))
            })
            .collect();
        assert_eq!(runs[0], runs[1]);
        assert!(runs[0].left.is_empty());
    }
}

#[test]
fn a_cancelled_run_says_so() {
    let p =
        problem(vec![item("a", cuboid(20.0, 30.0, 10.0), 4, 2.0)], boxed(200.0, 200.0, 100.0), 5.0);
    let ctx = RunContext::with_iterations(1, 10);
    ctx.cancel.cancel();
    let nest = nest_plate(&p, 3, &CFG, &ctx).expect("cancelling is no error");
    check(&p, &nest, 3);
    assert!(nest.left.iter().all(|l| l.reason == LeftReason::BudgetEnded));
}

#[test]
fn bad_input_is_named() {
    let empty = item("empty", TriMesh::default(), 1, 2.0);
    let p = problem(vec![empty], boxed(100.0, 100.0, 100.0), 1.0);
    let ctx = RunContext::with_iterations(1, 1);
    assert!(matches!(nest_plate(&p, 1, &CFG, &ctx), Err(NestError::NoMesh { .. })));
    assert!(!fits_plate(&p.items[0], &p));
    let p = problem(Vec::new(), boxed(1.0, 100.0, 100.0), 1.0);
    assert!(matches!(nest_plate(&p, 1, &CFG, &ctx), Err(NestError::NoVolume { .. })));
}
