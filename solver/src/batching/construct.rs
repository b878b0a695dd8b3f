//! A first plan in seconds, for any size.
//!
//! Copies come in order of due date, cut into windows, and within a window those of the greatest
//! peak first, so that a batch holds copies of like peaks. Each goes where it costs least if every
//! copy pays its share of a full batch: what a copy costs alone would send it to any batch that is
//! there already, what it adds to one to the machine that is filled first. How wide windows should
//! be and how much a new batch is to be shunned depends on the problem, so that plans are made in
//! several manners and the cheapest is kept.

mod offer;

use std::cmp::Reverse;

use rayon::prelude::*;

use self::offer::{Line, Offer, Visitor};
use crate::batching::instance::Instance;
use crate::batching::plan::{BatchSet, Plan};

/// How a plan is made.
#[derive(Clone, Copy)]
struct Manner {
    /// Windows into which copies in order of due date are cut; none for no order but that.
    windows: usize,
    prices: Prices,
}

/// What is held to cost something beside what is paid.
#[derive(Clone, Copy)]
struct Prices {
    /// Part of the room of a new batch that is held to stay empty.
    waste: f64,
    /// What time of a machine costs beyond its rate, as what is printed later waits for it; in
    /// parts of the rate.
    waiting: f64,
}

/// First of all, windows are tried with these prices; then others with the best windows.
const PRICES: Prices = Prices { waste: 0.3, waiting: 0.2 };
const WASTES: [f64; 3] = [0.03, 0.1, 0.5];
const WAITINGS: [f64; 2] = [0.0, 0.5];

/// Windows, in parts of the batches that a machine prints one after the other.
const WINDOWS: [f64; 3] = [0.5, 1.0, 2.0];

/// A plan that prints what can be printed, settled. Works in the calling thread's rayon pool.
pub(crate) fn construct(inst: &Instance<'_>) -> Plan {
    let queue = Queue::new(inst);
    let best = |manners: Vec<Manner>| {
        let made = manners.into_par_iter().map(|manner| (queue.plan(manner), manner));
        made.collect::<Vec<_>>().into_iter().min_by_key(|(plan, _)| rank(plan))
    };
    let windows = queue.windows().into_iter();
    let first = windows.map(|windows| Manner { windows, prices: PRICES }).collect();
    let Some((mut plan, mut manner)) = best(first) else { return Plan::empty(inst) };
    for others in [
        WASTES.map(|waste| Prices { waste, ..manner.prices }).as_slice(),
        WAITINGS.map(|waiting| Prices { waiting, ..manner.prices }).as_slice(),
    ] {
        let others = others.iter().map(|prices| Manner { prices: *prices, ..manner }).collect();
        if let Some((other, by)) = best(others)
            && rank(&other) < rank(&plan)
        {
            (plan, manner) = (other, by);
        }
    }
    plan
}

/// Fewest copies left out, then least cost.
fn rank(plan: &Plan) -> (usize, i64) {
    (plan.at.iter().filter(|at| at.is_none()).count(), plan.cost)
}

/// Copies that wait to be placed.
struct Queue<'i> {
    inst: &'i Instance<'i>,
    /// In order of due date.
    copies: Vec<u32>,
    /// By copy, the least peak that a machine gives it.
    peaks: Vec<i64>,
}

impl<'i> Queue<'i> {
    fn new(inst: &'i Instance<'i>) -> Self {
        let mut copies: Vec<u32> = (0..inst.copies() as u32).collect();
        let due = |c: u32| inst.problem.orders[inst.order_of[c as usize] as usize].due;
        copies.sort_by_key(|&c| (due(c).unwrap_or(i64::MAX), c));
        let by_part: Vec<i64> = (0..inst.problem.parts.len())
            .map(|part| {
                let loads = inst.problem.parts[part].loads.iter().flatten();
                loads.map(|load| load.peak).min().unwrap_or(0)
            })
            .collect();
        let peaks = inst.part_of.iter().map(|part| by_part[*part as usize]).collect();
        Self { inst, copies, peaks }
    }

    /// Numbers of windows that are worth a trial: none, one, and as many as suit the batches that
    /// a machine prints one after the other.
    fn windows(&self) -> Vec<usize> {
        let inst = self.inst;
        let share = |copy: &u32| {
            let part = inst.part_of[*copy as usize];
            let machines = inst.machines_of[inst.family(part)].iter().map(|m| *m as usize);
            let of = |m: usize| inst.share(part, m);
            machines.filter(|m| inst.takes(part, *m)).map(of).min_by(f64::total_cmp)
        };
        let batches: f64 =
            self.copies.par_iter().filter_map(share).collect::<Vec<_>>().iter().sum();
        let line = batches / inst.machines.len().max(1) as f64;
        let dated = inst.problem.orders.iter().any(|order| order.due.is_some());
        let parts = WINDOWS.map(|part| (line * part).ceil() as usize);
        let mut windows = vec![0, 1];
        windows.extend(parts.into_iter().filter(|n| *n > 1 && dated));
        windows.sort_unstable();
        windows.dedup();
        windows
    }

    /// The copies in the order of a number of windows.
    fn sorted(&self, windows: usize) -> Vec<u32> {
        let mut copies = self.copies.clone();
        if windows > 0 && !copies.is_empty() {
            let size = copies.len().div_ceil(windows);
            for window in copies.chunks_mut(size) {
                window.sort_by_key(|&c| (Reverse(self.peaks[c as usize]), c));
            }
        }
        copies
    }

    /// Each copy where it costs least; what no machine takes is left out.
    fn plan(&self, manner: Manner) -> Plan {
        let inst = self.inst;
        let mut plan = Plan::empty(inst);
        let mut lines: Vec<Line> = (0..inst.machines.len()).map(|m| Line::new(inst, m)).collect();
        let mut stores = inst.stores.amounts.clone();
        let mut shipped: Vec<Vec<u32>> = vec![Vec::new(); inst.problem.orders.len()];
        for copy in self.sorted(manner.windows) {
            let part = inst.part_of[copy as usize];
            let feed = inst.problem.parts[part as usize].feed;
            let store = |m: usize| inst.store(inst.family(part), m);
            let fed = |m: usize| store(m).is_none_or(|store| feed <= stores[store]);
            let order = inst.order_of[copy as usize] as usize;
            let visitor = Visitor::new(inst, copy, &shipped[order], manner.prices);
            if let Some(best) = visitor.best(&lines, fed) {
                let m = best.machine;
                if let Some(store) = store(m) {
                    stores[store] -= feed;
                }
                let centre = inst.machines[m].centre as u32;
                if inst.shipments && !shipped[order].contains(&centre) {
                    shipped[order].push(centre);
                }
                put(inst, &mut lines[m], &mut plan.lines[m], copy, &best);
            }
        }
        for set in plan.lines.iter_mut().flatten() {
            set.copies.sort_unstable();
        }
        plan.settle(inst);
        plan
    }
}

fn put(
    inst: &Instance<'_>,
    line: &mut Line,
    batches: &mut Vec<BatchSet>,
    copy: u32,
    offer: &Offer,
) {
    match line.take(inst, copy, offer, batches.len()) {
        Some(index) => batches[index].copies.push(copy),
        None => batches.push(BatchSet { copies: vec![copy] }),
    }
}
