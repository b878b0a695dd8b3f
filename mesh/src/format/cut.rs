//! Cutting of polygons into triangles.

use nalgebra::{Point3, Vector3};
use platewright_model::stage::{FaultCode, MeshFault, Severity};

use crate::inspect::fault;

/// Corners beyond which a polygon that is not convex is not cut by its ears: that takes up to
/// n² steps and more.
const MOST_CORNERS: u32 = 20_000;
/// Steps (triangle beside corner) that all polygons of a file may take together.
const MOST_STEPS: u64 = 4_000_000_000;

/// Polygons that were cut from their first corner, as places in a list of triangles.
#[derive(Debug, Default)]
pub(super) struct Polygons {
    /// First triangle and number of corners.
    places: Vec<(u32, u32)>,
}

impl Polygons {
    /// Notes the polygon of `corners` corners whose first triangle is `first`.
    pub(super) fn push(&mut self, first: u32, corners: u32) {
        self.places.push((first, corners));
    }

    /// Appends those of a part of the list that begins at triangle `base`.
    pub(super) fn append(&mut self, other: &Self, base: u32) {
        self.places.extend(other.places.iter().map(|&(first, n)| (first + base, n)));
    }

    /// Cuts those anew that are not convex as seen from their first corner.
    pub(super) fn cut(&self, vertices: &[[f64; 3]], triangles: &mut [[u32; 3]]) -> Vec<MeshFault> {
        let (mut steps, mut left) = (0, Vec::new());
        for &(first, n) in &self.places {
            let fan = &mut triangles[first as usize..(first + n - 2) as usize];
            let mut cutter = Cutter::new(vertices, fan);
            if cutter.is_fan() {
                continue;
            }
            if n > MOST_CORNERS || steps > MOST_STEPS {
                left.push(fan[0][0]);
                continue;
            }
            let cut = cutter.by_ears(&mut steps);
            fan.copy_from_slice(&cut);
        }
        let Some(&at) = left.first() else { return Vec::new() };
        let text = "polygons of very many corners that are not convex: cut from their first \
                    corner, the surface may overlap itself; export triangles";
        let code = FaultCode::UnsupportedContent;
        let at = Some(vertices[at as usize]);
        vec![fault(code, Severity::Warning, left.len() as u32, at, text)]
    }
}

/// A polygon, projected along its normal.
struct Cutter {
    corners: Vec<u32>,
    flat: Vec<[f64; 2]>,
}

impl Cutter {
    /// From the triangles of a cut from the first corner.
    fn new(vertices: &[[f64; 3]], fan: &[[u32; 3]]) -> Self {
        let mut corners = vec![fan[0][0], fan[0][1]];
        corners.extend(fan.iter().map(|t| t[2]));
        let point = |v: u32| Point3::from(vertices[v as usize]);
        let origin = point(corners[0]);
        // The normal as a sum of the fan (Newell), taken at the first corner against cancellation.
        let normal: Vector3<f64> =
            fan.iter().map(|t| (point(t[1]) - origin).cross(&(point(t[2]) - origin))).sum();
        // Leaving out the longest axis keeps the polygon as wide as can be; the sense is kept.
        let longest = normal.iamax();
        let (u, v) = ((longest + 1) % 3, (longest + 2) % 3);
        let (u, v) = if normal[longest] < 0.0 { (v, u) } else { (u, v) };
        let flat = corners.iter().map(|&c| point(c) - origin).map(|p| [p[u], p[v]]).collect();
        Self { corners, flat }
    }

    /// Whether the cut from the first corner covers the polygon: every triangle runs the same
    /// way as the whole, or has no area.
    fn is_fan(&self) -> bool {
        let mut pairs = self.flat[1..].windows(2);
        pairs.all(|pair| doubled_area(self.flat[0], pair[0], pair[1]) >= 0.0)
    }

    /// Cuts ear after ear off; what remains where there is no ear (a polygon that crosses
    /// itself) is cut from its first corner.
    fn by_ears(&mut self, steps: &mut u64) -> Vec<[u32; 3]> {
        let mut cut = Vec::with_capacity(self.corners.len() - 2);
        let mut left: Vec<usize> = (0..self.corners.len()).collect();
        let (mut at, mut tried) = (0, 0);
        while left.len() > 3 && tried < left.len() {
            let n = left.len();
            let ear = [left[(at + n - 1) % n], left[at], left[(at + 1) % n]];
            *steps += 1;
            if self.is_ear(ear, &left, steps) {
                cut.push(ear.map(|i| self.corners[i]));
                left.remove(at);
                // On to the next corner but one: taking neighbours in turn gives slivers.
                at = (at + 1) % left.len();
                tried = 0;
            } else {
                at = (at + 1) % n;
                tried += 1;
            }
        }
        for pair in left[1..].windows(2) {
            cut.push([left[0], pair[0], pair[1]].map(|i| self.corners[i]));
        }
        cut
    }

    /// Whether a corner sticks out and no other corner lies in its triangle.
    fn is_ear(&self, ear: [usize; 3], left: &[usize], steps: &mut u64) -> bool {
        let [a, b, c] = ear.map(|i| self.flat[i]);
        let area = doubled_area(a, b, c);
        if area < 0.0 {
            return false;
        }
        if area == 0.0 {
            // On a straight line: it goes without harm, unless the outline turns back here.
            let back = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]);
            return back <= 0.0;
        }
        *steps += left.len() as u64;
        // Bridges to holes use a place twice: corners at those of the ear do not count.
        left.iter().map(|&i| self.flat[i]).all(|p| {
            p == a
                || p == b
                || p == c
                || doubled_area(a, b, p) < 0.0
                || doubled_area(b, c, p) < 0.0
                || doubled_area(c, a, p) < 0.0
        })
    }
}

/// Twice the area of a triangle, positive if it runs counter-clockwise.
fn doubled_area(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

#[cfg(test)]
mod tests;
