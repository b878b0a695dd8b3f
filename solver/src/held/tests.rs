use platewright_model::batching::Freeze;
use platewright_model::measure::Seconds;
use platewright_model::replan::KeptBuild;
use platewright_model::run::RunContext;
use platewright_model::stage::{Build, PrintingGroup, Schedule};
use platewright_model::time::Time;

use crate::assign::assign;
use crate::batch::batch;
use crate::fixture::{
    ByVolume, EVENING, OBJECTIVE, World, always, builds, centre, config, line, machine, order,
    world,
};
use crate::group::group;
use crate::schedule::schedule;

/// Four builds, each of six cubes of 80 mm, on two machines.
fn night() -> World {
    let machines = ["m1", "m2"].map(|id| machine(id, "a", always())).to_vec();
    let orders = (0..4).map(|n| order(&format!("o{n}"), 30, vec![line("c80", 6)])).collect();
    world(vec![centre("a", machines)], orders)
}

fn nested(world: &World) -> (Vec<PrintingGroup>, Vec<Build>) {
    let facts = world.facts();
    let (groups, _) = group(&facts);
    let ctx = RunContext::with_iterations(1, 1000);
    let (batches, _) = batch(&facts, &groups, &ByVolume(world), &config(), &OBJECTIVE, &ctx);
    let builds = builds(world, &groups, &batches);
    (groups, builds)
}

fn plan(
    world: &World,
    (groups, builds): &(Vec<PrintingGroup>, Vec<Build>),
    kept: &[KeptBuild],
) -> Schedule {
    let facts = world.facts();
    let ctx = RunContext::with_iterations(2, 1000);
    let before = assign(&facts, groups, builds, kept, &config(), &OBJECTIVE, &ctx).unwrap();
    schedule(&facts, groups, builds, kept, &before, &config(), &OBJECTIVE, 0, &ctx).unwrap().0
}

fn keep(schedule: &Schedule, freeze: Freeze) -> Vec<KeptBuild> {
    let kept = |scheduled: &_| KeptBuild {
        reported: None,
        freeze,
        units: Vec::new(),
        scheduled: Clone::clone(scheduled),
    };
    schedule.builds.iter().map(kept).collect()
}

fn stand_still(world: &mut World, id: &str, from: Time) {
    let machines = world.night.centres.values_mut().flat_map(|c| &mut c.machines);
    for machine in machines.filter(|m| m.id.as_str() == id) {
        machine.calendar.maintenance.push((from, from + Seconds(40 * 86_400)));
    }
}

#[test]
fn what_need_not_change_does_not() {
    let world = night();
    let night = nested(&world);
    assert_eq!(night.1.len(), 4);
    let before = plan(&world, &night, &[]);
    let mut kept = keep(&before, Freeze::Parts);
    assert_eq!(plan(&world, &night, &kept), before);
    // Even where a build is gone and the others could begin earlier.
    let first = before.builds.iter().min_by_key(|s| s.start).unwrap().build.clone();
    kept.retain(|k| k.scheduled.build != first);
    let fewer: Vec<_> = night.1.iter().filter(|b| b.id != first).cloned().collect();
    let after = plan(&world, &(night.0.clone(), fewer), &kept);
    let others: Vec<_> = before.builds.iter().filter(|s| s.build != first).cloned().collect();
    assert_eq!(after.builds, others);
}

#[test]
fn what_has_started_stays_and_the_rest_leaves_a_machine_that_stands_still() {
    let mut world = night();
    let night = nested(&world);
    let before = plan(&world, &night, &[]);
    stand_still(&mut world, "m1", EVENING);
    let after = plan(&world, &night, &keep(&before, Freeze::Start));
    assert_eq!(after.builds, before.builds);
    let after = plan(&world, &night, &keep(&before, Freeze::Parts));
    for (was, is) in before.builds.iter().zip(&after.builds) {
        assert_eq!(is.machine.as_str(), "m2");
        assert!(was.machine.as_str() == "m1" || was == is, "{is:?}");
    }
    // What is prepared waits for its machine.
    let after = plan(&world, &night, &keep(&before, Freeze::Machine));
    for (was, is) in before.builds.iter().zip(&after.builds) {
        assert_eq!(was.machine, is.machine);
        assert!(was == is || is.start >= EVENING + Seconds(40 * 86_400));
    }
}

#[test]
fn what_is_reserved_is_maintenance() {
    let world = night();
    let night = nested(&world);
    let before = plan(&world, &night, &[]);
    let kept = keep(&before, Freeze::Parts);
    let facts = world.facts();
    let rest = crate::reserve(&facts, &night.0, &night.1, &kept, &OBJECTIVE).unwrap();
    let mut all = 0;
    for machine in rest.centres.values().flat_map(|c| &c.machines) {
        let own = before.builds.iter().filter(|s| s.machine == machine.id);
        let taken: i64 = own.map(|s| (s.end - s.start).0).sum();
        let spans = &machine.calendar.maintenance;
        assert_eq!(spans.iter().map(|(from, to)| (*to - *from).0).sum::<i64>(), taken);
        assert!(spans.windows(2).all(|w| w[0].1 < w[1].0));
        all += taken;
    }
    assert!(all > 0);
}
