//! Damage of all kinds: nothing panics.

use platewright_model::batching::{PartPrice, TimePrice};
use rand::{Rng, RngExt};
use serde_json::Value;

use super::*;

const AMOUNTS: [i64; 12] =
    [i64::MIN, i64::MIN + 1, -1, 0, 1, 2, 7, 1 << 31, 1 << 40, 1 << 61, i64::MAX - 1, i64::MAX];

/// Every number of a document.
fn numbers<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
    match value {
        Value::Number(_) => found.push(value),
        Value::Array(all) => all.iter_mut().for_each(|one| numbers(one, found)),
        Value::Object(all) => all.values_mut().for_each(|one| numbers(one, found)),
        _ => {}
    }
}

fn damaged(rng: &mut impl Rng, mut value: Value) -> Value {
    let mut all = Vec::new();
    numbers(&mut value, &mut all);
    for _ in 0..rng.random_range(0..4) {
        let at = rng.random_range(0..all.len());
        *all[at] = AMOUNTS[rng.random_range(0..AMOUNTS.len())].into();
    }
    value
}

#[test]
fn nothing_panics() {
    let mut rng = random::rng(7);
    let mut read = 0;
    for seed in 0..4000 {
        let problem = if seed % 2 == 0 { problem() } else { random::problem(&mut rng, 4) };
        let mut certificate = random::certificate(&mut rng, &problem, 9);
        if rng.random_bool(0.1) {
            certificate.parts.push(PartPrice::default());
            certificate.time.push(TimePrice { machine: 9, ..TimePrice::default() });
        }
        let plan = BatchPlan { certificate: Some(certificate), ..plan() };
        let problem = damaged(&mut rng, serde_json::to_value(&problem).unwrap());
        let plan = damaged(&mut rng, serde_json::to_value(&plan).unwrap());
        let problem = serde_json::from_value::<BatchProblem>(problem);
        let (Ok(problem), Ok(plan)) = (problem, serde_json::from_value(plan)) else { continue };
        for fault in check_batches(&problem, &plan) {
            assert!(!fault.to_string().is_empty());
        }
        read += 1;
    }
    assert!(read > 1000, "{read}");
}

#[test]
fn problems_that_cannot_be_judged_are_told() {
    use platewright_model::batching::BatchCalendar;
    let calendar = |cycle, staffed: &[(i64, i64)], maintenance: &[(i64, i64)]| BatchCalendar {
        cycle,
        staffed: staffed.to_vec(),
        maintenance: maintenance.to_vec(),
    };
    let calendars = [
        calendar(0, &[], &[]),
        calendar(9, &[(0, 10)], &[]),
        calendar(9, &[(-1, 3)], &[]),
        calendar(9, &[(3, 5), (1, 2)], &[]),
        calendar(9, &[(3, 5), (4, 6)], &[]),
        calendar(9, &[(3, 3)], &[]),
        calendar(9, &[], &[(4, 3)]),
        calendar(9, &[], &[(1, 3), (2, 4)]),
    ];
    let mut bad = vec![problem(); 22 + calendars.len()];
    bad[0].rate_span = 0;
    bad[1].mass_span = -1;
    bad[2].objective.lateness = -1;
    bad[3].classes[0].capacity = 0;
    bad[4].families[1].stack = vec![0, -1];
    bad[5].machines[0].class = 2;
    bad[6].machines[1].centre = 2;
    bad[7].machines[1].ready = -1;
    bad[8].families[0].machines = vec![1, 0];
    bad[9].families[1].machines = vec![2];
    bad[10].families[1].machines = vec![0, 0];
    bad[11].freight[1].pop();
    bad[12].freight[1][0] = way(-1, 0, 0, 0);
    bad[13].orders[0].region = 2;
    bad[14].orders[1].weight = -1;
    bad[15].parts[0].order = 2;
    bad[16].parts[0].family = 2;
    bad[17].parts[3].copies = 0;
    bad[18].parts[3].mass = -1;
    bad[19].parts[3].finish = -1;
    bad[20].parts[3].loads.clear();
    bad[21].parts[3].loads[0] = load(-1, 0, 0);
    for (problem, calendar) in bad[22..].iter_mut().zip(calendars) {
        problem.machines[0].calendar = Some(calendar);
    }
    for (k, problem) in bad.iter().enumerate() {
        let found = check_batches(problem, &plan());
        assert!(matches!(&found[..], [BatchFault::BadProblem { .. }]), "{k}: {found:?}");
    }
}
