//! Promises worked out by hand.

use platewright_model::machine::BuildLoad;
use platewright_model::measure::Seconds;
use platewright_model::night::Night;
use platewright_model::order::{MixingRule, Order, QualityClass};
use platewright_model::time::Time;

use super::{FullBuild, OpenBuild, Standing, promise};
use crate::fixture::{EVENING, always, centre, line, machine, order, staffed, world};

/// A full build: ten copies, an hour of warm-up, 100 layers of ten seconds.
const FULL: FullBuild = FullBuild {
    copies: 10,
    load: BuildLoad { volume_mm3: 0.0, surface_mm2: 0.0, height_mm: 10.0, layer_mm: 0.1 },
};
/// Set-up, print, cooling, unloading of that.
const BUILD_S: i64 = 1800 + 3600 + 1000 + 7200 + 900;
/// Freight to the north.
const WAY_S: i64 = 86_400;

fn night() -> Night {
    world(vec![centre("a", vec![machine("a1", "a", always())])], Vec::new()).night
}

fn arrives(night: &Night, standing: &[Standing], order: &Order) -> Vec<i64> {
    let found = promise(night, standing, order, &|_, _| Some(FULL));
    found.iter().map(|promise| (promise.arrives - EVENING).0).collect()
}

fn busy(from: i64, to: i64, room: Option<f64>) -> Standing {
    let open = room.map(|room| OpenBuild {
        process: "sls".into(),
        material: "pa12".into(),
        quality: QualityClass::Standard,
        room,
    });
    let at = |s: i64| EVENING + Seconds(s);
    Standing { machine: "a1".into(), start: at(from), end: at(to), open }
}

#[test]
fn an_idle_machine_begins_at_once() {
    let asked = order("o", 9, vec![line("c20", 10)]);
    assert_eq!(arrives(&night(), &[], &asked), [BUILD_S + WAY_S]);
    let more = order("o", 9, vec![line("c20", 11)]);
    assert_eq!(arrives(&night(), &[], &more), [2 * BUILD_S + WAY_S]);
}

#[test]
fn a_gap_is_taken_if_it_is_long_enough() {
    let asked = order("o", 9, vec![line("c20", 1)]);
    let after = busy(BUILD_S, BUILD_S + 500, None);
    assert_eq!(arrives(&night(), &[after], &asked), [BUILD_S + WAY_S]);
    let early = busy(BUILD_S - 1, BUILD_S + 500, None);
    assert_eq!(arrives(&night(), &[early], &asked), [2 * BUILD_S + 500 + WAY_S]);
}

#[test]
fn a_build_that_has_room_and_has_not_begun_is_joined() {
    let asked = order("o", 9, vec![line("c20", 4)]);
    let room = |room| [busy(60, 9000, Some(room))];
    assert_eq!(arrives(&night(), &room(0.4), &asked), [9000 + WAY_S]);
    assert_eq!(arrives(&night(), &room(0.3), &asked), [9000 + BUILD_S + WAY_S]);
    let begun = [busy(0, 9000, Some(1.0))];
    assert_eq!(arrives(&night(), &begun, &asked), [9000 + BUILD_S + WAY_S]);
    let alone = Order { mixing: MixingRule::Alone, ..asked };
    assert_eq!(arrives(&night(), &room(0.4), &alone), [9000 + BUILD_S + WAY_S]);
}

#[test]
fn two_lines_get_neither_the_same_room_nor_the_same_gap() {
    let asked = order("o", 9, vec![line("c20", 4), line("c30", 4)]);
    assert_eq!(arrives(&night(), &[], &asked), [2 * BUILD_S + WAY_S]);
    let room = [busy(60, 9000, Some(0.5))];
    assert_eq!(arrives(&night(), &room, &asked), [9000 + BUILD_S + WAY_S]);
    let room = [busy(60, 9000, Some(0.8))];
    assert_eq!(arrives(&night(), &room, &asked), [9000 + WAY_S]);
}

#[test]
fn centres_that_may_not_or_cannot_promise_nothing() {
    let asked = order("o", 9, vec![line("c20", 1)]);
    let strict = Order { certificates: vec!["iso13485".into()], ..asked.clone() };
    assert!(arrives(&night(), &[], &strict).is_empty());
    let far = Order { region: "moon".into(), ..asked.clone() };
    assert!(arrives(&night(), &[], &far).is_empty());
    assert!(promise(&night(), &[], &asked, &|_, _| None).is_empty());
    let never = world(vec![centre("a", vec![machine("a1", "a", staffed(&[]))])], Vec::new());
    assert!(arrives(&never.night, &[], &asked).is_empty());
}

#[test]
fn the_earliest_centre_comes_first() {
    let (one, mut two) = (machine("a1", "a", always()), machine("b1", "b", always()));
    two.free_from = EVENING + Seconds(100);
    let night = world(vec![centre("b", vec![two]), centre("a", vec![one])], Vec::new()).night;
    let asked = order("o", 9, vec![line("c20", 1)]);
    let found = promise(&night, &[], &asked, &|_, _| Some(FULL));
    let told: Vec<(&str, Time)> = found.iter().map(|p| (p.centre.as_str(), p.arrives)).collect();
    let at = |s: i64| EVENING + Seconds(s + BUILD_S + WAY_S);
    assert_eq!(told, [("a", at(0)), ("b", at(100))]);
}
