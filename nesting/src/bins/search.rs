//! Fewer and fewer bins.

use std::sync::atomic::{AtomicU64, Ordering};

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::effort::Effort;
use super::rest::insert_rest;
use super::settle::settle;
use super::split::split;
use super::spread::spread;
use super::{Aim, Bin, Bins, Filled, bound, insert_all};

/// Share of what is left of the budget that a try may take before another number is tried.
const TRY: f64 = 0.35;
/// Share of the budget for fewer bins if there is more to do after that.
const FEWER: f64 = 0.8;
/// Share of the budget for making an earlier filling valid.
const WARM: f64 = 0.3;
/// Tries in vain after which a search ends before its budget does.
const FAILURES: usize = 40;

/// What a search found.
pub(crate) struct Found<B: Bins> {
    /// The best bins, in which nothing overlaps.
    pub(crate) bins: Vec<Bin<B>>,
    /// No bins for all that must be placed cost less.
    pub(crate) bound: f64,
    /// Copies for which a better place was looked for.
    pub(crate) iterations: u64,
    /// Every improvement, the first filling included.
    pub(crate) trace: Vec<SearchStep>,
}

/// A search for few bins.
pub(crate) struct Search<'a, B: Bins> {
    task: &'a B,
    ctx: &'a RunContext,
    rng: Pcg64,
    done: AtomicU64,
    bound: f64,
    /// The best bins, in which nothing overlaps.
    best: Filled<B>,
    cost: f64,
    /// Another filling of the same bins, to which what is left over may be added as well.
    other: Option<Filled<B>>,
    trace: Vec<SearchStep>,
}

impl<'a, B: Bins> Search<'a, B> {
    /// Before there is a first filling; `name` tells its random choices from those of others.
    pub(crate) fn new(task: &'a B, name: &str, ctx: &'a RunContext) -> Self {
        let required = task.units().iter().filter(|unit| !unit.optional);
        Self {
            task,
            ctx,
            rng: Pcg64::seed_from_u64(ctx.seed_for(name)),
            done: AtomicU64::new(0),
            bound: bound(task, required),
            best: Filled::default(),
            cost: f64::INFINITY,
            other: None,
            trace: Vec::new(),
        }
    }

    /// The best that was found, what may be left out put where there is room, and bins filled as
    /// asked.
    pub(crate) fn end(mut self) -> Found<B> {
        self.rest();
        let Self { best, bound, done, trace, .. } = self;
        Found { bins: best.bins, bound, iterations: done.into_inner(), trace }
    }

