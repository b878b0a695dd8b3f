//! Stage 4: batches become builds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use platewright_mesh::TriMesh;
use platewright_model::config::Config;
use platewright_model::id::{BuildId, PartId, UnitId};
use platewright_model::machine::{BuildLoad, MachineClass};
use platewright_model::material::{NestingMode, Process};
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::order::{OrderLine, OrientationPolicy, Unit};
use platewright_model::run::{RunContext, Silent};
use platewright_model::stage::{Batch, Build, DrawnOut, Placement, PrintingGroup};
use platewright_nesting::{
    Item, Layout, LeftReason, Nest, NestError, Problem, nest_plate, nest_volume,
};
use rayon::prelude::*;

use crate::inspect::Meshes;

/// What nesting needs to know of a night.
pub(crate) struct NestInput<'a> {
    pub(crate) night: &'a Night,
    pub(crate) meshes: &'a Meshes,
    pub(crate) units: &'a BTreeMap<UnitId, &'a Unit>,
    pub(crate) groups: &'a [PrintingGroup],
    pub(crate) config: &'a Config,
}

/// A nested batch.
pub(crate) struct NestedBatch {
    /// The build, if anything was placed; its id is given later.
    pub(crate) build: Option<Build>,
    /// Units without a place, most urgent first, and why.
    pub(crate) left: Vec<(UnitId, LeftReason)>,
}

/// An item to nest.
pub(crate) fn item(
    part: &PartId,
    mesh: &Arc<TriMesh>,
    orientation: OrientationPolicy,
    clearance: Mm,
    inside_cavity: bool,
    copies: u32,
    priority: u32,
) -> Item {
    let (part, mesh) = (part.clone(), Arc::clone(mesh));
    Item { part, mesh, copies, orientation, clearance, inside_cavity, priority }
}

/// Nests all batches, each into one build, side by side.
///
/// With a time budget each batch gets a share of `time`, counted from its own start.
pub(crate) fn nest_batches(
    input: &NestInput<'_>,
    batches: &[Batch],
    time: Option<Duration>,
    ctx: &RunContext,
) -> Result<Vec<NestedBatch>, NestError> {
    let done = AtomicU64::new(0);
    let total = batches.len() as u64;
    let share = time.map(|t| {
        t.mul_f64(ctx.threads.min(batches.len()).max(1) as f64 / batches.len().max(1) as f64)
    });
    batches
        .par_iter()
        .map(|batch| {
            let mut own = ctx.clone();
            own.seed = ctx.seed_for(batch.id.as_str());
            // Batches are nested side by side: their own steps would only flicker.
            own.listener = Arc::new(Silent);
            if let Some(share) = share {
                own.budget.time = Some(share);
                own.started = Instant::now();
            }
            let nested = nest_batch(input, batch, &own);
            ctx.report("nest", done.fetch_add(1, Ordering::Relaxed) + 1, total, batch.id.as_str());
            nested
        })
        .collect()
}

fn nest_batch(
    input: &NestInput<'_>,
    batch: &Batch,
    ctx: &RunContext,
) -> Result<NestedBatch, NestError> {
    let class = &input.night.classes[&batch.class];
    let process = &input.night.processes[&class.process];
    let (items, units) = items_of(input, batch, process);
    let layer = input
        .groups
        .iter()
        .find(|g| g.id == batch.group)
        .and_then(|g| process.parameter_set(g.key.quality))
        .map_or(Mm(0.1), |set| set.layer);
    let problem = Problem {
        items,
        volume: class.volume.clone(),
        part_wall: process.part_wall,
        part_plate: process.part_plate,
        layers: process.layer_limits(layer),
    };
    let nest = match process.nesting {
        NestingMode::Volume => nest_volume(&problem, 1, &input.config.volume, ctx)?,
        NestingMode::Plate => nest_plate(&problem, 1, &input.config.plate, ctx)?,
    };
    let mut left = left_units(&nest, &units);
    let rank: BTreeMap<UnitId, usize> =
        batch.units.iter().enumerate().map(|(i, u)| (*u, i)).collect();
    left.sort_by_key(|(unit, _)| rank[unit]);
    let build = nest
        .layouts
        .first()
        .filter(|layout| !layout.placed.is_empty())
        .map(|layout| build_of(input, batch, class, process, layout, &problem, &units, layer));
    Ok(NestedBatch { build, left })
}

