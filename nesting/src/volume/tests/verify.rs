//! An independent check of a nest: true meshes, brute force behind boxes.

use std::collections::BTreeMap;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::{BoxMm, Pose, VolumeShape};
use platewright_model::order::OrientationPolicy;

use super::distance::{self, Triangle};
use crate::fixture::cuboid;
use crate::{Layout, Nest, Placed, Problem};

/// Rounding of poses and coordinates, mm.
const TOLERANCE: f64 = 1e-6;

/// Everything that is wrong with a nest.
pub(super) fn faults(problem: &Problem, nest: &Nest, max_builds: usize) -> Vec<String> {
    let mut faults = Vec::new();
    if nest.layouts.len() > max_builds {
        faults.push(format!("{} builds", nest.layouts.len()));
    }
    for (i, item) in problem.items.iter().enumerate() {
        let mut copies: Vec<u32> = nest
            .layouts
            .iter()
            .flat_map(|l| &l.placed)
            .filter(|p| p.item == i)
            .map(|p| p.copy)
            .collect();
        copies.sort_unstable();
        let left: u32 = nest.left.iter().filter(|l| l.item == i).map(|l| l.copies).sum();
        if copies != (0..item.copies - left).collect::<Vec<_>>() {
            faults.push(format!("item {i}: copies {copies:?}, {left} left"));
        }
    }
    for layout in &nest.layouts {
        check_layout(problem, layout, &mut faults);
    }
    faults
}

fn check_layout(problem: &Problem, layout: &Layout, faults: &mut Vec<String>) {
    let meshes: Vec<TriMesh> =
        layout.placed.iter().map(|p| problem.items[p.item].mesh.posed(&p.pose)).collect();
    let mut top = 0.0_f64;
    let mut volume = 0.0;
    for (placed, mesh) in layout.placed.iter().zip(&meshes) {
        check_rotation(problem, placed, faults);
        check_inside(problem, mesh, faults);
        top = top.max(mesh.bounds().unwrap().max[2]);
        volume += mesh.volume();
    }
    if (layout.height.0 - top).abs() > TOLERANCE {
        faults.push(format!("height {} is not {top}", layout.height));
    }
    let density = volume / (problem.volume.plate_area() * top);
    if (layout.density - density).abs() > 1e-9 {
        faults.push(format!("density {} is not {density}", layout.density));
    }
    if layout.placed.iter().any(|placed| placed.out.is_some()) {
        check_removal(layout, &meshes, faults);
    }
    for a in 0..meshes.len() {
        for b in a + 1..meshes.len() {
            let item = |k: usize| &problem.items[layout.placed[k].item];
            let clearance = item(a).clearance.0.max(item(b).clearance.0);
            if too_near(&meshes[a], &meshes[b], clearance) {
                faults.push(format!("{:?} and {:?}", layout.placed[a], layout.placed[b]));
            }
        }
    }
}

/// Draws each copy out in steps and looks whether it meets one that is still there.
fn check_removal(layout: &Layout, meshes: &[TriMesh], faults: &mut Vec<String>) {
    const STEP: f64 = 0.7;
    for (k, placed) in layout.placed.iter().enumerate() {
        let Some(way) = placed.out else {
            faults.push(format!("no way out for {placed:?}"));
            continue;
        };
        let (from, way) = (meshes[k].bounds().unwrap(), way.direction());
        for (later, other) in layout.placed.iter().zip(meshes).skip(k + 1) {
            let still = other.bounds().unwrap();
            let far: f64 = (0..3).map(|a| still.size()[a] + from.size()[a]).sum::<f64>()
                + (0..3).map(|a| (still.min[a] - from.min[a]).abs()).sum::<f64>();
            // Past one another anyway, unless their boxes overlap across the way.
            let across = (0..3).filter(|&a| way[a] == 0.0);
            let beside = |a: usize| from.min[a] >= still.max[a] || still.min[a] >= from.max[a];
            if across.clone().any(beside) {
                continue;
            }
            let steps = (far / STEP).ceil() as u32;
            let meets = (1..steps).any(|step| {
                let translation = way.map(|w| w * STEP * f64::from(step));
                too_near(&meshes[k].posed(&Pose { translation, ..Pose::IDENTITY }), other, 0.0)
            });
            if meets {
                faults.push(format!("{placed:?} meets {later:?}"));
            }
        }
    }
}

fn check_rotation(problem: &Problem, placed: &Placed, faults: &mut Vec<String>) {
    let m = nalgebra::Matrix3::from_fn(|r, c| placed.pose.rotation[r][c]);
    let proper = (m * m.transpose() - nalgebra::Matrix3::identity()).norm() < 1e-12
        && (m.determinant() - 1.0).abs() < 1e-12;
    let allowed = match problem.items[placed.item].orientation {
        OrientationPolicy::Fixed => m == nalgebra::Matrix3::identity(),
        OrientationPolicy::Upright => m[(2, 2)] == 1.0,
        OrientationPolicy::Axis24 => m.iter().all(|&v| v == 0.0 || v.abs() == 1.0),
        OrientationPolicy::Any => true,
    };
    if !proper || !allowed {
        faults.push(format!("{placed:?} is turned wrongly"));
    }
}

