//! Whether a batch scheduling problem makes sense: indices lead somewhere, amounts are in their
//! ranges, and no sum of a plan overflows.

mod levels;
mod present;
mod sums;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchOrder, BatchPart, BatchProblem, Family, Load, Way,
};
use crate::error::InputFault;

pub use self::sums::batch_term_most;

/// Greatest time, mass, size, price or rate: 2⁴⁰, so that a million of them fit 64 bits.
pub const AMOUNT_MAX: i64 = 1 << 40;
/// Most copies of all parts; most entries of any list.
pub const COUNT_MAX: usize = 1_000_000;
/// Greatest weight of a term of the objective.
pub const WEIGHT_MAX: i64 = 1 << 20;

/// Faults told at most: a file made by a program may have the same one a million times.
const FAULTS_MAX: usize = 100;

/// Amounts that are never negative.
const AMOUNT: RangeInclusive<i64> = 0..=AMOUNT_MAX;
/// Amounts that are divided by, or must be there at all.
const POSITIVE: RangeInclusive<i64> = 1..=AMOUNT_MAX;
/// Moments that may lie before time 0: an order can be late from the beginning.
const MOMENT: RangeInclusive<i64> = -AMOUNT_MAX..=AMOUNT_MAX;

/// Checks a batch scheduling problem.
///
/// What passes can be planned and checked in 64 bits: every plan, even one that puts each copy
/// into a batch of its own and all batches on one machine, costs less than 2⁶¹.
///
/// # Errors
/// All faults with their places, but no more than a hundred: E1013, E1022, E1023, E1028,
/// E1029, E1030, E1031, E1033; see `docs/errors.md`.
///
/// ```
/// use platewright_model::batching::BatchProblem;
/// use platewright_model::validate::validate_batches;
/// let faults = validate_batches(&BatchProblem::default()).unwrap_err();
/// assert_eq!(faults[0].to_string(), "rate_span [E1013] must be at least 1, is 0");
/// ```
pub fn validate_batches(problem: &BatchProblem) -> Result<(), Vec<InputFault>> {
    let mut to = Faults(Vec::new());
    check_whole(problem, &mut to);
    for (i, class) in problem.classes.iter().enumerate() {
        check_class(i, class, &mut to);
    }
    for (i, machine) in problem.machines.iter().enumerate() {
        check_machine(i, machine, problem, &mut to);
    }
    for (i, family) in problem.families.iter().enumerate() {
        check_family(i, family, problem, &mut to);
        check_stack(i, family, problem, &mut to);
    }
    check_freight(problem, &mut to);
    for (i, order) in problem.orders.iter().enumerate() {
        check_order(i, order, &mut to);
    }
    for (i, part) in problem.parts.iter().enumerate() {
        to.index(part.order, problem.orders.len(), "orders", || format!("parts[{i}].order"));
        check_part(i, part, problem, &mut to);
    }
    check_stock(problem, &mut to);
    // What parts are is read there.
    if to.0.is_empty() {
        present::check(problem, &mut to);
    }
    // Sums of amounts that are out of range would only tell the same fault again.
    if to.0.is_empty() {
        sums::check(problem, &mut to);
    }
    if to.0.is_empty() { Ok(()) } else { Err(to.0) }
}

/// Checks an order with its parts that is to be added to a problem without fault; what the parts
/// name as their order is not looked at.
///
/// # Errors
/// As [`validate_batches`], with places as if it were the last of the problem.
pub fn validate_batch_order(
    problem: &BatchProblem,
    order: &BatchOrder,
    parts: &[BatchPart],
) -> Result<(), Vec<InputFault>> {
    let mut to = Faults(Vec::new());
    let index = problem.orders.len();
    check_order(index, order, &mut to);
    let regions = problem.freight.iter().map(Vec::len).min().unwrap_or(0);
    to.index(order.region, regions, "the regions of freight", || format!("orders[{index}].region"));
    if parts.is_empty() {
        to.add("E1023", "parts", "must have at least one entry");
    }
    for (i, part) in parts.iter().enumerate() {
        check_part(problem.parts.len() + i, part, problem, &mut to);
    }
    let copies: u64 = problem.parts.iter().chain(parts).map(|part| u64::from(part.copies)).sum();
    check_copies(copies, &mut to);
    if to.0.is_empty() { Ok(()) } else { Err(to.0) }
}

