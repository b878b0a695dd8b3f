//! What may be wrong with a layout of builds.

use std::fmt;

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Index of the build in the layout.
    pub build: usize,
    /// Index of the placement in that build.
    pub placed: usize,
    /// Index of the part in the problem.
    pub part: usize,
}

impl fmt::Display for Stand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "placement {} (part {}) in build {}", self.placed, self.part, self.build)
    }
}

/// What is wrong with a layout of builds. Indices count from 0; lengths in mm.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VolumeFault {
    /// The problem itself cannot be judged; nothing else was looked at.
    #[error("the problem is of no use: {what}")]
    BadProblem {
        /// What is wrong, and where.
        what: String,
    },
    /// A build of a kind that is not there.
    #[error("build {build} is of kind {kind}, which is not in the problem")]
    NoSuchVolume {
        /// Index of the build in the layout.
        build: usize,
        /// The kind it names.
        kind: usize,
    },
    /// A part that is not there, or a pose that is none.
    #[error("placement {placed} in build {build} names no part, or its pose is no rigid motion")]
    Unreadable {
        /// Index of the build in the layout.
        build: usize,
        /// Index of the placement in it.
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
        /// Copies in builds.
        found: u64,
        /// Copies told as left over.
        left: u64,
        /// Copies that were asked for.
        copies: u32,
    },
    /// More builds of a kind than there are volumes.
    #[error("{used} builds of kind {kind} are used, but only {stock} are in stock")]
    Stock {
        /// Index of the kind.
        kind: usize,
        /// Builds in the layout.
        used: u64,
        /// Volumes in stock.
        stock: u32,
    },
    /// A begun build is not where it should be, or something in it was moved.
    #[error("build {build} is not the begun build that should be there")]
    Begun {
        /// Index of the build among the begun ones.
        build: usize,
    },
    /// Parts of a group in several builds.
    #[error("group {group} is spread over builds {builds:?}")]
    Group {
        /// The group.
        group: u32,
        /// Where its parts stand.
        builds: Vec<usize>,
    },
    /// A rotation that the part must not have.
    #[error("{stand} has a rotation that is not allowed")]
    Rotation {
        /// Where.
        stand: Stand,
    },
    /// Too near to a wall, or outside.
    #[error("{stand} {how}")]
    Outside {
        /// Where.
        stand: Stand,
        /// How far it reaches, and what is allowed.
        how: String,
    },
    /// Too near to an excluded box, or in it.
    #[error("{stand} {how} excluded box {region}")]
    Excluded {
        /// Where.
        stand: Stand,
        /// How near it comes.
        how: String,
        /// Index of the box.
        region: usize,
    },
    /// Two parts too near to one another.
    #[error("{one} and {other} are {distance} mm apart, asked for is {asked} mm")]
    Clearance {
        /// Where one stands.
        one: Stand,
        /// Where the other stands.
        other: Stand,
        /// How far apart they are; 0 if they touch or cross.
        distance: f64,
        /// How far they must be.
        asked: f64,
    },
    /// A part within another one, in its solid or in a cavity that takes none.
    #[error("{inner} stands within {outer}")]
    Enclosed {
        /// Where the inner one stands.
        inner: Stand,
        /// Where the outer one stands.
        outer: Stand,
    },
    /// A layer fuses too much, or too much more or less than the one before.
    #[error("layer {layer} of build {build} {how}")]
    Layer {
        /// Index of the build in the layout.
        build: usize,
        /// Which layer, counted from 0 at the bottom.
        layer: usize,
        /// How much, and what is allowed.
        how: String,
    },
    /// A part that cannot be drawn out the way that is told, or for which none is told.
    #[error("{stand} cannot be drawn out: {why}")]
    Stuck {
        /// Where.
        stand: Stand,
        /// What it meets.
        why: String,
    },
}
