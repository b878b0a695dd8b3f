//! The two public functions of plate nesting.

use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_model::config::PlateConfig;
use platewright_model::measure::Mm;
use platewright_model::run::{Budget, RunContext};
use rand::SeedableRng;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::bed::Spot;
use super::construct::{Answer, Task, insert_all};
use super::container::Container;
use super::eliminate::{ordered, random_pull, round};
use super::footprint::{Recipe, Shape, prepare};
use super::grid_pattern::lay;
use super::place::Pull;
use super::score::Score;
use super::verify::offenders;
use crate::{Item, Layout, Left, LeftReason, Nest, NestError, Placed, Problem};

/// First answers that are made before improvement, in parallel.
const STARTS: u64 = 8;

/// Nests into at most `max_builds` plates: parts stand side by side, their silhouettes at least
/// the clearance apart.
///
/// # Errors
/// [`NestError::NoVolume`] if the volume has no room, [`NestError::NoMesh`] for a mesh without
/// triangles, [`NestError::Prepare`] if a silhouette cannot be made.
pub fn nest_plate(
    problem: &Problem,
    max_builds: usize,
    cfg: &PlateConfig,
    ctx: &RunContext,
) -> Result<Nest, NestError> {
    let (task, clearance) = task(problem, max_builds, cfg)?;
    let mut copies = Vec::new();
    let mut too_large = Vec::new();
    for (i, item) in problem.items.iter().enumerate() {
        if task.shapes[task.shape_of[i]].poses.is_empty() {
            too_large.push(Left { item: i, copies: item.copies, reason: LeftReason::TooLarge });
        } else {
            copies.extend(std::iter::repeat_n(i, item.copies as usize));
        }
    }
    // Iterations count rounds; time and cancellation are looked at more often.
    let budget = Budget { iterations: None, ..ctx.budget };
    let poll = RunContext { budget, ..ctx.clone() };
    let (mut best, stopped) = first_answer(&task, &copies, &clearance, &poll);
    let mut rounds = 0;
    if !stopped {
        let limit = ctx.budget.iterations.unwrap_or(cfg.iterations);
        let bound = lower_bound(&task, &copies);
        while rounds < limit && !ctx.should_stop(rounds) && !is_best(&best, &task, bound) {
            round(&mut best, &task, &poll, rounds);
            rounds += 1;
            ctx.report("nest", rounds, limit, "plates improved");
        }
    }
    let spots = proven(&best, &task, &clearance);
    Ok(written(problem, &task, &spots, too_large, rounds, stopped))
}

/// Whether one copy of `item` fits the empty plate of `problem` in an allowed orientation.
/// Items that cannot be prepared at all fit nowhere.
pub fn fits_plate(item: &Item, problem: &Problem, cfg: &PlateConfig) -> bool {
    let grow = item.clearance.0 / 2.0;
    let plate = Container::new(problem, grow, grow + 1.0);
    plate.has_room()
        && prepare(item, &Recipe { plate: &plate, cfg, grow }).is_ok_and(|s| !s.poses.is_empty())
}

/// Everything the search needs, and the clearance of each item.
fn task(
    problem: &Problem,
    max_beds: usize,
    cfg: &PlateConfig,
) -> Result<(Task, Vec<f64>), NestError> {
    let clearance: Vec<f64> = problem.items.iter().map(|i| i.clearance.0.max(0.0)).collect();
    let least = clearance.iter().copied().fold(f64::INFINITY, f64::min);
    let least = if least.is_finite() { least } else { 0.0 };
    // Grown by c - least / 2, two parts with clearances c and d end up c + d - least apart, which
    // is at least the greater of both, and exactly it if one of them is the least.
    let grow = |c: f64| c - least / 2.0;
    let most = clearance.iter().copied().fold(0.0, f64::max);
    let plate = Container::new(problem, grow(least), grow(most.max(least)) + 1.0);
    if !plate.has_room() {
        return Err(NestError::NoVolume { volume: problem.volume.name() });
    }
    let mut kinds: Vec<&Item> = Vec::new();
    let mut index: BTreeMap<(usize, u8, u64), usize> = BTreeMap::new();
    let shape_of: Vec<usize> = problem
        .items
        .iter()
        .map(|item| {
            let key = (
                Arc::as_ptr(&item.mesh) as usize,
                item.orientation as u8,
                item.clearance.0.to_bits(),
            );
            *index.entry(key).or_insert_with(|| {
                kinds.push(item);
                kinds.len() - 1
            })
        })
        .collect();
    let shapes: Vec<Arc<Shape>> = kinds
        .par_iter()
        .map(|item| {
            let recipe = Recipe { plate: &plate, cfg, grow: grow(item.clearance.0.max(0.0)) };
            prepare(item, &recipe).map(Arc::new)
        })
        .collect::<Result<_, _>>()?;
    let priority = problem.items.iter().map(|i| i.priority).collect();
    Ok((Task { plate, shapes, shape_of, priority, max_beds }, clearance))
}

