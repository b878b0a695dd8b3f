//! Small random batch scheduling problems, solved and verified.

use platewright_check::check_batches;
use platewright_model::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchPlan, BatchProblem,
    Family, Freeze, Limit, Load, PresentBatch, Stock, Term, Way, Weights,
};
use platewright_model::run::RunContext;
use platewright_solver::batching::{Prepared, Settings, solve};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Solves the random problem of a seed with a few thousand moves, then what has become of it when
/// some time is over, each at times with a proof; returns the first plan and everything that is
/// wrong with either.
pub fn try_random_batches(seed: u64) -> (BatchPlan, Vec<String>) {
    let problem = random_batches(seed);
    let (plan, mut wrong) = solved(&problem, seed, seed.is_multiple_of(4));
    if wrong.is_empty() {
        let next = afterwards(&problem, &plan, seed);
        let (again, more) = solved(&next, seed, seed % 4 == 1);
        wrong.extend(more.into_iter().map(|fault| format!("going on: {fault}")));
        if next.objective.levels.is_empty() {
            wrong.extend(promised(&next, &again).err());
        }
    }
    (plan, wrong)
}

/// A plan of a problem, and everything that is wrong with it.
fn solved(problem: &BatchProblem, seed: u64, prove: bool) -> (BatchPlan, Vec<String>) {
    let ctx = RunContext::with_iterations(seed, 4_000);
    let plan = match solve(problem, &Settings { prove }, &ctx) {
        Ok(found) => found.plan,
        Err(error) => return (BatchPlan::default(), vec![error.to_string()]),
    };
    let mut wrong: Vec<String> =
        check_batches(problem, &plan).iter().map(ToString::to_string).collect();
    let first = plan.cost.levels(&problem.objective)[0];
    if plan.bound > first {
        wrong.push(format!("the bound {} exceeds the cost {first}", plan.bound));
    }
    wrong.extend(explained(problem, &plan).err());
    (plan, wrong)
}

/// What is said of every plan holds for this one.
fn explained(problem: &BatchProblem, plan: &BatchPlan) -> Result<(), String> {
    let prepared = Prepared::new(problem).map_err(|e| e.to_string())?;
    let told = prepared.capacity(plan).map_err(|e| e.to_string())?;
    let objective = plan.cost.objective(&problem.objective);
    if told.prices.bound > objective {
        return Err(format!("no plan costs less than {}, but {objective}", told.prices.bound));
    }
    // Sets have orders in common with one another, but none with those that are late anyway.
    let most = told.tight.iter().map(|set| set.late_orders).max().unwrap_or(0);
    let least = (told.hopeless.len() + most) as u64;
    if least > plan.cost.late_orders {
        return Err(format!("{} orders are late, not {least}: {told:?}", plan.cost.late_orders));
    }
    Ok(())
}

/// Takes orders like some of the problem into its plan: what is promised is what is kept.
fn promised(problem: &BatchProblem, plan: &BatchPlan) -> Result<(), String> {
    let told = |error: platewright_solver::SolverError| error.to_string();
    let prepared = Prepared::new(problem).map_err(told)?;
    let mut open = prepared.open(plan).map_err(told)?;
    for part in problem.parts.iter().take(3) {
        let (order, parts) = (&problem.orders[part.order], std::slice::from_ref(part));
        let promise = open.promise(order, parts).map_err(told)?;
        if open.accept(order, parts).map_err(told)? != promise {
            return Err(format!("{promise:?} was promised, and not kept"));
        }
    }
    Ok(())
}

/// A random problem of up to 30 parts on up to 6 machines, with everything that one may have.
pub fn random_batches(seed: u64) -> BatchProblem {
    let mut problem = random_batches_of_one_sum(seed);
    // A generator of its own leaves all else as it was before there were levels.
    problem.objective.levels =
        levels(&problem.objective, &mut Pcg64::seed_from_u64(seed ^ 0x1e5e1));
    problem
}

