//! A whole plan as lists of copies, and what it costs.

use platewright_model::batching::{BatchCost, BatchPlan, Copies, PlannedBatch};

use crate::batching::instance::{Instance, ceil_div};

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
        let machines = self.lines.iter().zip(&spans).map(|(line, spans)| {
            let batch = |(set, span): (&BatchSet, &Span)| PlannedBatch {
                parts: counted(inst, &set.copies),
                start: span.start,
                end: span.end,
            };
            line.iter().zip(spans).map(batch).collect()
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

fn evaluate(inst: &Instance<'_>, lines: &[Vec<BatchSet>]) -> (Vec<Vec<Span>>, BatchCost) {
    let mut cost = BatchCost::default();
    let mut arrives: Vec<Option<i64>> = vec![None; inst.problem.orders.len()];
    let mut shipped: Vec<(u32, usize)> = Vec::new();
    let mut spans = Vec::with_capacity(lines.len());
    for (m, line) in lines.iter().enumerate() {
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
            cost.production += inst.batch_price(m, length, peak);
            if change {
                cost.production += machine.changeover_cost;
            }
            for &copy in &set.copies {
                let (part, order) = (inst.part_of[copy as usize], inst.order_of[copy as usize]);
                cost.freight += inst.freight_price(part, m);
                let arrival = Some(end + inst.tail(part, m));
                arrives[order as usize] = arrives[order as usize].max(arrival);
                if inst.shipments {
                    shipped.push((order, machine.centre));
                }
            }
            own.push(Span { start, end });
            (free, held) = (end, material);
            cost.makespan = cost.makespan.max(end);
        }
        spans.push(own);
    }
    shipped.sort_unstable();
    shipped.dedup();
    cost.freight += shipped.iter().map(|s| inst.shipment_price(s.0, s.1)).sum::<i64>();
    for (order, arrives) in inst.problem.orders.iter().zip(arrives) {
        if let (Some(due), Some(arrives)) = (order.due, arrives)
            && arrives > due
        {
            cost.late_orders += 1;
            cost.lateness += ceil_div(order.weight * (arrives - due), inst.problem.rate_span);
        }
    }
    (spans, cost)
}
