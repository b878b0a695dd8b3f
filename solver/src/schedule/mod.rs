//! Stage 6: when each build is printed and when each order arrives.
//!
//! List scheduling by due date gives a start; a seeded local search, if that is the policy, moves
//! and swaps builds within and between machines, with every cost exact and in whole minor units.

mod list;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use platewright_model::config::{Objective, Policy, SolverConfig};
use platewright_model::cost::CostSplit;
use platewright_model::id::{BuildId, MachineId};
use platewright_model::measure::{Money, Seconds};
use platewright_model::replan::KeptBuild;
use platewright_model::run::RunContext;
use platewright_model::stage::{
    Assigned, Assignment, Build, Delivery, PrintingGroup, Schedule, ScheduledBuild,
};
use platewright_model::time::Time;

use crate::compat;
use crate::error::SolverError;
use crate::facts::Facts;
use crate::instance::Instance;
use list::Plan;

/// Gives every assigned build its times and every order its arrival.
///
/// `unplaced_units` counts the units of the order book that are in none of `builds`; units of
/// builds that are not assigned are added to them. The second value is the assignment as the
/// schedule has it, if a build was moved to another machine. Of builds of a plan in force (`kept`),
/// those that have started keep their times; others change where that saves what each such change
/// must save.
///
/// # Errors
/// An assignment that names an unknown build, a build twice, or a machine that cannot take it;
/// a build of an unknown group or with an unknown unit.
#[expect(clippy::too_many_arguments, reason = "each is an output of an earlier stage")]
pub fn schedule(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    builds: &[Build],
    kept: &[KeptBuild],
    assignment: &Assignment,
    cfg: &SolverConfig,
    objective: &Objective,
    unplaced_units: usize,
    ctx: &RunContext,
) -> Result<(Schedule, Option<Assignment>), SolverError> {
    let instance = Instance::new(facts, groups, builds, kept, objective)?;
    let at = machines(facts, groups, &instance, assignment)?;
    let start = list::dispatch(&instance, &at);
    let mut best = match cfg.policy {
        Policy::Search => search::improve(&instance, start, cfg.schedule_iterations, ctx),
        Policy::Greedy | Policy::FirstFree | Policy::ByHand => start,
    };
    best.order_ties();
    let moved = (best.at != at).then(|| moved(&instance, &best.at, assignment));
    Ok((describe(&instance, &best, unplaced_units), moved))
}

/// Machine time that jobs on the machines `at` take in a first schedule, without search.
pub(crate) fn taken(instance: &Instance<'_>, at: &[Option<usize>]) -> Vec<(usize, Time, Time)> {
    let plan = list::dispatch(instance, at);
    let slots = plan.at.iter().zip(&plan.slots);
    slots
        .filter_map(|(at, slot)| Some(((*at)?, slot.as_ref()?.0)))
        .map(|(m, s)| (m, s.start, s.end))
        .collect()
}

/// Machine of each job as assigned.
fn machines(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    instance: &Instance<'_>,
    assignment: &Assignment,
) -> Result<Vec<Option<usize>>, SolverError> {
    let jobs: BTreeMap<&BuildId, usize> =
        instance.jobs.iter().enumerate().map(|(j, job)| (&job.build.id, j)).collect();
    let stations: BTreeMap<&MachineId, usize> =
        instance.machines.iter().enumerate().map(|(m, s)| (&s.machine.id, m)).collect();
    let mut at = vec![None; instance.jobs.len()];
    for assigned in &assignment.assigned {
        let unknown = || SolverError::UnknownBuild { build: assigned.build.clone() };
        let job = *jobs.get(&assigned.build).ok_or_else(unknown)?;
        if at[job].is_some() {
            return Err(unknown());
        }
        let machine = stations.get(&assigned.machine).copied();
        match machine.filter(|m| instance.choice(job, *m).is_some()) {
            Some(machine) => at[job] = Some(machine),
            None => return Err(bad_machine(facts, groups, instance, job, assigned)),
        }
    }
    Ok(at)
}

