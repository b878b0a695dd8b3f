//! A plan that goes on from the present one: what still holds of it stays where it is, and what is
//! new, or has lost its machine, goes where it costs least.

use platewright_model::batching::{BatchPlan, Freeze, PlannedBatch, PresentBatch};

use crate::batching::held::HeldBatch;
use crate::batching::instance::Instance;
use crate::batching::plan::{BatchSet, Plan};
use crate::batching::standing::{Item, Scratch, Standing};

/// A plan as the present one of a problem: what begins before `now` has started, the rest is open.
pub fn in_force(plan: &BatchPlan, now: i64) -> Vec<Vec<PresentBatch>> {
    let of = |batch: &PlannedBatch| PresentBatch {
        parts: batch.parts.clone(),
        start: batch.start,
        end: batch.end,
        freeze: if batch.start < now { Freeze::Start } else { Freeze::Open },
    };
    plan.machines.iter().map(|line| line.iter().map(of).collect()).collect()
}

/// The present plan with all that can be placed, and machines that were touched on the way.
pub(crate) struct Resumed {
    pub(crate) plan: Plan,
    pub(crate) touched: Vec<bool>,
}

/// Goes on from the present plan.
pub(crate) fn resume(inst: &Instance<'_>) -> Resumed {
    let mut plan = Plan::empty(inst);
    let mut touched = vec![false; inst.machines.len()];
    let mut placed = vec![false; inst.copies()];
    let mut stores = inst.stores.amounts.clone();
    let mut homeless = Vec::new();
    for batch in &inst.held.batches {
        let m = batch.machine;
        let stay = staying(inst, &batch.copies, m, &mut stores);
        let whole = stay.len() == batch.copies.len();
        touched[m] |= !whole;
        if batch.freeze > Freeze::Open && !whole {
            homeless.push(Item { copies: batch.copies.clone(), closed: true });
            batch.copies.iter().for_each(|copy| placed[*copy as usize] = true);
        } else if !stay.is_empty() {
            stay.iter().for_each(|copy| placed[*copy as usize] = true);
            plan.lines[m].push(BatchSet { copies: stay });
        }
    }
    let free = (0..inst.copies() as u32).filter(|copy| !placed[*copy as usize]);
    let singles = free.map(|copy| Item { copies: vec![copy], closed: false });
    let mut items: Vec<Item> = homeless.into_iter().chain(singles).collect();
    sort_by_due(inst, &mut items);
    plan.settle(inst);
    let plan = insert(inst, &plan, items, &mut touched);
    Resumed { plan, touched }
}

/// Places what a plan leaves out, as far as there is feedstock for it.
pub(crate) fn fill(inst: &Instance<'_>, plan: &Plan) -> Plan {
    let unplaced = |copy: &u32| plan.at[*copy as usize].is_none();
    let mut left: Vec<u32> = (0..inst.copies() as u32).filter(unplaced).collect();
    if left.is_empty() {
        return plan.clone();
    }
    let whole =
        |batch: &&HeldBatch| batch.freeze > Freeze::Open && batch.copies.iter().all(unplaced);
    let whole = inst.held.batches.iter().filter(whole);
    let mut items: Vec<Item> =
        whole.map(|batch| Item { copies: batch.copies.clone(), closed: true }).collect();
    left.retain(|copy| inst.held.freeze(*copy) == Freeze::Open);
    items.extend(left.into_iter().map(|copy| Item { copies: vec![copy], closed: false }));
    sort_by_due(inst, &mut items);
    insert(inst, plan, items, &mut vec![false; inst.machines.len()])
}

/// Copies of a batch that its machine still takes; all of them where nothing has changed.
fn staying(inst: &Instance<'_>, copies: &[u32], m: usize, stores: &mut [i64]) -> Vec<u32> {
    let mut size = 0_i64;
    let takes = |copy: &u32| {
        let part = inst.part_of[*copy as usize];
        if !inst.takes(part, m) || size + inst.load(part, m).size > inst.machines[m].capacity {
            return false;
        }
        let feed = inst.problem.parts[part as usize].feed;
        if let Some(store) = inst.store(inst.family(part), m) {
            if feed > stores[store] {
                return false;
            }
            stores[store] -= feed;
        }
        size += inst.load(part, m).size;
        true
    };
    copies.iter().copied().filter(takes).collect()
}

/// The most urgent first; whole batches before copies.
fn sort_by_due(inst: &Instance<'_>, items: &mut [Item]) {
    let calm = |copy: &u32| inst.calm(inst.order_of[*copy as usize]);
    items.sort_by_key(|item| {
        (!item.closed, item.copies.iter().map(calm).min(), item.copies.first().copied())
    });
}

/// Puts one item after the other where it costs least.
fn insert(inst: &Instance<'_>, plan: &Plan, items: Vec<Item>, touched: &mut [bool]) -> Plan {
    let mut standing = Standing::new(inst, plan);
    let mut scratch = Scratch::default();
    for item in items {
        if let Some(offer) = standing.best_offer(&item, &mut scratch) {
            touched[offer.machine] = true;
            standing.place(&item, &offer);
        }
    }
    standing.plan()
}
