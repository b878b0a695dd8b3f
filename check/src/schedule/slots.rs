//! Each build's times, and the sequence on each machine.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::{BuildId, MachineId};
use platewright_model::machine::Machine;
use platewright_model::stage::ScheduledBuild;
use platewright_model::time::Time;

use super::{calendar, print_time_range};
use crate::facts::Facts;
use crate::{Evidence, Rule, Violation};

pub(super) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = once(evidence, facts);
    for slot in facts.scheduled.values() {
        let Some((_, machine)) = facts.machines.get(&slot.machine) else { continue };
        if facts.begun.contains(&slot.build) {
            continue;
        }
        found.extend(times(evidence, facts, slot, machine));
    }
    for (id, expected) in changeovers(facts) {
        let Some(slot) = facts.scheduled.get(id) else { continue };
        if slot.changeover != expected {
            let text = if expected {
                "needs a change of material before it, which is not planned"
            } else {
                "has a change of material before it, which is not needed"
            };
            let text = format!("{text} on machine {}", slot.machine);
            found.push(Violation::new(Rule::Changeover, format!("build {id}"), text));
        }
    }
    found.extend(overlaps(facts));
    found
}

fn once(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |build: &BuildId, text: String| {
        found.push(Violation::new(Rule::Schedule, format!("build {build}"), text));
    };
    let mut seen = BTreeSet::new();
    for slot in &evidence.schedule.builds {
        if !seen.insert(&slot.build) {
            fault(&slot.build, "is scheduled more than once".to_owned());
        }
        match facts.assigned.get(&slot.build) {
            None => fault(&slot.build, "is scheduled and not assigned".to_owned()),
            Some(a) if a.machine != slot.machine => fault(
                &slot.build,
                format!("is assigned to machine {}, scheduled on {}", a.machine, slot.machine),
            ),
            Some(_) => {}
        }
        if !facts.machines.contains_key(&slot.machine) {
            fault(&slot.build, format!("is scheduled on unknown machine {}", slot.machine));
        }
    }
    for build in facts.assigned.keys().filter(|b| !seen.contains(*b)) {
        fault(build, "is assigned and not scheduled".to_owned());
    }
    found
}

fn s(time: Time) -> i128 {
    i128::from(time.0)
}

/// Rules that concern one build on its machine.
fn times(
    evidence: &Evidence<'_>,
    facts: &Facts<'_>,
    slot: &ScheduledBuild,
    machine: &Machine,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |rule, text: String| {
        let subject = format!("build {}", slot.build);
        found.push(Violation::new(rule, subject, format!("on machine {}: {text}", machine.id)));
    };
    let earliest = evidence.night.planning_time.max(machine.free_from);
    if slot.start < earliest {
        fault(Rule::TooEarly, format!("starts {}, possible from {earliest} on", slot.start));
    }
    let hours = &machine.calendar;
    if !calendar::staffed(hours, s(slot.start), s(slot.print_start)) {
        let text =
            format!("nobody is there from {} to {} for set-up", slot.start, slot.print_start);
        fault(Rule::Unstaffed, text);
    }
    if !calendar::staffed(hours, s(slot.unload_start), s(slot.end)) {
        let text = format!("nobody is there from {} to {} to unload", slot.unload_start, slot.end);
        fault(Rule::Unstaffed, text);
    } else if let Some(first) =
        calendar::first_chance(hours, s(slot.cooled), i128::from(machine.time.unload.0))
        && first != s(slot.unload_start)
    {
        let text = format!(
            "is unloaded {}, {} s off the first chance after {}",
            slot.unload_start,
            s(slot.unload_start) - first,
            slot.cooled
        );
        fault(Rule::Unloading, text);
    }
    if let Some((from, to)) = calendar::maintained(hours, s(slot.start), s(slot.end)) {
        let text = format!(
            "runs {} to {}, in maintenance {} s after its start for {} s",
            slot.start,
            slot.end,
            from - s(slot.start),
            to - from
        );
        fault(Rule::Maintenance, text);
    }
    durations(slot, machine, &mut fault);
    if let Some(build) = facts.builds.get(&slot.build) {
        let stated = s(slot.print_end) - s(slot.print_start);
        let expected = print_time_range(&machine.time, &build.load);
        if !expected.is_some_and(|(least, most)| (least..=most).contains(&stated)) {
            let expected = expected.map_or("no time".to_owned(), |e| format!("{} s", e.0));
            fault(Rule::PrintTime, format!("prints {stated} s; its time model gives {expected}"));
        }
    }
    found
}

fn durations(slot: &ScheduledBuild, machine: &Machine, fault: &mut impl FnMut(Rule, String)) {
    let change = if slot.changeover { machine.changeover.0 } else { 0 };
    let t = &machine.time;
    for (what, from, to, expected) in [
        ("set-up", slot.start, slot.print_start, i128::from(t.setup.0) + i128::from(change)),
        ("cooling", slot.print_end, slot.cooled, i128::from(t.cool_down.0)),
        ("unloading", slot.unload_start, slot.end, i128::from(t.unload.0)),
    ] {
        let stated = s(to) - s(from);
        if stated != expected {
            fault(Rule::Durations, format!("{what} takes {stated} s; it must take {expected} s"));
        }
    }
}

/// The builds of each machine in the order of their times.
fn sequences<'a>(facts: &Facts<'a>) -> BTreeMap<&'a MachineId, Vec<&'a ScheduledBuild>> {
    let mut sequences: BTreeMap<_, Vec<&ScheduledBuild>> = BTreeMap::new();
    for &slot in facts.scheduled.values() {
        sequences.entry(&slot.machine).or_default().push(slot);
    }
    for sequence in sequences.values_mut() {
        sequence.sort_by_key(|slot| (slot.start, slot.end));
    }
    sequences
}

fn overlaps(facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for (machine, sequence) in sequences(facts) {
        let mut last: Option<&ScheduledBuild> = None;
        for slot in sequence {
            if let Some(before) = last.filter(|before| slot.start < before.end) {
                let text = format!(
                    "build {} starts {}, before build {} ends {}",
                    slot.build, slot.start, before.build, before.end
                );
                found.push(Violation::new(Rule::Overlap, format!("machine {machine}"), text));
            }
            if last.is_none_or(|before| before.end < slot.end) {
                last = Some(slot);
            }
        }
    }
    found
}

/// Whether the material has to be changed before each scheduled build. A machine that holds
/// nothing needs no change.
pub(crate) fn changeovers<'a>(facts: &Facts<'a>) -> BTreeMap<&'a BuildId, bool> {
    let mut needed = BTreeMap::new();
    for (id, sequence) in sequences(facts) {
        let mut loaded = facts.machines.get(id).and_then(|(_, m)| m.loaded.as_ref());
        for slot in sequence {
            let Some(build) = facts.builds.get(&slot.build) else { continue };
            let Some(recipe) = facts.recipe(build) else { continue };
            let material = &recipe.material.id;
            let change = loaded.is_some_and(|held| held != material);
            let begun = facts.begun.contains(&slot.build);
            needed.insert(&slot.build, if begun { slot.changeover } else { change });
            loaded = Some(material);
        }
    }
    needed
}
