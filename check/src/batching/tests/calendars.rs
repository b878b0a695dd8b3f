//! Plans around staffed hours and maintenance.

use platewright_model::batching::BatchCalendar;

use super::*;

/// One machine whose set-up takes 10, a change 4, the print 20 and unloading 7; people are there
/// in [20, 50) and [90, 105) of each 100. A batch of each of two materials.
pub(super) fn problem() -> BatchProblem {
    let class = BatchClass { capacity: 1, setup: 10, unload: 7, ..BatchClass::default() };
    let calendar = BatchCalendar {
        cycle: 100,
        staffed: vec![(0, 5), (20, 50), (90, 100)],
        maintenance: vec![(300, 310)],
    };
    let machine =
        BatchMachine { changeover: 4, calendar: Some(calendar), ..BatchMachine::default() };
    let part = BatchPart { copies: 1, loads: vec![load(1, 0, 20)], ..BatchPart::default() };
    let family = |material| Family { material, machines: vec![0], ..Family::default() };
    BatchProblem {
        rate_span: 1,
        mass_span: 1,
        classes: vec![class],
        machines: vec![machine],
        families: vec![family(0), family(1)],
        freight: vec![vec![way(0, 0, 0, 0)]],
        orders: vec![BatchOrder::default()],
        parts: vec![part.clone(), BatchPart { family: 1, ..part }],
        ..BatchProblem::default()
    }
}

fn faults_of(problem: &BatchProblem, spans: [(i64, i64); 2]) -> Vec<BatchFault> {
    let batches = (0..2).map(|part| batch(&[(part, 1)], spans[part].0, spans[part].1));
    let cost = BatchCost { makespan: spans[1].1, ..BatchCost::default() };
    let plan = BatchPlan { machines: vec![batches.collect()], cost, ..BatchPlan::default() };
    check_batches(problem, &plan)
}

fn faults(spans: [(i64, i64); 2]) -> Vec<BatchFault> {
    faults_of(&problem(), spans)
}

#[test]
fn people_set_up_and_unload() {
    // Printed at 50, unloaded at 90; then the change ends at 111, with no one there.
    let spot = BatchSpot { machine: 0, batch: 1 };
    assert_eq!(faults([(20, 97), (97, 138)]), [BatchFault::Unstaffed { spot, from: 97, to: 111 }]);
    assert_eq!(faults([(20, 97), (120, 197)]), []);
    // Unloading ends just as people leave, or does not begin.
    assert_eq!(faults([(20, 97), (129, 197)]), []);
    let end = |end, expected| BatchFault::End { spot, end, expected };
    assert_eq!(faults([(20, 97), (120, 161)]), [end(161, 197)]);
    let wrong = BatchFault::End { spot: BatchSpot { machine: 0, batch: 0 }, end: 57, expected: 97 };
    assert_eq!(faults([(20, 57), (120, 197)]), [wrong]);
    // Over the end of the cycle: set up from 90 to 104 and from 191 to 205.
    assert_eq!(faults([(20, 97), (191, 232)]), []);
    assert_eq!(
        faults([(20, 97), (192, 233)]),
        [BatchFault::Unstaffed { spot, from: 192, to: 206 }]
    );
}

#[test]
fn nothing_lies_in_maintenance() {
    let spot = BatchSpot { machine: 0, batch: 1 };
    let hit = BatchFault::Maintenance { spot, from: 300, to: 310 };
    // It is set up until 304 and unloaded from 324 on.
    assert_eq!(faults([(20, 97), (290, 331)]), [hit]);
    assert_eq!(faults([(20, 97), (229, 297)]), []);
    assert_eq!(faults([(20, 97), (320, 397)]), []);
    // Not even while it waits to be unloaded.
    let mut early = problem();
    if let Some(calendar) = &mut early.machines[0].calendar {
        calendar.maintenance = vec![(270, 271)];
    }
    let hit = BatchFault::Maintenance { spot, from: 270, to: 271 };
    assert_eq!(faults_of(&early, [(20, 97), (229, 297)]), [hit]);
}

#[test]
fn a_part_whose_set_up_fits_no_staffed_span_is_left_out() {
    // A change takes 31 with the set-up, 1 more than the longest span.
    let mut problem = problem();
    problem.machines[0].changeover = 21;
    problem.machines[0].loaded = Some(0);
    let mut plan = BatchPlan {
        machines: vec![vec![batch(&[(0, 1)], 20, 97)]],
        unplaced: vec![Copies { part: 1, copies: 1 }],
        cost: BatchCost { makespan: 97, ..BatchCost::default() },
        ..BatchPlan::default()
    };
    assert_eq!(check_batches(&problem, &plan), []);
    problem.machines[0].changeover = 20;
    let taken = |part| vec![BatchFault::CouldTake { part, machine: 0 }];
    assert_eq!(check_batches(&problem, &plan), taken(1));
    // A machine that holds nothing takes what comes first, and then nothing else.
    problem.machines[0].changeover = 21;
    problem.machines[0].loaded = None;
    assert_eq!(check_batches(&problem, &plan), []);
    plan.machines[0].clear();
    plan.cost.makespan = 0;
    plan.unplaced.insert(0, Copies { part: 0, copies: 1 });
    let both = [taken(0), taken(1)].concat();
    assert_eq!(check_batches(&problem, &plan), both);
    // So neither counts for the bound.
    problem.freight[0][0] = way(0, 0, 7, 0);
    assert_eq!(bound::plain_sum(&Printing::of(&problem)), 0);
    problem.machines[0].loaded = Some(1);
    assert_eq!(bound::plain_sum(&Printing::of(&problem)), 7);
    problem.machines[0].changeover = 20;
    assert_eq!(bound::plain_sum(&Printing::of(&problem)), 14);
    // Nobody is ever there long enough to unload.
    problem.classes[0].unload = 31;
    assert_eq!(check_batches(&problem, &plan), []);
    plan.machines[0] = vec![batch(&[(0, 1)], 20, 97)];
    plan.unplaced.remove(0);
    let never = BatchFault::NeverUnloaded { spot: BatchSpot { machine: 0, batch: 0 }, unload: 31 };
    assert!(check_batches(&problem, &plan).contains(&never));
}
