//! From a problem to a layout.

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::volume::{VolumeLayout, VolumeProblem};

use super::answer::answer;
use super::lower::{lower, tell_height};
use super::start::started;
use super::task::{SolidMeshes, Task};
use super::validate::validate;
use super::voxels::on_voxels;
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
    /// On voxels, in several orders, then parts are taken out and put back.
    Voxels,
    /// From voxels on, or from the lowest where voxels do not do: fewer builds, then lower ones,
    /// until the budget ends or the bound is reached.
    #[default]
    Full,
}

impl VolumeHeuristic {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Lowest, Self::Voxels, Self::Full];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lowest => "lowest",
            Self::Voxels => "voxels",
            Self::Full => "full",
        }
    }

    /// What it does, in a line.
    pub fn what(self) -> &'static str {
        match self {
            Self::Lowest => "the largest first, each as low as it comes",
            Self::Voxels => "on voxels, then parts are taken out and put back",
            Self::Full => "from voxels on fewer builds, then lower ones, until the budget ends",
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
    /// Every improvement, the first layout included: of the cost, or of the height of a single
    /// build that is open above; on voxels alone the cost in the end.
    pub trace: Vec<SearchStep>,
}

/// Nests solids in builds. `start` is an earlier layout to begin with: what in it is no longer
/// valid is placed anew. `ctx` bounds time or iterations; an iteration looks for a better place for
/// one copy. The same seed and iterations give the same layout, on any number of threads.
///
/// On voxels alone a layout begins anew, whatever `start` is.
///
/// # Errors
/// [`NestError::BadVolumes`]; where voxels begin, those of [`crate::nest_volume`].
pub fn nest_volumes(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    start: Option<&VolumeLayout>,
    heuristic: VolumeHeuristic,
    ctx: &RunContext,
) -> Result<VolumeNest, NestError> {
    validate(problem, meshes)?;
    let mut ctx = ctx.clone();
    if ctx.budget.time.is_none() && ctx.budget.iterations.is_none() {
        ctx.budget.iterations = Some(ITERATIONS);
    }
    if heuristic == VolumeHeuristic::Voxels {
        return voxels(problem, meshes, &ctx);
    }
    let task = Task::new(problem, meshes)?;
    let mut search = Search::new(&task, "volumes", &ctx);
    let voxels = match heuristic {
        VolumeHeuristic::Full => on_voxels(problem, meshes, Some(0), &ctx)?,
        VolumeHeuristic::Lowest | VolumeHeuristic::Voxels => None,
    };
    if !voxels.is_some_and(|layout| search.begin(started(&task, &layout))) {
        search.take(search.filled(|_, _, _| {}));
    }
    if let Some(layout) = start {
        search.warm(started(&task, layout));
    }
    if heuristic == VolumeHeuristic::Full {
        search.fewer(FEWER);
    }
    let mut found = search.end();
    if heuristic == VolumeHeuristic::Full {
        lower(&task, &mut found, &ctx);
    } else {
        tell_height(&task, &mut found);
    }
    let Found { bins, bound, iterations, trace } = found;
    let bound = task.open_height(&bins).map_or(bound, |[_, least]| least);
    Ok(VolumeNest { layout: answer(&task, &bins), bound, iterations, trace })
}

/// A layout on voxels alone. What it costs is known when it ends, and no bound but 0.
fn voxels(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    ctx: &RunContext,
) -> Result<VolumeNest, NestError> {
    let steps = ctx.budget.iterations;
    let layout = on_voxels(problem, meshes, steps, ctx)?;
    let layout = layout.ok_or_else(|| NestError::BadVolumes {
        what: "voxels know one kind of volume, and no insides of meshes, lists of rotations, \
               groups, begun builds or values; nest it by full"
            .to_owned(),
    })?;
    let cost = layout.builds.iter().map(|filled| problem.volumes[filled.volume].cost).sum();
    let (seconds, iterations) = (ctx.started.elapsed().as_secs_f64(), 0);
    let trace = vec![SearchStep { seconds, iterations, objective: cost, bound: 0.0 }];
    Ok(VolumeNest { layout, bound: 0.0, iterations, trace })
}
