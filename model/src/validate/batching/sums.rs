//! Sums that no plan exceeds, so that none overflows.

use crate::batching::{BatchPart, BatchProblem, Term};

use super::Faults;

/// Most that any plan may cost, and greatest product on the way there. A search may add a few of
/// them and still be within 64 bits.
const SUM_MAX: i128 = 1 << 61;

/// Tells terms of the objective that some plan could drive too far: each copy in a batch of its
/// own, all batches on one machine, one after the other.
///
/// All amounts are in their ranges by now; sums stay below 2¹²⁷ or saturate there.
pub(super) fn check(problem: &BatchProblem, to: &mut Faults) {
    let horizon = horizon(problem);
    let (production, rated) = production(problem, horizon);
    let (freight, massed) = freight(problem);
    let (lateness, late) = lateness(problem, horizon);
    let goal = &problem.objective;
    let makespan = i128::from(goal.makespan).saturating_mul(horizon);
    let mut tell = |place: &str, what: &str, sum: i128| {
        let told = sum > SUM_MAX;
        if told {
            let message = format!(
                "must keep sums below 2^61, {what} can reach {:.1e}: give times, masses or money \
                 in coarser units, or fewer copies",
                sum as f64
            );
            to.add("E1031", place, message);
        }
        told
    };
    let terms = [
        ("machines", "cost of production", production.max(rated)),
        ("freight", "cost of freight", freight.max(massed)),
        ("orders", "cost of lateness", lateness.max(late)),
        ("objective.makespan", "the end of the last batch", makespan.max(horizon)),
    ];
    let told = terms.map(|(place, what, sum)| tell(place, what, sum)).contains(&true);
    if !told {
        let more = limits(problem) + moved(problem);
        let sum = production + freight + lateness + makespan + more;
        tell("objective", "the sum of all terms", sum);
    }
}

/// The most that a term of the objective can cost in any plan of a problem without fault, weighted.
pub fn batch_term_most(problem: &BatchProblem, term: Term) -> i128 {
    match term {
        Term::Production => production(problem, horizon(problem)).0,
        Term::Freight => freight(problem).0,
        Term::Lateness => lateness(problem, horizon(problem)).0,
        Term::Makespan => i128::from(problem.objective.makespan) * horizon(problem),
        Term::Missed => limits(problem),
        Term::Moved => moved(problem),
    }
}

/// End of the last batch of any plan that waits for nothing but people, maintenance and releases.
fn horizon(problem: &BatchProblem) -> i128 {
    let machines = problem.machines.iter();
    let ready = machines.clone().map(|machine| machine.ready);
    let present = problem.present.iter().flatten().map(|batch| batch.end);
    let releases = problem.parts.iter().map(|part| part.release);
    let calendars = machines.clone().filter_map(|machine| machine.calendar.as_ref());
    let stops = calendars.clone().flat_map(|calendar| calendar.maintenance.iter().map(|s| s.1));
    let begin = ready.chain(present).chain(releases).chain(stops).max().unwrap_or(0);
    // People come again once in a cycle: a batch waits for them twice.
    let waits = calendars.map(|calendar| 2 * calendar.cycle).max().unwrap_or(0);
    let change = machines.map(|machine| machine.changeover).max().unwrap_or(0);
    let around = i128::from(waits + change);
    let each = problem
        .parts
        .iter()
        .map(|part| i128::from(part.copies) * (i128::from(longest(part, problem)) + around));
    i128::from(begin) + each.sum::<i128>()
}

/// Longest time of a copy in a batch of its own.
fn longest(part: &BatchPart, problem: &BatchProblem) -> i64 {
    let held = part.loads.iter().zip(&problem.classes).enumerate();
    let stack = &problem.families[part.family].stack;
    let times = held.filter_map(|(c, (load, class))| {
        let load = load.as_ref()?;
        let peak = load.peak.max(stack.get(c).copied().unwrap_or(0));
        Some(class.setup + class.base + class.unload + load.add + peak)
    });
    times.max().unwrap_or(0)
}

/// Weighted cost of production, and the greatest product of a rate and a time.
fn production(problem: &BatchProblem, horizon: i128) -> (i128, i128) {
    let most = |of: fn(&crate::batching::BatchMachine) -> i64| {
        i128::from(problem.machines.iter().map(of).max().unwrap_or(0))
    };
    let rated = (most(|m| m.rate) + most(|m| m.peak_rate)).saturating_mul(horizon);
    // Two divisions of each batch are rounded up.
    let short = problem.classes.iter().map(|class| class.short).max().unwrap_or(0);
    let batch = most(|m| m.per_batch) + most(|m| m.changeover_cost) + i128::from(short) + 2;
    let sum = rated / i128::from(problem.rate_span) + copies(problem) * batch;
    (i128::from(problem.objective.production).saturating_mul(sum), rated)
}

/// Weighted cost of freight, and the greatest product of a price and a mass.
fn freight(problem: &BatchProblem) -> (i128, i128) {
    let ways = || problem.freight.iter().flatten().flatten();
    let most = |of: fn(&crate::batching::Way) -> i64| i128::from(ways().map(of).max().unwrap_or(0));
    let apart = problem.orders.iter().map(|order| order.apart).max().unwrap_or(0);
    let each = most(|w| w.per_shipment) + most(|w| w.per_part) + i128::from(apart);
    let per_mass = most(|w| w.per_mass);
    let (mut sum, mut greatest) = (0, 0);
    for part in &problem.parts {
        let massed = per_mass * i128::from(part.mass);
        greatest = massed.max(greatest);
        let copy = each + massed / i128::from(problem.mass_span) + 1;
        sum += i128::from(part.copies) * copy;
    }
    (i128::from(problem.objective.freight).saturating_mul(sum), greatest)
}

/// Weighted cost of lateness, and the greatest product of a rate and a time.
fn lateness(problem: &BatchProblem, horizon: i128) -> (i128, i128) {
    let ways = problem.freight.iter().flatten().flatten();
    let way = ways.map(|way| way.duration).max().unwrap_or(0);
    let finish = problem.parts.iter().map(|part| part.finish).max().unwrap_or(0);
    let arrives = horizon + i128::from(way) + i128::from(finish);
    let (mut sum, mut greatest) = (0_i128, 0);
    for order in &problem.orders {
        let Some(due) = order.due else { continue };
        let late = (arrives - i128::from(due)).max(0);
        let rated = i128::from(order.weight).saturating_mul(late);
        greatest = rated.max(greatest);
        sum = sum.saturating_add(rated / i128::from(problem.rate_span) + 1);
    }
    (i128::from(problem.objective.lateness).saturating_mul(sum), greatest)
}

/// Weighted price of all promises and deadlines.
fn limits(problem: &BatchProblem) -> i128 {
    let limits = problem.orders.iter().flat_map(|order| [order.promise, order.deadline]);
    let sum: i128 = limits.flatten().map(|limit| i128::from(limit.cost)).sum();
    i128::from(problem.objective.missed).saturating_mul(sum)
}

/// Weighted price of all copies that could leave their batch.
fn moved(problem: &BatchProblem) -> i128 {
    i128::from(problem.objective.moved) * copies(problem)
}

fn copies(problem: &BatchProblem) -> i128 {
    problem.parts.iter().map(|part| i128::from(part.copies)).sum()
}
