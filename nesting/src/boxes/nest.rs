//! Entry point: one container as full as can be, or as few containers as can be.

use platewright_model::boxes::{BoxLayout, BoxProblem, PlacedBox};
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::beam::beam;
use super::load::{Load, Loading};
use super::space::volume;
use crate::NestError;

/// Blocks for one container: a few for quick answers, with beams up to a width, then many.
const BLOCKS: [usize; 2] = [1_000, 10_000];
const QUICK: f64 = 4.0;
/// Blocks for each of several containers.
const BLOCKS_OF_SEVERAL: usize = 2_000;
/// How much wider each beam is than the one before.
const WIDER: f64 = 1.5;
/// Width of beams for one of several containers: of the first loadings, and at most.
const WIDTHS: [usize; 2] = [4, 8];
/// Containers that are unloaded and loaded anew together, at most.
const TOGETHER: usize = 3;
/// Loadings if there is no budget at all.
const ITERATIONS: u64 = 20_000;

/// A layout of boxes, and how it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxNest {
    /// The best layout.
    pub layout: BoxLayout,
    /// With one container: no more volume fits it. Else: no fewer containers hold all boxes.
    pub bound: f64,
    /// Loadings that were filled to the end.
    pub iterations: u64,
    /// Every improvement: volume in the container, or containers.
    pub trace: Vec<SearchStep>,
}

/// Puts boxes into one container, as much volume as the budget allows, or into as few containers as
/// it allows if there is more than one. The same seed and iterations give the same layout, on any
/// number of threads.
///
/// # Errors
/// [`NestError::BadBoxes`] for an edge of length 0 or more than 65,535 boxes of a kind.
pub fn nest_boxes(problem: &BoxProblem, ctx: &RunContext) -> Result<BoxNest, NestError> {
    validate(problem)?;
    let mut search = Search {
        problem,
        ctx,
        rng: Pcg64::seed_from_u64(ctx.seed_for("boxes")),
        nest: BoxNest::default(),
    };
    let counts: Vec<u16> = problem.boxes.iter().map(|kind| kind.copies as u16).collect();
    if problem.stock == Some(1) {
        search.one(&counts);
    } else {
        search.several(&counts);
    }
    Ok(search.nest)
}

fn validate(problem: &BoxProblem) -> Result<(), NestError> {
    let bad = |what: String| Err(NestError::BadBoxes { what });
    if problem.container.contains(&0) {
        return bad("an edge of the container is 0 long; give lengths above 0".to_owned());
    }
    for (k, kind) in problem.boxes.iter().enumerate() {
        if kind.size.contains(&0) {
            return bad(format!("an edge of kind {k} is 0 long; give lengths above 0"));
        }
        if kind.copies > u32::from(u16::MAX) {
            return bad(format!("there are more than 65535 boxes of kind {k}; split the problem"));
        }
    }
    Ok(())
}

struct Search<'a> {
    problem: &'a BoxProblem,
    ctx: &'a RunContext,
    rng: Pcg64,
    nest: BoxNest,
}