fn check_inside(problem: &Problem, mesh: &TriMesh, faults: &mut Vec<String>) {
    let size = problem.volume.size();
    let wall = problem.part_wall.0 - TOLERANCE;
    let plate = problem.part_plate.0 - TOLERANCE;
    for v in &mesh.vertices {
        let across = match problem.volume.shape {
            VolumeShape::Box { x, y, .. } => v.x.min(v.y).min(x.0 - v.x).min(y.0 - v.y),
            VolumeShape::Cylinder { diameter, .. } => {
                let r = diameter.0 / 2.0;
                r - (v.x - r).hypot(v.y - r)
            }
        };
        if across < wall || size[2] - v.z < wall || v.z < plate {
            faults.push(format!("corner {v} is too near a wall"));
            return;
        }
    }
    for b in &problem.volume.excluded {
        if too_near(mesh, &cuboid(b.min, b.max), problem.part_wall.0) {
            faults.push(format!("a part is too near {b:?}"));
        }
    }
}

/// Whether two closed meshes come nearer than `clearance`, or one is within the other.
pub(super) fn too_near(a: &TriMesh, b: &TriMesh, clearance: f64) -> bool {
    let (box_a, box_b) = (a.bounds().unwrap(), b.bounds().unwrap());
    if (0..3)
        .any(|k| box_a.min[k] > box_b.max[k] + clearance || box_b.min[k] > box_a.max[k] + clearance)
    {
        return false;
    }
    let reach = |t: &Triangle, k: usize| {
        let low = t.iter().map(|p| p[k]).fold(f64::INFINITY, f64::min) - clearance;
        let high = t.iter().map(|p| p[k]).fold(f64::NEG_INFINITY, f64::max) + clearance;
        (low, high)
    };
    const CELL: f64 = 3.0;
    let cells = |t: &Triangle, grow: f64| {
        let r: [(i64, i64); 3] = std::array::from_fn(|k| {
            let (low, high) = reach(t, k);
            let (low, high) = (low + clearance - grow, high - clearance + grow);
            ((low / CELL).floor() as i64, (high / CELL).floor() as i64)
        });
        (r[0].0..=r[0].1).flat_map(move |x| {
            (r[1].0..=r[1].1).flat_map(move |y| (r[2].0..=r[2].1).map(move |z| (x, y, z)))
        })
    };
    let mut grid: BTreeMap<(i64, i64, i64), Vec<Triangle>> = BTreeMap::new();
    for t in near(b, &box_a, clearance) {
        cells(&t, 0.0).for_each(|c| grid.entry(c).or_default().push(t));
    }
    for t in near(a, &box_b, clearance) {
        let range: [(f64, f64); 3] = std::array::from_fn(|k| reach(&t, k));
        for c in cells(&t, clearance) {
            for u in grid.get(&c).into_iter().flatten() {
                let apart = (0..3).any(|k| {
                    u.iter().all(|p| p[k] > range[k].1) || u.iter().all(|p| p[k] < range[k].0)
                });
                if !apart && distance::triangles(&t, u) < clearance - TOLERANCE {
                    return true;
                }
            }
        }
    }
    if clearance > 0.0 {
        // The surfaces keep apart, so one corner tells whether the whole part is inside.
        return winding(b, a.vertices[0]) || winding(a, b.vertices[0]);
    }
    deep_inside(a, b) || deep_inside(b, a)
}

/// Triangles of a mesh whose boxes come near another box.
fn near(mesh: &TriMesh, other: &BoxMm, clearance: f64) -> Vec<Triangle> {
    (0..mesh.triangles.len())
        .map(|t| mesh.corners(t))
        .filter(|t| {
            (0..3).all(|k| {
                t.iter().any(|p| p[k] <= other.max[k] + clearance)
                    && t.iter().any(|p| p[k] >= other.min[k] - clearance)
            })
        })
        .collect()
}

/// Whether a corner, edge or triangle middle of `b` lies inside `a` and not on its surface;
/// where no clearance is asked for, parts may touch.
fn deep_inside(a: &TriMesh, b: &TriMesh) -> bool {
    let bounds = a.bounds().unwrap();
    let middles = (0..b.triangles.len()).flat_map(|t| {
        let [p, q, r] = b.corners(t).map(|c| c.coords);
        [(p + q) / 2.0, (q + r) / 2.0, (p + q + r) / 3.0, p].map(Point3::from)
    });
    middles.filter(|p| (0..3).all(|k| p[k] > bounds.min[k] && p[k] < bounds.max[k])).take(200).any(
        |p| {
            let on = (0..a.triangles.len()).any(|t| distance::point(p, &a.corners(t)) < TOLERANCE);
            !on && winding(a, p)
        },
    )
}

/// Whether a point is inside a closed mesh (solid angle over 2π).
fn winding(mesh: &TriMesh, p: Point3<f64>) -> bool {
    let solid: f64 = (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t).map(|q| q - p);
            let (la, lb, lc) = (a.norm(), b.norm(), c.norm());
            let below = la * lb * lc + a.dot(&b) * lc + b.dot(&c) * la + c.dot(&a) * lb;
            2.0 * a.dot(&b.cross(&c)).atan2(below)
        })
        .sum();
    solid > std::f64::consts::TAU * 1.001
}
