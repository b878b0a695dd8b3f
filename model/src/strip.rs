//! Strip packing of outlines: a strip of given height, as short as possible, as in the published
//! instances of the cutting and packing literature.

use serde::{Deserialize, Serialize};

/// Outlines and the strip they are laid on. Lengths in the unit of the instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StripProblem {
    /// Name, for people.
    pub name: String,
    /// Height of the strip, above 0.
    pub height: f64,
    /// The outlines.
    pub items: Vec<StripItem>,
}

/// Copies of one outline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StripItem {
    /// Corners in order, either way around, the last not repeating the first; a simple polygon.
    pub outline: Vec<[f64; 2]>,
    /// How many copies, at least 1.
    pub copies: u32,
    /// Allowed turns, degrees counter-clockwise; `None` if any will do.
    pub turns: Option<Vec<f64>>,
}

/// Every copy in a place on the strip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StripLayout {
    /// Length of the strip that is used.
    pub length: f64,
    /// One entry a copy, by item.
    pub placed: Vec<PlacedOutline>,
}

/// A copy in its place: turned about the origin of its item's frame, then moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlacedOutline {
    /// Index into [`StripProblem::items`].
    pub item: usize,
    /// Turn, degrees counter-clockwise.
    pub turn: f64,
    /// Move after the turn.
    pub at: [f64; 2],
}

impl StripProblem {
    /// Area of an outline.
    pub fn area(&self, item: usize) -> f64 {
        ring_area(&self.items[item].outline).abs()
    }

    /// Area of all copies.
    pub fn total_area(&self) -> f64 {
        (0..self.items.len()).map(|i| self.area(i) * f64::from(self.items[i].copies)).sum()
    }

    /// Number of copies of all items.
    pub fn copies(&self) -> usize {
        self.items.iter().map(|item| item.copies as usize).sum()
    }

    /// Share of the strip that a layout of that length fills.
    pub fn density(&self, length: f64) -> f64 {
        self.total_area() / (length * self.height)
    }
}

/// Area within a ring, positive if it runs counter-clockwise (the shoelace formula).
pub fn ring_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let from = |p: [f64; 2]| [p[0] - origin[0], p[1] - origin[1]];
    let doubled: f64 = ring
        .windows(2)
        .map(|pair| {
            let (a, b) = (from(pair[0]), from(pair[1]));
            a[0] * b[1] - a[1] * b[0]
        })
        .sum();
    doubled / 2.0
}

/// A turn by degrees as sine and cosine; quarter turns are exact.
pub fn turn(degrees: f64) -> [f64; 2] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    if degrees % 90.0 == 0.0 { [sin.round(), cos.round()] } else { [sin, cos] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_is_signed_and_turns_by_quarters_are_exact() {
        let square = [[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]];
        assert!((ring_area(&square) - 4.0).abs() < 1e-12);
        let back: Vec<_> = square.into_iter().rev().collect();
        assert!((ring_area(&back) + 4.0).abs() < 1e-12);
        assert_eq!(turn(270.0), [-1.0, 0.0]);
        assert_eq!(turn(-90.0), [-1.0, 0.0]);
    }
}
