//! Damage to builds: where units stand, and whether all of them do.

use platewright_check::{Rule, Violation};
use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::order::OrientationPolicy;
use platewright_model::stage::{Placement, Unplaced, UnplacedReason};
use platewright_pipeline::Plan;
use platewright_tests::kept;

use super::{caught, found};

/// Box of a placed part.
fn bounds(plan: &Plan, placement: &Placement) -> BoxMm {
    let mesh = plan.meshes[&placement.part].posed(&placement.pose);
    mesh.bounds().expect("placed parts have corners")
}

/// Index of the first build of at least `units` units in a group that `fits`.
fn build(
    plan: &Plan,
    units: usize,
    fits: impl Fn(&platewright_model::stage::GroupKey) -> bool,
) -> usize {
    let group = |id| plan.grouping.groups.iter().find(|g| g.id == id);
    let position = plan.build_plan.builds.iter().position(|b| {
        let group = group(b.group.clone()).expect("groups of builds are there");
        b.placements.len() >= units && fits(&group.key)
    });
    position.expect("the night has such a build")
}

/// Two parts of a build whose boxes are apart along one axis only: the nearest such pair of all
/// builds, as build, part to move, axis and direction.
fn nearest_pair(plan: &Plan) -> (usize, usize, usize, f64) {
    let mut nearest = (f64::INFINITY, (0, 0, 0, 0.0));
    for (b, build) in plan.build_plan.builds.iter().enumerate() {
        let boxes: Vec<BoxMm> = build.placements.iter().map(|p| bounds(plan, p)).collect();
        for (i, own) in boxes.iter().enumerate() {
            for other in boxes.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, o)| o) {
                let gaps: [f64; 3] = std::array::from_fn(|k| other.min[k] - own.max[k]);
                let back: [f64; 3] = std::array::from_fn(|k| own.min[k] - other.max[k]);
                let apart: Vec<usize> =
                    (0..3).filter(|&k| gaps[k] >= 0.0 || back[k] >= 0.0).collect();
                // Along z a part stands higher; sideways both processes measure the distance.
                if let [axis @ (0 | 1)] = apart[..] {
                    let gap = gaps[axis].max(back[axis]);
                    if gap < nearest.0 {
                        let direction = if gaps[axis] >= 0.0 { 1.0 } else { -1.0 };
                        nearest = (gap, (b, i, axis, direction));
                    }
                }
            }
        }
    }
    assert!(nearest.0.is_finite(), "no two parts of a build stand side by side");
    nearest.1
}

#[test]
fn a_part_moved_into_its_neighbour() {
    let (b, i, axis, direction) = nearest_pair(&kept().loaded);
    let name = format!("build {}", kept().loaded.build_plan.builds[b].id);
    let hit =
        |v: &Violation| matches!(v.code, Rule::Clearance | Rule::Enclosed) && v.subject == name;
    // A part may have more room than the clearance, so it goes on by a millimetre at a time.
    let steps = (1..=30).find(|&step| {
        let violations = found(|plan, _| {
            let pose = &mut plan.build_plan.builds[b].placements[i].pose;
            pose.translation[axis] += direction * f64::from(step);
        });
        violations.iter().any(hit)
    });
    assert!(steps.is_some(), "no step towards the neighbour was too near in {name}");
}

#[test]
fn a_part_that_stands_in_another() {
    caught(Rule::Clearance, |plan, _| {
        let b = build(plan, 2, |_| true);
        let placements = &mut plan.build_plan.builds[b].placements;
        placements[0].pose = placements[1].pose;
    });
}

#[test]
fn a_part_one_millimetre_out_of_the_wall() {
    caught(Rule::OutsideVolume, |plan, _| {
        let least = bounds(plan, &plan.build_plan.builds[0].placements[0]).min[0];
        plan.build_plan.builds[0].placements[0].pose.translation[0] -= least + 1.0;
    });
}

