//! Damage to what stays of a plan in force.

use platewright_model::batching::Freeze;
use platewright_model::measure::Seconds;
use platewright_model::replan::{BuildStatus, KeptBuild, Replan};

use crate::Rule;
use crate::fixture::Plan;

const WAITING: Option<BuildStatus> = Some(BuildStatus::Waiting);

type Damage = fn(&mut Plan);

/// The valid night, in which the first build stays of a plan in force.
fn plan(reported: Option<BuildStatus>, freeze: Freeze) -> Plan {
    let mut plan = Plan::valid();
    let units = plan.build_plan.builds[0].placements.iter().map(|p| p.unit).collect();
    let scheduled = plan.schedule.builds[0].clone();
    assert_eq!(scheduled.build, plan.build_plan.builds[0].id);
    let kept = vec![KeptBuild { reported, freeze, units, scheduled }];
    plan.replan = Some(Replan { kept, ..Replan::default() });
    plan
}

#[test]
fn what_stays_as_it_was_is_valid() {
    assert_eq!(plan(WAITING, Freeze::Parts).check(), []);
    assert_eq!(plan(Some(BuildStatus::Prepared), Freeze::Machine).check(), []);
    assert_eq!(plan(Some(BuildStatus::Done), Freeze::Start).check(), []);
}

#[test]
fn what_has_started_may_have_started_before_the_plan() {
    let mut plan = plan(None, Freeze::Start);
    plan.night.planning_time = plan.schedule.builds[0].start + Seconds(1);
    let early: Vec<_> = plan.check().into_iter().filter(|v| v.subject == "build B1").collect();
    assert_eq!(early, []);
    plan.replan = None;
    let early = plan.check().into_iter().find(|v| v.subject == "build B1");
    assert_eq!(early.map(|v| v.code), Some(Rule::TooEarly));
}

#[test]
fn what_does_not_stay_is_told() {
    let damages: [(Option<BuildStatus>, Freeze, Damage); 7] = [
        (WAITING, Freeze::Parts, |p| drop(p.build_plan.builds[0].placements.pop())),
        (WAITING, Freeze::Parts, |p| {
            p.replan.as_mut().unwrap().kept[0].scheduled.build = "B9".into();
        }),
        (Some(BuildStatus::Prepared), Freeze::Machine, |p| {
            p.replan.as_mut().unwrap().kept[0].scheduled.machine = "M2".into();
        }),
        (Some(BuildStatus::Done), Freeze::Start, |p| {
            p.schedule.builds[0].end = p.schedule.builds[0].end + Seconds(60);
        }),
        (WAITING, Freeze::Start, |_| {}),
        (Some(BuildStatus::Done), Freeze::Parts, |_| {}),
        (WAITING, Freeze::Parts, |p| p.replan.as_mut().unwrap().retired.push("B2".into())),
    ];
    for (n, (reported, freeze, damage)) in damages.into_iter().enumerate() {
        let mut plan = plan(reported, freeze);
        damage(&mut plan);
        assert!(plan.broken().contains(&Rule::Kept), "damage {n}: {:#?}", plan.check());
    }
}
