//! What is to be sliced: model files that stand on a plate, or builds of a run.

use std::path::Path;
use std::sync::Arc;

use platewright_mesh::{Facets, Overlaps, overlaps, read_model};
use platewright_model::geometry::Pose;
use platewright_model::machine::Machine;
use platewright_model::measure::Mm;
use platewright_model::stage::Build;
use platewright_pipeline::{PlacedParts, SavedRun};
use platewright_slicer::{Placed, Shape};

use super::super::model_file::{default_limits, is_3mf, load, open};
use super::super::saved;
use super::layer;
use crate::args::SliceArgs;
use crate::exit::Failure;
use crate::output::complain;

/// One stack of layers to be made.
pub(super) struct Job {
    /// Name of its files, without an ending.
    pub(super) name: String,
    pub(super) placed: Vec<Placed>,
    pub(super) layer: Mm,
    pub(super) height: Mm,
    /// Greatest angle from the vertical that needs no support, degrees; `None` where nothing does.
    pub(super) overhang_deg: Option<f64>,
    /// The machine of a build, if it has one.
    pub(super) machine: Option<Machine>,
}

/// Greatest angle from the vertical that needs no support where no process says it, degrees.
const USUAL_OVERHANG_DEG: f64 = 45.0;

/// All jobs, and whether some input could not be used; that was told.
pub(super) fn jobs(args: &SliceArgs) -> Result<(Vec<Job>, bool), Failure> {
    let (mut jobs, mut failed) = (Vec::new(), false);
    for input in &args.inputs {
        let found = if input.is_dir() { of_run(input, args) } else { of_model(input, args) };
        match found {
            Ok(found) => jobs.extend(found),
            Err(failure) => {
                complain(&failure.to_string());
                failed = true;
            }
        }
    }
    let mut names = std::collections::BTreeSet::new();
    if let Some(double) = jobs.iter().find(|job| !names.insert(job.name.clone())) {
        let name = &double.name;
        return Err(Failure::input(format!(
            "two inputs are called {name}, their layers would overwrite one another; slice them \
             into different folders"
        )));
    }
    Ok((jobs, failed))
}

/// A model that stands on the plate as it is drawn, its box in the corner at the origin.
fn of_model(path: &Path, args: &SliceArgs) -> Result<Vec<Job>, Failure> {
    let layer =
        layer(args).ok_or_else(|| Failure::input("give the layer thickness: --layer MM"))?;
    let shape = if args.as_is { as_is(path, args)? } else { inspected(path, args)? };
    let bounds = shape.turned_bounds(&Pose::IDENTITY.rotation);
    let pose = Pose { translation: bounds.min.map(|v| -v), ..Pose::IDENTITY };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let placed = vec![Placed { shape, pose }];
    Ok(vec![Job {
        name,
        placed,
        layer,
        height: Mm(bounds.size()[2]),
        overhang_deg: Some(USUAL_OVERHANG_DEG),
        machine: None,
    }])
}

/// The model as it would be printed.
fn inspected(path: &Path, args: &SliceArgs) -> Result<Shape, Failure> {
    let (record, mesh) = load(path, args.unit, &default_limits())?;
    for fault in &record.faults {
        complain(&format!("{}: {}", record.file, fault.text));
    }
    let mesh =
        mesh.ok_or_else(|| Failure::input(format!("{} cannot be read as a model", record.file)))?;
    let overlaps =
        if Overlaps::may_be(&record.faults) { overlaps(&mesh) } else { Overlaps::default() };
    Ok(Shape::Mesh { mesh: Arc::new(mesh), overlaps: Arc::new(overlaps) })
}

/// The model as it is in its file.
fn as_is(path: &Path, args: &SliceArgs) -> Result<Shape, Failure> {
    let limits = default_limits();
    let mut file = open(path, &limits)?;
    if let Some(unit) = args.unit {
        match Facets::open(file, unit, &limits).map_err(Failure::input)? {
            Ok(facets) => return Ok(Shape::Facets(Arc::new(facets))),
            Err(other) => file = other,
        }
    }
    let name = path.display().to_string();
    let unit = if is_3mf(path) { None } else { args.unit };
    let mesh = read_model(&file, &name, unit, &limits).map_err(Failure::input)?.mesh;
    Ok(Shape::Mesh { mesh: Arc::new(mesh), overlaps: Arc::default() })
}

/// The builds of a run, or those that were asked for.
fn of_run(path: &Path, args: &SliceArgs) -> Result<Vec<Job>, Failure> {
    let run = saved::open(path)?;
    let builds = &run.plan.build_plan.builds;
    if let Some(name) =
        args.build.iter().find(|name| builds.iter().all(|b| b.id.as_str() != **name))
    {
        return Err(Failure::input(format!("{} has no build {name}", path.display())));
    }
    let wanted: Vec<_> = builds
        .iter()
        .filter(|build| {
            args.build.is_empty() || args.build.iter().any(|name| build.id.as_str() == name)
        })
        .collect();
    let parts = PlacedParts::new(&run.plan.meshes, &run.plan.parts, wanted.iter().copied());
    Ok(wanted
        .into_iter()
        .map(|build| Job {
            name: build.id.to_string(),
            placed: parts.of(build),
            layer: layer(args).unwrap_or(Mm(build.load.layer_mm)),
            height: Mm(build.load.height_mm),
            overhang_deg: overhang_deg(&run, build),
            machine: machine(&run, build),
        })
        .collect())
}

/// Greatest angle from the vertical that the process of a build needs no support for.
fn overhang_deg(run: &SavedRun, build: &Build) -> Option<f64> {
    let night = &run.plan.night;
    let class = night.classes.get(&build.class);
    let process = class.and_then(|class| night.processes.get(&class.process));
    let Some(process) = process else { return Some(USUAL_OVERHANG_DEG) };
    // The catalogue counts from the horizontal; nothing needs support at 0.
    let rise = process.limits.overhang_degrees;
    (rise > 0.0).then(|| (90.0 - rise).clamp(0.0, 89.0))
}

/// The machine that a build is assigned to.
fn machine(run: &SavedRun, build: &Build) -> Option<Machine> {
    let assigned = run.plan.assignment.assigned.iter().find(|a| a.build == build.id)?;
    run.plan.night.machines().get(&assigned.machine).map(|machine| (*machine).clone())
}
