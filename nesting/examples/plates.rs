//! Nests a plate job and prints what was reached.
//!
//! ```text
//! cargo run --release -p platewright-nesting --example plates -- JOB SECONDS [SEED] [HEURISTIC]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::time::Duration;

use platewright_model::plate::PlateProblem;
use platewright_model::run::{Budget, RunContext};
use platewright_nesting::{Heuristic, nest_plates};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give a job")?;
    let seconds: f64 = args.next().ok_or("give seconds")?.parse()?;
    let seed = args.next().map_or(Ok(1), |text| text.parse())?;
    let name = args.next().unwrap_or_else(|| Heuristic::Full.name().to_owned());
    let known = Heuristic::ALL.into_iter().find(|heuristic| heuristic.name() == name);
    let problem: PlateProblem = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let mut ctx = RunContext::with_iterations(seed, 0);
    ctx.budget = Budget { time: Some(Duration::from_secs_f64(seconds)), iterations: None };
    let nest = nest_plates(&problem, None, known.ok_or("no such heuristic")?, &ctx)?;
    for step in &nest.trace {
        println!("{:8.2} s {:9} cost {}", step.seconds, step.iterations, step.objective);
    }
    println!(
        "{path}: {} plates, cost {} of at least {}; {} left; {} iterations in {:.1} s",
        nest.layout.plates.len(),
        nest.layout.cost(&problem),
        nest.bound,
        nest.layout.left.len(),
        nest.iterations,
        ctx.started.elapsed().as_secs_f64(),
    );
    Ok(())
}
