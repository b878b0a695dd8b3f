//! Prices by rule: what the planner's cost model says of a full build, shared by the units in it,
//! with treatments, handling and a surcharge for haste on top.

#[cfg(test)]
mod tests;

use platewright_model::config::SolverConfig;
use platewright_model::machine::{BuildLoad, Machine};
use platewright_model::material::NestingMode;
use platewright_model::measure::Money;
use platewright_model::night::Night;
use platewright_model::oracle::PartMeasures;
use platewright_model::order::{Order, OrderLine};
use platewright_model::time::Time;
use platewright_solver::build_cost;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refusal;

/// Text of the committed rules.
pub const DEFAULT_PRICES: &str = include_str!("../../config/prices.toml");

/// Rules of prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceModel {
    /// Name of these rules.
    pub version: String,
    /// How long a quote holds, hours.
    pub valid_hours: i64,
    /// Share that is added to all costs.
    pub margin: f64,
    /// For an order, minor units.
    pub per_order: i64,
    /// For a line, minor units.
    pub per_line: i64,
    /// For a unit, minor units.
    pub per_unit: i64,
    /// For a treatment of a line, minor units.
    pub per_treatment: i64,
    /// For an hour of a treatment and unit, minor units.
    pub per_treatment_hour: i64,
    /// Surcharges for haste, those for the greatest haste first.
    #[serde(default)]
    pub rush: Vec<Rush>,
}

/// A surcharge for haste.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rush {
    /// For orders that are due within so many hours.
    pub within_hours: i64,
    /// Share that is added.
    pub share: f64,
}

/// What a line costs, by cause, minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct LinePrice {
    /// The line, from 0.
    pub(crate) line: usize,
    /// Copies.
    pub(crate) quantity: u32,
    /// Process hours: the share of its units in the time of full builds.
    pub(crate) machine: i64,
    /// Their share in the fixed cost of those builds.
    pub(crate) build: i64,
    /// Feedstock in the units, and what is lost by refreshing.
    pub(crate) material: i64,
    /// Treatments after printing.
    pub(crate) post_process: i64,
    /// Looking at it, picking and packing.
    pub(crate) handling: i64,
    /// Surcharge for haste.
    pub(crate) rush: i64,
    /// The margin.
    pub(crate) margin: i64,
    /// Sum of all of them.
    pub(crate) total: i64,
}

/// What an order costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Price {
    /// By line.
    pub(crate) lines: Vec<LinePrice>,
    /// For the order as a whole, minor units.
    pub(crate) order: i64,
    /// Sum of all, minor units.
    pub(crate) total: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub(crate) currency: String,
    /// Name of the rules.
    pub(crate) price_model: String,
}

/// The price of an order whose parts measure `measures`, by line.
///
/// # Errors
/// A line that no machine can print.
pub(crate) fn price(
    model: &PriceModel,
    solver: &SolverConfig,
    night: &Night,
    order: &Order,
    measures: &[PartMeasures],
    now: Time,
) -> Result<Price, Refusal> {
    let hours = (order.due - now).0 / 3600;
    let haste = model.rush.iter().find(|rush| hours < rush.within_hours);
    let haste = haste.map_or(0.0, |rush| rush.share);
    let each = order.lines.iter().zip(measures);
    let lines: Vec<LinePrice> = each
        .map(|(line, part)| line_price(model, solver, night, line, part, haste))
        .collect::<Result<_, _>>()?;
    let total = lines.iter().map(|line| line.total).sum::<i64>() + model.per_order;
    let (currency, price_model) = (night.currency.clone(), model.version.clone());
    Ok(Price { lines, order: model.per_order, total, currency, price_model })
}

