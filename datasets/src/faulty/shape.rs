//! Small shapes and distances that the injector needs.

use std::collections::HashMap;

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

/// A sphere of triangles of nearly one size: an icosahedron divided `times` times.
pub(super) fn icosphere(centre: Point3<f64>, radius: f64, times: usize) -> TriMesh {
    const FACES: [[u32; 3]; 20] = [
        [0, 11, 5],
        [0, 5, 1],
        [0, 1, 7],
        [0, 7, 10],
        [0, 10, 11],
        [1, 5, 9],
        [5, 11, 4],
        [11, 10, 2],
        [10, 7, 6],
        [7, 1, 8],
        [3, 9, 4],
        [3, 4, 2],
        [3, 2, 6],
        [3, 6, 8],
        [3, 8, 9],
        [4, 9, 5],
        [2, 4, 11],
        [6, 2, 10],
        [8, 6, 7],
        [9, 8, 1],
    ];
    let g = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let corners = [
        [-1.0, g, 0.0],
        [1.0, g, 0.0],
        [-1.0, -g, 0.0],
        [1.0, -g, 0.0],
        [0.0, -1.0, g],
        [0.0, 1.0, g],
        [0.0, -1.0, -g],
        [0.0, 1.0, -g],
        [g, 0.0, -1.0],
        [g, 0.0, 1.0],
        [-g, 0.0, -1.0],
        [-g, 0.0, 1.0],
    ];
    let mut vertices: Vec<Vector3<f64>> =
        corners.iter().map(|&c| Vector3::from(c).normalize()).collect();
    let mut triangles = FACES.to_vec();
    for _ in 0..times {
        let mut middles = HashMap::new();
        let mut middle = |a: u32, b: u32| {
            *middles.entry((a.min(b), a.max(b))).or_insert_with(|| {
                vertices.push((vertices[a as usize] + vertices[b as usize]).normalize());
                vertices.len() as u32 - 1
            })
        };
        let divide = |&[a, b, c]: &[u32; 3]| {
            let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
            [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]
        };
        triangles = triangles.iter().flat_map(divide).collect();
    }
    TriMesh { vertices: vertices.iter().map(|v| centre + v * radius).collect(), triangles }
}

/// The mesh turned inside out.
pub(super) fn reversed(mesh: &TriMesh) -> TriMesh {
    let triangles = mesh.triangles.iter().map(|&[a, b, c]| [a, c, b]).collect();
    TriMesh { vertices: mesh.vertices.clone(), triangles }
}

/// The mesh moved.
pub(super) fn moved(mesh: &TriMesh, by: Vector3<f64>) -> TriMesh {
    let vertices = mesh.vertices.iter().map(|v| v + by).collect();
    TriMesh { vertices, triangles: mesh.triangles.clone() }
}

/// A tetrahedron, outward whatever the order of its corners.
pub(super) fn tetrahedron(corners: [Point3<f64>; 4]) -> TriMesh {
    let triangles = vec![[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]];
    let mesh = TriMesh { vertices: corners.to_vec(), triangles };
    if mesh.volume() < 0.0 { reversed(&mesh) } else { mesh }
}

/// The size of a mesh's box.
pub(super) fn size(mesh: &TriMesh) -> Vector3<f64> {
    mesh.bounds().map_or_else(Vector3::zeros, |b| b.size().into())
}

/// How often the surface winds around a point (Van Oosterom and Strackee 1983).
pub(super) fn winding(mesh: &TriMesh, p: Point3<f64>) -> f64 {
    let solid_angle = |t: usize| {
        let [a, b, c] = mesh.corners(t).map(|v| v - p);
        let (la, lb, lc) = (a.norm(), b.norm(), c.norm());
        let below = la * lb * lc + a.dot(&b) * lc + b.dot(&c) * la + c.dot(&a) * lb;
        2.0 * a.dot(&b.cross(&c)).atan2(below)
    };
    (0..mesh.triangles.len()).map(solid_angle).sum::<f64>() / (4.0 * std::f64::consts::PI)
}

/// Distance of a point from the surface, mm.
pub(super) fn distance(mesh: &TriMesh, p: Point3<f64>) -> f64 {
    let all = (0..mesh.triangles.len()).map(|t| (nearest(mesh.corners(t), p) - p).norm());
    all.fold(f64::INFINITY, f64::min)
}

/// The point of a triangle nearest to `p` (Ericson, Real-Time Collision Detection, 5.1.5).
fn nearest([a, b, c]: [Point3<f64>; 3], p: Point3<f64>) -> Point3<f64> {
    let (ab, ac, ap) = (b - a, c - a, p - a);
    let (d1, d2) = (ab.dot(&ap), ac.dot(&ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return a;
    }
    let (d3, d4) = (ab.dot(&(p - b)), ac.dot(&(p - b)));
    if d3 >= 0.0 && d4 <= d3 {
        return b;
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return a + ab * (d1 / (d1 - d3));
    }
    let (d5, d6) = (ab.dot(&(p - c)), ac.dot(&(p - c)));
    if d6 >= 0.0 && d5 <= d6 {
        return c;
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return a + ac * (d2 / (d2 - d6));
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 >= d3 && d5 >= d6 {
        return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
    }
    let below = 1.0 / (va + vb + vc);
    a + ab * (vb * below) + ac * (vc * below)
}

/// Distance from `from` along the unit vector `along` to the next triangle.
pub(super) fn ray(mesh: &TriMesh, from: Point3<f64>, along: Vector3<f64>) -> f64 {
    let mut first = f64::INFINITY;
    for t in 0..mesh.triangles.len() {
        let [a, b, c] = mesh.corners(t);
        let (ab, ac) = (b - a, c - a);
        let h = along.cross(&ac);
        let below = ab.dot(&h);
        if below == 0.0 {
            continue;
        }
        let s = from - a;
        let u = s.dot(&h) / below;
        let q = s.cross(&ab);
        let v = along.dot(&q) / below;
        let d = ac.dot(&q) / below;
        if u >= 0.0 && v >= 0.0 && u + v <= 1.0 && d > 1e-6 {
            first = first.min(d);
        }
    }
    first
}

/// A point well within the solid, and its distance from the surface.
pub(super) fn deep_point(mesh: &TriMesh, rng: &mut Pcg64) -> Option<(Point3<f64>, f64)> {
    let mut best = None;
    for _ in 0..24 {
        let t = rng.random_range(0..mesh.triangles.len());
        let inward = -super::work::normal(mesh, t);
        let [a, b, c] = mesh.corners(t);
        let from = a + ((b - a) + (c - a)) / 3.0;
        let through = ray(mesh, from, inward);
        if !through.is_finite() {
            continue;
        }
        let p = from + inward * (through / 2.0);
        let clear = distance(mesh, p);
        if best.is_none_or(|(_, least)| clear > least) && winding(mesh, p) > 0.5 {
            best = Some((p, clear));
        }
    }
    best
}

/// A number between `low` and `high`.
pub(super) fn draw(rng: &mut Pcg64, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}
