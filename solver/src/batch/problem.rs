//! The night as a batch scheduling problem: order lines are parts, groups are families.
//!
//! Times are seconds since the Monday before the night, masses mg, sizes millionths of what a
//! volume is expected to hold. Feedstock in parts costs the same wherever they are printed and is
//! left out; what powder is lost with every layer is not.

use std::collections::BTreeMap;

use platewright_model::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Limit,
    Load, Way, Weights,
};
use platewright_model::config::Objective;
use platewright_model::geometry::BuildVolume;
use platewright_model::id::{MachineClassId, MaterialId, OrderId, RegionId};
use platewright_model::machine::{BuildLoad, Machine, TimeModel, WEEK_S, second_of_week};
use platewright_model::material::NestingMode;
use platewright_model::order::{Order, OrientationPolicy};
use platewright_model::time::Time;

use crate::batch::task::{Chunk, Task};
use crate::cost::apart_cost;
use crate::facts::Facts;
use crate::instance::Station;

/// Size of what a volume is expected to hold.
const FULL: i64 = 1_000_000;

/// Masses that a price of a kilogram is for, mg.
const KILOGRAM: i64 = 1_000_000;

/// A problem, and what its parts are.
pub(crate) struct NightProblem {
    pub(crate) problem: BatchProblem,
    /// Task and chunk of each part.
    pub(crate) chunks: Vec<(usize, usize)>,
}

/// Machines of a class that take the same time and should be filled alike.
struct Kind<'a> {
    class: &'a MachineClassId,
    volume: &'a BuildVolume,
    time: &'a TimeModel,
    least_fill: f64,
    short_fill: i64,
}

impl NightProblem {
    pub(crate) fn new(
        facts: &Facts<'_>,
        stations: &[Station<'_>],
        tasks: &[Task<'_>],
        objective: &Objective,
    ) -> Self {
        let mut kinds: Vec<Kind<'_>> = Vec::new();
        let kind_of: Vec<usize> = stations.iter().map(|s| kind(&mut kinds, s.machine)).collect();
        let materials: Vec<&MaterialId> = facts.night.materials.keys().collect();
        let monday = monday(facts.night.planning_time);
        let machines: Vec<BatchMachine> = stations
            .iter()
            .zip(&kind_of)
            .map(|(station, kind)| machine(station, *kind, &materials, monday))
            .collect();
        let full = |k: &Kind<'_>| tasks.first().map_or(1.0, |task| task.fit.full(k.class));
        let classes = kinds.iter().map(|k| class(k, full(k))).collect();
        let orders = orders_of(tasks);
        let index: BTreeMap<&OrderId, usize> =
            orders.keys().enumerate().map(|(i, id)| (*id, i)).collect();
        let regions = regions(&orders);
        let mut out = Self {
            problem: BatchProblem {
                name: "night".to_owned(),
                rate_span: 3600,
                mass_span: KILOGRAM,
                objective: Weights::default(),
                classes,
                machines,
                families: Vec::new(),
                freight: freight(facts, &regions),
                orders: orders.values().map(|o| order(o, &regions, objective, monday)).collect(),
                ..BatchProblem::default()
            },
            chunks: Vec::new(),
        };
        for (t, task) in tasks.iter().enumerate() {
            out.problem.families.push(family(task, &kinds, &materials));
            for (c, chunk) in task.chunks.iter().enumerate() {
                let order = index[&task.orders[chunk.order].id];
                out.problem.parts.push(part(task, t, chunk, order, &kinds));
                out.chunks.push((t, c));
            }
        }
        out.price_powder(stations, tasks);
        out
    }

    /// Sets what a unit of peak costs on each machine on top: the powder lost over its height.
    /// Materials of a machine differ little in it, so that the dearest stands for all.
    fn price_powder(&mut self, stations: &[Station<'_>], tasks: &[Task<'_>]) {
        for (m, station) in stations.iter().enumerate() {
            let of = |task: &Task<'_>| {
                let takes = task.classes.iter().any(|c| c.stations.contains(&m));
                if !takes || task.process.nesting != NestingMode::Volume {
                    return 0.0;
                }
                let volume = &station.machine.volume;
                let bed_cm3 = volume.plate_area() * volume.size()[2] / 1000.0;
                let material = task.material;
                let lost_g = bed_cm3 * material.bed_density_g_cm3 * material.refresh_loss;
                let price = lost_g * material.price_per_kg.0 as f64 / 1000.0;
                let peak = peak_s(&station.machine.time, volume.size()[2], task.layer_mm);
                price * 3600.0 / peak.max(1.0)
            };
            let dearest = tasks.iter().map(of).fold(0.0, f64::max);
            self.problem.machines[m].peak_rate = dearest as i64;
        }
    }
}

/// The orders of tasks by id, which is how the problem numbers them.
pub(super) fn orders_of<'a>(tasks: &[Task<'a>]) -> BTreeMap<&'a OrderId, &'a Order> {
    let orders = tasks.iter().flat_map(|task| &task.orders);
    orders.map(|order| (&order.id, *order)).collect()
}

