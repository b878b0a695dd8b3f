//! Outlines of generated bodies that stand on a plate.

use std::sync::OnceLock;

use nalgebra::{Point3, Rotation3, Vector3};
use platewright_mesh::{Polygon, TriMesh, silhouette};
use rand::RngExt;
use rayon::prelude::*;

use crate::family::{Family, families};
use crate::night::stream::stream;

/// Seed of the bodies: jobs of all seeds take their outlines from the same ones.
const SEED: u64 = 1;
/// Bodies of each family.
const BODIES: usize = 4;
/// Share of the silhouette that its largest region must have: the rest is left out.
const WHOLE: f64 = 0.95;
/// How far an outline may lie from the silhouette, mm.
const TOLERANCE: f64 = 0.03;
/// Coordinates are whole multiples of this, mm: one thousandth.
const STEPS: f64 = 1000.0;
/// Directions in which the corners of a body are looked for, besides those of a cube.
const DIRECTIONS: usize = 24;
/// Of the stable faces, as many are drawn from; those that put the body's weight lowest.
const FACES: usize = 3;

/// The outline of a body on a plate.
pub(super) struct Silhouette {
    /// Family of the body.
    pub(super) name: &'static str,
    /// Corners counter-clockwise, mm.
    pub(super) outline: Vec<[f64; 2]>,
}

/// Silhouettes of a few bodies of each family, each on a stable face drawn at random: always the
/// same ones, made once.
pub(super) fn pool() -> &'static [Silhouette] {
    static POOL: OnceLock<Vec<Silhouette>> = OnceLock::new();
    POOL.get_or_init(|| {
        let bodies = families().iter().flat_map(|family| (0..BODIES).map(move |n| (family, n)));
        let bodies: Vec<(&Family, usize)> = bodies.collect();
        bodies.into_par_iter().filter_map(|(family, n)| body(family, n)).collect()
    })
}

/// The silhouette of one body; none if it falls apart.
fn body(family: &Family, n: usize) -> Option<Silhouette> {
    let mut rng = stream(SEED, &format!("plates/body/{}/{n}", family.name));
    let scale = f64::midpoint(family.size[0], family.size[1]);
    let mesh = (family.make)(&mut rng, scale);
    let faces = stable_faces(&mesh);
    let down = match faces.len() {
        0 => -Vector3::z(),
        all => faces[rng.random_range(0..all.min(FACES))],
    };
    let regions = silhouette(&laid(&mesh, &down));
    let area: f64 = regions.iter().map(Polygon::area).sum();
    let largest = regions.into_iter().next()?;
    let whole = largest.area() >= WHOLE * area;
    whole.then_some(Silhouette { name: family.name, outline: largest.outer })
}

/// The body with a direction turned downwards.
fn laid(mesh: &TriMesh, down: &Vector3<f64>) -> TriMesh {
    // Two opposite directions have no one rotation between them: any half turn will do.
    let turn = Rotation3::rotation_between(down, &-Vector3::z())
        .unwrap_or_else(|| Rotation3::from_axis_angle(&Vector3::x_axis(), std::f64::consts::PI));
    let vertices = mesh.vertices.iter().map(|v| turn * v).collect();
    TriMesh { vertices, triangles: mesh.triangles.clone() }
}

/// Outward normals of the faces of its hull that a body can stand on, the one on which its
/// weight is lowest first.
///
/// The hull is that of its extreme corners in some fifty directions. A plane through three of
/// them with all others on one side is a face; the body stands on it if the three are around the
/// foot of its centre of gravity.
pub(super) fn stable_faces(mesh: &TriMesh) -> Vec<Vector3<f64>> {
    let corners = extremes(mesh);
    let centre = centroid(mesh);
    let Some(first) = corners.first() else { return Vec::new() };
    let size = corners.iter().map(|p| (p - first).norm()).fold(0.0, f64::max);
    let flat = 1e-6 * size;
    let mut faces: Vec<(f64, Vector3<f64>)> = Vec::new();
    let n = corners.len();
    for (i, j) in (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))) {
        for k in j + 1..n {
            let [a, b, c] = [corners[i], corners[j], corners[k]];
            let across = (b - a).cross(&(c - a));
            if across.norm() <= flat * size {
                continue;
            }
            let mut normal = across.normalize();
            // The centre is inside: its side is not the outer one.
            if normal.dot(&(centre - a)) > 0.0 {
                normal = -normal;
            }
            let height = normal.dot(&(a - centre));
            let around = corners.iter().all(|p| normal.dot(&(p - a)) <= flat);
            let known = faces.iter().any(|(_, f)| f.dot(&normal) > 1.0 - 1e-6);
            if around && !known && over(&centre, [a, b, c], &across) {
                faces.push((height, normal));
            }
        }
    }
    faces.sort_by(|one, other| one.0.total_cmp(&other.0));
    faces.into_iter().map(|(_, normal)| normal).collect()
}

/// Whether the foot of a point on a triangle's plane is in the triangle.
fn over(p: &Point3<f64>, corners: [Point3<f64>; 3], across: &Vector3<f64>) -> bool {
    (0..3).all(|k| {
        let (a, b) = (corners[k], corners[(k + 1) % 3]);
        (b - a).cross(&(p - a)).dot(across) >= 0.0
    })
}

