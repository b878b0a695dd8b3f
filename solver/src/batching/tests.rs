use std::sync::Arc;

use platewright_model::batching::*;
use platewright_model::run::{Cancel, RunContext};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::batching::anneal::anneal;
use crate::batching::construct::construct;
use crate::batching::fixture::problem;
use crate::batching::instance::Instance;
use crate::batching::moves::Dice;
use crate::batching::region::Region;
use crate::batching::{Settings, solve as solve_with, solve_valid};

fn solve(
    problem: &BatchProblem,
    ctx: &RunContext,
) -> Result<crate::batching::Found, crate::SolverError> {
    solve_with(problem, &Settings::default(), ctx)
}

#[test]
fn costs_of_moves_add_up_exactly() {
    for seed in 0..20 {
        let problem = problem(seed, 30);
        let inst = Instance::new(&problem);
        let mut plan = construct(&inst);
        for machines in [vec![0, 1, 2, 3, 4], vec![1, 3, 4], vec![0]] {
            let before = plan.cost;
            let mut region = Region::new(&inst, &plan, &machines);
            let start = region.cost;
            anneal(&mut region, 3000, 200.0, seed);
            let claimed = region.cost - start;
            region.settle();
            assert_eq!(region.cost - start, claimed, "seed {seed}, machines {machines:?}");
            region.write(&mut plan);
            plan.settle(&inst);
            assert_eq!(plan.cost - before, claimed, "seed {seed}, machines {machines:?}");
        }
    }
}

#[test]
fn every_copy_is_in_one_batch_or_left_over() {
    let mut problem = problem(3, 40);
    problem.parts[4].loads = vec![None, None];
    problem.parts[9].loads = vec![Some(Load { size: 5000, add: 1, peak: 1 }), None];
    let found = solve(&problem, &RunContext::with_iterations(1, 20_000)).unwrap();
    let mut seen = vec![0; problem.parts.len()];
    let batches = found.plan.machines.iter().flatten().flat_map(|b| &b.parts);
    for copies in batches.chain(&found.plan.unplaced) {
        seen[copies.part] += copies.copies;
    }
    let ordered: Vec<u32> = problem.parts.iter().map(|p| p.copies).collect();
    assert_eq!(seen, ordered);
    let left: Vec<usize> = found.plan.unplaced.iter().map(|c| c.part).collect();
    assert_eq!(left, [4, 9]);
}

#[test]
fn more_moves_cost_less_and_threads_change_nothing() {
    let problem = problem(8, 120);
    let with = |threads: usize, moves: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let ctx = RunContext::with_iterations(5, moves);
        pool.install(|| solve(&problem, &ctx).unwrap().plan)
    };
    let objective = |plan: &BatchPlan| plan.cost.objective(&problem.objective);
    assert_eq!(with(1, 30_000), with(3, 30_000));
    assert!(objective(&with(2, 300_000)) < objective(&with(2, 0)));
}

#[test]
fn nothing_at_all_is_a_plan() {
    let ctx = RunContext::with_iterations(1, 1000);
    let plan = |problem: &BatchProblem| solve_valid(problem, &Settings::default(), &ctx).plan;
    let empty = BatchProblem { rate_span: 1, mass_span: 1, ..BatchProblem::default() };
    assert_eq!(plan(&empty), BatchPlan::default());
    let mut idle = problem(1, 10);
    idle.machines.clear();
    for family in &mut idle.families {
        family.machines.clear();
    }
    assert_eq!(plan(&idle).unplaced.len(), 10);
    let mut unstaffed = problem(1, 10);
    for machine in &mut unstaffed.machines {
        machine.calendar = Some(BatchCalendar { cycle: 100, ..BatchCalendar::default() });
    }
    assert_eq!(plan(&unstaffed).unplaced.len(), 10);
    let mut overdue = problem(1, 10);
    for order in &mut overdue.orders {
        order.due = Some(0);
    }
    assert!(plan(&overdue).unplaced.is_empty());
}

#[test]
fn what_contradicts_itself_is_refused() {
    let mut bad = problem(1, 10);
    bad.parts[3].family = 99;
    let error = solve(&bad, &RunContext::with_iterations(1, 10)).unwrap_err().to_string();
    assert!(error.starts_with("E3001") && error.contains("parts[3]"), "{error}");
}

#[test]
fn a_cancelled_search_returns_the_plan_it_has() {
    let problem = problem(2, 60);
    let mut ctx = RunContext::with_iterations(1, u64::MAX);
    ctx.cancel = Cancel::default();
    ctx.listener = Arc::new(CancelAtOnce(ctx.cancel.clone()));
    let found = solve(&problem, &ctx).unwrap();
    assert!(found.plan.unplaced.is_empty());
}

struct CancelAtOnce(Cancel);

impl platewright_model::run::Listener for CancelAtOnce {
    fn report(&self, _: &platewright_model::run::Progress<'_>) {
        self.0.cancel();
    }
}

#[test]
fn dice_reach_every_number() {
    let mut dice = Dice(Pcg32::seed_from_u64(1));
    let mut seen = [false; 7];
    for _ in 0..200 {
        seen[dice.below(7)] = true;
    }
    assert_eq!(seen, [true; 7]);
    assert!(dice.0.next_u32() != dice.0.next_u32());
}
