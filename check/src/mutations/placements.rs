//! Damage to places.

use std::sync::Arc;

use platewright_model::geometry::Way;
use platewright_model::material::LayerArea;
use platewright_model::order::OrientationPolicy;
use platewright_model::stage::DrawnOut;

use super::expect;
use crate::Rule;
use crate::fixture::{Plan, boxes};

/// Shifts copy 0 of line 0 of an order.
fn shift(plan: &mut Plan, order: &str, by: [f64; 3]) {
    let pose = &mut plan.placement(order, 0).pose;
    pose.translation = std::array::from_fn(|k| pose.translation[k] + by[k]);
}

#[test]
fn part_moved_one_millimetre_into_its_neighbour() {
    expect(&[Rule::Clearance], |p| shift(p, "O1", [1.0, 0.0, 0.0]));
}

#[test]
fn part_moved_by_a_hundred_nanometres_too_near() {
    expect(&[Rule::Clearance], |p| shift(p, "O1", [1e-4, 0.0, 0.0]));
    // Rounding is no violation.
    expect(&[], |p| shift(p, "O1", [1e-9, 0.0, 0.0]));
}

#[test]
fn line_asks_for_more_clearance() {
    expect(&[Rule::Clearance], |p| {
        let line = &mut p.night.orders.get_mut(&"O2".into()).unwrap().lines[0];
        line.clearance = Some(platewright_model::measure::Mm(9.0));
    });
}

#[test]
fn part_outside_the_wall() {
    expect(&[Rule::OutsideVolume], |p| shift(p, "O1", [0.0, -5.5, 0.0]));
}

#[test]
fn part_outside_the_round_plate() {
    // Its box is still within the square around the plate.
    expect(&[Rule::OutsideVolume], |p| shift(p, "O4", [72.0, 72.0, 0.0]));
    expect(&[], |p| shift(p, "O4", [40.0, 40.0, 0.0]));
}

#[test]
fn part_through_the_top() {
    expect(&[Rule::OutsideVolume, Rule::Load, Rule::Density], |p| {
        shift(p, "O1", [0.0, 0.0, 186.0]);
    });
}

#[test]
fn part_in_an_excluded_region() {
    expect(&[Rule::ExcludedRegion], |p| shift(p, "O1", [150.0, 150.0, 0.0]));
    // Nearer than the wall distance; farther.
    expect(&[Rule::ExcludedRegion], |p| shift(p, "O1", [126.0, 150.0, 0.0]));
    expect(&[], |p| shift(p, "O1", [124.0, 150.0, 0.0]));
}

#[test]
fn excluded_region_inside_a_part() {
    expect(&[Rule::ExcludedRegion], |p| {
        let centre = p.night.centres.get_mut(&"C2".into()).unwrap();
        let inside = platewright_model::geometry::BoxMm {
            min: [95.0, 95.0, 10.0],
            max: [100.0, 100.0, 15.0],
        };
        centre.machines[0].volume.excluded.push(inside);
    });
}

#[test]
fn part_below_the_plate_distance() {
    expect(&[Rule::PlateDistance], |p| shift(p, "O1", [0.0, 0.0, -1.0]));
}

#[test]
fn part_floating_over_a_plate() {
    expect(&[Rule::PlateDistance, Rule::Load], |p| shift(p, "O4", [0.0, 0.0, 1.0]));
}

#[test]
fn part_turned_by_ten_degrees() {
    let turn = |p: &mut Plan| {
        let (s, c) = 10_f64.to_radians().sin_cos();
        p.placement("O3", 0).pose.rotation = [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]];
    };
    expect(&[Rule::Orientation], turn);
    expect(&[], |p| {
        turn(p);
        p.night.processes.get_mut(&"sls".into()).unwrap().orientation = OrientationPolicy::Any;
    });
}

#[test]
fn line_allows_less_than_the_process() {
    expect(&[Rule::Orientation], |p| {
        let line = &mut p.night.orders.get_mut(&"O2".into()).unwrap().lines[0];
        line.orientation = OrientationPolicy::Fixed;
    });
}

