//! Damage to what is ordered, grouped, assigned, scheduled and paid.

use platewright_model::measure::{Grams, Money, Seconds};
use platewright_model::order::MixingRule;
use platewright_model::stage::{Assigned, MixingPool, ScheduledBuild, Verdict};
use platewright_model::time::Time;

use super::expect;
use crate::Rule;
use crate::fixture::{Plan, at, unit};

#[test]
fn unit_dropped() {
    expect(&[Rule::UnitMissing], |p| p.build_plan.unplaced.clear());
}

#[test]
fn placed_unit_dropped() {
    expect(&[Rule::UnitMissing, Rule::Load, Rule::Density, Rule::Delivery, Rule::PlanCost], |p| {
        p.build_plan.builds[0].placements.retain(|q| q.unit != unit("O1", 0));
    });
}

#[test]
fn unit_doubled() {
    expect(&[Rule::UnitDouble], |p| {
        let mut again = p.build_plan.unplaced[0].clone();
        again.text.push('!');
        p.build_plan.unplaced.push(again);
    });
    expect(&[Rule::UnitDouble, Rule::Clearance, Rule::Load, Rule::Density], |p| {
        let again = p.placement("O1", 0).clone();
        p.build_plan.builds[0].placements.push(again);
    });
}

#[test]
fn unknown_unit() {
    expect(&[Rule::UnitUnknown], |p| {
        let mut extra = p.build_plan.unplaced[0].clone();
        extra.unit = unit("O9", 0);
        p.build_plan.unplaced.push(extra);
    });
}

#[test]
fn unit_without_a_reason() {
    expect(&[Rule::UnplacedReason], |p| p.build_plan.unplaced[0].text.clear());
}

#[test]
fn order_book_altered() {
    expect(&[Rule::OrderBook], |p| drop(p.order_book.units.remove(2)));
    expect(&[Rule::OrderBook], |p| p.order_book.units.push(p.order_book.units[0].clone()));
    expect(&[Rule::OrderBook], |p| p.order_book.units[0].copy = 7);
}

#[test]
fn wrong_part() {
    expect(&[Rule::WrongPart], |p| p.parts.parts[1].verdict = Verdict::NotPrintable);
    let mut plan = Plan::valid();
    plan.placement("O3", 0).part = "block".into();
    assert!(plan.broken().contains(&Rule::WrongPart));
}

#[test]
fn wrong_material() {
    expect(&[Rule::Material], |p| {
        p.night.orders.get_mut(&"O3".into()).unwrap().lines[0].material = "pa11".into();
        // Its mass is then unknown, so its freight is compared without it.
        p.schedule.cost.freight.0 -= 1;
    });
    expect(&[Rule::Material], |p| {
        p.night.centres.get_mut(&"C2".into()).unwrap().machines[0].materials.clear();
    });
}

#[test]
fn wrong_process_and_quality() {
    expect(&[Rule::Process], |p| {
        p.night.centres.get_mut(&"C2".into()).unwrap().machines[0].process = "sls".into();
    });
    expect(&[Rule::ParameterSet], |p| {
        p.night.orders.get_mut(&"O3".into()).unwrap().lines[0].quality =
            platewright_model::order::QualityClass::Fine;
    });
}

#[test]
fn wrong_certificate() {
    // The group forgets it; the centre lacks it.
    expect(&[Rule::Certificate], |p| {
        let mut other = p.night.centres[&"C1".into()].machines[0].clone();
        other.id = "another".into();
        other.centre = "C2".into();
        p.night.centres.get_mut(&"C2".into()).unwrap().machines.push(other);
        p.grouping.groups[0].key.certificates.clear();
    });
    expect(&[Rule::Certificate], |p| {
        p.night.centres.get_mut(&"C1".into()).unwrap().certificates.clear();
    });
}

#[test]
fn mixing_rule_broken() {
    expect(&[Rule::Mixing], |p| {
        p.night.orders.get_mut(&"O1".into()).unwrap().mixing = MixingRule::Alone;
    });
    expect(&[Rule::Mixing], |p| {
        let order = p.night.orders.get_mut(&"O2".into()).unwrap();
        order.mixing = MixingRule::Customer;
    });
    expect(&[Rule::Mixing], |p| p.grouping.groups[1].key.pool = MixingPool::Shared);
}

