//! Faces that hang over without support, and the orientation that needs the least of it.
//!
//! An orientation is the direction of the part that points up. A face hangs over if it faces
//! down and lies flatter than the angle to the plate at which the process still builds without
//! support; the faces the part stands on do not count.

mod advise;
mod hull;

use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

use crate::TriMesh;
use crate::spatial::BoxTree;

pub(crate) use advise::{AdviceOptions, advise_orientation};

/// What hangs over in one orientation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Overhang {
    /// Area of the faces that hang over, mm².
    pub(crate) area_mm2: f64,
    /// Their triangles, ascending.
    pub(crate) triangles: Vec<u32>,
    /// Estimate of the volume between them and the plate or the part below, mm³.
    pub(crate) support_mm3: f64,
    /// Area where support would touch the part: the faces, and what it stands on, mm².
    pub(crate) contact_mm2: f64,
    /// Area of the faces the part stands on, mm².
    pub(crate) base_mm2: f64,
    /// Height of the part, mm.
    pub(crate) height_mm: f64,
}

/// A vertex this near to the lowest one stands on the plate, mm: less than any layer.
const ON_PLATE_MM: f64 = 0.01;
/// Rays down from all that hangs over.
const RAYS: f64 = 2048.0;

/// What hangs over where `up` points up; `angle` is the least angle to the plate, in radians, at
/// which a surface needs no support.
///
/// The volume under the faces down to the plate is exact; what the part takes of it is estimated
/// by rays down from even places of the faces. `up` need not have unit length; without a length
/// nothing hangs over.
pub(crate) fn overhang(mesh: &TriMesh, tree: &BoxTree, up: Vector3<f64>, angle: f64) -> Overhang {
    let mut result = standing(mesh, up);
    let Some(up) = up.try_normalize(0.0) else { return result };
    let lowest = lowest(&mesh.vertices, up);
    let steepest = -angle.cos();
    let down: Vec<(u32, f64, f64)> = (0..mesh.triangles.len())
        .filter_map(|t| {
            let normal = mesh.normal_times_area(t);
            let area = normal.norm();
            // How much of the area the plate sees.
            let flat = -normal.dot(&up);
            let hangs = flat > 0.0
                && normal.dot(&up) < steepest * area * (1.0 - 1e-12)
                && !on_plate(&mesh.corners(t), up, lowest);
            hangs.then_some((t as u32, area, flat))
        })
        .collect();
    let all: f64 = down.iter().map(|d| d.2).sum();
    // Each ray stands for the same share of the area; where it begins is counted along the
    // triangles, so that many small ones share a ray and a large one gets many.
    let mut begun = 0.0;
    let rays: Vec<std::ops::Range<usize>> = down
        .iter()
        .map(|&(_, _, flat)| {
            let first = f64::round(begun) as usize;
            begun += flat / all * RAYS;
            first..f64::round(begun) as usize
        })
        .collect();
    let below: Vec<(f64, u32)> = (0..down.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|i| below(mesh, tree, down[i].0, rays[i].clone(), up, lowest))
        .collect();
    let share = all / RAYS;
    for (&(t, area, flat), &(part_height, on_part)) in down.iter().zip(&below) {
        let [a, b, c] = mesh.corners(t as usize).map(|p| p.coords.dot(&up) - lowest);
        result.triangles.push(t);
        result.area_mm2 += area;
        result.support_mm3 += flat * (a + b + c) / 3.0 - share * part_height;
        result.contact_mm2 += area + share * f64::from(on_part);
    }
    result.support_mm3 = result.support_mm3.max(0.0);
    result
}

/// Height and base only.
fn standing(mesh: &TriMesh, up: Vector3<f64>) -> Overhang {
    let none = Overhang {
        area_mm2: 0.0,
        triangles: Vec::new(),
        support_mm3: 0.0,
        contact_mm2: 0.0,
        base_mm2: 0.0,
        height_mm: 0.0,
    };
    let Some(up) = up.try_normalize(0.0) else { return none };
    if mesh.vertices.is_empty() {
        return none;
    }
    let (lowest, highest) = (lowest(&mesh.vertices, up), -lowest(&mesh.vertices, -up));
    let base_mm2 = (0..mesh.triangles.len())
        .filter(|&t| on_plate(&mesh.corners(t), up, lowest))
        .map(|t| (-mesh.normal_times_area(t).dot(&up)).max(0.0))
        .sum();
    Overhang { base_mm2, height_mm: highest - lowest, ..none }
}

fn lowest(vertices: &[Point3<f64>], up: Vector3<f64>) -> f64 {
    vertices.iter().map(|v| v.coords.dot(&up)).fold(f64::INFINITY, f64::min)
}

fn on_plate(corners: &[Point3<f64>; 3], up: Vector3<f64>, lowest: f64) -> bool {
    corners.iter().all(|p| p.coords.dot(&up) - lowest <= ON_PLATE_MM)
}

/// Sends rays down from a triangle: the sum of the heights above the plate at which they meet the
/// part, and how many do.
fn below(
    mesh: &TriMesh,
    tree: &BoxTree,
    t: u32,
    rays: std::ops::Range<usize>,
    up: Vector3<f64>,
    lowest: f64,
) -> (f64, u32) {
    let [a, b, c] = mesh.corners(t as usize);
    // Support stands on faces that face up; the neighbours of the triangle do not.
    let faces_down = |other: u32| mesh.normal_times_area(other as usize).dot(&up) <= 0.0;
    let (mut heights, mut on_part) = (0.0, 0);
    for i in rays {
        // Roberts' R2 sequence, folded into the triangle.
        let mut u = (0.3 + 0.754_877_666_246_692_7 * i as f64).fract();
        let mut v = (0.4 + 0.569_840_290_998_053_3 * i as f64).fract();
        if u + v > 1.0 {
            (u, v) = (1.0 - u, 1.0 - v);
        }
        let p = a + (b - a) * u + (c - a) * v;
        let above_plate = p.coords.dot(&up) - lowest;
        let hit = tree.cast(mesh, p, -up, &faces_down);
        if let Some(hit) = hit.filter(|hit| hit.along < above_plate - ON_PLATE_MM) {
            heights += above_plate - hit.along;
            on_part += 1;
        }
    }
    (heights, on_part)
}

#[cfg(test)]
mod tests;
