//! Nights at the edge: no machine, no feedstock, no time, nothing that fits, everything alike.
//! Each is planned by every policy, ends, is valid and says why what is left over is left over.

use std::time::{Duration, Instant};

use platewright_datasets::{GeneratedNight, NightOptions, PLANNING_TIME, body, night, write_night};
use platewright_model::config::Policy;
use platewright_model::draft::{MachineDraft, MaintenanceDraft, StockDraft};
use platewright_model::measure::Seconds;
use platewright_model::stage::UnplacedReason;
use platewright_pipeline::Plan;
use platewright_tests::{config, faults, plan_folder};

/// Search steps.
const ITERATIONS: u64 = 2;

/// Far more than any of these nights takes.
const MOST_TIME: Duration = Duration::from_secs(120);

/// A time that no machine will see.
const FAR_FUTURE: &str = "2999-01-01T00:00:00Z";

/// Three orders of 12 small blocks in all, for two machines.
fn blocks() -> GeneratedNight {
    let mut night = night(&NightOptions::units(12, 1)).expect("a small night");
    night.models.iter_mut().for_each(|model| model.mesh = body::cuboid(20.0, 15.0, 10.0));
    night
}

fn machines(night: &mut GeneratedNight) -> impl Iterator<Item = &mut MachineDraft> {
    night.centres.centres.iter_mut().flat_map(|centre| &mut centre.machines)
}

/// The plans of a night by every policy, all of them valid.
fn plans(night: &GeneratedNight) -> Vec<Plan> {
    let base = tempfile::tempdir().expect("a folder for the night");
    let folder = base.path().join("night");
    write_night(&folder, night).expect("the night can be written");
    let policies = [Policy::Search, Policy::Greedy, Policy::FirstFree, Policy::ByHand];
    let plan = |policy| {
        let mut config = config();
        config.solver.policy = policy;
        let run_folder = base.path().join(format!("{policy:?}"));
        let begun = Instant::now();
        let run = plan_folder(&folder, &run_folder, &config, ITERATIONS, 2);
        assert!(begun.elapsed() < MOST_TIME, "{policy:?} took {:?}", begun.elapsed());
        assert_eq!(faults(&run), Vec::<String>::new(), "{policy:?}");
        run.plan
    };
    policies.map(plan).into()
}

/// Asserts that no unit is placed, all of them for a reason.
fn nothing_is_placed(night: &GeneratedNight, reason: UnplacedReason) {
    for plan in plans(night) {
        assert!(plan.schedule.builds.is_empty() && plan.packages.packages.is_empty());
        let unplaced = plan.build_plan.unplaced.iter().map(|u| u.reason);
        let unassigned = plan.assignment.unassigned.iter().map(|u| u.reason);
        let reasons: Vec<_> = unplaced.chain(unassigned).collect();
        assert!(!reasons.is_empty() && reasons.iter().all(|r| *r == reason), "{reasons:?}");
    }
}

/// Asserts that all 12 units are placed; the lateness of each order in each plan.
fn everything_is_placed(night: &GeneratedNight) -> Vec<Seconds> {
    let plans = plans(night);
    for plan in &plans {
        let placed: usize = plan.build_plan.builds.iter().map(|b| b.placements.len()).sum();
        assert_eq!((placed, plan.assignment.unassigned.len()), (12, 0));
    }
    plans.iter().flat_map(|plan| &plan.schedule.deliveries).map(|d| d.late).collect()
}

#[test]
fn no_machine() {
    let mut night = blocks();
    night.centres.centres.iter_mut().for_each(|centre| centre.machines.clear());
    nothing_is_placed(&night, UnplacedReason::NoMachine);
}

#[test]
fn no_feedstock() {
    let mut night = blocks();
    let none = |m: &_| StockDraft { material: String::clone(m), kg: 0.0 };
    let stock: Vec<_> = night.catalogue.materials.iter().map(|m| none(&m.id)).collect();
    night.centres.centres.iter_mut().for_each(|centre| centre.stock.clone_from(&stock));
    nothing_is_placed(&night, UnplacedReason::NoCapacity);
}

#[test]
fn no_part_fits() {
    let mut night = blocks();
    night.models.iter_mut().for_each(|model| model.mesh = body::cuboid(2000.0, 15.0, 10.0));
    nothing_is_placed(&night, UnplacedReason::TooLarge);
    // Walls that leave nothing of any volume.
    let mut night = blocks();
    night.catalogue.processes.iter_mut().for_each(|process| process.part_wall_mm = 5000.0);
    nothing_is_placed(&night, UnplacedReason::TooLarge);
}

#[test]
fn no_machine_is_free_for_centuries() {
    let mut night = blocks();
    for machine in machines(&mut night) {
        let span = MaintenanceDraft { from: PLANNING_TIME.to_owned(), to: FAR_FUTURE.to_owned() };
        machine.calendar.maintenance = vec![span];
    }
    assert!(everything_is_placed(&night).iter().all(|late| late.hours() > 8_000_000.0));
    for machine in machines(&mut night) {
        machine.calendar.maintenance.clear();
        machine.free_from = Some(FAR_FUTURE.to_owned());
    }
    assert!(everything_is_placed(&night).iter().all(|late| late.hours() > 8_000_000.0));
}

#[test]
fn everything_is_due_before_it_can_arrive() {
    let mut night = blocks();
    night.orders.orders.iter_mut().for_each(|o| o.due = "2026-11-20T20:00:01Z".to_owned());
    assert!(everything_is_placed(&night).iter().all(|late| *late > Seconds(0)));
    // Due yesterday is refused at once.
    night.orders.orders.iter_mut().for_each(|o| o.due = "2026-11-19T20:00:00Z".to_owned());
    for plan in plans(&night) {
        assert_eq!(plan.order_book.refused.len(), night.orders.orders.len());
        let faults = plan.order_book.refused.iter().map(|refused| &refused.faults);
        assert!(faults.flatten().all(|fault| fault.code == "E1016"));
        assert!(plan.order_book.units.is_empty() && plan.build_plan.builds.is_empty());
    }
}

#[test]
fn everything_is_alike() {
    let mut night = blocks();
    let first = night.orders.orders[0].clone();
    for order in &mut night.orders.orders {
        let (id, quantity) = (order.id.clone(), order.lines.iter().map(|l| l.quantity).sum());
        *order = first.clone();
        order.id = id;
        order.lines.truncate(1);
        order.lines[0].quantity = quantity;
    }
    let process = &first.lines[0].process;
    let twin = machines(&mut night).find(|machine| machine.process == *process);
    let twin = twin.expect("a machine for what is ordered").clone();
    for (n, machine) in machines(&mut night).enumerate() {
        *machine = MachineDraft { id: format!("twin-{n}"), ..twin.clone() };
    }
    everything_is_placed(&night);
}

#[test]
fn nothing_takes_time_or_costs_anything() {
    let mut night = blocks();
    for machine in machines(&mut night) {
        machine.time = Default::default();
        (machine.per_hour, machine.per_build, machine.changeover_cost) = (0, 0, 0);
        machine.changeover_minutes = 0.0;
    }
    night.catalogue.materials.iter_mut().for_each(|material| material.price_per_kg = 0);
    for freight in night.centres.centres.iter_mut().flat_map(|centre| &mut centre.freight) {
        (freight.per_shipment, freight.per_kg, freight.hours) = (0, 0, 0.0);
    }
    everything_is_placed(&night);
}
