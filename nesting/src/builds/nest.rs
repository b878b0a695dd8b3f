//! From a problem to a layout.

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::volume::{Space, VolumeLayout, VolumeProblem};

use super::answer::answer;
use super::bound::bound;
use super::lower::{lower, tell_height};
use super::sections::by_sections;
use super::start::started;
use super::straight::Straight;
use super::task::{SolidMeshes, Task};
use super::validate::validate;
use super::voxels::on_voxels;
use crate::NestError;
use crate::bins::{Found, Search};
use crate::solid::FEW;

/// Share of the budget for fewer builds; the rest lowers them.
const FEWER: f64 = 0.6;
/// Meshes of more than [`FEW`] triangles are held by pieces that take long to find and hold more
/// than they: with more kinds of such parts voxels do better.
const MOST_FACETED: usize = 24;
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
    /// build that is open above; on voxels alone what it is in the end.
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
    let straight = Straight::new(problem, meshes);
    let given = SolidMeshes { parts: &straight.parts, ..meshes };
    let start = start.map(|layout| straight.to(layout));
    let mut nest = nest_straight(problem, given, start.as_ref(), heuristic, ctx)?;
    straight.back(&mut nest.layout);
    let least = by_sections(problem, given);
    nest.bound = nest.bound.max(least);
    nest.trace.iter_mut().for_each(|step| step.bound = step.bound.max(least));
    Ok(nest)
}

/// The same, of parts as they are best drawn.
fn nest_straight(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    start: Option<&VolumeLayout>,
    heuristic: VolumeHeuristic,
    ctx: &RunContext,
) -> Result<VolumeNest, NestError> {
    let mut ctx = ctx.clone();
    if ctx.budget.time.is_none() && ctx.budget.iterations.is_none() {
        ctx.budget.iterations = Some(ITERATIONS);
    }
    // Of voxels a step places about as many copies as there are.
    let copies: u64 = problem.parts.iter().map(|part| u64::from(part.copies)).sum();
    let steps = ctx.budget.iterations.map(|iterations| iterations / copies.max(1));
    let faceted = meshes.parts.iter().filter(|mesh| mesh.triangles.len() > FEW).count();
    match heuristic {
        VolumeHeuristic::Voxels => {
            let known = voxels(problem, meshes, ctx.budget.iterations, &ctx)?;
            known.ok_or_else(|| NestError::BadVolumes {
                what: "voxels know one kind of volume, and no insides of meshes, lists of \
                       rotations, groups, begun builds or values; nest it by full"
                    .to_owned(),
            })
        }
        VolumeHeuristic::Lowest => pieces(problem, meshes, [None, start], heuristic, &ctx),
        VolumeHeuristic::Full if faceted > MOST_FACETED || problem.balanced => {
            match voxels(problem, meshes, steps, &ctx)? {
                Some(nest) => Ok(nest),
                None => pieces(problem, meshes, [None, start], heuristic, &ctx),
            }
        }
        VolumeHeuristic::Full => {
            let first = voxels(problem, meshes, Some(0), &ctx)?;
            let begun = first.as_ref().map(|nest| &nest.layout);
            let nest = pieces(problem, meshes, [begun, start], heuristic, &ctx)?;
            // Where pieces hold more than the solids, they may find no better than voxels.
            let rank = |nest: &VolumeNest| {
                let left: u32 = nest.layout.left.iter().map(|(_, copies)| copies).sum();
                (left, nest.trace.last().map_or(f64::INFINITY, |step| step.objective))
            };
            Ok(first.filter(|first| rank(first) < rank(&nest)).unwrap_or(nest))
        }
    }
}

/// A layout of solids as pieces, from a first layout on if there is one, or from where the largest
/// is lowest; an earlier one is a start too.
fn pieces(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    [first, earlier]: [Option<&VolumeLayout>; 2],
    heuristic: VolumeHeuristic,
    ctx: &RunContext,
) -> Result<VolumeNest, NestError> {
    let task = Task::new(problem, meshes)?;
    let mut search = Search::new(&task, "volumes", ctx);
    if !first.is_some_and(|layout| search.begin(started(&task, layout))) {
        search.take(search.filled(|_, _, _| {}));
    }
    if let Some(layout) = earlier {
        search.warm(started(&task, layout));
    }
    if heuristic == VolumeHeuristic::Full {
        search.fewer(FEWER);
    }
    let mut found = search.end();
    if heuristic == VolumeHeuristic::Full {
        lower(&task, &mut found, ctx);
    } else {
        tell_height(&task, &mut found);
    }
    let Found { bins, bound, iterations, trace } = found;
    let bound = task.open_height(&bins).map_or(bound, |[_, least]| least);
    Ok(VolumeNest { layout: answer(&task, &bins), bound, iterations, trace })
}

/// A layout on voxels alone, none of what voxels do not know.
fn voxels(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    steps: Option<u64>,
    ctx: &RunContext,
) -> Result<Option<VolumeNest>, NestError> {
    let Some(layout) = on_voxels(problem, meshes, steps, ctx)? else { return Ok(None) };
    let kind = &problem.volumes[0];
    let bound = bound(problem, meshes, kind);
    let objective = match (&kind.space, &layout.builds[..]) {
        (Space::Open(_), [build]) => {
            let tops = build.placed.iter().filter_map(|placed| {
                let mesh = meshes.parts[placed.part].posed(&placed.pose);
                mesh.bounds().map(|bounds| bounds.max[2])
            });
            tops.fold(0.0, f64::max)
        }
        (_, builds) => kind.cost * builds.len() as f64,
    };
    let (seconds, iterations) = (ctx.started.elapsed().as_secs_f64(), 0);
    let trace = vec![SearchStep { seconds, iterations, objective, bound }];
    Ok(Some(VolumeNest { layout, bound, iterations, trace }))
}
