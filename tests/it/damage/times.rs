//! Damage to the schedule and to deliveries.

use platewright_check::Rule;
use platewright_model::machine::{WEEK_S, second_of_week};
use platewright_model::measure::Seconds;
use platewright_model::stage::ScheduledBuild;
use platewright_pipeline::Plan;

use super::caught;

/// Shifts a build in time.
fn shift(slot: &mut ScheduledBuild, by: i64) {
    for time in [
        &mut slot.start,
        &mut slot.print_start,
        &mut slot.print_end,
        &mut slot.cooled,
        &mut slot.unload_start,
        &mut slot.end,
    ] {
        *time = *time + Seconds(by);
    }
}

/// The least shift by whole hours after which set-up begins while nobody is there.
fn to_a_closed_shift(plan: &Plan, slot: &ScheduledBuild) -> i64 {
    let machines = plan.night.machines();
    let calendar = &machines[&slot.machine].calendar;
    let closed = |by: &i64| {
        let at = second_of_week(slot.start + Seconds(*by));
        !calendar.staffed.iter().any(|&(from, to)| (from..to).contains(&at))
    };
    (1..WEEK_S / 3600).map(|h| h * 3600).find(closed).expect("no machine is staffed all week")
}

#[test]
fn a_build_that_starts_when_the_shift_is_closed() {
    caught(Rule::Unstaffed, |plan, _| {
        let by = to_a_closed_shift(plan, &plan.schedule.builds[0]);
        shift(&mut plan.schedule.builds[0], by);
    });
}

#[test]
fn a_build_before_the_night_begins() {
    caught(Rule::TooEarly, |plan, _| shift(&mut plan.schedule.builds[0], -10 * WEEK_S));
}

#[test]
fn two_builds_on_a_machine_at_once() {
    caught(Rule::Overlap, |plan, _| {
        let first = plan.schedule.builds[0].clone();
        let second = &mut plan.schedule.builds[1];
        *second = ScheduledBuild { build: second.build.clone(), ..first };
        shift(second, 3600);
    });
}

#[test]
fn a_print_that_is_shorter_than_its_time_model() {
    caught(Rule::PrintTime, |plan, _| {
        let slot = &mut plan.schedule.builds[0];
        slot.print_end = slot.print_end + Seconds(-60);
    });
}

#[test]
fn cooling_cut_short() {
    caught(Rule::Durations, |plan, _| {
        let slot = &mut plan.schedule.builds[0];
        slot.cooled = slot.cooled + Seconds(-60);
    });
}

#[test]
fn a_change_of_material_that_is_not_needed_or_not_planned() {
    caught(Rule::Changeover, |plan, _| {
        let slot = &mut plan.schedule.builds[0];
        slot.changeover = !slot.changeover;
    });
}

#[test]
fn a_build_that_is_not_scheduled() {
    caught(Rule::Schedule, |plan, _| {
        plan.schedule.builds.remove(0);
    });
}

#[test]
fn an_altered_lateness() {
    caught(Rule::Lateness, |plan, _| plan.schedule.deliveries[0].late.0 += 3600);
}

#[test]
fn an_order_that_arrives_too_soon() {
    caught(Rule::Delivery, |plan, _| {
        let delivery = &mut plan.schedule.deliveries[0];
        delivery.arrives = delivery.arrives + Seconds(-3600);
    });
}

#[test]
fn an_order_that_is_said_to_be_complete_and_is_not() {
    caught(Rule::Delivery, |plan, _| {
        let delivery = &mut plan.schedule.deliveries[0];
        delivery.complete = !delivery.complete;
    });
}

#[test]
fn a_delivery_left_out() {
    caught(Rule::Delivery, |plan, _| {
        plan.schedule.deliveries.remove(0);
    });
}
