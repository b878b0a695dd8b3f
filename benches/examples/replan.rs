//! How long plans take that go on from another: after each of some machines broke, and promises
//! for orders that come one by one. On generated problems of the family AMB.
//!
//!     cargo run --release -p platewright-benches --example replan -- broken 10000
//!     cargo run --release -p platewright-benches --example replan -- promise 100000

use std::process::ExitCode;
use std::time::{Duration, Instant};

use platewright_datasets::{AmbOptions, amb};
use platewright_model::batching::{BatchPart, BatchPlan, BatchProblem, Copies};
use platewright_model::run::RunContext;
use platewright_solver::batching::{Prepared, Settings, in_force, solve};

/// Time for the plan from scratch; and for each one that goes on from it.
const PLAN: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_millis(800);

/// Machines that break, each on its own, and orders that come.
const BROKEN: usize = 10;
const ORDERS: usize = 1000;

/// Price of a copy that leaves its machine, in money of the problem.
const MOVED: i64 = 2000;

#[allow(clippy::print_stdout)] // It is what the example is for.
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let what = args.next().unwrap_or_default();
    let parts = args.next().and_then(|parts| parts.parse().ok()).unwrap_or(10_000);
    let Ok(problem) = amb(&AmbOptions::of(parts, 1)) else {
        println!("no problem of {parts} parts");
        return ExitCode::FAILURE;
    };
    match what.as_str() {
        "broken" => broken(problem),
        "promise" => promises(problem),
        _ => {
            println!("say broken or promise, and how many parts");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn plan(problem: &BatchProblem, budget: Duration) -> (BatchPlan, f64) {
    let mut ctx = RunContext::with_iterations(1, u64::MAX);
    ctx.budget.iterations = None;
    ctx.budget.time = Some(budget);
    ctx.started = Instant::now();
    let plan = solve(problem, &Settings::default(), &ctx).expect("the problem makes sense").plan;
    (plan, ctx.started.elapsed().as_secs_f64())
}

/// Machines break one at a time, when a tenth of all time is over.
#[allow(clippy::print_stdout)]
fn broken(mut problem: BatchProblem) {
    problem.objective.moved = MOVED;
    let (before, _) = plan(&problem, PLAN);
    let now = before.cost.makespan / 10;
    println!("machine seconds objective-before objective unaffected changed share-%");
    for broken in (0..problem.machines.len()).step_by(problem.machines.len() / BROKEN) {
        let mut next = problem.clone();
        next.present = in_force(&before, now);
        next.machines.iter_mut().for_each(|machine| machine.ready = machine.ready.max(now));
        for family in &mut next.families {
            family.machines.retain(|machine| *machine != broken);
        }
        let (after, seconds) = plan(&next, AGAIN);
        let (mut unaffected, mut changed) = (0, 0);
        for (m, line) in next.present.iter().enumerate().filter(|(m, _)| *m != broken) {
            for batch in line {
                let kept = after.machines[m].iter().any(|b| holds(&b.parts, &batch.parts));
                unaffected += 1;
                changed += usize::from(!kept);
            }
        }
        println!(
            "{broken} {seconds:.2} {} {} {unaffected} {changed} {:.2}",
            before.cost.objective(&problem.objective),
            after.cost.objective(&problem.objective),
            100.0 * changed as f64 / unaffected as f64
        );
    }
}

/// Whether a batch holds all that another held.
fn holds(now: &[Copies], then: &[Copies]) -> bool {
    then.iter().all(|c| now.iter().any(|n| n.part == c.part && n.copies >= c.copies))
}

/// The last orders of a problem come when the rest is planned.
#[allow(clippy::print_stdout)]
fn promises(problem: BatchProblem) {
    let kept = problem.orders.len() - ORDERS;
    let mut rest = problem.clone();
    rest.orders.truncate(kept);
    rest.parts.retain(|part| part.order < kept);
    let (before, _) = plan(&rest, PLAN);
    let start = Instant::now();
    let prepared = Prepared::new(&rest).expect("the problem makes sense");
    let mut open = prepared.open(&before).expect("it is its plan");
    let opened = start.elapsed().as_secs_f64();
    let mut seconds = Vec::new();
    let mut late = 0;
    for (index, order) in problem.orders.iter().enumerate().skip(kept) {
        let parts: Vec<BatchPart> =
            problem.parts.iter().filter(|part| part.order == index).cloned().collect();
        let start = Instant::now();
        let promise = open.accept(order, &parts).expect("it goes with the problem");
        seconds.push(start.elapsed().as_secs_f64());
        let arrives = promise.map_or(i64::MAX, |promise| promise.arrives);
        late += usize::from(order.due.is_some_and(|due| arrives > due));
    }
    seconds.sort_by(f64::total_cmp);
    let at = |share: f64| 1e3 * seconds[((seconds.len() - 1) as f64 * share) as usize];
    println!(
        "opened in {opened:.2} s; {ORDERS} orders, {late} late; ms: median {:.2}, p99 {:.2}, most \
         {:.2}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
