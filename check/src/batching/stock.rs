//! Feedstock: what batches that have not started take of it.

use std::collections::BTreeMap;

use platewright_model::batching::{BatchPlan, BatchProblem};

use super::fault::BatchFault;
use super::present::begun;

/// Feedstock that a plan leaves.
pub(super) struct Left {
    /// By centre and material, where there is not any amount.
    amounts: BTreeMap<(usize, usize), i128>,
    /// Whether copies may be left out as their batch has to stay together.
    closed: bool,
}

impl Left {
    /// Of a plan; tells where it takes more than there is.
    pub(super) fn of(
        problem: &BatchProblem,
        plan: &BatchPlan,
        faults: &mut Vec<BatchFault>,
    ) -> Self {
        let stock = problem.stock.iter();
        let mut amounts: BTreeMap<(usize, usize), i128> =
            stock.map(|s| ((s.centre, s.material), s.amount.into())).collect();
        for (machine, line) in plan.machines.iter().enumerate().take(problem.machines.len()) {
            for one in line.iter().skip(begun(problem, machine)).flat_map(|b| &b.parts) {
                let Some(part) = problem.parts.get(one.part) else { continue };
                let material = problem.families[part.family].material;
                let key = (problem.machines[machine].centre, material);
                if let Some(left) = amounts.get_mut(&key) {
                    *left -= i128::from(part.feed) * i128::from(one.copies);
                }
            }
        }
        for (&(centre, material), left) in amounts.iter().filter(|(_, left)| **left < 0) {
            faults.push(BatchFault::Stock { centre, material, missing: -left });
        }
        Self { amounts, closed: is_closed(problem) }
    }

    /// Whether there is enough left for a copy of a part on a machine. Where a batch has to stay
    /// together, what is enough for a copy may not be enough for it.
    pub(super) fn is_enough(&self, problem: &BatchProblem, machine: usize, part: usize) -> bool {
        let one = &problem.parts[part];
        let material = problem.families[one.family].material;
        let left = self.amounts.get(&(problem.machines[machine].centre, material));
        left.is_none_or(|left| !self.closed && i128::from(one.feed) <= *left)
    }
}

/// Whether some batch has to stay together, so that copies may be left out with others.
fn is_closed(problem: &BatchProblem) -> bool {
    problem.present.iter().flatten().any(|batch| batch.freeze > Default::default())
}

/// Whether there is surely enough feedstock for a part on a machine: enough for all parts of the
/// material. What needs none is left out only with others that do.
pub(super) fn is_plenty(problem: &BatchProblem, part: usize, machine: usize) -> bool {
    let family = &problem.families[problem.parts[part].family];
    if problem.stock.is_empty() || problem.parts[part].feed == 0 && !is_closed(problem) {
        return true;
    }
    let of =
        problem.parts.iter().filter(|p| problem.families[p.family].material == family.material);
    let all: i128 = of.map(|p| i128::from(p.feed) * i128::from(p.copies)).sum();
    let store = (problem.machines[machine].centre, family.material);
    let mut stock = problem.stock.iter().filter(|s| (s.centre, s.material) == store);
    stock.all(|s| i128::from(s.amount) >= all)
}
