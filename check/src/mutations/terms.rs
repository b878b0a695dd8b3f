//! Deadlines, promises, wishes for one shipment and for full builds: what they cost is counted.

use platewright_model::measure::{Money, Seconds};

use super::expect;
use crate::Rule;
use crate::fixture::{Plan, at};

/// O3, of priority 3, arrives at 06:05 on Sunday; it has a deadline and was promised so much
/// before.
fn dated(p: &mut Plan, before: [Seconds; 2]) {
    let order = p.night.orders.get_mut(&"O3".into()).unwrap();
    let [deadline, promised] = before.map(|s| Some(at("22T06:05:00") + Seconds(-s.0)));
    (order.deadline, order.promised) = (deadline, promised);
}

#[test]
fn deadlines_and_promises_cost_what_they_say() {
    expect(&[], |p| dated(p, [Seconds(0); 2]));
    expect(&[], |p| {
        dated(p, [Seconds(1), Seconds(60)]);
        p.schedule.cost.missed = Money(30_000);
        p.schedule.cost.broken = Money(9000);
    });
    expect(&[Rule::PlanCost], |p| dated(p, [Seconds(1), Seconds(0)]));
    expect(&[Rule::PlanCost], |p| dated(p, [Seconds(0), Seconds(1)]));
    expect(&[Rule::PlanCost], |p| {
        dated(p, [Seconds(1), Seconds(0)]);
        p.schedule.cost.missed = Money(10_000);
    });
}

#[test]
fn an_order_from_one_centre_is_together() {
    let together = |p: &mut Plan| p.night.orders.values_mut().for_each(|o| o.together = true);
    expect(&[], together);
    expect(&[Rule::PlanCost], |p| {
        together(p);
        p.schedule.cost.apart = Money(700);
    });
}

/// Orders O1 and O4 as one, from both centres; the plan is then wrong in other ways, too.
#[test]
fn an_order_from_two_centres_is_apart() {
    let costs = |apart: i64| {
        let mut plan = Plan::valid();
        let line = plan.night.orders[&"O4".into()].lines[0].clone();
        let order = plan.night.orders.get_mut(&"O1".into()).unwrap();
        order.together = true;
        order.lines.push(platewright_model::order::OrderLine { number: 1, ..line });
        let unit = platewright_model::id::UnitId::derive(&"O1".into(), 1, 0);
        plan.placement("O4", 0).unit = unit;
        plan.schedule.cost.apart = Money(apart);
        let told = plan.check().into_iter().filter(|v| v.code == Rule::PlanCost);
        told.filter(|v| v.text.contains("apart")).count()
    };
    assert_eq!([0, 700, 1400].map(costs), [1, 0, 1]);
}

/// B1 takes 35 and B2 15 of 200 mm; the block of B3 covers 1600 of 10 000 π mm².
fn filled(p: &mut Plan, short: [i64; 3]) {
    for (centre, least, price) in [("C1", 0.5, 1000), ("C2", 0.1, 100)] {
        let machine = &mut p.night.centres.get_mut(&centre.into()).unwrap().machines[0];
        (machine.least_fill, machine.short_fill) = (least, Money(price));
    }
    for (assigned, short) in p.assignment.assigned.iter_mut().zip(short) {
        assigned.cost.short = Money(short);
    }
    p.schedule.cost.short = Money(short.iter().sum());
}

#[test]
fn builds_that_fill_too_little_cost_what_is_missing() {
    // 0.325 of 0.5 and 0.425 of 0.5 are missing, and 0.04907 of 0.1.
    expect(&[], |p| filled(p, [650, 850, 50]));
    for (build, by) in [(0, 2), (1, -2), (2, -50)] {
        let mut short = [650, 850, 50];
        short[build] += by;
        expect(&[Rule::BuildCost], |p| filled(p, short));
    }
    expect(&[Rule::PlanCost], |p| {
        filled(p, [650, 850, 50]);
        p.schedule.cost.short.0 -= 1;
    });
    expect(&[Rule::BuildCost], |p| filled(p, [0, 0, 0]));
}
