//! Stage 2: every model read, measured and corrected, in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use platewright_mesh::{PrintNeeds, TriMesh, load_part, printability, unreadable};
use platewright_model::config::Limits;
use platewright_model::id::{PartId, ProcessId};
use platewright_model::measure::LengthUnit;
use platewright_model::night::Night;
use platewright_model::oracle::PartMeasures;
use platewright_model::run::RunContext;
use platewright_model::stage::{PartRecord, PartSet, Verdict};
use rayon::prelude::*;

use crate::ModelSource;

/// Meshes as they are printed, by part, in mm.
pub type Meshes = BTreeMap<PartId, Arc<TriMesh>>;

/// Reads and inspects all models of a night.
///
/// A model that cannot be read gets a record that says so; the rest goes on.
pub fn inspect_models(
    night: &Night,
    source: &dyn ModelSource,
    limits: &Limits,
    ctx: &RunContext,
) -> (PartSet, Meshes) {
    let done = AtomicU64::new(0);
    let total = night.models.len() as u64;
    let models: Vec<_> = night.models.iter().collect();
    let processes = processes(night);
    let loaded: Vec<(PartRecord, Option<TriMesh>)> = models
        .into_par_iter()
        .map(|(part, model)| {
            let mut loaded = match source.read(&model.file) {
                Ok(bytes) => load_part(&bytes, part, &model.file, model.unit, limits),
                Err(text) => (missing(part, &model.file, model.unit, text), None),
            };
            if let ((record, Some(mesh)), Some(needs)) = (&mut loaded, processes.get(part)) {
                record.printability = printability(mesh, record, needs);
            }
            if model.released && loaded.0.verdict == Verdict::NeedsReview {
                loaded.0.verdict = Verdict::Corrected;
            }
            ctx.report("inspect", done.fetch_add(1, Ordering::Relaxed) + 1, total, &model.file);
            loaded
        })
        .collect();
    let mut parts = PartSet::default();
    let mut meshes = Meshes::new();
    for (record, mesh) in loaded {
        if let Some(mesh) = mesh {
            meshes.insert(record.id.clone(), Arc::new(mesh));
        }
        parts.parts.push(record);
    }
    (parts, meshes)
}

/// Inspects one model for all processes of a night, or for none.
pub fn inspect_model(
    bytes: &[u8],
    file: &str,
    unit: Option<LengthUnit>,
    night: Option<&Night>,
    limits: &Limits,
) -> PartRecord {
    let (mut record, mesh) = load_part(bytes, &file.into(), file, unit, limits);
    if let (Some(mesh), Some(night)) = (&mesh, night) {
        let needs: Vec<_> = night.processes.keys().filter_map(|id| needs(night, id)).collect();
        record.printability = printability(mesh, &record, &needs);
    }
    record
}

/// For each part the processes that its order lines ask for.
fn processes(night: &Night) -> BTreeMap<&PartId, Vec<PrintNeeds>> {
    let mut asked: BTreeMap<&PartId, BTreeSet<&ProcessId>> = BTreeMap::new();
    for line in night.orders.values().flat_map(|order| &order.lines) {
        asked.entry(&line.part).or_default().insert(&line.process);
    }
    asked
        .into_iter()
        .map(|(part, ids)| (part, ids.into_iter().filter_map(|id| needs(night, id)).collect()))
        .collect()
}

/// What a process needs of parts.
fn needs(night: &Night, id: &ProcessId) -> Option<PrintNeeds> {
    let process = night.processes.get(id)?;
    let machines = night.centres.values().flat_map(|centre| &centre.machines);
    let volumes = machines.filter(|m| m.process == *id).map(|m| m.volume.size());
    Some(PrintNeeds {
        process: id.clone(),
        nesting: process.nesting,
        limits: process.limits,
        volumes: volumes.collect(),
    })
}

/// What `solver` may know of the parts that enter the plan.
pub(crate) fn measures(parts: &PartSet) -> BTreeMap<PartId, PartMeasures> {
    parts
        .parts
        .iter()
        .filter(|part| part.verdict.enters_plan())
        .filter_map(|part| {
            let facts = part.facts?;
            let measures = PartMeasures {
                volume_mm3: facts.volume_mm3,
                surface_mm2: facts.surface_mm2,
                size: facts.bounds.size(),
            };
            Some((part.id.clone(), measures))
        })
        .collect()
}

fn missing(part: &PartId, file: &str, unit: Option<LengthUnit>, text: String) -> PartRecord {
    PartRecord {
        id: part.clone(),
        file: file.to_owned(),
        sha256: String::new(),
        unit: unit.unwrap_or(LengthUnit::Mm),
        facts: None,
        faults: vec![unreadable(text)],
        corrections: Vec::new(),
        review: Vec::new(),
        printability: Vec::new(),
        verdict: Verdict::NotPrintable,
    }
}
