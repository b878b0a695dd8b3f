//! Rotations beyond those that map the axes on to themselves, for parts that may be turned at will:
//! one that is drawn askew is set straight first, so that its box is smallest; one that fits only
//! askew is laid so that it does. The rotations of a cube come on top.
//!
//! Frames along pairs of the largest flat sides are where boxes are smallest, as a rule (O'Rourke
//! 1985, "Finding minimal enclosing boxes": two sides are flush with edges); from the best of them
//! on, small turns look for a smaller one.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use crate::solid::{Rotation, Vector, cross, dot, length, minus, times, unit};

const DRAWN: Rotation = Pose::IDENTITY.rotation;
/// A box must be smaller by this factor for its part to be turned.
const WORTH: f64 = 0.95;
/// Directions in which corners are outermost: these stand for all.
const OUTERMOST: usize = 128;
/// Flat sides whose pairs are tried.
const SIDES: usize = 12;
/// Random rotations from which one that fits is looked for.
const LUCKY: usize = 64;
/// Small turns: the first, in radians, and how often it is halved.
const FIRST_TURN: f64 = 0.2;
const HALVED: i32 = 24;

/// The rotation in which a part is best taken to be drawn, if not as it is; `rooms` are the boxes
/// in which it may stand, mm.
pub(crate) fn straightened(mesh: &TriMesh, rooms: &[Vector]) -> Option<Rotation> {
    let fits = |size: Vector| rooms.iter().any(|room| over(size, *room) <= 0.0);
    let drawn = mesh.bounds()?.size();
    let points = outermost(mesh);
    let volume = |by: &Rotation| -> f64 { extent(&points, by).iter().product() };
    let frames = frames(mesh);
    let best = frames.iter().min_by(|a, b| volume(a).total_cmp(&volume(b)));
    let straight = improved(*best.unwrap_or(&DRAWN), &volume);
    let size = true_extent(mesh, &straight);
    if size.iter().product::<f64>() < WORTH * drawn.iter().product::<f64>() && fits(size) {
        return Some(straight);
    }
    if fits(drawn) || rooms.is_empty() {
        return None;
    }
    let beyond = |by: &Rotation| {
        let size = extent(&points, by);
        rooms.iter().map(|room| over(size, *room)).fold(f64::INFINITY, f64::min)
    };
    let mut rng = Pcg64::seed_from_u64(0);
    let lucky = (0..LUCKY).map(|_| random(&mut rng));
    frames.into_iter().chain(lucky.collect::<Vec<_>>()).find_map(|frame| {
        let found = improved(frame, &beyond);
        fits(true_extent(mesh, &found)).then_some(found)
    })
}

/// What is turned by one rotation and then by another.
pub(crate) fn then(first: &Rotation, second: &Rotation) -> Rotation {
    second.map(|row| [0, 1, 2].map(|k| (0..3).map(|j| row[j] * first[j][k]).sum()))
}

/// How far a box is longer than a room, at the best of the rotations of a cube; less than 0 if it
/// is shorter.
fn over(mut size: Vector, mut room: Vector) -> f64 {
    size.sort_by(f64::total_cmp);
    room.sort_by(f64::total_cmp);
    let over = [0, 1, 2].map(|k| size[k] - room[k]);
    let sum: f64 = over.iter().map(|x| x.max(0.0)).sum();
    if sum > 0.0 { sum } else { over.into_iter().fold(f64::NEG_INFINITY, f64::max) }
}

fn extent(points: &[Vector], by: &Rotation) -> Vector {
    by.map(|row| {
        let along = points.iter().map(|p| dot(row, *p));
        let (low, high) = along
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        high - low
    })
}

fn true_extent(mesh: &TriMesh, by: &Rotation) -> Vector {
    let corners = mesh.triangles.iter().flatten();
    let points: Vec<Vector> = corners.map(|&v| mesh.vertices[v as usize].into()).collect();
    extent(&points, by)
}

/// Corners that are outermost in one of many directions, evenly spread by the golden angle.
fn outermost(mesh: &TriMesh) -> Vec<Vector> {
    let golden = TAU * (3.0 - 5.0_f64.sqrt()) / 2.0;
    let directions = (0..OUTERMOST).map(|k| {
        let z = 1.0 - (2 * k + 1) as f64 / OUTERMOST as f64;
        let (sin, cos) = (golden * k as f64).sin_cos();
        let wide = (1.0 - z * z).sqrt();
        [wide * cos, wide * sin, z]
    });
    let mut found = vec![(f64::NEG_INFINITY, [0.0; 3]); OUTERMOST];
    let directions: Vec<Vector> = directions.collect();
    for p in &mesh.vertices {
        for (direction, best) in directions.iter().zip(&mut found) {
            let along = direction[0] * p.x + direction[1] * p.y + direction[2] * p.z;
            if along > best.0 {
                *best = (along, (*p).into());
            }
        }
    }
    found.into_iter().map(|(_, point)| point).collect()
}

