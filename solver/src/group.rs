//! Stage 3, first half: which units may be printed together.
//!
//! Lines are the vertices of a compatibility graph, joined where their units may share a build;
//! printing groups are its connected components. Sharing asks for equality of everything in
//! [`GroupKey`], so the first line of a key stands for all that follow and the graph has at
//! most one edge a line.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;
use platewright_model::id::{CertificateId, GroupId, ParameterSetId};
use platewright_model::machine::Machine;
use platewright_model::order::{MixingRule, Order, OrderLine, Unit};
use platewright_model::stage::{GroupKey, MixingPool, PrintingGroup, Unplaced, UnplacedReason};

use crate::compat::{ships, takes_key};
use crate::facts::Facts;

/// Why a unit cannot be planned, as data and in words.
type Reason = (UnplacedReason, String);

/// Printing groups of all units that some machine could take, sorted by id, and the units that
/// no machine can ever take, sorted, each with the reason and its remedy.
///
/// `O(n log n)` in units, times the number of machines for each line.
pub fn group(facts: &Facts<'_>) -> (Vec<PrintingGroup>, Vec<Unplaced>) {
    let mut unplaced = Vec::new();
    // One vertex a line, with its key and its units.
    let mut vertices: Vec<(GroupKey, Vec<&Unit>)> = Vec::new();
    let mut seen: BTreeMap<(&str, usize), Result<usize, Reason>> = BTreeMap::new();
    for unit in facts.units {
        let vertex = seen.entry((unit.order.as_str(), unit.line)).or_insert_with(|| {
            let (order, line) = facts.line(&unit.id).ok_or_else(|| {
                let text = format!("order {} has no line {}", unit.order, unit.line);
                (UnplacedReason::NotPrintable, text)
            })?;
            let key = key_of(facts, order, line)?;
            vertices.push((key, Vec::new()));
            Ok(vertices.len() - 1)
        });
        match vertex {
            Ok(vertex) => vertices[*vertex].1.push(unit),
            Err((reason, text)) => {
                unplaced.push(Unplaced { unit: unit.id, reason: *reason, text: text.clone() });
            }
        }
    }
    unplaced.sort_by_key(|u| u.unit);
    (components(&vertices), unplaced)
}

fn components(vertices: &[(GroupKey, Vec<&Unit>)]) -> Vec<PrintingGroup> {
    let mut together = UnionFind::<usize>::new(vertices.len());
    let mut first: BTreeMap<&GroupKey, usize> = BTreeMap::new();
    for (vertex, (key, _)) in vertices.iter().enumerate() {
        together.union(*first.entry(key).or_insert(vertex), vertex);
    }
    let mut members: BTreeMap<&GroupKey, Vec<&Unit>> = BTreeMap::new();
    for (vertex, (_, units)) in vertices.iter().enumerate() {
        let key = &vertices[together.find(vertex)].0;
        members.entry(key).or_default().extend(units);
    }
    let width = members.len().to_string().len().max(3);
    let named = |(n, (key, units)): (usize, (&GroupKey, Vec<&Unit>))| {
        let mut units: Vec<_> = units.iter().map(|unit| unit.id).collect();
        units.sort_unstable();
        PrintingGroup { id: GroupId::from(format!("G{:0width$}", n + 1)), key: key.clone(), units }
    };
    members.into_iter().enumerate().map(named).collect()
}

/// The key of a line, or why nobody can print it.
fn key_of(facts: &Facts<'_>, order: &Order, line: &OrderLine) -> Result<GroupKey, Reason> {
    if facts.measures(&line.part).is_none() {
        let text = format!("part {} cannot be printed; see its faults and correct it", line.part);
        return Err((UnplacedReason::NotPrintable, text));
    }
    let parameter_set = parameter_set(facts, line).map_err(|t| (UnplacedReason::NoMachine, t))?;
    // What every centre holds that could print the line keeps no units apart.
    let mut certificates = order.certificates.clone();
    certificates.retain(|c| tells_apart(facts, line, c));
    certificates.sort();
    certificates.dedup();
    let key = GroupKey {
        process: line.process.clone(),
        material: line.material.clone(),
        parameter_set,
        quality: line.quality,
        pool: match order.mixing {
            MixingRule::Any => MixingPool::Shared,
            MixingRule::Customer => MixingPool::Customer(order.customer.clone()),
            MixingRule::Alone => MixingPool::Order(order.id.clone()),
        },
        certificates,
    };
    someone_takes(facts, order, &key)?;
    Ok(key)
}

