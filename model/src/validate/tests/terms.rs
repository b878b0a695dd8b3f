//! What orders and machines may ask for beside what they must say.

use std::collections::BTreeSet;

use super::{checked, drafts, fatal, limits, night, refuses_order};
use crate::config::{Config, DEFAULT_TOML};
use crate::id::MachineId;
use crate::validate::validate_again;

#[test]
fn a_deadline_is_a_time_and_not_before_the_due_date() {
    let at = "orders.json: orders[0].deadline";
    refuses_order(
        &[&format!(
            "{at} [E1036] must not be before due 2026-11-25T12:00:00Z, is 2026-11-25T11:59:59Z: a \
             deadline is the later of the two dates; ask for an earlier due date if it should be \
             there by then"
        )],
        |d| d.0.orders[0].deadline = Some("2026-11-25T11:59:59Z".into()),
    );
    refuses_order(
        &[&format!("{at} [E1015] must be a time like 2026-11-20T20:00:00Z, is \"friday\"")],
        |d| d.0.orders[0].deadline = Some("friday".into()),
    );
}

#[test]
fn a_deadline_is_after_the_night_begins() {
    let all = checked(|d| {
        let order = &mut d.0.orders[0];
        order.due = "2026-11-19T12:00:00Z".into();
        order.deadline = Some("2026-11-20T20:00:00Z".into());
    });
    let codes: Vec<_> = all.faults.iter().map(|f| (f.code.as_str(), f.place.as_str())).collect();
    let at = ["orders.json: orders[0].due", "orders.json: orders[0].deadline"];
    assert_eq!(codes, at.map(|place| ("E1016", place)));
    // In a night that goes on from a plan, both may have passed.
    let (mut orders, catalogue, centres) = drafts();
    orders.orders[0].due = "2026-11-19T12:00:00Z".into();
    orders.orders[0].deadline = Some("2026-11-20T20:00:00Z".into());
    let known = BTreeSet::from(["A-1".into()]);
    let all = validate_again(orders, catalogue, centres, &limits(), &known);
    assert_eq!(all.faults, []);
}

#[test]
fn what_orders_and_machines_may_ask_for_is_taken_over() {
    let plain = night(|_| {});
    let order = &plain.orders[&"A-1".into()];
    assert_eq!((order.deadline, order.promised, order.together), (None, None, false));
    let asked = night(|d| {
        d.0.orders[0].deadline = Some("2026-11-25T12:00:00Z".into());
        d.0.orders[0].together = true;
        d.2.centres[0].machines[0].least_fill = 0.25;
        d.2.centres[0].machines[0].short_fill = 400;
    });
    let order = &asked.orders[&"A-1".into()];
    assert_eq!((order.deadline, order.together), (Some(order.due), true));
    let machines = asked.machines();
    let machine = machines[&MachineId::from("s1")];
    assert_eq!((machine.least_fill, machine.short_fill.0), (0.25, 400));
    let share = "centres.json: centres[0].machines[0].least_fill [E1013] must be at most 1, is 25";
    fatal(&[share], |d| d.2.centres[0].machines[0].least_fill = 25.0);
}

#[test]
fn prices_of_the_objective_are_amounts() {
    let with = |price: &str| {
        let text =
            DEFAULT_TOML.replace("broken_promise = 2_000", &format!("broken_promise = {price}"));
        toml::from_str::<Config>(&text).map(|config| config.objective.broken_promise)
    };
    assert_eq!(with("0"), Ok(0));
    for bad in ["-1", "100_000_000_001"] {
        let told = with(bad).unwrap_err().to_string();
        assert!(told.contains("must be from 0 to 100000000000 minor units"), "{told}");
    }
}
