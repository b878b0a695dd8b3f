//! Affine maps of 3MF.

use platewright_model::geometry::Pose;

/// An affine map: `p ↦ rows · p + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Transform {
    pub(super) rows: [[f64; 3]; 3],
    pub(super) shift: [f64; 3],
}

impl Transform {
    pub(super) const IDENTITY: Self =
        Self { rows: Pose::IDENTITY.rotation, shift: Pose::IDENTITY.translation };

    /// Reads the 12 numbers of an attribute: three columns of ours, then the shift, because 3MF
    /// multiplies rows by the matrix.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut m = [0.0; 12];
        let mut words = text.split_ascii_whitespace();
        for x in &mut m {
            let word =
                words.next().ok_or_else(|| format!("transform {text:?} needs 12 numbers"))?;
            *x = word
                .parse::<f64>()
                .ok()
                .filter(|x| x.is_finite())
                .ok_or_else(|| format!("transform {text:?}: {word:?} is no number"))?;
        }
        if words.next().is_some() {
            return Err(format!("transform {text:?} has more than 12 numbers"));
        }
        let rows = std::array::from_fn(|i| std::array::from_fn(|k| m[3 * k + i]));
        let map = Self { rows, shift: [m[9], m[10], m[11]] };
        if map.determinant() == 0.0 || !map.determinant().is_finite() {
            return Err(format!("transform {text:?} makes bodies flat"));
        }
        Ok(map)
    }

    pub(super) fn apply(&self, p: [f64; 3]) -> [f64; 3] {
        Pose { rotation: self.rows, translation: self.shift }.apply(p)
    }

    /// First `inner`, then `self`.
    pub(super) fn after(&self, inner: &Self) -> Self {
        let rows = std::array::from_fn(|i| {
            std::array::from_fn(|k| (0..3).map(|j| self.rows[i][j] * inner.rows[j][k]).sum())
        });
        Self { rows, shift: self.apply(inner.shift) }
    }

    pub(super) fn determinant(&self) -> f64 {
        let [a, b, c] = self.rows;
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
            + a[2] * (b[0] * c[1] - b[1] * c[0])
    }

    /// Whether it leaves z as it is, but for a shift.
    pub(super) fn is_planar(&self) -> bool {
        let [a, b, c] = &self.rows;
        [a[2], b[2], c[0], c[1]] == [0.0; 4] && c[2] == 1.0
    }

    /// The rigid motion, if it is one (within 1e-6); lengths of the shift times `scale`.
    pub(super) fn pose(&self, scale: f64) -> Option<Pose> {
        let r = &self.rows;
        let rigid = (0..3).all(|i| {
            (0..3).all(|k| {
                let dot: f64 = (0..3).map(|j| r[i][j] * r[k][j]).sum();
                (dot - if i == k { 1.0 } else { 0.0 }).abs() < 1e-6
            })
        });
        (rigid && self.determinant() > 0.0)
            .then(|| Pose { rotation: *r, translation: self.shift.map(|x| x * scale) })
    }
}
