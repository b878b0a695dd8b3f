//! A night that is planned again: later, with a failed build, a broken machine, an order more and
//! an order less.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use platewright_datasets::{NightOptions, night, write_night};
use platewright_model::draft::MaintenanceDraft;
use platewright_model::id::{BuildId, OrderId, UnitId};
use platewright_model::measure::Seconds;
use platewright_model::replan::{BUILDS_FILE, Churn};
use platewright_model::stage::{Build, ScheduledBuild};
use platewright_model::time::Time;
use platewright_pipeline::{PipelineError, Plan, load};
use platewright_store::night::{NightDrafts, read_drafts, write_night_json};
use platewright_tests::{config, kept, plan_again};

/// Search steps and threads.
const EFFORT: (u64, usize) = (2, 2);

/// The night of the shared plan, written into a folder as it is `later`.
fn write(folder: &Path, later: Seconds, change: impl FnOnce(&mut NightDrafts)) -> Time {
    let generated = night(&NightOptions::units(120, 1)).expect("a night of valid size");
    write_night(folder, &generated).expect("the night can be written");
    let (_, mut drafts) = read_drafts(folder, &config().limits).expect("it can be read");
    let now = kept().run.plan.night.planning_time + later;
    drafts.orders.planning_time = now.to_string();
    change(&mut drafts);
    write_night_json(folder, &drafts).expect("the night can be written");
    now
}

fn build<'a>(plan: &'a Plan, id: &BuildId) -> Option<&'a Build> {
    plan.build_plan.builds.iter().find(|b| b.id == *id)
}

fn slots(plan: &Plan) -> BTreeMap<&BuildId, &ScheduledBuild> {
    plan.schedule.builds.iter().map(|s| (&s.build, s)).collect()
}

/// The order of each unit, and the build of each unit that has one.
fn orders(plan: &Plan) -> BTreeMap<UnitId, &OrderId> {
    plan.order_book.units.iter().map(|u| (u.id, &u.order)).collect()
}

fn homes(plan: &Plan) -> BTreeMap<UnitId, &BuildId> {
    let builds = plan.build_plan.builds.iter();
    builds.flat_map(|b| b.placements.iter().map(|p| (p.unit, &b.id))).collect()
}

#[test]
fn an_unchanged_night_keeps_its_plan() {
    let old = &kept().run.plan;
    let base = tempfile::tempdir().expect("a folder");
    let folder = base.path().join("night");
    write(&folder, Seconds(0), |_| {});
    let run = plan_again(&folder, Some(old), &base.path().join("run"), &config(), EFFORT)
        .expect("it can be planned");
    assert_eq!(run.violations(), []);
    assert_eq!(run.plan.build_plan, old.build_plan);
    assert_eq!(run.plan.assignment, old.assignment);
    assert_eq!(run.plan.schedule, old.schedule);
    let builds = old.build_plan.builds.iter().map(|b| b.id.clone()).collect();
    let expected = Churn { kept: builds, ..Churn::default() };
    assert_eq!(run.plan.replan.as_ref().map(|r| &r.churn), Some(&expected));
    let read = load(run.dir.path()).expect("it can be read back");
    assert_eq!(read.plan.replan, run.plan.replan);
}

/// What happens to the shared plan sixteen hours after it began.
struct Story {
    failed: BuildId,
    broken: ScheduledBuild,
    cancelled: OrderId,
}

fn story(old: &Plan, now: Time) -> Story {
    let slots = slots(old);
    let running = slots.values().find(|s| s.start <= now && now < s.end);
    let failed = running.expect("a build is running").build.clone();
    let waiting = slots.values().filter(|s| s.start > now && s.build != failed);
    let broken = (*waiting.max_by_key(|s| s.start).expect("a build waits")).clone();
    // An order whose units all wait, on other machines.
    let (orders, homes) = (orders(old), homes(old));
    let waits = |b: &BuildId| slots[b].start > now && *b != broken.build;
    let bound: BTreeSet<&OrderId> =
        homes.iter().filter(|(_, b)| !waits(b)).map(|(u, _)| orders[u]).collect();
    let free = homes.keys().map(|u| orders[u]).find(|order| !bound.contains(*order));
    let cancelled = free.expect("an order waits").clone();
    Story { failed, broken, cancelled }
}

