//! Shorter and shorter: shrink, let overlap, move apart.

use std::sync::atomic::{AtomicUsize, Ordering};

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::{Patience, Scene, Separated, separate};

/// Share of the budget for exploring; the rest squeezes the best layout.
const EXPLORING: f64 = 0.8;
/// Relative shrink at the beginning, and the least while exploring.
const SHRINK: [f64; 2] = [0.02, 0.003];
/// Relative shrink at the beginning of squeezing, and the least.
const SQUEEZE: [f64; 2] = [1e-3, 1e-5];
/// For large steps, which often fail.
const HASTY: Patience = Patience { rounds: 25, returns: 1 };
/// For the least step.
const PATIENT: Patience = Patience { rounds: 60, returns: 2 };
/// For squeezing.
const SQUEEZING: Patience = Patience { rounds: 40, returns: 1 };
/// Arrangements that are separated side by side.
const WAYS: usize = 2;
/// Iterations if there is no budget at all.
const ITERATIONS: u64 = 20_000;

/// Copies along an axis whose length is to be least.
pub(crate) trait Strip: Scene<World: Sync> + Send + Sync {
    /// How long it is.
    fn length(&self) -> f64;

    /// The same at another length: what lies beyond a cut moves over.
    fn shortened(&self, world: &Self::World, length: f64, cut: f64) -> Self;

    /// Whether two copies are of the same kind.
    fn same(&self, world: &Self::World, one: usize, other: usize) -> bool;

    /// Two copies change places.
    fn exchange(&mut self, world: &Self::World, one: usize, other: usize);
}

/// The shortest that was found, and how.
pub(crate) struct Shortest<S> {
    /// Nothing in it overlaps.
    pub(crate) best: S,
    /// Copies for which a better place was looked for.
    pub(crate) iterations: u64,
    /// Every improvement, the first one included.
    pub(crate) trace: Vec<SearchStep>,
}

/// Shortens a strip on which nothing overlaps, as far as the budget or the bound allows.
pub(crate) fn shorten<S: Strip>(
    world: &S::World,
    first: S,
    bound: f64,
    rng: Pcg64,
    ctx: &RunContext,
) -> Shortest<S> {
    let found = Shortest { best: first, iterations: 0, trace: Vec::new() };
    let mut search = Search { world, ctx, rng, bound, found };
    search.note();
    search.explore();
    search.squeeze();
    search.found
}

/// Arrangements, each with how much of it still overlaps.
type Pool<S> = Vec<(f64, S)>;

struct Search<'a, S: Strip> {
    world: &'a S::World,
    ctx: &'a RunContext,
    rng: Pcg64,
    /// Nothing is shorter.
    bound: f64,
    found: Shortest<S>,
}