/// The corners that are furthest in some directions, each once.
fn extremes(mesh: &TriMesh) -> Vec<Point3<f64>> {
    let cube = (0..27).map(|k| [k % 3, k / 3 % 3, k / 9].map(|x| f64::from(x - 1)));
    // Points of a golden spiral are spread evenly over a sphere.
    let spiral = (0..DIRECTIONS).map(|k| {
        let z = 1.0 - (2.0 * k as f64 + 1.0) / DIRECTIONS as f64;
        let (sin, cos) = (k as f64 * 2.399_963_229_728_653).sin_cos();
        let r = (1.0 - z * z).sqrt();
        [r * cos, r * sin, z]
    });
    let furthest = |d: Vector3<f64>| {
        let along = |v: &Point3<f64>| d.dot(&v.coords);
        (0..mesh.vertices.len())
            .max_by(|i, j| along(&mesh.vertices[*i]).total_cmp(&along(&mesh.vertices[*j])))
    };
    let directions = cube.chain(spiral).map(Vector3::from).filter(|d| d.norm() > 0.5);
    let mut found: Vec<usize> = directions.filter_map(furthest).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|v| mesh.vertices[v]).collect()
}

/// Centre of gravity of a closed body.
fn centroid(mesh: &TriMesh) -> Point3<f64> {
    let Some(&origin) = mesh.vertices.first() else { return Point3::origin() };
    let (mut six, mut sum) = (0.0, Vector3::zeros());
    for t in 0..mesh.triangles.len() {
        let [a, b, c] = mesh.corners(t).map(|p| p - origin);
        let volume = a.dot(&b.cross(&c));
        six += volume;
        sum += volume / 4.0 * (a + b + c);
    }
    if six == 0.0 { origin } else { origin + sum / six }
}

/// An outline whose box has that longer side, its least corner at the origin, without corners
/// that make no difference, in thousandths of a mm; none if it would touch itself.
pub(super) fn scaled(outline: &[[f64; 2]], longer: f64) -> Option<Vec<[f64; 2]>> {
    let (low, high) = bounds(outline);
    let factor = longer / (high[0] - low[0]).max(high[1] - low[1]);
    let mm: Vec<[f64; 2]> =
        outline.iter().map(|p| [0, 1].map(|k| (p[k] - low[k]) * factor)).collect();
    let rounded = |ring: &[[f64; 2]]| {
        let whole = ring.iter().map(|p| p.map(|x| (x * STEPS).round() as i64));
        let mut ring: Vec<[i64; 2]> = whole.collect();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    };
    let thinned = [rounded(&thin(&mm)), rounded(&mm)];
    let simple = thinned.into_iter().find(|ring| is_simple(ring))?;
    Some(simple.into_iter().map(|p| p.map(|x| x as f64 / STEPS)).collect())
}

pub(super) fn bounds(ring: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let over = |k: usize, f: fn(f64, f64) -> f64, from| ring.iter().map(|p| p[k]).fold(from, f);
    let low = [0, 1].map(|k| over(k, f64::min, f64::INFINITY));
    (low, [0, 1].map(|k| over(k, f64::max, f64::NEG_INFINITY)))
}

/// The ring without corners that lie within the tolerance of the line past them (Douglas and
/// Peucker 1973), starting from two corners that are far apart.
fn thin(ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let from = |a: [f64; 2]| move |p: &[f64; 2]| (p[0] - a[0]).hypot(p[1] - a[1]);
    let far = from(ring[0]);
    let half = (0..ring.len()).max_by(|i, j| far(&ring[*i]).total_cmp(&far(&ring[*j])));
    let half = half.expect("an outline has corners");
    let closed: Vec<[f64; 2]> = ring.iter().chain(&ring[..1]).copied().collect();
    let mut kept = vec![false; ring.len() + 1];
    (kept[0], kept[half]) = (true, true);
    let mut spans = vec![(0, half), (half, ring.len())];
    while let Some((start, end)) = spans.pop() {
        let off = |i: &usize| off_line(closed[*i], closed[start], closed[end]);
        let worst = (start + 1..end).max_by(|i, j| off(i).total_cmp(&off(j)));
        if let Some(worst) = worst.filter(|i| off(i) > TOLERANCE) {
            kept[worst] = true;
            spans.extend([(start, worst), (worst, end)]);
        }
    }
    (0..ring.len()).filter(|i| kept[*i]).map(|i| ring[i]).collect()
}

/// Distance of a point from a line's piece between two others.
fn off_line(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let d = [b[0] - a[0], b[1] - a[1]];
    let length = d[0] * d[0] + d[1] * d[1];
    let along = (p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1];
    let at = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    (p[0] - a[0] - at * d[0]).hypot(p[1] - a[1] - at * d[1])
}

/// Whether no two edges touch but neighbours at their common corner.
pub(super) fn is_simple(ring: &[[i64; 2]]) -> bool {
    let n = ring.len();
    let edge = |i: usize| [ring[i], ring[(i + 1) % n]];
    n >= 3
        && (0..n).all(|i| {
            let [a, b] = edge(i);
            // The next edge may turn back on to this one.
            let next = edge((i + 1) % n)[1];
            let back = side(a, b, next) == 0 && dot(a, b, next) < 0;
            !back && (i + 2..n).all(|j| (i == 0 && j == n - 1) || !touch([a, b], edge(j)))
        })
}

fn touch([a, b]: [[i64; 2]; 2], [c, d]: [[i64; 2]; 2]) -> bool {
    let boxes =
        (0..2).all(|k| a[k].max(b[k]) >= c[k].min(d[k]) && c[k].max(d[k]) >= a[k].min(b[k]));
    let apart = |one: i64, other: i64| one.signum() * other.signum() > 0;
    boxes && !apart(side(a, b, c), side(a, b, d)) && !apart(side(c, d, a), side(c, d, b))
}

/// Twice the area of a triangle, positive if it turns left.
fn side(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// How far the way from `b` to `c` goes on in the direction from `a` to `b`.
fn dot(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
}
