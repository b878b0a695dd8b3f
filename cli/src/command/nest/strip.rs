//! A strip as short as possible.

use platewright_check::check_strip;
use platewright_model::strip::StripProblem;
use platewright_nesting::nest_strip;
use platewright_report::strip_svg;
use platewright_store::{write_atomic, write_search_trace, write_strip_layout};
use serde_json::json;

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

pub(super) fn run(args: &NestArgs, problem: &StripProblem) -> Result<Exit, Failure> {
    super::heuristic(args, &[()], |()| super::FULL)?;
    super::make_folder(&args.out)?;
    let (ctx, screen) = super::context(args, 1)?;
    let nest = nest_strip(problem, &ctx).map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    screen.finish();
    let faults = check_strip(problem, &nest.layout);
    let to = |name: &str| args.out.join(name);
    let failed = |e| Failure::other(chain(&e));
    write_strip_layout(&to("layout.json"), &nest.layout).map_err(failed)?;
    write_search_trace(&to("trace.parquet"), &nest.trace).map_err(failed)?;
    let picture = strip_svg(problem, &nest.layout);
    write_atomic(&to("layout.svg"), picture.as_bytes()).map_err(failed)?;
    super::tell(&faults);

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
    Ok(super::ended(faults.is_empty(), 0, &ctx))
}
