use std::collections::BTreeSet;

use platewright_model::machine::{Machine, TimeModel, second_of_week};
use platewright_model::stage::{BuildPlan, Unassigned, UnplacedReason};
use platewright_model::time::Time;

use super::*;
use crate::assign::assign;
use crate::batch::batch;
use crate::explain::explain_build;
use crate::fixture::{
    ByVolume, EVENING, OBJECTIVE, World, always, builds, centre, config, line, machine, order,
    random_world, staffed, world,
};
use crate::group::group;

struct Planned {
    world: World,
    groups: Vec<PrintingGroup>,
    builds: Vec<Build>,
    assignment: Assignment,
    schedule: Schedule,
}

fn plan(world: World, steps: u64) -> Planned {
    let ctx = RunContext::with_iterations(1, steps);
    let facts = world.facts();
    let (groups, _) = group(&facts);
    let (batches, _) = batch(&facts, &groups, &ByVolume(&world), &config(), &OBJECTIVE, &ctx);
    let builds = builds(&world, &groups, &batches);
    let held: usize = builds.iter().map(|b| b.placements.len()).sum();
    let left = world.units.len() - held;
    let before = assign(&facts, &groups, &builds, &[], &config(), &OBJECTIVE, &ctx).unwrap();
    let (schedule, moved) =
        schedule(&facts, &groups, &builds, &[], &before, &config(), &OBJECTIVE, left, &ctx)
            .unwrap();
    let assignment = moved.unwrap_or(before);
    Planned { world, groups, builds, assignment, schedule }
}

fn is_staffed(machine: &Machine, t: i64) -> bool {
    let second = second_of_week(Time(t));
    machine.calendar.staffed.iter().any(|(a, b)| *a <= second && second < *b)
}

/// The rules of a scheduled build, second by second.
fn check_build(machine: &Machine, build: &Build, s: &ScheduledBuild) {
    let t = &machine.time;
    let change = if s.changeover { machine.changeover } else { Seconds(0) };
    assert!(s.start >= EVENING && s.start >= machine.free_from);
    assert_eq!(s.print_start, s.start + t.setup + change);
    assert_eq!(s.print_end, s.print_start + t.print_time(&build.load));
    assert_eq!(s.cooled, s.print_end + t.cool_down);
    assert_eq!(s.end, s.unload_start + t.unload);
    assert!((s.start.0..s.print_start.0).all(|x| is_staffed(machine, x)));
    assert!((s.unload_start.0..s.end.0).all(|x| is_staffed(machine, x)));
    let mut run = 0;
    let first = (s.cooled.0..).find(|x| {
        run = if is_staffed(machine, *x) { run + 1 } else { 0 };
        run == t.unload.0
    });
    assert_eq!(first.map(|x| x + 1 - t.unload.0), Some(s.unload_start.0), "not the first chance");
    for (a, b) in &machine.calendar.maintenance {
        assert!(s.end <= *a || *b <= s.start, "in maintenance");
    }
}

/// Everything that a schedule promises, from the night and the builds alone.
fn check(p: &Planned) {
    let facts = p.world.facts();
    let mut by_machine: BTreeMap<&MachineId, Vec<&ScheduledBuild>> = BTreeMap::new();
    for s in &p.schedule.builds {
        let build = p.builds.iter().find(|b| b.id == s.build).unwrap();
        let machine = facts.machine(&s.machine).unwrap();
        let assigned = p.assignment.assigned.iter().find(|a| a.build == s.build).unwrap();
        assert_eq!(assigned.machine, s.machine);
        check_build(machine, build, s);
        by_machine.entry(&s.machine).or_default().push(s);
    }
    let mut changeovers = 0;
    for (id, mut queue) in by_machine {
        queue.sort_by_key(|s| s.start);
        let machine = facts.machine(id).unwrap();
        let mut loaded = machine.loaded.clone();
        for (n, s) in queue.iter().enumerate() {
            assert!(n == 0 || queue[n - 1].end <= s.start, "two builds at once");
            let build = p.builds.iter().find(|b| b.id == s.build).unwrap();
            let group = p.groups.iter().find(|g| g.id == build.group).unwrap();
            let change = loaded.as_ref().is_some_and(|m| *m != group.key.material);
            assert_eq!(s.changeover, change);
            changeovers += if change { machine.changeover_cost.0 } else { 0 };
            loaded = Some(group.key.material.clone());
        }
    }
    assert_eq!(p.schedule.cost.changeover.0, changeovers);
    let mut late_cost = 0;
    for delivery in &p.schedule.deliveries {
        let mut arrives = Time(0);
        for s in &p.schedule.builds {
            let build = p.builds.iter().find(|b| b.id == s.build).unwrap();
            for placement in &build.placements {
                let (order, line) = facts.line(&placement.unit).unwrap();
                if order.id == delivery.order {
                    let centre = &facts.machine(&s.machine).unwrap().centre;
                    let way = facts.freight(centre, &order.region).unwrap().duration;
                    arrives = arrives.max(s.end + facts.finish(line) + way);
                }
            }
        }
        assert_eq!(delivery.arrives, arrives);
        let order = &p.world.night.orders[&delivery.order];
        assert_eq!(delivery.late.0, (arrives.0 - order.due.0).max(0));
        late_cost += (delivery.late.0 * 200 * i64::from(order.priority) + 3599) / 3600;
    }
    assert_eq!(p.schedule.cost.lateness.0, late_cost);
    let split = p.schedule.cost;
    let production: i64 = p.assignment.assigned.iter().map(|a| a.cost.total().0).sum();
    assert_eq!((split.machine + split.fixed + split.material).0, production);
    let ids: BTreeSet<_> = p.schedule.builds.iter().map(|s| &s.build).collect();
    assert_eq!(ids.len(), p.assignment.assigned.len());
}