#[test]
fn a_part_sunk_into_the_plate() {
    caught(Rule::PlateDistance, |plan, _| {
        let (b, i) = (0..plan.build_plan.builds.len())
            .flat_map(|b| (0..plan.build_plan.builds[b].placements.len()).map(move |i| (b, i)))
            .next()
            .expect("the night has a part");
        let least = bounds(plan, &plan.build_plan.builds[b].placements[i]).min[2];
        plan.build_plan.builds[b].placements[i].pose.translation[2] -= least + 0.5;
    });
}

#[test]
fn a_unit_dropped_from_its_build() {
    caught(Rule::UnitMissing, |plan, _| {
        let b = build(plan, 2, |_| true);
        plan.build_plan.builds[b].placements.remove(0);
    });
}

#[test]
fn a_unit_dropped_from_the_left_overs() {
    caught(Rule::UnitMissing, |plan, _| {
        plan.build_plan.unplaced.remove(0);
    });
}

#[test]
fn a_unit_that_is_printed_twice() {
    caught(Rule::UnitDouble, |plan, _| {
        let mut again = plan.build_plan.builds[0].placements[0].clone();
        again.pose.translation[2] += 50.0;
        plan.build_plan.builds[0].placements.push(again);
    });
}

#[test]
fn a_unit_that_is_printed_and_left_over() {
    caught(Rule::UnitDouble, |plan, _| {
        plan.build_plan.unplaced.push(Unplaced {
            unit: plan.build_plan.builds[0].placements[0].unit,
            reason: UnplacedReason::NoCapacity,
            text: "there was no room".to_owned(),
        });
    });
}

#[test]
fn a_left_over_unit_without_a_reason() {
    caught(Rule::UnplacedReason, |plan, _| plan.build_plan.unplaced[0].text.clear());
}

#[test]
fn another_part_than_was_ordered() {
    caught(Rule::WrongPart, |plan, _| {
        let own = plan.build_plan.builds[0].placements[0].part.clone();
        let other = plan.meshes.keys().find(|p| **p != own).expect("there are more parts").clone();
        plan.build_plan.builds[0].placements[0].part = other;
    });
}

#[test]
fn a_part_tilted_by_ten_degrees_where_it_must_stand() {
    caught(Rule::Orientation, |plan, _| {
        let processes = plan.night.processes.clone();
        let b =
            build(plan, 1, |key| processes[&key.process].orientation <= OrientationPolicy::Upright);
        let pose = &mut plan.build_plan.builds[b].placements[0].pose;
        let (s, c) = 10_f64.to_radians().sin_cos();
        *pose = turned(pose, [[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]]);
    });
}

#[test]
fn a_part_that_is_mirrored() {
    caught(Rule::Rotation, |plan, _| {
        let pose = &mut plan.build_plan.builds[0].placements[0].pose;
        *pose = turned(pose, [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    });
}

#[test]
fn a_part_at_a_place_that_is_no_number() {
    caught(Rule::Rotation, |plan, _| {
        plan.build_plan.builds[0].placements[0].pose.translation[1] = f64::NAN;
    });
}

#[test]
fn a_unit_in_a_build_of_another_group() {
    caught(Rule::Group, |plan, _| {
        let group = plan.build_plan.builds[0].group.clone();
        let other = plan.build_plan.builds.iter().position(|b| b.group != group);
        let other = other.expect("the night has more than one group");
        let moved = plan.build_plan.builds[0].placements[0].clone();
        plan.build_plan.builds[0].placements.remove(0);
        plan.build_plan.builds[other].placements.push(moved);
    });
}

#[test]
fn a_build_that_claims_less_volume() {
    caught(Rule::Load, |plan, _| plan.build_plan.builds[0].load.volume_mm3 *= 0.99);
}

#[test]
fn a_build_that_claims_more_density() {
    caught(Rule::Density, |plan, _| plan.build_plan.builds[0].density *= 1.1);
}

/// The pose, followed by a turn of the part about the build's origin.
fn turned(pose: &Pose, turn: [[f64; 3]; 3]) -> Pose {
    let old = pose.rotation;
    let rotation = std::array::from_fn(|i| {
        std::array::from_fn(|j| (0..3).map(|k| turn[i][k] * old[k][j]).sum())
    });
    Pose { rotation, translation: pose.translation }
}
