use std::collections::BTreeMap;

use platewright_model::measure::Seconds;

use super::*;
use crate::batch::batch;
use crate::calendar::earliest_slot;
use crate::fixture::{
    ByVolume, OBJECTIVE, World, always, builds, centre, config, limited, line, machine, order,
    random_world, staffed, world,
};
use crate::group::group;

struct Case {
    world: World,
    groups: Vec<PrintingGroup>,
    builds: Vec<Build>,
}

fn case(world: World) -> Case {
    let ctx = RunContext::with_iterations(1, 300);
    let facts = world.facts();
    let (groups, _) = group(&facts);
    let (batches, _) = batch(&facts, &groups, &ByVolume(&world), &config(), &OBJECTIVE, &ctx);
    let builds = builds(&world, &groups, &batches);
    Case { world, groups, builds }
}

impl Case {
    fn assign(&self, objective: &Objective) -> Assignment {
        let ctx = RunContext::with_iterations(1, 2000);
        assign(&self.world.facts(), &self.groups, &self.builds, &[], &config(), objective, &ctx)
            .unwrap()
    }

    /// The objective by the words of the cost rules, from the units up; `None` if a machine
    /// cannot take its build.
    fn cost(&self, objective: &Objective, machines: &[&str]) -> Option<i64> {
        let facts = self.world.facts();
        let night = &self.world.night;
        let mut total = 0.0;
        let mut shipments: BTreeMap<(&str, &str), f64> = BTreeMap::new();
        let mut arrivals: BTreeMap<&str, i64> = BTreeMap::new();
        for (build, machine) in self.builds.iter().zip(machines) {
            let machine = facts.machine(&(*machine).into()).unwrap();
            let group = self.groups.iter().find(|g| g.id == build.group).unwrap();
            crate::machine_can_take(&facts, group, build, machine).ok()?;
            let material = &night.materials[&group.key.material];
            let print = machine.time.print_time(&build.load);
            let t = &machine.time;
            let occupied = (t.setup + print + t.cool_down + t.unload).0 as f64;
            total += (occupied * machine.per_hour.0 as f64 / 3600.0 - 1e-6).ceil();
            total += machine.per_build.0 as f64;
            let bed = machine.volume.plate_area() * build.load.height_mm - build.load.volume_mm3;
            let grams = build.load.volume_mm3 / 1000.0 * material.density_g_cm3
                + bed.max(0.0) / 1000.0 * material.bed_density_g_cm3 * material.refresh_loss;
            total += (material.price_per_kg.0 as f64 / 1000.0 * grams - 1e-6).ceil();
            let from = machine.free_from.max(night.planning_time);
            let end = earliest_slot(machine, from, false, print).unwrap().end;
            for placement in &build.placements {
                let (order, line) = facts.line(&placement.unit).unwrap();
                let mass = self.world.parts[&line.part].volume_mm3 / 1000.0;
                *shipments.entry((order.id.as_str(), machine.centre.as_str())).or_default() += mass;
                let way = facts.freight(&machine.centre, &order.region).unwrap().duration;
                let arrives = (end + way + facts.finish(line)).0;
                let entry = arrivals.entry(order.id.as_str()).or_insert(arrives);
                *entry = arrives.max(*entry);
            }
        }
        for order in night.orders.values().filter(|order| order.together) {
            let centres = shipments.keys().filter(|(id, _)| *id == order.id.as_str()).count();
            total += (centres.max(1) as i64 - 1) as f64 * objective.apart_per_shipment as f64;
        }
        for ((order, centre), grams) in shipments {
            let region = &night.orders[&order.into()].region;
            let freight = facts.freight(&centre.into(), region).unwrap();
            total += freight.per_shipment.0 as f64
                + (freight.per_kg.0 as f64 / 1000.0 * grams - 1e-6).ceil();
        }
        for (order, arrives) in arrivals {
            let order = &night.orders[&order.into()];
            let late = (arrives - order.due.0).max(0) as f64;
            let price = objective.lateness_per_hour as f64 * f64::from(order.priority);
            total += (late * price / 3600.0 - 1e-6).ceil();
            if order.deadline.is_some_and(|deadline| arrives > deadline.0) {
                total += objective.missed_deadline as f64 * f64::from(order.priority);
            }
        }
        Some(total as i64)
    }

    /// Least objective over every combination of machines.
    fn brute(&self, objective: &Objective) -> i64 {
        let machines = self.world.night.machines();
        let ids: Vec<&str> = machines.keys().map(|id| id.as_str()).collect();
        let n = self.builds.len() as u32;
        (0..ids.len().pow(n))
            .filter_map(|code| {
                let pick = |k: u32| ids[code / ids.len().pow(k) % ids.len()];
                self.cost(objective, &(0..n).map(pick).collect::<Vec<_>>())
            })
            .min()
            .unwrap()
    }

    fn chosen(&self, assignment: &Assignment) -> Vec<String> {
        assignment.assigned.iter().map(|a| a.machine.to_string()).collect()
    }
}

