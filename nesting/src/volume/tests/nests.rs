//! Closed-form truths.

use platewright_model::config::VolumeConfig;
use platewright_model::geometry::{BoxMm, Pose, VolumeShape};
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;

use super::verify::faults;
use super::{item, pitch, problem};
use crate::fixture::{ball, cuboid, hollow, ring};
use crate::{LeftReason, Nest, NestError, Problem, fits_volume, nest_volume};

fn cube(edge: f64) -> platewright_mesh::TriMesh {
    cuboid([3.0, -7.0, 0.3], [3.0 + edge, -7.0 + edge, 0.3 + edge])
}

fn checked(problem: &Problem, builds: usize, cfg: VolumeConfig) -> Nest {
    let nest = nest_volume(problem, builds, &cfg, &RunContext::with_iterations(7, 8)).unwrap();
    assert_eq!(faults(problem, &nest, builds), Vec::<String>::new());
    nest
}

#[test]
fn eight_cubes_fill_the_volume_that_just_holds_them() {
    let p = problem(vec![item(cube(10.0), 8, 2.0)], [22.0; 3]);
    let nest = checked(&p, 1, pitch(1.0));
    assert!(nest.left.is_empty());
    assert!((nest.layouts[0].height.0 - 22.0).abs() < 1e-9);
    assert!((nest.layouts[0].density - 8000.0 / 10648.0).abs() < 1e-9);
}

#[test]
fn a_volume_a_little_smaller_holds_fewer() {
    let p = problem(vec![item(cube(10.0), 8, 2.0)], [21.9, 22.0, 22.0]);
    let nest = checked(&p, 1, pitch(1.0));
    assert_eq!(nest.left[0].copies, 4);
    assert_eq!(nest.left[0].reason, LeftReason::NoRoom);
    assert_eq!(checked(&p, 2, pitch(1.0)).layouts.len(), 2);
    assert!(!fits_volume(&item(cube(22.0), 1, 2.0), &p, &pitch(1.0)));
}

#[test]
fn margins_cost_no_resolution() {
    let mut p = problem(vec![item(cube(10.0), 8, 2.0)], [24.6, 24.6, 24.0]);
    (p.part_wall, p.part_plate) = (Mm(1.3), Mm(0.7));
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
    // A part as large as the room fits whatever its size in voxels, turned or not.
    p.items = vec![item(cuboid([0.0; 3], [22.0, 21.3, 21.9]), 1, 0.0)];
    assert!(checked(&p, 1, pitch(1.7)).left.is_empty());
    p.items = vec![item(cuboid([0.0; 3], [22.0, 22.0001, 22.0001]), 1, 0.0)];
    assert_eq!(checked(&p, 1, pitch(1.7)).left[0].reason, LeftReason::TooLarge);
}

#[test]
fn a_part_of_one_voxel_has_its_place() {
    let p = problem(vec![item(cube(1.0), 27, 0.0)], [3.0; 3]);
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
    let p = problem(vec![item(cube(1.0), 8, 1.0)], [3.0; 3]);
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
    let p = problem(vec![item(cube(0.2), 1, 1.0)], [0.2; 3]);
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
}

#[test]
fn the_greater_clearance_of_a_pair_holds() {
    let mut p =
        problem(vec![item(cube(10.0), 2, 1.0), item(cube(10.0), 1, 4.0)], [35.0, 10.0, 10.0]);
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty(), "cubes at 0, 11 and 25");
    p.items[0].clearance = Mm(2.0);
    p.items[1].copies = 2;
    assert_eq!(checked(&p, 2, pitch(1.0)).layouts.len(), 2);
    // More classes than are kept apart.
    p.items = (1..8).map(|c| item(cube(5.0), 3, f64::from(c) * 0.7)).collect();
    p.volume.shape = VolumeShape::Box { x: Mm(40.0), y: Mm(40.0), z: Mm(60.0) };
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
}

