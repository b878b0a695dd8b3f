//! What an hour of a machine is worth, until when, and what no plan can cost less than.

use rayon::prelude::*;

use crate::batching::capacity::floor::{Floor, NO_KIND};
use crate::batching::capacity::market::{Market, Spans};
use crate::batching::capacity::share;
use crate::batching::plain::plain;

/// Share of all that is added up that is given up for rounding: sums of some millions of terms of
/// like sign are exact to far less than this.
const SAFETY: f64 = 1e-9;

/// What machine time is worth, and a bound that follows from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityPrices {
    /// Ends of the spans of time that prices are for; the first begins when machines are free.
    pub moments: Vec<i64>,
    /// Machines, in order.
    pub machines: Vec<MachineWorth>,
    /// Centres, in order.
    pub centres: Vec<CentreWorth>,
    /// No plan that prints what can be printed has an objective below this.
    pub bound: i64,
}

/// What the time of a machine is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MachineWorth {
    /// Index of the machine.
    pub machine: usize,
    /// By span: with so much more time of the machine in it, the bound falls by no more than this
    /// for each `rate_span`. 0 where there is time enough.
    pub worth: Vec<f64>,
}

/// What the machines of a centre are given to do, and what their time is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CentreWorth {
    /// Index of the centre.
    pub centre: usize,
    /// Time of its machines until the end of the last span, each from when it is free.
    pub open: i64,
    /// Least time that the work takes that the relaxation gives it.
    pub work: f64,
    /// By span, the greatest worth of its machines.
    pub worth: Vec<f64>,
}

/// Ends of spans of time, and prices of a unit of time in each by machine, for a plan with an end.
pub(super) fn of_time(floor: &Floor<'_>, end: i64) -> (Vec<i64>, Vec<Vec<f64>>) {
    let market = Market::new(floor, end, &copies_of(floor));
    let of = |machine: &MachineWorth| {
        let span = floor.inst.problem.rate_span as f64;
        machine.worth.iter().map(|worth| worth / span).collect()
    };
    let prices = machines(floor, &market).iter().map(of).collect();
    (market.spans.ends, prices)
}

/// Copies by order.
fn copies_of(floor: &Floor<'_>) -> Vec<f64> {
    let mut copies_of = vec![0.0; floor.inst.problem.orders.len()];
    for part in &floor.inst.problem.parts {
        copies_of[part.order] += f64::from(part.copies);
    }
    copies_of
}

/// Prices of the time of machines up to `end`, the end of a plan.
pub(super) fn find(floor: &Floor<'_>, end: i64) -> CapacityPrices {
    let inst = floor.inst;
    let copies_of = copies_of(floor);
    let market = Market::new(floor, end, &copies_of);
    let dear = Extra { printed: &[], left_out: f64::INFINITY };
    let least = bound(floor, &market, &copies_of, &dear).max(0.0);
    CapacityPrices {
        machines: machines(floor, &market),
        centres: centres(floor, &market),
        bound: plain(inst).max(inst.begun_cost() + least as i64),
        moments: market.spans.ends,
    }
}

/// What copies cost beside what a problem says.
pub(super) struct Extra<'a> {
    /// By part, of a copy that is printed; nothing where it is not told.
    pub(super) printed: &'a [f64],
    /// Of a copy that is not.
    pub(super) left_out: f64,
}

/// No plan costs less, weighted, which may leave out copies at a price; `end` is that of some plan.
pub(super) fn least_cost(floor: &Floor<'_>, end: i64, extra: &Extra<'_>) -> f64 {
    let copies_of = copies_of(floor);
    let market = Market::new(floor, end, &copies_of);
    bound(floor, &market, &copies_of, extra)
}

