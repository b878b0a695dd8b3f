//! Small random problems and prices.

use platewright_model::batching::{BatchCalendar, Certificate, Limit, PartPrice, TimePrice};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;

pub(super) fn rng(seed: u64) -> Pcg64 {
    Pcg64::seed_from_u64(seed)
}

/// A problem of up to `copies` copies on one or two machines, the first of which takes them all.
pub(super) fn problem(rng: &mut Pcg64, copies: u32) -> BatchProblem {
    let mut problem = BatchProblem {
        rate_span: rng.random_range(1..10),
        mass_span: rng.random_range(1..10),
        classes: (0..2).map(|_| class(rng)).collect(),
        families: (0..rng.random_range(1..3)).map(|_| family(rng)).collect(),
        freight: (0..2)
            .map(|centre| {
                let ways = (0..2).map(|_| (centre == 0 || rng.random_bool(0.7)).then(|| way(rng)));
                ways.collect()
            })
            .collect(),
        orders: (0..rng.random_range(1..3)).map(|_| order(rng)).collect(),
        ..BatchProblem::default()
    };
    problem.machines = (0..2).map(|k| machine(rng, k, &problem.classes[k])).collect();
    problem.objective.production = rng.random_range(0..3);
    problem.objective.freight = rng.random_range(0..3);
    problem.objective.lateness = rng.random_range(1..3);
    problem.objective.makespan = rng.random_range(-2..2).max(0);
    let mut left = rng.random_range(1..=copies);
    while left > 0 {
        let part = part(rng, &problem, left);
        left -= part.copies;
        problem.parts.push(part);
    }
    problem
}

fn class(rng: &mut Pcg64) -> BatchClass {
    BatchClass {
        name: String::new(),
        capacity: rng.random_range(6..20),
        setup: rng.random_range(0..4),
        base: rng.random_range(0..4),
        unload: rng.random_range(0..4),
        least: rng.random_range(0..9),
        short: rng.random_range(0..20),
    }
}

fn machine(rng: &mut Pcg64, index: usize, class: &BatchClass) -> BatchMachine {
    BatchMachine {
        name: String::new(),
        class: index,
        centre: index,
        rate: rng.random_range(0..20),
        peak_rate: rng.random_range(0..20),
        per_batch: rng.random_range(0..20),
        loaded: rng.random_bool(0.5).then(|| rng.random_range(0..2)),
        changeover: rng.random_range(0..5),
        changeover_cost: rng.random_range(0..9),
        ready: rng.random_range(0..5),
        calendar: rng.random_bool(0.4).then(|| calendar(rng, class)),
    }
}

/// People are there long enough for set-up with a change of up to 4, and to unload.
fn calendar(rng: &mut Pcg64, class: &BatchClass) -> BatchCalendar {
    let cycle = rng.random_range(20..30);
    let length = (class.setup + 4).max(class.unload);
    let from = rng.random_range(1..5);
    let mut staffed = vec![(from, from + length)];
    if rng.random_bool(0.5) {
        staffed.push((rng.random_range(from + length..19), cycle));
    }
    if rng.random_bool(0.3) {
        staffed.insert(0, (0, from));
    }
    let begin = rng.random_range(0..50);
    let maintenance = if rng.random_bool(0.5) { vec![(begin, begin + 9)] } else { Vec::new() };
    BatchCalendar { cycle, staffed, maintenance }
}

fn family(rng: &mut Pcg64) -> Family {
    let machines = if rng.random_bool(0.7) { vec![0, 1] } else { vec![0] };
    let material = rng.random_range(0..2);
    let stack = match rng.random_range(0..3) {
        0 => Vec::new(),
        1 => vec![rng.random_range(0..20)],
        _ => vec![rng.random_range(1..20), rng.random_range(1..20)],
    };
    Family { machines, material, stack, ..Family::default() }
}

fn way(rng: &mut Pcg64) -> Way {
    Way {
        duration: rng.random_range(0..9),
        per_shipment: rng.random_range(0..9),
        per_part: rng.random_range(0..9),
        per_mass: rng.random_range(0..9),
    }
}

fn order(rng: &mut Pcg64) -> BatchOrder {
    BatchOrder {
        region: rng.random_range(0..2),
        due: rng.random_bool(0.8).then(|| rng.random_range(-5..40)),
        weight: rng.random_range(0..20),
        promise: limit(rng),
        deadline: limit(rng),
        apart: rng.random_range(0..4),
    }
}

fn limit(rng: &mut Pcg64) -> Option<Limit> {
    let limit = Limit { by: rng.random_range(-5..60), cost: rng.random_range(0..30) };
    rng.random_bool(0.5).then_some(limit)
}

fn part(rng: &mut Pcg64, problem: &BatchProblem, copies: u32) -> BatchPart {
    let loads = problem.classes.iter().enumerate().map(|(index, class)| {
        let load = Load {
            size: rng.random_range(0..=class.capacity.min(10)),
            add: rng.random_range(0..9),
            peak: rng.random_range(0..9),
        };
        (index == 0 || rng.random_bool(0.7)).then_some(load)
    });
    let loads = loads.collect();
    BatchPart {
        order: rng.random_range(0..problem.orders.len()),
        family: rng.random_range(0..problem.families.len()),
        copies: rng.random_range(1..=copies),
        mass: rng.random_range(0..20),
        release: rng.random_range(-5..15),
        finish: rng.random_range(0..9),
        feed: 0,
        loads,
    }
}

/// Random prices: those of parts up to `high`, those of time that fall and leave gaps at times.
pub(super) fn certificate(rng: &mut Pcg64, problem: &BatchProblem, high: i64) -> Certificate {
    let mut grid = vec![rng.random_range(-3..4)];
    for _ in 0..rng.random_range(0..5) {
        grid.push(grid[grid.len() - 1] + rng.random_range(1..15));
    }
    let rate_of = |order: &BatchOrder| order.weight * problem.objective.lateness;
    let parts = problem.parts.iter().map(|part| {
        let same = problem.parts.iter().filter(|other| other.order == part.order);
        let copies: i64 = same.map(|other| i64::from(other.copies)).sum();
        let late = rng.random_range(0..=rate_of(&problem.orders[part.order]) / copies);
        PartPrice { price: rng.random_range(-2..=high.max(-2)), late }
    });
    let parts = parts.collect();
    let mut time = Vec::new();
    for machine in 0..problem.machines.len() {
        let (mut from, mut rate) = (rng.random_range(-3..6), rng.random_range(0..9));
        for _ in 0..rng.random_range(0..4) {
            let to = from + rng.random_range(1..20);
            time.push(TimePrice { machine, from, to, rate });
            from = to + rng.random_range(-6..2).max(0);
            rate = rng.random_range(0..=rate);
        }
    }
    Certificate { scale: 1, parts, time, grid }
}
