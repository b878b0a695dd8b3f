//! `platewright nest`: outlines on plates, solids in volumes, boxes in containers; published
//! instances too.

mod boxes;
mod plates;
mod solids;
mod strip;
mod volumes;

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use platewright_model::run::{Budget, RunContext};
use platewright_nesting::{Heuristic, VolumeHeuristic};
use platewright_store::{Instance, read_instance};

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::complain;
use crate::progress::{Screen, cancel_on_interrupt};

/// Wall time unless asked otherwise.
const BUDGET: Duration = Duration::from_secs(60);

/// The heuristic of all instances that goes on until the budget ends.
pub(crate) const FULL: &str = "full";

pub(crate) fn run(args: &NestArgs) -> Result<Exit, Failure> {
    let instance = read_instance(&args.instance, args.number);
    let instance = instance.map_err(|e| Failure::input(chain(&e)))?;
    let startable = matches!(instance, Instance::Plates(_) | Instance::Volumes(_));
    if args.start.is_some() && !startable {
        return Err(Failure::input("--start is for plates and volumes; all else begins anew"));
    }
    if args.turns.is_some() && !matches!(instance, Instance::Volumes(_)) {
        return Err(Failure::input("--turns is for solids in volumes; leave it out"));
    }
    match instance {
        Instance::Strip(problem) => strip::run(args, &problem),
        Instance::Plates(problem) => plates::run(args, &problem),
        Instance::Volumes(problem) => volumes::run(args, problem),
        Instance::Boxes(problem) => boxes::run(args, &problem),
    }
}

/// All heuristics with what they do.
pub(crate) fn heuristics() -> String {
    let line = |(name, what): (&str, &str)| format!("  {name:<12} {what}\n");
    let plates: String = Heuristic::ALL.map(|h| line((h.name(), h.what()))).concat();
    let volumes: String = VolumeHeuristic::ALL.map(|h| line((h.name(), h.what()))).concat();
    format!(
        "Heuristics for plates:\n{plates}Heuristics for volumes:\n{volumes}\
         Strips and boxes are nested by {FULL} only."
    )
}

/// The heuristic of a name, one of those of an instance.
fn heuristic<H: Copy>(
    args: &NestArgs,
    all: &[H],
    name: impl Fn(H) -> &'static str,
) -> Result<H, Failure> {
    let found = all.iter().copied().find(|heuristic| name(*heuristic) == args.heuristic);
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|heuristic| name(*heuristic)).collect();
        Failure::input(format!(
            "{} is not nested by {:?}; give {}",
            args.instance.display(),
            args.heuristic,
            names.join(", ")
        ))
    })
}

/// Takes away files of an earlier run that would be taken for this one's: those with numbers from
/// `count` on.
fn remove_stale(count: usize, file: impl Fn(usize) -> PathBuf) {
    let stale = (count..).map(file).take_while(|path| path.exists());
    stale.for_each(|path| drop(std::fs::remove_file(path)));
}

/// What a search gets; the screen shows its progress.
fn context(args: &NestArgs, threads: usize) -> Result<(RunContext, Arc<Screen>), Failure> {
    let NestArgs { seed, budget: time, iterations, .. } = *args;
    search_context(seed, Budget { time, iterations }, threads)
}

/// As much of it as any search gets; without a budget, the usual time.
pub(super) fn search_context(
    seed: u64,
    budget: Budget,
    threads: usize,
) -> Result<(RunContext, Arc<Screen>), Failure> {
    let screen = Arc::new(Screen::new(false));
    let time = budget.time.or(budget.iterations.is_none().then_some(BUDGET));
    let ctx = RunContext {
        seed,
        budget: Budget { time, ..budget },
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

/// CPU seconds of this process so far, user and system; none where the system does not tell them
/// as Linux does.
pub(super) fn cpu_seconds() -> Option<f64> {
    /// Ticks in a second as /proc counts them, on every architecture that Rust runs on.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the process stands in brackets and may hold spaces; times are the twelfth and
    // thirteenth field behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks = [fields.next()?.parse::<f64>().ok()?, fields.next()?.parse().ok()?];
    Some(ticks.iter().sum::<f64>() / TICKS)
}

/// How the command ends: with parts left over that must be placed it is not valid.
fn ended(valid: bool, left: u64, ctx: &RunContext) -> Exit {
    match (valid, ctx.cancel.is_cancelled()) {
        (false, _) => Exit::Invalid,
        (true, true) => Exit::Interrupted,
        (true, false) if left > 0 => Exit::Invalid,
        (true, false) => Exit::Done,
    }
}

/// Tells every fault that the check found.
fn tell<F: Display>(faults: &[F]) {
    faults.iter().for_each(|fault| complain(&fault.to_string()));
}
