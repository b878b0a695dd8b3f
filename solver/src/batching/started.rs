//! What has started stays as it is; the rest is planned around it.

use std::borrow::Cow;

use platewright_model::batching::{BatchCost, BatchProblem, Freeze, PlannedBatch, PresentBatch};

use crate::batching::instance::{Instance, NO_TIME};

/// What has started.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    /// Started batches by machine.
    pub(crate) lines: Vec<Vec<PlannedBatch>>,
    /// Their production and freight, without shipments, and their last end.
    pub(crate) cost: BatchCost,
    /// When the last started copy of each order arrives.
    pub(crate) arrivals: Vec<i64>,
    /// Centres that started copies of each order are shipped from.
    pub(crate) centres: Vec<Vec<u32>>,
}

impl Started {
    /// What has started of a problem without fault, and the problem of the rest: fewer copies,
    /// machines that are free later. None if nothing has.
    pub(crate) fn split(problem: &BatchProblem) -> Option<(Self, BatchProblem)> {
        let begun = |batch: &&PresentBatch| batch.freeze == Freeze::Start;
        if !problem.present.iter().flatten().any(|batch| begun(&batch)) {
            return None;
        }
        let mut started = Self {
            lines: Vec::new(),
            cost: BatchCost::default(),
            arrivals: vec![NO_TIME; problem.orders.len()],
            centres: vec![Vec::new(); problem.orders.len()],
        };
        let planned = |batch: &PresentBatch| PlannedBatch {
            parts: batch.parts.clone(),
            start: batch.start,
            end: batch.end,
        };
        let line = |line: &Vec<PresentBatch>| line.iter().filter(begun).map(planned).collect();
        started.lines = problem.present.iter().map(line).collect();
        started.count(problem);
        let mut rest = problem.clone();
        for line in &mut rest.present {
            line.retain(|batch| batch.freeze != Freeze::Start);
        }
        for (m, line) in started.lines.iter().enumerate() {
            let Some(last) = line.last() else { continue };
            let machine = &mut rest.machines[m];
            machine.ready = machine.ready.max(last.end);
            machine.loaded = Some(problem.families[family(problem, last)].material);
            for copies in line.iter().flat_map(|batch| &batch.parts) {
                rest.parts[copies.part].copies -= copies.copies;
            }
        }
        Some((started, rest))
    }

    /// Adds up what started batches cost and when they arrive.
    fn count(&mut self, problem: &BatchProblem) {
        let inst = Instance::whole(Cow::Borrowed(problem));
        for (m, line) in self.lines.iter().enumerate() {
            let mut held = inst.machines[m].loaded;
            for batch in line {
                let material = problem.families[family(problem, batch)].material as u32;
                let copies = batch.parts.iter().map(|c| (c.part as u32, i64::from(c.copies)));
                self.cost.production += inst.price_of(m, copies, held, material);
                held = material;
                self.cost.makespan = self.cost.makespan.max(batch.end);
                for copies in &batch.parts {
                    let part = copies.part as u32;
                    let order = problem.parts[copies.part].order;
                    self.cost.freight += i64::from(copies.copies) * inst.freight_price(part, m);
                    let arrival = batch.end + inst.tail(part, m);
                    self.arrivals[order] = self.arrivals[order].max(arrival);
                    let centre = inst.machines[m].centre as u32;
                    if let Err(at) = self.centres[order].binary_search(&centre) {
                        self.centres[order].insert(at, centre);
                    }
                }
            }
        }
    }
}

/// Family of a batch that is not empty.
fn family(problem: &BatchProblem, batch: &PlannedBatch) -> usize {
    problem.parts[batch.parts[0].part].family
}
