//! Solids in as few builds as possible, as low as possible.

use std::path::Path;

use platewright_check::{VolumeFault, VolumeMeshes, check_volumes};
use platewright_model::volume::{Turns, VolumeGoal, VolumeProblem};
use platewright_nesting::{SolidMeshes, VolumeHeuristic, VolumeNest, nest_volumes};
use platewright_store::{
    read_volume_layout, write_atomic, write_search_trace, write_volume_layout,
};
use rayon::prelude::*;
use serde_json::json;

use super::solids::Meshes;
use crate::args::{NestArgs, TurnsName};
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

/// Share by which sums of costs may differ by rounding.
const ROUNDING: f64 = 1e-9;

pub(super) fn run(args: &NestArgs, mut problem: VolumeProblem) -> Result<Exit, Failure> {
    let all = VolumeHeuristic::ALL;
    let heuristic = super::heuristic(args, &all, VolumeHeuristic::name)?;
    if problem.name.is_empty() {
        let stem = args.instance.file_stem().unwrap_or_default();
        problem.name = stem.to_string_lossy().into_owned();
    }
    if let Some(turns) = args.turns {
        let turns = match turns {
            TurnsName::Fixed => Turns::Fixed,
            TurnsName::Halves => Turns::List(halves()),
            TurnsName::Cube => Turns::Cube,
        };
        problem.parts.iter_mut().for_each(|part| part.turns = turns.clone());
    }
    let beside = args.instance.parent().unwrap_or(Path::new("."));
    let meshes = Meshes::read(&problem, args.models.as_deref().unwrap_or(beside))?;
    let start = args.start.as_deref().map(read_volume_layout).transpose();
    let start = start.map_err(|e| Failure::input(chain(&e)))?;
    super::make_folder(&args.out)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (ctx, screen) = super::context(args, threads)?;
    let cpu = super::cpu_seconds();
    let given = SolidMeshes { parts: &meshes.parts, spaces: &meshes.spaces };
    let nest = nest_volumes(&problem, given, start.as_ref(), heuristic, &ctx)
        .map_err(|e| Failure::input(chain(&e)))?;
    let wall = ctx.started.elapsed().as_secs_f64();
    let cpu = super::cpu_seconds().zip(cpu).map(|(after, before)| after - before);
    screen.finish();
    let given = VolumeMeshes { parts: &meshes.parts, spaces: &meshes.spaces };
    let faults = check_volumes(&problem, given, &nest.layout);
    write(&args.out, &problem, &meshes, &nest)?;
    super::tell(&faults);
    let figures = Figures::of(&problem, &meshes, &nest, &faults);
    if args.json {
        say_json(&json!({
            "instance": problem.name,
            "builds": nest.layout.builds.len(),
            "cost": figures.cost,
            "heights": figures.heights,
            "density": figures.density,
            "bound": nest.bound,
            "optimal": figures.optimal,
            "placed": figures.placed,
            "unplaced": figures.unplaced,
            "wall_seconds": wall,
            "cpu_seconds": cpu,
            "iterations": nest.iterations,
            "seed": args.seed,
            "heuristic": heuristic.name(),
            "valid": faults.is_empty(),
        }))?;
    } else {
        say(&figures.sentence(&problem, &nest, wall));
    }
    Ok(super::ended(figures.valid, figures.unplaced_required, &ctx))
}

/// As drawn, and half a turn about each axis.
fn halves() -> Vec<[[f64; 3]; 3]> {
    let signs = [[1.0, 1.0, 1.0], [1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]];
    let diagonal = |[x, y, z]: [f64; 3]| [[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]];
    signs.map(diagonal).to_vec()
}

/// The layout, each build as 3MF and as a picture, and how the search went.
fn write(
    out: &Path,
    problem: &VolumeProblem,
    meshes: &Meshes,
    nest: &VolumeNest,
) -> Result<(), Failure> {
    let failed = |e| Failure::other(chain(&e));
    write_volume_layout(&out.join("layout.json"), &nest.layout).map_err(failed)?;
    write_search_trace(&out.join("trace.parquet"), &nest.trace).map_err(failed)?;
    let builds = &nest.layout.builds;
    let file = |index: usize, end: &str| out.join(format!("build-{:03}.{end}", index + 1));
    builds.par_iter().enumerate().try_for_each(|(index, filled)| {
        let model = meshes.three_mf(problem, index, filled)?;
        write_atomic(&file(index, "3mf"), &model).map_err(failed)?;
        write_atomic(&file(index, "png"), &meshes.picture(problem, filled)).map_err(failed)
    })?;
    for end in ["3mf", "png"] {
        super::remove_stale(builds.len(), |index| file(index, end));
    }
    Ok(())
}

/// What a layout amounts to.
struct Figures {
    cost: f64,
    /// By build: the top of its highest part.
    heights: Vec<f64>,
    /// Volume of the meshes over that of the bases up to these heights; 0 without builds.
    density: f64,
    /// Whether no layout is better: cost or height is that of the bound and nothing that counts is
    /// left.
    optimal: bool,
    placed: usize,
    unplaced: u64,
    unplaced_required: u64,
    valid: bool,
}

impl Figures {
    fn of(
        problem: &VolumeProblem,
        meshes: &Meshes,
        nest: &VolumeNest,
        faults: &[VolumeFault],
    ) -> Self {
        let layout = &nest.layout;
        let kinds = layout.builds.iter().filter_map(|filled| problem.volumes.get(filled.volume));
        let cost = kinds.map(|kind| kind.cost).fold(0.0, |sum, cost| sum + cost);
        let heights: Vec<f64> = layout.builds.iter().map(|filled| meshes.height(filled)).collect();
        let bases = layout.builds.iter().map(|filled| meshes.base(problem, filled.volume));
        let room: f64 = bases.zip(&heights).map(|(base, height)| base * height).sum();
        let all = || layout.builds.iter().flat_map(|filled| &filled.placed);
        let volume: f64 = all().map(|placed| meshes.parts[placed.part].volume().abs()).sum();
        let left = |counts: &dyn Fn(usize) -> bool| -> u64 {
            let left = layout.left.iter().filter(|(part, _)| counts(*part));
            left.map(|(_, copies)| u64::from(*copies)).sum()
        };
        let required = |part: usize| problem.parts.get(part).is_some_and(|part| !part.optional);
        let (unplaced, unplaced_required) = (left(&|_| true), left(&required));
        let open = match problem.goal {
            VolumeGoal::Builds => unplaced_required,
            VolumeGoal::Value => unplaced,
        };
        let reached = nest.trace.last().map_or(cost, |step| step.objective);
        let valid = faults.is_empty();
        Self {
            cost,
            density: if room > 0.0 { volume / room } else { 0.0 },
            optimal: valid && open == 0 && reached <= nest.bound * (1.0 + ROUNDING),
            heights,
            placed: all().count(),
            unplaced,
            unplaced_required,
            valid,
        }
    }

    fn sentence(&self, problem: &VolumeProblem, nest: &VolumeNest, wall: f64) -> String {
        let heights: Vec<String> = self.heights.iter().map(|h| format!("{h:.2}")).collect();
        format!(
            "{}: {} parts in {} builds, {} mm high, {:.2} % full, {} left over; bound {:.4}, {}; \
             {} iterations in {wall:.1} s; {}",
            problem.name,
            self.placed,
            self.heights.len(),
            heights.join(", "),
            100.0 * self.density,
            self.unplaced,
            nest.bound,
            if self.optimal { "reached" } else { "not reached" },
            nest.iterations,
            if self.valid { "verified" } else { "NOT VALID" },
        )
    }
}
