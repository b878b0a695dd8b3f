//! Vectors as arrays of three numbers, in mm, and boxes around them.

/// A point or vector.
pub(crate) type V3 = [f64; 3];

/// The three corners of a triangle.
pub(crate) type Triangle = [V3; 3];

pub(crate) fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// `a + s · d`.
pub(crate) fn along(a: V3, s: f64, d: V3) -> V3 {
    [a[0] + s * d[0], a[1] + s * d[1], a[2] + s * d[2]]
}

pub(crate) fn dot(a: V3, b: V3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: V3, b: V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(crate) fn norm(a: V3) -> f64 {
    dot(a, a).sqrt()
}

/// The transposed matrix times a vector: the inverse of a rotation.
pub(crate) fn transpose_times(m: &[[f64; 3]; 3], v: V3) -> V3 {
    std::array::from_fn(|k| m[0][k] * v[0] + m[1][k] * v[1] + m[2][k] * v[2])
}

/// An axis-aligned box; empty until a point is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: V3,
    pub(crate) max: V3,
}

impl Bounds {
    pub(crate) const EMPTY: Self = Self { min: [f64::INFINITY; 3], max: [f64::NEG_INFINITY; 3] };

    /// The box around some triangles.
    pub(crate) fn around(triangles: &[Triangle]) -> Self {
        let mut bounds = Self::EMPTY;
        triangles.iter().flatten().for_each(|&p| bounds.add(p));
        bounds
    }

    pub(crate) fn add(&mut self, p: V3) {
        for (k, &x) in p.iter().enumerate() {
            self.min[k] = self.min[k].min(x);
            self.max[k] = self.max[k].max(x);
        }
    }

    /// Squared distance of two boxes, 0 where they touch or overlap.
    pub(crate) fn distance_squared(&self, other: &Self) -> f64 {
        (0..3)
            .map(|k| {
                let gap = (self.min[k] - other.max[k]).max(other.min[k] - self.max[k]).max(0.0);
                gap * gap
            })
            .sum()
    }

    /// Whether `p` is in the box or on its border.
    pub(crate) fn holds(&self, p: V3) -> bool {
        (0..3).all(|k| self.min[k] <= p[k] && p[k] <= self.max[k])
    }

    /// Sum of the edge lengths.
    pub(crate) fn extent(&self) -> f64 {
        (0..3).map(|k| self.max[k] - self.min[k]).sum()
    }
}
