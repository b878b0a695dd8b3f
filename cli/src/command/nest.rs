//! `platewright nest`: outlines on plates, published packing instances.

mod plates;
mod strip;

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platewright_model::run::{Budget, RunContext};
use platewright_nesting::Heuristic;
use platewright_store::{Instance, read_instance};

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::complain;
use crate::progress::{Screen, cancel_on_interrupt};

/// Wall time unless asked otherwise.
const BUDGET: Duration = Duration::from_secs(60);

pub(crate) fn run(args: &NestArgs) -> Result<Exit, Failure> {
    match read_instance(&args.instance).map_err(|e| Failure::input(chain(&e)))? {
        Instance::Strip(problem) => strip::run(args, &problem),
        Instance::Plates(problem) => plates::run(args, &problem),
    }
}

/// All heuristics with what they do.
pub(crate) fn heuristics() -> String {
    let all = Heuristic::ALL.map(|h| format!("  {:<12} {}", h.name(), h.what()));
    format!("Heuristics for plates; a strip is nested by {} only:\n{}", FOR_STRIPS, all.join("\n"))
}

/// The only heuristic that strips may be nested by.
const FOR_STRIPS: &str = "full";

/// Reads the name of a heuristic.
pub(crate) fn heuristic(name: &str) -> Result<Heuristic, String> {
    let found = Heuristic::ALL.into_iter().find(|heuristic| heuristic.name() == name);
    found
        .ok_or_else(|| format!("must be one of {}", Heuristic::ALL.map(Heuristic::name).join(", ")))
}

/// What a search gets; the screen shows its progress.
fn context(args: &NestArgs, threads: usize) -> Result<(RunContext, Arc<Screen>), Failure> {
    let screen = Arc::new(Screen::new(false));
    let time = args.budget.or(args.iterations.is_none().then_some(BUDGET));
    let ctx = RunContext {
        seed: args.seed,
        budget: Budget { time, iterations: args.iterations },
        cancel: cancel_on_interrupt()?,
        listener: Arc::clone(&screen) as _,
        threads,
        started: Instant::now(),
    };
    Ok((ctx, screen))
}

fn make_folder(out: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(out)
        .map_err(|e| Failure::other(format!("failed to make {}: {e}", out.display())))
}

/// Tells every fault that the check found.
fn tell<F: Display>(faults: &[F]) {
    faults.iter().for_each(|fault| complain(&fault.to_string()));
}
