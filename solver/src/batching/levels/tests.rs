use platewright_model::batching::*;
use platewright_model::run::RunContext;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use crate::batching::fixture;
use crate::batching::instance::Instance;
use crate::batching::levels::{Sums, chain};
use crate::batching::moves::Dice;
use crate::batching::plan::{BatchSet, Plan};
use crate::batching::{Prepared, Settings, in_force, solve};

const MISSED_FIRST: [&[Term]; 3] =
    [&[Term::Missed], &[Term::Lateness], &[Term::Production, Term::Freight]];

fn levels(of: &[&[Term]]) -> Vec<Vec<Term>> {
    of.iter().map(|level| level.to_vec()).collect()
}

/// Five orders of a part each, two machines: what is cheap is slow and far.
fn tiny(seed: u64, levels: Vec<Vec<Term>>) -> BatchProblem {
    let mut dice = Dice(Pcg32::seed_from_u64(seed));
    let mut up_to = |n: usize| dice.below(n) as i64;
    let class = |base| BatchClass { capacity: 10, setup: 5, base, ..BatchClass::default() };
    let machine = |index, rate| BatchMachine {
        class: index,
        centre: index,
        rate,
        per_batch: 40,
        ..BatchMachine::default()
    };
    let way =
        |duration, per_part| Some(Way { duration, per_shipment: 30, per_part, ..Way::default() });
    let orders = (0..5).map(|_| BatchOrder {
        due: Some(60 + up_to(120)),
        weight: 1 + up_to(9),
        deadline: (up_to(2) == 0).then(|| Limit { by: 80 + up_to(150), cost: 1 + up_to(3) }),
        ..BatchOrder::default()
    });
    let orders = orders.collect();
    let parts = (0..5).map(|order| {
        let size = 2 + up_to(4);
        let load = |slow: i64| Some(Load { size, add: 4 * slow, peak: 10 * slow });
        BatchPart { order, copies: 1, loads: vec![load(1), load(3)], ..BatchPart::default() }
    });
    BatchProblem {
        rate_span: 1,
        mass_span: 1,
        objective: Weights { levels, ..Weights::default() },
        parts: parts.collect(),
        classes: vec![class(10), class(25)],
        machines: vec![machine(0, 7), machine(1, 1)],
        families: vec![Family { machines: vec![0, 1], ..Family::default() }],
        freight: vec![vec![way(20, 9)], vec![way(25, 1)]],
        orders,
        ..BatchProblem::default()
    }
}

/// What the best of all plans costs by level: each copy joins a batch or makes a new one anywhere.
fn least(inst: &Instance<'_>, goal: &Weights, plan: &mut Plan, copy: u32) -> Vec<i64> {
    if copy as usize == inst.copies() {
        return plan.settle(inst).levels(goal);
    }
    let mut best: Option<Vec<i64>> = None;
    let mut tell = |found: Vec<i64>| {
        best = Some(best.take().map_or(found.clone(), |best| best.min(found)));
    };
    for m in 0..inst.machines.len() {
        for place in 0..plan.lines[m].len() {
            plan.lines[m][place].copies.push(copy);
            let parts = plan.lines[m][place].copies.iter().map(|c| inst.part_of[*c as usize]);
            if parts.map(|p| inst.load(p, m).size).sum::<i64>() <= inst.machines[m].capacity {
                tell(least(inst, goal, plan, copy + 1));
            }
            plan.lines[m][place].copies.pop();
        }
        for place in 0..=plan.lines[m].len() {
            plan.lines[m].insert(place, BatchSet { copies: vec![copy] });
            tell(least(inst, goal, plan, copy + 1));
            plan.lines[m].remove(place);
        }
    }
    best.expect("every machine takes every copy")
}

#[test]
fn the_best_of_all_plans_is_found_level_by_level() {
    let orders: [&[&[Term]]; 4] = [
        &MISSED_FIRST,
        &[&[Term::Lateness, Term::Missed]],
        &[&[Term::Freight], &[Term::Missed], &[Term::Production]],
        &[],
    ];
    let mut plans = Vec::new();
    for seed in 0..6 {
        for order in orders {
            let problem = tiny(seed, levels(order));
            let ctx = RunContext::with_iterations(seed, 60_000);
            let found = solve(&problem, &Settings { prove: true }, &ctx).unwrap().plan;
            let inst = Instance::new(&problem);
            let goal = &problem.objective;
            let least = least(&inst, goal, &mut Plan::empty(&inst), 0);
            assert_eq!(found.cost.levels(goal), least, "seed {seed}, {order:?}");
            assert_eq!(found.levels, if order.is_empty() { vec![] } else { least.clone() });
            assert!(found.bound <= least[0], "seed {seed}, {order:?}");
            plans.push(found.cost);
        }
        // What is on time is not what is cheapest.
        let [on_time, cheapest] = [plans[plans.len() - 4], plans[plans.len() - 1]];
        assert!(on_time.missed <= cheapest.missed, "seed {seed}");
        assert!(
            on_time.objective(&Weights::default()) >= cheapest.objective(&Weights::default()),
            "seed {seed}"
        );
    }
    assert!(plans.chunks(4).any(|four| four[0].missed < four[3].missed));
    assert!(plans.chunks(4).any(|four| four[0].lateness > 0 && four[0].missed == 0));
}

