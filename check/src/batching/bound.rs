//! What no plan can undercut.

use platewright_model::batching::BatchPlan;

use super::amount::product;
use super::certificate;
use super::cost::freight_of_copy;
use super::fault::BatchFault;
use super::printing::{Fit, Printing};

/// Whether the bound of a plan is below its objective and proven.
pub(super) fn check(printing: &Printing<'_>, plan: &BatchPlan, faults: &mut Vec<BatchFault>) {
    let (weights, cost, bound) = (&printing.problem.objective, &plan.cost, plan.bound);
    let objective = [
        (weights.production, cost.production),
        (weights.freight, cost.freight),
        (weights.lateness, cost.lateness),
        (weights.makespan, cost.makespan),
    ];
    let terms = objective.iter().map(|(weight, cost)| i128::from(*weight) * i128::from(*cost));
    let objective = terms.fold(0, i128::saturating_add);
    if i128::from(bound) > objective {
        faults.push(BatchFault::BoundAboveObjective { bound, objective });
    }
    let mut proven = plain_sum(printing);
    if let Some(certificate) = &plan.certificate {
        match certificate::proven(printing, certificate) {
            Ok(more) => proven = proven.max(more),
            Err(more) => faults.extend(more),
        }
    }
    if i128::from(bound) > proven {
        faults.push(BatchFault::BoundUnproven { bound, proven });
    }
}

/// What the copies that every plan prints cost at least, each for itself, without set-up and peak.
///
/// Rounding down each is no more than rounding up the sum of a batch.
pub(super) fn plain_sum(printing: &Printing<'_>) -> i128 {
    let parts = printing.problem.parts.iter().enumerate();
    let sure = parts.filter(|(part, _)| printing.is_sure(*part));
    sure.map(|(part, one)| product(least_of_copy(printing, part), one.copies.into()))
        .fold(0, i128::saturating_add)
}

/// The least that a copy adds to the objective on any machine that may take it.
fn least_of_copy(printing: &Printing<'_>, part: usize) -> i128 {
    let problem = printing.problem;
    let weights = &problem.objective;
    let on = |machine: usize, fit: Fit<'_>| {
        let rate = problem.machines[machine].rate;
        let hours = product(rate.into(), fit.load.add.into()) / i128::from(problem.rate_span);
        let freight = freight_of_copy(problem, fit.way, &problem.parts[part]);
        product(weights.production.into(), hours)
            .saturating_add(product(weights.freight.into(), freight))
    };
    let machines = printing.machines(part).iter();
    machines.filter_map(|&m| Some(on(m, printing.fit_at_first(part, m)?))).min().unwrap_or(0)
}