/// The faults so far. Places are made only where a fault is.
struct Faults(Vec<InputFault>);

impl Faults {
    fn add(&mut self, code: &str, place: impl Into<String>, message: impl Into<String>) {
        if self.0.len() < FAULTS_MAX {
            self.0.push(InputFault::new(code, place, message));
        }
    }

    fn amount(&mut self, value: i64, range: &RangeInclusive<i64>, at: impl Fn() -> String) {
        if value < *range.start() {
            self.add("E1013", at(), format!("must be at least {}, is {value}", range.start()));
        } else if value > *range.end() {
            let message = format!(
                "must be at most {}, is {value}: correct it, or give all amounts of its kind in \
                 coarser units",
                range.end()
            );
            self.add("E1013", at(), message);
        }
    }

    /// An index into a list of `count` entries that `what` names.
    fn index(&mut self, index: usize, count: usize, what: &str, at: impl Fn() -> String) {
        if index >= count {
            let message = format!(
                "must be an index into {what}, which has {count} entries counted from 0, is {index}"
            );
            self.add("E1028", at(), message);
        }
    }
}

fn check_whole(problem: &BatchProblem, to: &mut Faults) {
    to.amount(problem.rate_span, &POSITIVE, || "rate_span".to_owned());
    to.amount(problem.mass_span, &POSITIVE, || "mass_span".to_owned());
    let goal = &problem.objective;
    let weights = [
        ("production", goal.production),
        ("freight", goal.freight),
        ("lateness", goal.lateness),
        ("makespan", goal.makespan),
        ("missed", goal.missed),
        ("moved", goal.moved),
    ];
    for (name, weight) in weights {
        to.amount(weight, &(0..=WEIGHT_MAX), || format!("objective.{name}"));
    }
    levels::check(goal, to);
    let lists = [
        ("classes", problem.classes.len()),
        ("machines", problem.machines.len()),
        ("families", problem.families.len()),
        ("freight", problem.freight.len()),
        ("orders", problem.orders.len()),
        ("parts", problem.parts.len()),
        ("stock", problem.stock.len()),
    ];
    for (name, entries) in lists {
        if entries == 0 && ["classes", "machines", "freight"].contains(&name) {
            to.add("E1023", name, "must have at least one entry");
        } else if entries > COUNT_MAX {
            let message = format!("must have at most {COUNT_MAX} entries, has {entries}: split it");
            to.add("E1031", name, message);
        }
    }
    check_copies(problem.parts.iter().map(|part| u64::from(part.copies)).sum(), to);
}

fn check_copies(copies: u64, to: &mut Faults) {
    if copies > COUNT_MAX as u64 {
        let message =
            format!("must have at most {COUNT_MAX} copies in all, have {copies}: split the orders");
        to.add("E1031", "parts", message);
    }
}

fn check_class(i: usize, class: &BatchClass, to: &mut Faults) {
    to.amount(class.capacity, &POSITIVE, || format!("classes[{i}].capacity"));
    let amounts = [
        ("setup", class.setup),
        ("base", class.base),
        ("unload", class.unload),
        ("least", class.least),
        ("short", class.short),
    ];
    for (name, amount) in amounts {
        to.amount(amount, &AMOUNT, || format!("classes[{i}].{name}"));
    }
}

fn check_order(i: usize, order: &BatchOrder, to: &mut Faults) {
    let at = |name: &str| format!("orders[{i}].{name}");
    if let Some(due) = order.due {
        to.amount(due, &MOMENT, || at("due"));
    }
    for (name, amount) in [("weight", order.weight), ("apart", order.apart)] {
        to.amount(amount, &AMOUNT, || at(name));
    }
    for (name, limit) in [("promise", order.promise), ("deadline", order.deadline)] {
        let Some(limit) = limit else { continue };
        to.amount(limit.by, &MOMENT, || format!("{}.by", at(name)));
        to.amount(limit.cost, &AMOUNT, || format!("{}.cost", at(name)));
    }
}

