//! Certificates: what they prove by hand, and that none proves too much.

use platewright_model::batching::{Certificate, PartPrice, TimePrice};

use super::*;

/// One part: a batch of one copy is 42 long and costs 63 + 6 + 11 and 33 of freight, one of two is
/// 50 long and costs 12 + 33 more. Parts arrive 100 after the batch.
fn problem(copies: u32) -> BatchProblem {
    let mut problem = super::problem();
    problem.machines.truncate(1);
    problem.machines[0].ready = 0;
    problem.families.truncate(1);
    problem.families[0].machines = vec![0];
    problem.orders.truncate(1);
    problem.orders[0].due = None;
    problem.parts.truncate(1);
    problem.parts[0].copies = copies;
    problem.parts[0].finish = 0;
    problem
}

fn prices(price: i64, late: i64, grid: &[i64]) -> Certificate {
    let parts = vec![PartPrice { price, late }];
    Certificate { scale: 1, parts, time: vec![], grid: grid.to_vec() }
}

fn proven(problem: &BatchProblem, certificate: &Certificate) -> Result<i128, Vec<BatchFault>> {
    certificate::proven(&Printing::of(problem), certificate)
}

fn earns(after: i64, by: i64) -> Result<i128, Vec<BatchFault>> {
    Err(vec![BatchFault::Earns { machine: 0, family: 0, after, by }])
}

#[test]
fn prices_may_be_told_in_parts_of_a_unit() {
    let in_parts = |price| Certificate { scale: 10, ..prices(price, 0, &[0]) };
    assert_eq!(proven(&problem(2), &in_parts(790)), Ok(158));
    // Half a unit more than is whole is rounded up, as costs are whole.
    assert_eq!(proven(&problem(2), &in_parts(788)), Ok(158));
    assert_eq!(proven(&problem(2), &in_parts(780)), Ok(156));
    assert!(proven(&problem(2), &in_parts(791)).is_err());
    assert!(proven(&problem(2), &Certificate { scale: 0, ..prices(1, 0, &[0]) }).is_err());
}

#[test]
fn a_price_may_be_what_a_batch_costs_and_no_more() {
    assert_eq!(proven(&problem(1), &prices(113, 0, &[0])), Ok(113));
    assert_eq!(proven(&problem(1), &prices(114, 0, &[0])), earns(0, 1));
    assert_eq!(proven(&problem(2), &prices(79, 0, &[0])), Ok(158));
    assert_eq!(proven(&problem(2), &prices(80, 0, &[0])), earns(0, 2));
    // Three copies fit in a batch, but not four.
    assert_eq!(proven(&problem(3), &prices(68, 0, &[0])), earns(0, 1));
    assert_eq!(proven(&problem(30), &prices(67, 0, &[0])), Ok(2010));
    let mut wide = problem(30);
    wide.classes[0].capacity = 12;
    assert_eq!(proven(&wide, &prices(67, 0, &[0])), earns(0, 20));
    // What is not proven is told with the bound of the plan.
    let plan = BatchPlan {
        machines: vec![vec![batch(&[(0, 1)], 0, 42)]],
        cost: BatchCost { production: 80, freight: 83, makespan: 42, ..BatchCost::default() },
        bound: 113,
        certificate: Some(prices(113, 0, &[0])),
        ..BatchPlan::default()
    };
    assert_eq!(check_batches(&problem(1), &plan), []);
    let more = BatchPlan { bound: 114, ..plan.clone() };
    let unproven = BatchFault::BoundUnproven { bound: 114, proven: 113 };
    assert_eq!(check_batches(&problem(1), &more), [unproven]);
    let high = BatchPlan { certificate: Some(prices(114, 0, &[0])), ..plan };
    let unproven = BatchFault::BoundUnproven { bound: 113, proven: 45 };
    let found = check_batches(&problem(1), &high);
    assert_eq!(found, [earns(0, 1).unwrap_err(), vec![unproven]].concat());
}

#[test]
fn lateness_counts_from_the_begin_of_a_span() {
    let mut one = problem(1);
    one.orders[0].due = Some(30);
    // 70 late at 0, which is 7; 112 at 42, which is 11.2.
    assert_eq!(proven(&one, &prices(120, 6, &[0])), Ok(120));
    assert_eq!(proven(&one, &prices(121, 6, &[0])), earns(0, 1));
    assert_eq!(proven(&one, &prices(124, 6, &[42, 50])), Ok(124));
    assert_eq!(proven(&one, &prices(125, 6, &[42, 50])), earns(42, 1));
    // Nothing is complete in the first span.
    assert_eq!(proven(&one, &prices(125, 6, &[0, 41, 50])), earns(41, 1));
    // In this first span, nothing is complete before 42.
    assert_eq!(proven(&one, &prices(124, 6, &[0, 42, 50])), Ok(124));
    assert_eq!(proven(&one, &prices(125, 6, &[0, 42, 50])), earns(0, 1));
    let late = proven(&one, &prices(124, 6, &[43])).unwrap_err();
    assert!(matches!(&late[..], [BatchFault::BadCertificate { .. }]), "{late:?}");
    // A release moves the first completion.
    one.parts[0].release = 10;
    assert_eq!(proven(&one, &prices(125, 6, &[52])), Ok(125));
    // Two copies share the weight of the order.
    let mut two = problem(2);
    two.orders[0].due = Some(30);
    let most = 6;
    let share = BatchFault::LateShare { order: 0, rate: 8, most };
    assert_eq!(proven(&two, &prices(0, 4, &[0])), Err(vec![share]));
    assert_eq!(proven(&two, &prices(0, 3, &[0])), Ok(0));
}

