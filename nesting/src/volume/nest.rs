//! Entry points: preparation, search, and the way back to millimetres.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::config::VolumeConfig;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use rayon::prelude::*;

use super::construct::{Builder, NO_LIMIT, Recipe, fill};
use super::grid::Frame;
use super::improve::improve;
use super::kind::Kind;
use super::mend::{drawn_out, mend};
use super::orders::RULES;
use super::plan::{Aim, Job, Plan, Spot};
use super::room::{Layers, MAX_WORDS, Room};
use crate::askew::{straightened, then};
use crate::solid::Rotation;
use crate::{Item, Layout, Left, LeftReason, Nest, NestError, Placed, Problem};

/// Clearance classes kept apart; more are merged upwards, which costs room but no safety.
const MAX_CLASSES: usize = 3;

/// Most voxels along an edge, so that sizes of grids cannot overflow before they are judged.
const MOST_VOXELS: f64 = 8192.0;

/// Nests copies into at most `max_builds` volumes, filling one build after the other.
///
/// Poses are multiples of the voxel edge from the margins, and multiples of a right angle. The
/// clearance holds between the true meshes, since it is kept between their voxels, which hold
/// the meshes. Where the volume has too many voxels for the memory limit, larger voxels are
/// used. The result depends on the problem, the seed and the iteration budget alone, never on
/// the number of threads, unless a time budget ends the search.
///
/// # Errors
/// [`NestError::NoMesh`] for an item without a usable mesh, [`NestError::NoVolume`] for a
/// volume whose margins leave no room. What does not fit is an answer, in [`Nest::left`].
pub fn nest_volume(
    problem: &Problem,
    max_builds: usize,
    cfg: &VolumeConfig,
    ctx: &RunContext,
) -> Result<Nest, NestError> {
    let (items, turned) = straight(problem, &problem.items);
    let job = prepare(problem, &items, max_builds, cfg)?;
    let stop = || cut_short(ctx);
    let fits: Vec<bool> = fitting(&job);
    let copies: Vec<usize> = (0..problem.items.len())
        .filter(|&i| fits[job.kind_of[i]])
        .flat_map(|i| (0..problem.items[i].copies).map(move |_| i))
        .collect();
    let steps = ctx.budget.iterations.unwrap_or(cfg.iterations);
    let (best, iterations) = if copies.is_empty() || max_builds == 0 {
        (Plan { left: copies, ..Plan::default() }, 0)
    } else {
        let start = starts(&job, &copies, steps, ctx, &stop);
        if start.cut { (start, 0) } else { improve(&job, start, steps, ctx, &stop) }
    };
    let mut nest = nest(problem, &job, &best, &fits, iterations);
    for placed in nest.layouts.iter_mut().flat_map(|layout| &mut layout.placed) {
        if let Some(first) = &turned[placed.item] {
            placed.pose.rotation = then(first, &placed.pose.rotation);
        }
    }
    Ok(nest)
}

/// The items, with those that may be turned at will drawn as they are best turned; and how they
/// are turned for that.
fn straight(problem: &Problem, items: &[Item]) -> (Vec<Item>, Vec<Option<Rotation>>) {
    let size = problem.volume.size();
    let below = [problem.part_wall.0, problem.part_wall.0, problem.part_plate.0];
    let room = [0, 1, 2].map(|k| size[k] - problem.part_wall.0.max(0.0) - below[k].max(0.0));
    let turned: Vec<Option<Rotation>> = items
        .par_iter()
        .map(|item| {
            let at_will = item.orientation == OrientationPolicy::Any;
            at_will.then(|| straightened(&item.mesh, &[room])).flatten()
        })
        .collect();
    // Items that share a mesh go on to share one: that makes them one kind.
    let mut known: Vec<(&Arc<TriMesh>, Arc<TriMesh>)> = Vec::new();
    let mut straight = items.to_vec();
    for ((item, own), by) in straight.iter_mut().zip(items).zip(&turned) {
        let Some(rotation) = *by else { continue };
        let own = &own.mesh;
        let position = known.iter().position(|(mesh, _)| Arc::ptr_eq(mesh, own));
        let position = position.unwrap_or_else(|| {
            let pose = Pose { rotation, translation: [0.0; 3] };
            known.push((own, Arc::new(own.posed(&pose))));
            known.len() - 1
        });
        item.mesh = Arc::clone(&known[position].1);
    }
    (straight, turned)
}

