//! The cost of a plan, split by cause.

use serde::{Deserialize, Serialize};

use crate::measure::Money;

/// Cost by cause; the objective of a night is [`CostSplit::total`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostSplit {
    /// Occupied hours of machines.
    pub machine: Money,
    /// Fixed cost per build.
    pub fixed: Money,
    /// Feedstock in parts and lost by refreshing.
    pub material: Money,
    /// Changes of material.
    pub changeover: Money,
    /// Shipments from centres to customers.
    pub freight: Money,
    /// Lateness, weighted by priority.
    pub lateness: Money,
    /// Penalty for units left over.
    pub unplaced: Money,
}

impl CostSplit {
    /// Sum of all causes.
    pub fn total(&self) -> Money {
        self.parts().into_iter().map(|(_, amount)| amount).sum()
    }

    /// The causes with their names, in the order of the fields.
    pub fn parts(&self) -> [(&'static str, Money); 7] {
        [
            ("machine", self.machine),
            ("fixed", self.fixed),
            ("material", self.material),
            ("changeover", self.changeover),
            ("freight", self.freight),
            ("lateness", self.lateness),
            ("unplaced", self.unplaced),
        ]
    }
}
