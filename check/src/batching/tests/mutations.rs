//! A sound plan with one thing broken: the right fault is named, and no other.

use super::*;

const A: BatchSpot = BatchSpot { machine: 0, batch: 0 };
const B: BatchSpot = BatchSpot { machine: 0, batch: 1 };
const C: BatchSpot = BatchSpot { machine: 1, batch: 0 };

fn faults(change: impl Fn(&mut BatchProblem, &mut BatchPlan)) -> Vec<BatchFault> {
    let (mut problem, mut plan) = (problem(), plan());
    change(&mut problem, &mut plan);
    check_batches(&problem, &plan)
}

fn cost(term: &'static str, found: i128, expected: i128) -> BatchFault {
    BatchFault::Cost { term, found, expected }
}

#[test]
fn lists_that_lead_nowhere() {
    use BatchPlace::{Batch, Unplaced};
    let no_machine = faults(|_, plan| plan.machines.push(Vec::new()));
    assert_eq!(no_machine, [BatchFault::Machines { found: 3, machines: 2 }]);
    let no_part = faults(|_, plan| plan.machines[1][0].parts.push(Copies { part: 4, copies: 1 }));
    assert_eq!(no_part, [BatchFault::NoSuchPart { place: Batch(C), part: 4 }]);
    let left = faults(|_, plan| plan.unplaced.push(Copies { part: 9, copies: 1 }));
    assert_eq!(left, [BatchFault::NoSuchPart { place: Unplaced, part: 9 }]);
    let unsorted = faults(|_, plan| plan.machines[1][0].parts.reverse());
    assert_eq!(unsorted, [BatchFault::Unsorted { place: Batch(C), entry: 1 }]);
    let twice = faults(|_, plan| {
        plan.machines[0][0].parts = vec![Copies { part: 0, copies: 1 }; 2];
    });
    assert_eq!(twice, [BatchFault::Unsorted { place: Batch(A), entry: 1 }]);
    let none = faults(|_, plan| plan.unplaced.insert(0, Copies { part: 0, copies: 0 }));
    assert_eq!(none, [BatchFault::NoCopies { place: Unplaced, part: 0 }]);
    let none = faults(|_, plan| plan.machines[0][1].parts.insert(0, Copies { part: 0, copies: 0 }));
    assert!(none.contains(&BatchFault::NoCopies { place: Batch(B), part: 0 }), "{none:?}");
}

#[test]
fn copies_that_are_missing_or_left_out_without_need() {
    let copies =
        |part, found, unplaced, copies| BatchFault::Copies { part, found, unplaced, copies };
    let missing = faults(|_, plan| plan.unplaced.clear());
    assert_eq!(missing, [copies(3, 0, 0, 1)]);
    let twice = faults(|problem, _| problem.parts[0].copies = 4);
    assert_eq!(twice, [copies(0, 3, 0, 4)]);
    let many = faults(|_, plan| plan.unplaced[0].copies = u32::MAX);
    assert_eq!(many, [copies(3, 0, u64::from(u32::MAX), 1)]);
    // A machine takes the last part once its family allows it, or the centre serves the region.
    let taken = |machine| vec![BatchFault::CouldTake { part: 3, machine }];
    assert_eq!(faults(|problem, _| problem.families[1].machines.push(1)), taken(1));
    assert_eq!(faults(|problem, _| problem.freight[0][1] = way(1, 1, 1, 1)), taken(0));
    // Not one that is too small.
    let small = faults(|problem, _| {
        problem.families[1].machines.push(1);
        problem.parts[3].loads[1] = load(21, 0, 0);
    });
    assert_eq!(small, []);
}