fn check_stock(problem: &BatchProblem, to: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (i, stock) in problem.stock.iter().enumerate() {
        let at = |name: &str| format!("stock[{i}].{name}");
        to.index(stock.centre, problem.freight.len(), "the centres of freight", || at("centre"));
        check_material(stock.material, || at("material"), to);
        to.amount(stock.amount, &AMOUNT, || at("amount"));
        if !seen.insert((stock.centre, stock.material)) {
            let message = format!(
                "must be the only entry of centre {} and material {}: add their amounts",
                stock.centre, stock.material
            );
            to.add("E1030", format!("stock[{i}]"), message);
        }
    }
}

fn check_machine(i: usize, machine: &BatchMachine, problem: &BatchProblem, to: &mut Faults) {
    let at = |name: &str| format!("machines[{i}].{name}");
    to.index(machine.class, problem.classes.len(), "classes", || at("class"));
    to.index(machine.centre, problem.freight.len(), "the centres of freight", || at("centre"));
    let amounts = [
        ("rate", machine.rate),
        ("peak_rate", machine.peak_rate),
        ("per_batch", machine.per_batch),
        ("changeover", machine.changeover),
        ("changeover_cost", machine.changeover_cost),
        ("ready", machine.ready),
    ];
    for (name, amount) in amounts {
        to.amount(amount, &AMOUNT, || at(name));
    }
    if let Some(material) = machine.loaded {
        check_material(material, || at("loaded"), to);
    }
    if let Some(calendar) = &machine.calendar {
        check_calendar(i, calendar, problem.classes.get(machine.class), to);
    }
}

/// Materials are numbers of one's choice, but tables are made by them.
fn check_material(material: usize, at: impl Fn() -> String, to: &mut Faults) {
    if material >= COUNT_MAX {
        let message = format!("must be below {COUNT_MAX}, is {material}: number materials from 0");
        to.add("E1013", at(), message);
    }
}

fn check_calendar(i: usize, calendar: &BatchCalendar, class: Option<&BatchClass>, to: &mut Faults) {
    let at = |name: &str| format!("machines[{i}].calendar.{name}");
    let before = to.0.len();
    to.amount(calendar.cycle, &POSITIVE, || at("cycle"));
    if to.0.len() > before {
        return;
    }
    if calendar.staffed.is_empty() {
        let message = "must have at least one span; leave the calendar out if people are always \
                       there";
        to.add("E1023", at("staffed"), message);
    }
    check_spans(&calendar.staffed, calendar.cycle, || at("staffed"), to);
    check_spans(&calendar.maintenance, AMOUNT_MAX, || at("maintenance"), to);
    let Some(class) = class.filter(|_| to.0.len() == before) else { return };
    let longest = longest_span(calendar);
    for (name, time) in [("setup", class.setup), ("unload", class.unload)] {
        if longest.is_some_and(|longest| time > longest) {
            let message = format!(
                "must have a span as long as the {name} of its class ({time}), or the machine can \
                 never print: lengthen a span or shorten the {name}"
            );
            to.add("E1022", at("staffed"), message);
        }
    }
}

/// Spans `[from, to)` from 0 to `end`, sorted and apart; they may touch.
fn check_spans(spans: &[(i64, i64)], end: i64, at: impl Fn() -> String, to: &mut Faults) {
    let mut last = 0;
    for (k, &(from, until)) in spans.iter().enumerate() {
        let place = || format!("{}[{k}]", at());
        if from >= until || from < 0 || until > end {
            let message = format!(
                "must begin at 0 or later, end after its begin and by {end}, is {from} to {until}"
            );
            to.add("E1030", place(), message);
            return;
        }
        if from < last {
            let message = format!(
                "must begin after the span before it ends ({last}), begins at {from}: sort the \
                 spans and join those that overlap"
            );
            to.add("E1030", place(), message);
            return;
        }
        last = until;
    }
}

