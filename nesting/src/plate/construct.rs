//! Plates filled part by part: each goes to the first plate with room for it.

use std::sync::Arc;

use platewright_model::run::RunContext;

use super::bed::{Bed, Spot};
use super::container::Container;
use super::footprint::Shape;
use super::place::{Pull, best_spot};

/// What a search works on; read only.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) plate: Container,
    pub(super) shapes: Vec<Arc<Shape>>,
    /// Shape of each item.
    pub(super) shape_of: Vec<usize>,
    /// Priority of each item.
    pub(super) priority: Vec<u32>,
    /// Most plates.
    pub(super) max_beds: usize,
}

impl Task {
    /// The grown area of an item's copy, mm².
    pub(super) fn area(&self, item: usize) -> f64 {
        self.shapes[self.shape_of[item]].grown_area
    }
}

/// Filled plates and what is left over.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) beds: Vec<Bed>,
    /// Items of the copies without a place, one entry a copy.
    pub(super) left: Vec<usize>,
}

/// Stands one copy of an item on the first plate with room, opening a new one if need be.
/// Returns whether it found a place.
pub(super) fn insert(answer: &mut Answer, task: &Task, item: usize, pull: Pull) -> bool {
    let index = task.shape_of[item];
    for bed in &mut answer.beds {
        if insert_into(bed, task, item, pull) {
            return true;
        }
    }
    if answer.beds.len() >= task.max_beds {
        return false;
    }
    let mut bed = Bed::new(&task.plate, task.shapes.len());
    if !insert_into(&mut bed, task, item, pull) {
        // The lattice misses the few positions of a part that fills the plate.
        let any = task.shapes[index].poses.iter().enumerate().find_map(|(pose, foot)| {
            let at = foot.anywhere(&task.plate)?;
            Some(Spot { item, shape: index, pose, at })
        });
        let Some(spot) = any else { return false };
        bed.place(spot, &task.shapes, &task.plate);
    }
    answer.beds.push(bed);
    true
}

/// Stands one copy of an item on a plate, if there is room.
pub(super) fn insert_into(bed: &mut Bed, task: &Task, item: usize, pull: Pull) -> bool {
    let index = task.shape_of[item];
    let shape = &task.shapes[index];
    if bed.is_full_for(index) || bed.load + shape.grown_area > task.plate.capacity {
        return false;
    }
    let Some(spot) = best_spot(bed, &task.plate, (item, index, shape), pull) else {
        bed.set_full_for(index);
        return false;
    };
    bed.place(spot, &task.shapes, &task.plate);
    true
}

/// Fills plates with copies in the order given; what finds no place is left over.
/// When the run is stopped, the rest is left over.
pub(super) fn insert_all(
    answer: &mut Answer,
    task: &Task,
    order: &[usize],
    pull: Pull,
    ctx: &RunContext,
) {
    for &item in order {
        if ctx.should_stop(0) || !insert(answer, task, item, pull) {
            answer.left.push(item);
        }
    }
}
