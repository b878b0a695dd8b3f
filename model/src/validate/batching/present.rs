//! Whether the present plan is one of the problem.

use crate::batching::{BatchProblem, Freeze, PresentBatch};

use super::{AMOUNT, Faults};

/// Parts and copies that there are, one family in a batch, started batches first and in order,
/// frozen ones where they can be.
///
/// Parts, families and machines are without fault by now.
pub(super) fn check(problem: &BatchProblem, to: &mut Faults) {
    let (lists, machines) = (problem.present.len(), problem.machines.len());
    if lists != 0 && lists != machines {
        let message =
            format!("must have a list for each of the {machines} machines, or none, has {lists}");
        to.add("E1029", "present", message);
        return;
    }
    let mut copies = vec![0_u64; problem.parts.len()];
    for (m, line) in problem.present.iter().enumerate() {
        let mut last: Option<&PresentBatch> = None;
        for (k, batch) in line.iter().enumerate() {
            let at = || format!("present[{m}][{k}]");
            check_batch(problem, batch, &at, &mut copies, to);
            check_times(batch, last, &at, to);
            if batch.freeze >= Freeze::Machine {
                check_place(problem, batch, m, &at, to);
            }
            last = Some(batch);
        }
    }
    for (p, (found, part)) in copies.iter().zip(&problem.parts).enumerate() {
        if *found > u64::from(part.copies) {
            let message = format!(
                "must have no more than the {} copies of parts[{p}], has {found}: take batches out \
                 whose orders were cancelled",
                part.copies
            );
            to.add("E1033", "present", message);
        }
    }
}

fn check_batch(
    problem: &BatchProblem,
    batch: &PresentBatch,
    at: &impl Fn() -> String,
    copies: &mut [u64],
    to: &mut Faults,
) {
    if batch.parts.is_empty() {
        to.add("E1023", format!("{}.parts", at()), "must have at least one entry");
    }
    let mut before = None;
    let mut family = None;
    for (e, entry) in batch.parts.iter().enumerate() {
        let place = || format!("{}.parts[{e}]", at());
        to.index(entry.part, problem.parts.len(), "parts", place);
        let Some(part) = problem.parts.get(entry.part) else { continue };
        copies[entry.part] += u64::from(entry.copies);
        if entry.copies == 0 || before.is_some_and(|before| before >= entry.part) {
            let message = "must be of at least one copy and of a part above the one before: sort \
                           the parts, each once";
            to.add("E1030", place(), message);
        }
        before = Some(entry.part);
        if *family.get_or_insert(part.family) != part.family {
            let message = format!(
                "must be of one family with the parts before it, is of family {}",
                part.family
            );
            to.add("E1033", place(), message);
        }
    }
}

fn check_times(
    batch: &PresentBatch,
    last: Option<&PresentBatch>,
    at: &impl Fn() -> String,
    to: &mut Faults,
) {
    for (name, time) in [("start", batch.start), ("end", batch.end)] {
        to.amount(time, &AMOUNT, || format!("{}.{name}", at()));
    }
    if batch.freeze < Freeze::Start {
        return;
    }
    if last.is_some_and(|last| last.freeze < Freeze::Start) {
        let message = "must come before batches whose start may change: what has started comes \
                       first";
        to.add("E1030", at(), message);
    }
    let free = last.map_or(0, |last| last.end);
    if batch.start < free || batch.end < batch.start {
        let message = format!(
            "must start when the machine is free ({free}) or later, and end after that; is {} to \
             {}",
            batch.start, batch.end
        );
        to.add("E1030", at(), message);
    }
}

/// Whether a machine holds a batch that must be on it.
fn check_place(
    problem: &BatchProblem,
    batch: &PresentBatch,
    m: usize,
    at: &impl Fn() -> String,
    to: &mut Faults,
) {
    let machine = &problem.machines[m];
    let mut size = 0_i64;
    for entry in &batch.parts {
        let Some(part) = problem.parts.get(entry.part) else { return };
        // What has started was allowed then; now the machine may be broken.
        let allowed = batch.freeze == Freeze::Start
            || problem.families[part.family].machines.binary_search(&m).is_ok();
        let way = problem.freight[machine.centre][problem.orders[part.order].region];
        let Some(load) = part.loads[machine.class].filter(|_| allowed && way.is_some()) else {
            let message = format!(
                "is frozen to machines[{m}], which cannot print parts[{}]: freeze no more than \
                 its parts",
                entry.part
            );
            to.add("E1033", at(), message);
            return;
        };
        size = size.saturating_add(load.size.saturating_mul(i64::from(entry.copies)));
    }
    let capacity = problem.classes[machine.class].capacity;
    if size > capacity {
        let message = format!(
            "is frozen to machines[{m}], which holds {capacity}, but has a size of {size}: freeze \
             no more than its parts"
        );
        to.add("E1033", at(), message);
    }
}
