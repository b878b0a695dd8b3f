//! What no plan can undercut.

use platewright_model::batching::{BatchPlan, BatchProblem};

use super::amount::product;
use super::certificate;
use super::contents::{Batch, Contents};
use super::cost::{freight_of_copy, production};
use super::fault::BatchFault;
use super::levels;
use super::present::{begun, rest};
use super::printing::{Fit, Printing, way};

/// Whether the bound of a plan is below its objective, of one level, and proven.
pub(super) fn check(
    problem: &BatchProblem,
    plan: &BatchPlan,
    contents: &Contents<'_>,
    faults: &mut Vec<BatchFault>,
) {
    let bound = plan.bound;
    let objective = levels::sum(&problem.objective, &plan.cost, |_| true);
    if i128::from(bound) > objective {
        faults.push(BatchFault::BoundAboveObjective { bound, objective });
    }
    let rest = rest(problem);
    let printing = &Printing::of(&rest);
    let begun = begun_cost(problem, contents);
    let mut proven = begun.saturating_add(plain_sum(printing));
    if let Some(certificate) = &plan.certificate {
        match certificate::proven(printing, certificate) {
            Ok(more) => proven = proven.max(begun.saturating_add(more)),
            Err(more) => faults.extend(more),
        }
    }
    if i128::from(bound) > proven {
        faults.push(BatchFault::BoundUnproven { bound, proven });
    }
}

/// What started batches cost in every plan, weighted: production, and freight without shipments.
fn begun_cost(problem: &BatchProblem, contents: &Contents<'_>) -> i128 {
    let weights = &problem.objective;
    let begun = |batch: &&Batch<'_>| batch.spot.batch < begun(problem, batch.spot.machine);
    let of = |batch: &Batch<'_>| {
        let machine = &problem.machines[batch.spot.machine];
        let freight = batch.planned.parts.iter().map(|one| {
            let part = &problem.parts[one.part];
            let each = way(problem, machine, part.order);
            let each = each.map_or(0, |way| freight_of_copy(problem, way, part));
            product(product(each, one.copies.into()), weights.freight.into())
        });
        let production = product(production(problem, batch), weights.production.into());
        freight.fold(production, i128::saturating_add)
    };
    contents.batches.iter().flatten().filter(begun).map(of).fold(0, i128::saturating_add)
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
