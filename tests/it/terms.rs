//! Deadlines, promises, wishes for one shipment and for full builds: each changes the plan of a
//! small night, what it costs is verified, and a cost that is told wrong is refused.

use std::path::Path;

use platewright_check::Rule;
use platewright_datasets::{GeneratedModel, GeneratedNight, PLANNING_TIME, body, write_night};
use platewright_model::config::Config;
use platewright_model::cost::CostSplit;
use platewright_model::draft::{LineDraft, MachineDraft, OrderDraft, OrdersDraft};
use platewright_model::measure::{LengthUnit, Money, Seconds};
use platewright_model::stage::Schedule;
use platewright_model::time::Time;
use platewright_pipeline::Plan;
use platewright_tests::{Run, config, faults, plan_again};
use serde_json::{Value, json};

/// Search steps and threads.
const EFFORT: (u64, usize) = (300, 2);

/// Time on the way from either centre.
const WAY_H: f64 = 24.0;

pub(crate) fn hours(after: f64) -> String {
    let begin = Time::parse(PLANNING_TIME).expect("it is a time");
    (begin + Seconds((after * 3600.0) as i64)).to_string()
}

/// A machine for one plate: 2250 s for each cm³, so that a small block takes 10 h, a large one 40.
fn machine(id: &str) -> Value {
    json!({"id": id, "name": id, "process": "fff", "materials": ["pla"], "loaded": "pla",
        "volume": {"kind": "box", "x": 100, "y": 100, "z": 100},
        "time": {"setup_minutes": 0, "fixed_minutes": 0, "layer_s": 0, "volume_s_per_cm3": 2250,
            "cool_down_minutes": 0, "unload_minutes": 0},
        "per_hour": 100, "calendar": {"staffed": [{"from": "00:00", "to": "24:00",
            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}]}})
}

/// A night of centres `one` and `two`, each with so many machines.
pub(crate) fn night(machines: [usize; 2], orders: Vec<OrderDraft>) -> GeneratedNight {
    let catalogue = json!({"currency": "EUR",
        "materials": [{"id": "pla", "name": "PLA", "density_g_cm3": 1, "price_per_kg": 0}],
        "processes": [{"id": "fff", "name": "MEX", "category": "MEX", "nesting": "plate",
            "part_part_mm": 2, "part_wall_mm": 2, "part_plate_mm": 0, "materials": ["pla"],
            "parameter_sets": [{"id": "s", "quality": "standard", "layer_mm": 1}]}]});
    let centre = |(id, machines): (&str, usize)| {
        json!({"id": id, "place": id, "freight": [
                {"region": "north", "per_shipment": 900, "per_kg": 0, "hours": WAY_H}],
            "machines": (0..machines).map(|n| machine(&format!("{id}-{n}"))).collect::<Vec<_>>()})
    };
    let centres: Vec<Value> = ["one", "two"].into_iter().zip(machines).map(centre).collect();
    let block = |name: &str, mesh| GeneratedModel {
        file: format!("{name}.stl"),
        mesh,
        unit: Some(LengthUnit::Mm),
    };
    GeneratedNight {
        orders: OrdersDraft {
            planning_time: PLANNING_TIME.to_owned(),
            orders,
            ..OrdersDraft::default()
        },
        catalogue: serde_json::from_value(catalogue).expect("a catalogue"),
        centres: serde_json::from_value(json!({ "centres": centres })).expect("centres"),
        models: vec![
            block("small", body::cuboid(40.0, 40.0, 10.0)),
            block("large", body::cuboid(80.0, 80.0, 10.0)),
        ],
    }
}

pub(crate) fn order(id: &str, model: &str, quantity: u32, due_h: f64, priority: u8) -> OrderDraft {
    OrderDraft {
        id: id.to_owned(),
        customer: "ada".to_owned(),
        region: "north".to_owned(),
        due: hours(due_h),
        priority: f64::from(priority),
        lines: vec![LineDraft {
            model: format!("{model}.stl"),
            unit: Some("mm".to_owned()),
            quantity: f64::from(quantity),
            material: "pla".to_owned(),
            process: "fff".to_owned(),
            orientation: "fixed".to_owned(),
            ..LineDraft::default()
        }],
        ..OrderDraft::default()
    }
}

/// Plans a night; the plan is valid, and no other is by its word: one that tells a cost wrong is
/// refused, whatever the cause.
fn plan_in(folder: &Path, night: &GeneratedNight, old: Option<&Plan>, config: &Config) -> Plan {
    let input = folder.join("night");
    write_night(&input, night).expect("the night can be written");
    let run = plan_again(&input, old, &folder.join("run"), config, EFFORT).expect("it is planned");
    assert_eq!(faults(&run), Vec::<String>::new());
    let causes: [fn(&mut CostSplit) -> &mut Money; 4] =
        [|c| &mut c.short, |c| &mut c.apart, |c| &mut c.missed, |c| &mut c.broken];
    for (n, cause) in causes.into_iter().enumerate() {
        for by in [-1, 1] {
            let mut told = run.plan.clone();
            cause(&mut told.schedule.cost).0 += by;
            let told = Run { plan: told, ..run.clone() };
            let broken: Vec<Rule> = told.violations().iter().map(|v| v.code).collect();
            assert_eq!(broken, [Rule::PlanCost], "cause {n} by {by}");
        }
    }
    run.plan
}

