//! Boxes in containers: container loading and bin packing, as quick estimates and as published
//! instances.

use serde::{Deserialize, Serialize};

/// Boxes and the containers that they go into. Lengths are whole numbers of any unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxProblem {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Width, depth and height of a container.
    pub container: [u32; 3],
    /// How many containers there are; any number if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u32>,
    /// What goes into them.
    pub boxes: Vec<BoxKind>,
}

/// Equal boxes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxKind {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Width, depth and height as drawn.
    pub size: [u32; 3],
    /// How many, at least 1.
    #[serde(default = "one_box")]
    pub copies: u32,
    /// Which of its edges may stand upright; none: it stays as drawn.
    #[serde(default)]
    pub upright: [bool; 3],
}

/// Boxes in their containers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxLayout {
    /// What is in each container.
    pub containers: Vec<Vec<PlacedBox>>,
    /// What is in none: kind and number of boxes, by kind.
    #[serde(default)]
    pub left: Vec<(usize, u32)>,
}

/// A box in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedBox {
    /// Index into [`BoxProblem::boxes`].
    pub kind: usize,
    /// Which of its edges lies along each axis.
    pub edges: [usize; 3],
    /// Its least corner.
    pub at: [u32; 3],
}

impl BoxKind {
    /// The ways it may lie: which edge along each axis; ways of the same size but once.
    pub fn ways(&self) -> Vec<[usize; 3]> {
        let mut ways: Vec<[usize; 3]> = Vec::new();
        let drawn = !self.upright.contains(&true);
        for way in [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
            let allowed = if drawn { way == [0, 1, 2] } else { self.upright[way[2]] };
            let size = |way: &[usize; 3]| way.map(|edge| self.size[edge]);
            if allowed && ways.iter().all(|other| size(other) != size(&way)) {
                ways.push(way);
            }
        }
        ways
    }

    /// Its volume.
    pub fn volume(&self) -> u64 {
        self.size.iter().map(|edge| u64::from(*edge)).product()
    }
}

impl BoxProblem {
    /// Volume of a container.
    pub fn room(&self) -> u64 {
        self.container.iter().map(|edge| u64::from(*edge)).product()
    }
}

impl BoxLayout {
    /// Volume of all boxes in containers.
    pub fn volume(&self, problem: &BoxProblem) -> u64 {
        let placed = self.containers.iter().flatten();
        placed.map(|placed| problem.boxes[placed.kind].volume()).sum()
    }
}

fn one_box() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_lie_in_all_ways_that_are_allowed() {
        let kind = |size, upright| BoxKind { name: String::new(), size, copies: 1, upright };
        assert_eq!(kind([1, 2, 3], [true; 3]).ways().len(), 6);
        assert_eq!(kind([1, 2, 3], [false, false, true]).ways(), [[0, 1, 2], [1, 0, 2]]);
        assert_eq!(kind([1, 2, 3], [false; 3]).ways(), [[0, 1, 2]]);
        assert_eq!(kind([2, 2, 2], [true; 3]).ways().len(), 1);
    }
}
