//! Boxes in containers, as full or as few as possible.

use platewright_check::check_boxes;
use platewright_model::boxes::BoxProblem;
use platewright_nesting::nest_boxes;
use platewright_store::{write_box_layout, write_search_trace};
use serde_json::json;

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

pub(super) fn run(args: &NestArgs, problem: &BoxProblem) -> Result<Exit, Failure> {
    super::heuristic(args, &[()], |()| super::FULL)?;
    super::make_folder(&args.out)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (ctx, screen) = super::context(args, threads)?;
    let cpu = super::cpu_seconds();
    let nest = nest_boxes(problem, &ctx).map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    let cpu = super::cpu_seconds().zip(cpu).map(|(after, before)| after - before);
    screen.finish();
    let faults = check_boxes(problem, &nest.layout);
    let failed = |e| Failure::other(chain(&e));
    write_box_layout(&args.out.join("layout.json"), &nest.layout).map_err(failed)?;
    write_search_trace(&args.out.join("trace.parquet"), &nest.trace).map_err(failed)?;
    super::tell(&faults);

    let containers = nest.layout.containers.len();
    let placed: usize = nest.layout.containers.iter().map(Vec::len).sum();
    let left: u64 = nest.layout.left.iter().map(|(_, copies)| u64::from(*copies)).sum();
    let room = problem.room() as f64 * containers as f64;
    let full = if room > 0.0 { nest.layout.volume(problem) as f64 / room } else { 0.0 };
    if args.json {
        say_json(&json!({
            "instance": problem.name,
            "containers": containers,
            "density": full,
            "bound": nest.bound,
            "placed": placed,
            "unplaced": left,
            "wall_seconds": wall,
            "cpu_seconds": cpu,
            "iterations": nest.iterations,
            "seed": args.seed,
            "heuristic": super::FULL,
            "valid": faults.is_empty(),
        }))?;
    } else {
        say(&format!(
            "{}: {placed} boxes in {containers} containers, {:.2} % full, {left} left over; {} \
             loadings in {wall:.1} s; {}",
            problem.name,
            100.0 * full,
            nest.iterations,
            if faults.is_empty() { "verified" } else { "NOT VALID" },
        ));
    }
    Ok(super::ended(faults.is_empty(), 0, &ctx))
}
