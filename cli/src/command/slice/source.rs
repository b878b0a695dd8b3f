//! What is to be sliced: model files that stand on a plate, or builds of a run.

use std::path::Path;
use std::sync::Arc;

use platewright_mesh::Overlaps;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_pipeline::PlacedParts;
use platewright_slicer::Placed;

use super::super::model_file::{default_limits, load};
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
}

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
    let (record, mesh) = load(path, args.unit, &default_limits())?;
    for fault in &record.faults {
        complain(&format!("{}: {}", record.file, fault.text));
    }
    let mesh =
        mesh.ok_or_else(|| Failure::input(format!("{} cannot be read as a model", record.file)))?;
    let bounds =
        mesh.bounds().ok_or_else(|| Failure::input(format!("{} has no vertices", record.file)))?;
    let pose = Pose { translation: bounds.min.map(|v| -v), ..Pose::IDENTITY };
    let mesh = Arc::new(mesh);
    let placed = if Overlaps::may_be(&record.faults) {
        Placed::searched(mesh, pose)
    } else {
        Placed::sound(mesh, pose)
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(vec![Job { name, placed: vec![placed], layer, height: Mm(bounds.size()[2]) }])
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
        })
        .collect())
}
