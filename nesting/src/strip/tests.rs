//! Layouts of small strips against what is known of them.

use platewright_model::run::RunContext;
use platewright_model::strip::{StripItem, StripLayout, StripProblem, turn};

use super::nest_strip;
use crate::NestError;

fn rectangle(w: f64, h: f64) -> Vec<[f64; 2]> {
    vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]
}

fn item(outline: Vec<[f64; 2]>, copies: u32, turns: &[f64]) -> StripItem {
    StripItem { outline, copies, turns: Some(turns.to_vec()) }
}

fn problem(height: f64, items: Vec<StripItem>) -> StripProblem {
    StripProblem { name: "test".to_owned(), height, items }
}

/// Corners of every copy in its place.
fn laid(problem: &StripProblem, layout: &StripLayout) -> Vec<Vec<[f64; 2]>> {
    layout
        .placed
        .iter()
        .map(|placed| {
            let [sin, cos] = turn(placed.turn);
            let at = |p: &[f64; 2]| {
                [p[0] * cos - p[1] * sin + placed.at[0], p[0] * sin + p[1] * cos + placed.at[1]]
            };
            problem.items[placed.item].outline.iter().map(at).collect()
        })
        .collect()
}

fn assert_on_strip(problem: &StripProblem, layout: &StripLayout) {
    assert_eq!(layout.placed.len(), problem.copies());
    for p in laid(problem, layout).iter().flatten() {
        assert!(p[0] >= -1e-9 && p[0] <= layout.length + 1e-9, "{p:?}");
        assert!(p[1] >= -1e-9 && p[1] <= problem.height + 1e-9, "{p:?}");
    }
}

#[test]
fn squares_fill_the_strip() {
    let problem = problem(3.0 + 1e-4, vec![item(rectangle(1.0, 1.0), 12, &[0.0])]);
    let nest = nest_strip(&problem, &RunContext::with_iterations(1, 3000)).unwrap();
    assert_on_strip(&problem, &nest.layout);
    assert!(nest.layout.length < 4.01, "{}", nest.layout.length);
    assert!(nest.layout.length >= nest.bound);
}

#[test]
fn notched_outlines_go_into_one_another() {
    let notched = vec![[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [3.0, 4.0], [3.0, 1.0], [0.0, 1.0]];
    let problem = problem(5.01, vec![item(notched, 4, &[0.0, 180.0])]);
    let nest = nest_strip(&problem, &RunContext::with_iterations(1, 4000)).unwrap();
    assert_on_strip(&problem, &nest.layout);
    // Two of them make a 5 x 5 square with a hole, and 4 x 4 boxes alone would take 16.
    assert!(nest.layout.length < 10.05, "{}", nest.layout.length);
}

#[test]
fn the_same_seed_gives_the_same_layout() {
    let problem = problem(
        10.0,
        vec![
            item(rectangle(3.0, 2.0), 5, &[0.0, 90.0]),
            item(vec![[0.0, 0.0], [4.0, 0.0], [1.0, 3.0]], 6, &[0.0, 180.0]),
        ],
    );
    let ctx = |seed| RunContext::with_iterations(seed, 800);
    let one = nest_strip(&problem, &ctx(1)).unwrap();
    assert_eq!(one.layout, nest_strip(&problem, &ctx(1)).unwrap().layout);
    assert_ne!(one.layout, nest_strip(&problem, &ctx(2)).unwrap().layout);
    assert!(one.trace.windows(2).all(|w| w[1].objective < w[0].objective));
}

#[test]
fn instances_of_no_use_are_told() {
    let bad = |problem: StripProblem| match nest_strip(&problem, &RunContext::with_iterations(1, 9))
    {
        Err(NestError::BadStrip { what }) => what,
        other => panic!("{other:?}"),
    };
    let good = || item(rectangle(2.0, 1.0), 1, &[0.0]);
    assert!(bad(problem(f64::NAN, vec![good()])).contains("above 0"));
    assert!(bad(problem(1.0, vec![])).contains("no items"));
    assert!(bad(problem(0.5, vec![good()])).contains("high at least"));
    let with = |change: &dyn Fn(&mut StripItem)| {
        let mut item = good();
        change(&mut item);
        bad(problem(2.0, vec![item]))
    };
    assert!(with(&|item| item.copies = 0).contains("0 copies"));
    assert!(with(&|item| item.outline[1][0] = f64::INFINITY).contains("no length"));
    assert!(with(&|item| item.outline.truncate(2)).contains("no area"));
    let crossed = vec![[0.0, 0.0], [3.0, 0.0], [3.0, 1.0], [1.0, -1.0]];
    assert!(with(&|item| item.outline.clone_from(&crossed)).contains("edges 0 and 2"));
    assert!(with(&|item| item.turns = Some(vec![f64::NAN])).contains("no number"));
}