/// Whether one copy of `item` fits the empty volume of `problem` in an allowed rotation.
///
/// Errs towards "no" by less than a voxel at excluded boxes and round walls; an item without a
/// usable mesh does not fit.
pub fn fits_volume(item: &Item, problem: &Problem, cfg: &VolumeConfig) -> bool {
    let (items, _) = straight(problem, std::slice::from_ref(item));
    prepare(problem, &items, 1, cfg).is_ok_and(|job| fitting(&job)[0])
}

/// Whether the search must end now: cancelled, or the time is over. Iterations are counted by
/// the search itself, so that the first plan is always completed.
fn cut_short(ctx: &RunContext) -> bool {
    let late = ctx.budget.time.is_some_and(|limit| ctx.started.elapsed() >= limit);
    late || ctx.cancel.is_cancelled()
}

/// The best of the constructive starts; without improvement steps only the first is made.
fn starts(
    job: &Job,
    copies: &[usize],
    steps: u64,
    ctx: &RunContext,
    stop: &(dyn Fn() -> bool + Sync),
) -> Plan {
    let make = |rule: &super::orders::OrderRule, stop: &dyn Fn() -> bool| {
        let how = Recipe { goal: rule.goal, limit: NO_LIMIT, turns: u32::MAX, snug: rule.snug };
        let mut builder = Builder::new(job);
        let plan = fill(&mut builder, &[], &rule.sorted(job, copies), &how, stop);
        mend(job, &mut builder, plan)
    };
    // The first start is short and is finished even if the time is over already, so that there
    // is always an answer; only a cancelled run ends it.
    let cancelled = || ctx.cancel.is_cancelled();
    let mut best = make(&RULES[0], &cancelled);
    if best.cut || steps == 0 {
        return best;
    }
    let others: Vec<Plan> = RULES[1..].par_iter().map(|rule| make(rule, stop)).collect();
    let mut name = RULES[0].name;
    for (plan, rule) in others.into_iter().zip(&RULES[1..]).filter(|(p, _)| !p.cut) {
        if plan.score(job, Aim::Low) < best.score(job, Aim::Low) {
            (best, name) = (plan, rule.name);
        }
    }
    ctx.report("nest", 0, steps, &format!("started by {name}"));
    best
}

/// Makes parts and room ready.
fn prepare(
    problem: &Problem,
    items: &[Item],
    max_builds: usize,
    cfg: &VolumeConfig,
) -> Result<Job, NestError> {
    let (room, frame) = choose_room(problem, items, cfg)?;
    let mut distinct: Vec<&Item> = Vec::new();
    let kind_of = items
        .iter()
        .map(|item| {
            let same = |other: &&Item| {
                Arc::ptr_eq(&item.mesh, &other.mesh)
                    && item.orientation == other.orientation
                    && item.clearance == other.clearance
                    && item.inside_cavity == other.inside_cavity
            };
            distinct.iter().position(same).unwrap_or_else(|| {
                distinct.push(item);
                distinct.len() - 1
            })
        })
        .collect();
    let kinds: Result<Vec<Kind>, NestError> =
        distinct.par_iter().map(|item| Kind::new(item, &room, &frame)).collect();
    let mut priorities: Vec<u32> = items.iter().map(|i| i.priority).collect();
    priorities.sort_unstable_by(|a, b| b.cmp(a));
    priorities.dedup();
    let rank =
        items.iter().map(|i| priorities.iter().filter(|&&p| p > i.priority).count()).collect();
    let VolumeConfig { removable, balanced, .. } = *cfg;
    Ok(Job { room, kinds: kinds?, kind_of, rank, max_builds, removable, balanced })
}

