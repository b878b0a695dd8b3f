use std::sync::atomic::{AtomicUsize, Ordering};

use platewright_model::batching::{
    BatchClass, BatchMachine, BatchOrder, BatchPart, Family, Load, Way, Weights,
};

use super::*;

/// Two parts share a batch unless they follow one another.
struct NoNeighbours(AtomicUsize);

impl SetOracle for NoNeighbours {
    fn share(&self, parts: &[usize]) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        assert!(parts.is_sorted() && parts.len() > 1);
        parts.windows(2).all(|w| w[1] > w[0] + 1)
    }
}

/// Equal parts, four a batch by size, on a machine; each batch takes 10.
fn problem(parts: usize) -> BatchProblem {
    let part = |order| BatchPart {
        order,
        copies: 1,
        loads: vec![Some(Load { size: 1, add: 0, peak: 10 })],
        ..BatchPart::default()
    };
    BatchProblem {
        rate_span: 1,
        mass_span: 1,
        objective: Weights { production: 0, freight: 0, ..Weights::default() },
        classes: vec![BatchClass { capacity: 4, ..BatchClass::default() }],
        machines: vec![BatchMachine::default()],
        families: vec![Family { machines: vec![0], ..Family::default() }],
        freight: vec![vec![Some(Way::default())]],
        orders: vec![BatchOrder { due: Some(0), weight: 1, ..BatchOrder::default() }; parts],
        parts: (0..parts).map(part).collect(),
        ..BatchProblem::default()
    }
}

#[test]
fn no_batch_holds_what_does_not_nest() {
    // Eight parts: the even ones end at 10, the odd ones at 20.
    let oracle = NoNeighbours(AtomicUsize::new(0));
    let ctx = RunContext::with_iterations(3, 60);
    let found = solve_nested(&problem(8), &oracle, &Settings::default(), &ctx).unwrap();
    assert_eq!(found.plan.cost.lateness, 4 * 10 + 4 * 20);
    for batch in found.plan.machines.iter().flatten() {
        assert!(batch.parts.windows(2).all(|w| w[1].part > w[0].part + 1), "{batch:?}");
    }
    // Sets are asked for once, and few of the 2⁸ are asked for.
    assert!(oracle.0.load(Ordering::Relaxed) < 60);
    let again =
        solve_nested(&problem(8), &NoNeighbours(AtomicUsize::new(0)), &Settings::default(), &ctx)
            .unwrap();
    assert_eq!(found.plan, again.plan);
}

#[test]
fn what_never_comes_to_an_end_prints_one_part_a_batch() {
    struct Nothing;
    impl SetOracle for Nothing {
        fn share(&self, _: &[usize]) -> bool {
            false
        }
    }
    let found = solve_nested(
        &problem(5),
        &Nothing,
        &Settings::default(),
        &RunContext::with_iterations(1, 1),
    )
    .unwrap();
    assert_eq!(found.plan.machines[0].len(), 5);
    assert_eq!(found.plan.cost.lateness, 10 + 20 + 30 + 40 + 50);
}

#[test]
fn copies_and_many_parts_are_refused() {
    let ctx = RunContext::with_iterations(1, 1);
    let oracle = NoNeighbours(AtomicUsize::new(0));
    let mut copies = problem(3);
    copies.parts[1].copies = 2;
    for problem in [copies, problem(129)] {
        let error =
            solve_nested(&problem, &oracle, &Settings::default(), &ctx).unwrap_err().to_string();
        assert!(error.starts_with("E3002"), "{error}");
    }
}

#[test]
fn a_proof_without_nesting_holds_for_nested_batches() {
    // By size, two batches of four end at 10 and 20: 120 late, as here.
    let ctx = RunContext::with_iterations(3, 800);
    let settings = Settings { prove: true };
    let oracle = NoNeighbours(AtomicUsize::new(0));
    let found = solve_nested(&problem(8), &oracle, &settings, &ctx).unwrap();
    assert_eq!(found.plan.cost.lateness, 120);
    assert!((1..=120).contains(&found.plan.bound), "{}", found.plan.bound);
    assert!(found.plan.certificate.is_some());
}

#[test]
fn what_cannot_be_better_is_found_and_done() {
    // One part a machine: none is later than it is alone.
    let mut wide = problem(3);
    wide.machines = vec![BatchMachine::default(); 3];
    wide.families[0].machines = vec![0, 1, 2];
    let oracle = NoNeighbours(AtomicUsize::new(0));
    let ctx = RunContext::with_iterations(1, 1000);
    let found = solve_nested(&wide, &oracle, &Settings::default(), &ctx).unwrap();
    assert_eq!(found.plan.cost.lateness, 30);
    assert!(found.iterations < 5, "{}", found.iterations);
}
