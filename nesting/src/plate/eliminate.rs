//! Improvement by ruin and recreate across plates (Schrimpf et al. 2000): the weakest plate and
//! parts of others are taken off and stood again in a perturbed order; what is as good stays.
//!
//! Rounds have a fixed number of tasks with seeds of their own, so that the result is the same
//! for any number of threads.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::bed::Spot;
use super::construct::{Answer, Task, insert_all, insert_into};
use super::place::Pull;
use super::plane::Point;
use super::score::Score;
use platewright_model::run::RunContext;

/// Tasks of a round. More than the threads of common machines use little, fewer leave them idle.
const TASKS: u64 = 4;

/// Ruins tried by a task of a round.
const RUINS: usize = 1;

/// Sorts copies: higher priority first if asked for, then larger first, each area multiplied by a
/// random factor within `1 ± noise`.
pub(super) fn ordered(
    task: &Task,
    items: &[usize],
    by_priority: bool,
    noise: f64,
    rng: &mut Pcg64,
) -> Vec<usize> {
    // Copies of an item share the factor, so that they stay together.
    let factor: Vec<f64> =
        (0..task.priority.len()).map(|_| 1.0 + noise * rng.random_range(-1.0..=1.0)).collect();
    let mut order = items.to_vec();
    order.sort_by(|&a, &b| {
        let rank = |i: usize| if by_priority { task.priority[i] } else { 0 };
        let area = |i: usize| task.area(i) * factor[i];
        rank(b).cmp(&rank(a)).then(area(b).total_cmp(&area(a))).then(a.cmp(&b))
    });
    order
}

/// A pull towards one edge with a random weight of the other.
pub(super) fn random_pull(rng: &mut Pcg64) -> Pull {
    let other = rng.random_range(0.02..1.0f64).powi(2);
    if rng.random_bool(0.5) { Pull { wx: other, wy: 1.0 } } else { Pull { wx: 1.0, wy: other } }
}

/// One round: independent tasks from the same answer; the best of them if it is as good.
pub(super) fn round(best: &mut Answer, task: &Task, ctx: &RunContext, number: u64) {
    let start = &*best;
    let seed = ctx.seed_for("plate round").wrapping_add(number.wrapping_mul(TASKS));
    let tries: Vec<(Score, Answer)> = (0..TASKS)
        .into_par_iter()
        .map(|k| {
            let mut rng = Pcg64::seed_from_u64(seed.wrapping_add(k));
            let mut here = start.clone();
            let mut score = Score::of(&here, task);
            for _ in 0..RUINS {
                if ctx.should_stop(0) {
                    break;
                }
                let next = ruined(&here, task, ctx, &mut rng);
                let found = Score::of(&next, task);
                if found.at_least(&score) {
                    (here, score) = (next, found);
                }
            }
            (score, here)
        })
        .collect();
    let winner = tries.into_iter().min_by(|a, b| a.0.order(&b.0));
    if let Some((score, answer)) = winner
        && score.at_least(&Score::of(best, task))
    {
        *best = answer;
    }
}

/// Takes the weakest plate and a disc of one or two others apart and stands everything again.
fn ruined(from: &Answer, task: &Task, ctx: &RunContext, rng: &mut Pcg64) -> Answer {
    let mut next = from.clone();
    let mut pool = std::mem::take(&mut next.left);
    let complete = pool.is_empty();
    let weakest = (0..next.beds.len())
        .min_by(|&a, &b| next.beds[a].load.total_cmp(&next.beds[b].load))
        .filter(|_| complete && next.beds.len() > 1);
    if let Some(weakest) = weakest {
        let bed = next.beds.remove(weakest);
        pool.extend(bed.spots().map(|s| s.item));
    }
    let others = next.beds.len();
    if others > 0 {
        let several = 1 + usize::from(others > 1 && rng.random_bool(0.3));
        for _ in 0..several {
            let bed = rng.random_range(0..others);
            pool.extend(ruin_bed(&mut next, bed, task, rng));
        }
    }
    let by_priority = !complete && rng.random_bool(0.7);
    let noise = *[0.0, 0.15, 0.4, 0.8].get(rng.random_range(0..4)).unwrap_or(&0.15);
    let order = ordered(task, &pool, by_priority, noise, rng);
    let pull = random_pull(rng);
    if rng.random_bool(0.5) {
        next.beds.sort_by(|a, b| b.load.total_cmp(&a.load));
    }
    insert_all(&mut next, task, &order, pull, ctx);
    next
}

/// Takes parts off a plate: all of them, or those near a random point.
fn ruin_bed(answer: &mut Answer, bed: usize, task: &Task, rng: &mut Pcg64) -> Vec<usize> {
    let bed = &mut answer.beds[bed];
    let whole = rng.random_bool(0.35);
    let lat = task.plate.lattice;
    let end = lat.at(lat.nx, lat.ny);
    let at = [rng.random_range(0.0..=end[0]), rng.random_range(0.0..=end[1])];
    let reach = end[0].max(end[1]) * rng.random_range(0.15..0.6f64);
    let shapes = &task.shapes;
    let gone = bed.take(shapes, |s| whole || distance(s, task, at) < reach);
    if !whole && rng.random_bool(0.5) {
        compact(bed, task, rng);
    }
    gone.into_iter().map(|s| s.item).collect()
}

fn distance(spot: &Spot, task: &Task, at: Point) -> f64 {
    let c = task.shapes[spot.shape].poses[spot.pose].centre;
    (spot.at[0] + c[0] - at[0]).hypot(spot.at[1] + c[1] - at[1])
}

/// Stands every part of a plate again, those nearest to the corner first, so that gaps close.
fn compact(bed: &mut super::bed::Bed, task: &Task, rng: &mut Pcg64) {
    let pull = random_pull(rng);
    let before = bed.clone();
    let mut spots = bed.take(&task.shapes, |_| true);
    let key = |s: &Spot| {
        let c = task.shapes[s.shape].poses[s.pose].centre;
        pull.wx * (s.at[0] + c[0]) + pull.wy * (s.at[1] + c[1])
    };
    spots.sort_by(|a, b| key(a).total_cmp(&key(b)));
    if !spots.iter().all(|s| insert_into(bed, task, s.item, pull)) {
        *bed = before;
    }
}
