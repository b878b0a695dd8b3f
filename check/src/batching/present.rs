//! What a plan keeps of the one before it.

use std::collections::BTreeMap;

use platewright_model::batching::{
    BatchPlan, BatchProblem, Copies, Freeze, PlannedBatch, PresentBatch,
};

use super::amount::product;
use super::fault::BatchFault;
use super::printing::Printing;

/// How many batches of a machine have started.
pub(super) fn begun(problem: &BatchProblem, machine: usize) -> usize {
    let line = problem.present.get(machine).into_iter().flatten();
    line.filter(|batch| batch.freeze == Freeze::Start).count()
}

/// Whether what has started is as it was, and what has to stay together, or on its machine, does.
pub(super) fn check(printing: &Printing<'_>, plan: &BatchPlan, faults: &mut Vec<BatchFault>) {
    let problem = printing.problem;
    for (machine, line) in problem.present.iter().enumerate() {
        let planned = plan.machines.get(machine).map_or(&[][..], Vec::as_slice);
        let started = line.iter().filter(|batch| batch.freeze == Freeze::Start);
        for (batch, present) in started.enumerate() {
            let same = |planned: &PlannedBatch| {
                (&planned.parts, planned.start, planned.end)
                    == (&present.parts, present.start, present.end)
            };
            if !planned.get(batch).is_some_and(same) {
                faults.push(BatchFault::Restarted { machine, batch });
            }
        }
    }
    // Each batch that has to stay takes one like it out of the plan.
    let mut found: BTreeMap<(usize, Vec<(usize, u32)>), usize> = BTreeMap::new();
    for (machine, line) in plan.machines.iter().enumerate() {
        for batch in line.iter().skip(begun(problem, machine)) {
            *found.entry((machine, key(&batch.parts))).or_default() += 1;
        }
    }
    for freeze in [Freeze::Machine, Freeze::Parts] {
        for (machine, line) in problem.present.iter().enumerate() {
            for (batch, present) in line.iter().enumerate().filter(|(_, b)| b.freeze == freeze) {
                let may = |m: usize| freeze == Freeze::Parts || m == machine;
                let parts = key(&present.parts);
                let at = (0..problem.machines.len())
                    .filter(|m| may(*m))
                    .find(|m| found.get(&(*m, parts.clone())).is_some_and(|count| *count > 0));
                if let Some(at) = at {
                    found.entry((at, parts)).and_modify(|count| *count -= 1);
                } else if kept(printing, plan, present, may) {
                    faults.push(BatchFault::TornApart { machine, batch });
                }
            }
        }
    }
}

/// Whether a batch should have been kept: some machine surely takes all of it, and feedstock is
/// not the reason why it does not.
fn kept(
    printing: &Printing<'_>,
    plan: &BatchPlan,
    batch: &PresentBatch,
    may: impl Fn(usize) -> bool,
) -> bool {
    let problem = printing.problem;
    let whole = |machine: usize| {
        let class = problem.machines[machine].class;
        let fits = |one: &Copies| {
            let family = &problem.families[problem.parts[one.part].family];
            // From any material.
            family.machines.contains(&machine)
                && printing.fit(one.part, machine, Some(usize::MAX)).is_some()
        };
        let size = |one: &Copies| {
            let load = problem.parts[one.part].loads[class].unwrap_or_default();
            product(load.size.into(), one.copies.into())
        };
        batch.parts.iter().all(fits)
            && batch.parts.iter().map(size).fold(0, i128::saturating_add)
                <= problem.classes[class].capacity.into()
    };
    let left = |one: &Copies| plan.unplaced.iter().any(|other| other.part == one.part);
    let short = !problem.stock.is_empty() && batch.parts.iter().any(left);
    !short && (0..problem.machines.len()).any(|machine| may(machine) && whole(machine))
}

fn key(parts: &[Copies]) -> Vec<(usize, u32)> {
    parts.iter().map(|one| (one.part, one.copies)).collect()
}

/// Copies that have left their batch: of each present batch, those that are not in the batch of its
/// machine that holds most of it.
pub(super) fn moved(problem: &BatchProblem, plan: &BatchPlan) -> i128 {
    let mut sum = 0;
    for (machine, line) in problem.present.iter().enumerate() {
        // What has started does not leave; the rest is not in it.
        let begun = begun(problem, machine);
        let planned = plan.machines.get(machine).map_or(&[][..], Vec::as_slice);
        let planned = planned.get(begun..).unwrap_or(&[]);
        for present in &line[begun..] {
            let all: i128 = present.parts.iter().map(|one| i128::from(one.copies)).sum();
            let kept = planned.iter().map(|batch| shared(&present.parts, &batch.parts)).max();
            sum += all - kept.unwrap_or(0);
        }
    }
    sum
}

/// Copies that two batches have in common.
fn shared(one: &[Copies], other: &[Copies]) -> i128 {
    let of = |a: &Copies| {
        let same = other.iter().filter(|b| b.part == a.part);
        same.map(|b| i128::from(a.copies.min(b.copies))).sum::<i128>()
    };
    one.iter().map(of).sum()
}

/// The problem of what has not started.
pub(super) fn rest(problem: &BatchProblem) -> BatchProblem {
    let mut rest = problem.clone();
    for (machine, line) in problem.present.iter().enumerate() {
        for batch in &line[..begun(problem, machine)] {
            let on = &mut rest.machines[machine];
            on.ready = on.ready.max(batch.end);
            on.loaded = Some(problem.families[problem.parts[batch.parts[0].part].family].material);
            for one in &batch.parts {
                let copies = &mut rest.parts[one.part].copies;
                *copies = copies.saturating_sub(one.copies);
            }
        }
    }
    for (machine, line) in rest.present.iter_mut().enumerate() {
        line.drain(..begun(problem, machine));
    }
    rest
}