#[test]
fn machine_time_is_paid_at_both_ends_of_a_span() {
    let mut one = problem(1);
    one.orders[0] = BatchOrder { due: Some(30), weight: 60, ..BatchOrder::default() };
    let timed = |price, time: &[(i64, i64, i64)], grid: &[i64]| {
        let time = time.iter().map(|&(from, to, rate)| TimePrice { machine: 0, from, to, rate });
        Certificate { time: time.collect(), ..prices(price, 60, grid) }
    };
    let grid = [42, 100];
    // At 42: 113, 112 late, 42 of time at 1; at 100: 113, 170 late, as much of time. All time
    // costs 100.
    assert_eq!(proven(&one, &timed(267, &[(0, 100, 60)], &grid)), Ok(167));
    assert_eq!(proven(&one, &timed(268, &[(0, 100, 60)], &grid)), earns(42, 1));
    // What is due within the span is not late in it.
    let mut within = one.clone();
    within.orders[0].due = Some(143);
    assert_eq!(proven(&within, &timed(155, &[(0, 100, 60)], &grid)), Ok(55));
    assert_eq!(proven(&within, &timed(156, &[(0, 100, 60)], &grid)), earns(42, 1));
    // At 100, 32 of the 42 at a lower price: 10 + 16 of time, which costs 84 in all.
    let falling = [(0, 68, 60), (68, 100, 30)];
    assert_eq!(proven(&within, &timed(139, &falling, &grid)), Ok(55));
    assert_eq!(proven(&within, &timed(140, &falling, &grid)), earns(42, 1));
    // What is due at its begin is late all through it.
    let mut before = one.clone();
    before.orders[0].due = Some(142);
    assert_eq!(proven(&before, &timed(155, &falling, &grid)), Ok(71));
    assert_eq!(proven(&before, &timed(156, &falling, &grid)), earns(42, 1));
    // Where it is late, it is dearer there than at 42.
    assert_eq!(proven(&one, &timed(267, &falling, &grid)), Ok(183));
    assert_eq!(proven(&one, &timed(268, &falling, &grid)), earns(42, 1));
    // After a gap nothing is paid, though it costs.
    let gap = [(0, 68, 60), (69, 100, 60)];
    assert_eq!(proven(&within, &timed(123, &gap, &grid)), Ok(123 - 99));
    assert_eq!(proven(&within, &timed(124, &gap, &grid)), earns(42, 1));
    for time in
        [[(0, 50, 60), (50, 90, 61)], [(0, 50, 60), (49, 90, 5)], [(50, 50, 6), (60, 90, 5)]]
    {
        let found = proven(&one, &timed(1, &time, &grid)).unwrap_err();
        assert!(matches!(&found[..], [BatchFault::BadCertificate { .. }]), "{found:?}");
    }
}

#[test]
fn certificates_that_cannot_be_priced_are_refused() {
    let mut bad = vec![prices(1, 0, &[]), prices(1, 0, &[0, 0]), prices(1, -1, &[0])];
    let huge = [prices(i64::MAX, 0, &[0]), prices(i64::MIN, 0, &[0])];
    bad.extend(huge);
    bad.push(Certificate { parts: vec![], ..prices(1, 0, &[0]) });
    for machine in [0, 1, usize::MAX] {
        let time = vec![TimePrice { machine, from: 0, to: 1, rate: machine as i64 - 1 }];
        bad.push(Certificate { time, ..prices(1, 0, &[0]) });
    }
    for certificate in bad {
        let found = proven(&problem(1), &certificate).unwrap_err();
        let refused = |fault: &BatchFault| matches!(fault, BatchFault::BadCertificate { .. });
        assert!(found.iter().all(refused), "{found:?}");
    }
}

#[test]
fn what_may_be_left_out_earns_nothing() {
    let mut left = problem(1);
    left.parts[0].loads[0] = None;
    assert_eq!(proven(&left, &prices(1_000_000, 0, &[0])), Ok(0));
    assert_eq!(proven(&left, &prices(-5, 0, &[0])), Ok(0));
    // One of two parts shuts the other out, which may be either.
    let mut either = calendars::problem();
    either.freight[0][0] = way(0, 0, 7, 0);
    let parts = [7, -3].map(|price| PartPrice { price, late: 0 });
    let both = Certificate { parts: parts.to_vec(), ..prices(0, 0, &[0]) };
    assert_eq!(proven(&either, &both), Ok(4));
    either.machines[0].changeover = 21;
    assert_eq!(proven(&either, &both), Ok(-3));
}

#[test]
fn no_certificate_proves_more_than_the_best_plan_costs() {
    let (mut passed, mut useful) = (0, 0);
    for seed in 0..400 {
        let mut rng = random::rng(seed);
        let problem = random::problem(&mut rng, 4);
        let best = brute::best(&problem).cost.objective(&problem.objective);
        let plain = bound::plain_sum(&Printing::of(&problem));
        for high in [5, 10, 20, 40, 80, 160] {
            let mut certificate = random::certificate(&mut rng, &problem, high);
            if high % 20 == 0 {
                // Prices alike, and no price of time: more likely to be of use.
                certificate.time.clear();
                certificate.parts.iter_mut().for_each(|part| part.price = high / 4);
            }
            let Ok(bound) = proven(&problem, &certificate) else { continue };
            assert!(bound <= i128::from(best), "seed {seed}: {bound} > {best}");
            passed += 1;
            useful += usize::from(bound > plain);
        }
    }
    assert!(passed > 200 && useful > 50, "{passed} {useful}");
}
