//! Small problems for tests, with everything that a problem may have.

use platewright_model::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Limit,
    Load, Way, Weights,
};
use rand::SeedableRng;
use rand_pcg::Pcg32;

use crate::batching::moves::Dice;

/// A problem with everything, on five machines of three centres; every other one has a price of
/// the makespan.
pub(crate) fn problem(seed: u64, parts: usize) -> BatchProblem {
    let mut dice = Dice(Pcg32::seed_from_u64(seed));
    let mut up_to = |n: usize| dice.below(n) as i64;
    let regions = 2;
    let classes = (0..2)
        .map(|_| BatchClass {
            capacity: 80 + up_to(40),
            setup: up_to(20),
            base: up_to(30),
            unload: up_to(10),
            least: up_to(60),
            short: up_to(900),
            ..BatchClass::default()
        })
        .collect();
    let machines = (0..5).map(|m| machine(m, &mut up_to)).collect();
    let families = (0..3)
        .map(|f| Family {
            material: f % 2,
            machines: vec![0, 1, 2, 3, 4],
            stack: if f == 1 { vec![90, 0] } else { Vec::new() },
            ..Family::default()
        })
        .collect();
    let mut way = || Way {
        duration: up_to(300),
        per_shipment: up_to(900),
        per_part: up_to(30),
        per_mass: up_to(20),
    };
    let freight = (0..3).map(|_| (0..regions).map(|_| Some(way())).collect()).collect();
    let orders = (0..parts.div_ceil(2))
        .map(|_| BatchOrder {
            region: up_to(regions) as usize,
            due: (up_to(5) > 0).then_some(up_to(3000)),
            weight: up_to(60),
            promise: limit(&mut up_to),
            deadline: limit(&mut up_to),
            apart: up_to(300),
        })
        .collect();
    BatchProblem {
        name: format!("everything {seed}"),
        rate_span: 7,
        mass_span: 3,
        objective: Weights { makespan: (seed % 2) as i64, ..Weights::default() },
        classes,
        machines,
        families,
        freight,
        orders,
        parts: (0..parts).map(|p| part(p, &mut up_to)).collect(),
        ..BatchProblem::default()
    }
}

fn machine(m: usize, up_to: &mut impl FnMut(usize) -> i64) -> BatchMachine {
    let calendar = BatchCalendar {
        cycle: 500,
        staffed: vec![(20, 150), (260, 400)],
        maintenance: vec![(700, 760), (2000, 2100)],
    };
    BatchMachine {
        class: m % 2,
        centre: m % 3,
        rate: 100 + up_to(200),
        peak_rate: up_to(50),
        per_batch: up_to(500),
        loaded: (m > 0).then_some(m % 2),
        changeover: 15,
        changeover_cost: 300,
        ready: up_to(100),
        calendar: m.is_multiple_of(2).then_some(calendar),
        ..BatchMachine::default()
    }
}

fn limit(up_to: &mut impl FnMut(usize) -> i64) -> Option<Limit> {
    (up_to(2) > 0).then(|| Limit { by: up_to(3000), cost: up_to(5000) })
}

fn part(p: usize, up_to: &mut impl FnMut(usize) -> i64) -> BatchPart {
    let mut load = || Load { size: 5 + up_to(40), add: up_to(60), peak: up_to(90) };
    let late = p.is_multiple_of(5);
    BatchPart {
        order: p / 2,
        family: p % 3,
        copies: 1 + (p % 4) as u32,
        mass: 10,
        release: if late { 400 } else { 0 },
        finish: if late { 50 } else { 0 },
        feed: 1 + (p % 3) as i64,
        loads: vec![Some(load()), (!p.is_multiple_of(7)).then(load)],
    }
}