pub(crate) fn plan(night: &GeneratedNight, config: &Config) -> Plan {
    plan_in(tempfile::tempdir().expect("a folder").path(), night, None, config)
}

/// Hours after the night begins until an order arrives.
fn arrives_h(schedule: &Schedule, order: &str) -> f64 {
    let delivery = schedule.deliveries.iter().find(|d| d.order.as_str() == order);
    let begin = Time::parse(PLANNING_TIME).expect("it is a time");
    (delivery.expect("it is delivered").arrives - begin).hours()
}

fn centres(plan: &Plan) -> usize {
    let centres: std::collections::BTreeSet<_> =
        plan.assignment.assigned.iter().map(|a| &a.centre).collect();
    centres.len()
}

#[test]
fn a_deadline_changes_the_sequence() {
    let orders = vec![order("calm", "large", 1, 1.0, 1), order("urgent", "large", 1, 1.0, 5)];
    let mut night = night([1, 0], orders);
    let free = plan(&night, &config()).schedule;
    assert_eq!([arrives_h(&free, "urgent"), arrives_h(&free, "calm")], [64.0, 104.0]);
    night.orders.orders[0].deadline = Some(hours(64.0));
    let bound = plan(&night, &config()).schedule;
    assert_eq!([arrives_h(&bound, "calm"), arrives_h(&bound, "urgent")], [64.0, 104.0]);
    assert_eq!(bound.cost.missed, Money(0));
    // One that cannot hold costs its price, and one that is cheap is missed.
    night.orders.orders[0].deadline = Some(hours(63.9));
    let missed = plan(&night, &config()).schedule.cost;
    assert_eq!((missed.missed, missed.lateness), (Money(100_000), free.cost.lateness));
    night.orders.orders[0].deadline = Some(hours(64.0));
    let mut cheap = config();
    cheap.objective.missed_deadline = 10;
    let missed = plan(&night, &cheap).schedule;
    assert_eq!((missed.builds, missed.cost.missed), (free.builds, Money(10)));
}

#[test]
fn a_wish_for_one_shipment_changes_the_centres() {
    // In one centre the second block is 40 h late, for 80.00; a shipment more costs 9.00.
    let mut night = night([1, 1], vec![order("both", "large", 2, 64.0, 1)]);
    let mut config = config();
    config.objective.apart_per_shipment = 9_000;
    assert_eq!(centres(&plan(&night, &config)), 2);
    night.orders.orders[0].together = true;
    let together = plan(&night, &config);
    assert_eq!((centres(&together), together.schedule.cost.lateness), (1, Money(8_000)));
    config.objective.apart_per_shipment = 5_000;
    let apart = plan(&night, &config);
    assert_eq!((centres(&apart), apart.schedule.cost.apart), (2, Money(5_000)));
}

#[test]
fn least_fill_changes_the_builds() {
    // Two small blocks in one build are both 10 h late, for 20.00 each.
    let orders = ["x", "y"].map(|id| order(id, "small", 1, 34.0, 1)).to_vec();
    let mut night = night([2, 0], orders);
    assert_eq!(plan(&night, &config()).schedule.builds.len(), 2);
    let ask = |machine: &mut MachineDraft| (machine.least_fill, machine.short_fill) = (0.3, 20_000);
    night.centres.centres[0].machines.iter_mut().for_each(ask);
    let full = plan(&night, &config()).schedule;
    assert_eq!((full.builds.len(), full.cost.short), (1, Money(0)));
    assert_eq!(full.cost.lateness, Money(4_000));
    // Where lateness is dearer, builds of 0.16 of the plate cost 0.14 of 0.3 of the price.
    let mut dear = config();
    dear.objective.lateness_per_hour = 2_000;
    let short = plan(&night, &dear).schedule;
    assert_eq!((short.builds.len(), short.cost.short), (2, Money(2 * 9_334)));
}

#[test]
fn a_promise_keeps_its_place() {
    let base = tempfile::tempdir().expect("a folder");
    let orders = vec![order("begun", "large", 1, 1.0, 2), order("promised", "large", 1, 1.0, 1)];
    let mut night = night([1, 0], orders);
    let old = plan_in(base.path(), &night, None, &config());
    assert_eq!(arrives_h(&old.schedule, "promised"), 104.0);
    // An hour later: an urgent order would save 320.00 before the one that waits, and 10.00 must
    // be saved for the change.
    night.orders.planning_time = hours(1.0);
    night.orders.orders.push(order("urgent", "large", 1, 2.0, 5));
    let again = |broken_promise: i64| {
        let mut config = config();
        config.objective.broken_promise = broken_promise;
        let base = tempfile::tempdir().expect("a folder");
        plan_in(base.path(), &night, Some(&old), &config)
    };
    for (price, holds) in [(0, false), (2_000, false), (40_000, true)] {
        let plan = again(price);
        let arrives = if holds { 104.0 } else { 144.0 };
        assert_eq!(arrives_h(&plan.schedule, "promised"), arrives, "{price}");
        assert_eq!(plan.schedule.cost.broken, Money(if holds { 0 } else { price }));
        let later = &plan.replan.expect("it goes on from a plan").churn.later;
        let later: Vec<_> = later.iter().map(|later| later.order.as_str()).collect();
        assert_eq!(later, if holds { vec![] } else { vec!["promised"] });
    }
}
