//! From a problem to a layout.

use platewright_model::plate::{PlateLayout, PlateProblem};
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;

use super::answer::answer;
use super::heuristic::Heuristic;
use super::kind::longest_side;
use super::lattice::{MANY, insert_patterns};
use super::start::started;
use super::task::Task;
use super::validate::validate;
use crate::NestError;
use crate::bins::{Aim, Bins, Filled, Found, Search};

/// Distance that is kept beyond what is asked, as a share of the longest side of a plate: far more
/// than rounding can take away, far less than anybody measures.
const SPARE: f64 = 1e-6;
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
    let mut search = Search::new(&task, "plates", &ctx);
    begin(&task, &mut search, heuristic);
    if let Some(layout) = start {
        search.warm(started(&task, layout));
    }
    if matches!(heuristic, Heuristic::Full | Heuristic::Split) {
        search.fewer(1.0);
    }
    let Found { bins, bound, iterations, trace } = search.end();
    Ok(PlateNest { layout: answer(&task, &bins), bound, iterations, trace })
}

/// From the left, and with patterns of copies where there are many.
fn begin<'a>(task: &Task<'a>, search: &mut Search<'_, Task<'a>>, heuristic: Heuristic) {
    let left = search.filled(|_, _, _| {});
    let patterns = matches!(heuristic, Heuristic::Lattice | Heuristic::Full);
    if !patterns || task.units().windows(MANY).all(|w| w[0].parts != w[MANY - 1].parts) {
        search.take(left);
        return;
    }
    let rows = search.filled(|filled, units, used| insert_patterns(task, filled, units, used));
    let rank = |filled: &Filled<Task<'_>>| (filled.left.len(), filled.bins.len());
    if heuristic == Heuristic::Full && task.aim() == Aim::Value {
        // Rows first: with what is left over added they are as good as any.
        search.take(rows);
        search.try_also(left);
    } else if heuristic == Heuristic::Lattice || rank(&rows) < rank(&left) {
        search.take(rows);
    } else {
        search.take(left);
    }
}
