//! A night as a problem in which nothing is counted higher than it can be, so that what holds of
//! it holds of every plan of the night.

use platewright_model::material::NestingMode;
use platewright_model::order::OrientationPolicy;

use crate::batch::problem::{NightProblem, peak_s};
use crate::batch::task::{Chunk, Task};
use crate::instance::Station;

/// Layers by which the height of a full volume is counted lower: those of a part of it are rounded
/// up on their own.
const LAYERS: f64 = 2.0;

impl NightProblem {
    /// Rounds sizes and times down, counts no powder that is lost, and no height for parts that
    /// may be turned at will.
    pub(super) fn at_least(mut self, stations: &[Station<'_>], tasks: &[Task<'_>]) -> Self {
        let problem = &mut self.problem;
        // Powder that parts displace is not lost.
        problem.machines.iter_mut().for_each(|machine| machine.peak_rate = 0);
        for kind in 0..problem.classes.len() {
            let of_kind = problem.machines.iter().position(|m| m.class == kind);
            let Some(machine) = of_kind.map(|m| stations[m].machine) else { continue };
            let (time, top) = (&machine.time, machine.volume.size()[2]);
            for (part, (task, chunk)) in problem.parts.iter_mut().zip(&self.chunks) {
                let Some(load) = &mut part.loads[kind] else { continue };
                let (task, chunk) = (&tasks[*task], &tasks[*task].chunks[*chunk]);
                let add = time.volume_s_per_mm3 * chunk.measures.volume_mm3
                    + time.surface_s_per_mm2 * chunk.measures.surface_mm2;
                let height = least_height(task, chunk).min(top);
                load.size = (load.size - 1).max(1);
                load.add = add.floor() as i64;
                load.peak = peak_s(time, height, task.layer_mm).floor() as i64;
            }
            for (family, task) in problem.families.iter_mut().zip(tasks) {
                if let Some(stack) = family.stack.get_mut(kind) {
                    let full = peak_s(time, top, task.layer_mm) - LAYERS * time.layer_s;
                    *stack = full.max(0.0).floor() as i64;
                }
            }
        }
        self
    }
}

/// No build with a copy is lower, mm: the least edge of its box, if it stands along the axes.
fn least_height(task: &Task<'_>, chunk: &Chunk<'_>) -> f64 {
    let size = chunk.measures.size;
    match (task.process.nesting, chunk.orientation) {
        (NestingMode::Volume, OrientationPolicy::Any) => 0.0,
        (NestingMode::Volume, OrientationPolicy::Axis24) => {
            size.into_iter().fold(f64::INFINITY, f64::min)
        }
        _ => size[2],
    }
}
