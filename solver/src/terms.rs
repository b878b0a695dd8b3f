//! Deadlines, promises, wishes for one shipment and for full builds: each changes the plan of a
//! small night where that is worth it, and only there.

use platewright_model::config::Objective;
use platewright_model::id::OrderId;
use platewright_model::measure::{Money, Seconds};
use platewright_model::order::MixingRule;
use platewright_model::run::RunContext;
use platewright_model::stage::{Assignment, Schedule};
use platewright_model::time::Time;

use crate::assign::assign;
use crate::batch::batch;
use crate::cost::{apart_cost, broken_cost, missed_cost, short_cost};
use crate::fixture::{
    ByVolume, EVENING, OBJECTIVE, World, always, builds, centre, config, line, machine, order,
    world,
};
use crate::group::group;
use crate::schedule::schedule;

fn plan(world: &World, objective: &Objective) -> (Assignment, Schedule) {
    let ctx = RunContext::with_iterations(1, 1000);
    let (facts, config) = (world.facts(), config());
    let (groups, _) = group(&facts);
    let (batches, _) = batch(&facts, &groups, &ByVolume(world), &config, objective, &ctx);
    let builds = builds(world, &groups, &batches);
    let before = assign(&facts, &groups, &builds, &[], &config, objective, &ctx).unwrap();
    let (schedule, moved) =
        schedule(&facts, &groups, &builds, &[], &before, &config, objective, 0, &ctx).unwrap();
    (moved.unwrap_or(before), schedule)
}

/// Time that a cube of 120 mm takes: set-up 1800, 3600 + 1200 layers of 10 s + 1728, cooling 7200
/// and unloading 900.
const BUILD: Seconds = Seconds(1800 + 17_328 + 7200 + 900);

/// A day on the way.
const WAY: Seconds = Seconds(86_400);

/// An urgent order `a` and another one `b`, each of a build of its own, on one machine; due at
/// once. With `b` first, lateness costs 8.33 more for every hour of a build: 60.51.
fn two_builds() -> World {
    let two = ["a", "b"].map(|id| {
        let mut order = order(id, 1, vec![line("c120", 1)]);
        (order.mixing, order.priority) = (MixingRule::Alone, if id == "a" { 5 } else { 1 });
        order
    });
    world(vec![centre("c", vec![machine("m", "c", always())])], two.into())
}

fn arrival(schedule: &Schedule, order: &str) -> Time {
    schedule.deliveries.iter().find(|d| d.order.as_str() == order).unwrap().arrives
}

/// Which of two builds is first, where what an order has is kept at a price.
fn first(change: impl Fn(&mut World), objective: &Objective) -> (bool, Schedule) {
    let mut world = two_builds();
    change(&mut world);
    let (_, schedule) = plan(&world, objective);
    let (soon, late) = (EVENING + BUILD + WAY, EVENING + BUILD + BUILD + WAY);
    let first = arrival(&schedule, "a") == soon;
    assert_eq!(arrival(&schedule, "b"), if first { late } else { soon });
    (first, schedule)
}

fn b(world: &mut World) -> &mut platewright_model::order::Order {
    world.night.orders.get_mut(&OrderId::from("b")).unwrap()
}

#[test]
fn a_deadline_goes_before_what_costs_less() {
    let by = EVENING + BUILD + WAY;
    assert!(first(|_| {}, &OBJECTIVE).0);
    let (a_first, schedule) = first(|w| b(w).deadline = Some(by), &OBJECTIVE);
    assert!(!a_first && schedule.cost.missed == Money(0));
    // For 50.00 it is missed, and for an hour later it holds anyway.
    let cheap = Objective { missed_deadline: 5000, ..OBJECTIVE };
    let (a_first, schedule) = first(|w| b(w).deadline = Some(by), &cheap);
    assert!(a_first && schedule.cost.missed == Money(5000));
    let (a_first, schedule) = first(|w| b(w).deadline = Some(by + BUILD), &OBJECTIVE);
    assert!(a_first && schedule.cost.missed == Money(0));
}

#[test]
fn a_promise_is_kept_if_that_costs_less() {
    let by = EVENING + BUILD + WAY;
    let dear = Objective { broken_promise: 7000, ..OBJECTIVE };
    let (a_first, schedule) = first(|w| b(w).promised = Some(by), &dear);
    assert!(!a_first && schedule.cost.broken == Money(0));
    let (a_first, schedule) = first(|w| b(w).promised = Some(by), &OBJECTIVE);
    assert!(a_first && schedule.cost.broken == Money(2000));
}