/// Whether some centre that could print the line lacks a certificate.
fn tells_apart(facts: &Facts<'_>, line: &OrderLine, certificate: &CertificateId) -> bool {
    let takes = |m: &Machine| m.process == line.process && m.materials.contains(&line.material);
    facts.night.centres.values().any(|centre| {
        centre.machines.iter().any(takes) && !centre.certificates.contains(certificate)
    })
}

fn parameter_set(facts: &Facts<'_>, line: &OrderLine) -> Result<ParameterSetId, String> {
    let process = facts.night.processes.get(&line.process);
    let process = process.ok_or_else(|| format!("process {} is not known", line.process))?;
    if !facts.night.materials.contains_key(&line.material) {
        return Err(format!("material {} is not known", line.material));
    }
    match process.parameter_set(line.quality) {
        Some(set) => Ok(set.id.clone()),
        None => Err(format!(
            "process {} offers no quality {:?}; choose another or add a parameter set",
            process.id, line.quality
        )),
    }
}

fn someone_takes(facts: &Facts<'_>, order: &Order, key: &GroupKey) -> Result<(), Reason> {
    let mut any = false;
    for centre in facts.night.centres.values() {
        let able = centre.machines.iter().any(|m| takes_key(key, centre, m).is_ok());
        if able && ships(centre, &order.region) {
            return Ok(());
        }
        any |= able;
    }
    if any {
        let text = format!(
            "no centre with a machine for {} in {} ships to {}; add freight to that region",
            key.process, key.material, order.region
        );
        return Err((UnplacedReason::NoFreight, text));
    }
    let certificates: Vec<&str> = key.certificates.iter().map(CertificateId::as_str).collect();
    let held = if certificates.is_empty() {
        String::new()
    } else {
        format!(" at a centre with {}", certificates.join(", "))
    };
    let text = format!(
        "no machine runs {} in {}{held}; choose another material or process, or add a machine",
        key.process, key.material
    );
    Err((UnplacedReason::NoMachine, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{always, centre, line, machine, order, random_world, world};

    #[test]
    fn groups_partition_the_units_by_key() {
        let world = random_world(1, 2, 50);
        let (groups, unplaced) = group(&world.facts());
        assert!(unplaced.is_empty());
        let count: usize = groups.iter().map(|g| g.units.len()).sum();
        assert_eq!(count, world.units.len());
        assert_eq!(groups.len(), 2, "one a material");
        let facts = world.facts();
        for group in &groups {
            assert!(group.units.is_sorted());
            for unit in &group.units {
                assert_eq!(facts.line(unit).unwrap().1.material, group.key.material);
            }
        }
    }

    #[test]
    fn mixing_rules_part_customers_and_orders() {
        let make = |id: &str, customer: &str, mixing| {
            let mut order = order(id, 3, vec![line("c20", 2)]);
            order.customer = customer.into();
            order.mixing = mixing;
            order
        };
        let orders = vec![
            make("o1", "a", MixingRule::Any),
            make("o2", "b", MixingRule::Any),
            make("o3", "a", MixingRule::Customer),
            make("o4", "a", MixingRule::Customer),
            make("o5", "b", MixingRule::Customer),
            make("o6", "a", MixingRule::Alone),
            make("o7", "a", MixingRule::Alone),
        ];
        let world = world(vec![centre("a", vec![machine("m", "a", always())])], orders);
        let mut sizes: Vec<usize> = group(&world.facts()).0.iter().map(|g| g.units.len()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [2, 2, 2, 4, 4]);
    }

    #[test]
    fn what_nobody_can_print_says_why() {
        let mut certified = order("o1", 3, vec![line("c20", 1)]);
        certified.certificates = vec!["as9100".into()];
        let mut far = order("o2", 3, vec![line("c20", 1)]);
        far.region = "moon".into();
        let mut coarse = line("c20", 1);
        coarse.quality = platewright_model::order::QualityClass::Draft;
        let mut held = order("o4", 3, vec![line("c20", 1)]);
        held.certificates = vec!["iso9001".into()];
        let orders = vec![certified, far, order("o3", 3, vec![coarse]), held];
        let world = world(vec![centre("a", vec![machine("m", "a", always())])], orders);
        let (groups, unplaced) = group(&world.facts());
        assert_eq!(groups.len(), 1);
        let told = |order: &str| {
            let unit = world.units.iter().find(|u| u.order.as_str() == order).unwrap();
            let told = unplaced.iter().find(|u| u.unit == unit.id).unwrap();
            (told.reason, told.text.as_str())
        };
        assert_eq!(told("o1").0, UnplacedReason::NoMachine);
        assert!(told("o1").1.contains("as9100"));
        assert_eq!(told("o2").0, UnplacedReason::NoFreight);
        assert!(told("o2").1.contains("moon"));
        assert_eq!(told("o3").0, UnplacedReason::NoMachine);
    }
}
