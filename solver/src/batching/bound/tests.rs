use platewright_model::run::RunContext;

use super::*;
use crate::batching::construct::construct;
use crate::batching::fixture::problem;
use crate::batching::plain::plain;
use crate::batching::{Settings, solve};

#[test]
fn what_is_proven_is_below_every_plan_and_above_the_plain_sum() {
    for seed in [0, 2, 4, 6] {
        let mut problem = problem(seed, 24);
        problem.objective.makespan = 0;
        let inst = Instance::new(&problem);
        let plan = construct(&inst);
        let (certificate, bound) = prove(&inst, &plan, |sweep, _| sweep as f64 / 150.0).unwrap();
        let ctx = RunContext::with_iterations(seed, 200_000);
        let found = solve(&problem, &Settings::default(), &ctx).unwrap();
        let objective = found.plan.cost.objective(&problem.objective);
        assert!(bound <= objective, "seed {seed}: {bound} above {objective}");
        assert!(bound > plain(&inst), "seed {seed}: {bound} not above the plain sum");
        assert_eq!(certificate.parts.len(), problem.parts.len());
    }
}

#[test]
fn one_machine_and_one_part_are_proven_to_the_end() {
    // Set-up 20, printing 100 and 30: 150 at a rate of 2, and freight of 5.
    use platewright_model::batching::*;
    let problem = BatchProblem {
        rate_span: 1,
        mass_span: 1,
        classes: vec![BatchClass { capacity: 10, setup: 20, ..BatchClass::default() }],
        machines: vec![BatchMachine { rate: 2, ..BatchMachine::default() }],
        families: vec![Family { machines: vec![0], ..Family::default() }],
        freight: vec![vec![Some(Way { per_part: 5, ..Way::default() })]],
        orders: vec![BatchOrder::default()],
        parts: vec![BatchPart {
            copies: 1,
            loads: vec![Some(Load { size: 4, add: 100, peak: 30 })],
            ..BatchPart::default()
        }],
        ..BatchProblem::default()
    };
    let inst = Instance::new(&problem);
    let plan = construct(&inst);
    assert_eq!(plan.cost, 305);
    let (_, bound) = prove(&inst, &plan, |sweep, _| sweep as f64 / 400.0).unwrap();
    assert!((303..=305).contains(&bound), "{bound}");
    assert_eq!(plain(&inst), 205);
}
