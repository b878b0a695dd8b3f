use platewright_model::run::RunContext;

use super::*;
use crate::batching::{Settings, solve_valid};
use crate::fixture::{
    ByVolume, EVENING, OBJECTIVE, World, always, centre, line, machine, order, random_world, world,
};
use crate::group::group;

fn capacity(world: &World) -> NightCapacity {
    let facts = world.facts();
    let (groups, _) = group(&facts);
    night_capacity(&facts, &groups, &ByVolume(world), &OBJECTIVE, EVENING + Seconds(1_000_000))
}

/// Orders of two cubes of 80 mm each on one machine, all of them due in two days.
fn cubes(orders: usize) -> World {
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let orders = (0..orders).map(|n| order(&format!("o{n}"), 2, vec![line("c80", 2)])).collect();
    world(centres, orders)
}

#[test]
fn more_cubes_than_a_day_has_time_for_are_told_in_hours() {
    // A day is left before the way of a day. A full volume holds 6.25 cubes and takes 33 500 s,
    // less two layers; a cube takes 0.16 of that and 512 s of its own, 5868.8 s.
    let told = capacity(&cubes(10));
    assert!(told.hopeless.is_empty());
    let [set] = &told.tight[..] else { panic!("one set, not {:?}", told.tight) };
    assert_eq!(set.orders, (0..10).map(|n| format!("o{n}").as_str().into()).collect::<Vec<_>>());
    assert_eq!((set.units, set.offered), (20, Seconds(86_400)));
    assert!((117_300..=117_376).contains(&set.needed.0), "{:?}", set.needed);
    // 30 976 s are missing, and an order is 11 738 s of them.
    assert_eq!(set.late_orders, 3);
    assert_eq!(set.machines.len(), 1);
    assert_eq!(set.machines[0].from, EVENING);
    assert_eq!(set.machines[0].until, EVENING + Seconds(86_400));
    let text = set.sentence();
    assert!(text.contains("need at least 32.6 h on m1, the only machine"), "{text}");
    assert!(text.contains("there are 24.0 h from 2026-11-16T18:00:00Z"), "{text}");
    assert!(text.contains("o0, o1, o2, o3, o4, o5, o6, o7 and 2 more"), "{text}");
    let text = set.remedy();
    assert!(text.contains("3 of these orders or more") && text.contains("8.6 h more"), "{text}");
    let told = capacity(&cubes(7));
    assert!(told.hopeless.is_empty() && told.tight.is_empty(), "{told:?}");
    // A cube pays 3072 for feedstock, 1630 for its time, 320 of a build, 77 and half of a shipment
    // of 900 for freight: 14 of them 77 686, of which 35 are given up for rounding.
    assert!((77_640..=77_686).contains(&told.least_cost.0), "{told:?}");
}

#[test]
fn what_is_due_before_it_can_be_there_is_late_by_itself() {
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let world = world(centres, vec![order("o", 1, vec![line("c20", 1)])]);
    let told = capacity(&world);
    assert!(told.tight.is_empty());
    let [late] = &told.hopeless[..] else { panic!("one order, not {:?}", told.hopeless) };
    // A cube of 20 mm may stand askew: of its height nothing is sure but its share of a volume.
    assert_eq!(late.order, "o".into());
    assert!(late.soonest > EVENING + Seconds(86_400 + 13_500), "{late:?}");
    assert!(late.soonest <= EVENING + Seconds(86_400 + 15_508), "{late:?}");
}

#[test]
fn nothing_to_print_lacks_nothing() {
    assert_eq!(capacity(&world(Vec::new(), Vec::new())), NightCapacity::default());
}

#[test]
fn no_plan_has_fewer_late_orders_than_told() {
    let mut told_of = 0;
    for seed in 0..8 {
        let mut world = random_world(seed, 2, 60);
        for order in world.night.orders.values_mut() {
            order.due = EVENING + Seconds(260_000);
        }
        let world = World::new(world.night, world.parts);
        let told = capacity(&world);
        let late = late_orders(&world, seed);
        for set in &told.tight {
            let of_set = set.orders.iter().filter(|order| late.contains(order)).count();
            assert!(of_set >= set.late_orders, "seed {seed}: {of_set} late, {}", set.sentence());
            told_of += 1;
        }
        assert!(told.hopeless.iter().all(|order| late.contains(&order.order)), "seed {seed}");
    }
    assert!(told_of > 0, "no night was too much");
}

/// The late orders of a plan of the night that is searched for.
fn late_orders(world: &World, seed: u64) -> Vec<OrderId> {
    let facts = world.facts();
    let (groups, _) = group(&facts);
    let centres: Vec<_> = facts.night.centres.values().collect();
    let stations = stations(&facts, &centres);
    let fit = ByVolume(world);
    let new = |group| Task::new(&facts, &stations, centres.len(), group, &fit).0;
    let tasks: Vec<Task<'_>> = groups.iter().filter_map(new).collect();
    let problem = NightProblem::new(&facts, &stations, &tasks, &OBJECTIVE).problem;
    let ctx = RunContext::with_iterations(seed, 60_000);
    let plan = solve_valid(&problem, &Settings::default(), &ctx).plan;
    let mut late = vec![false; problem.orders.len()];
    for (machine, line) in problem.machines.iter().zip(&plan.machines) {
        for (batch, part) in line.iter().flat_map(|b| b.parts.iter().map(move |p| (b, p))) {
            let part = &problem.parts[part.part];
            let order = &problem.orders[part.order];
            let way = problem.freight[machine.centre][order.region].unwrap();
            late[part.order] |= Some(batch.end + part.finish + way.duration) > order.due;
        }
    }
    let orders = orders_of(&tasks).into_keys().zip(late);
    orders.filter(|(_, late)| *late).map(|(order, _)| order.clone()).collect()
}
