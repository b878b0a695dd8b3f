//! What is in each batch, and whether it may be.

use platewright_model::batching::{BatchPlan, BatchProblem, Copies, Load, PlannedBatch};

use super::amount::{product, quotient_up};
use super::fault::{BatchFault, BatchPlace, BatchSpot};
use super::present::begun;
use super::printing::{Printing, stack, way};
use super::stock::Left;

/// The batches of a plan as far as they can be read.
pub(super) struct Contents<'a> {
    /// By machine, in the plan's order.
    pub(super) batches: Vec<Vec<Batch<'a>>>,
    /// Material that each machine holds after its last batch.
    pub(super) held: Vec<Option<usize>>,
    /// Whether all of it could be read.
    pub(super) whole: bool,
}

/// A batch that can be read.
pub(super) struct Batch<'a> {
    pub(super) spot: BatchSpot,
    pub(super) planned: &'a PlannedBatch,
    /// Whether the material is changed before it.
    pub(super) change: bool,
    pub(super) size: i128,
    pub(super) peak: i128,
    /// Length without waiting and without a change of material.
    pub(super) length: i128,
}

impl<'a> Contents<'a> {
    /// Reads all batches, and tells of those that may not be; what cannot be read is left out.
    pub(super) fn read(
        problem: &BatchProblem,
        plan: &'a BatchPlan,
        faults: &mut Vec<BatchFault>,
    ) -> Self {
        let (found, machines) = (plan.machines.len(), problem.machines.len());
        if found != machines {
            faults.push(BatchFault::Machines { found, machines });
        }
        let mut contents = Self { batches: Vec::new(), held: Vec::new(), whole: found == machines };
        for (machine, on) in problem.machines.iter().enumerate() {
            let mut held = on.loaded;
            let mut read = Vec::new();
            let batches = plan.machines.get(machine).into_iter().flatten();
            for (batch, planned) in batches.enumerate() {
                let spot = BatchSpot { machine, batch };
                entries(problem, BatchPlace::Batch(spot), &planned.parts, faults);
                if planned.parts.is_empty() {
                    faults.push(BatchFault::Empty { spot });
                }
                let Some(material) = material(problem, spot, planned, faults) else {
                    contents.whole = false;
                    continue;
                };
                let change = held.is_some_and(|held| held != material);
                held = Some(material);
                match measured(problem, spot, planned, change, faults) {
                    Some(one) => read.push(one),
                    None => contents.whole = false,
                }
            }
            contents.batches.push(read);
            contents.held.push(held);
        }
        contents
    }
}

/// Indices, order and numbers of copies of a list.
fn entries(
    problem: &BatchProblem,
    place: BatchPlace,
    entries: &[Copies],
    faults: &mut Vec<BatchFault>,
) {
    for (entry, one) in entries.iter().enumerate() {
        if one.part >= problem.parts.len() {
            faults.push(BatchFault::NoSuchPart { place, part: one.part });
        }
        if one.copies == 0 {
            faults.push(BatchFault::NoCopies { place, part: one.part });
        }
        if entry > 0 && entries[entry - 1].part >= one.part {
            faults.push(BatchFault::Unsorted { place, entry });
        }
    }
}

/// The material of a batch, if it can be read, and whether the family may be there.
fn material(
    problem: &BatchProblem,
    spot: BatchSpot,
    planned: &PlannedBatch,
    faults: &mut Vec<BatchFault>,
) -> Option<usize> {
    let families = planned.parts.iter().filter_map(|one| problem.parts.get(one.part));
    let mut families = families.map(|part| part.family);
    let one = families.next()?;
    if let Some(other) = families.find(|other| *other != one) {
        faults.push(BatchFault::Families { spot, one, other });
    }
    // What has started was allowed then; now the machine may be broken.
    let started = spot.batch < begun(problem, spot.machine);
    if !started && !problem.families[one].machines.contains(&spot.machine) {
        faults.push(BatchFault::NotAllowed { spot, family: one });
    }
    Some(problem.families[one].material)
}

/// Size and length of a batch, if all of its parts can be read and are held.
fn measured<'a>(
    problem: &BatchProblem,
    spot: BatchSpot,
    planned: &'a PlannedBatch,
    change: bool,
    faults: &mut Vec<BatchFault>,
) -> Option<Batch<'a>> {
    let machine = &problem.machines[spot.machine];
    let class = &problem.classes[machine.class];
    let mut readable = true;
    let mut loads: Vec<(Load, i128)> = Vec::new();
    for entry in &planned.parts {
        let Some(part) = problem.parts.get(entry.part) else {
            readable = false;
            continue;
        };
        match part.loads[machine.class] {
            Some(load) => loads.push((load, entry.copies.into())),
            None => {
                faults.push(BatchFault::NotHeld { spot, part: entry.part });
                readable = false;
            }
        }
        if way(problem, machine, part.order).is_none() {
            let region = problem.orders[part.order].region;
            faults.push(BatchFault::NoWay { spot, part: entry.part, region });
            readable = false;
        }
    }
    let size: i128 = loads.iter().map(|(load, copies)| i128::from(load.size) * copies).sum();
    let capacity = class.capacity;
    if size > capacity.into() {
        faults.push(BatchFault::Full { spot, size, capacity });
    }
    let add: i128 = loads.iter().map(|(load, copies)| i128::from(load.add) * copies).sum();
    let first = planned.parts.iter().find_map(|entry| problem.parts.get(entry.part));
    let stack = first.map_or(0, |part| stack(problem, part.family, machine.class));
    let highest = loads.iter().map(|(load, _)| i128::from(load.peak)).max().unwrap_or(0);
    let filled = quotient_up(product(stack.into(), size), capacity.into());
    let peak = highest.max(filled);
    let fixed = [class.setup, class.base, class.unload].map(i128::from).iter().sum::<i128>();
    let length = (fixed + add).saturating_add(peak);
    readable.then_some(Batch { spot, planned, change, size, peak, length })
}

/// Every copy once; what is not placed could not have been.
pub(super) fn count(
    printing: &Printing<'_>,
    plan: &BatchPlan,
    contents: &Contents<'_>,
    faults: &mut Vec<BatchFault>,
) {
    let problem = printing.problem;
    entries(problem, BatchPlace::Unplaced, &plan.unplaced, faults);
    let totals = |lists: &mut dyn Iterator<Item = &Copies>| {
        let mut totals = vec![0_u64; problem.parts.len()];
        for one in lists {
            if let Some(total) = totals.get_mut(one.part) {
                *total += u64::from(one.copies);
            }
        }
        totals
    };
    let found = totals(&mut plan.machines.iter().flatten().flat_map(|batch| &batch.parts));
    let unplaced = totals(&mut plan.unplaced.iter());
    let left = Left::of(problem, plan, faults);
    for (part, one) in problem.parts.iter().enumerate() {
        let (found, unplaced, copies) = (found[part], unplaced[part], one.copies);
        if found + unplaced != u64::from(copies) {
            faults.push(BatchFault::Copies { part, found, unplaced, copies });
        }
        let mut machines = printing.machines(part).iter().copied();
        let takes = |machine: &usize| {
            printing.fit(part, *machine, contents.held[*machine]).is_some()
                && left.is_enough(problem, *machine, part)
        };
        if unplaced > 0
            && let Some(machine) = machines.find(takes)
        {
            faults.push(BatchFault::CouldTake { part, machine });
        }
    }
}