/// Index of a machine's kind, which may be new.
fn kind<'a>(kinds: &mut Vec<Kind<'a>>, machine: &'a Machine) -> usize {
    let Machine { class, volume, time, least_fill, .. } = machine;
    let new =
        Kind { class, volume, time, least_fill: *least_fill, short_fill: machine.short_fill.0 };
    let same = |k: &Kind<'_>| {
        let fill = (k.least_fill, k.short_fill) == (new.least_fill, new.short_fill);
        *k.class == machine.class && *k.time == machine.time && fill
    };
    kinds.iter().position(same).unwrap_or_else(|| {
        kinds.push(new);
        kinds.len() - 1
    })
}

/// `full` is the share of the machine that a batch of the size [`FULL`] is expected to fill.
fn class(kind: &Kind<'_>, full: f64) -> BatchClass {
    let time = kind.time;
    let least = (kind.least_fill / full.max(f64::MIN_POSITIVE)).min(1.0);
    BatchClass {
        name: kind.class.to_string(),
        capacity: FULL,
        setup: time.setup.0,
        base: time.fixed_s.max(0.0) as i64 + time.cool_down.0,
        unload: time.unload.0,
        least: (least * FULL as f64) as i64,
        short: kind.short_fill,
    }
}

fn machine(
    station: &Station<'_>,
    class: usize,
    materials: &[&MaterialId],
    monday: Time,
) -> BatchMachine {
    let m = station.machine;
    let always = m.calendar.staffed.contains(&(0, WEEK_S)) && m.calendar.maintenance.is_empty();
    let since = |t: &Time| t.0 - monday.0;
    let calendar = || BatchCalendar {
        cycle: WEEK_S,
        staffed: m.calendar.staffed.clone(),
        maintenance: m.calendar.maintenance.iter().map(|(a, b)| (since(a), since(b))).collect(),
    };
    BatchMachine {
        name: m.id.to_string(),
        class,
        centre: station.centre,
        rate: m.per_hour.0,
        peak_rate: 0,
        per_batch: m.per_build.0,
        loaded: m.loaded.as_ref().and_then(|l| materials.iter().position(|x| *x == l)),
        changeover: m.changeover.0,
        changeover_cost: m.changeover_cost.0,
        ready: since(&station.ready),
        calendar: (!always).then(calendar),
    }
}

/// Ways from all centres to regions.
fn freight(facts: &Facts<'_>, regions: &[&RegionId]) -> Vec<Vec<Option<Way>>> {
    let way = |centre, region| {
        facts.freight(centre, region).map(|f| Way {
            duration: f.duration.0,
            per_shipment: f.per_shipment.0,
            per_part: 0,
            per_mass: f.per_kg.0,
        })
    };
    let centres = facts.night.centres.values();
    centres.map(|c| regions.iter().map(|r| way(&c.id, r)).collect()).collect()
}