fn line_price(
    model: &PriceModel,
    solver: &SolverConfig,
    night: &Night,
    line: &OrderLine,
    part: &PartMeasures,
    haste: f64,
) -> Result<LinePrice, Refusal> {
    let shares = night.machines().into_values().filter_map(|m| share(solver, night, line, part, m));
    let share = shares.min_by(|a, b| a.total().total_cmp(&b.total())).ok_or_else(|| {
        let place = format!("order.lines[{}]", line.number);
        let text = format!(
            "must fit into a machine that prints {} with {}; the part is {} mm large",
            line.material,
            line.process,
            part.size.map(|s| format!("{s:.1}")).join(" × ")
        );
        Refusal::fault("E9329", &place, text)
    })?;
    let copies = f64::from(line.quantity);
    let whole = |each: f64| (each * copies).ceil() as i64;
    let (machine, build, material) =
        (whole(share.machine), whole(share.fixed), whole(share.material));
    let treatments = line.finish.iter().filter_map(|id| night.post_processes.get(id));
    let post_process = treatments
        .map(|treatment| {
            let hours = treatment.duration.0 as f64 / 3600.0;
            model.per_treatment + whole(model.per_treatment_hour as f64 * hours)
        })
        .sum();
    let handling = model.per_line + model.per_unit * i64::from(line.quantity);
    let cost = machine + build + material + post_process + handling;
    let rush = (cost as f64 * haste).ceil() as i64;
    let margin = ((cost + rush) as f64 * model.margin).ceil() as i64;
    let total = cost + rush + margin;
    let (line, quantity) = (line.number, line.quantity);
    Ok(LinePrice {
        line,
        quantity,
        machine,
        build,
        material,
        post_process,
        handling,
        rush,
        margin,
        total,
    })
}

/// What one unit costs of a full build, minor units.
struct Share {
    machine: f64,
    fixed: f64,
    material: f64,
}

impl Share {
    fn total(&self) -> f64 {
        self.machine + self.fixed + self.material
    }
}

/// The share of a unit in a build of a machine that is full of its like; `None` if the machine
/// does not take it.
fn share(
    solver: &SolverConfig,
    night: &Night,
    line: &OrderLine,
    part: &PartMeasures,
    machine: &Machine,
) -> Option<Share> {
    if machine.process != line.process || !machine.materials.contains(&line.material) {
        return None;
    }
    let (process, material) =
        (night.processes.get(&line.process)?, night.materials.get(&line.material)?);
    let set = process.parameter_set(line.quality)?;
    let (copies, height_mm) = full_build(solver, process.nesting, part, machine)?;
    let load = BuildLoad {
        volume_mm3: part.volume_mm3 * copies,
        surface_mm2: part.surface_mm2 * copies,
        height_mm,
        layer_mm: set.layer.0,
    };
    let cost = build_cost(process, material, machine, &load, machine.time.print_time(&load));
    let each = |money: Money| money.0 as f64 / copies;
    Some(Share {
        machine: each(cost.machine),
        fixed: each(cost.fixed),
        material: each(cost.material),
    })
}

/// How many copies a full build holds, and its height; `None` if not even one fits.
pub(crate) fn full_build(
    solver: &SolverConfig,
    nesting: NestingMode,
    part: &PartMeasures,
    machine: &Machine,
) -> Option<(f64, f64)> {
    let (mut part, mut room) = (part.size, machine.volume.size());
    // Whether it fits as a box by quarter turns is all that a price asks; nesting knows better.
    part.sort_by(f64::total_cmp);
    let height = room[2];
    room.sort_by(f64::total_cmp);
    if part.iter().zip(room).any(|(size, room)| *size > room) {
        return None;
    }
    let copies = match nesting {
        NestingMode::Volume => {
            let volume: f64 = part.iter().product();
            solver.volume_fill * machine.volume.plate_area() * height / volume.max(1e-9)
        }
        NestingMode::Plate => {
            let silhouette = part[1] * part[2];
            solver.plate_fill * machine.volume.plate_area() / silhouette.max(1e-9)
        }
    };
    let height = if nesting == NestingMode::Volume { height } else { part[0].min(height) };
    Some((copies.floor().clamp(1.0, 1e7), height))
}
