//! What stays of a plan in force.

use platewright_model::batching::Freeze;
use platewright_model::replan::{BuildStatus, KeptBuild};

use crate::facts::Facts;
use crate::{Evidence, Rule, Violation};

/// Builds that are taken over hold the same units, on the same machine if they are bound to it,
/// at the same times if they have started. What the run says of the plan in force is believed.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let Some(replan) = evidence.replan else { return Vec::new() };
    let mut found = Vec::new();
    for kept in &replan.kept {
        let id = &kept.scheduled.build;
        let mut fault = |text: String| {
            found.push(Violation::new(Rule::Kept, format!("build {id}"), text));
        };
        if facts
            .builds
            .get(id)
            .is_none_or(|build| !build.placements.iter().map(|p| &p.unit).eq(&kept.units))
        {
            fault("does not hold the units that it held in the plan in force".to_owned());
        }
        let (machine, slot) = (&kept.scheduled.machine, facts.scheduled.get(id));
        let there = facts.assigned.get(id).is_some_and(|a| a.machine == *machine);
        if kept.freeze >= Freeze::Machine && !there {
            fault(format!("is bound to machine {machine} and not assigned to it"));
        }
        if kept.freeze == Freeze::Start && slot.is_none_or(|slot| **slot != kept.scheduled) {
            let (from, to) = (kept.scheduled.start, kept.scheduled.end);
            fault(format!("has started and is not scheduled from {from} to {to} as it was"));
        }
        if (kept.freeze == Freeze::Start) != begun(kept, evidence) || kept.freeze == Freeze::Open {
            fault(format!("may change otherwise than it can: {:?} stays", kept.freeze));
        }
    }
    for id in replan.retired.iter().filter(|id| facts.builds.contains_key(id)) {
        let text = "has the name of a build that gave its units back";
        found.push(Violation::new(Rule::Kept, format!("build {id}"), text));
    }
    found
}

/// Whether a build has started, by what was reported on it or else by its start.
fn begun(kept: &KeptBuild, evidence: &Evidence<'_>) -> bool {
    match kept.reported {
        None => kept.scheduled.start <= evidence.night.planning_time,
        Some(status) => matches!(status, BuildStatus::Printing | BuildStatus::Done),
    }
}