impl Search<'_> {
    fn is_out_of_time(&self) -> bool {
        out_of_time(self.ctx)
    }

    /// Loadings that may still be filled.
    fn left(&self) -> u64 {
        let limit = match (self.ctx.budget.iterations, self.ctx.budget.time) {
            (Some(limit), _) => limit,
            (None, Some(_)) => u64::MAX,
            (None, None) => ITERATIONS,
        };
        limit.saturating_sub(self.nest.iterations)
    }

    fn is_over(&self) -> bool {
        self.is_out_of_time() || self.left() == 0
    }

    fn note(&mut self, objective: f64) {
        self.nest.trace.push(SearchStep {
            seconds: self.ctx.started.elapsed().as_secs_f64(),
            iterations: self.nest.iterations,
            objective,
            bound: self.nest.bound,
        });
        self.ctx.report("nest", 0, 0, &format!("{objective} of {}", self.nest.bound));
    }

    /// One container, with wider and wider beams, of few blocks first.
    fn one(&mut self, counts: &[u16]) {
        let all: u64 = self
            .problem
            .boxes
            .iter()
            .zip(counts)
            .map(|(kind, n)| kind.volume() * u64::from(*n))
            .sum();
        let bound = all.min(self.problem.room());
        self.nest.bound = bound as f64;
        let mut fullest = 0;
        for (blocks, widest) in BLOCKS.into_iter().zip([QUICK, f64::INFINITY]) {
            if self.nest.iterations > 0 && (fullest >= bound || self.is_over()) {
                return;
            }
            let loading = Loading::new(&self.problem.boxes, counts, self.problem.container, blocks);
            let best = self.beams(&loading, counts, bound, widest);
            if best.volume > fullest {
                fullest = best.volume;
                let (containers, left) = (vec![placed(&loading, &best)], left_over(&best.left));
                self.nest.layout = BoxLayout { containers, left };
            }
        }
    }

    /// The fullest container of beams up to a width. Only what is fuller than all before is noted.
    fn beams(&mut self, loading: &Loading<'_>, counts: &[u16], bound: u64, widest: f64) -> Load {
        let mut best = loading.empty(counts);
        loading.fill(&mut best, &loading.blocks.ranked);
        self.nest.iterations += 1;
        self.note_fuller(&best);
        let mut width = 1.0_f64;
        while best.volume < bound && width <= widest && !self.is_over() {
            let (left, ctx) = (self.left(), self.ctx);
            let stop = || out_of_time(ctx);
            let found = beam(loading, best, counts, width as usize, left, &stop);
            best = found.best;
            self.nest.iterations += found.filled;
            if found.filled == 0 {
                break;
            }
            self.note_fuller(&best);
            width = (width * WIDER).ceil();
        }
        best
    }

    fn note_fuller(&mut self, load: &Load) {
        let objective = load.volume as f64;
        if self.nest.trace.last().is_none_or(|last| objective > last.objective) {
            self.note(objective);
        }
    }

    /// As few containers as are found: filled one after the other, then a few of them anew, again
    /// and again, so that the emptiest gets emptier.
    fn several(&mut self, counts: &[u16]) {
        self.nest.bound = super::bound::containers(self.problem) as f64;
        let stock = self.problem.stock.map_or(usize::MAX, |stock| stock as usize);
        let (mut filled, left) = self.fill(counts, stock, WIDTHS[0]);
        self.note(filled.len() as f64);
        while filled.len() as f64 > self.nest.bound && filled.len() > 1 && !self.is_over() {
            let emptiest =
                (0..filled.len()).min_by_key(|&k| filled[k].volume).expect("there are several");
            let mut chosen = vec![emptiest];
            let count = self.rng.random_range(2..=TOGETHER.min(filled.len()));
            while chosen.len() < count {
                let other = self.rng.random_range(0..filled.len());
                if !chosen.contains(&other) {
                    chosen.push(other);
                }
            }
            let mut pooled = vec![0_u16; counts.len()];
            for &k in &chosen {
                for (sum, n) in pooled.iter_mut().zip(&filled[k].counts) {
                    *sum += n;
                }
            }
            let width = self.rng.random_range(1..=WIDTHS[1]);
            let (anew, rest) = self.fill(&pooled, count, width);
            if rest.iter().any(|n| *n > 0) {
                continue;
            }
            // Fewer, or the same number less evenly filled.
            let uneven = |volumes: &mut dyn Iterator<Item = u64>| {
                volumes.map(|v| (v as f64).powi(2)).sum::<f64>()
            };
            let before = uneven(&mut chosen.iter().map(|&k| filled[k].volume));
            let after = uneven(&mut anew.iter().map(|one| one.volume));
            if anew.len() < count || after >= before {
                chosen.sort_unstable();
                for k in chosen.into_iter().rev() {
                    filled.swap_remove(k);
                }
                let fewer = anew.len() < count;
                filled.extend(anew);
                if fewer {
                    self.note(filled.len() as f64);
                }
            }
        }
        self.nest.layout = BoxLayout {
            containers: filled.into_iter().map(|one| one.boxes).collect(),
            left: left_over(&left),
        };
    }

    /// Fills containers one after the other, so many at most; and what is left over.
    fn fill(&mut self, counts: &[u16], most: usize, width: usize) -> (Vec<Filled>, Vec<u16>) {
        let mut left = counts.to_vec();
        let mut filled = Vec::new();
        while left.iter().any(|n| *n > 0) && filled.len() < most {
            let loading =
                Loading::new(&self.problem.boxes, &left, self.problem.container, BLOCKS_OF_SEVERAL);
            let mut best = loading.empty(&left);
            loading.fill(&mut best, &loading.blocks.ranked);
            let ctx = self.ctx;
            let stop = || out_of_time(ctx);
            let found = beam(&loading, best, &left, width, u64::MAX, &stop);
            self.nest.iterations += found.filled + 1;
            if found.best.placed.is_empty() {
                break;
            }
            let counts = left.iter().zip(&found.best.left).map(|(a, b)| a - b).collect();
            let (boxes, volume) = (placed(&loading, &found.best), found.best.volume);
            left = found.best.left;
            filled.push(Filled { boxes, counts, volume });
        }
        (filled, left)
    }
}

/// A container that is full enough.
struct Filled {
    boxes: Vec<PlacedBox>,
    counts: Vec<u16>,
    volume: u64,
}

fn out_of_time(ctx: &RunContext) -> bool {
    ctx.cancel.is_cancelled() || ctx.budget.time.is_some_and(|limit| ctx.started.elapsed() >= limit)
}

/// The boxes of a loading.
fn placed(loading: &Loading<'_>, load: &Load) -> Vec<PlacedBox> {
    let mut boxes = Vec::new();
    for (block, at) in &load.placed {
        loading.blocks.boxes(loading.kinds, *block, *at, &mut boxes);
    }
    debug_assert_eq!(
        boxes.iter().map(|b| volume(loading.kinds[b.kind].size)).sum::<u64>(),
        load.volume
    );
    boxes
}

fn left_over(left: &[u16]) -> Vec<(usize, u32)> {
    let counted = left.iter().enumerate().filter(|(_, n)| **n > 0);
    counted.map(|(kind, n)| (kind, u32::from(*n))).collect()
}
