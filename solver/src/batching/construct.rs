//! A first plan in seconds, for any size.

use crate::batching::instance::{Instance, NO_MATERIAL};
use crate::batching::plan::{BatchSet, Plan};

/// Batches of a family on a machine that may still take copies: the last that were opened, so that
/// a copy looks at a fixed number of places on each machine, however many batches there are.
const OPEN_MOST: usize = 6;

/// Money that a unit of machine time is held to be worth beyond its rate, in parts of the rate:
/// what is printed later waits for it.
const WAITING: i64 = 5;

/// A batch while it is filled.
#[derive(Clone, Copy)]
struct Open {
    index: usize,
    size: i64,
    peak: i64,
    bits: u128,
}

/// A machine while it is filled.
struct Line {
    end: i64,
    held: u32,
    /// By family, the oldest first.
    open: Vec<Vec<Open>>,
}

/// Where a copy would go.
#[derive(Clone, Copy)]
struct Offer {
    cost: i64,
    machine: usize,
    /// Place in the open batches of its family; none for a new batch.
    open: Option<usize>,
    longer: i64,
}

/// The earliest due first, each copy where it adds least: to a batch that has room, or to a new
/// one at the end of a machine. What no machine takes is left out.
pub(crate) fn construct(inst: &Instance<'_>) -> Plan {
    let mut plan = Plan::empty(inst);
    let families = inst.problem.families.len();
    let mut lines: Vec<Line> = inst
        .machines
        .iter()
        .map(|m| Line { end: m.ready, held: m.loaded, open: vec![Vec::new(); families] })
        .collect();
    let mut copies: Vec<u32> = (0..inst.copies() as u32).collect();
    let due = |c: u32| inst.problem.orders[inst.order_of[c as usize] as usize].due;
    copies.sort_by_key(|&c| (due(c).unwrap_or(i64::MAX), c));
    let mut stores = inst.stores.amounts.clone();
    for c in copies {
        let part = inst.part_of[c as usize];
        let machines = inst.machines_of[inst.family(part)].iter().map(|m| *m as usize);
        let feed = inst.problem.parts[part as usize].feed;
        let store = |m: usize| inst.store(inst.family(part), m);
        let fed = |m: usize| store(m).is_none_or(|store| feed <= stores[store]);
        let taking = machines.filter(|m| inst.takes(part, *m) && fed(*m));
        let offers = taking.filter_map(|m| offer(inst, &lines[m], c, m));
        if let Some(best) = offers.min_by_key(|offer| offer.cost) {
            if let Some(store) = store(best.machine) {
                stores[store] -= feed;
            }
            put(inst, &mut lines[best.machine], &mut plan.lines[best.machine], c, &best);
        }
    }
    for set in plan.lines.iter_mut().flatten() {
        set.copies.sort_unstable();
    }
    plan
}

/// The best place of a copy on a machine that takes it.
fn offer(inst: &Instance<'_>, line: &Line, copy: u32, machine: usize) -> Option<Offer> {
    let part = inst.part_of[copy as usize];
    let m = &inst.machines[machine];
    let load = inst.load(part, machine);
    let family = inst.family(part);
    let order = inst.order_of[copy as usize];
    let late = |arrives| inst.order_cost(order, arrives);
    let tail = inst.tail(part, machine);
    let release = inst.problem.parts[part as usize].release;
    let price = |longer: i64, higher: i64, fixed: i64| {
        let production = inst.batch_cost(machine, longer, higher, m.least);
        let end = line.end.max(release) + longer;
        production + production / WAITING + fixed + late(end + tail)
    };
    let (freight, stack) = (inst.freight(part, machine), inst.stack(family, machine));
    let to_open = line.open[family].iter().enumerate().filter_map(|(k, b)| {
        let size = b.size + load.size;
        let higher = m.peak(stack, b.peak.max(load.peak), size) - m.peak(stack, b.peak, b.size);
        let longer = load.add + higher;
        let no_batch = inst.problem.objective.production * m.per_batch;
        let cost = freight + price(longer, higher, -no_batch);
        let may = size <= m.capacity && inst.may_share(b.bits | inst.bit(copy));
        may.then_some(Offer { cost, machine, open: Some(k), longer })
    });
    let material = inst.problem.families[family].material as u32;
    let change = line.held != NO_MATERIAL && line.held != material;
    let peak = m.peak(stack, load.peak, load.size);
    let longer = m.fixed + load.add + peak + if change { m.changeover } else { 0 };
    let fixed = if change { inst.problem.objective.production * m.changeover_cost } else { 0 };
    let new = Offer { cost: freight + price(longer, peak, fixed), machine, open: None, longer };
    to_open.chain([new]).min_by_key(|offer| offer.cost)
}

fn put(
    inst: &Instance<'_>,
    line: &mut Line,
    batches: &mut Vec<BatchSet>,
    copy: u32,
    offer: &Offer,
) {
    let part = inst.part_of[copy as usize];
    let (load, family) = (inst.load(part, offer.machine), inst.family(part));
    let open = &mut line.open[family];
    match offer.open {
        Some(k) => {
            let b = &mut open[k];
            (b.size, b.peak) = (b.size + load.size, b.peak.max(load.peak));
            b.bits |= inst.bit(copy);
            batches[b.index].copies.push(copy);
        }
        None => {
            if open.len() == OPEN_MOST {
                open.remove(0);
            }
            let bits = inst.bit(copy);
            open.push(Open { index: batches.len(), size: load.size, peak: load.peak, bits });
            batches.push(BatchSet { copies: vec![copy] });
            line.held = inst.problem.families[family].material as u32;
        }
    }
    line.end += offer.longer;
}
