//! Shorter and shorter strips: shrink, let overlap, move apart.

use std::sync::Arc;

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::strip::{PlacedOutline, StripLayout, StripProblem};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::construct::construct;
use super::validate::{turns_of, validate};
use crate::NestError;
use crate::planar::{
    Arrangement, Form, Given, Keep, Outlines, Patience, Place, Separated, Shape, separate,
};

/// Distance that is kept between outlines, as a share of the height of the strip: far more than
/// rounding can take away, far less than anybody measures.
const GAP: f64 = 1e-6;
/// By how much the area of an outline may grow when its corners are thinned out.
const GROWTH: f64 = 1e-3;
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
/// Iterations if there is no budget at all.
const ITERATIONS: u64 = 20_000;

/// A layout, and how it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StripNest {
    /// The best layout.
    pub layout: StripLayout,
    /// No layout can be shorter: the area of all outlines over the height of the strip, or the
    /// least width of an outline.
    pub bound: f64,
    /// Copies for which a better place was looked for.
    pub iterations: u64,
    /// Every improvement, the first layout included.
    pub trace: Vec<SearchStep>,
}

/// Lays outlines on a strip, as short as the budget allows. `ctx` bounds time or iterations; an
/// iteration looks for a better place for one copy. The same seed and iterations give the same
/// layout. Outlines that may be turned at will are tried at 64 turns.
///
/// # Errors
/// [`NestError::BadStrip`].
pub fn nest_strip(problem: &StripProblem, ctx: &RunContext) -> Result<StripNest, NestError> {
    validate(problem)?;
    let given = problem.items.iter().map(|item| Given {
        form: Arc::new(Form::new(&item.outline, &[], 0.0, GROWTH)),
        turns: turns_of(item),
        keep: Keep::default(),
    });
    let outlines = Outlines::new(given, GAP * problem.height);
    let items = problem.items.iter().enumerate();
    let shapes: Vec<usize> =
        items.flat_map(|(i, item)| std::iter::repeat_n(i, item.copies as usize)).collect();
    let mut rng = Pcg64::seed_from_u64(ctx.seed_for("strip"));
    let first = construct(&outlines, &shapes, problem.height, &mut rng);
    let bound = bound(problem, &outlines);
    let mut search = Search {
        outlines: &outlines,
        ctx,
        rng,
        iterations: 0,
        bound,
        best: first,
        trace: Vec::new(),
    };
    search.note();
    search.explore();
    search.squeeze();
    let Search { best, iterations, trace, .. } = search;
    Ok(StripNest { layout: layout(&outlines, &best), bound, iterations, trace })
}

/// A length that no layout can be below.
fn bound(problem: &StripProblem, outlines: &Outlines) -> f64 {
    let by_area = problem.total_area() / problem.height;
    let least_width = |shape: &Shape| {
        let fits = |turned: &u32| outlines.turned(*turned).size()[1] <= problem.height;
        let widths = shape.turns.clone().filter(fits).map(|t| outlines.turned(t).size()[0]);
        widths.fold(f64::INFINITY, f64::min)
    };
    outlines.shapes.iter().map(least_width).filter(|w| w.is_finite()).fold(by_area, f64::max)
}

fn layout(outlines: &Outlines, arrangement: &Arrangement) -> StripLayout {
    let placed = arrangement.places().iter().map(|place| {
        let turned = outlines.turned(place.turned);
        let item = turned.shape as usize;
        let at = turned.at_given(&outlines.shapes[item].form, place.at);
        PlacedOutline { item, turn: turned.degrees, at }
    });
    let mut placed: Vec<PlacedOutline> = placed.collect();
    placed.sort_by_key(|placed| placed.item);
    StripLayout { length: arrangement.size[0], placed }
}

struct Search<'a> {
    outlines: &'a Outlines,
    ctx: &'a RunContext,
    rng: Pcg64,
    iterations: u64,
    /// No layout is shorter.
    bound: f64,
    /// The shortest that overlaps nowhere.
    best: Arrangement,
    trace: Vec<SearchStep>,
}

