//! The answer in the terms of the problem.

use platewright_model::geometry::Pose;
use platewright_model::volume::{FilledVolume, PlacedSolid, VolumeLayout};

use super::task::Task;
use crate::bins::Bin;
use crate::solid::{Posed, taken_apart, turned};

/// Builds in which nothing overlaps, the begun ones first; empty ones are left out.
pub(super) fn answer(task: &Task<'_>, builds: &[Bin<Task<'_>>]) -> VolumeLayout {
    let problem = task.problem;
    let mut left: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    let mut order: Vec<&Bin<Task<'_>>> = builds.iter().collect();
    order.sort_by_key(|build| build.begun.unwrap_or(usize::MAX));
    let mut filled = Vec::new();
    for build in order {
        let stays = build.begun.map_or_else(Vec::new, |b| problem.begun[b].placed.clone());
        let mut placed: Vec<PlacedSolid> =
            build.holder.moved().iter().map(|posed| placed_at(task, build.kind, *posed)).collect();
        let moved = placed.len();
        placed.extend(stays);
        if problem.removable {
            placed = drawn_out(task, build, &placed);
        } else {
            placed[..moved].sort_by_key(|placed| placed.part);
            placed.rotate_left(moved);
        }
        placed.iter().for_each(|p| left[p.part] = left[p.part].saturating_sub(1));
        if !placed.is_empty() || build.begun.is_some() {
            filled.push(FilledVolume { volume: build.kind, placed });
        }
    }
    let left = left.into_iter().enumerate().filter(|(_, copies)| *copies > 0).collect();
    VolumeLayout { builds: filled, left }
}

/// What stands in a build in the order in which it is drawn out.
fn drawn_out(task: &Task<'_>, build: &Bin<Task<'_>>, placed: &[PlacedSolid]) -> Vec<PlacedSolid> {
    let apart = taken_apart(&task.solids, &build.holder);
    let out = apart
        .order
        .iter()
        .map(|(copy, way)| PlacedSolid { out: Some(way.direction()), ..placed[*copy] });
    // What stays in a begun build may be interlocked: it is told without a way.
    let stuck = apart.stuck.iter().filter_map(|copy| placed.get(*copy));
    out.chain(stuck.copied()).collect()
}

fn placed_at(task: &Task<'_>, kind: usize, posed: Posed) -> PlacedSolid {
    let part = posed.solid as usize;
    let rotation = task.solids.rotations[posed.rotation as usize];
    let (middle, origin) = (turned(&rotation, task.middles[part]), task.kinds[kind].origin);
    let translation = [0, 1, 2].map(|k| posed.at[k] + origin[k] - middle[k]);
    PlacedSolid { part, pose: Pose { rotation, translation }, out: None }
}