#[test]
fn a_cube_stands_inside_a_ring() {
    let mut items = vec![item(ring(15.0, 11.0, 10.0, 32), 1, 1.0), item(cube(9.0), 1, 1.0)];
    items[0].orientation = OrientationPolicy::Fixed;
    let p = problem(items, [30.0, 30.0, 10.0]);
    assert!(checked(&p, 1, pitch(0.5)).left.is_empty());
}

#[test]
fn closed_cavities_are_used_only_where_allowed() {
    let mut p = problem(vec![item(hollow(20.0, 2.0), 1, 1.0), item(cube(8.0), 1, 1.0)], [20.0; 3]);
    assert_eq!(checked(&p, 1, pitch(1.0)).left.len(), 1);
    p.items[0].inside_cavity = true;
    // From there it could not be drawn out.
    assert_eq!(checked(&p, 1, pitch(1.0)).left.len(), 1);
    let cfg = VolumeConfig { removable: false, ..pitch(1.0) };
    let nest = nest_volume(&p, 1, &cfg, &RunContext::with_iterations(7, 0)).unwrap();
    assert!(nest.left.is_empty());
}

#[test]
fn round_plates_and_excluded_boxes_are_kept_free() {
    let mut p = problem(vec![item(ball(4.0, 12), 40, 1.0), item(cube(6.0), 30, 1.5)], [60.0; 3]);
    p.volume.shape = VolumeShape::Cylinder { diameter: Mm(60.0), z: Mm(50.0) };
    p.volume.excluded = vec![BoxMm { min: [20.0, 20.0, 0.0], max: [33.0, 41.0, 17.5] }];
    (p.part_wall, p.part_plate) = (Mm(2.0), Mm(3.0));
    let nest = checked(&p, 2, pitch(1.0));
    assert!(nest.left.is_empty());
    let big = item(cube(28.0), 1, 0.0);
    assert!(fits_volume(&big, &p, &pitch(1.0)), "above the excluded box");
    p.volume.excluded[0].max[2] = 50.0;
    assert!(!fits_volume(&big, &p, &pitch(1.0)));
}

#[test]
fn fixed_parts_stay_as_drawn() {
    let mut long = item(cuboid([0.0; 3], [30.0, 5.0, 5.0]), 1, 0.0);
    let p = problem(Vec::new(), [10.0, 40.0, 10.0]);
    assert!(fits_volume(&long, &p, &pitch(1.0)));
    long.orientation = OrientationPolicy::Fixed;
    assert!(!fits_volume(&long, &p, &pitch(1.0)));
}

#[test]
fn urgent_copies_come_first_when_not_all_fit() {
    let mut p =
        problem(vec![item(cube(10.0), 4, 1.0), item(cube(9.0), 3, 1.0)], [10.0, 43.0, 10.0]);
    p.items[1].priority = 5;
    let nest = checked(&p, 1, pitch(1.0));
    assert_eq!((nest.left.len(), nest.left[0].item, nest.left[0].copies), (1, 0, 3));
}

#[test]
fn bad_input_is_an_error_and_no_copies_is_none() {
    let cfg = pitch(1.0);
    let ctx = RunContext::with_iterations(1, 4);
    let p = problem(vec![item(platewright_mesh::TriMesh::default(), 1, 1.0)], [9.0; 3]);
    assert!(matches!(nest_volume(&p, 1, &cfg, &ctx), Err(NestError::NoMesh { .. })));
    let mut p = problem(vec![item(cube(1.0), 1, 1.0)], [9.0; 3]);
    p.part_wall = Mm(4.5);
    assert!(matches!(nest_volume(&p, 1, &cfg, &ctx), Err(NestError::NoVolume { .. })));
    let p = problem(Vec::new(), [9.0; 3]);
    assert_eq!(nest_volume(&p, 1, &cfg, &ctx).unwrap(), Nest::default());
    let p = problem(vec![item(cube(1.0), 2, 1.0)], [9.0; 3]);
    assert_eq!(nest_volume(&p, 0, &cfg, &ctx).unwrap().left[0].copies, 2);
}

