//! All policies from orders to schedules.

use std::collections::BTreeSet;

use platewright_model::config::{Policy, SolverConfig};
use platewright_model::id::OrderId;
use platewright_model::run::RunContext;
use platewright_model::stage::{Assignment, Build, Schedule};

use crate::batch::batch;
use crate::fixture::{
    ByVolume, OBJECTIVE, World, always, builds, centre, config, limited, line, machine, order,
    random_world, staffed, world,
};
use crate::{assign, group, schedule};

struct Planned {
    builds: Vec<Build>,
    assignment: Assignment,
    schedule: Schedule,
    left: usize,
}

fn plan(world: &World, policy: Policy) -> Planned {
    let ctx = RunContext::with_iterations(1, 300);
    let cfg = SolverConfig { policy, ..config() };
    let facts = world.facts();
    let (groups, nowhere) = group(&facts);
    let (batches, more) = batch(&facts, &groups, &ByVolume(world), &cfg, &OBJECTIVE, &ctx);
    let builds = builds(world, &groups, &batches);
    let assignment = assign(&facts, &groups, &builds, &[], &cfg, &OBJECTIVE, &ctx).unwrap();
    let left = nowhere.len() + more.len();
    let (schedule, moved) =
        schedule(&facts, &groups, &builds, &[], &assignment, &cfg, &OBJECTIVE, left, &ctx).unwrap();
    assert!(moved.is_none() || policy == Policy::Search, "{policy:?} moves nothing");
    Planned { builds, assignment: moved.unwrap_or(assignment), schedule, left }
}

impl Planned {
    /// Machine, orders and number of units of each build, in the order of their starts.
    fn told(&self, world: &World) -> Vec<(String, Vec<String>, usize)> {
        let mut scheduled: Vec<_> = self.schedule.builds.iter().collect();
        scheduled.sort_by_key(|s| (s.start, &s.build));
        let facts = world.facts();
        let told = scheduled.into_iter().map(|scheduled| {
            let build = self.builds.iter().find(|b| b.id == scheduled.build).unwrap();
            let of = |p: &platewright_model::stage::Placement| facts.line(&p.unit).unwrap().0;
            let orders: BTreeSet<&OrderId> = build.placements.iter().map(|p| &of(p).id).collect();
            let orders = orders.into_iter().map(ToString::to_string).collect();
            (scheduled.machine.to_string(), orders, build.placements.len())
        });
        told.collect()
    }
}

fn told(plan: &[(&str, &str, usize)]) -> Vec<(String, Vec<String>, usize)> {
    let orders = |text: &str| text.split(' ').map(str::to_owned).collect();
    plan.iter().map(|(m, text, units)| ((*m).to_owned(), orders(text), *units)).collect()
}

/// Four orders of five small cubes, the last due first, for two machines in each of two centres.
fn four_orders() -> World {
    let centres = ["a", "b"]
        .map(|c| centre(c, [1, 2].map(|n| machine(&format!("{c}{n}"), c, always())).into()));
    let orders = (0..4).map(|n| order(&format!("o{n}"), 9 - n, vec![line("c20", 5)])).collect();
    world(centres.into(), orders)
}

#[test]
fn by_hand_no_order_shares_a_build_and_the_first_machine_prints_all() {
    let world = four_orders();
    let plan = plan(&world, Policy::ByHand);
    let want = [("a1", "o3", 5), ("a1", "o2", 5), ("a1", "o1", 5), ("a1", "o0", 5)];
    assert_eq!(plan.told(&world), told(&want));
}

#[test]
fn first_free_takes_machines_in_turn() {
    let world = four_orders();
    let mut plan = plan(&world, Policy::FirstFree).told(&world);
    plan.sort();
    let want = [("a1", "o3", 5), ("a2", "o2", 5), ("b1", "o1", 5), ("b2", "o0", 5)];
    assert_eq!(plan, told(&want));
}

#[test]
fn greedy_mixes_orders() {
    let world = four_orders();
    let plan = plan(&world, Policy::Greedy).told(&world);
    assert_eq!(plan.len(), 1);
    assert_eq!(plan[0].2, 20);
}

#[test]
fn an_order_that_fills_more_than_a_build_goes_on_in_the_next() {
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    // Six cubes of 80 mm fill a volume; the small ones fit beside the last three.
    let lines = vec![line("c80", 15), line("c20", 4)];
    let world = world(centres, vec![order("o", 30, lines)]);
    let sizes: Vec<usize> =
        plan(&world, Policy::ByHand).told(&world).into_iter().map(|b| b.2).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 19);
    assert_eq!(sizes.len(), 3);
}

#[test]
fn machines_that_nobody_staffs_and_centres_without_feedstock_are_passed_by() {
    let unstaffed = machine("a1", "a", staffed(&[]));
    let empty = limited(centre("b", vec![machine("b1", "b", always())]), 1.0);
    let able = centre("c", vec![machine("c1", "c", always())]);
    let orders = vec![order("o1", 3, vec![line("c20", 5)])];
    let world = world(vec![centre("a", vec![unstaffed]), empty, able], orders);
    for policy in [Policy::ByHand, Policy::FirstFree, Policy::Greedy] {
        assert_eq!(plan(&world, policy).told(&world), told(&[("c1", "o1", 5)]), "{policy:?}");
    }
}

#[test]
fn what_no_machine_holds_is_left_over_by_every_policy() {
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let world = world(centres, vec![order("o", 3, vec![line("c250", 2), line("c20", 1)])]);
    for policy in [Policy::Search, Policy::Greedy, Policy::FirstFree, Policy::ByHand] {
        let plan = plan(&world, policy);
        assert_eq!((plan.left, plan.builds.len()), (2, 1), "{policy:?}");
        assert!(plan.assignment.unassigned.is_empty());
    }
}

#[test]
fn every_unit_is_planned_by_every_policy_and_the_search_costs_least() {
    for seed in 0..2 {
        let world = random_world(seed, 2, 25);
        let policies = [Policy::Search, Policy::Greedy, Policy::FirstFree, Policy::ByHand];
        let cost = policies.map(|policy| {
            let plan = plan(&world, policy);
            let units: usize = plan.told(&world).iter().map(|b| b.2).sum();
            assert_eq!(units, world.units.len(), "{policy:?}, seed {seed}");
            plan.schedule.cost.total()
        });
        assert!(cost[1..].iter().all(|other| cost[0] <= *other), "seed {seed}: {cost:?}");
    }
}