/// Items of a batch with the units behind their copies, in the batch's order of urgency.
fn items_of(
    input: &NestInput<'_>,
    batch: &Batch,
    process: &Process,
) -> (Vec<Item>, Vec<Vec<UnitId>>) {
    let mut keys: Vec<(PartId, OrientationPolicy, u64, bool)> = Vec::new();
    let (mut items, mut units): (Vec<Item>, Vec<Vec<UnitId>>) = (Vec::new(), Vec::new());
    for (rank, unit) in batch.units.iter().enumerate() {
        let line = input.night.line(input.units[unit]);
        let (orientation, clearance) = rules(line, process);
        let key = (line.part.clone(), orientation, clearance.0.to_bits(), line.inside_cavity);
        if let Some(i) = keys.iter().position(|k| *k == key) {
            items[i].copies += 1;
            units[i].push(*unit);
        } else {
            let mesh = &input.meshes[&line.part];
            let priority = (batch.units.len() - rank) as u32;
            items.push(item(
                &line.part,
                mesh,
                orientation,
                clearance,
                line.inside_cavity,
                1,
                priority,
            ));
            units.push(vec![*unit]);
            keys.push(key);
        }
    }
    (items, units)
}

/// The stricter orientation and the greater clearance of a line and its process.
fn rules(line: &OrderLine, process: &Process) -> (OrientationPolicy, Mm) {
    let clearance = line.clearance.map_or(process.part_part.0, |c| c.0.max(process.part_part.0));
    (line.orientation.min(process.orientation), Mm(clearance))
}

/// For each item the units that were placed, order by order. Copies are alike, so that any unit may
/// stand in the place of any other; taken so as places are drawn out, those of one order come one
/// after the other.
fn in_order(
    layout: &Layout,
    units: &[Vec<UnitId>],
    input: &NestInput<'_>,
) -> Vec<std::vec::IntoIter<UnitId>> {
    let mut placed: Vec<Vec<UnitId>> = vec![Vec::new(); units.len()];
    for copy in &layout.placed {
        placed[copy.item].push(units[copy.item][copy.copy as usize]);
    }
    let place = |id: &UnitId| {
        let unit = input.units[id];
        (&unit.order, unit.line, unit.copy)
    };
    placed.iter_mut().for_each(|units| units.sort_by(|a, b| place(a).cmp(&place(b))));
    placed.into_iter().map(Vec::into_iter).collect()
}

fn left_units(nest: &Nest, units: &[Vec<UnitId>]) -> Vec<(UnitId, LeftReason)> {
    let mut left = Vec::new();
    for l in &nest.left {
        let of_item = &units[l.item];
        // Placed copies are numbered from 0: what is left are the last ones not yet told of.
        let told = left.iter().filter(|(u, _)| of_item.contains(u)).count();
        let end = of_item.len() - told;
        left.extend(of_item[end - l.copies as usize..end].iter().map(|u| (*u, l.reason)));
    }
    left
}

#[expect(clippy::too_many_arguments, reason = "private glue between two crates' types")]
fn build_of(
    input: &NestInput<'_>,
    batch: &Batch,
    class: &MachineClass,
    process: &Process,
    layout: &Layout,
    problem: &Problem,
    units: &[Vec<UnitId>],
    layer: Mm,
) -> Build {
    let mut load =
        BuildLoad { volume_mm3: 0.0, surface_mm2: 0.0, height_mm: 0.0, layer_mm: layer.0 };
    let mut placements = Vec::with_capacity(layout.placed.len());
    let mut waiting = in_order(layout, units, input);
    for (placed, turn) in layout.placed.iter().zip(1..) {
        let item = &problem.items[placed.item];
        let mesh = &input.meshes[&item.part];
        let top = mesh
            .vertices
            .iter()
            .map(|v| placed.pose.apply((*v).into())[2])
            .fold(f64::NEG_INFINITY, f64::max);
        load.height_mm = load.height_mm.max(top);
        placements.push(Placement {
            unit: waiting[placed.item].next().expect("a unit for each copy"),
            part: item.part.clone(),
            pose: placed.pose,
            out: placed.out.map(|way| DrawnOut { turn, way }),
        });
    }
    placements.sort_by_key(|p| p.unit);
    // Summed in the order of the units, so that the same set gives the same bits.
    for placement in &placements {
        let mesh = &input.meshes[&placement.part];
        load.volume_mm3 += mesh.volume();
        load.surface_mm2 += mesh.surface();
    }
    let density = match process.nesting {
        NestingMode::Volume => load.volume_mm3 / (class.volume.plate_area() * load.height_mm),
        NestingMode::Plate => layout.density,
    };
    Build {
        id: BuildId::from(batch.id.as_str()),
        group: batch.group.clone(),
        class: batch.class.clone(),
        placements,
        load,
        density,
    }
}
