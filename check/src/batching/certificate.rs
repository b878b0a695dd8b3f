//! What a certificate proves.

use platewright_model::batching::{BatchProblem, Certificate, TimePrice};
use rayon::prelude::*;

use super::amount::{product, quotient_up};
use super::falling::Falling;
use super::fault::BatchFault;
use super::pricing::{Pricing, Span, TooLarge};
use super::printing::Printing;

/// The bound that a certificate proves.
///
/// Sound because batches of a machine do not overlap, and each has `[C − p, C)` between its start
/// and its end: together they pay no more for machine time than all of it costs. Each pays no more
/// than its share of production and freight, which are rounded up, and of lateness, of which the
/// copies of an order carry no more than its weight. So a plan costs at least what its batches
/// pay, less the price of all machine time; and that is at least what its copies earn, less that
/// price. What a plan may leave out earns nothing.
///
/// # Errors
/// [`BatchFault::BadCertificate`] and [`BatchFault::LateShare`] if it cannot be priced,
/// [`BatchFault::Earns`] if a batch may earn more than it pays: the first by machine, family, span.
pub(super) fn proven(
    printing: &Printing<'_>,
    certificate: &Certificate,
) -> Result<i128, Vec<BatchFault>> {
    let problem = printing.problem;
    let mut faults = form(problem, certificate);
    faults.extend(late_shares(problem, certificate));
    if !faults.is_empty() {
        return Err(faults);
    }
    let charged: Option<i128> =
        certificate.time.iter().try_fold(0_i128, |sum, one| sum.checked_add(cost_of(one)?));
    let Some(charged) = charged else { return Err(vec![too_large()]) };
    let machines = (0..problem.machines.len()).into_par_iter();
    let fault = machines.find_map_first(|machine| fault_on(printing, certificate, machine));
    if let Some(fault) = fault {
        return Err(vec![fault]);
    }
    let (span, scale) = (i128::from(problem.rate_span), i128::from(certificate.scale));
    let left = earned(printing, certificate).saturating_sub(charged / span);
    // The objective is whole, so that the bound may be rounded up.
    Ok(quotient_up(left, scale))
}

/// What all copies earn in any plan.
fn earned(printing: &Printing<'_>, certificate: &Certificate) -> i128 {
    let parts = printing.problem.parts.iter().zip(&certificate.parts).enumerate();
    parts
        .map(|(index, (part, price))| {
            let earned = product(price.price.into(), part.copies.into());
            let machines = printing.machines(index).iter();
            let mut may = machines.filter(|m| printing.fit_at_first(index, **m).is_some());
            match (printing.is_sure(index), may.next()) {
                (true, _) => earned,
                (false, Some(_)) => earned.min(0),
                (false, None) => 0,
            }
        })
        .fold(0, i128::saturating_add)
}

/// What is wrong with lists and their order.
fn form(problem: &BatchProblem, certificate: &Certificate) -> Vec<BatchFault> {
    let mut faults = Vec::new();
    let mut bad = |what: String| faults.push(BatchFault::BadCertificate { what });
    let (found, parts) = (certificate.parts.len(), problem.parts.len());
    if found != parts {
        bad(format!("it has prices of {found} parts, of {parts}"));
    }
    if certificate.scale < 1 {
        bad(format!("its scale is {}, which must be at least 1", certificate.scale));
    }
    for (part, price) in certificate.parts.iter().enumerate().filter(|(_, price)| price.late < 0) {
        bad(format!("part {part} carries a lateness of {}", price.late));
    }
    for (index, one) in certificate.time.iter().enumerate() {
        if one.machine >= problem.machines.len() {
            bad(format!("price {index} of time is of machine {}, which is not there", one.machine));
        }
        if one.from >= one.to || one.rate < 0 {
            let TimePrice { from, to, rate, .. } = one;
            bad(format!("price {index} of time is {rate} from {from} to {to}"));
        }
    }
    for (index, pair) in certificate.time.windows(2).enumerate() {
        let (one, next) = (&pair[0], &pair[1]);
        let apart = one.to <= next.from && one.rate >= next.rate;
        if one.machine > next.machine || one.machine == next.machine && !apart {
            bad(format!("price {} of time is out of order, or rises", index + 1));
        }
    }
    if certificate.grid.is_empty() || !certificate.grid.is_sorted_by(|a, b| a < b) {
        bad("its grid is empty or does not rise".to_owned());
    }
    faults
}

