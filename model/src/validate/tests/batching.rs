//! Batch scheduling problems that make no sense.

use crate::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Load,
    Term, Way,
};
use crate::validate::batching::AMOUNT_MAX;
use crate::validate::validate_batches;

/// Two classes, two machines, one of them with a calendar, two orders of a part each.
fn problem() -> BatchProblem {
    let class = |capacity| BatchClass { capacity, setup: 30, unload: 20, ..Default::default() };
    let calendar =
        BatchCalendar { cycle: 100, staffed: vec![(0, 20), (60, 100)], maintenance: vec![(5, 9)] };
    let machine = |class, calendar| BatchMachine { class, rate: 7, calendar, ..Default::default() };
    let part = |order, family| BatchPart {
        order,
        family,
        copies: 3,
        loads: vec![Some(Load { size: 4, add: 5, peak: 6 }), None],
        ..Default::default()
    };
    BatchProblem {
        rate_span: 60,
        mass_span: 1,
        classes: vec![class(10), class(20)],
        machines: vec![machine(0, None), machine(1, Some(calendar))],
        families: vec![Family { machines: vec![0, 1], ..Default::default() }],
        freight: vec![vec![Some(Way { duration: 9, ..Default::default() }), None]],
        orders: vec![
            BatchOrder { due: Some(-3), weight: 2, ..Default::default() },
            BatchOrder { region: 1, ..Default::default() },
        ],
        parts: vec![part(0, 0), part(1, 0)],
        ..Default::default()
    }
}

fn faults(change: impl FnOnce(&mut BatchProblem)) -> Vec<String> {
    let mut problem = problem();
    change(&mut problem);
    validate_batches(&problem)
        .map_or_else(|all| all.iter().map(ToString::to_string).collect(), |()| Vec::new())
}

#[test]
fn a_sound_problem_passes() {
    assert_eq!(faults(|_| ()), [""; 0]);
    // Spans may touch, people may always be there, a family may have no machine.
    assert_eq!(faults(|p| calendar(p).staffed = vec![(0, 20), (20, 100)]), [""; 0]);
    assert_eq!(faults(|p| p.families[0].machines.clear()), [""; 0]);
    assert_eq!(faults(|p| (p.parts.clear(), p.orders.clear()).0), [""; 0]);
}

#[test]
fn every_fault_is_told_with_its_place() {
    assert_one(|p| p.mass_span = -1, "mass_span [E1013] must be at least 1, is -1");
    assert_one(|p| p.objective.freight = -1, "objective.freight [E1013] must be at least 0");
    let levels = |p: &mut BatchProblem, all: &[&[Term]]| {
        p.objective.levels = all.iter().map(|level| level.to_vec()).collect();
    };
    let (missed, makespan) = (Term::Missed, Term::Makespan);
    assert_one(|p| levels(p, &[&[missed], &[]]), "objective.levels[1] [E1023] must have at l");
    let twice = "objective.levels[1][0] [E1030] must be the only one that names missed";
    assert_one(|p| levels(p, &[&[missed], &[missed]]), twice);
    let weightless =
        "objective.levels[0][0] [E1013] must name a term with a weight, that of makespan";
    assert_one(|p| levels(p, &[&[makespan]]), weightless);
    assert_one(|p| p.classes[1].capacity = 0, "classes[1].capacity [E1013] must be at least 1");
    assert_one(|p| p.families[0].stack = vec![0, -5], "families[0].stack[1] [E1013]");
    assert_one(|p| p.families[0].stack = vec![0; 3], "families[0].stack [E1029]");
    assert_one(|p| p.machines[1].class = 2, "machines[1].class [E1028] must be an index into");
    assert_one(|p| p.machines[0].centre = 1, "machines[0].centre [E1028]");
    assert_one(|p| p.machines[0].ready = AMOUNT_MAX + 1, "machines[0].ready [E1013] must be at m");
    assert_one(|p| p.machines[0].loaded = Some(1 << 20), "machines[0].loaded [E1013]");
    assert_one(|p| p.families[0].machines.push(2), "families[0].machines[2] [E1028]");
    assert_one(|p| p.families[0].machines[1] = 0, "families[0].machines[1] [E1030]");
    assert_one(|p| p.families[0].material = 1 << 20, "families[0].material [E1013]");
    assert_one(|p| p.freight[0].truncate(1), "freight[0] [E1029] must have an entry for each");
    assert_one(|p| p.freight[0][1] = way(-1), "freight[0][1].per_mass [E1013]");
    assert_one(|p| p.orders[0].weight = -1, "orders[0].weight [E1013]");
    assert_one(|p| p.orders[0].due = Some(i64::MIN), "orders[0].due [E1013]");
    assert_one(|p| p.parts[1].order = 2, "parts[1].order [E1028]");
    assert_one(|p| p.parts[1].family = 1, "parts[1].family [E1028]");
    assert_one(|p| p.parts[1].copies = 0, "parts[1].copies [E1013] must be at least 1, is 0");
    assert_one(|p| p.parts[1].release = -1, "parts[1].release [E1013]");
    assert_one(|p| p.parts[1].loads.truncate(1), "parts[1].loads [E1029] must have an entry");
    assert_one(|p| p.parts[1].loads[1] = load(-1), "parts[1].loads[1].peak [E1013]");
    assert_eq!(faults(|p| p.freight.clear())[0], "freight [E1023] must have at least one entry");
    assert_eq!(faults(|p| (p.rate_span, p.parts[0].mass) = (0, -1)).len(), 2);
}