/// The finest room, from the configured pitch up, whose grid keeps to the memory limit.
fn choose_room(
    problem: &Problem,
    items: &[Item],
    cfg: &VolumeConfig,
) -> Result<(Room, Frame), NestError> {
    let size = problem.volume.size();
    let longest = size.iter().copied().fold(0.0, f64::max);
    // No two places in the volume are farther apart than its diagonal.
    let farthest = size.iter().map(|e| e * e).sum::<f64>().sqrt();
    let mut classes: Vec<f64> =
        items.iter().map(|i| i.clearance.0.max(0.0).min(farthest)).collect();
    classes.sort_unstable_by(f64::total_cmp);
    classes.dedup();
    while classes.len() > MAX_CLASSES {
        classes.remove(classes.len() / 2 - 1);
    }
    let mut pitch = cfg.voxel_mm;
    if pitch > 0.0 {
        pitch = pitch.max(longest / MOST_VOXELS);
    }
    let mut coarser = false;
    loop {
        let mut layers = None;
        if let Some(limits) = problem.layers.filter(|_| pitch > 0.0) {
            let (own, fitting) = Layers::new(limits, pitch, coarser);
            (layers, pitch) = (Some(own), fitting);
        }
        let mut room = Room::new(problem, pitch, &classes)?;
        room.layers = layers;
        let frame = Frame::new(&room);
        if frame.words() <= MAX_WORDS {
            room.block(problem);
            return Ok((room, frame));
        }
        if classes.len() > 1 {
            classes.remove(0);
        } else {
            (pitch, coarser) = (pitch * 1.25, true);
        }
    }
}

/// Which kinds fit the empty volume.
fn fitting(job: &Job) -> Vec<bool> {
    if job.room.blocked.is_none() && job.room.layers.is_none() {
        return job.kinds.iter().map(|k| !k.facings.is_empty()).collect();
    }
    let mut builder = Builder::new(job);
    job.kinds.iter().map(|kind| builder.fits(kind)).collect()
}

/// The plan in millimetres, copies numbered from 0 in the order of their places.
fn nest(problem: &Problem, job: &Job, plan: &Plan, fits: &[bool], iterations: u64) -> Nest {
    let mut next = vec![0; problem.items.len()];
    let layouts = plan.builds.iter().map(|b| layout(problem, job, b, &mut next)).collect();
    let left = (0..problem.items.len())
        .filter_map(|item| {
            let copies = problem.items[item].copies - next[item];
            let reason = match (fits[job.kind_of[item]], plan.cut) {
                (false, _) => LeftReason::TooLarge,
                (true, true) => LeftReason::BudgetEnded,
                (true, false) => LeftReason::NoRoom,
            };
            (copies > 0).then_some(Left { item, copies, reason })
        })
        .collect();
    Nest { layouts, left, iterations }
}

fn layout(problem: &Problem, job: &Job, build: &[Spot], next: &mut [u32]) -> Layout {
    let mut spots = build.to_vec();
    spots.sort_by_key(|s| (s.item, s.at[2], s.at[1], s.at[0]));
    let mut height = 0.0_f64;
    let mut volume = 0.0;
    let placed = spots
        .iter()
        .map(|spot| {
            let kind = job.kind(spot.item);
            let facing = &kind.facings[spot.facing];
            let corner = job.room.corner(spot.at);
            let translation = std::array::from_fn(|k| corner[k] - facing.origin[k]);
            height = height.max(corner[2] + facing.top);
            volume += kind.volume;
            let copy = next[spot.item];
            next[spot.item] += 1;
            let pose = Pose { rotation: facing.turn.matrix(), translation };
            Placed { item: spot.item, copy, pose, out: None }
        })
        .collect();
    let placed = if job.removable { in_order(job, &spots, placed) } else { placed };
    // A mesh without thickness has no volume either.
    let density = volume / (problem.volume.plate_area() * height).max(f64::MIN_POSITIVE);
    Layout { placed, height: Mm(height), density }
}

/// The copies of a build in the order in which they are drawn out.
fn in_order(job: &Job, spots: &[Spot], placed: Vec<Placed>) -> Vec<Placed> {
    let order = drawn_out(job, spots).expect("plans are mended");
    let drawn = order.into_iter().map(|(k, way)| Placed { out: Some(way), ..placed[k] });
    drawn.collect()
}