    fn effort(&self, until: f64) -> Effort<'_> {
        Effort { ctx: self.ctx, done: &self.done, until }
    }

    /// Share of the budget by which the number of bins is settled.
    fn settled_by(&self) -> f64 {
        let optional = self.task.units().iter().any(|unit| unit.optional);
        if optional || matches!(self.task.aim(), Aim::Even | Aim::LastLeast) { FEWER } else { 1.0 }
    }

    fn note(&mut self) {
        let step = SearchStep {
            seconds: self.ctx.started.elapsed().as_secs_f64(),
            iterations: self.done.load(Ordering::Relaxed),
            objective: self.cost,
            bound: self.bound,
        };
        self.trace.push(step);
        let text = format!("{} filled, cost {}", self.best.bins.len(), self.cost);
        self.effort(1.0).report(&text);
    }

    fn cost_of(&self, bins: &[Bin<B>]) -> f64 {
        bins.iter().map(|bin| self.task.kind(bin.kind).cost).sum()
    }

    /// Takes bins as the best.
    pub(crate) fn take(&mut self, filled: Filled<B>) {
        self.cost = self.cost_of(&filled.bins);
        self.best = filled;
        self.note();
    }

    /// A first filling: bins that are begun, then what `before` fills, then all other units, the
    /// first bin with room for each. `before` is told the units in their order, and how many bins
    /// there are of each kind; it takes out what it placed.
    pub(crate) fn filled(
        &self,
        before: impl FnOnce(&mut Filled<B>, &mut Vec<usize>, &mut [usize]),
    ) -> Filled<B> {
        let task = self.task;
        let mut filled = Filled::default();
        let mut used = vec![0_usize; task.kinds()];
        for (b, begun) in task.begun().iter().enumerate() {
            filled.bins.push(Bin::empty(task, begun.kind, Some(b)));
            used[begun.kind] += 1;
        }
        let mut units = self.order();
        before(&mut filled, &mut units, &mut used);
        let cancel = &self.ctx.cancel;
        insert_all(task, &mut filled, &units, &mut used, &|| cancel.is_cancelled());
        filled
    }

    /// The largest first, of what is likely to find room in all that is in stock; then the rest.
    fn order(&self) -> Vec<usize> {
        let task = self.task;
        let all = task.units();
        let value = task.aim() == Aim::Value;
        let mut units: Vec<usize> = (0..all.len()).filter(|&u| value || !all[u].optional).collect();
        units.sort_by(|&a, &b| all[a].before(&all[b]));
        let room: f64 = (0..task.kinds())
            .map(|kind| task.kind(kind).capacity * task.kind(kind).stock as f64)
            .sum();
        let mut load = 0.0;
        let likely = units.iter().take_while(|&&unit| {
            load += all[unit].load;
            load <= task.easy() * room
        });
        let likely = likely.count();
        units[..likely].sort_by(|&a, &b| all[b].load.total_cmp(&all[a].load));
        units
    }

    /// Another first filling for the most value: the better one is taken when what is left over was
    /// added to both.
    pub(crate) fn try_also(&mut self, filled: Filled<B>) {
        self.other = Some(filled);
    }

    /// A first filling that may overlap; says whether it came free.
    pub(crate) fn begin(&mut self, mut filled: Filled<B>) -> bool {
        let seed = self.rng.random();
        let effort = self.effort(WARM);
        let free = settle(self.task, &mut filled.bins, &effort, seed);
        if free {
            self.take(filled);
        }
        free
    }

    /// An earlier filling, overlapping or not, if it is better.
    pub(crate) fn warm(&mut self, mut filled: Filled<B>) {
        let seed = self.rng.random();
        let effort = self.effort(WARM);
        if settle(self.task, &mut filled.bins, &effort, seed) {
            insert_rest(self.task, &mut filled, &effort, seed);
            let required = |unit: &&usize| !self.task.units()[**unit].optional;
            let rank = |filled: &Filled<B>| {
                (filled.left.iter().filter(required).count(), self.cost_of(&filled.bins))
            };
            if rank(&filled) < rank(&self.best) {
                self.take(filled);
            }
        }
    }

    /// Fewer bins, until a share of the budget is spent or there are as few as can be.
    pub(crate) fn fewer(&mut self, end: f64) {
        // What found no room at all stays out.
        let stands = |bins: &[Bin<B>]| bins.iter().flat_map(Bin::units).collect();
        let mut units: Vec<usize> = stands(&self.best.bins);
        units.retain(|&unit| !self.task.units()[unit].optional);
        if units.is_empty() || self.task.aim() == Aim::Value {
            return;
        }
        let least = bound(self.task, units.iter().map(|&unit| &self.task.units()[unit]));
        let end = end.min(self.settled_by());
        if self.task.kinds() > 1 {
            self.cheaper(least, end);
            return;
        }
        let kind = 0;
        let (capacity, cost) = (self.task.kind(kind).capacity, self.task.kind(kind).cost);
        let begun = self.task.begun().len();
        let load: f64 = units.iter().map(|&u| self.task.units()[u].load).sum();
        let easy = (load / (self.task.easy() * capacity)).ceil() as usize;
        let least = ((least / cost).round() as usize).max(begun).max(1);
        let mut target = easy.clamp(least, self.best.bins.len().saturating_sub(1).max(least));
        let (mut fresh, mut failed) = (true, 0);
        while self.best.bins.len() > least && !self.effort(end).is_over() {
            let spent = self.effort(end).spent();
            let last = target + 1 >= self.best.bins.len();
            let until = if last { end } else { spent + TRY * (end - spent) };
            let bins = if fresh {
                let mut bins: Vec<Bin<B>> = (0..target)
                    .map(|p| Bin::empty(self.task, kind, (p < begun).then_some(p)))
                    .collect();
                split(self.task, &mut bins, &units, &mut self.rng).then_some(bins)
            } else {
                self.without_weak(0)
            };
            if self.settled(bins, until) {
                target = (self.best.bins.len() - 1).max(least);
                fresh = false;
            } else if target + 1 < self.best.bins.len() {
                target += 1;
                fresh = true;
            } else if std::mem::replace(&mut fresh, true) {
                failed += 1;
                // Where parts cannot be split over so few bins, trying again is in vain.
                if failed > FAILURES {
                    return;
                }
            }
        }
    }

    /// Plates of several kinds: one less, or a cheaper one, until the budget ends.
    fn cheaper(&mut self, least: f64, end: f64) {
        let mut failed = 0;
        while self.cost > least + 1e-9 && failed < FAILURES && !self.effort(end).is_over() {
            let spent = self.effort(end).spent();
            let bins = if failed % 2 == 0 {
                self.without_weak(failed / 2)
            } else {
                self.with_a_cheaper_one()
            };
            let until = spent + TRY * (end - spent);
            if self.settled(bins, until) {
                failed = 0;
            } else {
                failed += 1;
            }
        }
    }

    /// Takes bins as the best if they come free.
    fn settled(&mut self, bins: Option<Vec<Bin<B>>>, until: f64) -> bool {
        let seed = self.rng.random();
        let effort = self.effort(until);
        let free =
            bins.and_then(|mut bins| settle(self.task, &mut bins, &effort, seed).then_some(bins));
        let Some(bins) = free else { return false };
        let left = std::mem::take(&mut self.best.left);
        self.take(Filled { bins, left });
        true
    }

    /// The best bins with a random one replaced by a cheaper kind that is in stock.
    fn with_a_cheaper_one(&mut self) -> Option<Vec<Bin<B>>> {
        let task = self.task;
        let mut bins = self.best.bins.clone();
        let used = |kind: usize| bins.iter().filter(|bin| bin.kind == kind).count();
        let mut changes = Vec::new();
        for (p, bin) in bins.iter().enumerate() {
            let cheaper = (0..task.kinds()).filter(|&kind| {
                let change = task.kind(kind);
                bin.begun.is_none()
                    && change.cost < task.kind(bin.kind).cost
                    && used(kind) < change.stock
            });
            changes.extend(cheaper.map(|kind| (p, kind)));
        }
        if changes.is_empty() {
            return None;
        }
        let (p, kind) = changes[self.rng.random_range(0..changes.len())];
        let units = bins[p].units();
        bins[p] = Bin::empty(task, kind, None);
        split(task, &mut bins, &units, &mut self.rng).then_some(bins)
    }

    /// The best bins without the one that has the least on it but for some, whose parts go to the
    /// others.
    fn without_weak(&mut self, but: usize) -> Option<Vec<Bin<B>>> {
        let task = self.task;
        let mut bins = self.best.bins.clone();
        let mut weak: Vec<usize> = (0..bins.len()).filter(|&p| bins[p].begun.is_none()).collect();
        let area = |p: usize| bins[p].load * task.kind(bins[p].kind).capacity;
        weak.sort_by(|&a, &b| area(a).total_cmp(&area(b)));
        let units = bins.remove(*weak.get(but)?).units();
        split(task, &mut bins, &units, &mut self.rng).then_some(bins)
    }

    /// Optional parts, and what found no room, where there is room left; then bins as full as
    /// is asked.
    fn rest(&mut self) {
        let seed = self.rng.random();
        let other = self.other.take();
        let effort = self.effort(1.0);
        let mut best = self.best.clone();
        insert_rest(self.task, &mut best, &effort, seed);
        if let Some(mut other) = other {
            insert_rest(self.task, &mut other, &effort, seed);
            if other.left.len() < best.left.len() {
                best = other;
            }
        }
        spread(self.task, &mut best, &effort, seed);
        if best.left.len() < self.best.left.len() {
            self.take(best);
        } else {
            self.best = best;
        }
    }
}