#[test]
fn part_mirrored() {
    expect(&[Rule::Rotation], |p| {
        let pose = &mut p.placement("O3", 0).pose;
        pose.rotation[0][0] = -1.0;
        pose.translation[0] += 10.0;
    });
}

#[test]
fn part_enclosed_in_the_solid_of_another() {
    expect(&[Rule::Enclosed], |p| {
        p.placement("O1", 0).pose.translation = [55.0, 25.0, 15.0];
    });
}

#[test]
fn part_in_a_closed_cavity() {
    let hollow = |p: &mut Plan| {
        let mesh =
            boxes(&[([0.0; 3], [40.0, 40.0, 30.0], false), ([5.0; 3], [35.0, 35.0, 25.0], true)]);
        p.meshes.insert("block".into(), Arc::new(mesh));
        p.placement("O1", 0).pose.translation = [55.0, 25.0, 15.0];
        // The other block is of no interest here; its build and the loads follow from the mesh.
    };
    let mut forbidden = Plan::valid();
    hollow(&mut forbidden);
    assert!(forbidden.broken().contains(&Rule::Enclosed));
    let mut allowed = forbidden;
    allowed.night.orders.get_mut(&"O2".into()).unwrap().lines[0].inside_cavity = true;
    assert!(!allowed.broken().contains(&Rule::Enclosed));
    assert!(!allowed.broken().contains(&Rule::Clearance));
    // The permission is for cavities, not for the solid and not for the clearance.
    allowed.placement("O1", 0).pose.translation[2] = 11.0;
    assert!(allowed.broken().contains(&Rule::Clearance));
}

#[test]
fn load_and_density_altered() {
    let load = |p: &mut Plan, by: f64| p.build_plan.builds[2].load.surface_mm2 *= by;
    expect(&[Rule::Load], |p| load(p, 1.0 + 2e-6));
    expect(&[], |p| load(p, 1.0 + 1e-7));
    expect(&[Rule::Density], |p| p.build_plan.builds[1].density *= 1.01);
    expect(&[Rule::Density], |p| p.build_plan.builds[2].density *= 1.2);
}

/// Tells how the units of the first build are drawn out.
fn draw_out(plan: &mut Plan, told: &[(&str, u32, u32, Way)]) {
    for (order, copy, turn, way) in told {
        plan.placement(order, *copy).out = Some(DrawnOut { turn: *turn, way: *way });
    }
}

#[test]
fn units_that_are_drawn_into_one_another() {
    let free = [("O1", 0, 1, Way::Left), ("O1", 1, 2, Way::Left), ("O2", 0, 3, Way::Right)];
    expect(&[], |p| draw_out(p, &free));
    // The first cube meets the second one, which meets the block.
    expect(&[Rule::Removal], |p| draw_out(p, &[free[1], free[2], ("O1", 0, 1, Way::Right)]));
    expect(&[Rule::Removal], |p| draw_out(p, &[free[0], free[2], ("O1", 1, 2, Way::Right)]));
    // Once the others are gone, any way will do.
    expect(&[], |p| draw_out(p, &[free[0], free[1], ("O2", 0, 3, Way::Left)]));
}

#[test]
fn turns_that_are_not_told() {
    expect(&[Rule::Removal], |p| draw_out(p, &[("O1", 0, 1, Way::Up)]));
    expect(&[Rule::Removal], |p| {
        draw_out(p, &[("O1", 0, 1, Way::Up), ("O1", 1, 1, Way::Up), ("O2", 0, 2, Way::Up)]);
    });
    expect(&[Rule::Removal], |p| p.config.volume.removable = true);
}

#[test]
fn layers_that_fuse_too_much() {
    let limit = |p: &mut Plan, most_mm2: f64, change_mm2: Option<f64>| {
        let sls = p.night.processes.get_mut(&"sls".into()).unwrap();
        sls.layer_area = Some(LayerArea { most_mm2, change_mm2 });
    };
    // Two cubes of 10 mm are 200 mm² on a layer, the block on top of them comes to that.
    expect(&[], |p| limit(p, 1e5, Some(1e5)));
    expect(&[Rule::LayerArea], |p| limit(p, 150.0, None));
    expect(&[Rule::LayerArea], |p| limit(p, 1e5, Some(50.0)));
}
