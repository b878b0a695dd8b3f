//! Where copies are at present, and which of them stay together.

use platewright_model::batching::{BatchProblem, Freeze};

/// Copies in batches of the present plan, those that have started left out.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Machine of each copy, `NOWHERE` for one that is on none; empty if all are.
    home: Vec<u32>,
    /// Batch of each copy, as a number of `batches`.
    batch_of: Vec<u32>,
    pub(crate) batches: Vec<HeldBatch>,
}

/// A batch of the present plan.
#[derive(Debug)]
pub(crate) struct HeldBatch {
    pub(crate) machine: usize,
    pub(crate) freeze: Freeze,
    pub(crate) copies: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Held {
    /// Gives copies of parts to the batches of the present plan, in order.
    pub(crate) fn new(problem: &BatchProblem, part_of: &[u32]) -> Self {
        if problem.present.iter().all(Vec::is_empty) {
            return Self::default();
        }
        let mut next = vec![u32::MAX; problem.parts.len()];
        for (copy, part) in part_of.iter().enumerate().rev() {
            next[*part as usize] = copy as u32;
        }
        let mut held = Self {
            home: vec![NOWHERE; part_of.len()],
            batch_of: vec![NOWHERE; part_of.len()],
            batches: Vec::new(),
        };
        for (machine, line) in problem.present.iter().enumerate() {
            for batch in line.iter().filter(|batch| batch.freeze < Freeze::Start) {
                let mut copies = Vec::new();
                for entry in &batch.parts {
                    let first = next[entry.part];
                    copies.extend(first..first + entry.copies);
                    next[entry.part] += entry.copies;
                }
                copies.sort_unstable();
                for copy in &copies {
                    held.home[*copy as usize] = machine as u32;
                    held.batch_of[*copy as usize] = held.batches.len() as u32;
                }
                held.batches.push(HeldBatch { machine, freeze: batch.freeze, copies });
            }
        }
        held
    }

    /// The machine on which a copy is at present.
    pub(crate) fn home(&self, copy: u32) -> Option<usize> {
        let home = *self.home.get(copy as usize)?;
        (home != NOWHERE).then_some(home as usize)
    }

    /// How much of the batch of a copy must stay as it is.
    pub(crate) fn freeze(&self, copy: u32) -> Freeze {
        let batch = self.batch_of.get(copy as usize).filter(|batch| **batch != NOWHERE);
        batch.map_or(Freeze::Open, |batch| self.batches[*batch as usize].freeze)
    }

    /// Whether nothing leaves a batch of copies and nothing joins it.
    pub(crate) fn is_closed(&self, copies: &[u32]) -> bool {
        copies.first().is_some_and(|copy| self.freeze(*copy) > Freeze::Open)
    }
}
