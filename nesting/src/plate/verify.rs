//! Proof that a plate is valid: exact distances of the true silhouettes, in double precision.
//!
//! The distance of two silhouettes never exceeds that of the parts, so parts on a plate that
//! passes keep their clearances.

use super::bed::Spot;
use super::construct::Task;
use super::container::ROUNDING_MM;
use super::plane::{Rect, apart};

/// Added to the clearance of curved neighbours, mm: the union of the projected triangles is
/// made on a grid finer than this.
const UNION_MM: f64 = 1e-5;

/// Indices of spots that must go so that the rest is valid: each that violates the plate or is too
/// near to one before it.
pub(super) fn offenders(spots: &[Spot], task: &Task, clearance: &[f64]) -> Vec<usize> {
    let boxes: Vec<Rect> = spots.iter().map(|s| plan_box(s, task)).collect();
    let mut bad: Vec<usize> = Vec::new();
    for (i, spot) in spots.iter().enumerate() {
        let foot = &task.shapes[spot.shape].poses[spot.pose];
        let near = |j: &usize| {
            let other = &spots[*j];
            let gap = clearance[spot.item].max(clearance[other.item]);
            boxes[i].gap(&boxes[*j]) < gap - ROUNDING_MM && !clear(spot, other, task, gap)
        };
        let lost = !foot.allowed(&task.plate, spot.at)
            || (0..i).filter(|j| !bad.contains(j)).any(|j| near(&j));
        if lost {
            bad.push(i);
        }
    }
    bad
}

fn plan_box(spot: &Spot, task: &Task) -> Rect {
    let size = task.shapes[spot.shape].poses[spot.pose].size;
    Rect { min: [0.0; 2], max: size }.moved(spot.at)
}

fn clear(a: &Spot, b: &Spot, task: &Task, gap: f64) -> bool {
    let (fa, fb) = (&task.shapes[a.shape].poses[a.pose], &task.shapes[b.shape].poses[b.pose]);
    fa.rings.iter().all(|ra| fb.rings.iter().all(|rb| apart(ra, a.at, rb, b.at, gap + UNION_MM)))
}
