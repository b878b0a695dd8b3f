//! Which of two answers is better.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::construct::{Answer, Task};

/// Fewest copies left, those of the highest priority first; then fewest plates; then least on
/// the weakest plate, which is the next to be closed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Score {
    left: Vec<usize>,
    pub(super) beds: usize,
    weakest: f64,
}

impl Score {
    pub(super) fn of(answer: &Answer, task: &Task) -> Self {
        let mut counts: BTreeMap<u32, usize> = task.priority.iter().map(|p| (*p, 0)).collect();
        for item in &answer.left {
            *counts.entry(task.priority[*item]).or_default() += 1;
        }
        let left: Vec<usize> = counts.into_values().rev().collect();
        // With parts left over, the plates are to be fuller, not emptier.
        let pending: f64 = answer.left.iter().map(|item| task.area(*item)).sum();
        let least = answer.beds.iter().map(|b| b.load).fold(f64::INFINITY, f64::min);
        let weakest = if pending > 0.0 { pending } else { least };
        Self { left, beds: answer.beds.len(), weakest }
    }

    /// Whether this score is better than another, or as good.
    pub(super) fn at_least(&self, other: &Self) -> bool {
        self.order(other) != Ordering::Greater
    }

    /// Less is better.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.left
            .cmp(&other.left)
            .then(self.beds.cmp(&other.beds))
            .then(self.weakest.total_cmp(&other.weakest))
    }

    /// Whether every copy has a place.
    pub(super) fn complete(&self) -> bool {
        self.left.iter().all(|n| *n == 0)
    }
}