impl<S: Strip> Search<'_, S> {
    /// Share of the budget that is spent; 1 if the run was cancelled or the bound is reached.
    fn spent(&self) -> f64 {
        if self.found.best.length() <= self.bound {
            return 1.0;
        }
        spent(self.ctx, self.found.iterations)
    }

    fn note(&mut self) {
        let step = SearchStep {
            seconds: self.ctx.started.elapsed().as_secs_f64(),
            iterations: self.found.iterations,
            objective: self.found.best.length(),
            bound: self.bound,
        };
        self.found.trace.push(step);
        let percent = (100.0 * spent(self.ctx, self.found.iterations)).min(100.0) as u64;
        self.ctx.report("nest", percent, 100, &format!("length {:.4}", step.objective));
    }

    /// Separates copies side by side until one comes free: that, or all with their overlaps. Of
    /// several that come free it is the first, and those after it do not count, so that the result
    /// does not depend on threads.
    fn separate(&mut self, mut from: Vec<S>, patience: Patience, until: f64) -> Result<S, Pool<S>> {
        let seeds: Vec<u64> = from.iter().map(|_| self.rng.random()).collect();
        let (world, ctx, before) = (self.world, self.ctx, self.found.iterations);
        let (tries, first_free) = (from.len() as u64, AtomicUsize::new(usize::MAX));
        let outcomes: Vec<(Separated, u64)> = from
            .par_iter_mut()
            .zip(seeds)
            .enumerate()
            .map(|(number, (strip, seed))| {
                let mut rng = Pcg64::seed_from_u64(seed);
                let mut own = 0;
                let mut stop = |relocated: u64| {
                    own += relocated;
                    first_free.load(Ordering::Relaxed) < number
                        || spent(ctx, before + own * tries) >= until
                };
                let outcome = separate(world, strip, patience, &mut rng, &mut stop);
                if outcome == Separated::Free {
                    first_free.fetch_min(number, Ordering::Relaxed);
                }
                (outcome, own)
            })
            .collect();
        let mut pool = Pool::new();
        for (strip, (outcome, own)) in from.into_iter().zip(outcomes) {
            self.found.iterations += own;
            match outcome {
                Separated::Free => return Ok(strip),
                Separated::Overlapping(total) => pool.push((total, strip)),
            }
        }
        Err(pool)
    }

    /// Takes what overlaps nowhere as the best.
    fn take(&mut self, found: S) {
        self.found.best = found;
        self.note();
    }

    /// Large steps first, halved when they fail; at the least step, from arrangements that still
    /// overlap, disturbed, until one comes free.
    fn explore(&mut self) {
        let mut step = SHRINK[0];
        while self.spent() < EXPLORING {
            let patience = if step > SHRINK[1] { HASTY } else { PATIENT };
            let next = self.shrunk(step);
            let mut outcome = self.separate(next, patience, EXPLORING);
            if outcome.is_err() && step > SHRINK[1] {
                step = (0.5 * step).max(SHRINK[1]);
                continue;
            }
            // Arrangements that did not come free, the least overlapping first.
            let mut pool = Pool::new();
            let next = loop {
                let failed = match outcome {
                    Ok(next) => break next,
                    Err(failed) => failed,
                };
                if self.spent() >= EXPLORING {
                    return;
                }
                for (total, strip) in failed {
                    let rank = pool.partition_point(|other| other.0 <= total);
                    pool.insert(rank, (total, strip));
                }
                let next = (0..WAYS).map(|_| {
                    let luck = self.rng.random_range(0.0_f64..1.0).powi(3);
                    let mut next = pool[(luck * pool.len() as f64) as usize].1.clone();
                    self.disturb(&mut next);
                    next
                });
                let next = next.collect();
                outcome = self.separate(next, PATIENT, EXPLORING);
            };
            self.take(next);
        }
    }

    /// Small steps from the best, smaller when they fail.
    fn squeeze(&mut self) {
        let (mut step, mut failed) = (SQUEEZE[0], 0);
        while self.spent() < 1.0 {
            let next = self.shrunk(step);
            if let Ok(next) = self.separate(next, SQUEEZING, 1.0) {
                self.take(next);
                failed = 0;
            } else {
                failed += 1;
                if failed > 2 / WAYS {
                    step = (0.7 * step).max(SQUEEZE[1]);
                }
            }
        }
    }

    /// The best, shorter, cut in several places.
    fn shrunk(&mut self, step: f64) -> Vec<S> {
        let before = self.found.best.length();
        let length = (before * (1.0 - step)).max(self.bound);
        let cuts = (0..WAYS).map(|_| {
            let cut = self.rng.random_range(0.0..1.0) * before;
            self.found.best.shortened(self.world, length, cut)
        });
        cuts.collect()
    }

    /// Two of the larger half of the copies change places.
    fn disturb(&mut self, strip: &mut S) {
        let [movable, _] = strip.copies();
        let mut order: Vec<usize> = (0..movable).collect();
        let size = |copy: usize| strip.measure(self.world, copy);
        order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
        let larger = &order[..order.len().div_ceil(2)];
        for _ in 0..20 {
            let [a, b] = [(); 2].map(|()| larger[self.rng.random_range(0..larger.len())]);
            if !strip.same(self.world, a, b) {
                strip.exchange(self.world, a, b);
                return;
            }
        }
    }
}

/// Share of the budget that is spent; 1 if the run was cancelled.
fn spent(ctx: &RunContext, iterations: u64) -> f64 {
    if ctx.cancel.is_cancelled() {
        return 1.0;
    }
    let by_time = ctx
        .budget
        .time
        .map_or(0.0, |limit| ctx.started.elapsed().as_secs_f64() / limit.as_secs_f64());
    let limit = ctx.budget.iterations.or(ctx.budget.time.is_none().then_some(ITERATIONS));
    let by_iterations = limit.map_or(0.0, |limit| iterations as f64 / limit as f64);
    by_time.max(by_iterations)
}
