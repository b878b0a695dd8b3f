//! A whole plan as lists of copies, and what it costs.

mod read;

use std::collections::BTreeMap;

use platewright_model::batching::{BatchCost, BatchPlan, Copies, PlannedBatch};

use crate::batching::instance::{Instance, ceil_div, missed};

/// Batches of all machines, with the times that follow.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// By machine, in the order of printing.
    pub(crate) lines: Vec<Vec<BatchSet>>,
    /// End of each machine's last batch; 0 without one.
    pub(crate) ends: Vec<i64>,
    /// Machine of each copy and the end of its batch; `None` for what no machine takes.
    pub(crate) at: Vec<Option<(u32, i64)>>,
    /// Weighted cost.
    pub(crate) cost: i64,
}

/// The copies of a batch, sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BatchSet {
    pub(crate) copies: Vec<u32>,
}

/// A batch in time.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: i64,
    end: i64,
}

impl Plan {
    /// No batch anywhere.
    pub(crate) fn empty(inst: &Instance<'_>) -> Self {
        Self {
            lines: vec![Vec::new(); inst.machines.len()],
            ends: vec![0; inst.machines.len()],
            at: vec![None; inst.copies()],
            cost: 0,
        }
    }

    /// Reads a plan of the problem of an instance; none if it is not one.
    pub(crate) fn read(inst: &Instance<'_>, plan: &BatchPlan) -> Option<Self> {
        read::read(inst, plan)
    }

    /// Computes times and cost from nothing but the batches.
    pub(crate) fn settle(&mut self, inst: &Instance<'_>) -> BatchCost {
        let (spans, cost) = evaluate(inst, &self.lines);
        self.at.fill(None);
        for (m, (line, spans)) in self.lines.iter().zip(&spans).enumerate() {
            self.ends[m] = spans.last().map_or(0, |s| s.end);
            for (set, span) in line.iter().zip(spans) {
                for &copy in &set.copies {
                    self.at[copy as usize] = Some((m as u32, span.end));
                }
            }
        }
        self.cost = cost.objective(&inst.problem.objective);
        cost
    }

    /// The plan as others read it.
    pub(crate) fn describe(&self, inst: &Instance<'_>) -> BatchPlan {
        let (spans, cost) = evaluate(inst, &self.lines);
        let machines = self.lines.iter().zip(&spans).enumerate().map(|(m, (line, spans))| {
            let begun = inst.started.as_ref().and_then(|started| started.lines.get(m));
            let batch = |(set, span): (&BatchSet, &Span)| PlannedBatch {
                parts: counted(inst, &set.copies),
                start: span.start,
                end: span.end,
            };
            let rest = line.iter().zip(spans).map(batch);
            begun.into_iter().flatten().cloned().chain(rest).collect()
        });
        let left: Vec<u32> =
            (0..inst.copies() as u32).filter(|c| self.at[*c as usize].is_none()).collect();
        BatchPlan {
            machines: machines.collect(),
            unplaced: counted(inst, &left),
            cost,
            ..BatchPlan::default()
        }
    }
}

/// Copies counted by part, sorted by part.
fn counted(inst: &Instance<'_>, copies: &[u32]) -> Vec<Copies> {
    let mut parts: Vec<usize> = copies.iter().map(|c| inst.part_of[*c as usize] as usize).collect();
    parts.sort_unstable();
    let runs = parts.chunk_by(|a, b| a == b);
    runs.map(|run| Copies { part: run[0], copies: run.len() as u32 }).collect()
}

/// Costs of a plan while it is read.
struct Sums<'i> {
    inst: &'i Instance<'i>,
    cost: BatchCost,
    /// When the last copy of each order arrives that is placed.
    arrives: Vec<i64>,
    /// Orders and the centres that they are shipped from.
    shipped: Vec<(u32, u32)>,
}

impl<'i> Sums<'i> {
    fn new(inst: &'i Instance<'i>) -> Self {
        let orders = 0..inst.problem.orders.len();
        let mut shipped = Vec::new();
        for order in orders.clone().filter(|_| inst.shipments) {
            shipped.extend(inst.shipped_from(order).iter().map(|c| (order as u32, *c)));
        }
        Self {
            inst,
            cost: inst.started.as_ref().map(|started| started.cost).unwrap_or_default(),
            arrives: orders.map(|order| inst.arrived(order)).collect(),
            shipped,
        }
    }

