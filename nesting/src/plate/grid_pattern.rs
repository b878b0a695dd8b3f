//! Grids of copies with nearly rectangular silhouettes, laid out in double precision.
//!
//! The collision engine keeps a small margin round every part, so it cannot fill a plate to the
//! last hundredth of a millimetre, and greedy placement seldom finds the exact grid. Where a full
//! plate of one part is an exact grid, it is laid down as such and proven like every other plate.

use super::bed::{Bed, Spot};
use super::construct::{Answer, Task};
use super::container::ROUNDING_MM;
use super::footprint::Footprint;
use super::plane::Point;

/// Silhouettes that fill this share of their box count as rectangles.
const RECTANGULAR: f64 = 0.95;

/// Grids that fill less of the plate than this are left to the search, which mixes parts.
const WORTHWHILE: f64 = 0.85;

/// Added to the pitch, mm, so that rounding of sums never eats into the clearance.
const PITCH_MM: f64 = 1e-12;

/// Positions of as many copies as a plain grid holds on the empty plate.
fn grid(foot: &Footprint, task: &Task, gap: f64) -> Vec<Point> {
    let plate = &task.plate;
    let wall = plate.wall();
    let mut spots = Vec::new();
    let pitch = [0, 1].map(|k| foot.size[k] + gap + PITCH_MM);
    if pitch.iter().any(|p| *p < 0.1) {
        return spots;
    }
    let rows = (plate.top_edge() - wall) / pitch[1];
    for row in 0..=(rows.max(0.0) as usize) {
        let y = wall + row as f64 * pitch[1];
        let Some((low, high)) = plate.range_x(&foot.hull, foot.size, y) else { continue };
        let count = ((high - low + ROUNDING_MM) / pitch[0]).max(0.0) as usize;
        let row = (0..=count).map(|k| [low + k as f64 * pitch[0], y]);
        spots.extend(row.filter(|at| foot.allowed(plate, *at)));
    }
    spots
}

/// The pose and positions of the fullest grid of a shape; empty if it is not worth while.
fn best_grid(task: &Task, item: usize, gap: f64) -> Option<(usize, Vec<Point>)> {
    let shape = &task.shapes[task.shape_of[item]];
    let (pose, spots) = shape
        .poses
        .iter()
        .enumerate()
        .filter(|(_, f)| f.area >= RECTANGULAR * f.size[0] * f.size[1])
        .map(|(pose, foot)| (pose, grid(foot, task, gap)))
        .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(&a.0)))?;
    let filled = spots.len() as f64 * shape.grown_area;
    (filled >= WORTHWHILE * task.plate.capacity).then_some((pose, spots))
}

/// Lays full plates of single items as grids and returns the copies that are still to be placed.
pub(super) fn lay(
    answer: &mut Answer,
    task: &Task,
    copies: &[usize],
    clearance: &[f64],
) -> Vec<usize> {
    let mut counts = vec![0usize; task.shape_of.len()];
    for &item in copies {
        counts[item] += 1;
    }
    for (item, count) in counts.iter_mut().enumerate().filter(|(_, n)| **n > 1) {
        let Some((pose, spots)) = best_grid(task, item, clearance[item]) else { continue };
        while *count >= spots.len() && answer.beds.len() < task.max_beds {
            let mut bed = Bed::new(&task.plate, task.shapes.len());
            for at in &spots {
                let spot = Spot { item, shape: task.shape_of[item], pose, at: *at };
                bed.place(spot, &task.shapes, &task.plate);
            }
            answer.beds.push(bed);
            *count -= spots.len();
        }
    }
    // The order of the copies is kept.
    let mut rest = Vec::new();
    for &item in copies {
        if counts[item] > 0 {
            counts[item] -= 1;
            rest.push(item);
        }
    }
    rest
}
