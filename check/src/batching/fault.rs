//! What may be wrong with a batch plan.

use std::fmt;

/// A batch of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSpot {
    /// Index of the machine.
    pub machine: usize,
    /// Index of the batch on it.
    pub batch: usize,
}

impl fmt::Display for BatchSpot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "batch {} on machine {}", self.batch, self.machine)
    }
}

/// Where a plan lists copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchPlace {
    /// In a batch.
    Batch(BatchSpot),
    /// Among what is not placed.
    Unplaced,
}

impl fmt::Display for BatchPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch(spot) => spot.fmt(f),
            Self::Unplaced => f.write_str("the list of what is not placed"),
        }
    }
}

/// What is wrong with a batch plan. Indices count from 0; times, sizes and money are in the units
/// of the problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchFault {
    /// The problem itself cannot be judged; nothing else was looked at.
    #[error("the problem is of no use: {what}")]
    BadProblem {
        /// What is wrong, and where.
        what: String,
    },
    /// Not one list of batches for each machine.
    #[error("the plan lists {found} machines, but there are {machines}")]
    Machines {
        /// Machines in the plan.
        found: usize,
        /// Machines there are.
        machines: usize,
    },
    /// A part that is not there.
    #[error("{place} names part {part}, which is not in the problem")]
    NoSuchPart {
        /// Where.
        place: BatchPlace,
        /// The part it names.
        part: usize,
    },
    /// Parts out of order, or one twice.
    #[error("entry {entry} of {place} is no greater part than the one before")]
    Unsorted {
        /// Where.
        place: BatchPlace,
        /// Index of the entry.
        entry: usize,
    },
    /// An entry of no copies.
    #[error("{place} has 0 copies of part {part}")]
    NoCopies {
        /// Where.
        place: BatchPlace,
        /// Index of the part.
        part: usize,
    },
    /// Copies are missing, or there are too many.
    #[error("part {part} is printed {found} times and left out {unplaced} times, of {copies}")]
    Copies {
        /// Index of the part.
        part: usize,
        /// Copies in batches.
        found: u64,
        /// Copies told as not placed.
        unplaced: u64,
        /// Copies that were asked for.
        copies: u32,
    },
    /// A part was left out that could have been printed.
    #[error("part {part} is not placed, but machine {machine} can take it")]
    CouldTake {
        /// Index of the part.
        part: usize,
        /// Index of the first machine that can.
        machine: usize,
    },
    /// A batch of nothing.
    #[error("{spot} is empty")]
    Empty {
        /// Where.
        spot: BatchSpot,
    },
    /// Parts that may not share a batch.
    #[error("{spot} has parts of family {one} and of family {other}")]
    Families {
        /// Where.
        spot: BatchSpot,
        /// The family of the first part.
        one: usize,
        /// Another.
        other: usize,
    },
    /// A machine that may not print a family.
    #[error("{spot} is of family {family}, which that machine may not print")]
    NotAllowed {
        /// Where.
        spot: BatchSpot,
        /// Index of the family.
        family: usize,
    },
    /// A part that machines of this class do not hold.
    #[error("{spot} has part {part}, which its class of machines does not hold")]
    NotHeld {
        /// Where.
        spot: BatchSpot,
        /// Index of the part.
        part: usize,
    },
    /// An order that the centre does not serve.
    #[error("{spot} has part {part} for region {region}, which its centre does not serve")]
    NoWay {
        /// Where.
        spot: BatchSpot,
        /// Index of the part.
        part: usize,
        /// Index of the region.
        region: usize,
    },
    /// More than the machine holds.
    #[error("{spot} has a size of {size}, but the capacity is {capacity}")]
    Full {
        /// Where.
        spot: BatchSpot,
        /// Sum of the sizes.
        size: i128,
        /// Capacity of the class.
        capacity: i64,
    },
    /// A start before the machine is free first.
    #[error("{spot} starts at {start}, but the machine is not free before {ready}")]
    NotReady {
        /// Where.
        spot: BatchSpot,
        /// Its start.
        start: i64,
        /// When the machine is free.
        ready: i64,
    },
    /// A start before the end of the batch before.
    #[error("{spot} starts at {start}, but the one before ends at {end}")]
    Overlap {
        /// Where.
        spot: BatchSpot,
        /// Its start.
        start: i64,
        /// End of the batch before.
        end: i64,
    },
    /// A start before a part is released.
    #[error("{spot} starts at {start}, but part {part} is not released before {release}")]
    NotReleased {
        /// Where.
        spot: BatchSpot,
        /// Its start.
        start: i64,
        /// Index of the part.
        part: usize,
        /// When it is released.
        release: i64,
    },
    /// Set-up without people.
    #[error("{spot} is set up from {from} to {to}, and not all of that is in one staffed span")]
    Unstaffed {
        /// Where.
        spot: BatchSpot,
        /// Begin of the set-up.
        from: i128,
        /// Its end, with a change of material.
        to: i128,
    },
    /// No staffed span is long enough to unload.
    #[error("{spot} is never unloaded: no staffed span is as long as {unload}")]
    NeverUnloaded {
        /// Where.
        spot: BatchSpot,
        /// Time to unload.
        unload: i64,
    },
    /// An end that does not follow from the start.
    #[error("{spot} ends at {end}, but from its start that is at {expected}")]
    End {
        /// Where.
        spot: BatchSpot,
        /// End in the plan.
        end: i64,
        /// End that follows.
        expected: i128,
    },
    /// A batch in maintenance.
    #[error("{spot} runs into maintenance from {from} to {to}")]
    Maintenance {
        /// Where.
        spot: BatchSpot,
        /// Begin of the maintenance.
        from: i64,
        /// Its end.
        to: i64,
    },
    /// More feedstock than there is.
    #[error("centre {centre} lacks {missing} of material {material} for what it prints")]
    Stock {
        /// Index of the centre.
        centre: usize,
        /// The material.
        material: usize,
        /// How much is missing.
        missing: i128,
    },
    /// A batch that has started is not as it was.
    #[error("batch {batch} of machine {machine} has started, and is not in the plan as it was")]
    Restarted {
        /// Index of the machine.
        machine: usize,
        /// Index of the batch on it.
        batch: usize,
    },
    /// A batch that has to stay as it is does not.
    #[error(
        "present batch {batch} of machine {machine} has to stay together, or on its machine, and \
         does not"
    )]
    TornApart {
        /// Index of the machine.
        machine: usize,
        /// Index of the batch on it.
        batch: usize,
    },
    /// A cost that is not what it is said to be.
    #[error("{term}: the plan says {found}, but the batches give {expected}")]
    Cost {
        /// The term: `production`, `freight`, `late orders` and the like.
        term: &'static str,
        /// What the plan says.
        found: i128,
        /// What it is.
        expected: i128,
    },
    /// Levels of the objective that cost something else than the plan says.
    #[error("levels: the plan says {found:?}, but its costs give {expected:?}")]
    Levels {
        /// What the plan says that each level costs.
        found: Vec<i128>,
        /// What they cost, from the costs that it says.
        expected: Vec<i128>,
    },
    /// A bound that the plan itself refutes.
    #[error("the bound {bound} is above the objective {objective} of the plan")]
    BoundAboveObjective {
        /// The bound.
        bound: i64,
        /// Objective of the plan, or its first level, from the costs that it says.
        objective: i128,
    },
    /// A bound that nothing proves.
    #[error("the bound {bound} is not proven: all that is proven is {proven}")]
    BoundUnproven {
        /// The bound.
        bound: i64,
        /// The greatest that is proven.
        proven: i128,
    },
    /// A certificate that cannot be priced.
    #[error("the certificate is of no use: {what}")]
    BadCertificate {
        /// What is wrong, and where.
        what: String,
    },
    /// A certificate that pays more lateness than there is.
    #[error("copies of order {order} carry a lateness of {rate} in the certificate, of {most}")]
    LateShare {
        /// Index of the order.
        order: usize,
        /// Rates over all its copies.
        rate: i128,
        /// Weight of the order times that of lateness.
        most: i128,
    },
    /// A certificate in which a batch may earn more than it pays.
    #[error(
        "in the certificate a batch of family {family} on machine {machine}, complete after \
         {after}, may earn {by} more than it pays"
    )]
    Earns {
        /// Index of the machine.
        machine: usize,
        /// Index of the family.
        family: usize,
        /// Begin of the span of completions.
        after: i64,
        /// By how much, rounded up.
        by: i64,
    },
}
