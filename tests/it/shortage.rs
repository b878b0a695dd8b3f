//! What a night has too little machine time for, told of its run: nothing is told of a night that
//! is in time, and of one that is too much no plan has fewer late orders than told.

use platewright_model::measure::Seconds;
use platewright_pipeline::{Plan, Shortage, shortage};
use platewright_tests::config;

use crate::terms::{hours, night, order, plan};

/// Two machines; a small block takes 10 h there, and a day on the way.
fn planned(orders: u32, copies: u32) -> (Plan, Shortage) {
    let orders = (0..orders).map(|n| order(&format!("o{n}"), "small", copies, 48.0, 1)).collect();
    let plan = plan(&night([1, 1], orders), &config());
    let told = shortage(&plan, &config()).expect("its builds are of its groups");
    (plan, told)
}

#[test]
fn an_overloaded_night_tells_what_is_missing() {
    // Twelve blocks of 10 h where two machines have 24 h each.
    let (plan, told) = planned(6, 2);
    assert_eq!(told.late, plan.schedule.deliveries.iter().filter(|d| d.late.0 > 0).count());
    let [set] = &told.sure.tight[..] else { panic!("one set, not {:?}", told.sure.tight) };
    assert_eq!((set.orders.len(), set.units, set.machines.len()), (6, 12, 2));
    assert_eq!((set.needed, set.offered), (Seconds(432_000), Seconds(172_800)));
    // Of 72 h missing each order is 20 h.
    assert_eq!(set.late_orders, 4);
    assert!(told.late >= set.late_orders);
    assert_eq!(set.due.0.to_string(), hours(48.0));
    let text = set.sentence();
    assert!(text.contains("need at least 120.0 h on one-0, two-0, the only machines"), "{text}");
    // Blocks take no time by the build, so that how full builds are makes no difference.
    assert!(told.likely.tight.is_empty() && told.likely.hopeless.is_empty());
}

#[test]
fn of_a_night_in_time_nothing_is_told() {
    let (_, told) = planned(2, 1);
    assert_eq!((told.late, told.sure.tight.len(), told.likely.tight.len()), (0, 0, 0));
}
