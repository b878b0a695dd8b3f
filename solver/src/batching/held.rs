//! Where copies are at present, and which of them stay together.

use std::collections::BTreeMap;

use platewright_model::batching::{BatchProblem, Freeze};

/// Copies in batches of the present plan, those that have started left out.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Batch of each copy, as a number of `batches`; `NOWHERE` for one that is in none; empty if
    /// all are.
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
        let mut held = Self { batch_of: vec![NOWHERE; part_of.len()], batches: Vec::new() };
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
                    held.batch_of[*copy as usize] = held.batches.len() as u32;
                }
                held.batches.push(HeldBatch { machine, freeze: batch.freeze, copies });
            }
        }
        held
    }

    /// The batch in which a copy is at present.
    pub(crate) fn batch(&self, copy: u32) -> Option<usize> {
        let batch = *self.batch_of.get(copy as usize)?;
        (batch != NOWHERE).then_some(batch as usize)
    }

    /// By present batch, which set of copies of its machine holds most of it, the first of equals;
    /// none where no set holds any.
    pub(crate) fn kept<'s>(
        &self,
        machine: usize,
        sets: impl Iterator<Item = &'s [u32]>,
    ) -> Vec<(usize, usize)> {
        let mut most: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (index, copies) in sets.enumerate() {
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            let own = copies.iter().filter_map(|copy| self.batch(*copy));
            own.for_each(|batch| *counts.entry(batch).or_default() += 1);
            for (batch, count) in counts {
                if self.batches[batch].machine != machine {
                    continue;
                }
                let best = most.entry(batch).or_insert((0, index));
                if count > best.0 {
                    *best = (count, index);
                }
            }
        }
        most.into_iter().map(|(batch, (_, index))| (batch, index)).collect()
    }

    /// How much of the batch of a copy must stay as it is.
    pub(crate) fn freeze(&self, copy: u32) -> Freeze {
        self.batch(copy).map_or(Freeze::Open, |batch| self.batches[batch].freeze)
    }

    /// Whether nothing leaves a batch of copies and nothing joins it.
    pub(crate) fn is_closed(&self, copies: &[u32]) -> bool {
        copies.first().is_some_and(|copy| self.freeze(*copy) > Freeze::Open)
    }
}
