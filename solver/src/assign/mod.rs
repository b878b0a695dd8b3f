//! Stage 5: which machine prints which build, with a proven bound.
//!
//! A greedy start and a local search give an assignment at once; a MIP, solved for each
//! connected part of the graph of builds, machines and orders, improves it where it is small
//! enough. The bound comes from the same model without machine load: it falls apart into far
//! smaller pieces, and each is bounded by a MIP or by Lagrangian relaxation, whichever proves
//! more.

mod backend;
mod bound;
mod decompose;
mod greedy;
mod in_turn;
mod load;
mod model;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use platewright_model::config::{Objective, Policy, SolverConfig};
use platewright_model::measure::Money;
use platewright_model::replan::KeptBuild;
use platewright_model::run::RunContext;
use platewright_model::stage::{
    Assigned, Assignment, Build, PrintingGroup, Unassigned, UnplacedReason,
};

use crate::error::SolverError;
use crate::facts::Facts;
use crate::instance::Instance;
pub(crate) use greedy::stock_holds;
use load::Load;

/// Chooses a machine for every build that some machine can take.
///
/// Searched for, unless the policy is another, it minimises machine, fixed and material cost,
/// what builds cost that are short, freight per order and centre, shipments apart, and what
/// orders cost that arrive late, after a deadline or a promise, as if every build were alone on
/// its machine, with machine load before due dates as a guide. Feedstock at the centres is a hard
/// limit; where it does not reach for all builds, as few units as the search can find are left out.
/// Builds of a plan in force (`kept`) stay on their machines where those can take them; scheduling
/// may move those that are not bound to them. `bound` is valid for every assignment of the builds
/// that are assigned.
///
/// # Errors
/// A build of an unknown group or with an unknown unit.
pub fn assign(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    builds: &[Build],
    kept: &[KeptBuild],
    cfg: &SolverConfig,
    objective: &Objective,
    ctx: &RunContext,
) -> Result<Assignment, SolverError> {
    let instance = Instance::new(facts, groups, builds, kept, objective)?;
    let pinned = instance.pinned();
    let load = Load::new(&pinned);
    let limits = backend::Limits::new(cfg, ctx);
    let at = match cfg.policy {
        Policy::Search => search(&pinned, &load, &limits, cfg, ctx),
        Policy::Greedy => greedy::construct(&pinned, &load),
        Policy::FirstFree => in_turn::in_turn(&pinned, true),
        Policy::ByHand => in_turn::in_turn(&pinned, false),
    };
    let kept: Vec<usize> = (0..at.len()).filter(|&job| at[job].is_some()).collect();
    let bound = bound::prove(&instance, &kept, &at, &limits, ctx);
    Ok(describe(&instance, &at, bound))
}

/// A first assignment, without search.
pub(crate) fn first(instance: &Instance<'_>) -> Vec<Option<usize>> {
    greedy::construct(instance, &Load::new(instance))
}

/// The best assignment that construction, local search and the MIP find together.
fn search(
    instance: &Instance<'_>,
    load: &Load,
    limits: &backend::Limits,
    cfg: &SolverConfig,
    ctx: &RunContext,
) -> Vec<Option<usize>> {
    let mut at = greedy::construct(instance, load);
    if left_out(instance, &at).next().is_some() {
        at = greedy::fill_stock(instance, load, at, limits);
    }
    let steps = ctx.budget.iterations.unwrap_or(u64::MAX).min(cfg.schedule_iterations);
    greedy::improve(instance, load, &mut at, steps, ctx);
    improve_by_mip(instance, load, &mut at, limits, ctx);
    at
}

/// Jobs that could be printed but are not.
fn left_out<'a>(
    instance: &'a Instance<'_>,
    at: &'a [Option<usize>],
) -> impl Iterator<Item = usize> + 'a {
    (0..at.len()).filter(|&job| at[job].is_none() && !instance.jobs[job].choices.is_empty())
}

/// Solves the MIP of each connected part and keeps what is better.
fn improve_by_mip(
    instance: &Instance<'_>,
    load: &Load,
    at: &mut Vec<Option<usize>>,
    limits: &backend::Limits,
    ctx: &RunContext,
) {
    let kept: Vec<usize> = (0..at.len()).filter(|&job| at[job].is_some()).collect();
    let parts = decompose::parts(instance, &kept, true);
    let limits = limits.shared_by(parts.len(), ctx);
    let start: &[Option<usize>] = at;
    let found: Vec<Option<Vec<(usize, usize)>>> = parts
        .par_iter()
        .map(|jobs| {
            if ctx.cancel.is_cancelled() {
                return None;
            }
            let model = model::Model::new(instance, jobs, Some(load));
            model.solve(instance, jobs, Some(start), &limits).machines
        })
        .collect();
    for machines in found.into_iter().flatten() {
        let mut tried = at.clone();
        for (job, machine) in machines {
            tried[job] = Some(machine);
        }
        let better = load.cost(instance, &tried) < load.cost(instance, at);
        if better && stock_holds(instance, &tried) {
            *at = tried;
        }
    }
}

fn describe(instance: &Instance<'_>, at: &[Option<usize>], bound: i64) -> Assignment {
    let mut answer = Assignment { backend: backend::NAME.to_owned(), ..Assignment::default() };
    for (index, job) in instance.jobs.iter().enumerate() {
        match at[index].and_then(|machine| instance.choice(index, machine)) {
            Some(choice) => {
                let machine = instance.machines[choice.machine].machine;
                answer.assigned.push(Assigned {
                    build: job.build.id.clone(),
                    centre: machine.centre.clone(),
                    machine: machine.id.clone(),
                    cost: choice.cost,
                });
            }
            None => {
                let (reason, text) = job.refusal.clone().unwrap_or_else(|| {
                    let text = format!(
                        "feedstock {} at the centres does not reach for it; order more",
                        job.material
                    );
                    (UnplacedReason::NoCapacity, text)
                });
                answer.unassigned.push(Unassigned { build: job.build.id.clone(), reason, text });
            }
        }
    }
    set_objective(&mut answer, instance.model_cost(at), bound);
    answer
}

/// Sets objective, bound and gap so that they agree.
pub(crate) fn set_objective(answer: &mut Assignment, objective: i64, bound: i64) {
    assert!(bound <= objective, "bound {bound} exceeds the objective {objective} it bounds");
    answer.objective = Money(objective);
    answer.bound = Money(bound);
    answer.gap = if objective == 0 { 0.0 } else { (objective - bound) as f64 / objective as f64 };
}
