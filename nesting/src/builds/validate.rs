//! Problems that make no sense.

use platewright_model::volume::{LayerLimits, Space, Turns, VolumePart, VolumeProblem, VolumeType};

use super::task::SolidMeshes;
use crate::NestError;

/// Most steps about z, and most rotations in a list.
const ROTATIONS: usize = 360;

pub(super) fn validate(problem: &VolumeProblem, meshes: SolidMeshes<'_>) -> Result<(), NestError> {
    let bad = |what: String| Err(NestError::BadVolumes { what });
    if problem.volumes.is_empty() {
        return bad("there are no volumes; give one at least".to_owned());
    }
    if problem.parts.is_empty() {
        return bad("there are no parts; give one at least".to_owned());
    }
    if meshes.parts.len() != problem.parts.len() || meshes.spaces.len() != problem.volumes.len() {
        return bad("there is not one mesh for each part and one entry for each volume".to_owned());
    }
    if let Some(k) = meshes.parts.iter().position(|mesh| mesh.triangles.is_empty()) {
        return bad(hollow(k));
    }
    if !is_length(problem.clearance) {
        return bad(format!("the clearance is {}; give 0 or more mm", problem.clearance));
    }
    for (k, volume) in problem.volumes.iter().enumerate() {
        if let Some(what) = of_volume(volume, meshes.spaces[k].is_some()) {
            return bad(format!("volume {k} {what}"));
        }
    }
    for (k, part) in problem.parts.iter().enumerate() {
        if let Some(what) = of_part(part) {
            return bad(format!("part {k} {what}"));
        }
    }
    let placed = problem.begun.iter().flat_map(|begun| &begun.placed);
    let numbers =
        placed.clone().flat_map(|p| p.pose.rotation.iter().flatten().chain(&p.pose.translation));
    if problem.begun.iter().any(|begun| begun.volume >= problem.volumes.len())
        || placed.clone().any(|p| p.part >= problem.parts.len())
        || !numbers.copied().all(f64::is_finite)
    {
        return bad("a begun build names a volume or a part that is not there".to_owned());
    }
    Ok(())
}

/// What is wrong with a part without a solid.
pub(super) fn hollow(part: usize) -> String {
    format!("part {part} encloses nothing; repair the model or leave the part out")
}

fn of_volume(volume: &VolumeType, meshed: bool) -> Option<String> {
    let inner = |edge: f64| edge - 2.0 * volume.wall;
    let room = match &volume.space {
        Space::Box(size) => size.iter().all(|edge| is_length(*edge) && inner(*edge) > 0.0),
        Space::Open(base) => base.iter().all(|edge| is_length(*edge) && inner(*edge) > 0.0),
        Space::Cylinder { radius, height } => {
            [2.0 * radius, *height].iter().all(|edge| is_length(*edge) && inner(*edge) > 0.0)
        }
        Space::Mesh(_) if !meshed => return Some("has no mesh".to_owned()),
        Space::Mesh(_) => true,
    };
    let corners = volume.excluded.iter().flat_map(|b| b.min.iter().chain(&b.max));
    let upside = |b: &platewright_model::geometry::BoxMm| (0..3).any(|k| b.min[k] >= b.max[k]);
    if !is_length(volume.wall) {
        Some(format!("keeps a distance of {} from walls; give 0 or more mm", volume.wall))
    } else if !room {
        Some("has no room; its edges less twice the wall distance must be above 0".to_owned())
    } else if !corners.copied().all(f64::is_finite) || volume.excluded.iter().any(upside) {
        Some("has an excluded box without room; min must be below max".to_owned())
    } else if !(volume.cost.is_finite() && volume.cost > 0.0) {
        Some(format!("costs {}; give more than 0", volume.cost))
    } else if volume.layers.as_ref().is_some_and(|layers| !is_limit(layers)) {
        Some("has bad limits on layers; give a height above 0, and 0 or more mm²".to_owned())
    } else {
        None
    }
}

fn of_part(part: &VolumePart) -> Option<String> {
    let rotations = match &part.turns {
        Turns::Upright(steps) => *steps as usize,
        Turns::List(list) => list.len(),
        Turns::Fixed | Turns::Cube | Turns::Free => 1,
    };
    let rigid = match &part.turns {
        Turns::List(list) => list.iter().all(is_rotation),
        _ => true,
    };
    if part.copies == 0 {
        Some("has 0 copies; give 1 or more, or leave it out".to_owned())
    } else if !is_length(part.clearance) {
        Some(format!("asks for a clearance of {}; give 0 or more mm", part.clearance))
    } else if !(1..=ROTATIONS).contains(&rotations) {
        Some(format!("has {rotations} rotations; give 1 to {ROTATIONS}"))
    } else if !rigid {
        Some("lists a rotation that stretches or mirrors".to_owned())
    } else if part.value.is_some_and(|value| !is_length(value)) {
        Some("has a value below 0".to_owned())
    } else {
        None
    }
}

fn is_limit(layers: &LayerLimits) -> bool {
    let change = layers.change.is_none_or(is_length);
    is_length(layers.height) && layers.height > 0.0 && is_length(layers.area) && change
}

fn is_length(x: f64) -> bool {
    x.is_finite() && x >= 0.0
}

fn is_rotation(r: &[[f64; 3]; 3]) -> bool {
    let dot = |a: usize, b: usize| (0..3).map(|k| r[a][k] * r[b][k]).sum::<f64>();
    let square =
        (0..3).all(|a| (0..3).all(|b| (dot(a, b) - f64::from(u8::from(a == b))).abs() <= 1e-9));
    let minor = |a: usize, b: usize| r[1][a] * r[2][b] - r[1][b] * r[2][a];
    square && r[0][0] * minor(1, 2) + r[0][1] * minor(2, 0) + r[0][2] * minor(0, 1) > 0.0
}