#[test]
fn batches_that_may_not_be() {
    let empty = faults(|_, plan| plan.machines[1].push(batch(&[], 66, 66)));
    assert_eq!(empty, [BatchFault::Empty { spot: BatchSpot { machine: 1, batch: 1 } }]);
    let mixed = faults(|problem, plan| {
        problem.parts.push(BatchPart { family: 1, ..problem.parts[0].clone() });
        problem.parts[0].copies = 2;
        problem.parts[4].copies = 1;
        plan.machines[0][0].parts = batch(&[(0, 1), (4, 1)], 0, 0).parts;
    });
    assert_eq!(mixed, [BatchFault::Families { spot: A, one: 0, other: 1 }]);
    let shut = faults(|problem, _| problem.families[0].machines = vec![0]);
    assert_eq!(shut[0], BatchFault::NotAllowed { spot: C, family: 0 });
    let unheld = faults(|problem, _| problem.parts[2].loads[1] = None);
    assert_eq!(unheld, [BatchFault::NotHeld { spot: C, part: 2 }, unproven(51, 41)]);
    let no_way = faults(|problem, _| problem.freight[1][1] = None);
    assert_eq!(no_way, [BatchFault::NoWay { spot: C, part: 2, region: 1 }, unproven(51, 41)]);
    let full = faults(|problem, _| problem.classes[0].capacity = 5);
    assert_eq!(full, [BatchFault::Full { spot: A, size: 6, capacity: 5 }]);
    assert_eq!(faults(|problem, _| problem.classes[0].capacity = 6), []);
}

fn unproven(bound: i64, proven: i128) -> BatchFault {
    BatchFault::BoundUnproven { bound, proven }
}

#[test]
fn starts_and_ends_that_do_not_follow() {
    let ready = faults(|problem, _| problem.machines[0].ready = 6);
    assert_eq!(ready, [BatchFault::NotReady { spot: A, start: 5, ready: 6 }]);
    let early = faults(|_, plan| {
        (plan.machines[0][1].start, plan.machines[0][1].end) = (54, 121);
    });
    let late = [cost("makespan", 122, 121)];
    assert_eq!(early[0], BatchFault::Overlap { spot: B, start: 54, end: 55 });
    assert_eq!(early[1..], late);
    let release = faults(|problem, _| problem.parts[2].release = 31);
    assert_eq!(release, [BatchFault::NotReleased { spot: C, start: 30, part: 2, release: 31 }]);
    // A later start is the plan's choice, but its end follows.
    let later = faults(|_, plan| {
        (plan.machines[0][1].start, plan.machines[0][1].end) = (56, 123);
        plan.cost.makespan = 123;
    });
    assert_eq!(later, []);
    let end = faults(|_, plan| plan.machines[0][1].end = 123);
    let wrong = BatchFault::End { spot: B, end: 123, expected: 122 };
    assert_eq!(end, [wrong, cost("makespan", 122, 123)]);
    // No change of material after none, or between families of one material.
    for change in [
        |problem: &mut BatchProblem| problem.families[1].material = 0,
        |problem: &mut BatchProblem| problem.machines[0].loaded = Some(1),
    ] {
        let found = faults(|problem, _| change(problem));
        assert!(found.iter().any(|fault| matches!(fault, BatchFault::End { .. })), "{found:?}");
    }
    let none = faults(|problem, _| problem.machines[0].loaded = None);
    assert_eq!(none, []);
}

