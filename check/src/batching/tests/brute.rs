//! All plans of a small problem, reckoned moment by moment.

use platewright_model::batching::BatchCalendar;

use super::*;

/// Every batch that a machine may print of some copies, as copies of each part.
pub(super) fn batches(problem: &BatchProblem, machine: usize, copies: &[u32]) -> Vec<Vec<u32>> {
    let mut sets = vec![Vec::new()];
    for &most in copies {
        let longer = |set: &Vec<u32>| {
            let set = set.clone();
            (0..=most).map(move |some| [set.as_slice(), &[some]].concat())
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    sets.retain(|set| may_print(problem, machine, set));
    sets
}

fn may_print(problem: &BatchProblem, machine: usize, set: &[u32]) -> bool {
    let on = &problem.machines[machine];
    let inside = || problem.parts.iter().zip(set).filter(|(_, copies)| **copies > 0);
    let Some((first, _)) = inside().next() else { return false };
    let fits = |part: &BatchPart| {
        part.family == first.family
            && problem.families[part.family].machines.contains(&machine)
            && part.loads[on.class].is_some()
            && problem.freight[on.centre][problem.orders[part.order].region].is_some()
    };
    let sizes = inside()
        .map(|(part, copies)| part.loads[on.class].map_or(0, |l| l.size * i64::from(*copies)));
    inside().all(|(part, _)| fits(part)) && sizes.sum::<i64>() <= problem.classes[on.class].capacity
}

/// Sum of what adds up and peak of a batch.
fn measures(problem: &BatchProblem, machine: usize, set: &[u32]) -> (i64, i64) {
    let class = problem.machines[machine].class;
    let (mut size, mut add, mut peak, mut stack) = (0, 0, 0, 0);
    for (part, copies) in problem.parts.iter().zip(set).filter(|(_, copies)| **copies > 0) {
        let load = part.loads[class].unwrap();
        size += load.size * i64::from(*copies);
        add += load.add * i64::from(*copies);
        peak = peak.max(load.peak);
        stack = problem.families[part.family].stack.get(class).copied().unwrap_or(0);
    }
    let class = &problem.classes[class];
    let filled = (0..).find(|peak| peak * class.capacity >= stack * size).unwrap();
    (add, peak.max(filled))
}

/// Length without waiting and change of material, and the peak.
pub(super) fn length(problem: &BatchProblem, machine: usize, set: &[u32]) -> (i64, i64) {
    let class = &problem.classes[problem.machines[machine].class];
    let (add, peak) = measures(problem, machine, set);
    (class.setup + class.base + class.unload + add + peak, peak)
}

fn at_work(calendar: &BatchCalendar, moment: i64) -> bool {
    let moment = moment.rem_euclid(calendar.cycle);
    calendar.staffed.iter().any(|(from, to)| (*from..*to).contains(&moment))
}

fn staffed(calendar: Option<&BatchCalendar>, begin: i64, work: i64) -> bool {
    calendar.is_none_or(|calendar| match work {
        0 => at_work(calendar, begin) || at_work(calendar, begin - 1),
        _ => (begin..begin + work).all(|moment| at_work(calendar, moment)),
    })
}

/// The earliest start and its end.
fn times(
    problem: &BatchProblem,
    machine: usize,
    set: &[u32],
    free: i64,
    change: i64,
) -> (i64, i64) {
    let on = &problem.machines[machine];
    let class = &problem.classes[on.class];
    let calendar = on.calendar.as_ref();
    let inside = problem.parts.iter().zip(set).filter(|(_, copies)| **copies > 0);
    let free = inside.map(|(part, _)| part.release).fold(free, i64::max);
    let (length, _) = length(problem, machine, set);
    let end_of = |start: i64| {
        let printed = start + change + length - class.unload;
        (printed..).find(|t| staffed(calendar, *t, class.unload)).unwrap() + class.unload
    };
    let may_start = |start: i64| {
        let maintained = calendar.is_some_and(|calendar| {
            let stands =
                |t| calendar.maintenance.iter().any(|(from, to)| (*from..*to).contains(&t));
            (start..end_of(start)).any(stands)
        });
        staffed(calendar, start, class.setup + change) && !maintained
    };
    let start = (free..).find(|start| may_start(*start)).unwrap();
    (start, end_of(start))
}

fn up(amount: i64, span: i64) -> i64 {
    (0..).find(|whole| whole * span >= amount).unwrap()
}

/// What a copy costs on its way, but for the shipment.
pub(super) fn freight(problem: &BatchProblem, machine: usize, part: usize) -> i64 {
    let one = &problem.parts[part];
    let region = problem.orders[one.order].region;
    let way = problem.freight[problem.machines[machine].centre][region].unwrap();
    way.per_part + up(one.mass * way.per_mass, problem.mass_span)
}

fn cost(problem: &BatchProblem, plan: &BatchPlan) -> BatchCost {
    let mut cost = BatchCost::default();
    let mut arrivals = vec![None; problem.orders.len()];
    let mut centres = vec![0; problem.orders.len()];
    for (machine, on) in problem.machines.iter().enumerate() {
        let mut held = on.loaded;
        let mut served = vec![false; problem.orders.len()];
        for planned in &plan.machines[machine] {
            let mut set = vec![0; problem.parts.len()];
            for one in &planned.parts {
                let order = problem.parts[one.part].order;
                let region = problem.orders[order].region;
                let way = problem.freight[on.centre][region].unwrap();
                set[one.part] = one.copies;
                cost.freight += i64::from(one.copies) * freight(problem, machine, one.part);
                if !std::mem::replace(&mut served[order], true) {
                    cost.freight += way.per_shipment;
                    // Each machine of these problems has a centre of its own.
                    cost.freight +=
                        if centres[order] > 0 { problem.orders[order].apart } else { 0 };
                    centres[order] += 1;
                }
                let arrival = planned.end + problem.parts[one.part].finish + way.duration;
                arrivals[order] = arrivals[order].max(Some(arrival));
            }
            let (length, peak) = length(problem, machine, &set);
            let span = problem.rate_span;
            cost.production +=
                up(length * on.rate, span) + up(peak * on.peak_rate, span) + on.per_batch;
            let class = &problem.classes[on.class];
            let loads = planned.parts.iter().map(|one| {
                problem.parts[one.part].loads[on.class].unwrap().size * i64::from(one.copies)
            });
            let missing = class.least - loads.sum::<i64>();
            if missing > 0 {
                cost.production += up(class.short * missing, class.least);
            }
            let family = problem.parts[planned.parts[0].part].family;
            let material = problem.families[family].material;
            if held.is_some_and(|held| held != material) {
                cost.production += on.changeover_cost;
            }
            held = Some(material);
            cost.makespan = cost.makespan.max(planned.end);
        }
    }
    for (order, arrival) in problem.orders.iter().zip(arrivals) {
        if let (Some(due), Some(arrival)) = (order.due, arrival)
            && arrival > due
        {
            cost.late_orders += 1;
            cost.lateness += up((arrival - due) * order.weight, problem.rate_span);
        }
        if let (Some(limit), Some(arrival)) = (order.promise, arrival)
            && arrival > limit.by
        {
            cost.broken_promises += 1;
            cost.missed += limit.cost;
        }
        if let (Some(limit), Some(arrival)) = (order.deadline, arrival)
            && arrival > limit.by
        {
            cost.missed_deadlines += 1;
            cost.missed += limit.cost;
        }
    }
    cost
}

/// The best of all plans that print every copy.
pub(super) fn best(problem: &BatchProblem) -> BatchPlan {
    let mut search = Search { problem, plan: BatchPlan::default(), best: None };
    search.plan.machines = vec![Vec::new(); problem.machines.len()];
    let copies: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    search.from(0, &copies, problem.machines[0].loaded);
    search.best.unwrap()
}

struct Search<'a> {
    problem: &'a BatchProblem,
    plan: BatchPlan,
    best: Option<BatchPlan>,
}

impl Search<'_> {
    fn from(&mut self, machine: usize, left: &[u32], held: Option<usize>) {
        let problem = self.problem;
        let Some(on) = problem.machines.get(machine) else {
            if left.iter().all(|copies| *copies == 0) {
                self.plan.cost = cost(problem, &self.plan);
                let value = |plan: &BatchPlan| plan.cost.objective(&problem.objective);
                if self.best.as_ref().is_none_or(|best| value(&self.plan) < value(best)) {
                    self.best = Some(self.plan.clone());
                }
            }
            return;
        };
        let next = problem.machines.get(machine + 1).and_then(|next| next.loaded);
        self.from(machine + 1, left, next);
        for set in batches(problem, machine, left) {
            let first = set.iter().position(|copies| *copies > 0).unwrap();
            let material = problem.families[problem.parts[first].family].material;
            let changes = held.is_some_and(|held| held != material);
            let change = if changes { on.changeover } else { 0 };
            let free = self.plan.machines[machine].last().map_or(on.ready, |last| last.end);
            let (start, end) = times(problem, machine, &set, free, change);
            let parts: Vec<(usize, u32)> =
                set.iter().copied().enumerate().filter(|(_, copies)| *copies > 0).collect();
            self.plan.machines[machine].push(batch(&parts, start, end));
            let rest: Vec<u32> = left.iter().zip(&set).map(|(a, b)| a - b).collect();
            self.from(machine, &rest, Some(material));
            self.plan.machines[machine].pop();
        }
    }
}

#[test]
fn the_best_plans_of_random_problems_pass() {
    for seed in 0..300 {
        let mut rng = random::rng(seed);
        let problem = random::problem(&mut rng, 4);
        let mut plan = best(&problem);
        assert_eq!(check_batches(&problem, &plan), [], "seed {seed}");
        let plain = bound::plain_sum(&Printing::of(&problem));
        let objective = plan.cost.objective(&problem.objective);
        assert!(plain <= i128::from(objective), "seed {seed}");
        plan.bound = i64::try_from(plain).unwrap() + 1;
        let unproven = BatchFault::BoundUnproven { bound: plan.bound, proven: plain };
        assert!(check_batches(&problem, &plan).contains(&unproven), "seed {seed}");
    }
}
