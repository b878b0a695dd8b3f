//! Whether a problem can be judged at all.

use platewright_model::batching::{
    BatchCalendar, BatchClass, BatchMachine, BatchPart, BatchProblem, Family, Freeze, Term, Weights,
};

use super::fault::BatchFault;

/// What makes a problem useless: indices that lead nowhere, amounts below 0, spans out of order.
pub(super) fn faults(problem: &BatchProblem) -> Vec<BatchFault> {
    let mut faults = Faults(Vec::new());
    let Weights { production, freight, lateness, makespan, missed, moved, ref levels } =
        problem.objective;
    let weights = [("production", production), ("freight", freight), ("lateness", lateness)];
    faults.below(0, "the objective", weights);
    let weights = [("makespan", makespan), ("missed", missed), ("moved", moved)];
    faults.below(0, "the objective", weights);
    let mut terms: Vec<Term> = levels.iter().flatten().copied().collect();
    terms.sort_unstable();
    for twice in terms.windows(2).filter(|pair| pair[0] == pair[1]) {
        faults
            .add(format!("{} is in two levels of the objective, or twice in one", twice[0].name()));
    }
    let spans = [("rate_span", problem.rate_span), ("mass_span", problem.mass_span)];
    faults.below(1, "the problem", spans);
    for (index, one) in problem.classes.iter().enumerate() {
        class(&format!("class {index}"), one, &mut faults);
    }
    for (index, one) in problem.machines.iter().enumerate() {
        machine(&format!("machine {index}"), problem, one, &mut faults);
    }
    for (index, one) in problem.families.iter().enumerate() {
        family(&format!("family {index}"), problem, one, &mut faults);
    }
    freight_rows(problem, &mut faults);
    for (index, one) in problem.parts.iter().enumerate() {
        part(&format!("part {index}"), problem, one, &mut faults);
    }
    stock(problem, &mut faults);
    present(problem, &mut faults);
    faults.0.into_iter().map(|what| BatchFault::BadProblem { what }).collect()
}

struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, what: String) {
        self.0.push(what);
    }

    fn below<'a>(
        &mut self,
        least: i64,
        of: &str,
        amounts: impl IntoIterator<Item = (&'a str, i64)>,
    ) {
        let low = amounts.into_iter().filter(|(_, amount)| *amount < least);
        self.0.extend(low.map(|(name, amount)| {
            format!("{of} has {name} of {amount}, which must be at least {least}")
        }));
    }

    fn index(&mut self, of: &str, name: &str, index: usize, len: usize) {
        if index >= len {
            self.add(format!("{of} names {name} {index}, of {len}"));
        }
    }
}

fn class(of: &str, class: &BatchClass, faults: &mut Faults) {
    faults.below(1, of, [("capacity", class.capacity)]);
    let times = [("setup", class.setup), ("base", class.base), ("unload", class.unload)];
    faults.below(0, of, times);
    faults.below(0, of, [("least", class.least), ("short", class.short)]);
}

fn machine(of: &str, problem: &BatchProblem, machine: &BatchMachine, faults: &mut Faults) {
    faults.index(of, "class", machine.class, problem.classes.len());
    faults.index(of, "centre", machine.centre, problem.freight.len());
    let amounts = [
        ("rate", machine.rate),
        ("peak_rate", machine.peak_rate),
        ("per_batch", machine.per_batch),
        ("changeover", machine.changeover),
        ("changeover_cost", machine.changeover_cost),
        ("ready", machine.ready),
    ];
    faults.below(0, of, amounts);
    if let Some(calendar) = &machine.calendar {
        self::calendar(of, calendar, faults);
    }
}

fn calendar(of: &str, calendar: &BatchCalendar, faults: &mut Faults) {
    faults.below(1, of, [("cycle", calendar.cycle)]);
    let within = |(from, to): &(i64, i64)| *from >= 0 && *to <= calendar.cycle;
    if !(are_sorted(&calendar.staffed) && calendar.staffed.iter().all(within)) {
        faults.add(format!("{of} has staffed spans that are not sorted and apart in the cycle"));
    }
    if !are_sorted(&calendar.maintenance) {
        faults.add(format!("{of} has spans of maintenance that are not sorted and apart"));
    }
}

