//! Distances to walls, top, plate and excluded regions.

use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::material::{NestingMode, Process};
use platewright_model::stage::Build;
use rayon::prelude::*;

use super::{PLACE_MM, Part};
use crate::geometry::{Bounds, Place, Tree, box_triangles, place, transpose_times};
use crate::{Rule, Violation};

pub(super) fn check(
    build: &Build,
    parts: &[Part<'_>],
    volume: &BuildVolume,
    process: &Process,
) -> Vec<Violation> {
    let excluded: Vec<Bounds> = volume.excluded.iter().map(|b| normal(b.min, b.max)).collect();
    let per_part: Vec<Vec<Violation>> = parts
        .par_iter()
        .map(|part| {
            let mut found = Vec::new();
            let mut fault = |rule, text: String| {
                let subject = format!("unit {}", part.placement.unit);
                let text = format!("part {} in build {}: {text}", part.placement.part, build.id);
                found.push(Violation::new(rule, subject, text));
            };
            if let Some(text) = outside(part, volume, process.part_wall.0) {
                fault(Rule::OutsideVolume, text);
            }
            if let Some(text) = off_plate(part, process) {
                fault(Rule::PlateDistance, text);
            }
            for region in &excluded {
                if let Some(text) = near_region(part, region, process.part_wall.0) {
                    fault(Rule::ExcludedRegion, text);
                }
            }
            found
        })
        .collect();
    per_part.into_iter().flatten().collect()
}

/// How a part comes too near to walls or top, if it does.
fn outside(part: &Part<'_>, volume: &BuildVolume, wall: f64) -> Option<String> {
    let bounds = part.standing.bounds();
    let size = volume.size();
    let axes = match volume.shape {
        VolumeShape::Box { .. } => 0..3,
        VolumeShape::Cylinder { .. } => 2..3,
    };
    for k in axes {
        let (low, high) = (wall - PLACE_MM, size[k] - wall + PLACE_MM);
        // The plate is a matter of its own.
        let below = k < 2 && bounds.min[k] < low;
        if below || bounds.max[k] > high {
            return Some(format!(
                "spans {:.6} to {:.6} mm along {}; allowed is {:.6} to {:.6} mm",
                bounds.min[k],
                bounds.max[k],
                ["x", "y", "z"][k],
                if k < 2 { wall } else { 0.0 },
                size[k] - wall
            ));
        }
    }
    let VolumeShape::Cylinder { diameter, .. } = volume.shape else { return None };
    let radius = diameter.0 / 2.0;
    let reach = part
        .standing
        .tree
        .triangles()
        .iter()
        .flatten()
        .map(|p| (p[0] - radius).hypot(p[1] - radius))
        .fold(0.0, f64::max);
    (reach > radius - wall + PLACE_MM)
        .then(|| format!("reaches {reach:.6} mm from the axis; allowed is {:.6} mm", radius - wall))
}

fn off_plate(part: &Part<'_>, process: &Process) -> Option<String> {
    let (low, plate) = (part.standing.bounds().min[2], process.part_plate.0);
    let (wrong, allowed) = match process.nesting {
        NestingMode::Volume => (low < plate - PLACE_MM, "at least"),
        NestingMode::Plate => ((low - plate).abs() > PLACE_MM, "exactly"),
    };
    wrong.then(|| {
        format!("its lowest point is {low:.6} mm over the plate, not {allowed} {plate} mm")
    })
}

/// How a part comes too near to an excluded region, if it does.
fn near_region(part: &Part<'_>, region: &Bounds, wall: f64) -> Option<String> {
    if part.standing.bounds().distance_squared(region) > wall * wall {
        return None;
    }
    // The region is shrunk by the tolerance, so that a part may touch where no wall distance
    // is asked for.
    let inner =
        Bounds { min: region.min.map(|x| x + PLACE_MM), max: region.max.map(|x| x - PLACE_MM) };
    let at = format!("the excluded region {:?} to {:?}", region.min, region.max);
    let tree = &part.standing.tree;
    if tree.triangles().iter().flatten().any(|&p| inner.holds(p)) {
        return Some(format!("enters {at}"));
    }
    let surface = Tree::new(box_triangles(&inner));
    // Any crossing counts, even where the wall distance is 0.
    let limit = wall.max(PLACE_MM / 2.0);
    if let Some(distance) = tree.distance_below(&surface, limit) {
        return Some(format!("is {distance:.6} mm from {at}; asked for is {wall} mm"));
    }
    let pose = &part.placement.pose;
    let corner: [f64; 3] = std::array::from_fn(|k| inner.min[k] - pose.translation[k]);
    let inside = place(part.solid, transpose_times(&pose.rotation, corner)) == Place::Solid;
    inside.then(|| format!("encloses {at}"))
}

fn normal(a: [f64; 3], b: [f64; 3]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    bounds.add(a);
    bounds.add(b);
    bounds
}