/// Of each term no more than one, in random order; none in most problems.
fn levels(goal: &Weights, rng: &mut Pcg64) -> Vec<Vec<Term>> {
    let mut terms: Vec<Term> = Term::ALL.into_iter().filter(|term| goal.of(*term) > 0).collect();
    let mut levels: Vec<Vec<Term>> = Vec::new();
    let named = if rng.random_bool(0.4) { rng.random_range(0..=terms.len()) } else { 0 };
    for _ in 0..named {
        let term = terms.swap_remove(rng.random_range(0..terms.len()));
        match levels.last_mut().filter(|_| rng.random_bool(0.4)) {
            Some(level) => level.push(term),
            None => levels.push(vec![term]),
        }
    }
    levels
}

fn random_batches_of_one_sum(seed: u64) -> BatchProblem {
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
            missed: rng.random_range(0..2),
            moved: *of(rng, &[0, 40]),
            levels: Vec::new(),
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
                promise: limit(rng),
                deadline: limit(rng),
                apart: *of(rng, &[0, 0, 250]),
            })
            .collect(),
        parts: (0..parts).map(|_| part(rng, &classes, orders, families)).collect(),
        stock: stock(rng, centres),
        present: Vec::new(),
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
        least: *of(rng, &[0, 0, 30]),
        short: *of(rng, &[0, 500]),
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
        feed: *of(rng, &[0, 1, 3]),
        loads,
    }
}

fn limit(rng: &mut Pcg64) -> Option<Limit> {
    let limit = Limit { by: rng.random_range(-200..3000), cost: rng.random_range(0..5000) };
    rng.random_bool(0.3).then_some(limit)
}

/// Mostly none, else a little at some centres.
fn stock(rng: &mut Pcg64, centres: usize) -> Vec<Stock> {
    let mut stock = Vec::new();
    if rng.random_bool(0.6) {
        return stock;
    }
    for centre in 0..centres {
        for material in 0..3 {
            if rng.random_bool(0.4) {
                stock.push(Stock { centre, material, amount: rng.random_range(0..25) });
            }
        }
    }
    stock
}

/// The problem when some time is over: the plan is in force, of which some has started and some is
/// frozen; a machine may be broken, an order may be cancelled.
fn afterwards(problem: &BatchProblem, plan: &BatchPlan, seed: u64) -> BatchProblem {
    let rng = &mut Pcg64::seed_from_u64(!seed);
    let mut next = problem.clone();
    let broken = rng.random_bool(0.7).then(|| rng.random_range(0..problem.machines.len()));
    for (m, line) in plan.machines.iter().enumerate() {
        let begun = rng.random_range(0..=line.len());
        let present = line.iter().enumerate().map(|(k, batch)| PresentBatch {
            parts: batch.parts.clone(),
            start: batch.start,
            end: batch.end,
            freeze: match (k < begun, broken == Some(m)) {
                (true, _) => Freeze::Start,
                (false, true) => *of(rng, &[Freeze::Open, Freeze::Parts]),
                (false, false) => {
                    *of(rng, &[Freeze::Open, Freeze::Open, Freeze::Parts, Freeze::Machine])
                }
            },
        });
        next.present.push(present.collect());
    }
    for family in &mut next.families {
        family.machines.retain(|m| Some(*m) != broken || rng.random_bool(0.1));
    }
    if !next.orders.is_empty() && rng.random_bool(0.3) {
        let order = rng.random_range(0..next.orders.len());
        cancel(&mut next, order);
    }
    next
}

/// Takes an order out of batches that have not started.
fn cancel(problem: &mut BatchProblem, order: usize) {
    for line in &mut problem.present {
        for batch in line.iter_mut().filter(|batch| batch.freeze != Freeze::Start) {
            let before = batch.parts.len();
            batch.parts.retain(|copies| problem.parts[copies.part].order != order);
            if batch.parts.len() != before {
                batch.freeze = Freeze::Open;
            }
        }
        line.retain(|batch| !batch.parts.is_empty());
    }
}
