//! The search over all: fewer and fewer plates.

use std::sync::atomic::{AtomicU64, Ordering};

use platewright_model::plate::{Fill, Goal, PlateLayout, PlateProblem};
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::answer::answer;
use super::bottom_left::{Filled, insert_all};
use super::bound::bound;
use super::effort::Effort;
use super::heuristic::Heuristic;
use super::kind::longest_side;
use super::lattice::{MANY, insert_patterns};
use super::plate::Plate;
use super::rest::insert_rest;
use super::settle::settle;
use super::split::split;
use super::spread::spread;
use super::start::start;
use super::task::Task;
use super::validate::validate;
use crate::NestError;

/// Distance that is kept beyond what is asked, as a share of the longest side of a plate: far more
/// than rounding can take away, far less than anybody measures.
const SPARE: f64 = 1e-6;
/// Share of a plate's area that a first try at fewer plates asks for.
const EASY: f64 = 0.78;
/// Share of what is left of the budget that a try may take before another number is tried.
const TRY: f64 = 0.35;
/// Share of the budget for fewer plates if there is more to do after that.
const PLATES: f64 = 0.8;
/// Share of the budget for making an earlier layout valid.
const WARM: f64 = 0.3;
/// Tries in vain after which a search ends before its budget does.
const FAILURES: usize = 40;
/// Iterations if there is no budget at all.
const ITERATIONS: u64 = 200_000;

/// A layout, and how it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlateNest {
    /// The best layout.
    pub layout: PlateLayout,
    /// No layout with all that must be placed can cost less.
    pub bound: f64,
    /// Copies for which a better place was looked for.
    pub iterations: u64,
    /// Every improvement, the first layout included.
    pub trace: Vec<SearchStep>,
}

/// Nests parts on plates. `start` is an earlier layout to begin with: what in it is no longer
/// valid is laid anew. `ctx` bounds time or iterations; an iteration looks for a better place for
/// one copy. The same seed and iterations give the same layout, on any number of threads.
///
/// # Errors
/// [`NestError::BadPlates`].
pub fn nest_plates(
    problem: &PlateProblem,
    start: Option<&PlateLayout>,
    heuristic: Heuristic,
    ctx: &RunContext,
) -> Result<PlateNest, NestError> {
    let longest = problem.plates.iter().map(|plate| longest_side(&plate.bed));
    nest_keeping(problem, SPARE * longest.fold(0.0, f64::max), start, heuristic, ctx)
}

/// Whether each part fits an empty plate.
pub(crate) fn fit(problem: &PlateProblem, spare: f64) -> Result<Vec<bool>, NestError> {
    validate(problem)?;
    let task = Task::new(problem, spare);
    Ok((0..problem.parts.len()).map(|part| task.fits_somewhere(part)).collect())
}

/// [`nest_plates`], where parts keep `spare` more from all than they must.
pub(crate) fn nest_keeping(
    problem: &PlateProblem,
    spare: f64,
    start: Option<&PlateLayout>,
    heuristic: Heuristic,
    ctx: &RunContext,
) -> Result<PlateNest, NestError> {
    validate(problem)?;
    let task = Task::new(problem, spare);
    let all = ctx.budget.time.is_none() && ctx.budget.iterations.is_none();
    let mut ctx = ctx.clone();
    if all {
        ctx.budget.iterations = Some(ITERATIONS);
    }
    let required = task.units.iter().filter(|unit| !unit.optional);
    let bound = bound(&task, required);
    let mut search = Search {
        rng: Pcg64::seed_from_u64(ctx.seed_for("plates")),
        ctx: &ctx,
        done: AtomicU64::new(0),
        bound,
        best: Filled::default(),
        cost: f64::INFINITY,
        trace: Vec::new(),
        task,
    };
    search.first(heuristic);
    if let Some(layout) = start {
        search.warm(layout);
    }
    if matches!(heuristic, Heuristic::Full | Heuristic::Split) {
        search.fewer();
    }
    search.rest();
    let Search { task, best, trace, done, .. } = search;
    Ok(PlateNest {
        layout: answer(&task, &best.plates),
        bound,
        iterations: done.into_inner(),
        trace,
    })
}

struct Search<'a> {
    task: Task<'a>,
    ctx: &'a RunContext,
    rng: Pcg64,
    done: AtomicU64,
    bound: f64,
    /// The best plates, on which nothing overlaps.
    best: Filled,
    cost: f64,
    trace: Vec<SearchStep>,
}

