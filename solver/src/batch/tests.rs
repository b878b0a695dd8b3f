use std::collections::BTreeSet;

use platewright_model::run::RunContext;
use platewright_model::stage::UnplacedReason;

use super::*;
use crate::fixture::{
    ByVolume, OBJECTIVE, World, always, centre, config, line, machine, order, random_world, world,
};
use crate::group::group;

type Outcome = (Vec<PrintingGroup>, Vec<Batch>, Vec<Unplaced>);

fn run(world: &World, seed: u64) -> Outcome {
    run_at(world, seed, &OBJECTIVE)
}

fn run_at(world: &World, seed: u64, objective: &Objective) -> Outcome {
    let facts = world.facts();
    let (groups, mut left) = group(&facts);
    let ctx = RunContext::with_iterations(seed, 1000);
    let (batches, more) = batch(&facts, &groups, &ByVolume(world), &config(), objective, &ctx);
    left.extend(more);
    (groups, batches, left)
}

/// Every unit exactly once, every batch fits and is of one group.
fn check(world: &World, groups: &[PrintingGroup], batches: &[Batch], left: &[Unplaced]) {
    let facts = world.facts();
    let mut seen = BTreeSet::new();
    for unit in batches.iter().flat_map(|b| &b.units).chain(left.iter().map(|u| &u.unit)) {
        assert!(seen.insert(*unit), "unit {unit} twice");
    }
    assert_eq!(seen.len(), world.units.len());
    for batch in batches {
        let group = groups.iter().find(|g| g.id == batch.group).unwrap();
        let mut parts = std::collections::BTreeMap::new();
        for unit in &batch.units {
            assert!(group.units.contains(unit));
            *parts.entry(facts.line(unit).unwrap().1.part.clone()).or_insert(0) += 1;
        }
        let parts: Vec<_> = parts.into_iter().collect();
        let fit = ByVolume(world).fit(&batch.class, platewright_model::measure::Mm(2.0), &parts);
        assert!(fit.fits || batch.units.len() == 1, "{} does not fit", batch.id);
    }
    assert!(batches.windows(2).all(|w| w[0].id < w[1].id));
}

#[test]
fn random_nights_keep_every_unit() {
    for seed in 0..6 {
        let world = random_world(seed, 2, 40);
        let (groups, batches, left) = run(&world, seed);
        check(&world, &groups, &batches, &left);
        assert!(left.is_empty());
    }
}

#[test]
fn few_parts_share_one_volume() {
    // 25 cubes of 20 mm are 200 cm³ of 3200 cm³: one volume, as a second costs 20.00 more.
    let centres =
        vec![centre("a", vec![machine("m1", "a", always()), machine("m2", "a", always())])];
    let orders = (0..5).map(|n| order(&format!("o{n}"), 9, vec![line("c20", 5)])).collect();
    let (_, batches, _) = run(&world(centres, orders), 1);
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].units.len(), 25);
    assert_eq!(batches[0].id.as_str(), "B-G001-001");
}

#[test]
fn volumes_are_filled() {
    // Five cubes of 80 mm are 2560 cm³ of 3200 cm³, six are 3072 cm³, seven do not fit.
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let (_, batches, _) = run(&world(centres, vec![order("o", 30, vec![line("c80", 18)])]), 1);
    let sizes: Vec<usize> = batches.iter().map(|b| b.units.len()).collect();
    assert_eq!(sizes, [6, 6, 6]);
}

#[test]
fn what_is_too_large_says_so() {
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let orders = vec![order("o", 3, vec![line("c250", 2), line("c20", 1)])];
    let world = world(centres, orders);
    let (groups, batches, left) = run(&world, 1);
    check(&world, &groups, &batches, &left);
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|u| u.reason == UnplacedReason::TooLarge));
    assert!(left[0].text.contains("sls/200"), "{}", left[0].text);
}

#[test]
fn no_batch_mixes_orders_that_no_centre_can_ship_together() {
    let mut north = centre("a", vec![machine("m1", "a", always())]);
    north.freight.remove(1);
    let mut south = centre("b", vec![machine("m2", "b", always())]);
    south.freight.remove(0);
    let mut away = order("o2", 9, vec![line("c20", 3)]);
    away.region = "south".into();
    let world = world(vec![north, south], vec![order("o1", 9, vec![line("c20", 3)]), away]);
    let (groups, batches, left) = run(&world, 1);
    check(&world, &groups, &batches, &left);
    assert_eq!(batches.len(), 2);
}

#[test]
fn urgent_work_is_spread_over_idle_machines() {
    // Twelve cubes of 80 mm fill two volumes that print until 5772 s after what is in time,
    // for 160.33 an order and 641.32 in all; a third volume costs 57.50 more and all three,
    // with four cubes each, are done 1652 s before it.
    let machines = (0..4).map(|n| machine(&format!("m{n}"), "a", always())).collect();
    let orders = (0..4)
        .map(|n| {
            let mut order = order(&format!("o{n}"), 0, vec![line("c80", 3)]);
            order.due =
                crate::fixture::EVENING + platewright_model::measure::Seconds(86_400 + 30_000);
            order.priority = 5;
            order
        })
        .collect();
    let dear = Objective { lateness_per_hour: 2000, ..OBJECTIVE };
    let (_, batches, _) = run_at(&world(vec![centre("a", machines)], orders), 1, &dear);
    let sizes: Vec<usize> = batches.iter().map(|b| b.units.len()).collect();
    assert_eq!(sizes, [4, 4, 4]);
}

#[test]
fn same_seed_same_batches_for_any_threads() {
    let world = random_world(3, 2, 30);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&world, 5).1)
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn nothing_to_print_is_no_batch() {
    let world = world(Vec::new(), vec![order("o", 3, vec![line("c20", 2)])]);
    let (groups, batches, left) = run(&world, 1);
    assert!(groups.is_empty() && batches.is_empty());
    assert!(left.iter().all(|u| u.reason == UnplacedReason::NoMachine) && left.len() == 2);
}

#[test]
fn what_nobody_can_load_says_so() {
    let unstaffed = machine("m1", "a", crate::fixture::staffed(&[]));
    let centres = vec![centre("a", vec![unstaffed])];
    let (_, batches, left) = run(&world(centres, vec![order("o", 3, vec![line("c20", 4)])]), 1);
    assert!(batches.is_empty());
    assert_eq!(left.len(), 4);
    assert_eq!(left[0].reason, UnplacedReason::NoCapacity);
    assert!(left[0].text.contains("nobody ever staffs it"), "{}", left[0].text);
}
