use platewright_model::batching::{
    BatchClass, BatchCost, BatchMachine, BatchOrder, BatchPart, Copies, Family, Load, PlannedBatch,
    Term, Way,
};

use super::*;

mod brute;
mod calendars;
mod certificates;
mod damage;
mod mutations;
mod prices;
mod random;

fn load(size: i64, add: i64, peak: i64) -> Option<Load> {
    Some(Load { size, add, peak })
}

fn way(duration: i64, per_shipment: i64, per_part: i64, per_mass: i64) -> Option<Way> {
    Some(Way { duration, per_shipment, per_part, per_mass })
}

fn batch(parts: &[(usize, u32)], start: i64, end: i64) -> PlannedBatch {
    let parts = parts.iter().map(|&(part, copies)| Copies { part, copies }).collect();
    PlannedBatch { parts, start, end }
}

/// Two machines of two centres and classes, the second of which stacks parts; rates are those of
/// 60, masses those of 1000. The last part has no machine: only the first prints its family, and
/// that one's centre does not serve its region.
fn problem() -> BatchProblem {
    let family = |material, machines: &[usize]| Family {
        material,
        machines: machines.to_vec(),
        stack: vec![0, 30],
        ..Family::default()
    };
    let part = |order, family, copies, mass, loads: [Option<Load>; 2]| BatchPart {
        order,
        family,
        copies,
        mass,
        loads: loads.to_vec(),
        ..BatchPart::default()
    };
    let mut parts = vec![
        part(0, 0, 3, 1500, [load(3, 8, 12), load(3, 4, 6)]),
        part(0, 1, 1, 100, [load(4, 10, 20), None]),
        part(1, 0, 2, 10, [load(5, 9, 9), load(5, 3, 9)]),
        part(1, 1, 1, 10, [load(1, 1, 1), load(1, 1, 1)]),
    ];
    parts[0].finish = 20;
    parts[2].release = 30;
    let first = BatchMachine {
        rate: 90,
        peak_rate: 30,
        per_batch: 11,
        loaded: Some(0),
        changeover: 15,
        changeover_cost: 40,
        ready: 5,
        ..BatchMachine::default()
    };
    let second = BatchMachine { class: 1, centre: 1, rate: 60, ..BatchMachine::default() };
    let plate = BatchClass { capacity: 10, setup: 10, base: 5, unload: 7, ..Default::default() };
    let stacked = BatchClass { capacity: 20, setup: 4, unload: 2, ..plate.clone() };
    BatchProblem {
        rate_span: 60,
        mass_span: 1000,
        classes: vec![plate, BatchClass { base: 0, ..stacked }],
        machines: vec![first, second],
        families: vec![family(0, &[0, 1]), family(1, &[0])],
        freight: vec![vec![way(100, 50, 3, 20), None], vec![way(10, 5, 1, 1), way(20, 4, 2, 0)]],
        orders: vec![
            BatchOrder { due: Some(200), weight: 6, ..BatchOrder::default() },
            BatchOrder { region: 1, due: Some(85), ..BatchOrder::default() },
        ],
        parts,
        ..BatchProblem::default()
    }
}

/// By hand:
///
/// * first machine, 10 + 5 + 2·8 + 12 + 7 = 50 long: ⌈90·50/60⌉ + ⌈30·12/60⌉ + 11 = 92;
/// * then 10 + 5 + 10 + 20 + 7 = 52 and 15 for the change: 78 + 10 + 11 + 40 = 139;
/// * second machine, filled to 13 of 20, so at least ⌈30·13/20⌉ = 20 high, which is
///   4 + 4 + 2·3 + 20 + 2 = 36 long: 36;
/// * freight: 2·(3 + 30) + (3 + 2) + 50 from the first centre, (1 + 2) + 5 and 2·2 + 4 from the
///   second;
/// * the first order arrives at 122 + 100, 22 late: ⌈6·22/60⌉ = 3. The second arrives at 66 + 20,
///   1 late, at no cost;
/// * alone, copies cost no less than 3·(4 + 3) + (15 + 5) + 2·(3 + 2) = 51.
fn plan() -> BatchPlan {
    BatchPlan {
        machines: vec![
            vec![batch(&[(0, 2)], 5, 55), batch(&[(1, 1)], 55, 122)],
            vec![batch(&[(0, 1), (2, 2)], 30, 66)],
        ],
        unplaced: vec![Copies { part: 3, copies: 1 }],
        cost: BatchCost {
            production: 267,
            freight: 137,
            lateness: 3,
            makespan: 122,
            late_orders: 2,
            ..BatchCost::default()
        },
        bound: 51,
        ..BatchPlan::default()
    }
}

#[test]
fn a_plan_reckoned_by_hand_passes() {
    assert_eq!(check_batches(&problem(), &plan()), []);
    assert_eq!(check_batches(&BatchProblem::default(), &BatchPlan::default()), default_faults());
    let empty = BatchProblem { rate_span: 1, mass_span: 1, ..BatchProblem::default() };
    assert_eq!(check_batches(&empty, &BatchPlan::default()), []);
}

/// Spans of 0 are not those that a file without them has.
fn default_faults() -> Vec<BatchFault> {
    let bad = |name| BatchFault::BadProblem {
        what: format!("the problem has {name} of 0, which must be at least 1"),
    };
    vec![bad("rate_span"), bad("mass_span")]
}