#[test]
fn costs_that_are_wrong() {
    assert_eq!(faults(|_, plan| plan.cost.production = 266), [cost("production", 266, 267)]);
    assert_eq!(faults(|_, plan| plan.cost.freight = 138), [cost("freight", 138, 137)]);
    assert_eq!(faults(|_, plan| plan.cost.lateness = 2), [cost("lateness", 2, 3)]);
    assert_eq!(faults(|_, plan| plan.cost.makespan = 0), [cost("makespan", 0, 122)]);
    assert_eq!(faults(|_, plan| plan.cost.late_orders = 1), [cost("late orders", 1, 2)]);
    // Due as it arrives is in time; without a due date nothing is late.
    let due = faults(|problem, _| problem.orders[1].due = Some(86));
    assert_eq!(due, [cost("late orders", 2, 1)]);
    let never = faults(|problem, _| problem.orders[0].due = None);
    assert_eq!(never, [cost("lateness", 3, 0), cost("late orders", 2, 1)]);
    // A part that comes later after its treatment.
    let finish = faults(|problem, _| problem.parts[1].finish = 9);
    assert_eq!(finish, [cost("lateness", 3, 4)]);
    let stack = faults(|problem, _| problem.machines[1].peak_rate = 60);
    assert_eq!(stack, [cost("production", 267, 287)]);
    let shipment = faults(|problem, _| {
        if let Some(way) = &mut problem.freight[0][0] {
            way.per_shipment += 1;
        }
    });
    assert_eq!(shipment, [cost("freight", 137, 138)]);
}

#[test]
fn bounds_that_are_not_proven() {
    assert_eq!(faults(|_, plan| plan.bound = 52), [unproven(52, 51)]);
    assert_eq!(faults(|_, plan| plan.bound = -7), []);
    let above = faults(|_, plan| plan.bound = 408);
    let objective = BatchFault::BoundAboveObjective { bound: 408, objective: 407 };
    assert_eq!(above, [objective, unproven(408, 51)]);
    // Weights: production 2 and freight 3 make of the sum 2·(3·4 + 15 + 2·3) + 3·(3·3 + 5 + 2·2).
    let weights = faults(|problem, plan| {
        problem.objective.production = 2;
        problem.objective.freight = 3;
        plan.bound = 121;
    });
    assert_eq!(weights, [unproven(121, 120)]);
}

#[test]
fn levels_are_what_their_terms_cost() {
    let by = |terms: &[&[Term]], levels: &[i64], bound: i64| {
        faults(|problem, plan| {
            problem.objective.levels = terms.iter().map(|level| level.to_vec()).collect();
            (plan.levels, plan.bound) = (levels.to_vec(), bound);
        })
    };
    let wrong = |found: &[i128], expected: &[i128]| {
        let (found, expected) = (found.to_vec(), expected.to_vec());
        vec![BatchFault::Levels { found, expected }]
    };
    let late: &[&[Term]] = &[&[Term::Lateness], &[Term::Production]];
    assert_eq!(by(late, &[3, 267, 137], 0), []);
    assert_eq!(by(late, &[3, 266, 137], 0), wrong(&[3, 266, 137], &[3, 267, 137]));
    assert_eq!(by(late, &[], 0), wrong(&[], &[3, 267, 137]));
    assert_eq!(by(&[], &[407], 51), wrong(&[407], &[]));
    // The bound is one on the first level alone.
    assert_eq!(by(late, &[3, 267, 137], 3), [unproven(3, 0)]);
    let above = BatchFault::BoundAboveObjective { bound: 4, objective: 3 };
    assert_eq!(by(late, &[3, 267, 137], 4), [above, unproven(4, 0)]);
    let cheap: &[&[Term]] = &[&[Term::Production], &[Term::Missed, Term::Lateness, Term::Freight]];
    assert_eq!(by(cheap, &[267, 140], 3 * 4 + 15 + 2 * 3), []);
    assert_eq!(by(cheap, &[267, 140], 34), [unproven(34, 33)]);
    let twice = by(&[&[Term::Lateness], &[Term::Lateness]], &[3, 3, 404], 0);
    let what = "lateness is in two levels of the objective, or twice in one".to_owned();
    assert_eq!(twice, [BatchFault::BadProblem { what }]);
}

#[test]
fn faults_are_told_to_people() {
    let text = faults(|_, plan| plan.cost.makespan = 0)[0].to_string();
    assert_eq!(text, "makespan: the plan says 0, but the batches give 122");
    let text = faults(|problem, _| problem.machines[0].ready = 6)[0].to_string();
    assert_eq!(text, "batch 0 on machine 0 starts at 5, but the machine is not free before 6");
}