#[test]
fn tiny_nights_reach_the_optimum_and_bound_it() {
    let free = Objective { lateness_per_hour: 0, ..OBJECTIVE };
    let mut proven = 0;
    for seed in 0..48 {
        // Every other night has orders with deadlines, or that are wanted together.
        let mut world = random_world(seed / 2, 2, 7);
        for (n, order) in world.night.orders.values_mut().enumerate().filter(|_| seed % 2 > 0) {
            order.together = n % 2 == 0;
            order.deadline = (n % 3 == 0).then_some(order.due + Seconds(20_000));
        }
        let case = case(world);
        if !(2..=5).contains(&case.builds.len()) {
            continue;
        }
        proven += 1;
        for objective in [free, OBJECTIVE] {
            let best = case.brute(&objective);
            let got = case.assign(&objective);
            let chosen = case.chosen(&got);
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            assert_eq!(Some(got.objective.0), case.cost(&objective, &chosen), "seed {seed}");
            assert!(got.bound.0 <= best, "seed {seed}: bound {} > {best}", got.bound.0);
            assert!(got.bound.0 as f64 >= 0.98 * best as f64, "seed {seed}: {} {best}", got.bound);
            if objective.lateness_per_hour == 0 {
                assert_eq!(got.objective.0, best, "seed {seed}");
            }
        }
    }
    assert!(proven >= 10, "only {proven} nights were small enough");
}

#[test]
fn random_nights_have_a_small_proven_gap() {
    for seed in 0..3 {
        let case = case(random_world(seed, 4, 120));
        let free = Objective { lateness_per_hour: 0, ..OBJECTIVE };
        let got = case.assign(&free);
        assert!(got.bound <= got.objective && got.gap < 0.05, "gap {}", got.gap);
        assert_eq!(got.assigned.len(), case.builds.len());
        let load = case.assign(&OBJECTIVE);
        assert!(load.bound <= load.objective);
    }
}

#[test]
fn feedstock_limits_what_a_centre_prints() {
    // One cube of 80 mm a build: 512 g in the part and 268.8 g of powder lost. The cheap centre
    // has feedstock for one of two builds, the dear one for both.
    let near = limited(centre("a", vec![machine("m1", "a", always())]), 800.0);
    let mut dear = machine("m2", "b", always());
    dear.per_hour = Money(3000);
    let mut orders = Vec::new();
    for n in 0..2 {
        let mut order = order(&format!("o{n}"), 9, vec![line("c80", 1)]);
        order.mixing = platewright_model::order::MixingRule::Alone;
        orders.push(order);
    }
    let both = case(world(vec![near.clone(), centre("b", vec![dear])], orders.clone()));
    let got = both.assign(&OBJECTIVE);
    let mut chosen = both.chosen(&got);
    chosen.sort();
    assert_eq!(chosen, ["m1", "m2"]);
    let one = case(world(vec![near], orders));
    let got = one.assign(&OBJECTIVE);
    assert_eq!((got.assigned.len(), got.unassigned.len()), (1, 1));
    assert_eq!(got.unassigned[0].reason, UnplacedReason::NoCapacity);
}

#[test]
fn a_machine_that_nobody_staffs_takes_nothing() {
    let of = |calendar| {
        world(
            vec![centre("a", vec![machine("m1", "a", calendar)])],
            vec![order("o", 3, vec![line("c20", 4)])],
        )
    };
    let mut case = case(of(always()));
    assert_eq!(case.builds.len(), 1);
    case.world = of(staffed(&[]));
    let got = case.assign(&OBJECTIVE);
    assert_eq!(got.unassigned.len(), 1);
    assert_eq!(got.unassigned[0].reason, UnplacedReason::NoCapacity);
    assert!(got.unassigned[0].text.contains("staff"), "{}", got.unassigned[0].text);
}

#[test]
fn no_builds_are_assigned_at_no_cost() {
    let case = case(world(vec![centre("a", vec![machine("m1", "a", always())])], Vec::new()));
    let got = case.assign(&OBJECTIVE);
    assert_eq!((got.objective, got.bound, got.gap), (Money(0), Money(0), 0.0));
}

#[test]
fn builds_of_unknown_groups_are_an_error() {
    let mut case = case(random_world(1, 1, 3));
    case.builds[0].group = "nowhere".into();
    let ctx = RunContext::with_iterations(1, 10);
    let facts = case.world.facts();
    let got = assign(&facts, &case.groups, &case.builds, &[], &config(), &OBJECTIVE, &ctx);
    assert!(got.unwrap_err().to_string().starts_with("E5001"));
}

#[test]
fn the_same_seed_gives_the_same_assignment_for_any_threads() {
    let case = case(random_world(9, 3, 60));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| case.assign(&OBJECTIVE))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn load_before_due_dates_spreads_builds() {
    // Two like machines, one a cent cheaper; four builds that are due as soon as two of them
    // can be printed one after the other.
    let mut cheap = machine("m1", "a", always());
    cheap.per_hour = Money(999);
    let centres = vec![centre("a", vec![cheap, machine("m2", "a", always())])];
    let orders = (0..4)
        .map(|n| {
            let mut order = order(&format!("o{n}"), 3, vec![line("c120", 1)]);
            order.mixing = platewright_model::order::MixingRule::Alone;
            order.due = crate::fixture::EVENING + Seconds(2 * 36_000 + 86_400);
            order
        })
        .collect();
    let case = case(world(centres, orders));
    let got = case.assign(&OBJECTIVE);
    let on_cheap = case.chosen(&got).iter().filter(|m| *m == "m1").count();
    assert_eq!((case.builds.len(), on_cheap), (4, 2));
}