/// Regions that orders go to, sorted by id.
fn regions<'a>(orders: &BTreeMap<&OrderId, &'a Order>) -> Vec<&'a RegionId> {
    let mut regions: Vec<_> = orders.values().map(|order| &order.region).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

fn order(order: &Order, regions: &[&RegionId], objective: &Objective, monday: Time) -> BatchOrder {
    let region = regions.binary_search(&&order.region).unwrap_or(0);
    let weight = objective.lateness_per_hour.saturating_mul(i64::from(order.priority));
    let limit = |by: Option<Time>, price: i64| {
        let cost = price.saturating_mul(i64::from(order.priority));
        by.filter(|_| cost > 0).map(|by| Limit { by: by.0 - monday.0, cost })
    };
    BatchOrder {
        region,
        due: Some(order.due.0 - monday.0),
        weight,
        promise: limit(order.promised, objective.broken_promise),
        deadline: limit(order.deadline, objective.missed_deadline),
        apart: apart_cost(objective, order, 2).0,
    }
}

fn family(task: &Task<'_>, kinds: &[Kind<'_>], materials: &[&MaterialId]) -> Family {
    let stacked = task.process.nesting == NestingMode::Volume;
    let stack = |k: &Kind<'_>| peak_s(k.time, k.volume.size()[2], task.layer_mm).ceil() as i64;
    let mut machines: Vec<usize> =
        task.classes.iter().flat_map(|c| c.stations.iter().copied()).collect();
    machines.sort_unstable();
    Family {
        name: task.group.id.to_string(),
        material: materials.iter().position(|m| **m == task.material.id).unwrap_or(0),
        machines,
        stack: if stacked { kinds.iter().map(stack).collect() } else { Vec::new() },
    }
}

fn part(
    task: &Task<'_>,
    family: usize,
    chunk: &Chunk<'_>,
    order: usize,
    kinds: &[Kind<'_>],
) -> BatchPart {
    let load = |kind: &Kind<'_>| {
        let class = task.classes.iter().position(|c| c.id == kind.class)?;
        if !chunk.fits[class] {
            return None;
        }
        let fit = task.fit.fit(kind.class, chunk.clearance, &[(chunk.part.clone(), 1)]);
        let t = kind.time;
        let add = t.volume_s_per_mm3 * chunk.measures.volume_mm3
            + t.surface_s_per_mm2 * chunk.measures.surface_mm2;
        // One copy alone surely fits, whatever is expected of many.
        let size = ((fit.fill * FULL as f64).ceil() as i64).clamp(1, FULL);
        let height = lowest(task, chunk).min(kind.volume.size()[2]);
        let peak = peak_s(t, height, task.layer_mm).ceil() as i64;
        Some(Load { size, add: add.ceil() as i64, peak })
    };
    BatchPart {
        order,
        family,
        copies: chunk.units.len() as u32,
        mass: (chunk.mass_g * 1000.0).ceil() as i64,
        release: 0,
        finish: chunk.tail.0,
        loads: kinds.iter().map(load).collect(),
        ..BatchPart::default()
    }
}

/// Least height of a copy over the plate, mm, of the ways in which it may stand.
fn lowest(task: &Task<'_>, chunk: &Chunk<'_>) -> f64 {
    let size = chunk.measures.size;
    let turned = task.process.nesting == NestingMode::Volume
        && chunk.orientation >= OrientationPolicy::Axis24;
    let height = if turned { size.into_iter().fold(f64::INFINITY, f64::min) } else { size[2] };
    height + task.process.part_plate.0
}

/// Time that depends on the height of a build alone, s.
pub(super) fn peak_s(time: &TimeModel, height_mm: f64, layer_mm: f64) -> f64 {
    let load = BuildLoad { volume_mm3: 0.0, surface_mm2: 0.0, height_mm, layer_mm };
    time.layer_s * f64::from(load.layers()) + time.height_s_per_mm * height_mm
}

/// Monday 0:00 (UTC) before a time.
pub(super) fn monday(time: Time) -> Time {
    Time(time.0 - second_of_week(time))
}