#[test]
fn random_nights_keep_every_rule() {
    for seed in 0..8 {
        let planned = plan(random_world(seed, 2, 25), 1500);
        check(&planned);
        assert!(planned.schedule.deliveries.iter().all(|d| d.complete));
        assert_eq!(planned.schedule.cost.unplaced, Money(0));
    }
}

#[test]
fn search_never_costs_more_than_dispatch() {
    let mut better = 0;
    for seed in 20..26 {
        let world = random_world(seed, 2, 40);
        let without = plan(random_world(seed, 2, 40), 0);
        let with = plan(world, 3000);
        check(&with);
        let (with, without) = (with.schedule.cost.total(), without.schedule.cost.total());
        better += u32::from(with < without);
    }
    assert!(better >= 5, "only {better} of 6 nights gained");
}

#[test]
fn hand_computed_night() {
    // One cube of 80 mm at any time of day: set-up 0:30; height 80 mm, 800 layers of 10 s,
    // 512 s for the volume and 3600 s fixed: 12112 s; cooling 2 h; unloading 15 min.
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let p = plan(world(centres, vec![order("o", 1, vec![line("c80", 1)])]), 100);
    let s = &p.schedule.builds[0];
    let occupied = 1800 + 12_112 + 7200 + 900;
    assert_eq!(s.start, EVENING);
    assert_eq!(s.end, EVENING + Seconds(occupied));
    // It arrives a day after its end, and is due a day after the evening.
    assert_eq!(p.schedule.deliveries[0].late, Seconds(occupied));
    let cost = p.schedule.cost;
    assert_eq!(cost.machine, Money(6115)); // 22012 s at 10.00 an hour
    assert_eq!(cost.fixed, Money(2000));
    // 512 g, and 0.5 g/cm³ × 0.2 of 200 × 200 × 80 mm³ less the part: 268.8 g; 60.00 a kg.
    assert_eq!(cost.material, Money(4685));
    assert_eq!(cost.freight, Money(900 + 77));
    assert_eq!(cost.lateness, Money(1223)); // 22012 s at 2.00 an hour
    assert_eq!(cost.total(), Money(6115 + 2000 + 4685 + 977 + 1223));
}

#[test]
fn materials_are_not_changed_back_and_forth() {
    // Four builds of two materials, all due late: one change is enough.
    let centres = vec![centre("a", vec![machine("m1", "a", always())])];
    let orders = (0..4)
        .map(|n| {
            let mut made = line("c120", 1);
            made.material = if n % 2 == 0 { "pa12" } else { "pa11" }.into();
            let mut order = order(&format!("o{n}"), 20 + n, vec![made]);
            order.mixing = platewright_model::order::MixingRule::Alone;
            order
        })
        .collect();
    let p = plan(world(centres, orders), 2000);
    check(&p);
    assert_eq!(p.schedule.builds.iter().filter(|s| s.changeover).count(), 1);
}

#[test]
fn everything_due_yesterday_is_printed_all_the_same() {
    let mut world = random_world(4, 2, 15);
    for order in world.night.orders.values_mut() {
        order.due = EVENING + Seconds(-86_400);
    }
    let p = plan(world, 1000);
    check(&p);
    assert_eq!(p.schedule.deliveries.len(), 15);
    assert!(p.schedule.deliveries.iter().all(|d| d.late > Seconds(86_400)));
}