/// Frames along pairs of the largest flat sides; the first is as drawn.
fn frames(mesh: &TriMesh) -> Vec<Rotation> {
    let mut areas: BTreeMap<[i64; 3], (f64, Vector)> = BTreeMap::new();
    for triangle in &mesh.triangles {
        let [a, b, c] = triangle.map(|v| mesh.vertices[v as usize]);
        let normal = (b - a).cross(&(c - a));
        let size = normal.norm();
        if size > 0.0 && size.is_finite() {
            // Opposite sides are one.
            let unit = normal / size;
            let first = unit.iter().find(|x| x.abs() > 1e-4).copied().unwrap_or(1.0);
            let unit = unit * first.signum();
            let key = [unit.x, unit.y, unit.z].map(|x| (x * 1e4).round() as i64);
            areas.entry(key).or_insert((0.0, unit.into())).0 += size;
        }
    }
    let mut sides: Vec<(f64, Vector)> = areas.into_values().collect();
    sides.sort_by(|a, b| b.0.total_cmp(&a.0));
    let sides: Vec<Vector> = sides.into_iter().take(SIDES).map(|(_, side)| side).collect();
    let mut frames = vec![DRAWN];
    for (k, one) in sides.iter().enumerate() {
        frames.extend(
            sides
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != k)
                .filter_map(|(_, other)| frame(*one, *other)),
        );
    }
    frames
}

/// The frame whose last axis is one direction and whose first is nearest to another.
fn frame(up: Vector, near: Vector) -> Option<Rotation> {
    let across = minus(near, times(up, dot(up, near)));
    let x = (length(across) > 0.1).then(|| unit(across))?;
    Some([x, cross(up, x), up])
}

fn random(rng: &mut Pcg64) -> Rotation {
    let mut direction = || [(); 3].map(|()| rng.random_range(-1.0..1.0));
    loop {
        let [up, near] = [direction(), direction()];
        if length(up) > 0.1
            && let Some(frame) = frame(unit(up), near)
        {
            return frame;
        }
    }
}

/// The rotation to which small turns lead from one, each of less cost.
fn improved(from: Rotation, cost: &dyn Fn(&Rotation) -> f64) -> Rotation {
    let (mut best, mut least) = (from, cost(&from));
    for halved in 0..HALVED {
        let angle = FIRST_TURN * 0.5_f64.powi(halved);
        for _ in 0..8 {
            let turns = [0, 1, 2].into_iter().flat_map(|axis| [(axis, angle), (axis, -angle)]);
            let tried = turns.map(|(axis, angle)| then(&best, &about(axis, angle)));
            let Some((next, by)) = tried
                .map(|by| (cost(&by), by))
                .min_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(next, _)| *next < least)
            else {
                break;
            };
            (best, least) = (by, next);
        }
    }
    best
}

/// A turn about an axis.
fn about(axis: usize, angle: f64) -> Rotation {
    let (sin, cos) = angle.sin_cos();
    let (p, q) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut by = DRAWN;
    by[p][p] = cos;
    by[q][q] = cos;
    by[p][q] = -sin;
    by[q][p] = sin;
    by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ball, cuboid};

    fn askew(mesh: &TriMesh) -> TriMesh {
        let rotation = then(&then(&about(0, 0.3), &about(1, 1.1)), &about(2, -0.7));
        mesh.posed(&Pose { rotation, translation: [5.0, -3.0, 2.0] })
    }

    fn assert_rotation(by: &Rotation) {
        let back = [0, 1, 2].map(|k| by.map(|row| row[k]));
        let product = then(by, &back);
        for (row, drawn) in product.iter().flatten().zip(DRAWN.iter().flatten()) {
            assert!((row - drawn).abs() < 1e-12, "{by:?}");
        }
        let [x, y, z] = by;
        let det: f64 = (0..3)
            .map(|k| x[k] * (y[(k + 1) % 3] * z[(k + 2) % 3] - y[(k + 2) % 3] * z[(k + 1) % 3]))
            .sum();
        assert!((det - 1.0).abs() < 1e-12, "mirrored: {by:?}");
    }

    #[test]
    fn what_is_drawn_askew_is_set_straight() {
        let mesh = askew(&cuboid([0.0; 3], [10.0, 20.0, 40.0]));
        let by = straightened(&mesh, &[[100.0; 3]]).expect("its box is far too large");
        assert_rotation(&by);
        let mut size = true_extent(&mesh, &by);
        size.sort_by(f64::total_cmp);
        for (edge, true_edge) in size.into_iter().zip([10.0, 20.0, 40.0]) {
            assert!((edge - true_edge).abs() < 1e-6, "{size:?}");
        }
        assert_eq!(straightened(&cuboid([0.0; 3], [10.0, 20.0, 40.0]), &[[100.0; 3]]), None);
        assert_eq!(straightened(&ball(10.0, 24), &[[100.0; 3]]), None);
    }

    #[test]
    fn what_is_too_long_is_laid_across() {
        let rod = cuboid([0.0; 3], [2.0, 2.0, 130.0]);
        let by = straightened(&rod, &[[100.0, 100.0, 50.0]])
            .expect("there is room from corner to corner");
        assert_rotation(&by);
        assert!(over(true_extent(&rod, &by), [100.0, 100.0, 50.0]) <= 0.0);
        assert_eq!(straightened(&rod, &[[50.0, 50.0, 100.0]]), None, "longer than the diagonal");
    }
}
