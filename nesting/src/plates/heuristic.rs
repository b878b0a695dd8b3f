//! The registry of heuristics.

/// How plates are filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heuristic {
    /// The largest first, each as far to the left as it fits, on the first plate with room.
    BottomLeft,
    /// Split by area over as few plates as seem possible, then moved apart, plate by plate.
    Split,
    /// Copies of one part in rows that repeat, the rest from the left.
    Lattice,
    /// The best of all, then fewer plates until the budget ends or the bound is reached.
    #[default]
    Full,
}

impl Heuristic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::BottomLeft, Self::Split, Self::Lattice, Self::Full];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::BottomLeft => "bottom-left",
            Self::Split => "split",
            Self::Lattice => "lattice",
            Self::Full => "full",
        }
    }

    /// What it does, in a line.
    pub fn what(self) -> &'static str {
        match self {
            Self::BottomLeft => "the largest first, each as far to the left as it fits",
            Self::Split => "split by area over few plates, then moved apart",
            Self::Lattice => "copies in rows that repeat, the rest from the left",
            Self::Full => "the best of all, then fewer plates until the budget ends",
        }
    }
}