#[test]
fn one_unit_and_no_machine() {
    let one = vec![order("o", 3, vec![line("c20", 1)])];
    let p = plan(world(vec![centre("a", vec![machine("m1", "a", always())])], one.clone()), 100);
    check(&p);
    assert_eq!(p.schedule.builds.len(), 1);
    let p = plan(world(Vec::new(), one.clone()), 100);
    assert_eq!(p.schedule.cost.total(), Money(50_000));
    let idle = centre("a", vec![machine("m1", "a", staffed(&[]))]);
    let p = plan(world(vec![idle], one), 100);
    assert!(p.schedule.builds.is_empty() && p.schedule.deliveries.is_empty());
    assert_eq!(p.schedule.cost.unplaced, Money(50_000));
    let reason = |u: &Unassigned| u.reason == UnplacedReason::NoCapacity;
    assert!(p.assignment.unassigned.iter().all(reason));
}

#[test]
fn the_same_seed_gives_the_same_schedule_for_any_threads() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| plan(random_world(11, 3, 40), 1000).schedule)
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn assignments_that_contradict_the_builds_are_errors() {
    let p = plan(random_world(2, 1, 4), 10);
    let facts = p.world.facts();
    let ctx = RunContext::with_iterations(1, 10);
    let run = |assignment: &Assignment| {
        schedule(&facts, &p.groups, &p.builds, &[], assignment, &config(), &OBJECTIVE, 0, &ctx)
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    let mut twice = p.assignment.clone();
    twice.assigned.push(twice.assigned[0].clone());
    assert!(run(&twice).unwrap_err().starts_with("E6001"));
    let mut nowhere = p.assignment.clone();
    nowhere.assigned[0].machine = "nowhere".into();
    assert!(run(&nowhere).unwrap_err().starts_with("E6002"));
}

#[test]
fn explanations_name_every_other_machine() {
    let p = plan(random_world(5, 2, 20), 500);
    let unplaced = Vec::new();
    let plan = BuildPlan { builds: p.builds.clone(), unplaced };
    let facts = p.world.facts();
    for build in &plan.builds {
        let told =
            explain_build(&facts, &p.groups, &plan, &p.assignment, &p.schedule, &build.id).unwrap();
        assert_eq!(told.alternatives.len(), p.world.night.machines().len() - 1);
        let priced = |a: &platewright_model::explain::Alternative| a.extra_cost.is_some();
        assert!(told.alternatives.is_sorted_by_key(|a| !priced(a)));
        assert!(told.alternatives.iter().all(|a| !a.text.is_empty()));
        assert!(told.group.contains("sls"));
    }
    let gone = explain_build(&facts, &p.groups, &plan, &p.assignment, &p.schedule, &"x".into());
    assert!(gone.unwrap_err().to_string().starts_with("E6003"));
}

#[test]
fn builds_that_take_no_time_are_told_apart_by_their_names() {
    // Found by a random night: at one moment, of builds of two materials, the one that needs the
    // change was not the one that readers take for the second.
    let mut quick = machine("m1", "a", always());
    let zero = Seconds(0);
    quick.changeover = zero;
    quick.time = TimeModel {
        setup: zero,
        fixed_s: 0.0,
        layer_s: 0.0,
        volume_s_per_mm3: 0.0,
        cool_down: zero,
        unload: zero,
        ..quick.time
    };
    let lines = ["pa11", "pa12", "pa11", "pa12"].map(|material| {
        let mut line = line("c80", 6);
        line.material = material.into();
        line
    });
    let orders = lines.into_iter().enumerate();
    let orders = orders.map(|(n, line)| order(&format!("o{n}"), 9 - n as i64, vec![line]));
    let world = world(vec![centre("a", vec![quick])], orders.collect());
    let planned = plan(world, 500);
    let mut held = "pa12".to_owned();
    assert!(planned.schedule.builds.len() > 2);
    for scheduled in &planned.schedule.builds {
        assert_eq!(scheduled.start, scheduled.end);
        let build = planned.builds.iter().find(|b| b.id == scheduled.build).unwrap();
        let group = planned.groups.iter().find(|g| g.id == build.group).unwrap();
        assert_eq!(scheduled.changeover, group.key.material.as_str() != held);
        held = group.key.material.to_string();
    }
}
