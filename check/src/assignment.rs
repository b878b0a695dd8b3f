//! Builds → centres and machines.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::{BuildId, CentreId, MaterialId};
use platewright_model::machine::{Centre, Machine};
use platewright_model::stage::{Assigned, Build};

use crate::cost::feedstock_g;
use crate::facts::{Facts, Recipe, freight};
use crate::{Evidence, Rule, Violation};

/// Difference of the stated gap from the one that follows, by rounding.
const GAP: f64 = 1e-6;

/// Relative excess of feedstock that rounding explains.
const STOCK: f64 = 1e-9;

/// Every build has one machine that may print it, or a reason why it has none.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = once(evidence, facts);
    for assigned in facts.assigned.values() {
        let Some(build) = facts.builds.get(&assigned.build) else { continue };
        found.extend(site(facts, build, assigned));
    }
    found.extend(stock(facts));
    found.extend(bound(evidence));
    found
}

fn once(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut times: BTreeMap<&BuildId, usize> = BTreeMap::new();
    let assignment = evidence.assignment;
    let assigned = assignment.assigned.iter().map(|a| &a.build);
    for build in assigned.chain(assignment.unassigned.iter().map(|u| &u.build)) {
        *times.entry(build).or_default() += 1;
    }
    let mut fault = |build: &BuildId, text: String| {
        found.push(Violation::new(Rule::Assignment, format!("build {build}"), text));
    };
    for (build, n) in &times {
        if *n > 1 {
            fault(build, format!("is {n} times among the assigned and unassigned"));
        }
        if !facts.builds.contains_key(build) {
            fault(build, "is assigned or unassigned and is no build of the plan".to_owned());
        }
    }
    for build in facts.builds.keys().filter(|b| !times.contains_key(*b)) {
        fault(build, "is neither assigned nor unassigned".to_owned());
    }
    for unassigned in &assignment.unassigned {
        if unassigned.text.trim().is_empty() {
            let text = format!("is unassigned ({:?}) without a reason in words", unassigned.reason);
            fault(&unassigned.build, text);
        }
    }
    found
}

/// Whether the machine and centre may print a build.
fn site(facts: &Facts<'_>, build: &Build, assigned: &Assigned) -> Vec<Violation> {
    let subject = format!("build {}", build.id);
    let Some((centre, machine)) = facts.site(&build.id) else {
        let text = format!("machine {} does not exist", assigned.machine);
        return vec![Violation::new(Rule::Machine, subject, text)];
    };
    let mut found = Vec::new();
    let mut fault = |rule, text| found.push(Violation::new(rule, &subject, text));
    if centre.id != assigned.centre {
        let text =
            format!("machine {} is of centre {}, not {}", machine.id, centre.id, assigned.centre);
        fault(Rule::Machine, text);
    }
    let nested_for = facts.class_volume(&build.class);
    if machine.class != build.class && !nested_for.is_some_and(|v| holds(&machine.volume, v)) {
        let text = format!(
            "was nested for machines {}; machine {} is a {}",
            build.class, machine.id, machine.class
        );
        fault(Rule::Machine, text);
    }
    if let Some(recipe) = facts.recipe(build) {
        takes(&recipe, machine, &mut fault);
    }
    let orders: BTreeMap<_, _> = build
        .placements
        .iter()
        .filter_map(|p| facts.units.get(&p.unit))
        .map(|o| (&o.order.id, o.order))
        .collect();
    for order in orders.values() {
        for asked in order.certificates.iter().filter(|c| !centre.certificates.contains(c)) {
            let text =
                format!("order {} asks for {asked}; centre {} has none", order.id, centre.id);
            fault(Rule::Certificate, text);
        }
        if freight(centre, order).is_none() {
            let text = format!(
                "centre {} does not ship to {}, where order {} goes",
                centre.id, order.region, order.id
            );
            fault(Rule::Region, text);
        }
    }
    found
}

/// Whether whatever stands validly in `small` does so in `large` too: a box without excluded
/// regions that is nowhere smaller.
fn holds(large: &BuildVolume, small: &BuildVolume) -> bool {
    let boxes = [large, small].iter().all(|v| matches!(v.shape, VolumeShape::Box { .. }));
    boxes && large.excluded.is_empty() && (0..3).all(|k| large.size()[k] >= small.size()[k])
}

/// Whether a machine runs the process and takes the material.
fn takes(recipe: &Recipe<'_>, machine: &Machine, fault: &mut impl FnMut(Rule, String)) {
    let key = &recipe.group.key;
    if machine.process != key.process {
        fault(
            Rule::Process,
            format!("asks for {}; machine {} runs {}", key.process, machine.id, machine.process),
        );
    }
    if !machine.materials.contains(&key.material) {
        fault(
            Rule::Material,
            format!("is of {}, which machine {} does not take", key.material, machine.id),
        );
    }
}

/// Feedstock that the assigned builds take from each centre; what has started took its own.
fn stock(facts: &Facts<'_>) -> Vec<Violation> {
    let mut used: BTreeMap<(&CentreId, &MaterialId), (f64, BTreeSet<&BuildId>, &Centre)> =
        BTreeMap::new();
    for id in facts.assigned.keys().filter(|id| !facts.begun.contains(*id)) {
        let (Some((centre, machine)), Some(build)) = (facts.site(id), facts.builds.get(id)) else {
            continue;
        };
        let Some(recipe) = facts.recipe(build) else { continue };
        let entry =
            used.entry((&centre.id, &recipe.material.id)).or_insert((0.0, BTreeSet::new(), centre));
        entry.0 += feedstock_g(build, &recipe, machine);
        entry.1.insert(id);
    }
    let mut found = Vec::new();
    for ((centre_id, material), (grams, builds, centre)) in used {
        let Some(stock) = centre.stock.iter().find(|s| s.material == *material) else { continue };
        let limit = stock.mass.0 * (1.0 + STOCK);
        // What is no number is too much.
        if grams.is_nan() || grams > limit {
            let text = format!(
                "{} builds take {grams:.3} g of {material}; there are {:.3} g",
                builds.len(),
                stock.mass.0
            );
            found.push(Violation::new(Rule::Stock, format!("centre {centre_id}"), text));
        }
    }
    found
}

fn bound(evidence: &Evidence<'_>) -> Option<Violation> {
    let a = evidence.assignment;
    let (objective, bound) = (a.objective.0, a.bound.0);
    if bound > objective {
        let text = format!("bound {bound} is above the objective {objective}");
        return Some(Violation::new(Rule::Bound, "assignment", text));
    }
    let gap = if objective == 0 {
        0.0
    } else {
        (i128::from(objective) - i128::from(bound)) as f64 / objective as f64
    };
    let off = (a.gap - gap).abs();
    (off.is_nan() || off > GAP).then(|| {
        let text = format!(
            "gap is said to be {}; objective {objective} and bound {bound} give {gap:.9}",
            a.gap
        );
        Violation::new(Rule::Bound, "assignment", text)
    })
}
