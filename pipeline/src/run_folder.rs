//! A plan in a run folder, and back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::config::{Config, Limits};
use platewright_model::run::RunContext;
use platewright_model::stage::SortEntry;
use platewright_slicer::{Manifest, Restored, read_package};
use platewright_store::night::read_model_file;
use platewright_store::run::{MeshData, RunDir, RunRecord, stage_key};
use platewright_store::{StoreError, write_atomic};
use rayon::prelude::*;
use serde::Serialize;

use crate::{Meshes, ModelSource, PipelineError, Plan, Sink};

/// A run read back from its folder.
#[derive(Debug)]
pub struct SavedRun {
    /// The folder.
    pub dir: RunDir,
    /// What was planned.
    pub plan: Plan,
    /// How.
    pub record: RunRecord,
}

/// The models of a night folder.
#[derive(Clone, Debug)]
pub struct NightModels {
    /// The night's folder.
    pub dir: PathBuf,
    /// Limits on what is read.
    pub limits: Limits,
}

impl ModelSource for NightModels {
    fn read(&self, file: &str) -> Result<Vec<u8>, String> {
        read_model_file(&self.dir, file, &self.limits).map_err(|e| e.to_string())
    }
}

impl Sink for RunDir {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PipelineError> {
        Ok(write_atomic(&self.file(path), bytes)?)
    }
}

/// Writes all stages of a plan but the layer files and packages, which are there already.
///
/// # Errors
/// A file cannot be written.
pub fn save(dir: &RunDir, plan: &Plan, record: &RunRecord) -> Result<(), PipelineError> {
    dir.write_night(&plan.night)?;
    dir.write_order_book(&plan.order_book)?;
    dir.write_part_set(&plan.parts)?;
    dir.write_meshes(&mesh_data(&plan.meshes))?;
    dir.write_grouping(&plan.grouping)?;
    dir.write_build_plan(&plan.build_plan)?;
    dir.write_assignment(&plan.assignment)?;
    dir.write_schedule(&plan.schedule)?;
    dir.write_slice_set(&plan.slices)?;
    dir.write_package_set(&plan.packages)?;
    if let Some(replan) = &plan.replan {
        dir.write_replan(replan)?;
    }
    // Last, so that a folder with a record is a whole run.
    dir.write_record(record)?;
    Ok(())
}

/// Reads a run back.
///
/// # Errors
/// The folder is no run, or a file of it cannot be read.
pub fn load(path: &Path) -> Result<SavedRun, PipelineError> {
    let dir = RunDir::open(path)?;
    let record = dir.read_record()?;
    let plan = Plan {
        night: dir.read_night()?,
        meshes: meshes(dir.read_meshes()?),
        order_book: dir.read_order_book()?,
        parts: dir.read_part_set()?,
        grouping: dir.read_grouping()?,
        build_plan: dir.read_build_plan()?,
        assignment: dir.read_assignment()?,
        schedule: dir.read_schedule()?,
        slices: dir.read_slice_set()?,
        packages: dir.read_package_set()?,
        replan: dir.read_replan()?,
        rounds: 0,
        seconds: std::collections::BTreeMap::new(),
    };
    Ok(SavedRun { dir, plan, record })
}

/// Restores the orders of a run out of its packages alone: every `*.zip` of `80_packages`.
///
/// # Errors
/// The folder cannot be listed. A package that cannot be read is a fault in the answer.
pub fn restore(path: &Path, limits: &Limits) -> Result<Restored, PipelineError> {
    let folder = path.join("80_packages");
    let listed = std::fs::read_dir(&folder)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
        .map_err(|source| PipelineError::NoPackages { folder: folder.clone(), source })?;
    let mut files: Vec<PathBuf> =
        listed.into_iter().filter(|f| f.extension().is_some_and(|e| e == "zip")).collect();
    files.sort();
    let read: Vec<Result<Manifest, String>> = files
        .par_iter()
        .map(|file| {
            let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
            read_package(&bytes, limits).map_err(|e| format!("{}: {e}", file.display()))
        })
        .collect();
    let (mut manifests, mut faults) = (Vec::new(), Vec::new());
    for result in read {
        match result {
            Ok(manifest) => manifests.push(manifest),
            Err(text) => faults.push(text),
        }
    }
    let mut restored = platewright_slicer::restore(manifests);
    restored.faults.extend(faults);
    Ok(restored)
}

/// The sort list of a package: its units in the order of unpacking.
///
/// # Errors
/// The package cannot be read.
pub fn unpacking(package: &[u8], limits: &Limits) -> Result<Vec<SortEntry>, PipelineError> {
    Ok(read_package(package, limits)?.sort_list)
}

/// Keys of the stages of a plan: each depends on all that was decided before it.
///
/// # Errors
/// A stage cannot be written as text.
pub fn stage_keys(
    plan: &Plan,
    config: &Config,
    ctx: &RunContext,
) -> Result<std::collections::BTreeMap<String, String>, PipelineError> {
    let settings = text(config)?;
    let budget = format!("{} {:?}", ctx.seed, ctx.budget);
    let base: [&[u8]; 3] =
        [env!("CARGO_PKG_VERSION").as_bytes(), settings.as_bytes(), budget.as_bytes()];
    let stages: [(&str, String); 7] = [
        ("10_orders", text(&plan.order_book)?),
        ("20_parts", text(&plan.parts)?),
        ("30_groups", text(&plan.grouping)?),
        ("40_builds", text(&plan.build_plan)?),
        ("50_assignments", text(&plan.assignment)?),
        ("60_schedule", text(&plan.schedule)?),
        ("70_slices", text(&plan.slices)?),
    ];
    let mut keys = std::collections::BTreeMap::new();
    let mut before = stage_key(&base);
    for (name, content) in stages {
        keys.insert(name.to_owned(), before.clone());
        before = stage_key(&[before.as_bytes(), content.as_bytes()]);
    }
    keys.insert("80_packages".to_owned(), before);
    Ok(keys)
}

fn text(value: &impl Serialize) -> Result<String, PipelineError> {
    serde_json::to_string(value).map_err(|error| {
        let reason = error.to_string();
        PipelineError::Store(StoreError::Encode { path: "run.json".into(), reason })
    })
}

fn mesh_data(meshes: &Meshes) -> Vec<MeshData> {
    meshes
        .iter()
        .map(|(part, mesh)| MeshData {
            part: part.clone(),
            vertices: mesh.vertices.iter().map(|v| (*v).into()).collect(),
            triangles: mesh.triangles.clone(),
        })
        .collect()
}

fn meshes(data: Vec<MeshData>) -> Meshes {
    data.into_iter()
        .map(|d| {
            let vertices = d.vertices.into_iter().map(Point3::from).collect();
            (d.part, Arc::new(TriMesh { vertices, triangles: d.triangles }))
        })
        .collect()
}
