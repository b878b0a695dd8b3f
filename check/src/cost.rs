//! Everything → money, from the inputs.
//!
//! Amounts may differ by one minor unit an item, by rounding; sums of stated items must be
//! exact.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::cost::CostSplit;
use platewright_model::id::{CentreId, OrderId};
use platewright_model::machine::Machine;
use platewright_model::material::NestingMode;
use platewright_model::measure::Money;
use platewright_model::order::Order;
use platewright_model::stage::Build;
use platewright_model::time::Time;

use crate::facts::{Facts, Recipe, Shipped};
use crate::schedule::{Arrival, arrivals, changeovers, print_time_range};
use crate::{Evidence, Rule, Violation};

/// Amounts within a millionth of a whole number count as that number.
const WHOLE: f64 = 1e-6;

/// Cost of every assigned build, and every cause of the plan's cost.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = build_costs(facts);
    let cost = &evidence.schedule.cost;
    let mut compare = |what: &str, stated: Money, expected: i128, slack: i128| {
        let stated = i128::from(stated.0);
        if (stated - expected).abs() > slack {
            let text = format!(
                "{what} is said to be {stated}; it is {expected} (rounding explains {slack})"
            );
            found.push(Violation::new(Rule::PlanCost, "plan", text));
        }
    };
    let sum = |part: fn(&CostSplit) -> Money| -> i128 {
        facts
            .scheduled
            .keys()
            .filter_map(|id| facts.assigned.get(id))
            .map(|a| i128::from(part(&a.cost).0))
            .sum()
    };
    compare("machine cost", cost.machine, sum(|c| c.machine), 0);
    compare("fixed cost", cost.fixed, sum(|c| c.fixed), 0);
    compare("material cost", cost.material, sum(|c| c.material), 0);
    compare("cost of short builds", cost.short, sum(|c| c.short), 0);
    let changes: i128 = changeovers(facts)
        .into_iter()
        .filter(|(_, change)| *change)
        .filter_map(|(id, _)| facts.scheduled_site(id))
        .map(|(_, machine)| i128::from(machine.changeover_cost.0))
        .sum();
    compare("changeover cost", cost.changeover, changes, 0);
    let (freight, shipments) = freight(facts);
    compare("freight", cost.freight, freight, shipments);
    compare("cost of shipments apart", cost.apart, apart(evidence, facts), 0);
    let (lateness, late) = lateness(evidence, facts);
    compare("lateness", cost.lateness, lateness, late);
    let objective = &evidence.config.objective;
    let missed = after(facts, objective.missed_deadline, |order| order.deadline);
    compare("cost of missed deadlines", cost.missed, missed, 0);
    let broken = after(facts, objective.broken_promise, |order| order.promised);
    compare("cost of broken promises", cost.broken, broken, 0);
    let printed: usize = facts.shipments().values().map(Vec::len).sum();
    let left = facts.units.len().saturating_sub(printed) as i128;
    let penalty = i128::from(evidence.config.objective.unplaced_per_unit);
    compare("penalty for units left over", cost.unplaced, left * penalty, 0);
    found
}

/// Feedstock that a build takes on a machine: parts, and powder lost by refreshing, g.
pub(crate) fn feedstock_g(build: &Build, recipe: &Recipe<'_>, machine: &Machine) -> f64 {
    let (load, material) = (&build.load, recipe.material);
    let parts = load.volume_mm3 * recipe.process.solid_fraction * material.density_g_cm3 / 1000.0;
    let lost = match recipe.process.nesting {
        NestingMode::Plate => 0.0,
        NestingMode::Volume => {
            let bed = machine.volume.plate_area() * load.height_mm - load.volume_mm3;
            bed.max(0.0) / 1000.0 * material.bed_density_g_cm3 * material.refresh_loss
        }
    };
    parts + lost
}

