//! From a problem to a layout.

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::volume::{VolumeLayout, VolumeProblem};

use super::answer::answer;
use super::lower::lower;
use super::start::started;
use super::task::{SolidMeshes, Task};
use super::validate::validate;
use crate::NestError;
use crate::bins::{Found, Search};

/// Share of the budget for fewer builds; the rest lowers them.
const FEWER: f64 = 0.6;
/// Iterations if there is no budget at all.
const ITERATIONS: u64 = 20_000;

/// How builds are filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VolumeHeuristic {
    /// The largest first, each as low as it comes, in the first build with room.
    Lowest,
    /// From there fewer builds, then lower ones, until the budget ends or the bound is reached.
    #[default]
    Full,
}

impl VolumeHeuristic {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Lowest, Self::Full];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lowest => "lowest",
            Self::Full => "full",
        }
    }

    /// What it does, in a line.
    pub fn what(self) -> &'static str {
        match self {
            Self::Lowest => "the largest first, each as low as it comes",
            Self::Full => "from there fewer builds, then lower ones, until the budget ends",
        }
    }
}

/// A layout, and how it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VolumeNest {
    /// The best layout.
    pub layout: VolumeLayout,
    /// No layout with all that must be placed costs less; with a single volume that is open above,
    /// the least height of a build of all parts.
    pub bound: f64,
    /// Copies for which a better place was looked for.
    pub iterations: u64,
    /// Every improvement, the first layout included: of the cost, or of the height of a build that
    /// is open above.
    pub trace: Vec<SearchStep>,
}

/// Nests solids in builds. `start` is an earlier layout to begin with: what in it is no longer valid
/// is placed anew. `ctx` bounds time or iterations; an iteration looks for a better place for one
/// copy. The same seed and iterations give the same layout, on any number of threads.
///
/// # Errors
/// [`NestError::BadVolumes`].
pub fn nest_volumes(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    start: Option<&VolumeLayout>,
    heuristic: VolumeHeuristic,
    ctx: &RunContext,
) -> Result<VolumeNest, NestError> {
    validate(problem, meshes)?;
    let task = Task::new(problem, meshes)?;
    let mut ctx = ctx.clone();
    if ctx.budget.time.is_none() && ctx.budget.iterations.is_none() {
        ctx.budget.iterations = Some(ITERATIONS);
    }
    let mut search = Search::new(&task, "volumes", &ctx);
    search.take(search.filled(|_, _, _| {}));
    if let Some(layout) = start {
        search.warm(started(&task, layout));
    }
    if heuristic == VolumeHeuristic::Full {
        search.fewer(FEWER);
    }
    let mut found = search.end();
    if heuristic == VolumeHeuristic::Full {
        lower(&task, &mut found, &ctx);
    }
    let Found { bins, bound, iterations, trace } = found;
    let open = bins.len() == 1 && task.is_open(bins[0].kind);
    let bound = if open { task.least_height(bins[0].kind, &bins[0].holder) } else { bound };
    Ok(VolumeNest { layout: answer(&task, &bins), bound, iterations, trace })
}
