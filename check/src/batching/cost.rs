//! What a plan costs.

use std::collections::BTreeMap;

use platewright_model::batching::{BatchClass, BatchPart, BatchPlan, BatchProblem, Way};

use super::amount::{priced, product};
use super::contents::{Batch, Contents};
use super::fault::BatchFault;
use super::present::moved;
use super::printing::way;

/// Compares the costs of a plan, all of whose batches can be read, with those that it says.
pub(super) fn check(
    problem: &BatchProblem,
    plan: &BatchPlan,
    contents: &Contents<'_>,
    faults: &mut Vec<BatchFault>,
) {
    let batches = || contents.batches.iter().flatten();
    let (lateness, late_orders) = lateness(problem, batches());
    let production = batches().map(|batch| production(problem, batch)).fold(0, add);
    let makespan = batches().map(|batch| i128::from(batch.planned.end)).max().unwrap_or(0);
    let limits = missed(problem, batches());
    let said = &plan.cost;
    for (term, found, expected) in [
        ("production", said.production.into(), production),
        ("freight", said.freight.into(), freight(problem, batches())),
        ("lateness", said.lateness.into(), lateness),
        ("makespan", said.makespan.into(), makespan),
        ("late orders", i128::from(said.late_orders), late_orders),
        ("missed", said.missed.into(), limits.cost),
        ("broken promises", i128::from(said.broken_promises), limits.promises),
        ("missed deadlines", i128::from(said.missed_deadlines), limits.deadlines),
        ("moved", said.moved.into(), moved(problem, plan)),
    ] {
        if found != expected {
            faults.push(BatchFault::Cost { term, found, expected });
        }
    }
}

fn add(a: i128, b: i128) -> i128 {
    a.saturating_add(b)
}

/// What a batch costs without freight.
pub(super) fn production(problem: &BatchProblem, batch: &Batch<'_>) -> i128 {
    let machine = &problem.machines[batch.spot.machine];
    let change = if batch.change { i128::from(machine.changeover_cost) } else { 0 };
    [
        priced(batch.length, machine.rate, problem.rate_span),
        priced(batch.peak, machine.peak_rate, problem.rate_span),
        machine.per_batch.into(),
        short(&problem.classes[machine.class], batch.size),
        change,
    ]
    .into_iter()
    .fold(0, add)
}

/// What a batch of a size costs for being short.
fn short(class: &BatchClass, size: i128) -> i128 {
    let missing = (i128::from(class.least) - size).max(0);
    if missing == 0 { 0 } else { priced(missing, class.short, class.least) }
}

/// Freight of a copy, without that of the shipment.
pub(super) fn freight_of_copy(problem: &BatchProblem, way: &Way, part: &BatchPart) -> i128 {
    i128::from(way.per_part) + priced(part.mass.into(), way.per_mass, problem.mass_span)
}

/// What is shipped: centre, way, part, copies, end of the batch.
fn shipped<'a>(
    problem: &'a BatchProblem,
    batches: impl Iterator<Item = &'a Batch<'a>>,
) -> impl Iterator<Item = (usize, &'a Way, &'a BatchPart, u32, i64)> {
    batches.flat_map(move |batch| {
        let machine = &problem.machines[batch.spot.machine];
        batch.planned.parts.iter().filter(|one| one.copies > 0).filter_map(move |one| {
            let part = problem.parts.get(one.part)?;
            let way = way(problem, machine, part.order)?;
            Some((machine.centre, way, part, one.copies, batch.planned.end))
        })
    })
}

fn freight<'a>(problem: &'a BatchProblem, batches: impl Iterator<Item = &'a Batch<'a>>) -> i128 {
    let mut sum = 0;
    let mut shipments: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for (centre, way, part, copies, _) in shipped(problem, batches) {
        sum = add(sum, product(freight_of_copy(problem, way, part), copies.into()));
        shipments.insert((part.order, centre), way.per_shipment);
    }
    let mut further: BTreeMap<usize, i128> = BTreeMap::new();
    for (order, _) in shipments.keys() {
        further.entry(*order).and_modify(|further| *further += 1).or_default();
    }
    let apart = further.into_iter().map(|(o, n)| product(problem.orders[o].apart.into(), n));
    let apart = apart.fold(0, add);
    shipments.into_values().map(i128::from).fold(add(sum, apart), add)
}

/// When the last copy of each order arrives.
fn arrivals<'a>(
    problem: &'a BatchProblem,
    batches: impl Iterator<Item = &'a Batch<'a>>,
) -> BTreeMap<usize, i128> {
    let mut arrivals: BTreeMap<usize, i128> = BTreeMap::new();
    for (_, way, part, _, end) in shipped(problem, batches) {
        let arrival = i128::from(end) + i128::from(part.finish) + i128::from(way.duration);
        let last = arrivals.entry(part.order).or_insert(arrival);
        *last = arrival.max(*last);
    }
    arrivals
}

/// Cost of lateness, and how many orders are late.
fn lateness<'a>(
    problem: &'a BatchProblem,
    batches: impl Iterator<Item = &'a Batch<'a>>,
) -> (i128, i128) {
    let (mut sum, mut late) = (0, 0);
    for (order, arrival) in arrivals(problem, batches) {
        let order = &problem.orders[order];
        let Some(due) = order.due.map(i128::from).filter(|due| arrival > *due) else { continue };
        sum = add(sum, priced(arrival - due, order.weight, problem.rate_span));
        late += 1;
    }
    (sum, late)
}

/// Promises and deadlines that are missed.
#[derive(Default)]
struct Missed {
    cost: i128,
    promises: i128,
    deadlines: i128,
}

fn missed<'a>(problem: &'a BatchProblem, batches: impl Iterator<Item = &'a Batch<'a>>) -> Missed {
    let mut missed = Missed::default();
    for (order, arrival) in arrivals(problem, batches) {
        let order = &problem.orders[order];
        if let Some(promise) = order.promise.filter(|limit| arrival > limit.by.into()) {
            missed.promises += 1;
            missed.cost = add(missed.cost, promise.cost.into());
        }
        if let Some(deadline) = order.deadline.filter(|limit| arrival > limit.by.into()) {
            missed.deadlines += 1;
            missed.cost = add(missed.cost, deadline.cost.into());
        }
    }
    missed
}
