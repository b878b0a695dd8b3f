//! How a body lies over its layers.

use nalgebra::Point3;

/// How a body lies in its own frame: turned, lifted onto the layers and moved to the origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Motion {
    /// Rows of the rotation.
    pub(crate) rotation: [[f64; 3]; 3],
    /// Move after the rotation, mm.
    pub(crate) offset: [f64; 3],
    /// Whether the rotation turns nothing: then a vertex is moved only.
    pub(crate) plain: bool,
}

impl Motion {
    /// Where a vertex comes to lie, mm.
    #[inline(always)]
    pub(crate) fn place(&self, v: &Point3<f64>) -> [f64; 3] {
        let [dx, dy, dz] = self.offset;
        if self.plain {
            return [v.x + dx, v.y + dy, v.z + dz];
        }
        let [x, y, z] = &self.rotation;
        let along = |row: &[f64; 3]| row[0] * v.x + row[1] * v.y + row[2] * v.z;
        [along(x) + dx, along(y) + dy, along(z) + dz]
    }

    /// The height that a point comes to lie at, mm: as [`Self::place`] gives it.
    #[inline(always)]
    pub(crate) fn height(&self, v: [f64; 3]) -> f64 {
        if self.plain {
            return v[2] + self.offset[2];
        }
        let row = &self.rotation[2];
        row[0] * v[0] + row[1] * v[1] + row[2] * v[2] + self.offset[2]
    }
}