/// Longest time that people are there on end, over the end of the cycle too; none if they always
/// are.
fn longest_span(calendar: &BatchCalendar) -> Option<i64> {
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for &(from, until) in &calendar.staffed {
        match joined.last_mut() {
            Some(last) if from == last.1 => last.1 = until,
            _ => joined.push((from, until)),
        }
    }
    let (first, last) = (*joined.first()?, *joined.last()?);
    if first == (0, calendar.cycle) {
        return None;
    }
    let around =
        if first.0 == 0 && last.1 == calendar.cycle { first.1 + last.1 - last.0 } else { 0 };
    joined.iter().map(|(from, until)| until - from).chain([around]).max()
}

fn check_family(i: usize, family: &Family, problem: &BatchProblem, to: &mut Faults) {
    check_material(family.material, || format!("families[{i}].material"), to);
    for (k, &machine) in family.machines.iter().enumerate() {
        let at = || format!("families[{i}].machines[{k}]");
        to.index(machine, problem.machines.len(), "machines", at);
        if k > 0 && machine <= family.machines[k - 1] {
            let message = format!(
                "must be above the one before ({}), is {machine}: sort the machines, each once",
                family.machines[k - 1]
            );
            to.add("E1030", at(), message);
        }
    }
}

fn check_stack(i: usize, family: &Family, problem: &BatchProblem, to: &mut Faults) {
    let (entries, classes) = (family.stack.len(), problem.classes.len());
    if entries > classes {
        let message =
            format!("must have at most an entry for each of the {classes} classes, has {entries}");
        to.add("E1029", format!("families[{i}].stack"), message);
    }
    for (c, &peak) in family.stack.iter().enumerate() {
        to.amount(peak, &AMOUNT, || format!("families[{i}].stack[{c}]"));
    }
}

fn check_freight(problem: &BatchProblem, to: &mut Faults) {
    let used = problem.orders.iter().map(|order| order.region).enumerate();
    let Some((order, region)) = used.max_by_key(|(_, region)| *region) else { return };
    for (c, ways) in problem.freight.iter().enumerate() {
        if ways.len() <= region {
            let message = format!(
                "must have an entry for each region, as orders[{order}] goes to region {region}, \
                 counted from 0; has {}: add entries, null where the centre does not ship",
                ways.len()
            );
            to.add("E1029", format!("freight[{c}]"), message);
        }
        for (r, way) in ways.iter().enumerate() {
            let Some(Way { duration, per_shipment, per_part, per_mass }) = way else { continue };
            let amounts = [
                ("duration", duration),
                ("per_shipment", per_shipment),
                ("per_part", per_part),
                ("per_mass", per_mass),
            ];
            for (name, amount) in amounts {
                to.amount(*amount, &AMOUNT, || format!("freight[{c}][{r}].{name}"));
            }
        }
    }
}

fn check_part(i: usize, part: &BatchPart, problem: &BatchProblem, to: &mut Faults) {
    let at = |name: &str| format!("parts[{i}].{name}");
    to.index(part.family, problem.families.len(), "families", || at("family"));
    to.amount(i64::from(part.copies), &POSITIVE, || at("copies"));
    let amounts = [
        ("mass", part.mass),
        ("release", part.release),
        ("finish", part.finish),
        ("feed", part.feed),
    ];
    for (name, amount) in amounts {
        to.amount(amount, &AMOUNT, || at(name));
    }
    if part.loads.len() != problem.classes.len() {
        let message = format!(
            "must have an entry for each of the {} classes, has {}: add entries, null where a \
             class does not hold the part",
            problem.classes.len(),
            part.loads.len()
        );
        to.add("E1029", at("loads"), message);
    }
    for (c, load) in part.loads.iter().enumerate() {
        let Some(Load { size, add, peak }) = load else { continue };
        for (name, amount) in [("size", size), ("add", add), ("peak", peak)] {
            to.amount(*amount, &AMOUNT, || format!("parts[{i}].loads[{c}].{name}"));
        }
    }
}
