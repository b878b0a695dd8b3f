//! Machine time of builds that are kept, out of the way of new batches.

use platewright_model::config::Objective;
use platewright_model::night::Night;
use platewright_model::replan::KeptBuild;
use platewright_model::stage::{Build, PrintingGroup};
use platewright_model::time::Time;

use crate::assign;
use crate::error::SolverError;
use crate::facts::Facts;
use crate::instance::Instance;
use crate::schedule;

/// The night with the machine time that `builds` take as maintenance: what is left is what new
/// batches can count on.
///
/// Where a build that is kept loses its machine or time, the time taken is that of a first plan
/// without search; the schedule of the whole night decides.
///
/// # Errors
/// A build of an unknown group or with an unknown unit.
pub fn reserve(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    builds: &[Build],
    kept: &[KeptBuild],
    objective: &Objective,
) -> Result<Night, SolverError> {
    let instance = Instance::new(facts, groups, builds, kept, objective)?.pinned();
    let mut night = facts.night.clone();
    for (machine, from, to) in schedule::taken(&instance, &assign::first(&instance)) {
        let id = &instance.machines[machine].machine.id;
        let machines = night.centres.values_mut().flat_map(|centre| &mut centre.machines);
        for machine in machines.filter(|m| m.id == *id) {
            machine.calendar.maintenance.push((from, to));
        }
    }
    for centre in night.centres.values_mut() {
        for machine in &mut centre.machines {
            let spans = std::mem::take(&mut machine.calendar.maintenance);
            machine.calendar.maintenance = joined(spans, night.planning_time);
        }
    }
    Ok(night)
}

/// What of spans comes after a time, sorted and apart.
fn joined(mut spans: Vec<(Time, Time)>, after: Time) -> Vec<(Time, Time)> {
    spans.retain(|(from, to)| from < to && after < *to);
    spans.sort_unstable();
    let mut out: Vec<(Time, Time)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        let from = from.max(after);
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}
