//! Instances of no use are told, with the item and how to mend it.

use platewright_model::strip::{StripItem, StripProblem, ring_area, turn};

use crate::NestError;

/// Most corners of an outline.
const CORNERS_MAX: usize = 20_000;
/// Most copies of all outlines together: memory grows with their square.
const COPIES_MAX: usize = 5_000;
/// Coordinates beyond this are no lengths that anything is made of.
const REACH: f64 = 1e12;

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
    if ring.len() > CORNERS_MAX {
        return Err(format!("{} corners; thin the outline out to {CORNERS_MAX}", ring.len()));
    }
    if let Some(p) = ring.iter().flatten().find(|x| x.is_nan() || x.abs() > REACH) {
        return Err(format!("the coordinate {p} is no length"));
    }
    let area = ring_area(ring);
    let size = size_at(ring, 0.0);
    if ring.len() < 3 || area.abs() <= 1e-9 * size[0].max(size[1]).powi(2) {
        return Err("the outline encloses no area; give at least 3 corners in order".to_owned());
    }
    if let Some((a, b)) = first_crossing(ring) {
        return Err(format!("edges {a} and {b} meet; give an outline that does not cross itself"));
    }
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
const FREE_TURNS: usize = 16;

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

/// The first two edges, not neighbours, that have a point in common.
fn first_crossing(ring: &[[f64; 2]]) -> Option<(usize, usize)> {
    let n = ring.len();
    let edge = |k: usize| (ring[k], ring[(k + 1) % n]);
    let mut by_left: Vec<usize> = (0..n).collect();
    let span = |k: usize| {
        let (a, b) = edge(k);
        (a[0].min(b[0]), a[0].max(b[0]))
    };
    by_left.sort_by(|&a, &b| span(a).0.total_cmp(&span(b).0));
    for (rank, &a) in by_left.iter().enumerate() {
        for &b in by_left[rank + 1..].iter().take_while(|&&b| span(b).0 <= span(a).1) {
            let neighbours = (a + 1) % n == b || (b + 1) % n == a;
            if !neighbours && meet(edge(a), edge(b)) {
                return Some((a.min(b), a.max(b)));
            }
        }
    }
    None
}

fn meet((a, b): ([f64; 2], [f64; 2]), (c, d): ([f64; 2], [f64; 2])) -> bool {
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    let reach = |k: usize| a[k].min(b[k]) <= c[k].max(d[k]) && c[k].min(d[k]) <= a[k].max(b[k]);
    reach(0)
        && reach(1)
        && side(a, b, c) * side(a, b, d) <= 0.0
        && side(c, d, a) * side(c, d, b) <= 0.0
}