#[test]
fn an_order_that_is_wanted_together_leaves_one_centre() {
    // Two builds in two centres are done at once and cost a shipment of 9.00 more; in one centre
    // the second is late by 27 228 s, for 15.13 more.
    let mut order = order("o", 1, vec![line("c120", 2)]);
    order.due = EVENING + BUILD + WAY;
    let centres = || {
        ["a", "b"].map(|id| centre(id, vec![machine(&format!("m-{id}"), id, always())])).to_vec()
    };
    let (apart, schedule) = plan(&world(centres(), vec![order.clone()]), &OBJECTIVE);
    assert_ne!(apart.assigned[0].centre, apart.assigned[1].centre);
    assert_eq!((schedule.cost.apart, schedule.cost.lateness), (Money(0), Money(0)));
    order.together = true;
    let wanted = world(centres(), vec![order]);
    let (one, schedule) = plan(&wanted, &OBJECTIVE);
    assert_eq!(one.assigned[0].centre, one.assigned[1].centre);
    assert_eq!((schedule.cost.apart, schedule.cost.lateness), (Money(0), Money(1513)));
    assert!(one.bound <= one.objective && one.bound.0 * 10 > one.objective.0 * 9, "{one:?}");
    let cheap = Objective { apart_per_shipment: 500, ..OBJECTIVE };
    let (apart, schedule) = plan(&wanted, &cheap);
    assert_ne!(apart.assigned[0].centre, apart.assigned[1].centre);
    assert_eq!(schedule.cost.apart, Money(500));
    assert!(apart.bound <= apart.objective);
}

#[test]
fn builds_are_filled_unless_lateness_is_dearer() {
    // As in the test of batches that spreads urgent work: three volumes of four cubes cost 57.50
    // more than two of six, which are late for 160.33 an order and 641.32 in all. At 900.00 the
    // three are short for 260.00 each.
    let machines = |short: i64| {
        let machine = |n| {
            let mut machine = machine(&format!("m{n}"), "a", always());
            (machine.least_fill, machine.short_fill) = (0.9, Money(short));
            machine
        };
        vec![centre("a", (0..4).map(machine).collect())]
    };
    let orders = || {
        let order = |n| {
            let mut order = order(&format!("o{n}"), 0, vec![line("c80", 3)]);
            (order.due, order.priority) = (EVENING + WAY + Seconds(30_000), 5);
            order
        };
        (0..4).map(order).collect()
    };
    let sizes = |short: i64, lateness_per_hour: i64| {
        let world = world(machines(short), orders());
        let (assignment, schedule) = plan(&world, &Objective { lateness_per_hour, ..OBJECTIVE });
        let of_builds: i64 = assignment.assigned.iter().map(|a| a.cost.short.0).sum();
        assert_eq!(schedule.cost.short, Money(of_builds));
        (schedule.builds.len(), of_builds)
    };
    assert_eq!(sizes(0, 2000), (3, 0));
    assert_eq!(sizes(90_000, 2000), (2, 0));
    let (builds, short) = sizes(90_000, 200_000);
    assert!(builds > 2 && short > 0, "{builds} builds, {short}");
}

#[test]
fn prices_by_hand() {
    let mut order = order("o", 1, Vec::new());
    (order.priority, order.deadline, order.promised) = (3, Some(EVENING), Some(EVENING + WAY));
    let at = |arrives| {
        (missed_cost(&OBJECTIVE, &order, arrives), broken_cost(&OBJECTIVE, &order, arrives))
    };
    assert_eq!(at(EVENING), (Money(0), Money(0)));
    assert_eq!(at(EVENING + Seconds(1)), (Money(300_000), Money(0)));
    assert_eq!(at(EVENING + WAY + Seconds(1)), (Money(300_000), Money(6000)));
    assert_eq!(apart_cost(&OBJECTIVE, &order, 3), Money(0));
    order.together = true;
    assert_eq!([0, 1, 3].map(|n| apart_cost(&OBJECTIVE, &order, n).0), [0, 0, 6000]);
    let mut machine = machine("m", "c", always());
    assert_eq!(short_cost(&machine, 0.0), Money(0));
    (machine.least_fill, machine.short_fill) = (0.4, Money(1001));
    let short = [-1.0, 0.0, 0.1, 0.4, 2.0, f64::NAN].map(|fill| short_cost(&machine, fill).0);
    assert_eq!(short, [1001, 1001, 751, 0, 0, 0]);
}
