//! One order on its own, against a night that has none of it.

use super::{drafts, limits, night};
use crate::validate::validate_order;

#[test]
fn an_order_alone_becomes_what_it_becomes_in_its_night() {
    let (orders, _, _) = drafts();
    let night = night(|_| {});
    for draft in &orders.orders {
        let alone = validate_order(draft, &night, night.planning_time, &limits()).unwrap();
        assert_eq!(alone, night.orders[&alone.id]);
    }
}

#[test]
fn an_order_alone_is_refused_with_all_its_faults() {
    let (mut orders, _, _) = drafts();
    let draft = &mut orders.orders[0];
    draft.region = "nowhere".into();
    draft.lines[0].quantity = -1.0;
    draft.lines[1].material = "gold".into();
    let night = night(|_| {});
    let faults = validate_order(draft, &night, night.planning_time, &limits()).unwrap_err();
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["order.region", "order.lines[0].quantity", "order.lines[1].material"]);
}

#[test]
fn copies_elsewhere_are_none_of_the_night() {
    let mut night = night(|_| {});
    let order = night.orders.values_mut().next().unwrap();
    order.lines[0].elsewhere = vec![1, 3];
    let id = order.id.clone();
    let units = night.units().into_iter().filter(|unit| unit.order == id && unit.line == 0);
    assert_eq!(units.map(|unit| unit.copy).collect::<Vec<_>>(), [0, 2]);
}
