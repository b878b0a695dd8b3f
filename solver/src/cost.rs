//! What a plan costs, cause by cause.
//!
//! The rules, in words that another program can recompute:
//! - machine: occupied time (set-up, print, cooling, unloading; neither a change of material
//!   nor waiting) × price of an hour, rounded up per build;
//! - fixed: the fixed price of a build;
//! - material: price of a gram × (mass in parts + powder lost by refreshing), rounded up per
//!   build;
//! - short: of a build that fills less of its machine than `least_fill`, the share of
//!   `short_fill` that is missing of `least_fill`, rounded up per build; a build fills the share
//!   of the volume's height that it takes where parts are stacked, else the share of the plate
//!   that silhouettes cover;
//! - changeover: a fixed price per change of material on a machine;
//! - freight: per order and centre with at least one unit, price of a shipment + price of a gram
//!   × mass of those units, rounded up;
//! - apart: per order that is wanted together, a fixed price for each centre with at least one
//!   unit, beyond the first;
//! - lateness: per delivery, seconds late × price of an hour × priority, rounded up;
//! - missed: per delivery after the order's deadline, a fixed price × priority;
//! - broken: per delivery after the time that the plan in force said, a fixed price × priority;
//! - unplaced: price per unit left over.

use platewright_model::config::Objective;
use platewright_model::cost::CostSplit;
use platewright_model::id::MaterialId;
use platewright_model::machine::{BuildLoad, Freight, Machine};
use platewright_model::material::{Material, NestingMode, Process};
use platewright_model::measure::{Money, Seconds};
use platewright_model::order::Order;
use platewright_model::time::Time;

/// Longest occupation that is planned, s (a hundred years); what takes longer is a mistake in
/// the time model and would overflow dates.
const LONGEST_S: i64 = 100 * 366 * 86_400;

/// Time a build keeps a machine, without waiting and without a change of material.
pub fn occupied(machine: &Machine, print: Seconds) -> Seconds {
    machine.time.setup + print + machine.time.cool_down + machine.time.unload
}

/// Print time of a load, or `None` where the time model gives no time that can be planned.
pub(crate) fn print_time(machine: &Machine, load: &BuildLoad) -> Option<Seconds> {
    let t = &machine.time;
    let rates = [t.fixed_s, t.layer_s, t.volume_s_per_mm3, t.surface_s_per_mm2, t.height_s_per_mm];
    let loads = [load.volume_mm3, load.surface_mm2, load.height_mm, load.layer_mm];
    let sane = |x: &f64| (0.0..1e15).contains(x);
    if !rates.iter().all(sane) || !loads.iter().all(sane) {
        return None;
    }
    let print = t.print_time(load);
    let spans = [t.setup, machine.changeover, print, t.cool_down, t.unload];
    spans.iter().all(|s| (0..=LONGEST_S).contains(&s.0)).then_some(print)
}

/// Mass of printed solid, g, of a volume in mm³.
pub fn part_mass_g(process: &Process, material: &Material, volume_mm3: f64) -> f64 {
    volume_mm3 * process.solid_fraction * material.density_g_cm3 / 1000.0
}

/// Powder lost by refreshing, g; 0 where parts stand on a plate.
pub(crate) fn lost_g(
    process: &Process,
    material: &Material,
    machine: &Machine,
    load: &BuildLoad,
) -> f64 {
    match process.nesting {
        NestingMode::Plate => 0.0,
        NestingMode::Volume => {
            let bed_mm3 = machine.volume.plate_area() * load.height_mm - load.volume_mm3;
            bed_mm3.max(0.0) / 1000.0 * material.bed_density_g_cm3 * material.refresh_loss
        }
    }
}

/// Machine, fixed and material cost of a build on a machine whose print takes `print`.
pub fn build_cost(
    process: &Process,
    material: &Material,
    machine: &Machine,
    load: &BuildLoad,
    print: Seconds,
) -> CostSplit {
    let mass_g =
        part_mass_g(process, material, load.volume_mm3) + lost_g(process, material, machine, load);
    CostSplit {
        machine: per_hour(machine.per_hour.0, occupied(machine, print)),
        fixed: machine.per_build,
        material: per_kg(material.price_per_kg.0, mass_g),
        ..CostSplit::default()
    }
}

/// Cost of shipping `mass_g` of one order from one centre.
pub fn freight_cost(freight: &Freight, mass_g: f64) -> Money {
    freight.per_shipment + per_kg(freight.per_kg.0, mass_g)
}

/// Cost of an order of `priority` that arrives `late`.
pub fn lateness_cost(objective: &Objective, priority: u8, late: Seconds) -> Money {
    if late.0 <= 0 {
        return Money(0);
    }
    per_hour(objective.lateness_per_hour.saturating_mul(i64::from(priority)), late)
}

/// Cost of an order that arrives at `arrives`, if that is after its deadline.
pub fn missed_cost(objective: &Objective, order: &Order, arrives: Time) -> Money {
    at_once(objective.missed_deadline, order, order.deadline, arrives)
}

/// Cost of an order that arrives at `arrives`, if that is after the plan in force said.
pub fn broken_cost(objective: &Objective, order: &Order, arrives: Time) -> Money {
    at_once(objective.broken_promise, order, order.promised, arrives)
}

fn at_once(price: i64, order: &Order, by: Option<Time>, arrives: Time) -> Money {
    match by {
        Some(by) if arrives > by => Money(price.saturating_mul(i64::from(order.priority))),
        _ => Money(0),
    }
}

/// Cost of an order that is shipped from so many centres.
pub fn apart_cost(objective: &Objective, order: &Order, centres: usize) -> Money {
    let beyond = if order.together { centres.saturating_sub(1) } else { 0 };
    Money(objective.apart_per_shipment.saturating_mul(beyond as i64))
}

/// Cost of a build on a machine that it fills to the share `fill`, if that is too little.
pub fn short_cost(machine: &Machine, fill: f64) -> Money {
    let least = machine.least_fill;
    if fill.is_nan() || fill >= least {
        return Money(0);
    }
    let missing = ((least - fill) / least).min(1.0);
    Money::ceil_from(machine.short_fill.0 as f64 * missing)
}

/// Whether a build of `material` needs a change of material after `before`; a machine that
/// holds nothing needs none.
pub fn changeover_needed(before: Option<&MaterialId>, material: &MaterialId) -> bool {
    before.is_some_and(|before| before != material)
}

fn per_hour(price: i64, time: Seconds) -> Money {
    Money::ceil_from(time.0 as f64 * price as f64 / 3600.0)
}

fn per_kg(price: i64, mass_g: f64) -> Money {
    Money::ceil_from(price as f64 / 1000.0 * mass_g)
}
