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
    /// Builds that fill less of their machine than they should.
    pub short: Money,
    /// Changes of material.
    pub changeover: Money,
    /// Shipments from centres to customers.
    pub freight: Money,
    /// Orders that are wanted in one shipment and are shipped from several centres.
    pub apart: Money,
    /// Lateness, weighted by priority.
    pub lateness: Money,
    /// Deadlines that do not hold, weighted by priority.
    pub missed: Money,
    /// Promises of a plan in force that are broken, weighted by priority.
    pub broken: Money,
    /// Penalty for units left over.
    pub unplaced: Money,
}

impl CostSplit {
    /// Sum of all causes.
    pub fn total(&self) -> Money {
        self.parts().into_iter().map(|(_, amount)| amount).sum()
    }

    /// The causes with their names, in the order of the fields.
    pub fn parts(&self) -> [(&'static str, Money); 11] {
        [
            ("machine", self.machine),
            ("fixed", self.fixed),
            ("material", self.material),
            ("short", self.short),
            ("changeover", self.changeover),
            ("freight", self.freight),
            ("apart", self.apart),
            ("lateness", self.lateness),
            ("missed", self.missed),
            ("broken", self.broken),
            ("unplaced", self.unplaced),
        ]
    }
}