#[test]
fn calendars_have_spans_in_order_that_suffice() {
    assert_one(|p| calendar(p).staffed.clear(), "machines[1].calendar.staffed [E1023]");
    assert_one(|p| calendar(p).cycle = 0, "machines[1].calendar.cycle [E1013]");
    assert_one(|p| calendar(p).cycle = 99, "machines[1].calendar.staffed[1] [E1030]");
    assert_one(|p| calendar(p).staffed[0] = (-1, 40), "machines[1].calendar.staffed[0] [E1030]");
    assert_one(|p| calendar(p).staffed[0] = (7, 7), "machines[1].calendar.staffed[0] [E1030]");
    assert_one(|p| calendar(p).staffed[0] = (0, 61), "machines[1].calendar.staffed[1] [E1030]");
    assert_one(|p| calendar(p).maintenance.push((8, 10)), "machines[1].calendar.maintenance[1] [E");
    // From 60 on to 20 of the next cycle people are there for 60 on end.
    assert_eq!(faults(|p| p.classes[1].setup = 60), [""; 0]);
    let long = "machines[1].calendar.staffed [E1022] must have a span as long as the setup of its \
                class (61)";
    assert_one(|p| p.classes[1].setup = 61, long);
    assert_one(|p| (calendar(p).staffed[0].0, p.classes[1].unload) = (1, 41), "machines[1].cal");
}

#[test]
fn sums_that_could_overflow_are_told() {
    let large = 1 << 39;
    assert_one(|p| p.parts[0].copies = 1_000_000, "parts [E1031] must have at most 1000000");
    let rate = |p: &mut BatchProblem| (p.machines[0].rate, p.classes[0].base) = (large, large);
    assert_one(rate, "machines [E1031] must keep sums below 2^61, cost of production");
    let late = |p: &mut BatchProblem| (p.orders[0].weight, p.parts[0].finish) = (large, large);
    assert_one(late, "orders [E1031]");
    let freight = |p: &mut BatchProblem| {
        (p.freight[0][0], p.parts[0].mass) = (way(large), large);
    };
    assert_one(freight, "freight [E1031]");
    let makespan =
        |p: &mut BatchProblem| (p.objective.makespan, p.classes[0].base) = (1 << 20, large);
    assert_one(makespan, "objective.makespan [E1031]");
    // Each term alone is below the limit, their sum is not.
    let sum = |p: &mut BatchProblem| {
        (p.objective.makespan, p.machines[0].rate, p.classes[0].base) = (1 << 19, 1 << 19, large);
        (p.rate_span, p.machines[0].ready) = (1, large);
    };
    assert_one(sum, "objective [E1031] must keep sums below 2^61, the sum of all terms");
}

#[test]
fn a_million_faults_are_not_told_one_by_one() {
    let all = faults(|p| p.parts = vec![BatchPart { copies: 1, ..Default::default() }; 5000]);
    assert_eq!(all.len(), 100);
}

fn assert_one(change: impl FnOnce(&mut BatchProblem), fault: &str) {
    let all = faults(change);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].starts_with(fault), "{} is not {fault}", all[0]);
}

fn calendar(problem: &mut BatchProblem) -> &mut BatchCalendar {
    problem.machines[1].calendar.as_mut().unwrap()
}

fn way(per_mass: i64) -> Option<Way> {
    Some(Way { per_mass, ..Default::default() })
}

fn load(peak: i64) -> Option<Load> {
    Some(Load { peak, ..Default::default() })
}
