//! Build volumes as plates, footprints as parts on them, and the way back.

use platewright_model::geometry::{Pose, VolumeShape};
use platewright_model::plate::{Bed, PlatePart, PlateType, Zone};
use platewright_model::strip::{PlacedOutline, turn};

use super::lying::{Lying, ROUNDING_MM, turns};
use crate::{Item, Problem};

/// Distances are asked for this much shorter than they must be, mm, so that what fits exactly
/// fits; within what the check of builds takes for rounding.
const SHORT_MM: f64 = 9e-7;
/// Distance that the search keeps beyond what it is asked for, mm.
pub(super) const SPARE_MM: f64 = 1e-7;

/// A distance as the search is asked for it.
fn short(distance: f64) -> f64 {
    (distance - SHORT_MM).max(0.0)
}

/// Distance between any two parts: the greatest that one of them asks for.
pub(super) fn gap(problem: &Problem) -> f64 {
    short(problem.items.iter().map(|item| item.clearance.0).fold(0.0, f64::max))
}

/// The plate of a build volume.
pub(super) fn plate(problem: &Problem, stock: Option<u32>) -> PlateType {
    let [x, y, _] = problem.volume.size();
    let bed = match problem.volume.shape {
        VolumeShape::Box { .. } => Bed::Rectangle([x, y]),
        VolumeShape::Cylinder { .. } => Bed::Circle { centre: [x / 2.0; 2], radius: x / 2.0 },
    };
    let (wall, bottom) = (problem.part_wall.0, problem.part_plate.0);
    let zones = problem.volume.excluded.iter().filter(|b| b.max[2] > bottom - wall).map(|b| {
        // A box without width still keeps parts away.
        let [low, high] = [0, 1].map(|k| {
            let [low, high] = [b.min[k].min(b.max[k]), b.min[k].max(b.max[k])];
            if high - low > SHORT_MM { [low, high] } else { [low - SHORT_MM, high + SHORT_MM] }
        });
        let ([x0, x1], [y0, y1]) = (low, high);
        // What hangs in the air is in the way of high parts only.
        let above = b.min[2] - wall - bottom;
        Zone {
            outline: vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]],
            gap: short(wall),
            above: (above > 0.0).then_some(above),
        }
    });
    PlateType {
        name: problem.volume.name(),
        bed,
        edge_gap: short(wall),
        zones: zones.collect(),
        stock,
        ..PlateType::default()
    }
}

/// Copies of a part lying on a face.
pub(super) fn part(item: &Item, lying: &Lying) -> PlatePart {
    let holes = if item.inside_cavity { lying.holes.clone() } else { Vec::new() };
    // Holes are never exact, whatever the outline is.
    let margin = if holes.is_empty() { lying.margin } else { ROUNDING_MM };
    PlatePart {
        name: item.part.to_string(),
        outline: lying.outline.clone(),
        holes,
        host: item.inside_cavity,
        copies: item.copies,
        turns: turns(item.orientation),
        margin,
        height: lying.height,
        priority: item.priority,
        ..PlatePart::default()
    }
}

/// From the part's frame to the build's.
pub(super) fn pose(problem: &Problem, lying: &Lying, placed: &PlacedOutline) -> Pose {
    let ([sin, cos], f) = (turn(placed.turn), &lying.face);
    Pose {
        rotation: [
            [0, 1, 2].map(|k| cos * f[0][k] - sin * f[1][k]),
            [0, 1, 2].map(|k| sin * f[0][k] + cos * f[1][k]),
            f[2],
        ],
        translation: [placed.at[0], placed.at[1], problem.part_plate.0 - lying.low],
    }
}
