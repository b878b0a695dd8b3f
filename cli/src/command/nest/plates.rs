//! As few plates as possible.

use std::path::Path;

use platewright_check::{PlateFault, check_plates};
use platewright_model::plate::{Goal, PlateLayout, PlatePart, PlateProblem};
use platewright_nesting::{Heuristic, PlateNest, nest_plates};
use platewright_report::plate_svg;
use platewright_store::{read_plate_layout, write_atomic, write_plate_layout, write_search_trace};
use serde_json::json;

use crate::args::NestArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

/// Share by which sums of costs may differ by rounding.
const ROUNDING: f64 = 1e-9;

pub(super) fn run(args: &NestArgs, problem: &PlateProblem) -> Result<Exit, Failure> {
    let heuristic = super::heuristic(args, &Heuristic::ALL, Heuristic::name)?;
    let start = args.start.as_deref().map(read_plate_layout).transpose();
    let start = start.map_err(|e| Failure::input(chain(&e)))?;
    super::make_folder(&args.out)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (ctx, screen) = super::context(args, threads)?;
    let cpu = super::cpu_seconds();
    let nest = nest_plates(problem, start.as_ref(), heuristic, &ctx)
        .map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    let cpu = super::cpu_seconds().zip(cpu).map(|(after, before)| after - before);
    screen.finish();
    let faults = check_plates(problem, &nest.layout);
    write(&args.out, problem, &nest)?;
    super::tell(&faults);
    let figures = Figures::of(problem, &nest, &faults);
    if args.json {
        say_json(&json!({
            "instance": problem.name,
            "plates": nest.layout.plates.len(),
            "cost": figures.cost,
            "density": figures.density,
            "bound": nest.bound,
            "gap": figures.gap,
            "optimal": figures.optimal,
            "placed": nest.layout.placed(),
            "unplaced": figures.unplaced,
            "wall_seconds": wall,
            "cpu_seconds": cpu,
            "iterations": nest.iterations,
            "seed": args.seed,
            "heuristic": heuristic.name(),
            "valid": faults.is_empty(),
        }))?;
    } else {
        say(&figures.sentence(problem, &nest, wall));
    }
    Ok(super::ended(figures.valid, figures.unplaced_required, &ctx))
}

/// The layout, a picture of each plate, and how the search went.
fn write(out: &Path, problem: &PlateProblem, nest: &PlateNest) -> Result<(), Failure> {
    let failed = |e| Failure::other(chain(&e));
    write_plate_layout(&out.join("layout.json"), &nest.layout).map_err(failed)?;
    write_search_trace(&out.join("trace.parquet"), &nest.trace).map_err(failed)?;
    let plates = &nest.layout.plates;
    let picture = |index: usize| out.join(format!("plate-{:03}.svg", index + 1));
    for (index, filled) in plates.iter().enumerate() {
        let svg = plate_svg(problem, filled, problem.begun.get(index));
        write_atomic(&picture(index), svg.as_bytes()).map_err(failed)?;
    }
    super::remove_stale(plates.len(), picture);
    Ok(())
}

/// What a layout amounts to.
struct Figures {
    cost: f64,
    /// Area of the parts over that of the beds of the plates used; 0 without plates.
    density: f64,
    /// By how much the cost may be above the least, as a share of the bound.
    gap: f64,
    /// Whether no layout is better: the cost is that of the bound and nothing that counts is left.
    optimal: bool,
    unplaced: u64,
    unplaced_required: u64,
    valid: bool,
}

impl Figures {
    fn of(problem: &PlateProblem, nest: &PlateNest, faults: &[PlateFault]) -> Self {
        let layout = &nest.layout;
        let (cost, bound) = (cost(problem, layout), nest.bound);
        let all = layout.plates.iter().flat_map(|filled| &filled.placed);
        let parts = all.filter_map(|place| problem.parts.get(place.item));
        let area: f64 = parts.map(PlatePart::area).sum();
        let kinds = layout.plates.iter().filter_map(|filled| problem.plates.get(filled.plate));
        let beds: f64 = kinds.map(|kind| kind.bed.area()).sum();
        let required = |part: usize| problem.parts.get(part).is_some_and(|part| !part.optional);
        let left = |counts: &dyn Fn(usize) -> bool| -> u64 {
            let left = layout.left.iter().filter(|(part, _)| counts(*part));
            left.map(|(_, copies)| u64::from(*copies)).sum()
        };
        let (unplaced, unplaced_required) = (left(&|_| true), left(&required));
        let open = match problem.goal {
            Goal::Plates => unplaced_required,
            Goal::Value => unplaced,
        };
        let valid = faults.is_empty();
        Self {
            cost,
            density: if beds > 0.0 { area / beds } else { 0.0 },
            gap: if cost > bound { cost / bound - 1.0 } else { 0.0 },
            optimal: valid && open == 0 && cost <= bound * (1.0 + ROUNDING),
            unplaced,
            unplaced_required,
            valid,
        }
    }

    fn sentence(&self, problem: &PlateProblem, nest: &PlateNest, wall: f64) -> String {
        let proof = if self.optimal { "proven least" } else { "not proven least" };
        format!(
            "{}: {} parts on {} plates for {:.4}, {:.2} % full, {} left over; no layout costs less \
             than {:.4}, {proof}; {} iterations in {wall:.1} s; {}",
            problem.name,
            nest.layout.placed(),
            nest.layout.plates.len(),
            self.cost,
            100.0 * self.density,
            self.unplaced,
            nest.bound,
            nest.iterations,
            if self.valid { "verified" } else { "NOT VALID" },
        )
    }
}

/// Cost of all plates, those that are not in the problem left out.
fn cost(problem: &PlateProblem, layout: &PlateLayout) -> f64 {
    let kinds = layout.plates.iter().filter_map(|filled| problem.plates.get(filled.plate));
    kinds.map(|kind| kind.cost).sum()
}
