//! The rotations a part may be nested in.

use platewright_model::order::OrientationPolicy;

/// A rotation that maps the axes onto themselves: coordinate `k` of the turned part is
/// `sign[k]` times coordinate `axis[k]` of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Where each turned coordinate comes from.
    pub(super) axis: [usize; 3],
    /// `true` where it is negated.
    pub(super) flip: [bool; 3],
}

impl Turn {
    /// Leaves the part as it is drawn.
    pub(super) const NONE: Self = Self { axis: [0, 1, 2], flip: [false; 3] };

    /// Rows of the rotation matrix; entries are exactly 0 and ±1.
    pub(super) fn matrix(self) -> [[f64; 3]; 3] {
        let mut rows = [[0.0; 3]; 3];
        for (k, row) in rows.iter_mut().enumerate() {
            row[self.axis[k]] = if self.flip[k] { -1.0 } else { 1.0 };
        }
        rows
    }

    /// Determinant +1: turned, not mirrored.
    fn is_proper(self) -> bool {
        let [a, b, c] = self.axis;
        let inversions = usize::from(a > b) + usize::from(a > c) + usize::from(b > c);
        let flips = self.flip.iter().filter(|&&f| f).count();
        (inversions + flips).is_multiple_of(2)
    }
}

/// Allowed rotations, the one as drawn first.
pub(super) fn turns(policy: OrientationPolicy) -> Vec<Turn> {
    const AXES: [[usize; 3]; 6] =
        [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [2, 0, 1]];
    let all = AXES.into_iter().flat_map(|axis| {
        (0..8).map(move |bits| Turn { axis, flip: [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0] })
    });
    all.filter(|turn| turn.is_proper())
        .filter(|turn| match policy {
            OrientationPolicy::Fixed => *turn == Turn::NONE,
            OrientationPolicy::Upright => turn.axis[2] == 2 && !turn.flip[2],
            OrientationPolicy::Axis24 | OrientationPolicy::Any => true,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_groups() {
        assert_eq!(turns(OrientationPolicy::Fixed), vec![Turn::NONE]);
        assert_eq!(turns(OrientationPolicy::Upright).len(), 4);
        let all = turns(OrientationPolicy::Axis24);
        assert_eq!((all.len(), all[0]), (24, Turn::NONE));
    }

    #[test]
    fn matrices_are_proper_rotations() {
        for turn in turns(OrientationPolicy::Any) {
            let m = turn.matrix();
            let det = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
            assert!((det - 1.0).abs() < 1e-12, "{turn:?} has determinant {det}");
        }
    }
}
