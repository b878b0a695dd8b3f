//! A valid night is valid; a damaged one is caught, by exactly the rules that it breaks.

mod damage;
mod flow;
mod kept;
mod large;
mod output;
mod placements;
mod terms;

use crate::Rule;
use crate::fixture::Plan;

#[test]
fn the_night_by_hand_is_valid() {
    assert_eq!(Plan::valid().check(), []);
}

#[test]
fn the_night_by_hand_is_valid_with_its_layers_and_packages() {
    assert_eq!(Plan::with_output().check(), []);
}

/// Damages the valid night, without layers and packages, and compares the broken rules.
#[track_caller]
fn expect(rules: &[Rule], damage: impl FnOnce(&mut Plan)) {
    let mut plan = Plan::valid();
    damage(&mut plan);
    assert_eq!(plan.broken(), rules, "{:#?}", plan.check());
}

/// The same with layers and packages.
#[track_caller]
fn expect_output(rules: &[Rule], damage: impl FnOnce(&mut Plan)) {
    let mut plan = Plan::with_output();
    damage(&mut plan);
    assert_eq!(plan.broken(), rules, "{:#?}", plan.check());
}
