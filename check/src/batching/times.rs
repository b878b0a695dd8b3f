//! When each batch starts and ends.

use platewright_model::batching::{BatchPlan, BatchProblem};

use super::contents::{Batch, Contents};
use super::fault::{BatchFault, BatchSpot};
use super::hours;
use super::present::begun;

pub(super) fn check(
    problem: &BatchProblem,
    plan: &BatchPlan,
    contents: &Contents<'_>,
    faults: &mut Vec<BatchFault>,
) {
    for (machine, batches) in plan.machines.iter().enumerate().take(problem.machines.len()) {
        let ready = problem.machines[machine].ready;
        // What has started is as it is.
        let begun = begun(problem, machine);
        for (batch, planned) in batches.iter().enumerate().skip(begun) {
            let (spot, start) = (BatchSpot { machine, batch }, planned.start);
            if start < ready {
                faults.push(BatchFault::NotReady { spot, start, ready });
            }
            if batch > 0 && start < batches[batch - 1].end {
                faults.push(BatchFault::Overlap { spot, start, end: batches[batch - 1].end });
            }
            let parts = planned.parts.iter().filter_map(|one| {
                Some(one.part).zip(problem.parts.get(one.part).map(|part| part.release))
            });
            for (part, release) in parts.filter(|(_, release)| start < *release) {
                faults.push(BatchFault::NotReleased { spot, start, part, release });
            }
        }
    }
    let begun = |batch: &&Batch<'_>| batch.spot.batch < begun(problem, batch.spot.machine);
    for batch in contents.batches.iter().flatten().filter(|batch| !begun(batch)) {
        course(problem, batch, faults);
    }
}

/// Set-up, print, waiting and unloading of a batch.
fn course(problem: &BatchProblem, batch: &Batch<'_>, faults: &mut Vec<BatchFault>) {
    let (spot, planned) = (batch.spot, batch.planned);
    let machine = &problem.machines[spot.machine];
    let class = &problem.classes[machine.class];
    let calendar = machine.calendar.as_ref();
    let start = i128::from(planned.start);
    let change = if batch.change { i128::from(machine.changeover) } else { 0 };
    let set_up = start + i128::from(class.setup) + change;
    if !hours::staffed(calendar, start, set_up) {
        faults.push(BatchFault::Unstaffed { spot, from: start, to: set_up });
    }
    // The length may be at the end of the range, where nothing more can be added.
    let unload = i128::from(class.unload);
    let printed = (batch.length - unload).saturating_add(start + change);
    match hours::first_chance(calendar, printed, unload) {
        None => faults.push(BatchFault::NeverUnloaded { spot, unload: class.unload }),
        Some(chance) => {
            let expected = chance.saturating_add(unload);
            if expected != i128::from(planned.end) {
                faults.push(BatchFault::End { spot, end: planned.end, expected });
            }
        }
    }
    if let Some((from, to)) = hours::maintained(calendar, planned.start, planned.end) {
        faults.push(BatchFault::Maintenance { spot, from, to });
    }
}
