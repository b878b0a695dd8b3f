//! A plan as others wrote it.

use std::collections::BTreeMap;

use platewright_model::batching::{BatchPlan, Copies, Freeze, PlannedBatch};

use crate::batching::instance::Instance;
use crate::batching::plan::{BatchSet, Plan, counted};

/// Reads a plan; none if it is not one of the problem of the instance. Times follow from batches.
pub(super) fn read(inst: &Instance<'_>, plan: &BatchPlan) -> Option<Plan> {
    if plan.machines.len() != inst.machines.len() {
        return None;
    }
    let mut given = Given::new(inst);
    let mut out = Plan::empty(inst);
    let mut open: Vec<(usize, usize, &[Copies])> = Vec::new();
    for (m, line) in plan.machines.iter().enumerate() {
        let begun = inst.started.as_ref().map_or(&[][..], |started| &started.lines[m]);
        if !line.starts_with(begun) {
            return None;
        }
        for (place, batch) in line[begun.len()..].iter().enumerate() {
            let closed = given.closed(batch);
            if closed.is_none() {
                open.push((m, place, &batch.parts));
            }
            out.lines[m].push(BatchSet { copies: closed.unwrap_or_default() });
        }
    }
    for (m, place, parts) in open {
        out.lines[m][place].copies = given.open(parts)?;
    }
    for (m, line) in out.lines.iter().enumerate() {
        if !line.iter().all(|set| holds(inst, m, &set.copies)) {
            return None;
        }
    }
    out.settle(inst);
    Some(out)
}

/// Copies that are given to batches.
struct Given<'i> {
    inst: &'i Instance<'i>,
    /// Closed batches of the present plan that are not given yet, by what is in them.
    closed: BTreeMap<Vec<(usize, u32)>, Vec<usize>>,
    /// Copies of each part that are not given yet, the next last.
    open: Vec<Vec<u32>>,
}

impl<'i> Given<'i> {
    fn new(inst: &'i Instance<'i>) -> Self {
        let mut open = vec![Vec::new(); inst.problem.parts.len()];
        for copy in (0..inst.copies() as u32).rev() {
            if inst.held.freeze(copy) == Freeze::Open {
                open[inst.part_of[copy as usize] as usize].push(copy);
            }
        }
        let mut closed: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (b, batch) in inst.held.batches.iter().enumerate().rev() {
            if batch.freeze > Freeze::Open {
                closed.entry(key(&counted(inst, &batch.copies))).or_default().push(b);
            }
        }
        Self { inst, closed, open }
    }

    /// Copies of a batch that is closed in the present plan.
    fn closed(&mut self, batch: &PlannedBatch) -> Option<Vec<u32>> {
        let held = self.closed.get_mut(&key(&batch.parts))?.pop()?;
        Some(self.inst.held.batches[held].copies.clone())
    }

    /// Copies for counts of parts, if there are as many left.
    fn open(&mut self, parts: &[Copies]) -> Option<Vec<u32>> {
        let mut copies = Vec::new();
        for one in parts {
            let left = self.open.get_mut(one.part)?;
            let kept = left.len().checked_sub(one.copies as usize)?;
            copies.extend(left.drain(kept..));
        }
        copies.sort_unstable();
        Some(copies)
    }
}

fn key(parts: &[Copies]) -> Vec<(usize, u32)> {
    parts.iter().map(|one| (one.part, one.copies)).collect()
}

/// Whether a machine holds copies as a batch.
fn holds(inst: &Instance<'_>, machine: usize, copies: &[u32]) -> bool {
    let parts = || copies.iter().map(|copy| inst.part_of[*copy as usize]);
    let mut families = parts().map(|part| inst.family(part));
    let Some(first) = families.next() else { return false };
    families.all(|family| family == first)
        && parts().all(|part| inst.takes(part, machine))
        && parts().map(|part| inst.load(part, machine).size).sum::<i64>()
            <= inst.machines[machine].capacity
}
