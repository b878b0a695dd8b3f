//! Why a build is where it is, and what another machine would mean.

use platewright_model::config::Objective;
use platewright_model::explain::{Alternative, BuildExplanation};
use platewright_model::id::{BuildId, MachineId};
use platewright_model::measure::{Money, Seconds};
use platewright_model::stage::{
    Assignment, BuildPlan, GroupKey, MixingPool, PrintingGroup, Schedule,
};

use crate::compat;
use crate::error::SolverError;
use crate::facts::Facts;
use crate::instance::Instance;

/// Explains a scheduled build: what its units have in common, and for every other machine what
/// printing and freight would cost more there, with all other builds where they are, or why it
/// cannot take the build.
///
/// # Errors
/// A build that is not in the build plan or not scheduled; builds that contradict the groups.
pub fn explain_build(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    plan: &BuildPlan,
    assignment: &Assignment,
    schedule: &Schedule,
    build: &BuildId,
) -> Result<BuildExplanation, SolverError> {
    let missing = |place| SolverError::NotPlanned { build: build.clone(), place };
    let none = Objective {
        lateness_per_hour: 0,
        unplaced_per_unit: 0,
        changed_per_build: 0,
        missed_deadline: 0,
        apart_per_shipment: 0,
        broken_promise: 0,
    };
    let instance = Instance::new(facts, groups, &plan.builds, &[], &none)?;
    let job = instance.jobs.iter().position(|job| job.build.id == *build);
    let job = job.ok_or_else(|| missing("build plan"))?;
    let scheduled = schedule.builds.iter().find(|s| s.build == *build);
    let scheduled = scheduled.ok_or_else(|| missing("schedule"))?;
    let machine_of = |id: &MachineId| instance.machines.iter().position(|m| m.machine.id == *id);
    let mut at = vec![None; instance.jobs.len()];
    for assigned in &assignment.assigned {
        let job = instance.jobs.iter().position(|job| job.build.id == assigned.build);
        if let Some(job) = job {
            at[job] = machine_of(&assigned.machine);
        }
    }
    let here = machine_of(&scheduled.machine);
    at[job] = here;
    let group = groups.iter().find(|g| g.id == instance.jobs[job].build.group);
    let mut alternatives: Vec<Alternative> = (0..instance.machines.len())
        .filter(|machine| Some(*machine) != here)
        .map(|machine| alternative(facts, groups, &instance, job, &at, machine))
        .collect();
    let key = |a: &Alternative| (a.extra_cost.is_none(), a.extra_cost, a.machine.clone());
    alternatives.sort_by_key(key);
    Ok(BuildExplanation {
        build: build.clone(),
        machine: scheduled.machine.clone(),
        group: group.map(|g| describe(&g.key)).unwrap_or_default(),
        span: (scheduled.start, scheduled.end),
        alternatives,
    })
}

fn alternative(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    instance: &Instance<'_>,
    job: usize,
    at: &[Option<usize>],
    machine: usize,
) -> Alternative {
    let station = &instance.machines[machine];
    let build = instance.jobs[job].build;
    let id = station.machine.id.clone();
    let Some(choice) = instance.choice(job, machine) else {
        let group = groups.iter().find(|group| group.id == build.group);
        let refused = group.map(|g| compat::machine_can_take(facts, g, build, station.machine));
        let text = match refused {
            Some(Err(text)) => text,
            _ => "its calendar has no room for the build".to_owned(),
        };
        return Alternative { machine: id, extra_cost: None, print_time: None, text };
    };
    let mut there = at.to_vec();
    there[job] = Some(machine);
    let extra = instance.model_cost(&there) - instance.model_cost(at);
    let here = at[job].and_then(|here| instance.choice(job, here));
    let longer = choice.print - here.map_or(Seconds(0), |here| here.print);
    let text = format!(
        "would cost {} minor units {} and print {} s {}; alone there it would end at {}",
        extra.abs(),
        if extra < 0 { "less" } else { "more" },
        longer.0.abs(),
        if longer.0 < 0 { "shorter" } else { "longer" },
        choice.alone
    );
    Alternative {
        machine: id,
        extra_cost: Some(Money(extra)),
        print_time: Some(choice.print),
        text,
    }
}

fn describe(key: &GroupKey) -> String {
    let pool = match &key.pool {
        MixingPool::Shared => "shared by all orders".to_owned(),
        MixingPool::Customer(customer) => format!("only customer {customer}"),
        MixingPool::Order(order) => format!("only order {order}"),
    };
    let mut text = format!("{}, {}, {}, {pool}", key.process, key.material, key.parameter_set);
    for certificate in &key.certificates {
        text.push_str(", ");
        text.push_str(certificate.as_str());
    }
    text
}
