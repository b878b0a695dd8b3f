//! What may be wrong with a layout of plates.

use std::fmt;

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Index of the plate in the layout.
    pub plate: usize,
    /// Index of the placement on that plate.
    pub placed: usize,
    /// Index of the part in the problem.
    pub part: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "placement {} (part {}) on plate {}", self.placed, self.part, self.plate)
    }
}

/// What is wrong with a layout of plates. Indices count from 0; lengths in mm, angles in degrees.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlateFault {
    /// The problem itself cannot be judged; nothing else was looked at.
    #[error("the problem is of no use: {what}")]
    BadProblem {
        /// What is wrong, and where.
        what: String,
    },
    /// A plate of a kind that is not there.
    #[error("plate {plate} is of kind {kind}, which is not in the problem")]
    NoSuchPlate {
        /// Index of the plate in the layout.
        plate: usize,
        /// The kind it names.
        kind: usize,
    },
    /// A part that is not there, or numbers that are none.
    #[error("placement {placed} on plate {plate} names no part, or its place is no number")]
    Unreadable {
        /// Index of the plate in the layout.
        plate: usize,
        /// Index of the placement on it.
        placed: usize,
    },
    /// A part that is told as left over but is not there.
    #[error("entry {entry} of what is left names part {part}, which is not in the problem")]
    NoSuchLeft {
        /// Index of the entry.
        entry: usize,
        /// The part it names.
        part: usize,
    },
    /// Copies are missing, or there are too many.
    #[error("part {part} is placed {found} times and left {left} times, of {copies} copies")]
    Copies {
        /// Index of the part.
        part: usize,
        /// Copies on plates.
        found: u64,
        /// Copies told as left over.
        left: u64,
        /// Copies that were asked for.
        copies: u32,
    },
    /// More plates of a kind than there are.
    #[error("{used} plates of kind {kind} are used, but only {stock} are in stock")]
    Stock {
        /// Index of the kind.
        kind: usize,
        /// Plates in the layout.
        used: u64,
        /// Plates in stock.
        stock: u32,
    },
    /// A begun plate is not where it should be.
    #[error("plate {plate} is not the begun plate that should be there")]
    BegunMissing {
        /// Index of the plate among the begun ones.
        plate: usize,
    },
    /// A part of a begun plate was moved, turned or taken away.
    #[error("placement {placed} on begun plate {plate} is not as it was")]
    BegunChanged {
        /// Index of the plate.
        plate: usize,
        /// Index of the first placement that differs.
        placed: usize,
    },
    /// A group on several plates.
    #[error("parts of group {group} stand on plates {plates:?}, not on one")]
    Group {
        /// The group.
        group: u32,
        /// Indices of the plates.
        plates: Vec<usize>,
    },
    /// A turn that is not allowed.
    #[error("{spot} is turned by {turn} degrees, which the part does not allow")]
    Turn {
        /// Where.
        spot: Spot,
        /// The turn.
        turn: f64,
    },
    /// A part printed before others is higher than the gantry.
    #[error("{spot} is {height} mm high, over the gantry at {gantry} mm, and not printed last")]
    TooHigh {
        /// Where.
        spot: Spot,
        /// Height of the part.
        height: f64,
        /// Height of the gantry.
        gantry: f64,
    },
    /// A part that is not on its bed or too near to the edge.
    #[error("{spot} is not on its bed, {gap} mm from the edge")]
    Outside {
        /// Where.
        spot: Spot,
        /// Distance that it should keep to the edge.
        gap: f64,
    },
    /// A part that encloses nothing once it is rounded to the grid.
    #[error("{spot} is too thin beside its plate to be judged")]
    TooThin {
        /// Where.
        spot: Spot,
    },
    /// A part in or too near to an excluded zone.
    #[error("{spot} is in zone {zone} or less than {gap} mm away from it")]
    Zone {
        /// Where.
        spot: Spot,
        /// Index of the zone of that kind of plate.
        zone: usize,
        /// Distance that it should keep.
        gap: f64,
    },
    /// A part in a hole of one that takes none.
    #[error("{spot} stands in a hole of {of}, which takes no parts")]
    InHole {
        /// The part inside.
        spot: Spot,
        /// The part around it.
        of: Spot,
    },
    /// Two parts that overlap.
    #[error("{a} and {b} overlap")]
    Overlap {
        /// One.
        a: Spot,
        /// The other.
        b: Spot,
    },
    /// Two parts that are too near.
    #[error("{a} and {b} are less than {gap} mm apart")]
    Near {
        /// One.
        a: Spot,
        /// The other.
        b: Spot,
        /// Distance that they should keep.
        gap: f64,
    },
}