fn build_costs(facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, assigned) in &facts.assigned {
        let (Some((_, machine)), Some(build)) = (facts.site(id), facts.builds.get(id)) else {
            continue;
        };
        let Some(recipe) = facts.recipe(build) else { continue };
        let subject = format!("build {id}");
        let mut compare = |what: &str, stated: Money, least: Option<i128>, most: Option<i128>| {
            let stated = i128::from(stated.0);
            match (least, most) {
                (Some(least), Some(most)) if (least..=most).contains(&stated) => {}
                (Some(least), Some(most)) => {
                    let text = format!(
                        "{what} on machine {} is said to be {stated}; it is {least} to {most}",
                        machine.id
                    );
                    found.push(Violation::new(Rule::BuildCost, &subject, text));
                }
                _ => {
                    let text = format!("{what} on machine {} is no number", machine.id);
                    found.push(Violation::new(Rule::BuildCost, &subject, text));
                }
            }
        };
        let begun = facts.scheduled.get(id).filter(|_| facts.begun.contains(id));
        let printing = match begun {
            // The plan in force said how long it prints.
            Some(slot) => {
                let print = i128::from(slot.print_end.0) - i128::from(slot.print_start.0);
                Some((print, print))
            }
            None => print_time_range(&machine.time, &build.load),
        };
        let machine_cost = |seconds: i128| {
            let t = &machine.time;
            let occupied = i128::from(t.setup.0)
                + seconds
                + i128::from(t.cool_down.0)
                + i128::from(t.unload.0);
            round_up(occupied as f64 * machine.per_hour.0 as f64 / 3600.0)
        };
        let (least, most) = (
            printing.and_then(|(least, _)| machine_cost(least)).map(|c| c - 1),
            printing.and_then(|(_, most)| machine_cost(most)).map(|c| c + 1),
        );
        compare("machine cost", assigned.cost.machine, least, most);
        let fixed = Some(i128::from(machine.per_build.0));
        compare("fixed cost", assigned.cost.fixed, fixed, fixed);
        let grams = feedstock_g(build, &recipe, machine);
        let material = round_up(recipe.material.price_per_kg.0 as f64 / 1000.0 * grams);
        let (least, most) = (material.map(|m| m - 1), material.map(|m| m + 1));
        compare("material cost", assigned.cost.material, least, most);
        let short = short(facts, build, &recipe, machine).and_then(round_up);
        let (least, most) = (short.map(|s| (s - 1).max(0)), short.map(|s| s + 1));
        compare("cost of a short build", assigned.cost.short, least, most);
        for (name, amount) in assigned.cost.parts().into_iter().skip(4) {
            compare(name, amount, Some(0), Some(0));
        }
    }
    found
}

/// Price of a build that fills less of its machine than it should, not rounded; `None` if its
/// fill is no number.
///
/// A build in powder fills what it takes of the height, one on a plate what its silhouettes cover:
/// the density that it states, of the plate that it was nested for.
fn short(facts: &Facts<'_>, build: &Build, recipe: &Recipe<'_>, machine: &Machine) -> Option<f64> {
    let fill = match recipe.process.nesting {
        NestingMode::Volume => build.load.height_mm / machine.volume.size()[2],
        NestingMode::Plate => {
            let nested = facts.class_volume(&build.class).unwrap_or(&machine.volume);
            build.density * (nested.plate_area() / machine.volume.plate_area())
        }
    };
    if machine.least_fill == 0.0 || fill >= machine.least_fill {
        return Some(0.0);
    }
    let missing = 1.0 - fill.max(0.0) / machine.least_fill;
    (!fill.is_nan()).then_some(machine.short_fill.0 as f64 * missing)
}

/// Price of orders that are wanted together and leave from more than one centre.
fn apart(evidence: &Evidence<'_>, facts: &Facts<'_>) -> i128 {
    let price = i128::from(evidence.config.objective.apart_per_shipment);
    let beyond = |shipped: Vec<Shipped<'_>>| {
        let together = shipped.first().is_some_and(|unit| unit.ordered.order.together);
        let centres: BTreeSet<&CentreId> = shipped.iter().map(Shipped::centre_id).collect();
        if together { centres.len().saturating_sub(1) as i128 } else { 0 }
    };
    price * facts.shipments().into_values().map(beyond).sum::<i128>()
}

/// What orders cost that arrive after a date of theirs, at a price for each times its priority.
fn after(facts: &Facts<'_>, price: i64, date: fn(&Order) -> Option<Time>) -> i128 {
    let arrivals = arrivals(facts);
    let missed = arrivals.values().filter(|arrival| {
        date(arrival.order).is_some_and(|date| arrival.arrives > i128::from(date.0))
    });
    missed.map(|arrival| i128::from(price) * i128::from(arrival.order.priority)).sum()
}

/// Freight of all shipments, and how many there are.
fn freight(facts: &Facts<'_>) -> (i128, i128) {
    let mut shipments: BTreeMap<(&OrderId, &CentreId), (f64, Shipped<'_>)> = BTreeMap::new();
    for (order, shipped) in facts.shipments() {
        for unit in shipped {
            let entry = shipments.entry((order, unit.centre_id())).or_insert((0.0, unit));
            entry.0 += unit.mass_g;
        }
    }
    let (mut total, mut items) = (0, 0);
    for (grams, unit) in shipments.into_values() {
        let Some(freight) = unit.freight() else { continue };
        items += 1;
        total += i128::from(freight.per_shipment.0);
        total += round_up(freight.per_kg.0 as f64 / 1000.0 * grams).unwrap_or(0);
    }
    (total, items)
}

/// Price of all lateness, and how many orders are late.
fn lateness(evidence: &Evidence<'_>, facts: &Facts<'_>) -> (i128, i128) {
    let (mut total, mut items) = (0, 0);
    for Arrival { order, arrives, .. } in arrivals(facts).values() {
        let late = arrives - i128::from(order.due.0);
        if late > 0 {
            let hour = evidence.config.objective.lateness_per_hour as f64;
            let price = late as f64 * hour * f64::from(order.priority) / 3600.0;
            total += round_up(price).unwrap_or(0);
            items += 1;
        }
    }
    (total, items)
}

/// Rounds up to whole minor units; `None` for what is no amount.
fn round_up(amount: f64) -> Option<i128> {
    // Far above any price of a night, and far from the ends of an `i128`.
    (amount.abs() < 1e30).then(|| (amount - WHOLE).ceil() as i128)
}