    /// Adds the batches of a machine; when each starts and ends.
    fn line(&mut self, m: usize, line: &[BatchSet]) -> Vec<Span> {
        let inst = self.inst;
        let machine = &inst.machines[m];
        let (mut free, mut held) = (machine.ready, machine.loaded);
        let mut own = Vec::with_capacity(line.len());
        for set in line {
            let (mut size, mut add, mut peak, mut release) = (0, 0, 0, 0);
            for &copy in &set.copies {
                let part = inst.part_of[copy as usize];
                let load = inst.load(part, m);
                (size, add, peak) = (size + load.size, add + load.add, peak.max(load.peak));
                release = release.max(inst.problem.parts[part as usize].release);
            }
            let family = inst.family(inst.part_of[set.copies[0] as usize]);
            let peak = machine.peak(inst.stack(family, m), peak, size);
            let length = machine.fixed + add + peak;
            let material = inst.problem.families[family].material as u32;
            let (start, end, change) =
                machine.span_after(free.max(release), held, material, length);
            self.cost.production += inst.batch_price(m, length, peak, size);
            if change {
                self.cost.production += machine.changeover_cost;
            }
            for &copy in &set.copies {
                let (part, order) = (inst.part_of[copy as usize], inst.order_of[copy as usize]);
                self.cost.freight += inst.freight_price(part, m);
                let arrives = &mut self.arrives[order as usize];
                *arrives = (*arrives).max(end + inst.tail(part, m));
                if inst.shipments {
                    self.shipped.push((order, machine.centre as u32));
                }
            }
            own.push(Span { start, end });
            (free, held) = (end, material);
            self.cost.makespan = self.cost.makespan.max(end);
        }
        own
    }

    /// What is known when all machines are read.
    fn finish(mut self, lines: &[Vec<BatchSet>]) -> BatchCost {
        let problem = &self.inst.problem;
        self.shipped.sort_unstable();
        self.shipped.dedup();
        for shipments in self.shipped.chunk_by(|a, b| a.0 == b.0) {
            let of = |s: &(u32, u32)| self.inst.shipment_price(s.0, s.1 as usize);
            let apart = problem.orders[shipments[0].0 as usize].apart;
            let further = shipments.len() as i64 - 1;
            self.cost.freight += shipments.iter().map(of).sum::<i64>() + further * apart;
        }
        for (order, arrives) in problem.orders.iter().zip(&self.arrives) {
            if let Some(due) = order.due.filter(|due| arrives > due) {
                self.cost.late_orders += 1;
                self.cost.lateness += ceil_div(order.weight * (arrives - due), problem.rate_span);
            }
            let (cost, promise, deadline) = missed(order, *arrives);
            self.cost.missed += cost;
            self.cost.broken_promises += u64::from(promise);
            self.cost.missed_deadlines += u64::from(deadline);
        }
        self.cost.moved = moved(self.inst, lines);
        self.cost
    }
}

fn evaluate(inst: &Instance<'_>, lines: &[Vec<BatchSet>]) -> (Vec<Vec<Span>>, BatchCost) {
    let mut sums = Sums::new(inst);
    let spans = lines.iter().enumerate().map(|(m, line)| sums.line(m, line)).collect();
    (spans, sums.finish(lines))
}

/// Copies that leave their batch: of each present batch, those that are not in the batch of its
/// machine that holds most of it.
fn moved(inst: &Instance<'_>, lines: &[Vec<BatchSet>]) -> i64 {
    let part = |copy: &u32| inst.part_of[*copy as usize];
    let counted = |copies: &[u32]| {
        let mut counts: BTreeMap<u32, i64> = BTreeMap::new();
        copies.iter().for_each(|copy| *counts.entry(part(copy)).or_default() += 1);
        counts
    };
    let mut now: Vec<Option<Vec<BTreeMap<u32, i64>>>> = vec![None; lines.len()];
    let mut sum = 0;
    for batch in &inst.held.batches {
        let line = now[batch.machine].get_or_insert_with(|| {
            lines[batch.machine].iter().map(|set| counted(&set.copies)).collect()
        });
        let own = counted(&batch.copies);
        let shared = |other: &BTreeMap<u32, i64>| {
            own.iter().map(|(p, n)| *n.min(other.get(p).unwrap_or(&0))).sum::<i64>()
        };
        sum += batch.copies.len() as i64 - line.iter().map(shared).max().unwrap_or(0);
    }
    sum
}
