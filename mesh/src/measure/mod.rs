//! Volume, area, centroid and inertia of a body.
//!
//! Sums run pairwise over a tree whose shape depends on the number of triangles only, so the
//! result has the same bytes on any number of threads, and the rounding error grows with the
//! logarithm of that number.

use nalgebra::{Matrix3, Point3, Vector3};
use rayon::prelude::*;

use crate::TriMesh;

/// What can be measured of a body of even density.
///
/// Volume, centroid and inertia are those of what the surface encloses, each region counted as
/// often as the surface runs around it; an inverted surface has a negative volume. They mean
/// nothing for a surface that does not close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Enclosed volume, mm³.
    pub volume_mm3: f64,
    /// Area of the surface, mm².
    pub surface_mm2: f64,
    /// Centre of the volume, mm; the middle of the bounding box if there is no volume.
    pub centroid: Point3<f64>,
    /// Moments of inertia about the centroid for a density of one per mm³, mm⁵; the products of
    /// inertia stand beside the diagonal with their minus sign.
    pub inertia: Matrix3<f64>,
}

/// Measures a body.
pub fn measure(mesh: &TriMesh) -> Measures {
    let middle = mesh.bounds().map_or_else(Point3::origin, |b| {
        Point3::from(std::array::from_fn::<f64, 3, _>(|k| b.min[k] + (b.max[k] - b.min[k]) / 2.0))
    });
    let parts: Vec<Sums> =
        mesh.triangles.par_chunks(BLOCK).map(|block| Sums::of(mesh, block, middle)).collect();
    let sums = pairwise(&parts);
    let volume = sums.volume / 6.0;
    let first = sums.first / 24.0;
    let has_volume = volume != 0.0 && (first / volume).iter().all(|x| x.is_finite());
    let offset = if has_volume { first / volume } else { Vector3::zeros() };
    let [xx, yy, zz, xy, yz, zx] = sums.second;
    let second = Matrix3::new(xx, xy, zx, xy, yy, yz, zx, yz, zz) / 120.0;
    let central = second - offset * offset.transpose() * volume;
    Measures {
        volume_mm3: volume,
        surface_mm2: sums.area / 2.0,
        centroid: middle + offset,
        inertia: Matrix3::identity() * central.trace() - central,
    }
}

/// Triangles summed up one after the other, within a pairwise sum of such blocks.
const BLOCK: usize = 64;

/// Integrals over the tetrahedra to a common point, each times a constant.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    /// 2 × area.
    area: f64,
    /// 6 × volume.
    volume: f64,
    /// 24 × integral of the place.
    first: Vector3<f64>,
    /// 120 × integrals of xx, yy, zz, xy, yz, zx.
    second: [f64; 6],
}

impl Sums {
    /// Tetrahedra between `middle` and triangles. For one with corners 0, a, b, c and six-fold
    /// volume d, the integral of x·y is d/120 · (Σ x · Σ y + Σ x·y), the sums over a, b, c.
    fn of(mesh: &TriMesh, triangles: &[[u32; 3]], middle: Point3<f64>) -> Self {
        let mut sums = Self::default();
        for triangle in triangles {
            let [a, b, c] = triangle.map(|v| mesh.vertices[v as usize] - middle);
            sums.area += (b - a).cross(&(c - a)).norm();
            let d = a.dot(&b.cross(&c));
            let s = a + b + c;
            sums.volume += d;
            sums.first += s * d;
            for (k, (i, j)) in
                [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0)].into_iter().enumerate()
            {
                sums.second[k] += d * (s[i] * s[j] + a[i] * a[j] + b[i] * b[j] + c[i] * c[j]);
            }
        }
        sums
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            area: self.area + other.area,
            volume: self.volume + other.volume,
            first: self.first + other.first,
            second: std::array::from_fn(|k| self.second[k] + other.second[k]),
        }
    }
}

fn pairwise(parts: &[Sums]) -> Sums {
    match parts {
        [] => Sums::default(),
        [one] => *one,
        _ => {
            let (left, right) = parts.split_at(parts.len().div_ceil(2));
            pairwise(left).plus(&pairwise(right))
        }
    }
}

#[cfg(test)]
mod tests;
