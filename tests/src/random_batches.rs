//! Small random batch scheduling problems, solved and verified.

use platewright_check::check_batches;
use platewright_model::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchPlan, BatchProblem,
    Family, Load, Way, Weights,
};
use platewright_model::run::RunContext;
use platewright_solver::batching::{Settings, solve};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Solves the random problem of a seed with a few thousand moves, every fourth with a proof, and
/// returns the plan and everything that is wrong with it.
pub fn try_random_batches(seed: u64) -> (BatchPlan, Vec<String>) {
    let problem = random_batches(seed);
    let ctx = RunContext::with_iterations(seed, 4_000);
    let settings = Settings { prove: seed.is_multiple_of(4) };
    let plan = match solve(&problem, &settings, &ctx) {
        Ok(found) => found.plan,
        Err(error) => return (BatchPlan::default(), vec![error.to_string()]),
    };
    let mut wrong: Vec<String> =
        check_batches(&problem, &plan).iter().map(ToString::to_string).collect();
    let objective = plan.cost.objective(&problem.objective);
    if plan.bound > objective {
        wrong.push(format!("the bound {} exceeds the cost {objective}", plan.bound));
    }
    (plan, wrong)
}

/// A random problem of up to 30 parts on up to 6 machines, with everything that one may have.
pub fn random_batches(seed: u64) -> BatchProblem {
    let rng = &mut Pcg64::seed_from_u64(seed);
    let (machines, families) = (rng.random_range(1..7), rng.random_range(0..4));
    let (centres, regions) = (rng.random_range(1..4), rng.random_range(1..4));
    let classes: Vec<BatchClass> = (0..rng.random_range(1..4)).map(|_| class(rng)).collect();
    let orders = rng.random_range(usize::from(families > 0)..9);
    let parts = if families * orders == 0 { 0 } else { rng.random_range(0..30) };
    BatchProblem {
        name: format!("random {seed}"),
        rate_span: *of(rng, &[1, 7, 3600]),
        mass_span: *of(rng, &[1, 1000]),
        objective: Weights {
            production: rng.random_range(0..3),
            freight: rng.random_range(0..3),
            lateness: rng.random_range(0..3),
            makespan: *of(rng, &[0, 0, 1]),
        },
        machines: (0..machines).map(|_| machine(rng, &classes, centres)).collect(),
        families: (0..families).map(|_| family(rng, machines, classes.len())).collect(),
        freight: (0..centres)
            .map(|_| (0..regions).map(|_| rng.random_bool(0.85).then(|| way(rng))).collect())
            .collect(),
        orders: (0..orders)
            .map(|_| BatchOrder {
                region: rng.random_range(0..regions),
                due: rng.random_bool(0.8).then(|| rng.random_range(-200..2000)),
                weight: rng.random_range(0..60),
            })
            .collect(),
        parts: (0..parts).map(|_| part(rng, &classes, orders, families)).collect(),
        classes,
    }
}

fn of<'a, T>(rng: &mut Pcg64, things: &'a [T]) -> &'a T {
    &things[rng.random_range(0..things.len())]
}

fn class(rng: &mut Pcg64) -> BatchClass {
    BatchClass {
        name: String::new(),
        capacity: *of(rng, &[1, 40, 100, 1_000_000]),
        setup: rng.random_range(0..20),
        base: rng.random_range(0..30),
        unload: rng.random_range(0..20),
    }
}

fn machine(rng: &mut Pcg64, classes: &[BatchClass], centres: usize) -> BatchMachine {
    let class = rng.random_range(0..classes.len());
    let changeover = *of(rng, &[0, 25]);
    let handling = (classes[class].setup + changeover).max(classes[class].unload);
    BatchMachine {
        name: String::new(),
        class,
        centre: rng.random_range(0..centres),
        rate: *of(rng, &[0, 150]),
        peak_rate: *of(rng, &[0, 40]),
        per_batch: *of(rng, &[0, 500]),
        loaded: rng.random_bool(0.6).then(|| rng.random_range(0..3)),
        changeover,
        changeover_cost: *of(rng, &[0, 300]),
        ready: *of(rng, &[0, 60, 5_000]),
        calendar: rng.random_bool(0.5).then(|| calendar(rng, handling)),
    }
}

/// Staffed at least once a cycle for as long as `handling`; sometimes over the end of the cycle.
fn calendar(rng: &mut Pcg64, handling: i64) -> BatchCalendar {
    let cycle = 4 * handling + rng.random_range(20..400);
    let from = *of(rng, &[0, 7]);
    let mut staffed = vec![(from, from + handling.max(1) + *of(rng, &[0, 5]))];
    if rng.random_bool(0.5) {
        staffed.push((cycle - rng.random_range(1..8), cycle));
    }
    let mut maintenance = Vec::new();
    let mut at = rng.random_range(0..600);
    for _ in 0..rng.random_range(0..4) {
        let end = at + rng.random_range(1..500);
        maintenance.push((at, end));
        at = end + rng.random_range(1..300);
    }
    BatchCalendar { cycle, staffed, maintenance }
}

fn family(rng: &mut Pcg64, machines: usize, classes: usize) -> Family {
    Family {
        name: String::new(),
        material: rng.random_range(0..3),
        machines: (0..machines).filter(|_| rng.random_bool(0.7)).collect(),
        stack: match rng.random_range(0..3) {
            0 => (0..classes).map(|_| *of(rng, &[0, 90, 400])).collect(),
            _ => Vec::new(),
        },
    }
}

fn way(rng: &mut Pcg64) -> Way {
    Way {
        duration: *of(rng, &[0, 300]),
        per_shipment: *of(rng, &[0, 900]),
        per_part: *of(rng, &[0, 30]),
        per_mass: *of(rng, &[0, 20]),
    }
}

fn part(rng: &mut Pcg64, classes: &[BatchClass], orders: usize, families: usize) -> BatchPart {
    let load = |class: &BatchClass| {
        // Now and then more than a whole batch.
        let size = rng.random_range(0..=class.capacity / 3 + 1) * *of(rng, &[1, 1, 1, 2, 4]);
        let load = Load { size, add: rng.random_range(0..60), peak: rng.random_range(0..90) };
        rng.random_bool(0.85).then_some(load)
    };
    let loads = classes.iter().map(load).collect();
    BatchPart {
        order: rng.random_range(0..orders),
        family: rng.random_range(0..families),
        copies: *of(rng, &[1, 1, 2, 5]),
        mass: *of(rng, &[0, 10, 1_500]),
        release: *of(rng, &[0, 0, 0, 400]),
        finish: *of(rng, &[0, 50]),
        loads,
    }
}
