//! Stages 7 and 8: layers and packages of every scheduled build.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Sender, bounded};
use platewright_model::config::Config;
use platewright_model::id::{BuildId, UnitId};
use platewright_model::machine::Machine;
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::order::Unit;
use platewright_model::run::{Cancel, RunContext, Silent};
use platewright_model::stage::{
    Assigned, Assignment, Build, BuildPlan, BuildSlices, Grouping, OrderBook, Package, PackageSet,
    PartSet, PrintingGroup, Schedule, ScheduledBuild, SliceSet,
};
use platewright_slicer::format::{FormatOptions, GcodeOptions, LayerFormat, MemoryFile};
use platewright_slicer::raster::RasterOptions;
use platewright_slicer::{
    BuildSlicer, Compare, PackageInput, Planes, SliceOptions, Sliced, material, needs_change,
    sliced_print_time, write_layers, write_package,
};
use platewright_store::run::sha256_hex;
use rayon::prelude::*;

use crate::inspect::Meshes;
use crate::placed::PlacedParts;
use crate::{PipelineError, Sink};

/// Name of the layer file inside a package.
const LAYER_MEMBER: &str = "layers.cli";

/// What the last two stages need.
pub(crate) struct FinishInput<'a> {
    pub(crate) night: &'a Night,
    pub(crate) meshes: &'a Meshes,
    pub(crate) parts: &'a PartSet,
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
    let builds = jobs.iter().map(|job| job.build);
    let placed = PlacedParts::new(input.meshes, input.parts, builds);
    let context = Context { input, placed, units, left_over };
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
    placed: PlacedParts<'a>,
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

/// A layer file by its name in the package; without content it is the binary CLI file.
type LayerFile = (String, Option<Vec<u8>>);

/// The layers of a build: what slicing came to, the binary CLI file that every run keeps, and
/// the files that the machine's control takes (ISO/IEC 23510, 5.6 NOTE 2).
fn write_files(
    slicer: &BuildSlicer,
    build: &Build,
    machine: &Machine,
    ctx: &RunContext,
) -> Result<(Sliced, Vec<u8>, Vec<LayerFile>), PipelineError> {
    let accepts = &machine.accepts;
    let options = FormatOptions {
        name: build.id.to_string(),
        raster: RasterOptions::of_machine(machine),
        gcode: GcodeOptions::of_machine(machine),
        ..FormatOptions::default()
    };
    let (mut writers, mut files) = (Vec::new(), Vec::new());
    let others = accepts.iter().map(String::as_str).filter(|name| *name != KEPT);
    for name in std::iter::once(KEPT).chain(others) {
        let format = LayerFormat::named(name)?;
        let file = MemoryFile::default();
        writers.push(format.open(Box::new(file.clone()), slicer.stack(), &options)?);
        files.push((format, file));
    }
    let sliced = write_layers(slicer, writers, ctx)?;
    let kept = files.remove(0).1.take();
    let mut taken: Vec<LayerFile> = Vec::new();
    if accepts.iter().any(|name| name == KEPT) {
        taken.push((LAYER_MEMBER.to_owned(), None));
    }
    for (format, file) in files {
        let name = format!("layers-{}.{}", format.name, format.ending);
        taken.push((name, Some(file.take())));
    }
    Ok((sliced, kept, taken))
}

/// Format of the layer files in the run's own folder.
const KEPT: &str = "cli";

fn finish_build(
    context: &Context<'_>,
    job: &Job<'_>,
    files: &Sender<File>,
    ctx: &RunContext,
) -> Result<(BuildSlices, Package), PipelineError> {
    let Context { input, placed, units, left_over } = context;
    let build = job.build;
    let layer = Mm(build.load.layer_mm);
    let planes = Planes::uniform(layer, Mm(build.load.height_mm))?;
    let machine = &input.night.machines()[&job.assigned.machine];
    let changes = machine.exposure.as_ref().is_some_and(needs_change);
    let options = SliceOptions {
        simplify_mm: input.config.slicer.simplify_mm,
        compare: changes.then(Compare::default),
        ..SliceOptions::default()
    };
    let slicer = BuildSlicer::new(&placed.of(build), &planes, &options)?;
    // Progress is told by build; that of the layers of builds side by side would only flicker.
    let quiet = RunContext { listener: Arc::new(Silent), ..ctx.clone() };
    let (sliced, cli, taken) = write_files(&slicer, build, machine, &quiet)?;
    let Sliced { facts, figures, closed_by_hand, .. } = sliced;
    let process = &input.night.processes[&machine.process];
    let feedstock = &input.night.materials[&job.group.key.material];
    let slices = BuildSlices {
        build: build.id.clone(),
        print_time: sliced_print_time(machine, &build.load, &facts, &figures),
        figures,
        material: material(process.solid_fraction, feedstock.density_g_cm3, &facts, layer),
        layers: facts,
        file: format!("{}.cli", build.id),
        sha256: sha256_hex(&cli),
        open_contours: u32::try_from(closed_by_hand).unwrap_or(u32::MAX),
    };
    let mut layer_files: Vec<(&str, &[u8])> = Vec::new();
    for (name, file) in &taken {
        layer_files.push((name, file.as_deref().unwrap_or(&cli)));
    }
    let (bytes, _) = write_package(&PackageInput {
        build,
        night: input.night,
        units,
        meshes: input.meshes,
        assigned: job.assigned,
        scheduled: job.scheduled,
        slices: &slices,
        layer_files: &layer_files,
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
