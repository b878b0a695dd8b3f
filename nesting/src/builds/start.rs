//! An earlier layout to begin with.

use platewright_model::volume::{PlacedSolid, VolumeLayout};

use super::rotations::off;
use super::task::Task;
use crate::bins::{Bin, Bins, Filled};
use crate::solid::Posed;

/// The builds of an earlier layout, as far as their parts are still asked for; what is not among
/// them is left over. How far parts overlap is not known.
pub(super) fn started<'a>(task: &Task<'a>, layout: &VolumeLayout) -> Filled<Task<'a>> {
    let apart = 1.0 + stretch(task);
    let mut waiting: Vec<Option<usize>> = (0..task.units().len()).map(Some).collect();
    let mut builds: Vec<Bin<Task<'a>>> = task
        .begun()
        .iter()
        .enumerate()
        .map(|(b, begun)| Bin::empty(task, begun.kind, Some(b)))
        .collect();
    for (b, filled) in layout.builds.iter().enumerate() {
        if filled.volume >= task.kinds() {
            continue;
        }
        if b >= builds.len() {
            builds.push(Bin::empty(task, filled.volume, None));
        }
        let mut placed: Vec<&PlacedSolid> = filled.placed.iter().collect();
        for stays in task.problem.begun.get(b).iter().flat_map(|begun| &begun.placed) {
            let same = |p: &&PlacedSolid| p.part == stays.part && p.pose == stays.pose;
            if let Some(k) = placed.iter().position(same) {
                placed.remove(k);
            }
        }
        placed.retain(|placed| {
            let pose = &placed.pose;
            let numbers = pose.rotation.iter().flatten().chain(&pose.translation);
            placed.part < task.problem.parts.len() && numbers.into_iter().all(|x| x.is_finite())
        });
        for slot in &mut waiting {
            let Some(unit) = *slot else { continue };
            // All parts of the unit are in this build, each in a place of its own.
            let mut taken: Vec<usize> = Vec::new();
            for &part in &task.units()[unit].parts {
                let free = |k: &usize| placed[*k].part == part && !taken.contains(k);
                taken.extend((0..placed.len()).find(free));
            }
            if taken.len() < task.units()[unit].parts.len() || !builds[b].accepts(task, unit) {
                continue;
            }
            taken.sort_unstable();
            for k in taken.into_iter().rev() {
                let posed = posed(task, &builds[b], placed.remove(k));
                let posed = posed.expect("the build accepts it");
                let at = posed.at.map(|x| x * apart);
                builds[b].add(task, unit, Posed { at, ..posed });
            }
            *slot = None;
        }
    }
    Filled { bins: builds, left: waiting.into_iter().flatten().collect() }
}

/// How far parts are moved away from the corner, so that those that are just as far from one
/// another as they must be are a little farther: the search keeps more than is asked.
fn stretch(task: &Task<'_>) -> f64 {
    let parts = 0..task.problem.parts.len() as u32;
    let sizes = parts.flat_map(|part| task.solids.extent(part, 0).size());
    let least = sizes.fold(f64::INFINITY, f64::min);
    (2.0 * task.spare / least).min(1e-3)
}

/// A placement as the search has it, at the nearest rotation that fits the build.
fn posed(task: &Task<'_>, build: &Bin<Task<'_>>, placed: &PlacedSolid) -> Option<Posed> {
    let by = |rotation: u32| &task.solids.rotations[rotation as usize];
    let apart = |rotation: u32| off(by(rotation), &placed.pose.rotation);
    let fitting = build.holder.fitting(&task.solids, placed.part as u32);
    let nearest = fitting.min_by(|a, b| apart(*a).total_cmp(&apart(*b)))?;
    Some(task.posed(build.kind, placed.part, nearest, &placed.pose))
}
