//! The best surface over an outline without points in between.

use nalgebra::{Point3, Vector3};

use super::outline::{Edges, Outline};

/// Longest outline; the cost grows with the cube.
pub(super) const LONGEST: usize = 200;

/// What a surface costs, in the order in which it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) struct Cost {
    /// Edges that must not be.
    pub(super) forbidden: u32,
    /// Angles between neighbours, in radians, times the length of their edge, mm.
    bend: f64,
    /// Twice the area, mm², and a little for outlines of triangles.
    pub(super) area: f64,
}

impl Cost {
    fn and(self, other: Self) -> Self {
        Self {
            forbidden: self.forbidden + other.forbidden,
            bend: self.bend + other.bend,
            area: self.area + other.area,
        }
    }

    /// Whether it is the lesser one. Bends that rounding may have made different are the same.
    fn is_below(&self, other: &Self, slack: f64) -> bool {
        if self.forbidden != other.forbidden {
            return self.forbidden < other.forbidden;
        }
        if (self.bend - other.bend).abs() > slack {
            return self.bend < other.bend;
        }
        self.area < other.area
    }
}

/// Bends whose difference is below this share of the outline's length are the same, radians.
const SAME: f64 = 1e-9;

/// Twice the area of a triangle, and a little for its outline, so that flat outlines do not get
/// long thin triangles.
fn area(a: Point3<f64>, b: Point3<f64>, c: Point3<f64>) -> f64 {
    let (u, v) = (b - a, c - a);
    u.cross(&v).norm() + 1e-6 * (u.norm_squared() + v.norm_squared() + (c - b).norm_squared())
}

/// The angle between two unit normals, radians; none beside a triangle without area.
fn angle(n: &Vector3<f64>, m: &Vector3<f64>) -> f64 {
    n.cross(m).norm().atan2(n.dot(m))
}

/// The best triangulation, its triangles by number of point, and what it costs.
///
/// By the scheme of Barequet and Sharir (1995): the best over points i … k is the best choice of
/// the corner between them. Best is what bends least, at edges within and at the outline, each by
/// its length; of equals, what has the least area. Liepa (2003) has the greatest angle in place
/// of the sum, which rounds sharp edges off: an edge of 90° is exchanged for several of 45°. As
/// with Liepa's, the triangle beyond an inner edge is taken from the best surface there, whatever
/// comes to lie on this side: the result is the best but for that.
pub(super) fn best(outline: &Outline, edges: &Edges) -> (Vec<[u32; 3]>, Cost) {
    let (n, points) = (outline.len(), &outline.points);
    if n == 3 {
        let bend = Cost { area: area(points[0], points[1], points[2]), ..Cost::default() };
        return (vec![[0, 1, 2]], bend);
    }
    let at = |i: usize, k: usize| i * n + k;
    let length: f64 = (0..n).map(|i| (points[(i + 1) % n] - points[i]).norm()).sum();
    let mut cost = vec![Cost::default(); n * n];
    let mut corner = vec![0_u32; n * n];
    let mut normal = vec![Vector3::zeros(); n * n];
    for i in 0..n - 1 {
        normal[at(i, i + 1)] = outline.beyond[i];
    }
    for gap in 2..n {
        for i in 0..n - gap {
            let k = i + gap;
            let mut least: Option<(Cost, usize, Vector3<f64>)> = None;
            for j in i + 1..k {
                let (a, b, c) = (points[i], points[j], points[k]);
                let own = (b - a).cross(&(c - a)).try_normalize(0.0).unwrap_or_default();
                let mut total = cost[at(i, j)].and(cost[at(j, k)]);
                total.area += area(a, b, c);
                total.bend += angle(&own, &normal[at(i, j)]) * (b - a).norm();
                total.bend += angle(&own, &normal[at(j, k)]) * (c - b).norm();
                if gap == n - 1 {
                    total.bend += angle(&own, &outline.beyond[k]) * (c - a).norm();
                }
                if least.is_none_or(|(best, ..)| total.is_below(&best, SAME * length)) {
                    least = Some((total, j, own));
                }
            }
            let Some((mut total, j, own)) = least else { continue };
            if gap < n - 1 && edges.forbid(outline.vertices[i], outline.vertices[k]) {
                total.forbidden += 1;
            }
            (cost[at(i, k)], corner[at(i, k)], normal[at(i, k)]) = (total, j as u32, own);
        }
    }
    let mut triangles = Vec::with_capacity(n - 2);
    let mut spans = vec![(0, n - 1)];
    while let Some((i, k)) = spans.pop() {
        if k - i < 2 {
            continue;
        }
        let j = corner[at(i, k)] as usize;
        triangles.push([i as u32, j as u32, k as u32]);
        spans.extend([(i, j), (j, k)]);
    }
    (triangles, cost[at(0, n - 1)])
}