#[test]
fn build_of_two_groups() {
    expect(&[Rule::Group], |p| {
        let moved = p.grouping.groups[0].units.pop().unwrap();
        let mut other = p.grouping.groups[0].clone();
        other.id = "G9".into();
        other.units = vec![moved];
        p.grouping.groups.push(other);
    });
}

#[test]
fn build_not_assigned_or_twice() {
    expect(&[Rule::Assignment], |p| p.assignment.assigned.push(p.assignment.assigned[2].clone()));
    expect(&[Rule::Assignment, Rule::Schedule, Rule::PlanCost], |p| {
        p.assignment.assigned.truncate(2);
    });
}

#[test]
fn machine_of_another_centre_or_class() {
    expect(&[Rule::Machine], |p| p.assignment.assigned[0].centre = "C2".into());
    expect(&[Rule::Machine], |p| {
        p.night.centres.get_mut(&"C2".into()).unwrap().machines[0].class = "fff/other".into();
    });
    expect(&[Rule::Machine, Rule::Schedule], |p| p.assignment.assigned[2].machine = "M9".into());
}

#[test]
fn region_not_served() {
    expect(&[Rule::Region, Rule::Delivery, Rule::PlanCost], |p| {
        p.night.centres.get_mut(&"C2".into()).unwrap().freight[0].region = "fr".into();
    });
}

#[test]
fn stock_exceeded() {
    let stock = |p: &mut Plan, grams: f64| {
        p.night.centres.get_mut(&"C1".into()).unwrap().stock[0].mass = Grams(grams);
    };
    // 50 + 337.5 + 1 + 149.75 g.
    expect(&[Rule::Stock], |p| stock(p, 538.2));
    expect(&[], |p| stock(p, 538.25));
}

#[test]
fn bound_above_the_objective_or_gap_altered() {
    expect(&[Rule::Bound], |p| p.assignment.bound = Money(30_001));
    expect(&[Rule::Bound], |p| p.assignment.gap = 0.02);
    expect(&[Rule::Bound], |p| p.assignment.gap = f64::NAN);
}

fn shift(slot: &mut ScheduledBuild, by: i64) {
    let times = [
        &mut slot.start,
        &mut slot.print_start,
        &mut slot.print_end,
        &mut slot.cooled,
        &mut slot.unload_start,
        &mut slot.end,
    ];
    times.into_iter().for_each(|t| t.0 += by);
}

#[test]
fn build_on_a_closed_shift() {
    // Set up at three in the morning.
    expect(&[Rule::Unstaffed, Rule::Unloading], |p| {
        let slot = &mut p.schedule.builds[1];
        let end = slot.end;
        shift(slot, 6 * 3600);
        slot.unload_start = Time(end.0 - 300);
        slot.end = end;
        slot.unload_start.0 += 3600;
        slot.end.0 += 3600;
        p.schedule.deliveries[2].arrives.0 += 3600;
        p.schedule.deliveries[2].late.0 += 3600;
        p.schedule.cost.lateness.0 += 600;
    });
    expect(&[Rule::Unstaffed], |p| {
        p.night.centres.get_mut(&"C1".into()).unwrap().machines[0].calendar.staffed[4].0 =
            4 * 86_400 + 18 * 3600 + 1;
    });
}

#[test]
fn build_in_maintenance() {
    expect(&[Rule::Maintenance], |p| {
        let machine = &mut p.night.centres.get_mut(&"C1".into()).unwrap().machines[0];
        machine.calendar.maintenance.push((at("20T19:00:00"), at("20T19:00:01")));
    });
}

#[test]
fn builds_overlap_on_a_machine() {
    expect(&[Rule::Overlap], |p| {
        let slot = &mut p.schedule.builds[1];
        for t in [&mut slot.start, &mut slot.print_start, &mut slot.print_end, &mut slot.cooled] {
            t.0 -= 600;
        }
    });
}

