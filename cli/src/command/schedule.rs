//! `platewright schedule`: parts into batches, batches onto machines, machines in order.

mod figures;

use std::path::Path;

use platewright_check::{BatchFault, check_batches, check_plates};
use platewright_model::batching::{BatchPlan, BatchProblem, PlannedBatch};
use platewright_model::oracle::SetOracle;
use platewright_model::plate::PlateProblem;
use platewright_model::run::Budget;
use platewright_model::validate::validate_batches;
use platewright_pipeline::PlateOracle;
use platewright_solver::batching::{Found, Settings, in_force, solve, solve_nested};
use platewright_store::{
    read_batch_plan, read_batch_problem, read_nested_batches, write_batch_plan,
    write_batch_problem, write_search_trace,
};
use serde_json::json;

use self::figures::Figures;
use super::nest::{cpu_seconds, search_context};
use crate::args::ScheduleArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};

pub(crate) fn run(args: &ScheduleArgs) -> Result<Exit, Failure> {
    let (mut problem, plates) = problem_and_plates(args)?;
    go_on(&mut problem, args)?;
    let problem = problem;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.unwrap_or(cores).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| {
        Failure::other(format!("failed to start {threads} threads: {e}; try --threads 1"))
    })?;
    let budget = Budget { time: args.budget, iterations: args.iterations };
    let (ctx, screen) = search_context(args.seed, budget, threads)?;
    let cpu = cpu_seconds();
    let settings = Settings { prove: args.prove };
    let oracle = plates.as_ref().map(|plates| PlateOracle::new(plates, &ctx));
    let found = pool.install(|| match &oracle {
        Some(oracle) => solve_nested(&problem, oracle, &settings, &ctx),
        None => solve(&problem, &settings, &ctx),
    });
    let mut found = found.map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu).map(|(after, before)| after - before);
    screen.finish();
    let mut faults: Vec<String> = verified(&problem, &mut found.plan);
    faults.extend(oracle.iter().flat_map(|oracle| nest_faults(oracle, &found.plan)));
    faults.iter().for_each(|fault| complain(fault));
    write(args, &found)?;
    let figures = Figures::of(&problem, &found.plan, faults.is_empty());
    if args.json {
        let mut document = figures.document(&problem, &found);
        document["wall_seconds"] = json!(wall);
        document["cpu_seconds"] = json!(cpu);
        document["seed"] = json!(args.seed);
        say_json(&document)?;
    } else {
        say(&figures.sentence(&problem, &found, wall));
        if found.plan.cost.late_orders > 0 {
            say(&why_late(args));
        }
    }
    Ok(match (figures.valid, ctx.cancel.is_cancelled()) {
        (false, _) => Exit::Invalid,
        (true, true) => Exit::Interrupted,
        (true, false) if figures.unplaced > 0 => Exit::Invalid,
        (true, false) => Exit::Done,
    })
}

/// How to find out why orders are late.
fn why_late(args: &ScheduleArgs) -> String {
    let instance = args.next.as_ref().unwrap_or(&args.instance).display();
    let number = if args.number > 1 { format!(" --number {}", args.number) } else { String::new() };
    let plan = args.out.display();
    format!(
        "why orders are late: platewright explain {plan} --instance {instance}{number} --capacity"
    )
}

/// Makes a plan the present one of the problem, as the arguments say.
fn go_on(problem: &mut BatchProblem, args: &ScheduleArgs) -> Result<(), Failure> {
    let Some(path) = &args.from else { return Ok(()) };
    let plan = read_batch_plan(path).map_err(|e| Failure::input(chain(&e)))?;
    if let Some(machine) = args.broken.iter().find(|m| **m >= problem.machines.len()) {
        let machines = problem.machines.len();
        return Err(Failure::input(format!(
            "--broken {machine}: there are {machines} machines, counted from 0"
        )));
    }
    problem.present = in_force(&plan, args.now);
    for machine in &mut problem.machines {
        machine.ready = machine.ready.max(args.now);
    }
    for family in &mut problem.families {
        family.machines.retain(|machine| !args.broken.contains(machine));
    }
    sensible(problem, path)?;
    let Some(next) = &args.next else { return Ok(()) };
    write_batch_problem(next, problem).map_err(|e| Failure::other(chain(&e)))
}

/// What the verifier finds wrong with a plan. A proof that it does not accept is taken out, and
/// said so: the plan is none the worse.
fn verified(problem: &BatchProblem, plan: &mut BatchPlan) -> Vec<String> {
    let mut faults = check_batches(problem, plan);
    let of_proof = |fault: &BatchFault| {
        matches!(fault, BatchFault::Earns { .. } | BatchFault::BoundUnproven { .. })
    };
    let proven = faults.iter().find_map(|fault| match fault {
        BatchFault::BoundUnproven { proven, .. } => Some(*proven),
        _ => None,
    });
    if let Some(proven) = proven.filter(|_| faults.iter().all(of_proof)) {
        faults.iter().for_each(|fault| complain(&fault.to_string()));
        complain("the proof is left out; the plan is checked without it");
        plan.certificate = None;
        plan.bound = i64::try_from(proven).unwrap_or(0);
        faults = check_batches(problem, plan);
    }
    faults.iter().map(ToString::to_string).collect()
}

/// The problem, and the outlines that its batches are nested from, if it has any.
fn problem_and_plates(
    args: &ScheduleArgs,
) -> Result<(BatchProblem, Option<PlateProblem>), Failure> {
    let table = args.instance.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if args.by_size || !table {
        return Ok((problem(&args.instance, args.number)?, None));
    }
    let read = read_nested_batches(&args.instance).map_err(|e| Failure::input(chain(&e)))?;
    Ok((read.0, Some(read.1)))
}

/// What is wrong with the nests of batches: each is verified on its outlines.
fn nest_faults(oracle: &PlateOracle<'_>, plan: &BatchPlan) -> Vec<String> {
    let of = |(machine, batch): (usize, &PlannedBatch)| {
        let parts: Vec<usize> = batch.parts.iter().map(|c| c.part).collect();
        let begins = batch.start;
        if oracle.layout(&parts).is_none() && !oracle.share(&parts) {
            return vec![format!("the batch at {begins} on machine {machine} was not nested")];
        }
        let layout = oracle.layout(&parts).unwrap_or_default();
        let faults = check_plates(&oracle.problem(&parts), &layout);
        let told = faults.iter();
        told.map(|f| format!("the batch at {begins} on machine {machine}: {f}")).collect()
    };
    let machines = plan.machines.iter().enumerate();
    machines.flat_map(|(m, line)| line.iter().map(move |b| (m, b))).flat_map(of).collect()
}

/// Reads a problem and checks that it makes sense.
pub(super) fn problem(path: &Path, number: usize) -> Result<BatchProblem, Failure> {
    let problem = read_batch_problem(path, number).map_err(|e| Failure::input(chain(&e)))?;
    sensible(&problem, path)?;
    Ok(problem)
}

fn sensible(problem: &BatchProblem, path: &Path) -> Result<(), Failure> {
    validate_batches(problem).map_err(|faults| {
        let listed: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        Failure::input(format!("{} cannot be planned{listed}", path.display()))
    })
}

fn write(args: &ScheduleArgs, found: &Found) -> Result<(), Failure> {
    let failed = |e| Failure::other(chain(&e));
    write_batch_plan(&args.out, &found.plan).map_err(failed)?;
    match &args.trace {
        Some(path) => write_search_trace(path, &found.trace).map_err(failed),
        None => Ok(()),
    }
}
