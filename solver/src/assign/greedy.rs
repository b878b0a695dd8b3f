//! A first assignment and its improvement by moving builds, without a solver.

use std::collections::BTreeMap;

use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::assign::backend::Limits;
use crate::assign::load::Load;
use crate::assign::model;
use crate::instance::Instance;

/// Grams by which rounding may exceed a stock.
const STOCK_SLACK_G: f64 = 1e-6;

/// Most moves in a row that may fail before a search gives up, for each job.
const PATIENCE: u64 = 40;

/// Puts each job, the most urgent first, where it adds least cost and overtime.
pub(crate) fn construct(instance: &Instance<'_>, load: &Load) -> Vec<Option<usize>> {
    let mut state = State::new(instance, load, vec![None; instance.jobs.len()]);
    for job in by_urgency(instance) {
        state.place_best(job);
    }
    state.at
}

/// Jobs as they are due, the more urgent first.
pub(super) fn by_urgency(instance: &Instance<'_>) -> Vec<usize> {
    let mut jobs: Vec<usize> = (0..instance.jobs.len()).collect();
    jobs.sort_by_key(|&j| (instance.jobs[j].due, std::cmp::Reverse(instance.jobs[j].priority), j));
    jobs
}

/// Leaves out as few units as possible where feedstock does not reach for all jobs.
///
/// Tries the jobs with the least choice first, then a MIP; the one that leaves out fewer
/// units wins.
pub(crate) fn fill_stock(
    instance: &Instance<'_>,
    load: &Load,
    at: Vec<Option<usize>>,
    limits: &Limits,
) -> Vec<Option<usize>> {
    let mut jobs = by_urgency(instance);
    jobs.sort_by_key(|&j| instance.jobs[j].choices.len());
    let mut state = State::new(instance, load, vec![None; instance.jobs.len()]);
    for job in jobs {
        state.place_best(job);
    }
    let placed = |at: &[Option<usize>]| -> usize {
        let units = |j: usize| instance.jobs[j].build.placements.len();
        (0..at.len()).filter(|&j| at[j].is_some()).map(units).sum()
    };
    let by_mip = model::most_units(instance, limits).filter(|at| stock_holds(instance, at));
    let mut best = at;
    for other in [Some(state.at), by_mip].into_iter().flatten() {
        if placed(&other) > placed(&best) {
            best = other;
        }
    }
    best
}

/// Whether no centre uses more feedstock than it has.
pub(crate) fn stock_holds(instance: &Instance<'_>, at: &[Option<usize>]) -> bool {
    let mut used: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    (0..at.len()).all(|job| {
        let Some(choice) = at[job].and_then(|m| instance.choice(job, m)) else { return true };
        let Some(stock) = instance.stock_g(job, choice.machine) else { return true };
        let centre = instance.machines[choice.machine].centre;
        let sum = used.entry((centre, instance.jobs[job].material.as_str())).or_insert(0.0);
        *sum += choice.feed_g;
        *sum <= stock + STOCK_SLACK_G
    })
}

/// Moves single jobs and swaps pairs while that lowers cost and overtime.
pub(crate) fn improve(
    instance: &Instance<'_>,
    load: &Load,
    at: &mut Vec<Option<usize>>,
    steps: u64,
    ctx: &RunContext,
) {
    let movable: Vec<usize> =
        (0..at.len()).filter(|&j| at[j].is_some() && instance.jobs[j].choices.len() > 1).collect();
    if movable.is_empty() {
        return;
    }
    let mut rng = Pcg64::seed_from_u64(ctx.seed_for("assign/improve"));
    let mut state = State::new(instance, load, std::mem::take(at));
    let mut failed = 0;
    for step in 0..steps {
        if ctx.should_stop(step) || failed > PATIENCE * movable.len() as u64 {
            break;
        }
        let job = movable[rng.random_range(0..movable.len())];
        let better = if rng.random_bool(0.5) {
            state.place_best(job)
        } else {
            state.swap(job, movable[rng.random_range(0..movable.len())])
        };
        failed = if better { 0 } else { failed + 1 };
    }
    *at = state.at;
}

/// An assignment with the jobs of each machine and the feedstock each centre has left.
struct State<'a> {
    instance: &'a Instance<'a>,
    load: &'a Load,
    at: Vec<Option<usize>>,
    on: Vec<Vec<usize>>,
    used: BTreeMap<(usize, &'a str), f64>,
}