/// Orders whose copies carry more lateness than there is.
fn late_shares(problem: &BatchProblem, certificate: &Certificate) -> Vec<BatchFault> {
    let mut rates = vec![0_i128; problem.orders.len()];
    for (part, price) in problem.parts.iter().zip(&certificate.parts) {
        let rate = &mut rates[part.order];
        *rate = rate.saturating_add(product(price.late.into(), part.copies.into()));
    }
    let weight = i128::from(problem.objective.lateness);
    let scale = i128::from(certificate.scale);
    let mosts =
        problem.orders.iter().map(|order| product(product(order.weight.into(), weight), scale));
    let over = rates.into_iter().zip(mosts).enumerate().filter(|(_, (rate, most))| rate > most);
    over.map(|(order, (rate, most))| BatchFault::LateShare { order, rate, most }).collect()
}

/// What is wrong with prices on a machine: a batch that is complete before the grid begins, or one
/// that earns more than it pays.
fn fault_on(
    printing: &Printing<'_>,
    certificate: &Certificate,
    machine: usize,
) -> Option<BatchFault> {
    let families = printing.problem.families.iter().enumerate();
    let families = families.filter(|(_, one)| one.machines.contains(&machine));
    let pricings = families.map(|(family, _)| Pricing::of(printing, certificate, machine, family));
    let Ok(pricings) = pricings.collect::<Result<Vec<_>, TooLarge>>() else {
        return Some(too_large());
    };
    let pricings: Vec<Pricing> = pricings.into_iter().flatten().collect();
    let first = pricings.iter().map(Pricing::first_start).min()?;
    let begins_late = begins_late(certificate, machine, &pricings);
    if begins_late.is_some() {
        return begins_late;
    }
    let prices = certificate.time.iter().filter(|price| price.machine == machine);
    let time = Falling::of(prices, first);
    let spans = spans(&certificate.grid);
    let pairs = pricings.iter().flat_map(|pricing| spans.iter().map(move |span| (pricing, *span)));
    pairs.into_iter().find_map(|(pricing, span)| match pricing.least(span, &time) {
        Err(TooLarge) => Some(too_large()),
        Ok(least) => least.filter(|least| *least < 0).map(|least| BatchFault::Earns {
            machine,
            family: pricing.family,
            after: span.after,
            by: -(least.div_euclid(printing.problem.rate_span).div_euclid(certificate.scale)),
        }),
    })
}

/// Whether a batch may be complete before the grid begins.
fn begins_late(
    certificate: &Certificate,
    machine: usize,
    pricings: &[Pricing],
) -> Option<BatchFault> {
    let first = pricings.iter().map(Pricing::first_completion).min()?;
    let what = format!(
        "its grid begins at {}, but a batch on machine {machine} may be complete at {first}",
        certificate.grid[0]
    );
    (first < certificate.grid[0]).then_some(BatchFault::BadCertificate { what })
}

fn spans(grid: &[i64]) -> Vec<Span> {
    let ends = grid.iter().skip(1).map(|end| Some(*end)).chain([None]);
    grid.iter().zip(ends).map(|(after, by)| Span { after: *after, by }).collect()
}

/// Price of a span of time, times `rate_span`.
fn cost_of(price: &TimePrice) -> Option<i128> {
    let length = i128::from(price.to) - i128::from(price.from);
    i128::from(price.rate).checked_mul(length)
}

fn too_large() -> BatchFault {
    let what = "its amounts, or those of the problem, are too large to be priced".to_owned();
    BatchFault::BadCertificate { what }
}
