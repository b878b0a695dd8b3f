//! Units → groups → builds: who may be printed together.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::{CertificateId, UnitId};
use platewright_model::order::{MixingRule, OrderLine};
use platewright_model::stage::{Build, MixingPool, PrintingGroup};

use crate::facts::{Facts, Ordered};
use crate::{Evidence, Rule, Violation};

/// Groups follow from the lines of their units; builds hold units of one group.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut group_of: BTreeMap<UnitId, &PrintingGroup> = BTreeMap::new();
    for group in &evidence.grouping.groups {
        if facts.groups.get(&group.id).is_some_and(|g| !std::ptr::eq(*g, group)) {
            let text = "has an id that another group has";
            found.push(Violation::new(Rule::Group, format!("group {}", group.id), text));
        }
        for unit in &group.units {
            if let Some(other) = group_of.insert(*unit, group) {
                let text = format!("is in groups {} and {}", other.id, group.id);
                found.push(Violation::new(Rule::Group, format!("unit {unit}"), text));
            }
            match facts.units.get(unit) {
                Some(ordered) => found.extend(key(evidence, group, *unit, *ordered)),
                None => {
                    let text = format!("is in group {} and was never ordered", group.id);
                    found.push(Violation::new(Rule::UnitUnknown, format!("unit {unit}"), text));
                }
            }
        }
    }
    for build in &evidence.build_plan.builds {
        found.extend(one_group(facts, build, &group_of));
        found.extend(mixing(facts, build));
    }
    found
}

/// What a group's key says of a unit against what its line says.
fn key(
    evidence: &Evidence<'_>,
    group: &PrintingGroup,
    unit: UnitId,
    Ordered { order, line }: Ordered<'_>,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let key = &group.key;
    let mut compare = |rule, what: &str, asked: String, given: String| {
        if asked != given {
            let text = format!(
                "order {}, line {} asks for {what} {asked}; its group {} has {given}",
                order.id, line.number, group.id
            );
            found.push(Violation::new(rule, format!("unit {unit}"), text));
        }
    };
    compare(Rule::Process, "process", line.process.to_string(), key.process.to_string());
    compare(Rule::Material, "material", line.material.to_string(), key.material.to_string());
    let set = evidence
        .night
        .processes
        .get(&line.process)
        .and_then(|p| p.parameter_sets.iter().find(|s| s.quality == line.quality));
    let set = set.map_or_else(|| "(none offered)".to_owned(), |s| s.id.to_string());
    compare(Rule::ParameterSet, "parameter set", set, key.parameter_set.to_string());
    let (asked, given) = (format!("{:?}", line.quality), format!("{:?}", key.quality));
    compare(Rule::ParameterSet, "quality class", asked, given);
    let pool = match order.mixing {
        MixingRule::Any => "shared".to_owned(),
        MixingRule::Customer => format!("customer {}", order.customer),
        MixingRule::Alone => format!("order {}", order.id),
    };
    let given = match &key.pool {
        MixingPool::Shared => "shared".to_owned(),
        MixingPool::Customer(customer) => format!("customer {customer}"),
        MixingPool::Order(order) => format!("order {order}"),
    };
    compare(Rule::Mixing, "mixing pool", pool, given);
    // A certificate that every centre holds that could print the line may be left out of the
    // key; one that the order does not ask for would keep units apart for nothing.
    let given: BTreeSet<&CertificateId> = key.certificates.iter().collect();
    let telling = order.certificates.iter().filter(|c| tells_apart(evidence, line, c));
    for certificate in telling.filter(|c| !given.contains(c)) {
        compare(Rule::Certificate, "certificate", certificate.to_string(), "none".to_owned());
    }
    for certificate in given.into_iter().filter(|c| !order.certificates.contains(c)) {
        compare(Rule::Certificate, "certificate", "none".to_owned(), certificate.to_string());
    }
    found
}

/// Whether some centre that could print the line lacks a certificate.
fn tells_apart(evidence: &Evidence<'_>, line: &OrderLine, certificate: &CertificateId) -> bool {
    evidence.night.centres.values().any(|centre| {
        let able = centre
            .machines
            .iter()
            .any(|m| m.process == line.process && m.materials.contains(&line.material));
        able && !centre.certificates.contains(certificate)
    })
}

fn one_group(
    facts: &Facts<'_>,
    build: &Build,
    group_of: &BTreeMap<UnitId, &PrintingGroup>,
) -> Vec<Violation> {
    let mut found = Vec::new();
    for placement in &build.placements {
        let text = match group_of.get(&placement.unit) {
            Some(group) if group.id == build.group => continue,
            Some(group) => {
                format!("is of group {}, its build {} of {}", group.id, build.id, build.group)
            }
            None if facts.units.contains_key(&placement.unit) => {
                format!("is in build {} and in no group", build.id)
            }
            None => continue,
        };
        found.push(Violation::new(Rule::Group, format!("unit {}", placement.unit), text));
    }
    found
}

/// The mixing rules of the orders in a build, whatever its group says.
fn mixing(facts: &Facts<'_>, build: &Build) -> Vec<Violation> {
    let orders: BTreeMap<_, _> = build
        .placements
        .iter()
        .filter_map(|p| facts.units.get(&p.unit))
        .map(|o| (&o.order.id, o.order))
        .collect();
    let mut found = Vec::new();
    for order in orders.values() {
        let stranger = orders.values().find(|other| match order.mixing {
            MixingRule::Any => false,
            MixingRule::Customer => other.customer != order.customer,
            MixingRule::Alone => other.id != order.id,
        });
        if let Some(other) = stranger {
            let text = format!(
                "order {} (mixing {:?}, customer {}) shares it with order {} (customer {})",
                order.id, order.mixing, order.customer, other.id, other.customer
            );
            found.push(Violation::new(Rule::Mixing, format!("build {}", build.id), text));
        }
    }
    found
}
