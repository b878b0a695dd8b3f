//! Surfaces over holes with triangles as large as those around.
//!
//! A triangle is divided at its middle where that is further from its corners than edges are long
//! there (the mean at each corner of the outline, interpolated inwards); then edges are turned
//! that are not Delaunay, until nothing is left to divide. After Liepa 2003, "Filling holes in
//! meshes", section 4; differs in that an edge is not turned where it is sharp, or where the
//! surface would fold or have an edge twice. No point of the outline moves, and new ones lie
//! within its convex hull.

use std::collections::BTreeMap;

use nalgebra::Point3;

use super::Patch;
use super::outline::{Edges, Outline};

/// A triangle is divided where its middle is further than this share of the usual edge from each
/// corner: Liepa's √2, the other way round.
const DENSITY: f64 = std::f64::consts::FRAC_1_SQRT_2;
/// Most passes over all triangles: each divides edges by about √3.
const PASSES: usize = 24;
/// An edge is turned if its opposite angles exceed two right ones by this sine, so that rounding
/// turns none back and forth.
const SLACK: f64 = 1e-9;

/// The refined patch; `None` if its triangles are as large as those around already.
///
/// A round hole with `n` equal edges takes about `n² / 11` points; no patch has more than twice
/// that, nor more than `most`, so that a single very small edge does not cost much.
pub(super) fn refined(
    outline: &Outline,
    patch: &Patch,
    edges: &Edges,
    most: usize,
) -> Option<Patch> {
    let most = outline.len() + most.min(16 + outline.len().pow(2) / 5);
    let usual: Option<Vec<f64>> =
        outline.vertices.iter().map(|&v| edges.usual_length(v).filter(|&l| l > 0.0)).collect();
    let mut surface = Surface {
        outline,
        edges,
        points: outline.points.iter().chain(&patch.points).copied().collect(),
        usual: usual?,
        triangles: patch.triangles.clone(),
        beside: BTreeMap::new(),
    };
    if surface.points.len() > outline.len() {
        return None;
    }
    (0..surface.triangles.len()).for_each(|t| surface.enter(t));
    for _ in 0..PASSES {
        if !surface.divide(most) {
            break;
        }
        surface.relax();
    }
    let points = surface.points.split_off(outline.len());
    (!points.is_empty()).then_some(Patch { triangles: surface.triangles, points })
}

/// Cosine of the angle from which on an edge is sharp and stays: 30°.
const SHARP: f64 = 0.866;

struct Surface<'a> {
    outline: &'a Outline,
    edges: &'a Edges,
    /// Points of the outline, then those within.
    points: Vec<Point3<f64>>,
    /// Length of edges at each point, mm.
    usual: Vec<f64>,
    triangles: Vec<[u32; 3]>,
    /// The triangle on the left of each side.
    beside: BTreeMap<(u32, u32), usize>,
}

impl Surface<'_> {
    fn enter(&mut self, t: usize) {
        let tri = self.triangles[t];
        for k in 0..3 {
            self.beside.insert((tri[k], tri[(k + 1) % 3]), t);
        }
    }

    /// Divides triangles that are too large at their middles until there are so many points; tells
    /// whether any was.
    fn divide(&mut self, most: usize) -> bool {
        let before = self.points.len();
        for t in 0..self.triangles.len() {
            let tri = self.triangles[t];
            let [a, b, c] = tri.map(|v| self.points[v as usize].coords);
            let middle = Point3::from((a + b + c) / 3.0);
            let own = tri.iter().map(|&v| self.usual[v as usize]).sum::<f64>() / 3.0;
            let far = |v: &u32| {
                let usual = own.max(self.usual[*v as usize]);
                (middle - self.points[*v as usize]).norm() > DENSITY * usual
            };
            if !tri.iter().all(far) || self.points.len() >= most {
                continue;
            }
            let new = self.points.len() as u32;
            self.points.push(middle);
            self.usual.push(own);
            self.triangles[t] = [tri[0], tri[1], new];
            self.triangles.extend([[tri[1], tri[2], new], [tri[2], tri[0], new]]);
            let last = self.triangles.len();
            [t, last - 2, last - 1].into_iter().for_each(|t| self.enter(t));
            (0..3).for_each(|k| {
                self.turn(tri[k], tri[(k + 1) % 3]);
            });
        }
        self.points.len() > before
    }

    /// Turns edges until all are Delaunay; on a bent surface that may never be, so that passes
    /// are bounded.
    fn relax(&mut self) {
        for _ in 0..PASSES {
            let inner: Vec<(u32, u32)> =
                self.beside.keys().filter(|(a, b)| a < b).copied().collect();
            let turned = inner.into_iter().filter(|&(a, b)| self.turn(a, b)).count();
            if turned == 0 {
                break;
            }
        }
    }

    /// Turns the edge between two points if that makes its triangles better; tells whether.
    fn turn(&mut self, a: u32, b: u32) -> bool {
        let (Some(&t), Some(&u)) = (self.beside.get(&(a, b)), self.beside.get(&(b, a))) else {
            return false;
        };
        let (c, d) = (opposite(self.triangles[t], a, b), opposite(self.triangles[u], a, b));
        let [pa, pb, pc, pd] = [a, b, c, d].map(|v| self.points[v as usize]);
        // The sine of the sum of the angles at c and d: negative where it is over two right ones.
        let angle = |at: Point3<f64>| {
            let (u, v) = (pa - at, pb - at);
            (u.cross(&v).norm(), u.dot(&v))
        };
        let ((sin_c, cos_c), (sin_d, cos_d)) = (angle(pc), angle(pd));
        let sum = sin_c * cos_d + cos_c * sin_d;
        if sum >= -SLACK * (sin_c.hypot(cos_c) * sin_d.hypot(cos_d)) {
            return false;
        }
        let (left, right) = ((pb - pa).cross(&(pc - pa)), (pa - pb).cross(&(pd - pb)));
        let normal = left + right;
        if left.dot(&right) < SHARP * (left.norm() * right.norm()) {
            return false;
        }
        let (first, second) = ((pa - pc).cross(&(pd - pc)), (pd - pc).cross(&(pb - pc)));
        if first.dot(&normal) <= 0.0 || second.dot(&normal) <= 0.0 || self.is_edge(c, d) {
            return false;
        }
        self.beside.remove(&(a, b));
        self.beside.remove(&(b, a));
        (self.triangles[t], self.triangles[u]) = ([c, a, d], [d, b, c]);
        self.enter(t);
        self.enter(u);
        true
    }

    /// Whether two points must not be joined, or are.
    fn is_edge(&self, c: u32, d: u32) -> bool {
        let on = |v: u32| self.outline.vertices.get(v as usize).copied();
        self.beside.contains_key(&(c, d))
            || self.beside.contains_key(&(d, c))
            || on(c).zip(on(d)).is_some_and(|(c, d)| self.edges.forbid(c, d))
    }
}

/// The corner of a triangle that is neither of two.
fn opposite(tri: [u32; 3], a: u32, b: u32) -> u32 {
    tri.into_iter().find(|&v| v != a && v != b).unwrap_or(a)
}
