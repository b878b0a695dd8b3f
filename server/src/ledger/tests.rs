//! Random histories: whatever happens, the orders can be restored.

use std::collections::BTreeMap;

use platewright_model::id::{OrderId, UnitId};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::{Birth, Broken, Change, Entry, History, UnitState};

/// What a history is checked against: kept apart from it, as plain counts.
#[derive(Default)]
struct Expected {
    ordered: BTreeMap<(usize, usize), u32>,
    units: Vec<UnitId>,
    scrapped: Vec<UnitId>,
}

/// A history of a few orders with some `steps`.
fn random(seed: u64, steps: usize) -> (History, Expected) {
    let mut rng = Pcg64::seed_from_u64(seed);
    let (mut history, mut expected) = (History::default(), Expected::default());
    for _ in 0..steps {
        match rng.random_range(0..10) {
            0 => confirm(&mut rng, &mut history, &mut expected),
            1 => remake(&mut rng, &mut history, &mut expected),
            _ => change(&mut rng, &mut history, &mut expected),
        }
    }
    (history, expected)
}

fn confirm(rng: &mut Pcg64, history: &mut History, expected: &mut Expected) {
    let (order, line, quantity) =
        (rng.random_range(0..4), rng.random_range(0..3), rng.random_range(1..6));
    let id = OrderId::from(order.to_string());
    let born = Birth::Line { order: id.clone(), line, quantity };
    match history.enter(&Entry::Born(born)) {
        Ok(()) => {
            assert!(expected.ordered.insert((order, line), quantity).is_none());
            expected.units.extend((0..quantity).map(|copy| UnitId::derive(&id, line, copy)));
        }
        Err(error) => {
            assert_eq!(error, Broken::Twice(id, line));
            assert!(expected.ordered.contains_key(&(order, line)));
        }
    }
}

fn remake(rng: &mut Pcg64, history: &mut History, expected: &mut Expected) {
    if expected.scrapped.is_empty() {
        return;
    }
    let of = expected.scrapped[rng.random_range(0..expected.scrapped.len())];
    let copy = history.next_copy(of).unwrap();
    let again = Entry::Born(Birth::Remake { of, copy });
    if history.enter(&again).is_ok() {
        assert_eq!(history.enter(&again), Err(Broken::Replaced(of)), "a unit is replaced once");
        let orders = history.restore();
        let units = orders.iter().flat_map(|o| &o.lines).flat_map(|l| &l.copies);
        let unit = units.map(|copy| &copy.units).find(|units| units.contains(&of.to_string()));
        let unit = unit.unwrap().last().unwrap();
        expected.units.push(UnitId(unit.parse().unwrap()));
    }
}

fn change(rng: &mut Pcg64, history: &mut History, expected: &mut Expected) {
    if expected.units.is_empty() {
        return;
    }
    let unit = expected.units[rng.random_range(0..expected.units.len())];
    let change = Change::ALL[rng.random_range(0..Change::ALL.len())];
    let build = (change == Change::Allot).then(|| format!("B{}", rng.random_range(0..5)));
    let before = history.state(unit).unwrap();
    let entered = history.enter(&Entry::Changed { unit, change, build });
    let after = history.state(unit).unwrap();
    assert_eq!(entered.is_ok(), before.after(change).is_some());
    assert_eq!(after, before.after(change).unwrap_or(before));
    if entered.is_ok() && after == UnitState::Scrapped {
        expected.scrapped.push(unit);
    }
}

/// Histories that are tried; `RESTORE_HISTORIES` asks for more.
fn histories() -> u64 {
    std::env::var("RESTORE_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000)
}

#[test]
fn restored_orders_are_the_confirmed_ones_whatever_happened() {
    for seed in 0..histories() {
        let (history, expected) = random(seed, 60);
        let restored = history.restore();
        let mut found = BTreeMap::new();
        let mut units = 0;
        for order in &restored {
            assert!(order.is_whole(), "seed {seed}: {order:?}");
            for line in &order.lines {
                found.insert((order.order.parse().unwrap(), line.line), line.copies.len() as u32);
                units += line.copies.iter().map(|copy| copy.units.len()).sum::<usize>();
                for copy in &line.copies {
                    assert_eq!(copy.build.is_some(), copy.state.is_in_build(), "seed {seed}");
                }
            }
        }
        assert_eq!(found, expected.ordered, "seed {seed}");
        assert_eq!(units, expected.units.len(), "seed {seed}: every unit is of one copy");
    }
}

#[test]
fn every_state_can_be_reached_and_names_lead_back() {
    let mut reached = vec![UnitState::Waiting];
    let mut k = 0;
    while k < reached.len() {
        for change in Change::ALL {
            if let Some(after) = reached[k].after(change).filter(|s| !reached.contains(s)) {
                reached.push(after);
            }
        }
        k += 1;
    }
    assert_eq!(reached.len(), UnitState::ALL.len());
    for state in UnitState::ALL {
        assert_eq!(UnitState::named(state.name()), Some(state));
    }
    for change in Change::ALL {
        assert_eq!(Change::of_event(change.event()), Some(change));
    }
}

#[test]
fn what_cannot_have_happened_is_refused() {
    let mut history = History::default();
    let order = OrderId::from("o");
    let line = Entry::Born(Birth::Line { order: order.clone(), line: 0, quantity: 1 });
    history.enter(&line).unwrap();
    let unit = UnitId::derive(&order, 0, 0);
    let ship = Entry::Changed { unit, change: Change::Ship, build: None };
    let state = UnitState::Waiting;
    assert_eq!(history.enter(&ship), Err(Broken::Order { unit, state, change: Change::Ship }));
    let early = Entry::Born(Birth::Remake { of: unit, copy: 1 });
    assert_eq!(history.enter(&early), Err(Broken::Replaced(unit)));
    let other = UnitId::derive(&order, 0, 9);
    let unknown = Entry::Changed { unit: other, change: Change::Allot, build: None };
    assert_eq!(history.enter(&unknown), Err(Broken::Unknown(other)));
}