/// What all parts cost at least, each where it is cheapest with the price of time on top, less the
/// price of all the time there is.
///
/// A batch has parts of its time in spans; what a copy costs in it is at least the mean, by the
/// same parts, of what it costs in a span: the batch is not complete before the last of them
/// begins. So no plan costs less, whatever the prices are.
fn bound(floor: &Floor<'_>, market: &Market, copies_of: &[f64], extra: &Extra<'_>) -> f64 {
    let Market { spans, prices, .. } = market;
    let paid: f64 = spans.cells.iter().zip(prices).map(|(c, price)| c.offered as f64 * price).sum();
    let first: Vec<i64> = floor.pools.iter().map(|pool| floor.first(pool, i64::MIN / 4)).collect();
    let parts: Vec<u32> = (0..floor.kind_of.len() as u32)
        .filter(|part| floor.kind_of[*part as usize] != NO_KIND)
        .collect();
    let least: Vec<f64> = parts
        .par_iter()
        .map(|part| {
            let printed = extra.printed.get(*part as usize).copied().unwrap_or(0.0)
                + cheapest(floor, spans, prices, copies_of, &first, *part);
            floor.copies(*part) as f64 * printed.min(extra.left_out)
        })
        .collect();
    let cost: f64 = least.iter().sum();
    cost - paid - SAFETY * (cost.abs() + paid.abs())
}

/// What a copy costs where it is cheapest, with the price of time.
fn cheapest(
    floor: &Floor<'_>,
    spans: &Spans,
    prices: &[f64],
    copies_of: &[f64],
    first: &[i64],
    part: u32,
) -> f64 {
    let inst = floor.inst;
    let p = &inst.problem.parts[part as usize];
    let count = copies_of[p.order];
    let begin = spans.after(p.release);
    let all = spans.ends.len();
    let mut best = f64::INFINITY;
    for &(index, way) in &floor.kinds[floor.kind_of[part as usize] as usize].pools {
        let pool = &floor.pools[index as usize];
        let machine = pool.machines[0] as usize;
        let base = share::price(inst, part, machine, count);
        if base >= best {
            continue;
        }
        let work = floor.work(part, pool.class);
        let soonest = first[index as usize].max(p.release) + share::alone(inst, part, machine);
        for span in begin..=all {
            let cell = index as usize * all + span;
            // What takes time cannot be where there is none.
            if span < all && work > 0 && spans.cells[cell].offered == 0 {
                continue;
            }
            let complete = spans.complete(span).max(soonest);
            let late = inst.order_cost(p.order as u32, complete + p.finish + way) as f64 / count;
            let paid = if span < all { prices[cell] * work as f64 } else { 0.0 };
            best = best.min(base + late + paid);
            if paid == 0.0 {
                break;
            }
        }
    }
    best
}

fn machines(floor: &Floor<'_>, market: &Market) -> Vec<MachineWorth> {
    let spans = market.spans.ends.len();
    let mut machines = vec![MachineWorth::default(); floor.inst.machines.len()];
    for (index, pool) in floor.pools.iter().enumerate() {
        let prices = &market.prices[index * spans..(index + 1) * spans];
        let a_span = floor.inst.problem.rate_span as f64 / floor.time(1, pool.class);
        for &machine in &pool.machines {
            let worth = prices.iter().map(|price| price * a_span).collect();
            machines[machine as usize] = MachineWorth { machine: machine as usize, worth };
        }
    }
    machines
}

fn centres(floor: &Floor<'_>, market: &Market) -> Vec<CentreWorth> {
    let spans = market.spans.ends.len();
    let count = floor.pools.iter().map(|pool| pool.centre + 1).max().unwrap_or(0);
    let mut centres: Vec<CentreWorth> = (0..count)
        .map(|centre| CentreWorth { centre, worth: vec![0.0; spans], ..CentreWorth::default() })
        .collect();
    for (index, pool) in floor.pools.iter().enumerate() {
        let centre = &mut centres[pool.centre];
        let cells = &market.spans.cells[index * spans..(index + 1) * spans];
        let open: i64 = cells.iter().map(|cell| floor.open(pool, cell.from, cell.to)).sum();
        centre.open += open * pool.machines.len() as i64;
        centre.work += floor.time(market.work[index], pool.class);
        let a_span = floor.inst.problem.rate_span as f64 / floor.time(1, pool.class);
        let prices = &market.prices[index * spans..(index + 1) * spans];
        for (worth, price) in centre.worth.iter_mut().zip(prices) {
            *worth = worth.max(price * a_span);
        }
    }
    centres.retain(|centre| centre.open > 0 || centre.work > 0.0);
    centres
}