fn bad_machine(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    instance: &Instance<'_>,
    job: usize,
    assigned: &Assigned,
) -> SolverError {
    let build = instance.jobs[job].build;
    let group = groups.iter().find(|group| group.id == build.group);
    let reason = match (facts.machine(&assigned.machine), group) {
        (Some(machine), Some(group)) => compat::machine_can_take(facts, group, build, machine)
            .err()
            .unwrap_or_else(|| "its calendar has no room for the build".to_owned()),
        _ => "it is not a machine of the night".to_owned(),
    };
    SolverError::BadMachine { build: build.id.clone(), machine: assigned.machine.clone(), reason }
}

/// The assignment after builds were moved; its bound holds, as the same builds are assigned.
fn moved(instance: &Instance<'_>, at: &[Option<usize>], before: &Assignment) -> Assignment {
    let mut after = before.clone();
    after.assigned.clear();
    for (index, job) in instance.jobs.iter().enumerate() {
        if let Some(choice) = at[index].and_then(|machine| instance.choice(index, machine)) {
            let machine = instance.machines[choice.machine].machine;
            after.assigned.push(Assigned {
                build: job.build.id.clone(),
                centre: machine.centre.clone(),
                machine: machine.id.clone(),
                cost: choice.cost,
            });
        }
    }
    let objective = instance.model_cost(at);
    crate::assign::set_objective(&mut after, objective, before.bound.0.min(objective));
    after
}

fn describe(instance: &Instance<'_>, plan: &Plan<'_>, unplaced_units: usize) -> Schedule {
    let mut schedule = Schedule::default();
    let mut left = unplaced_units;
    let mut cost = CostSplit::default();
    for (index, job) in instance.jobs.iter().enumerate() {
        let scheduled = plan.slots[index].zip(plan.at[index]);
        let Some(((slot, changeover), machine)) = scheduled else {
            left += job.build.placements.len();
            continue;
        };
        let choice = instance.choice(index, machine).expect("jobs are only on machines of theirs");
        let machine = instance.machines[machine].machine;
        cost.machine += choice.cost.machine;
        cost.fixed += choice.cost.fixed;
        cost.material += choice.cost.material;
        cost.short += choice.cost.short;
        if changeover {
            cost.changeover += machine.changeover_cost;
        }
        schedule.builds.push(ScheduledBuild {
            build: job.build.id.clone(),
            machine: machine.id.clone(),
            start: slot.start,
            changeover,
            print_start: slot.print_start,
            print_end: slot.print_end,
            cooled: slot.cooled,
            unload_start: slot.unload_start,
            end: slot.end,
        });
    }
    for order in 0..instance.orders.len() {
        if let Some(delivery) = delivery(instance, plan, order) {
            let (freight, apart) = instance.shipped_of(order, &plan.at);
            let late = instance.late_split(order, delivery.arrives);
            cost.freight += Money(freight);
            cost.apart += Money(apart);
            cost.lateness += late.lateness;
            cost.missed += late.missed;
            cost.broken += late.broken;
            schedule.deliveries.push(delivery);
        }
    }
    cost.unplaced = Money(instance.objective.unplaced_per_unit.saturating_mul(left as i64));
    schedule.cost = cost;
    schedule
}

fn delivery(instance: &Instance<'_>, plan: &Plan<'_>, index: usize) -> Option<Delivery> {
    let order = instance.orders[index];
    let arrives = plan.arrival(index)?;
    let scheduled: u64 = instance.jobs_of[index]
        .iter()
        .filter(|(job, _)| plan.slots[*job].is_some())
        .map(|(job, share)| u64::from(instance.jobs[*job].shares[*share].units))
        .sum();
    let ordered: u64 = order.lines.iter().map(|line| line.copies().count() as u64).sum();
    Some(Delivery {
        order: order.id.clone(),
        arrives,
        late: (arrives - order.due).max(Seconds(0)),
        complete: scheduled == ordered,
    })
}
