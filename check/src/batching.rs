//! Batch schedules, checked in whole numbers.

mod amount;
mod bound;
mod certificate;
mod contents;
mod cost;
mod falling;
mod fault;
mod hours;
mod levels;
mod present;
mod pricing;
mod printing;
mod problem;
mod stock;
#[cfg(test)]
mod tests;
mod times;

use platewright_model::batching::{BatchPlan, BatchProblem};

use self::contents::Contents;
pub use self::fault::{BatchFault, BatchPlace, BatchSpot};
use self::printing::Printing;

/// Everything that is wrong with a batch plan; nothing if every copy that a machine can take is
/// printed once, each batch is one that its machine and its times allow, what is frozen is as it
/// was, feedstock suffices, and costs and bound are what they are said to be. All is decided in
/// whole numbers.
///
/// A machine can take a part if the family allows it, its class holds a copy alone, its centre
/// serves the region, and set-up (with the change of material from what the machine holds after
/// its last batch) and unloading each fit into a staffed span. Staffed spans are closed and may
/// touch: work of no time still waits for people, and may begin as they leave.
///
/// Any start is allowed from the machine's first time, the end of the batch before and the
/// release of all parts on; given the start, the end follows. `end − start` without a calendar is
/// the length of the batch and the change of material; the length alone (set-up, base, Σ add,
/// peak, unloading) is what production costs.
///
/// # The present plan
///
/// What has started must be in the plan as it was, first on its machine; neither its times nor its
/// feedstock are looked at. A batch that has to stay together, or on its machine, must be in the
/// plan with the same copies, unless no machine (or not that one) could take all of it even from
/// another material. Copies may be left out that no machine can take with the feedstock that is
/// left; where batches have to stay together and feedstock is short, no more is asked.
///
/// # The bound
///
/// What has started is taken out of the problem, and its production and freight are added to what
/// is proven of the rest. Copies for which feedstock may be short are not held to be printed.
///
/// Of an objective with levels, it is a bound on the first level, as if no other term had a weight.
/// What each level costs must be what the plan says.
///
/// A bound must not exceed the objective, and must be proven: by the plain sum, or by the
/// certificate. The plain sum is over all copies that every plan prints, of the least over the
/// machines that may take the part, of
/// `weights.production · ⌊rate · add / rate_span⌋ + weights.freight · (per_part + ⌈per_mass · mass
/// / mass_span⌉)`; nothing for set-up, peaks, shipments, lateness and the makespan. A machine may
/// take a part here if it could as its first batch, from the material that it holds at first.
/// (A part that only fits machines that hold nothing, and that can never change material once
/// they do, may be shut out by others: it counts 0.)
///
/// A certificate is priced anew for each machine, span of completions and family. Left out of a
/// span are parts that cannot be complete by its end even alone and at once after their release
/// and the machine's first time. Sizes are exact up to a capacity of 16,384 (after division by
/// their greatest common divisor); beyond, they are rounded down to quanta of that number. Prices
/// of time count as far as they fall from the first possible start on: not beyond a gap. For each
/// greatest peak, one tangent must show that no batch earns more than it pays; those of all the
/// rates within reach are tried, and some between. If any batch may earn more, the certificate
/// proves nothing. The makespan counts 0 in it.
///
/// Pricing is the slow part: O(parts · capacity) for each machine, span and tangent.
pub fn check_batches(problem: &BatchProblem, plan: &BatchPlan) -> Vec<BatchFault> {
    let bad = problem::faults(problem);
    if !bad.is_empty() {
        return bad;
    }
    let mut faults = Vec::new();
    let printing = Printing::of(problem);
    let contents = Contents::read(problem, plan, &mut faults);
    contents::count(&printing, plan, &contents, &mut faults);
    present::check(&printing, plan, &mut faults);
    times::check(problem, plan, &contents, &mut faults);
    // What cannot be read would only be told again as a wrong cost.
    if contents.whole {
        cost::check(problem, plan, &contents, &mut faults);
    }
    levels::check(problem, plan, &mut faults);
    bound::check(&levels::first(problem), plan, &contents, &mut faults);
    faults
}