impl<'a> State<'a> {
    fn new(instance: &'a Instance<'a>, load: &'a Load, at: Vec<Option<usize>>) -> Self {
        let n = at.len();
        let on = vec![Vec::new(); instance.machines.len()];
        let mut state = Self { instance, load, at: vec![None; n], on, used: BTreeMap::new() };
        for (job, machine) in at.into_iter().enumerate() {
            state.put(job, machine);
        }
        state
    }

    /// Puts a job on a machine, or takes it off.
    fn put(&mut self, job: usize, machine: Option<usize>) {
        if let Some(old) = self.at[job] {
            self.on[old].retain(|j| *j != job);
            self.feed(job, old, -1.0);
        }
        if let Some(new) = machine {
            self.on[new].push(job);
            self.feed(job, new, 1.0);
        }
        self.at[job] = machine;
    }

    fn feed(&mut self, job: usize, machine: usize, sign: f64) {
        let feed_g = self.instance.choice(job, machine).map_or(0.0, |c| c.feed_g);
        *self.used.entry(self.store(job, machine)).or_insert(0.0) += sign * feed_g;
    }

    fn store(&self, job: usize, machine: usize) -> (usize, &'a str) {
        (self.instance.machines[machine].centre, self.instance.jobs[job].material.as_str())
    }

    fn feed_reaches(&self, job: usize, machine: usize) -> bool {
        let Some(stock) = self.instance.stock_g(job, machine) else { return true };
        self.used.get(&self.store(job, machine)).is_none_or(|sum| *sum <= stock + STOCK_SLACK_G)
    }

    /// Cost of what changes when `jobs` move between `machines`.
    fn local_cost(&self, jobs: &[usize], machines: &[usize]) -> i64 {
        let mut orders: Vec<usize> = jobs
            .iter()
            .flat_map(|&job| self.instance.jobs[job].shares.iter().map(|s| s.order))
            .collect();
        orders.sort_unstable();
        orders.dedup();
        let production: i64 = jobs
            .iter()
            .filter_map(|&job| self.instance.choice(job, self.at[job]?))
            .map(|choice| choice.cost.total().0)
            .sum();
        let order_cost = |&o: &usize| {
            self.instance.freight_of(o, &self.at) + self.instance.alone_late_of(o, &self.at)
        };
        let over = |&m: &usize| self.load.machine_cost(self.instance, m, &self.on[m]);
        production
            + orders.iter().map(order_cost).sum::<i64>()
            + machines.iter().map(over).sum::<i64>()
    }

    /// Puts a job on its cheapest machine; whether that changed and lowered the cost.
    fn place_best(&mut self, job: usize) -> bool {
        let instance = self.instance;
        let old = self.at[job];
        let mut best: Option<(i64, usize)> = None;
        for choice in &instance.jobs[job].choices {
            // Each candidate is priced with the machine it leaves, so that prices compare.
            let machines: Vec<usize> = match old {
                Some(old) if old != choice.machine => vec![old, choice.machine],
                _ => vec![choice.machine],
            };
            self.put(job, old);
            let before = self.local_cost(&[job], &machines);
            self.put(job, Some(choice.machine));
            if !self.feed_reaches(job, choice.machine) {
                continue;
            }
            let delta = self.local_cost(&[job], &machines) - before;
            if best.is_none_or(|(least, _)| delta < least) {
                best = Some((delta, choice.machine));
            }
        }
        let target = match (old, best) {
            (Some(old), Some((delta, _))) if delta >= 0 => Some(old),
            (old, None) => old,
            (_, Some((_, machine))) => Some(machine),
        };
        self.put(job, target);
        target != old
    }

    /// Exchanges the machines of two jobs if both can and it lowers the cost.
    fn swap(&mut self, a: usize, b: usize) -> bool {
        let (Some(at_a), Some(at_b)) = (self.at[a], self.at[b]) else { return false };
        let possible =
            self.instance.choice(a, at_b).is_some() && self.instance.choice(b, at_a).is_some();
        if at_a == at_b || !possible {
            return false;
        }
        let before = self.local_cost(&[a, b], &[at_a, at_b]);
        self.put(a, Some(at_b));
        self.put(b, Some(at_a));
        let fed = self.feed_reaches(a, at_b) && self.feed_reaches(b, at_a);
        if fed && self.local_cost(&[a, b], &[at_a, at_b]) < before {
            return true;
        }
        self.put(a, Some(at_a));
        self.put(b, Some(at_b));
        false
    }
}
