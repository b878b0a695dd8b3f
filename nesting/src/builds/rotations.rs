//! The rotations that parts may have.

use platewright_model::volume::Turns;

use crate::solid::Rotation;

/// As drawn.
pub(super) const DRAWN: Rotation = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
/// Rotations whose entries differ by less are the same.
const SAME: f64 = 1e-9;

/// All rotations that are asked for, each once.
#[derive(Debug, Default)]
pub(super) struct Rotations(pub(super) Vec<Rotation>);

impl Rotations {
    /// The number of a rotation.
    pub(super) fn number(&mut self, by: &Rotation) -> u32 {
        let known = self.0.iter().position(|other| off(other, by) < SAME);
        known.unwrap_or_else(|| {
            self.0.push(*by);
            self.0.len() - 1
        }) as u32
    }

    /// The numbers of those that a part may have.
    pub(super) fn of(&mut self, turns: &Turns) -> Vec<u32> {
        let listed = match turns {
            Turns::Fixed => vec![DRAWN],
            Turns::Upright(steps) => (0..*steps).map(|k| upright(k, *steps)).collect(),
            Turns::Cube | Turns::Free => cube(),
            Turns::List(list) => list.clone(),
        };
        listed.iter().map(|by| self.number(by)).collect()
    }
}

/// The greatest difference of entries.
pub(super) fn off(one: &Rotation, other: &Rotation) -> f64 {
    let entries = one.iter().flatten().zip(other.iter().flatten());
    entries.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// So many of equal steps about z; quarters are exact.
fn upright(k: u32, steps: u32) -> Rotation {
    let [sin, cos] = platewright_model::strip::turn(360.0 * f64::from(k) / f64::from(steps));
    [[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]]
}

/// The 24 that map the axes on to themselves; as drawn first.
fn cube() -> Vec<Rotation> {
    let orders = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0]];
    let mut rotations = Vec::new();
    for (k, order) in orders.into_iter().enumerate() {
        for signs in 0..8_u32 {
            // Even permutations go with an even number of turned signs.
            if (signs.count_ones() % 2 == 1) == (k < 3) {
                continue;
            }
            let mut rows = [[0.0; 3]; 3];
            for (row, column) in order.into_iter().enumerate() {
                rows[row][column] = if signs >> row & 1 == 1 { -1.0 } else { 1.0 };
            }
            rotations.push(rows);
        }
    }
    rotations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_has_24_rotations_and_none_mirrors() {
        let cube = cube();
        assert_eq!((cube.len(), cube[0]), (24, DRAWN));
        let mut rotations = Rotations::default();
        let numbers: Vec<u32> = cube.iter().map(|by| rotations.number(by)).collect();
        assert_eq!(numbers, (0..24).collect::<Vec<_>>());
        for r in &cube {
            let minor = |a: usize, b: usize| r[1][a] * r[2][b] - r[1][b] * r[2][a];
            let volume = r[0][0] * minor(1, 2) + r[0][1] * minor(2, 0) + r[0][2] * minor(0, 1);
            assert!((volume - 1.0).abs() < 1e-12);
        }
        assert_eq!(rotations.of(&Turns::Upright(4)).len(), 4);
    }
}