/// The best of several constructions, and whether the run was stopped before the first was done.
fn first_answer(
    task: &Task,
    copies: &[usize],
    clearance: &[f64],
    ctx: &RunContext,
) -> (Answer, bool) {
    if copies.is_empty() {
        return (Answer::default(), false);
    }
    let seed = ctx.seed_for("plate start");
    // The first construction is short and is finished even if the time is over already, so that
    // there is always an answer; only a cancelled run ends it.
    let whole = RunContext { budget: Budget::default(), ..ctx.clone() };
    let answers: Vec<Option<(Score, Answer)>> = (0..STARTS)
        .into_par_iter()
        .map(|k| {
            let ctx = if k == 0 { &whole } else { ctx };
            if k > 0 && ctx.should_stop(0) {
                return None;
            }
            let mut rng = Pcg64::seed_from_u64(seed.wrapping_add(k));
            let noise = if k < 4 { 0.0 } else { 0.3 };
            let mut answer = Answer::default();
            // Every other start begins with exact grids.
            let loose = if k % 2 == 0 {
                lay(&mut answer, task, copies, clearance)
            } else {
                copies.to_vec()
            };
            let order = ordered(task, &loose, k % 4 == 3, noise, &mut rng);
            let pull = match k {
                0 => Pull { wx: 0.05, wy: 1.0 },
                1 => Pull { wx: 1.0, wy: 0.05 },
                2 => Pull { wx: 0.5, wy: 1.0 },
                _ => random_pull(&mut rng),
            };
            insert_all(&mut answer, task, &order, pull, ctx);
            Some((Score::of(&answer, task), answer))
        })
        .collect();
    let best = answers.into_iter().flatten().min_by(|a, b| a.0.order(&b.0));
    (best.map(|(_, answer)| answer).unwrap_or_default(), ctx.cancel.is_cancelled())
}

/// Fewest plates that could do, by area.
fn lower_bound(task: &Task, copies: &[usize]) -> usize {
    let area: f64 = copies.iter().map(|i| task.area(*i)).sum();
    // Grown outlines lie a little farther out than they must.
    (area * 0.97 / task.plate.capacity).ceil() as usize
}

fn is_best(answer: &Answer, task: &Task, bound: usize) -> bool {
    let score = Score::of(answer, task);
    score.complete() && score.beds <= bound.max(1)
}

/// The spots of every plate, less those that the exact test refuses.
fn proven(answer: &Answer, task: &Task, clearance: &[f64]) -> Vec<Vec<Spot>> {
    let mut plates: Vec<Vec<Spot>> = answer
        .beds
        .par_iter()
        .map(|bed| {
            let mut spots: Vec<Spot> = bed.spots().collect();
            let bad = offenders(&spots, task, clearance);
            for i in bad.into_iter().rev() {
                spots.remove(i);
            }
            spots
        })
        .collect();
    plates.retain(|p| !p.is_empty());
    let area = |p: &Vec<Spot>| -> f64 { p.iter().map(|s| task.area(s.item)).sum() };
    plates.sort_by(|a, b| area(b).total_cmp(&area(a)));
    plates
}

/// The answer in the terms of the problem. Copies are numbered plate by plate.
fn written(
    problem: &Problem,
    task: &Task,
    plates: &[Vec<Spot>],
    mut left: Vec<Left>,
    iterations: u64,
    stopped: bool,
) -> Nest {
    let mut next = vec![0u32; problem.items.len()];
    let layouts = plates
        .iter()
        .map(|spots| {
            let mut spots = spots.clone();
            spots.sort_by(|a, b| {
                a.item
                    .cmp(&b.item)
                    .then(a.at[1].total_cmp(&b.at[1]))
                    .then(a.at[0].total_cmp(&b.at[0]))
            });
            let foot = |s: &Spot| &task.shapes[s.shape].poses[s.pose];
            let height = spots.iter().map(|s| foot(s).height).fold(0.0, f64::max);
            let area: f64 = spots.iter().map(|s| foot(s).area).sum();
            let placed = spots
                .iter()
                .map(|s| {
                    let copy = next[s.item];
                    next[s.item] += 1;
                    Placed { item: s.item, copy, pose: foot(s).pose(s.at) }
                })
                .collect();
            Layout {
                placed,
                height: Mm(task.plate.bottom + height),
                density: area / task.plate.area,
            }
        })
        .collect();
    let reason = if stopped { LeftReason::BudgetEnded } else { LeftReason::NoRoom };
    for (i, item) in problem.items.iter().enumerate() {
        let known = left.iter().any(|l| l.item == i);
        if next[i] < item.copies && !known {
            left.push(Left { item: i, copies: item.copies - next[i], reason });
        }
    }
    left.sort_by_key(|l| l.item);
    Nest { layouts, left, iterations }
}
