//! Stage 3, second half: how many build volumes of which machine class the groups fill, and with
//! which units.
//!
//! All groups are one batch scheduling problem, as they share machines: the search over it
//! ([`crate::batching`]) sees machine time, freight and lateness of the whole night at once. Of
//! its plan, batches and classes are kept; machines and times are given to the true builds later.
//! The other policies are what it is compared with: its first plan, and no mixing at all.

mod by_hand;
mod capacity;
mod least;
mod problem;
mod task;
#[cfg(test)]
mod tests;

pub use self::capacity::{LateAlone, NightCapacity, ShortMachine, TightNight, night_capacity};
use platewright_model::batching::{BatchPlan, PlannedBatch};
use platewright_model::config::{Objective, Policy, SolverConfig};
use platewright_model::id::BatchId;
use platewright_model::oracle::FitOracle;
use platewright_model::run::{Budget, RunContext};
use platewright_model::stage::{Batch, PrintingGroup, Unplaced, UnplacedReason};
use rayon::prelude::*;

use crate::batching::{Settings, solve_valid};
use crate::compat::staffed;
use crate::facts::Facts;
use crate::instance::{Station, stations};
use by_hand::by_hand;
use problem::NightProblem;
use task::{Task, left};

/// Share of the time budget that batching may take; nesting needs the rest.
const TIME: f64 = 0.1;

/// Proposes batches for every group, sorted by id, and the units that fit no machine, sorted.
///
/// Every unit of a group is in exactly one batch or left over: `TooLarge` if no allowed class
/// holds it even alone, `NoFreight` or `NoCapacity` if only classes hold it that cannot serve
/// it. A batch fits its class as far as `fit` can say, and at least one machine of the class
/// ships to all of its orders.
pub fn batch(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    fit: &dyn FitOracle,
    cfg: &SolverConfig,
    objective: &Objective,
    ctx: &RunContext,
) -> (Vec<Batch>, Vec<Unplaced>) {
    let centres: Vec<_> = facts.night.centres.values().collect();
    let stations = stations(facts, &centres);
    let prepared: Vec<(Option<Task<'_>>, Vec<Unplaced>)> = groups
        .par_iter()
        .map(|group| Task::new(facts, &stations, centres.len(), group, fit))
        .collect();
    let mut unplaced = Vec::new();
    let mut tasks = Vec::new();
    for (task, left) in prepared {
        unplaced.extend(left);
        tasks.extend(task);
    }
    let night = NightProblem::new(facts, &stations, &tasks, objective);
    let plan = match cfg.policy {
        Policy::Search => search(&night, &limited(cfg, &night, ctx)),
        Policy::Greedy => search(&night, &without_search(ctx)),
        Policy::FirstFree => by_hand(&night, &tasks, &stations, true),
        Policy::ByHand => by_hand(&night, &tasks, &stations, false),
    };
    for copies in &plan.unplaced {
        let (task, chunk) = night.chunks[copies.part];
        let units = &tasks[task].chunks[chunk].units;
        let kept = units.len() - copies.copies as usize;
        let text = why_left(&tasks[task], &stations);
        unplaced.extend(left(&units[kept..], UnplacedReason::NoCapacity, &text));
    }
    let mut batches = named(&tasks, &night, &plan);
    batches.sort_by(|a, b| a.id.cmp(&b.id));
    unplaced.sort_by_key(|u| u.unit);
    (batches, unplaced)
}

fn search(night: &NightProblem, ctx: &RunContext) -> BatchPlan {
    solve_valid(&night.problem, &Settings::default(), ctx).plan
}

/// A context in which the search ends with its first plan.
fn without_search(ctx: &RunContext) -> RunContext {
    RunContext { budget: Budget::default(), ..ctx.clone() }
}

/// Why no machine takes what its class holds: its people, as far as that is known.
fn why_left(task: &Task<'_>, stations: &[Station<'_>]) -> String {
    let machines = task.classes.iter().flat_map(|c| &c.stations).map(|s| stations[*s].machine);
    let refused = machines.filter_map(|m| {
        let text = staffed(&task.group.key, m).err()?;
        Some(format!("no machine takes it; {} comes closest: {text}", m.id))
    });
    let text = "no machine that holds its part has a print time for it; see the time models";
    refused.into_iter().next().unwrap_or_else(|| text.to_owned())
}

/// The context of the search: so many moves for each copy, in its share of the time.
fn limited(cfg: &SolverConfig, night: &NightProblem, ctx: &RunContext) -> RunContext {
    let copies: u64 = night.problem.parts.iter().map(|p| u64::from(p.copies)).sum();
    let mut own = ctx.clone();
    own.seed = ctx.seed_for("batch");
    let moves = cfg.batch_moves.min(ctx.budget.iterations.unwrap_or(u64::MAX));
    own.budget.iterations = Some(moves.saturating_mul(copies));
    own.budget.time = ctx.budget.time.map(|limit| {
        own.started = std::time::Instant::now();
        limit.saturating_sub(ctx.started.elapsed()).mul_f64(TIME)
    });
    own
}

/// Turns counts of copies into units, batches of a group in the order of their ends.
fn named(tasks: &[Task<'_>], night: &NightProblem, plan: &BatchPlan) -> Vec<Batch> {
    let mut of_task: Vec<Vec<(&PlannedBatch, usize)>> = vec![Vec::new(); tasks.len()];
    for (machine, line) in plan.machines.iter().enumerate() {
        for batch in line {
            let family = night.problem.parts[batch.parts[0].part].family;
            of_task[family].push((batch, machine));
        }
    }
    let mut next = vec![0; night.chunks.len()];
    let mut batches = Vec::new();
    for (task, mut planned) in tasks.iter().zip(of_task) {
        planned.sort_by_key(|(batch, machine)| (batch.end, *machine));
        let width = planned.len().to_string().len().max(3);
        for (n, (batch, machine)) in planned.into_iter().enumerate() {
            let mut content = batch.parts.clone();
            content.sort_by_key(|copies| {
                let chunk = night.chunks[copies.part].1;
                task.chunks[chunk].urgency(chunk)
            });
            let mut units = Vec::new();
            for copies in content {
                let (from, to) = (next[copies.part], next[copies.part] + copies.copies as usize);
                units.extend_from_slice(&task.chunks[night.chunks[copies.part].1].units[from..to]);
                next[copies.part] = to;
            }
            let class = task.classes.iter().find(|c| c.stations.contains(&machine));
            let class = class.expect("batches are on machines of their family").id.clone();
            let id = BatchId::from(format!("B-{}-{:0width$}", task.group.id, n + 1));
            batches.push(Batch { id, group: task.group.id.clone(), class, units });
        }
    }
    batches
}
