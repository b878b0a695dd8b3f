//! Stage 3, second half: how many build volumes of which machine class a group fills, and
//! with which units.
//!
//! Groups take turns, the most urgent first, so that each sees the machine time the ones
//! before it use: volumes are filled one by one, each time in the class that prints its share
//! at least cost, lateness included. A seeded local search then moves parts between the
//! volumes of a group, all groups in parallel.

mod construct;
mod draft;
mod ledger;
mod search;
mod task;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use platewright_model::config::{Objective, SolverConfig};
use platewright_model::id::BatchId;
use platewright_model::oracle::FitOracle;
use platewright_model::run::RunContext;
use platewright_model::stage::{Batch, PrintingGroup, Unplaced};

use crate::facts::Facts;
use crate::instance::stations;
use draft::Draft;
use ledger::Ledger;
use task::Task;

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
        .map(|group| Task::new(facts, &stations, centres.len(), group, fit, objective))
        .collect();
    let mut unplaced = Vec::new();
    let mut tasks = Vec::new();
    for (task, left) in prepared {
        unplaced.extend(left);
        tasks.extend(task);
    }
    tasks.sort_by_key(|task| (task.due(), task.group.id.clone()));
    let mut free: Vec<_> = stations.iter().map(|station| station.ready).collect();
    let mut begun = Vec::new();
    for task in &tasks {
        let before = Ledger::new(task, free.clone());
        let (drafts, after, left) = construct::fill(task, &before);
        unplaced.extend(left);
        free = after;
        begun.push((task, before, drafts));
    }
    let mut batches: Vec<Batch> = begun
        .into_par_iter()
        .map(|(task, before, drafts)| {
            let drafts = search::improve(task, &before, drafts, cfg.batch_iterations, ctx);
            name(task, drafts)
        })
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .collect();
    batches.sort_by(|a, b| a.id.cmp(&b.id));
    unplaced.sort_by_key(|u| u.unit);
    (batches, unplaced)
}

/// Turns counts of copies into units, the earliest due batch first.
fn name(task: &Task<'_>, mut drafts: Vec<Draft>) -> Vec<Batch> {
    drafts.sort_by(|a, b| (a.due, &a.content).cmp(&(b.due, &b.content)));
    let width = drafts.len().to_string().len().max(3);
    let mut next = vec![0; task.chunks.len()];
    let mut batches = Vec::with_capacity(drafts.len());
    for (n, draft) in drafts.into_iter().enumerate() {
        let mut content = draft.content;
        content.sort_by_key(|&(chunk, _)| task.chunks[chunk].urgency(chunk));
        let mut units = Vec::new();
        for (chunk, copies) in content {
            let end = next[chunk] + copies as usize;
            units.extend_from_slice(&task.chunks[chunk].units[next[chunk]..end]);
            next[chunk] = end;
        }
        batches.push(Batch {
            id: BatchId::from(format!("B-{}-{:0width$}", task.group.id, n + 1)),
            group: task.group.id.clone(),
            class: task.classes[draft.class].id.clone(),
            units,
        });
    }
    batches
}
