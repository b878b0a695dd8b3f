//! `platewright slice`: the layers of models, or of the builds of a run.

mod output;
mod source;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use platewright_model::measure::Mm;
use platewright_model::run::{Budget, RunContext, Silent};
use platewright_slicer::format::{FORMATS, LayerFormat};
use platewright_slicer::{
    AdaptiveLimits, BuildSlicer, Compare, Planes, SliceOptions, Sliced, adaptive_planes,
    write_layers,
};
use rayon::prelude::*;

use crate::args::{FillName, SliceArgs, UniteName};
use crate::exit::{Exit, Failure, chain};
use crate::output::complain;
use crate::progress::{Screen, cancel_on_interrupt};
use source::Job;

/// The layers of one model or build, written.
struct Done {
    job: Job,
    planes: Planes,
    sliced: Sliced,
    files: Vec<std::path::PathBuf>,
}

pub(crate) fn run(args: &SliceArgs) -> Result<Exit, Failure> {
    let formats = args
        .format
        .iter()
        .map(|name| LayerFormat::named(name).map_err(|e| Failure::input(chain(&e))))
        .collect::<Result<Vec<_>, _>>()?;
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Failure::other(format!("failed to make {}: {e}", args.out.display())))?;
    let screen = Arc::new(Screen::new(false));
    let ctx = context(&screen)?;
    let (jobs, failed) = source::jobs(args)?;
    // Builds side by side, and within a build layers side by side.
    // One tells of its layers, several of how many are done.
    let total = jobs.len() as u64;
    let several = RunContext { listener: Arc::new(Silent), ..ctx.clone() };
    let layers = if total > 1 { &several } else { &ctx };
    let finished = AtomicU64::new(0);
    let results: Vec<Result<Done, Failure>> = jobs
        .into_par_iter()
        .map(|job| {
            let result = slice(job, args, &formats, layers);
            let n = finished.fetch_add(1, Ordering::Relaxed) + 1;
            if total > 1 {
                ctx.report("slice", n, total, "");
            }
            result
        })
        .collect();
    screen.finish();
    let mut done = Vec::new();
    let mut exit = if failed { Exit::BadInput } else { Exit::Done };
    for result in results {
        match result {
            Ok(one) => done.push(one),
            Err(failure) => {
                complain(&failure.to_string());
                exit = failure.exit();
            }
        }
    }
    if let Some(path) = &args.facts {
        output::write_facts(path, &done)?;
    }
    output::tell(args, &done)?;
    Ok(if ctx.cancel.is_cancelled() { Exit::Interrupted } else { exit })
}

fn context(screen: &Arc<Screen>) -> Result<RunContext, Failure> {
    Ok(RunContext {
        seed: 0,
        budget: Budget::default(),
        cancel: cancel_on_interrupt()?,
        listener: Arc::clone(screen) as _,
        threads: rayon::current_num_threads(),
        started: Instant::now(),
    })
}

/// Slices one job and writes it in every format.
fn slice(
    job: Job,
    args: &SliceArgs,
    formats: &[&LayerFormat],
    ctx: &RunContext,
) -> Result<Done, Failure> {
    let bad =
        |e: platewright_slicer::SliceError| Failure::input(format!("{}: {}", job.name, chain(&e)));
    let planes = match args.least {
        None => Planes::uniform(job.layer, job.height),
        Some(least) => {
            let limits =
                AdaptiveLimits { least: Mm(least), greatest: job.layer, cusp: Mm(args.cusp) };
            adaptive_planes(&job.placed, &limits)
        }
    };
    let planes = planes.map_err(bad)?;
    let options = options(args, &job);
    let slicer = BuildSlicer::new(&job.placed, &planes, &options).map_err(bad)?;
    let (mut writers, mut files) = (Vec::new(), Vec::new());
    for format in formats {
        let (path, writer) = output::open(&job, format, slicer.stack(), args)?;
        files.push(path);
        writers.push(writer);
    }
    let written = write_layers(&slicer, writers, ctx);
    let sliced = match written {
        Ok(sliced) => sliced,
        Err(error) => {
            // Half a layer file must not be taken for a whole one.
            files.iter().for_each(|path| drop(std::fs::remove_file(path)));
            return Err(bad(error));
        }
    };
    Ok(Done { job, planes, sliced, files })
}

fn options(args: &SliceArgs, job: &Job) -> SliceOptions {
    let compare = Compare { overhang_deg: args.angle.or(job.overhang_deg) };
    SliceOptions {
        compare: args.figures.then_some(compare),
        unite: match args.unite {
            UniteName::Auto => platewright_slicer::Unite::WhereOverlapping,
            UniteName::Never => platewright_slicer::Unite::Never,
            UniteName::Always => platewright_slicer::Unite::Always,
        },
        fill: match args.fill {
            FillName::Positive => platewright_slicer::Fill::Positive,
            FillName::Nonzero => platewright_slicer::Fill::NonZero,
            FillName::Evenodd => platewright_slicer::Fill::EvenOdd,
        },
        simplify_mm: args.simplify,
        grow_mm: args.grow,
    }
}

/// Names of all formats, for the help.
pub(crate) fn format_names() -> String {
    FORMATS.iter().map(|f| format!("{} ({})", f.name, f.about)).collect::<Vec<_>>().join("; ")
}

/// Layer thickness of the arguments.
fn layer(args: &SliceArgs) -> Option<Mm> {
    args.layer.map(Mm)
}
