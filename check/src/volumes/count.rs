//! Problems that can be judged, and what is counted in a layout.

use std::collections::BTreeMap;

use platewright_model::volume::{Space, Turns, VolumeLayout, VolumeProblem, VolumeType};

use super::rotation::is_rigid;
use super::{VolumeFault, VolumeMeshes};

/// What makes a problem one that cannot be judged.
pub(super) fn problem(problem: &VolumeProblem, meshes: VolumeMeshes<'_>) -> Vec<VolumeFault> {
    let mut faults = Vec::new();
    let mut bad = |what: String| faults.push(VolumeFault::BadProblem { what });
    if meshes.parts.len() != problem.parts.len() || meshes.spaces.len() != problem.volumes.len() {
        bad("there is not one mesh for each part and one entry for each volume".to_owned());
    }
    if !is_length(problem.clearance) {
        bad(format!("the clearance is {}", problem.clearance));
    }
    for (k, volume) in problem.volumes.iter().enumerate() {
        let meshed = meshes.spaces.get(k).is_some_and(Option::is_some);
        if matches!(volume.space, Space::Mesh(_)) != meshed {
            bad(format!("volume {k} and its mesh do not go together"));
        }
        if !has_room(volume) {
            bad(format!("volume {k} has no room, or lengths that are none"));
        }
    }
    for (k, part) in problem.parts.iter().enumerate() {
        if !is_length(part.clearance) {
            bad(format!("the clearance of part {k} is {}", part.clearance));
        }
        if matches!(part.turns, Turns::Upright(0)) {
            bad(format!("part {k} is turned in 0 steps"));
        }
    }
    faults
}

fn is_length(x: f64) -> bool {
    x.is_finite() && x >= 0.0
}

fn has_room(volume: &VolumeType) -> bool {
    let above_0 = |sizes: &[f64]| sizes.iter().all(|x| x.is_finite() && *x > 0.0);
    let room = match &volume.space {
        Space::Box(size) => above_0(size),
        Space::Open(base) => above_0(base),
        Space::Cylinder { radius, height } => above_0(&[*radius, *height]),
        Space::Mesh(_) => true,
    };
    let layers = volume.layers.is_none_or(|layers| {
        above_0(&[layers.height]) && is_length(layers.area) && layers.change.is_none_or(is_length)
    });
    let corners = volume.excluded.iter().flat_map(|b| b.min.iter().chain(&b.max));
    room && layers && is_length(volume.wall) && corners.into_iter().all(|x| x.is_finite())
}

/// Indices that lead nowhere, copies of parts, volumes in stock, begun builds and groups.
pub(super) fn faults(problem: &VolumeProblem, layout: &VolumeLayout) -> Vec<VolumeFault> {
    let mut faults = Vec::new();
    copies(problem, layout, &mut faults);
    for (build, begun) in problem.begun.iter().enumerate() {
        let same = layout.builds.get(build).is_some_and(|filled| {
            filled.volume == begun.volume
                && begun.placed.iter().all(|kept| {
                    let is_it = |p: &&_| same_place(p, kept);
                    filled.placed.iter().any(|p| is_it(&p))
                })
        });
        if !same {
            faults.push(VolumeFault::Begun { build });
        }
    }
    let mut spread: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (build, filled) in layout.builds.iter().enumerate() {
        for placed in &filled.placed {
            let group = problem.parts.get(placed.part).and_then(|part| part.group);
            let Some(group) = group else { continue };
            let builds = spread.entry(group).or_default();
            if builds.last() != Some(&build) {
                builds.push(build);
            }
        }
    }
    let torn = spread.into_iter().filter(|(_, builds)| builds.len() > 1);
    faults.extend(torn.map(|(group, builds)| VolumeFault::Group { group, builds }));
    faults
}

fn same_place(
    a: &platewright_model::volume::PlacedSolid,
    b: &platewright_model::volume::PlacedSolid,
) -> bool {
    a.part == b.part && a.pose == b.pose
}

fn copies(problem: &VolumeProblem, layout: &VolumeLayout, faults: &mut Vec<VolumeFault>) {
    let mut found = vec![0_u64; problem.parts.len()];
    let mut left = found.clone();
    let mut used = vec![0_u64; problem.volumes.len()];
    for (build, filled) in layout.builds.iter().enumerate() {
        match used.get_mut(filled.volume) {
            Some(used) => *used += 1,
            None => faults.push(VolumeFault::NoSuchVolume { build, kind: filled.volume }),
        }
        for (placed, place) in filled.placed.iter().enumerate() {
            match found.get_mut(place.part).filter(|_| is_rigid(&place.pose)) {
                Some(found) => *found += 1,
                None => faults.push(VolumeFault::Unreadable { build, placed }),
            }
        }
    }
    for (entry, (part, copies)) in layout.left.iter().enumerate() {
        match left.get_mut(*part) {
            Some(left) => *left += u64::from(*copies),
            None => faults.push(VolumeFault::NoSuchLeft { entry, part: *part }),
        }
    }
    for (index, part) in problem.parts.iter().enumerate() {
        let (found, left, copies) = (found[index], left[index], part.copies);
        if found + left != u64::from(copies) {
            faults.push(VolumeFault::Copies { part: index, found, left, copies });
        }
    }
    for (index, kind) in problem.volumes.iter().enumerate() {
        if let Some(stock) = kind.stock.filter(|stock| used[index] > u64::from(*stock)) {
            faults.push(VolumeFault::Stock { kind: index, used: used[index], stock });
        }
    }
}