#[test]
fn absurd_voxels_and_clearances_are_survived() {
    let mut p = problem(vec![item(cube(3.0), 3, 1e300), item(cube(2.0), 1, f64::NAN)], [20.0; 3]);
    for voxel in [1e-300, 0.01, 1e6] {
        let ctx = RunContext::with_iterations(1, 0);
        let nest = nest_volume(&p, 2, &pitch(voxel), &ctx).unwrap();
        let placed: usize = nest.layouts.iter().map(|l| l.placed.len()).sum();
        assert_eq!((nest.layouts.len(), placed), (2, 2), "one in each build at {voxel}");
    }
    p.volume.shape = VolumeShape::Cylinder { diameter: Mm(20.0), z: Mm(20.0) };
    assert!(fits_volume(&p.items[0], &p, &pitch(1e-9)));
    for voxel in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(!fits_volume(&p.items[0], &p, &pitch(voxel)));
    }
}

#[test]
fn a_cancelled_search_leaves_the_rest() {
    let p = problem(vec![item(cube(3.0), 5, 1.0)], [20.0; 3]);
    let ctx = RunContext::with_iterations(1, 4);
    ctx.cancel.cancel();
    let nest = nest_volume(&p, 1, &pitch(1.0), &ctx).unwrap();
    assert_eq!(nest.left[0].reason, LeftReason::BudgetEnded);
    assert_eq!(nest.left[0].copies, 5);
}

#[test]
fn rings_are_not_linked() {
    // Two rings upright through one another need least height; side by side there is no room.
    let frame = || ring(14.0, 10.0, 4.0, 16);
    let parts = vec![item(frame(), 6, 1.0), item(cuboid([0.0; 3], [3.0, 3.0, 24.0]), 4, 1.0)];
    let mut p = problem(parts, [40.0, 30.0, 120.0]);
    let nest = checked(&p, 1, pitch(1.0));
    assert!(nest.left.is_empty());
    // As they come, some are linked: the height is less.
    let cfg = VolumeConfig { removable: false, ..pitch(1.0) };
    let linked = nest_volume(&p, 1, &cfg, &RunContext::with_iterations(7, 8)).unwrap();
    println!("{} mm apart, {} mm as they come", nest.layouts[0].height, linked.layouts[0].height);
    assert!(linked.layouts[0].placed.iter().all(|placed| placed.out.is_none()));
    // Where there is no room to part them, one is left over.
    p.volume.shape = VolumeShape::Box { x: Mm(40.0), y: Mm(30.0), z: Mm(29.0) };
    checked(&p, 1, pitch(1.0));
}

#[test]
fn parts_that_may_be_turned_at_will_stand_askew_where_they_must() {
    let rod = || item(cuboid([0.0; 3], [3.0, 3.0, 120.0]), 3, 1.0);
    let mut p = problem(vec![rod()], [100.0, 100.0, 40.0]);
    assert!(!fits_volume(&p.items[0], &p, &pitch(1.0)));
    p.items[0].orientation = OrientationPolicy::Any;
    assert!(fits_volume(&p.items[0], &p, &pitch(1.0)));
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
    // Drawn askew, set straight: there is no room to spare.
    let by = 0.5_f64;
    let rotation = [[by.cos(), 0.0, by.sin()], [0.0, 1.0, 0.0], [-by.sin(), 0.0, by.cos()]];
    let askew = cube(10.0).posed(&Pose { rotation, translation: [3.0, 4.0, 5.0] });
    let mut p = problem(vec![item(askew, 8, 1.0)], [21.0 + 1e-6; 3]);
    p.items[0].orientation = OrientationPolicy::Any;
    assert!(checked(&p, 1, pitch(1.0)).left.is_empty());
}