/// Whether spans are sorted, of some length, and do not overlap.
fn are_sorted(spans: &[(i64, i64)]) -> bool {
    spans.iter().all(|(from, to)| from < to) && spans.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

fn family(of: &str, problem: &BatchProblem, family: &Family, faults: &mut Faults) {
    for machine in &family.machines {
        faults.index(of, "machine", *machine, problem.machines.len());
    }
    if !family.machines.is_sorted_by(|a, b| a < b) {
        faults.add(format!("{of} has machines that are not sorted, or one twice"));
    }
    faults.below(0, of, family.stack.iter().map(|stack| ("stack", *stack)));
}

fn freight_rows(problem: &BatchProblem, faults: &mut Faults) {
    for (centre, row) in problem.freight.iter().enumerate() {
        for (region, way) in row.iter().enumerate() {
            let Some(way) = way else { continue };
            let amounts = [
                ("duration", way.duration),
                ("per_shipment", way.per_shipment),
                ("per_part", way.per_part),
                ("per_mass", way.per_mass),
            ];
            faults.below(0, &format!("the way from centre {centre} to region {region}"), amounts);
        }
    }
    for (index, order) in problem.orders.iter().enumerate() {
        let of = format!("order {index}");
        faults.below(0, &of, [("weight", order.weight), ("apart", order.apart)]);
        let limits = [("promise", order.promise), ("deadline", order.deadline)];
        let costs = limits.into_iter().filter_map(|(name, limit)| Some((name, limit?.cost)));
        faults.below(0, &of, costs);
        let regions = problem.freight.iter().map(Vec::len).min();
        faults.index(&of, "region", order.region, regions.unwrap_or(usize::MAX));
    }
}

fn part(of: &str, problem: &BatchProblem, part: &BatchPart, faults: &mut Faults) {
    faults.index(of, "order", part.order, problem.orders.len());
    faults.index(of, "family", part.family, problem.families.len());
    faults.below(1, of, [("copies", i64::from(part.copies))]);
    faults.below(0, of, [("mass", part.mass), ("finish", part.finish), ("feed", part.feed)]);
    if part.loads.len() != problem.classes.len() {
        let (loads, classes) = (part.loads.len(), problem.classes.len());
        faults.add(format!("{of} has {loads} loads, for {classes} classes"));
    }
    for load in part.loads.iter().flatten() {
        let amounts = [("size", load.size), ("add", load.add), ("peak", load.peak)];
        faults.below(0, of, amounts);
    }
}

fn stock(problem: &BatchProblem, faults: &mut Faults) {
    for (index, stock) in problem.stock.iter().enumerate() {
        let of = format!("stock {index}");
        faults.index(&of, "centre", stock.centre, problem.freight.len());
        faults.below(0, &of, [("amount", stock.amount)]);
        let before = &problem.stock[..index];
        if before.iter().any(|s| (s.centre, s.material) == (stock.centre, stock.material)) {
            faults.add(format!("{of} is of a centre and a material that one before is of"));
        }
    }
}

fn present(problem: &BatchProblem, faults: &mut Faults) {
    let (lists, machines) = (problem.present.len(), problem.machines.len());
    if lists != 0 && lists != machines {
        faults.add(format!("the present plan lists {lists} machines, of {machines}"));
    }
    for (machine, line) in problem.present.iter().enumerate() {
        for (index, batch) in line.iter().enumerate() {
            let of = format!("present batch {index} on machine {machine}");
            for one in &batch.parts {
                faults.index(&of, "part", one.part, problem.parts.len());
            }
            let families = batch.parts.iter().filter_map(|one| problem.parts.get(one.part));
            let mut families = families.map(|part| part.family);
            let first = families.next();
            if first.is_none() || families.any(|family| Some(family) != first) {
                faults.add(format!("{of} is empty or of several families"));
            }
            let started = batch.freeze == Freeze::Start;
            if started && index > 0 && line[index - 1].freeze != Freeze::Start {
                faults.add(format!("{of} has started, but one before it has not"));
            }
        }
    }
}
