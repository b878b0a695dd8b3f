//! Instances of no use are told, with the item and how to mend it.

use platewright_model::strip::{StripItem, StripProblem, turn};

use crate::NestError;
use crate::ring::{REACH, validate_ring};

/// Most copies of all outlines together: memory grows with their square.
const COPIES_MAX: usize = 5_000;

/// # Errors
/// What is wrong first: the strip, then the items in their order.
pub(super) fn validate(problem: &StripProblem) -> Result<(), NestError> {
    let bad = |what: String| Err(NestError::BadStrip { what });
    if !(problem.height > 0.0 && problem.height <= REACH) {
        return bad(format!("the strip is {} high; give a number above 0", problem.height));
    }
    if problem.items.is_empty() {
        return bad("there are no items; give at least one outline".to_owned());
    }
    let copies: u64 = problem.items.iter().map(|item| u64::from(item.copies)).sum();
    if copies > COPIES_MAX as u64 {
        return bad(format!("{copies} copies; give at most {COPIES_MAX}"));
    }
    for (i, item) in problem.items.iter().enumerate() {
        if let Err(what) = validate_item(item, problem.height) {
            return bad(format!("item {i}: {what}"));
        }
    }
    Ok(())
}

fn validate_item(item: &StripItem, height: f64) -> Result<(), String> {
    let ring = &item.outline;
    if item.copies == 0 {
        return Err("0 copies; give at least 1, or leave the item out".to_owned());
    }
    validate_ring(ring)?;
    let turns = turns_of(item);
    if turns.is_empty() || turns.iter().any(|turn| !turn.is_finite()) {
        return Err("a turn is missing or no number; give degrees".to_owned());
    }
    if !turns.iter().any(|&turn| size_at(ring, turn)[1] <= height) {
        let least = turns.iter().map(|&t| size_at(ring, t)[1]).fold(f64::INFINITY, f64::min);
        return Err(format!("{least} high at least, and the strip is {height}"));
    }
    Ok(())
}

/// Turns tried of outlines that may be turned at will, if there are few of them.
const FREE_TURNS: usize = 64;

/// The turns of an item, degrees; equally spaced ones if any will do.
pub(super) fn turns_of(item: &StripItem) -> Vec<f64> {
    match &item.turns {
        Some(turns) => turns.clone(),
        None => (0..FREE_TURNS).map(|k| k as f64 * 360.0 / FREE_TURNS as f64).collect(),
    }
}

/// Width and height of the box of a ring that is turned.
fn size_at(ring: &[[f64; 2]], degrees: f64) -> [f64; 2] {
    let [sin, cos] = turn(degrees);
    let extent = |along: &dyn Fn(&[f64; 2]) -> f64| {
        let (low, high) = ring
            .iter()
            .map(along)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        high - low
    };
    [extent(&|p| p[0] * cos - p[1] * sin), extent(&|p| p[0] * sin + p[1] * cos)]
}