#[test]
fn build_starts_too_early() {
    expect(&[Rule::TooEarly], |p| p.night.planning_time.0 += 60);
    expect(&[Rule::TooEarly], |p| {
        p.night.centres.get_mut(&"C2".into()).unwrap().machines[0].free_from.0 += 1;
    });
}

#[test]
fn changeover_forgotten() {
    expect(&[Rule::Changeover, Rule::PlanCost], |p| {
        let machine = &mut p.night.centres.get_mut(&"C2".into()).unwrap().machines[0];
        machine.loaded = Some("abs".into());
    });
    expect(&[Rule::Durations, Rule::Changeover], |p| p.schedule.builds[0].changeover = false);
}

#[test]
fn print_time_altered() {
    expect(&[Rule::PrintTime], |p| {
        let machine = &mut p.night.centres.get_mut(&"C2".into()).unwrap().machines[0];
        machine.time.fixed_s += 1.0;
        // The cost of a second is below the rounding.
    });
    expect(&[Rule::Durations, Rule::PrintTime], |p| p.schedule.builds[0].print_end.0 -= 60);
}

#[test]
fn unloaded_late() {
    expect(&[Rule::Unloading, Rule::Delivery], |p| {
        let slot = &mut p.schedule.builds[2];
        slot.unload_start.0 += 60;
        slot.end.0 += 60;
        p.schedule.deliveries[3].late.0 += 0;
        p.schedule.cost.lateness.0 += 4;
    });
}

#[test]
fn schedule_lacks_or_doubles_a_build() {
    expect(&[Rule::Schedule], |p| p.schedule.builds.push(p.schedule.builds[2].clone()));
    let mut plan = Plan::valid();
    plan.schedule.builds.pop();
    assert_eq!(plan.broken(), [Rule::Schedule, Rule::Delivery, Rule::PlanCost]);
}

#[test]
fn delivery_altered() {
    expect(&[Rule::Delivery], |p| p.schedule.deliveries[0].arrives.0 -= 60);
    expect(&[Rule::Delivery], |p| p.schedule.deliveries[0].complete = false);
    expect(&[Rule::Delivery], |p| drop(p.schedule.deliveries.pop()));
}

#[test]
fn lateness_altered() {
    expect(&[Rule::Lateness], |p| p.schedule.deliveries[2].late = Seconds(3599));
}

#[test]
fn cost_of_a_build_altered() {
    let cost = |p: &mut Plan, of: fn(&mut Assigned) -> &mut Money, by: i64| {
        of(&mut p.assignment.assigned[0]).0 += by;
    };
    expect(&[Rule::BuildCost, Rule::PlanCost], |p| cost(p, |a| &mut a.cost.machine, 3));
    expect(&[Rule::BuildCost, Rule::PlanCost], |p| cost(p, |a| &mut a.cost.material, -2));
    expect(&[Rule::BuildCost, Rule::PlanCost], |p| cost(p, |a| &mut a.cost.fixed, 1));
    expect(&[Rule::BuildCost], |p| cost(p, |a| &mut a.cost.freight, 1));
    // One unit an item is rounding, but the sum must be that of the items.
    expect(&[Rule::PlanCost], |p| cost(p, |a| &mut a.cost.material, 1));
}

#[test]
fn cost_of_the_plan_altered() {
    let causes: [fn(&mut Plan) -> &mut Money; 11] = [
        |p| &mut p.schedule.cost.machine,
        |p| &mut p.schedule.cost.fixed,
        |p| &mut p.schedule.cost.material,
        |p| &mut p.schedule.cost.short,
        |p| &mut p.schedule.cost.changeover,
        |p| &mut p.schedule.cost.freight,
        |p| &mut p.schedule.cost.apart,
        |p| &mut p.schedule.cost.lateness,
        |p| &mut p.schedule.cost.missed,
        |p| &mut p.schedule.cost.broken,
        |p| &mut p.schedule.cost.unplaced,
    ];
    for cause in causes {
        // Freight has four items, lateness two.
        expect(&[Rule::PlanCost], |p| cause(p).0 += 5);
        expect(&[Rule::PlanCost], |p| cause(p).0 -= 5);
    }
}