#[test]
fn plans_with_levels_do_not_depend_on_threads() {
    let mut problem = fixture::problem(8, 60);
    problem.objective.levels = levels(&MISSED_FIRST);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let ctx = RunContext::with_iterations(5, 60_000);
        pool.install(|| solve(&problem, &Settings { prove: true }, &ctx).unwrap().plan)
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn no_level_is_given_up_for_one_below() {
    let mut problem = fixture::problem(4, 60);
    let ctx = RunContext::with_iterations(5, 60_000);
    let sum = solve(&problem, &Settings::default(), &ctx).unwrap().plan;
    problem.objective.levels = levels(&MISSED_FIRST);
    let ordered = solve(&problem, &Settings::default(), &ctx).unwrap().plan;
    let of = |plan: &BatchPlan| plan.cost.levels(&problem.objective);
    assert!(of(&ordered) < of(&sum), "{:?} is not less than {:?}", of(&ordered), of(&sum));
    // Going on from a plan never makes it worse.
    let mut next = problem.clone();
    next.present = in_force(&ordered, 300);
    let again = solve(&next, &Settings::default(), &ctx).unwrap().plan;
    assert!(of(&again) <= of(&ordered), "{:?}, after {:?}", of(&again), of(&ordered));
}

#[test]
fn great_amounts_and_weights_stay_within_their_sums() {
    let ctx = RunContext::with_iterations(5, 20_000);
    for (rate, deadlines) in [(1 << 34, false), (1 << 34, true), (1, false)] {
        let mut problem =
            tiny(3, levels(&[&[Term::Missed], &[Term::Production], &[Term::Lateness]]));
        problem.machines[0].rate = 7 * rate;
        problem.machines[1].rate = rate;
        problem.objective.missed = 1 << 20;
        problem.orders.iter_mut().filter(|_| !deadlines).for_each(|order| order.deadline = None);
        let found = solve(&problem, &Settings { prove: true }, &ctx).unwrap().plan;
        assert_eq!(found.levels, found.cost.levels(&problem.objective));
        assert!(found.bound <= found.levels[0]);
    }
}

#[test]
fn other_places_are_told_level_by_level_and_promises_are_refused() {
    let problem = tiny(1, levels(&MISSED_FIRST));
    let ctx = RunContext::with_iterations(1, 20_000);
    let plan = solve(&problem, &Settings::default(), &ctx).unwrap().plan;
    let prepared = Prepared::new(&problem).unwrap();
    for part in 0..5 {
        let offers = prepared.alternatives(&plan, part).unwrap().unwrap();
        let none = vec![0; 3];
        assert_eq!(offers[0].extra_costs, Some(none.clone()));
        // The plan is the best there is, so that all else is worse at the first level that differs.
        assert!(offers[1].extra_costs.as_ref().is_some_and(|extra| *extra >= none), "{offers:?}");
    }
    let refused = prepared.open(&plan).err().map(|error| error.to_string());
    assert!(refused.as_ref().is_some_and(|text| text.starts_with("E3004")), "{refused:?}");
}

#[test]
fn multipliers_keep_what_is_above_as_far_as_there_is_room() {
    let mut dice = Dice(Pcg32::seed_from_u64(3));
    for _ in 0..2_000 {
        let mut up_to = |n: usize| dice.below(n) as i64;
        let values = [up_to(9), up_to(9), up_to(9), up_to(9)];
        let stage = up_to(4) as usize;
        let times = chain(&values, stage, 1, 62);
        let sum = |of: &[i64]| times.iter().zip(of).map(|(t, v)| t * v).sum::<i64>();
        let other = [up_to(12), up_to(12), up_to(12), up_to(12)];
        if sum(&other) <= sum(&values) {
            assert!(other[..=stage] <= values[..=stage], "{times:?}: {other:?}, {values:?}");
        }
    }
    let room = |most: i128, limit: i128| Sums { costs: vec![true; 3], most: vec![most; 3], limit };
    assert_eq!(room(100, 1 << 61).multipliers(&[5, 7, 9], 2), [80, 10, 1]);
    assert_eq!(room(100, 1 << 61).multipliers(&[5, 7, 9], 0), [17, 1, 1]);
    // With little room, what is below the stage does not count, and the rest is worth less.
    assert_eq!(room(100, 3_000).multipliers(&[5, 7, 9], 1), [8, 1, 0]);
    assert_eq!(room(100, 2_100).multipliers(&[5, 7, 9], 2), [16, 4, 1]);
    assert_eq!(room(100, 100).multipliers(&[5, 7, 9], 2), [1, 1, 1]);
}
