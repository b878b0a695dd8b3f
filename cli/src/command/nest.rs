//! `platewright nest`: published packing instances.

use std::sync::Arc;
use std::time::{Duration, Instant};

use platewright_check::check_strip;
use platewright_model::run::{Budget, RunContext};
use platewright_nesting::nest_strip;
use platewright_report::strip_svg;
use platewright_store::{read_strip, write_atomic, write_search_trace, write_strip_layout};
use serde_json::json;

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};
use crate::progress::{Screen, cancel_on_interrupt};

/// Wall time unless asked otherwise.
const BUDGET: Duration = Duration::from_secs(60);

pub(crate) fn run(args: &NestArgs) -> Result<Exit, Failure> {
    let problem = read_strip(&args.instance).map_err(|e| Failure::input(chain(&e)))?;
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Failure::other(format!("failed to make {}: {e}", args.out.display())))?;
    let screen = Arc::new(Screen::new(false));
    let time = args.budget.or(args.iterations.is_none().then_some(BUDGET));
    let ctx = RunContext {
        seed: args.seed,
        budget: Budget { time, iterations: args.iterations },
        cancel: cancel_on_interrupt()?,
        listener: Arc::clone(&screen) as _,
        threads: 1,
        started: Instant::now(),
    };
    let nest = nest_strip(&problem, &ctx).map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    screen.finish();
    let faults = check_strip(&problem, &nest.layout);
    let to = |name: &str| args.out.join(name);
    let failed = |e| Failure::other(chain(&e));
    write_strip_layout(&to("layout.json"), &nest.layout).map_err(failed)?;
    write_search_trace(&to("trace.parquet"), &nest.trace).map_err(failed)?;
    let picture = strip_svg(&problem, &nest.layout);
    write_atomic(&to("layout.svg"), picture.as_bytes()).map_err(failed)?;
    faults.iter().for_each(|fault| complain(&fault.to_string()));

    let (length, copies) = (nest.layout.length, problem.copies());
    let density = problem.density(length);
    let gap = length / nest.bound - 1.0;
    if args.json {
        say_json(&json!({
            "instance": problem.name,
            "length": length,
            "density": density,
            "bound": nest.bound,
            "gap": gap,
            "placed": nest.layout.placed.len(),
            "unplaced": 0,
            "wall_seconds": wall,
            "iterations": nest.iterations,
            "seed": args.seed,
            "heuristic": "separation",
            "valid": faults.is_empty(),
        }))?;
    } else {
        say(&format!(
            "{}: {copies} outlines on a length of {length:.4}, {:.2} % full; no layout is shorter \
             than {:.4}; {} iterations in {wall:.1} s; {}",
            problem.name,
            100.0 * density,
            nest.bound,
            nest.iterations,
            if faults.is_empty() { "verified" } else { "NOT VALID" },
        ));
    }
    Ok(match (faults.is_empty(), ctx.cancel.is_cancelled()) {
        (false, _) => Exit::Invalid,
        (true, true) => Exit::Interrupted,
        (true, false) => Exit::Done,
    })
}
