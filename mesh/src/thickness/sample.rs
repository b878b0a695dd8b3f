//! Places on a surface to look at, the same every time.

use nalgebra::Point3;

use super::ThicknessLimits;
use crate::TriMesh;

/// A place on a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) triangle: u32,
    pub(super) at: Point3<f64>,
    /// Whether it stands for a share of the area.
    pub(super) by_area: bool,
}

/// At least so many samples by area, however small the part.
const SAMPLES_MIN: f64 = 1000.0;

/// Half of the samples evenly by area, about half a limit apart where the number allows; the
/// other half by triangle, because a small feature of a large part has many small triangles but
/// hardly any area.
pub(super) fn samples(mesh: &TriMesh, limits: &ThicknessLimits) -> Vec<Sample> {
    let half = limits.samples / 2;
    let mut all = by_area(mesh, limits, limits.samples - half);
    let n = mesh.triangles.len();
    let taken = n.min(half);
    for i in 0..taken {
        // Spread over all triangles; the order of files keeps neighbours together.
        let t = (i as u64 * n as u64 / taken as u64) as usize;
        let [a, b, c] = mesh.corners(t).map(|p| p.coords);
        let at = Point3::from((a + b + c) / 3.0);
        all.push(Sample { triangle: t as u32, at, by_area: false });
    }
    all
}

fn by_area(mesh: &TriMesh, limits: &ThicknessLimits, most: usize) -> Vec<Sample> {
    let areas: Vec<f64> =
        (0..mesh.triangles.len()).map(|t| mesh.normal_times_area(t).norm()).collect();
    let total: f64 = areas.iter().sum();
    let step = limits.wall_mm.min(limits.feature_mm) / 2.0;
    let count = (total / (step * step)).max(SAMPLES_MIN).min(most as f64) as usize;
    let mut all = Vec::with_capacity(count);
    let (mut sum, mut t) = (0.0, 0);
    for i in 0..count {
        let target = total * (i as f64 + 0.5) / count as f64;
        while t < areas.len() && sum + areas[t] < target {
            sum += areas[t];
            t += 1;
        }
        if t == areas.len() {
            break;
        }
        all.push(Sample { triangle: t as u32, at: place(mesh, t, i), by_area: true });
    }
    all
}

/// The `i`-th place of an even sequence over a triangle (Roberts' R2 sequence).
fn place(mesh: &TriMesh, t: usize, i: usize) -> Point3<f64> {
    let mut u = (0.3 + 0.754_877_666_246_692_7 * i as f64).fract();
    let mut v = (0.4 + 0.569_840_290_998_053_3 * i as f64).fract();
    if u + v > 1.0 {
        (u, v) = (1.0 - u, 1.0 - v);
    }
    let [a, b, c] = mesh.corners(t);
    a + (b - a) * u + (c - a) * v
}