impl Search<'_> {
    fn effort(&self, until: f64) -> Effort<'_> {
        Effort { ctx: self.ctx, done: &self.done, until }
    }

    /// Share of the budget by which the number of plates is settled.
    fn end(&self) -> f64 {
        let problem = self.task.problem;
        let more = self.task.units.iter().any(|unit| unit.optional) || problem.fill != Fill::Any;
        if more { PLATES } else { 1.0 }
    }

    fn note(&mut self) {
        let step = SearchStep {
            seconds: self.ctx.started.elapsed().as_secs_f64(),
            iterations: self.done.load(Ordering::Relaxed),
            objective: self.cost,
            bound: self.bound,
        };
        self.trace.push(step);
        let text = format!("{} plates, cost {}", self.best.plates.len(), self.cost);
        self.effort(1.0).report(&text);
    }

    fn cost_of(&self, plates: &[Plate]) -> f64 {
        plates.iter().map(|plate| self.task.kinds[plate.kind].cost).sum()
    }

    /// Takes plates as the best.
    fn take(&mut self, plates: Filled) {
        self.cost = self.cost_of(&plates.plates);
        self.best = plates;
        self.note();
    }

    /// First layouts: from the left, and with patterns of copies where there are many.
    fn first(&mut self, heuristic: Heuristic) {
        let patterns = matches!(heuristic, Heuristic::Lattice | Heuristic::Full);
        let mut filled = self.laid_out(false);
        if patterns && self.task.units.windows(MANY).any(|w| w[0].parts == w[MANY - 1].parts) {
            let other = self.laid_out(true);
            let rank = |filled: &Filled| (filled.left.len(), filled.plates.len());
            if heuristic == Heuristic::Lattice || rank(&other) < rank(&filled) {
                filled = other;
            }
        }
        self.take(filled);
    }

    fn laid_out(&self, patterns: bool) -> Filled {
        let task = &self.task;
        let mut filled = Filled::default();
        for (b, begun) in task.begun.iter().enumerate() {
            filled.plates.push(Plate::empty(task, begun.kind, Some(b)));
        }
        let mut used = vec![0_usize; task.kinds.len()];
        task.begun.iter().for_each(|begun| used[begun.kind] += 1);
        let mut units = self.order();
        if patterns {
            insert_patterns(task, &mut filled, &mut units, &mut used);
        }
        let cancel = &self.ctx.cancel;
        insert_all(task, &mut filled, &units, &mut used, &|| cancel.is_cancelled());
        filled
    }

    /// The largest first, of what is likely to find room on all that is in stock; then the rest.
    fn order(&self) -> Vec<usize> {
        let task = &self.task;
        let value = task.problem.goal == Goal::Value;
        let mut units: Vec<usize> =
            (0..task.units.len()).filter(|&u| value || !task.units[u].optional).collect();
        units.sort_by(|&a, &b| task.units[a].before(&task.units[b]));
        let room: f64 = task.kinds.iter().map(|kind| kind.capacity * kind.stock as f64).sum();
        let mut load = 0.0;
        let likely = units.iter().take_while(|&&unit| {
            load += task.units[unit].load;
            load <= EASY * room
        });
        let likely = likely.count();
        units[..likely].sort_by(|&a, &b| task.units[b].load.total_cmp(&task.units[a].load));
        units
    }

    /// An earlier layout, if it is better.
    fn warm(&mut self, layout: &PlateLayout) {
        let mut filled = start(&self.task, layout);
        let seed = self.rng.random();
        let effort = self.effort(WARM);
        if settle(&self.task, &mut filled.plates, &effort, seed) {
            insert_rest(&self.task, &mut filled, &effort, seed);
            let required = |unit: &&usize| !self.task.units[**unit].optional;
            let rank = |filled: &Filled| {
                (filled.left.iter().filter(required).count(), self.cost_of(&filled.plates))
            };
            if rank(&filled) < rank(&self.best) {
                self.take(filled);
            }
        }
    }

    /// Fewer plates, until the budget ends or there are as few as can be.
    fn fewer(&mut self) {
        // What found no room at all stays out.
        let stands = |plates: &[Plate]| plates.iter().flat_map(Plate::units).collect();
        let mut units: Vec<usize> = stands(&self.best.plates);
        units.retain(|&unit| !self.task.units[unit].optional);
        if units.is_empty() || self.task.problem.goal == Goal::Value {
            return;
        }
        let least = bound(&self.task, units.iter().map(|&unit| &self.task.units[unit]));
        if self.task.kinds.len() > 1 {
            self.cheaper(least);
            return;
        }
        let kind = 0;
        let (capacity, cost) = (self.task.kinds[kind].capacity, self.task.kinds[kind].cost);
        let begun = self.task.begun.len();
        let load: f64 = units.iter().map(|&u| self.task.units[u].load).sum();
        let easy = (load / (EASY * capacity)).ceil() as usize;
        let least = ((least / cost).round() as usize).max(begun).max(1);
        let mut target = easy.clamp(least, self.best.plates.len().saturating_sub(1).max(least));
        let (mut fresh, mut failed) = (true, 0);
        let end = self.end();
        while self.best.plates.len() > least && !self.effort(end).is_over() {
            let spent = self.effort(end).spent();
            let last = target + 1 >= self.best.plates.len();
            let until = if last { end } else { spent + TRY * (end - spent) };
            let plates = if fresh {
                let mut plates: Vec<Plate> = (0..target)
                    .map(|p| Plate::empty(&self.task, kind, (p < begun).then_some(p)))
                    .collect();
                split(&self.task, &mut plates, &units, &mut self.rng).then_some(plates)
            } else {
                self.without_weak(0)
            };
            if self.settled(plates, until) {
                target = (self.best.plates.len() - 1).max(least);
                fresh = false;
            } else if target + 1 < self.best.plates.len() {
                target += 1;
                fresh = true;
            } else if std::mem::replace(&mut fresh, true) {
                failed += 1;
                // Where parts cannot be split over so few plates, trying again is in vain.
                if failed > FAILURES {
                    return;
                }
            }
        }
    }

    /// Plates of several kinds: one less, or a cheaper one, until the budget ends.
    fn cheaper(&mut self, least: f64) {
        let mut failed = 0;
        let end = self.end();
        while self.cost > least + 1e-9 && failed < FAILURES && !self.effort(end).is_over() {
            let spent = self.effort(end).spent();
            let plates = if failed % 2 == 0 {
                self.without_weak(failed / 2)
            } else {
                self.with_a_cheaper_one()
            };
            let until = spent + TRY * (end - spent);
            if self.settled(plates, until) {
                failed = 0;
            } else {
                failed += 1;
            }
        }
    }

    /// Takes plates as the best if they come free.
    fn settled(&mut self, plates: Option<Vec<Plate>>, until: f64) -> bool {
        let seed = self.rng.random();
        let effort = self.effort(until);
        let free = plates.and_then(|mut plates| {
            settle(&self.task, &mut plates, &effort, seed).then_some(plates)
        });
        let Some(plates) = free else { return false };
        let left = std::mem::take(&mut self.best.left);
        self.take(Filled { plates, left });
        true
    }

    /// The best plates with a random one replaced by a cheaper kind that is in stock.
    fn with_a_cheaper_one(&mut self) -> Option<Vec<Plate>> {
        let task = &self.task;
        let mut plates = self.best.plates.clone();
        let used = |kind: usize| plates.iter().filter(|plate| plate.kind == kind).count();
        let mut changes = Vec::new();
        for (p, plate) in plates.iter().enumerate() {
            let cheaper = (0..task.kinds.len()).filter(|&kind| {
                let change = &task.kinds[kind];
                plate.begun.is_none()
                    && change.cost < task.kinds[plate.kind].cost
                    && used(kind) < change.stock
            });
            changes.extend(cheaper.map(|kind| (p, kind)));
        }
        if changes.is_empty() {
            return None;
        }
        let (p, kind) = changes[self.rng.random_range(0..changes.len())];
        let units = plates[p].units();
        plates[p] = Plate::empty(task, kind, None);
        split(task, &mut plates, &units, &mut self.rng).then_some(plates)
    }

    /// The best plates without the one that has the least on it but for some, whose parts go to the
    /// others.
    fn without_weak(&mut self, but: usize) -> Option<Vec<Plate>> {
        let task = &self.task;
        let mut plates = self.best.plates.clone();
        let mut weak: Vec<usize> =
            (0..plates.len()).filter(|&p| plates[p].begun.is_none()).collect();
        let area = |p: usize| plates[p].load * task.kinds[plates[p].kind].capacity;
        weak.sort_by(|&a, &b| area(a).total_cmp(&area(b)));
        let units = plates.remove(*weak.get(but)?).units();
        split(task, &mut plates, &units, &mut self.rng).then_some(plates)
    }

    /// Optional parts, and what found no room, where there is room left; then plates as full as
    /// is asked.
    fn rest(&mut self) {
        let seed = self.rng.random();
        let effort = self.effort(1.0);
        let mut best = self.best.clone();
        insert_rest(&self.task, &mut best, &effort, seed);
        spread(&self.task, &mut best, &effort, seed);
        if best.left.len() < self.best.left.len() {
            self.take(best);
        } else {
            self.best = best;
        }
    }
}