impl Search<'_> {
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

    fn note(&mut self) {
        let step = SearchStep {
            seconds: self.ctx.started.elapsed().as_secs_f64(),
            iterations: self.iterations,
            objective: self.best.size[0],
            bound: self.bound,
        };
        self.trace.push(step);
        let percent = (100.0 * Self::spent(self.ctx, self.iterations)).min(100.0) as u64;
        self.ctx.report("nest", percent, 100, &format!("length {:.4}", step.objective));
    }

    fn separate(&mut self, from: &mut Arrangement, patience: Patience, until: f64) -> Separated {
        let (ctx, iterations) = (self.ctx, &mut self.iterations);
        let mut stop = |relocated: u64| {
            *iterations += relocated;
            Self::spent(ctx, *iterations) >= until
        };
        separate(self.outlines, from, patience, &mut self.rng, &mut stop)
    }

    /// Takes an arrangement that overlaps nowhere as the best.
    fn take(&mut self, found: Arrangement) {
        self.best = found;
        self.note();
    }

    /// Large steps first, halved when they fail; at the least step, from arrangements that still
    /// overlap, disturbed, until one comes free.
    fn explore(&mut self) {
        let mut step = SHRINK[0];
        while Self::spent(self.ctx, self.iterations) < EXPLORING && self.best.size[0] > self.bound {
            let patience = if step > SHRINK[1] { HASTY } else { PATIENT };
            let mut next = self.shrunk(step);
            let mut outcome = self.separate(&mut next, patience, EXPLORING);
            if outcome != Separated::Free && step > SHRINK[1] {
                step = (0.5 * step).max(SHRINK[1]);
                continue;
            }
            // Arrangements that did not come free, the least overlapping first.
            let mut pool: Vec<(f64, Arrangement)> = Vec::new();
            while let Separated::Overlapping(total) = outcome {
                if Self::spent(self.ctx, self.iterations) >= EXPLORING {
                    return;
                }
                pool.insert(pool.partition_point(|other| other.0 <= total), (total, next));
                let rank = self.rng.random_range(0.0_f64..1.0).powi(3) * pool.len() as f64;
                next = pool[rank as usize].1.clone();
                self.disturb(&mut next);
                outcome = self.separate(&mut next, PATIENT, EXPLORING);
            }
            self.take(next);
        }
    }

    /// Small steps from the best layout, smaller when they fail.
    fn squeeze(&mut self) {
        let (mut step, mut failed) = (SQUEEZE[0], 0);
        while Self::spent(self.ctx, self.iterations) < 1.0 && self.best.size[0] > self.bound {
            let mut next = self.shrunk(step);
            if self.separate(&mut next, SQUEEZING, 1.0) == Separated::Free {
                self.take(next);
                failed = 0;
            } else {
                failed += 1;
                if failed > 2 {
                    step = (0.7 * step).max(SQUEEZE[1]);
                }
            }
        }
    }

    /// The best layout on a shorter strip: what lies right of a random cut moves to the left.
    fn shrunk(&mut self, step: f64) -> Arrangement {
        let mut next = self.best.clone();
        let before = next.size[0];
        next.size[0] = (before * (1.0 - step)).max(self.bound);
        let cut = self.rng.random_range(0.0..1.0) * before;
        for copy in 0..next.places().len() {
            let mut place = next.places()[copy];
            if place.at[0] > cut {
                place.at[0] -= before - next.size[0];
            }
            let place = next.inside(self.outlines, place);
            next.put(self.outlines, copy, place);
        }
        next
    }

    /// Two of the larger half of the copies change places.
    fn disturb(&mut self, arrangement: &mut Arrangement) {
        let outlines = self.outlines;
        let mut order: Vec<usize> = (0..arrangement.movable).collect();
        let area = |copy: usize| arrangement.shape(outlines, copy).form.area;
        order.sort_by(|&a, &b| area(b).total_cmp(&area(a)));
        let larger = &order[..order.len().div_ceil(2)];
        for _ in 0..20 {
            let [a, b] = [(); 2].map(|()| larger[self.rng.random_range(0..larger.len())]);
            let shape = |copy: usize| outlines.turned(arrangement.places()[copy].turned).shape;
            if shape(a) == shape(b) {
                continue;
            }
            let (p, q) = (arrangement.places()[a], arrangement.places()[b]);
            let at = |place: Place, at| arrangement.inside(outlines, Place { at, ..place });
            let (p, q) = (at(p, q.at), at(q, p.at));
            arrangement.put(outlines, a, p);
            arrangement.put(outlines, b, q);
            return;
        }
    }
}
