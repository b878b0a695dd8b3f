//! Stages 7 and 8: layers and packages of every scheduled build.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Sender, bounded};
use platewright_model::config::Config;
use platewright_model::id::{BuildId, UnitId};
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::order::Unit;
use platewright_model::run::{Cancel, RunContext};
use platewright_model::stage::{
    Assigned, Assignment, Build, BuildPlan, BuildSlices, Grouping, OrderBook, Package, PackageSet,
    PrintingGroup, Schedule, ScheduledBuild, SliceSet,
};
use platewright_slicer::{
    PackageInput, exact_print_time, material, slice_build, write_layers, write_package,
};
use platewright_store::run::sha256_hex;
use rayon::prelude::*;

use crate::inspect::Meshes;
use crate::{PipelineError, Sink};

/// Name of the layer file inside a package.
const LAYER_MEMBER: &str = "layers.cli";

/// What the last two stages need.
pub(crate) struct FinishInput<'a> {
    pub(crate) night: &'a Night,
    pub(crate) meshes: &'a Meshes,
    pub(crate) order_book: &'a OrderBook,
    pub(crate) grouping: &'a Grouping,
    pub(crate) build_plan: &'a BuildPlan,
    pub(crate) assignment: &'a Assignment,
    pub(crate) schedule: &'a Schedule,
    pub(crate) config: &'a Config,
}

/// Slices and packs every scheduled build, side by side; files go to `sink` as they are made.
pub(crate) fn finish(
    input: &FinishInput<'_>,
    sink: &dyn Sink,
    ctx: &RunContext,
) -> Result<(SliceSet, PackageSet), PipelineError> {
    let units: BTreeMap<UnitId, Unit> =
        input.order_book.units.iter().map(|u| (u.id, u.clone())).collect();
    let jobs = jobs(input);
    let scheduled: BTreeSet<UnitId> =
        jobs.iter().flat_map(|j| &j.build.placements).map(|p| p.unit).collect();
    let left_over = units.keys().filter(|u| !scheduled.contains(u)).copied().collect();
    let context = Context { input, units, left_over };
    // A run that was stopped still gets layers and packages for the best plan so far.
    let ctx = &RunContext { cancel: Cancel::default(), ..ctx.clone() };
    let (send, receive) = bounded::<File>(WAITING_FILES);
    std::thread::scope(|scope| {
        // One writer, so that no slicing thread waits for the disk; the queue is short, so that
        // finished files do not pile up in memory.
        let writer = scope
            .spawn(move || receive.iter().try_for_each(|file| sink.put(&file.path, &file.bytes)));
        let finished = finish_all(&context, &jobs, &send, ctx);
        drop(send);
        writer.join().expect("the writer hands errors back")?;
        let (slices, packages) = finished?.into_iter().unzip();
        Ok((SliceSet { builds: slices }, PackageSet { packages }))
    })
}

/// Files that may wait for the disk.
const WAITING_FILES: usize = 4;

/// A file on its way to the sink.
struct File {
    path: String,
    bytes: Vec<u8>,
}

/// What every build is finished with.
struct Context<'a> {
    input: &'a FinishInput<'a>,
    units: BTreeMap<UnitId, Unit>,
    left_over: BTreeSet<UnitId>,
}

fn finish_all(
    context: &Context<'_>,
    jobs: &[Job<'_>],
    files: &Sender<File>,
    ctx: &RunContext,
) -> Result<Vec<(BuildSlices, Package)>, PipelineError> {
    let done = AtomicU64::new(0);
    let total = jobs.len() as u64;
    jobs.par_iter()
        .map(|job| {
            let finished = finish_build(context, job, files, ctx)?;
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            ctx.report("slice and pack", n, total, job.build.id.as_str());
            Ok(finished)
        })
        .collect()
}

/// A build with everything decided about it.
struct Job<'a> {
    build: &'a Build,
    group: &'a PrintingGroup,
    assigned: &'a Assigned,
    scheduled: &'a ScheduledBuild,
}

fn jobs<'a>(input: &FinishInput<'a>) -> Vec<Job<'a>> {
    let scheduled: BTreeMap<&BuildId, &ScheduledBuild> =
        input.schedule.builds.iter().map(|s| (&s.build, s)).collect();
    let assigned: BTreeMap<&BuildId, &Assigned> =
        input.assignment.assigned.iter().map(|a| (&a.build, a)).collect();
    input
        .build_plan
        .builds
        .iter()
        .filter_map(|build| {
            Some(Job {
                build,
                group: input.grouping.groups.iter().find(|g| g.id == build.group)?,
                assigned: assigned.get(&build.id).copied()?,
                scheduled: scheduled.get(&build.id).copied()?,
            })
        })
        .collect()
}

fn finish_build(
    context: &Context<'_>,
    job: &Job<'_>,
    files: &Sender<File>,
    ctx: &RunContext,
) -> Result<(BuildSlices, Package), PipelineError> {
    let Context { input, units, left_over } = context;
    let build = job.build;
    let placed: Vec<_> =
        build.placements.iter().map(|p| (Arc::clone(&input.meshes[&p.part]), p.pose)).collect();
    let (layer, height) = (Mm(build.load.layer_mm), Mm(build.load.height_mm));
    let layers = slice_build(&placed, layer, height, &input.config.slicer, ctx)?;
    let cli = write_layers("cli", &layers)?;
    let facts: Vec<_> = layers.layers.iter().map(|l| l.facts).collect();
    let machine = &input.night.machines()[&job.assigned.machine];
    let process = &input.night.processes[&machine.process];
    let feedstock = &input.night.materials[&job.group.key.material];
    let slices = BuildSlices {
        build: build.id.clone(),
        print_time: exact_print_time(&machine.time, &build.load, &facts),
        material: material(process.solid_fraction, feedstock.density_g_cm3, &facts, layer),
        layers: facts,
        file: format!("{}.cli", build.id),
        sha256: sha256_hex(&cli),
        open_contours: layers.open_contours,
    };
    drop(layers);
    let (bytes, _) = write_package(&PackageInput {
        build,
        night: input.night,
        units,
        meshes: input.meshes,
        assigned: job.assigned,
        scheduled: job.scheduled,
        slices: &slices,
        layer_files: &[(LAYER_MEMBER, &cli)],
        group: job.group,
        left_over,
    })?;
    let package = Package {
        build: build.id.clone(),
        file: format!("{}.zip", build.id),
        sha256: sha256_hex(&bytes),
        bytes: bytes.len() as u64,
    };
    for (folder, name, bytes) in
        [("70_slices", &slices.file, cli), ("80_packages", &package.file, bytes)]
    {
        // A writer that stopped has an error of its own to tell.
        let _ = files.send(File { path: format!("{folder}/{name}"), bytes });
    }
    Ok((slices, package))
}
