//! A real run, damaged in one place at a time: the verifier must say what is wrong.

use std::collections::BTreeMap;

use platewright_check::{Rule, Violation};
use platewright_model::id::{BuildId, CentreId, MachineId};
use platewright_model::machine::{Centre, Machine};
use platewright_model::stage::GroupKey;
use platewright_pipeline::Plan;
use platewright_tests::kept;

mod files;
mod places;
mod times;

/// Files of the run that were altered, by path.
type Files = BTreeMap<String, Vec<u8>>;

/// What the verifier finds after `damage`.
fn found(damage: impl FnOnce(&mut Plan, &mut Files)) -> Vec<Violation> {
    let kept = kept();
    let mut plan = kept.loaded.clone();
    let mut changed = Files::new();
    damage(&mut plan, &mut changed);
    kept.verify(&plan, &changed)
}

/// Damages the run and asserts that `rule` is named.
fn caught(rule: Rule, damage: impl FnOnce(&mut Plan, &mut Files)) {
    let violations = found(damage);
    assert!(
        violations.iter().any(|v| v.code == rule),
        "{rule} is not among {:#?}",
        violations.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
}

#[test]
fn nothing_is_found_in_the_run_as_it_is() {
    assert_eq!(found(|_, _| ()), []);
}

#[test]
fn an_altered_cost_of_the_plan() {
    caught(Rule::PlanCost, |plan, _| plan.schedule.cost.machine.0 += 100);
}

#[test]
fn an_altered_cost_of_a_build() {
    caught(Rule::BuildCost, |plan, _| plan.assignment.assigned[0].cost.material.0 -= 100);
}

#[test]
fn a_penalty_for_left_over_units_left_out() {
    caught(Rule::PlanCost, |plan, _| plan.schedule.cost.unplaced.0 = 0);
}

#[test]
fn a_bound_above_the_objective() {
    caught(Rule::Bound, |plan, _| {
        plan.assignment.bound.0 = plan.assignment.objective.0 + 100;
        plan.assignment.gap = 0.0;
    });
}

#[test]
fn a_build_on_a_machine_of_another_process() {
    caught(Rule::Process, |plan, _| {
        let build = plan.assignment.assigned[0].build.clone();
        let process = process_of(plan, 0);
        let target = machine(plan, |m, _| m.process.as_str() != process);
        move_to(plan, &build, target);
    });
}

#[test]
fn a_build_on_a_machine_that_does_not_take_its_material() {
    caught(Rule::Material, |plan, _| {
        let build = plan.assignment.assigned[0].build.clone();
        let material = material_of(plan, 0);
        let target =
            machine(plan, |m, _| m.materials.iter().all(|other| other.as_str() != material));
        move_to(plan, &build, target);
    });
}

#[test]
fn a_build_in_a_centre_without_the_certificate() {
    caught(Rule::Certificate, |plan, _| {
        // No order of this night asks for a certificate that its centre lacks: let one do so.
        let build = plan.build_plan.builds[0].clone();
        let unit = plan.order_book.units.iter().find(|u| u.id == build.placements[0].unit);
        let order = unit.expect("the unit was ordered").order.clone();
        let order = plan.night.orders.get_mut(&order).expect("the order is of the night");
        order.certificates = vec!["nadcap".into()];
    });
}

#[test]
fn a_build_without_a_machine() {
    caught(Rule::Assignment, |plan, _| {
        plan.assignment.assigned.remove(0);
    });
}

/// Process of the `i`-th assigned build.
fn process_of(plan: &Plan, i: usize) -> String {
    group_of(plan, i).process.to_string()
}

/// Material of the `i`-th assigned build.
fn material_of(plan: &Plan, i: usize) -> String {
    group_of(plan, i).material.to_string()
}

fn group_of(plan: &Plan, i: usize) -> &GroupKey {
    let id = &plan.assignment.assigned[i].build;
    let build = plan.build_plan.builds.iter().find(|b| b.id == *id).expect("it is a build");
    let group = plan.grouping.groups.iter().find(|g| g.id == build.group);
    &group.expect("its group is there").key
}

/// Centre and machine of the first machine that `fits`.
fn machine(plan: &Plan, fits: impl Fn(&Machine, &Centre) -> bool) -> (CentreId, MachineId) {
    let centres = plan.night.centres.values();
    let mut machines = centres.flat_map(|c| c.machines.iter().map(move |m| (m, c)));
    let (machine, centre) = machines.find(|(m, c)| fits(m, c)).expect("the night has one");
    (centre.id.clone(), machine.id.clone())
}

fn move_to(plan: &mut Plan, build: &BuildId, (centre, machine): (CentreId, MachineId)) {
    for assigned in plan.assignment.assigned.iter_mut().filter(|a| a.build == *build) {
        assigned.centre = centre.clone();
        assigned.machine = machine.clone();
    }
    for slot in plan.schedule.builds.iter_mut().filter(|s| s.build == *build) {
        slot.machine = machine.clone();
    }
}
