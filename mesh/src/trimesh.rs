//! The triangle mesh that every other crate uses.

use nalgebra::{Point3, Vector3};
use platewright_model::geometry::{BoxMm, Pose};

/// An indexed triangle mesh, coordinates in mm.
///
/// Triangles are counter-clockwise seen from outside. Nothing is promised of closedness; the
/// facts of a mesh say what holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriMesh {
    /// Corners, finite.
    pub vertices: Vec<Point3<f64>>,
    /// Corner indices into `vertices`.
    pub triangles: Vec<[u32; 3]>,
}

impl TriMesh {
    /// The three corners of triangle `t`.
    #[inline]
    pub fn corners(&self, t: usize) -> [Point3<f64>; 3] {
        // Spelt out: `map` of an array is not always made part of the loop it stands in.
        let [a, b, c] = self.triangles[t];
        [self.vertices[a as usize], self.vertices[b as usize], self.vertices[c as usize]]
    }

    /// Bounding box; `None` for a mesh without vertices.
    pub fn bounds(&self) -> Option<BoxMm> {
        let first = self.vertices.first()?;
        let mut bounds = BoxMm { min: (*first).into(), max: (*first).into() };
        for v in &self.vertices {
            for k in 0..3 {
                bounds.min[k] = bounds.min[k].min(v[k]);
                bounds.max[k] = bounds.max[k].max(v[k]);
            }
        }
        Some(bounds)
    }

    /// The mesh, moved.
    pub fn posed(&self, pose: &Pose) -> Self {
        let vertices =
            self.vertices.iter().map(|v| Point3::from(pose.apply((*v).into()))).collect();
        Self { vertices, triangles: self.triangles.clone() }
    }

    /// Signed volume (Σ of the tetrahedra to the first vertex), mm³; positive if outward.
    pub fn volume(&self) -> f64 {
        let Some(&origin) = self.vertices.first() else { return 0.0 };
        let six: f64 = (0..self.triangles.len())
            .map(|t| {
                let [a, b, c] = self.corners(t).map(|p| p - origin);
                a.dot(&b.cross(&c))
            })
            .sum();
        six / 6.0
    }

    /// Surface area, mm².
    pub fn surface(&self) -> f64 {
        (0..self.triangles.len()).map(|t| self.normal_times_area(t).norm()).sum()
    }

    /// Outward normal of triangle `t`, as long as the triangle's area.
    pub fn normal_times_area(&self, t: usize) -> Vector3<f64> {
        let [a, b, c] = self.corners(t);
        (b - a).cross(&(c - a)) / 2.0
    }

    /// Appends another mesh.
    pub fn append(&mut self, other: &Self) {
        let base = u32::try_from(self.vertices.len()).expect("meshes hold fewer than 2³² vertices");
        self.vertices.extend_from_slice(&other.vertices);
        self.triangles.extend(other.triangles.iter().map(|t| t.map(|v| v + base)));
    }
}