fn happen(folder: &Path, story: &Story, later: Seconds) -> Time {
    let now = write(folder, later, |drafts| {
        let machines = drafts.centres.centres.iter_mut().flat_map(|c| &mut c.machines);
        let broken = machines.into_iter().find(|m| m.id == story.broken.machine.as_str());
        let begin = story.broken.start + Seconds(-60);
        let span = MaintenanceDraft {
            from: begin.to_string(),
            to: (begin + Seconds(172_800)).to_string(),
        };
        broken.expect("it is there").calendar.maintenance = vec![span];
        let orders = &mut drafts.orders.orders;
        orders.retain(|o| o.id != story.cancelled.as_str());
        let mut late = orders[1].clone();
        late.id = "LATE".to_owned();
        orders.push(late);
    });
    let failed = format!(r#"{{"builds": [{{"build": "{}", "status": "failed"}}]}}"#, story.failed);
    std::fs::write(folder.join(BUILDS_FILE), failed).expect("reports can be written");
    now
}

#[test]
fn a_changed_night_changes_what_it_must() {
    let old = &kept().run.plan;
    let later = Seconds(16 * 3600);
    let story = story(old, old.night.planning_time + later);
    let base = tempfile::tempdir().expect("a folder");
    let folder = base.path().join("night");
    let now = happen(&folder, &story, later);
    let again = |run: &str, threads| {
        plan_again(&folder, Some(old), &base.path().join(run), &config(), (2, threads))
            .expect("it can be planned")
    };
    let run = again("run", 2);
    let plan = &run.plan;
    assert_eq!(run.violations(), []);
    begun_builds_stay(old, plan, now, &story.failed);
    // What failed is printed again, under another name; what was cancelled is gone.
    let (was, is) = (homes(old), homes(plan));
    let failed = build(old, &story.failed).expect("it was there");
    assert!(build(plan, &story.failed).is_none());
    for placement in &failed.placements {
        assert!(!was.values().any(|b| *b == is[&placement.unit]), "{}", placement.unit);
    }
    let (before, after) = (orders(old), orders(plan));
    assert!(after.values().all(|order| **order != story.cancelled));
    let mut late = after.iter().filter(|(_, order)| order.as_str() == "LATE").peekable();
    assert!(late.peek().is_some(), "the late order is in the plan");
    assert!(late.all(|(unit, _)| is.contains_key(unit)), "all of it is");
    // The build on the broken machine keeps its parts and changes.
    let moved = build(plan, &story.broken.build).expect("it is there still");
    assert_eq!(moved.placements, build(old, &story.broken.build).expect("it was").placements);
    let churn = &plan.replan.as_ref().expect("it goes on from a plan").churn;
    assert!(churn.changed.contains(&story.broken.build), "{churn:?}");
    churn_is_true(old, plan, churn);
    let cancelled = before.iter().filter(|(_, order)| **order == &story.cancelled);
    for build in cancelled.filter_map(|(unit, _)| was.get(unit)) {
        assert!(churn.dissolved.contains(build), "{build} held cancelled units");
    }
    let other = again("other", 1).plan;
    assert_eq!((&other.build_plan, &other.schedule), (&plan.build_plan, &plan.schedule));
}

fn begun_builds_stay(old: &Plan, plan: &Plan, now: Time, failed: &BuildId) {
    let after = slots(plan);
    let mut begun = 0;
    for (id, slot) in slots(old).into_iter().filter(|(id, s)| s.start <= now && *id != failed) {
        begun += 1;
        assert_eq!(after.get(id), Some(&slot));
        let (was, is) = (build(old, id).expect("it was"), build(plan, id).expect("it is"));
        assert_eq!(was.placements, is.placements);
        assert_eq!(was.load, is.load);
    }
    assert!(begun > 2, "{begun} builds had started");
}

/// The churn against both plans, counted anew.
fn churn_is_true(old: &Plan, plan: &Plan, churn: &Churn) {
    let (was, is) = (slots(old), slots(plan));
    let place = |s: &ScheduledBuild| (s.machine.clone(), s.start);
    let same = |id: &&BuildId| was.get(*id).map(|s| place(s)) == is.get(*id).map(|s| place(s));
    let both: Vec<&BuildId> = was.keys().filter(|id| is.contains_key(**id)).copied().collect();
    assert_eq!(
        churn.kept.iter().collect::<Vec<_>>(),
        both.iter().copied().filter(|id| same(id)).collect::<Vec<_>>()
    );
    assert_eq!(churn.kept.len() + churn.changed.len(), both.len());
    assert_eq!(churn.new.len(), is.len() - both.len());
    assert_eq!(churn.dissolved.len(), was.len() - both.len());
    let (before, after, ordered) = (homes(old), homes(plan), orders(plan));
    let moved = before.iter().filter(|(unit, id)| {
        let stays = after.get(*unit) == Some(*id) && was[*id].machine == is[*id].machine;
        ordered.contains_key(*unit) && !stays
    });
    assert_eq!(churn.moved_units, moved.count());
    assert!(churn.moved_units > 0);
    let arrives: BTreeMap<_, _> =
        plan.schedule.deliveries.iter().map(|d| (&d.order, d.arrives)).collect();
    let broken = old.schedule.deliveries.iter().filter(|d| {
        plan.night.orders.contains_key(&d.order)
            && arrives.get(&d.order).is_none_or(|a| *a > d.arrives)
    });
    let broken: Vec<_> = broken.map(|d| &d.order).collect();
    assert_eq!(churn.later.iter().map(|l| &l.order).collect::<Vec<_>>(), broken);
}

#[test]
fn an_order_of_a_begun_build_cannot_be_cancelled_in_silence() {
    let old = &kept().run.plan;
    let later = Seconds(16 * 3600);
    let now = old.night.planning_time + later;
    let begun = old.schedule.builds.iter().find(|s| s.start <= now).expect("one has started");
    let unit = build(old, &begun.build).expect("it is there").placements[0].unit;
    let order = orders(old)[&unit].as_str();
    let base = tempfile::tempdir().expect("a folder");
    let folder = base.path().join("night");
    write(&folder, later, |drafts| drafts.orders.orders.retain(|o| o.id != order));
    let error = plan_again(&folder, Some(old), &base.path().join("run"), &config(), EFFORT)
        .expect_err("its units are being printed");
    assert!(matches!(error, PipelineError::Begun { .. }), "{error}");
    assert!(error.to_string().contains(&format!("build {} [E1035]", begun.build)), "{error}");
}
