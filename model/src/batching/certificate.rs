//! Prices that prove a bound.

use serde::{Deserialize, Serialize};

use super::one;

/// Prices that prove a bound, by weak duality.
///
/// A copy earns its `price` if it is printed. A batch that completes at `C` on a machine pays what
/// it costs there (production and freight, each weighted), for each copy `late · max(0, C + finish
/// + way − due)`, and the price of the machine's time in `[C − p, C)`, where `p` is its length
/// without waiting and without a change of material. If no batch earns more than it pays, every
/// plan costs at least `(Σ price · copies − Σ rate · (to − from) / rate_span) / scale`.
///
/// A checker prices each machine and both ends of each span of completions `(grid[k],
/// grid[k + 1]]` by a knapsack over sizes, parts sorted by peak. What is due within the span is not
/// late in it. Prices of time fall with time, so that what a batch pays for it is convex in when it
/// starts, and each tangent to it is a lower bound that adds up over parts, and that changes evenly
/// with the completion: with the rates of all spans, and those halfway between two. Steeper lines
/// from the first start on are lower bounds too: with 0.1, 0.2, 0.4, 0.8, 1.5, 3 and 6 times the
/// machine's rate on top of the greatest price within reach. If one line will do at both ends, no
/// batch that completes between them earns more than it pays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// All prices are in parts of a unit of the objective, so many to a unit.
    #[serde(default = "one")]
    pub scale: i64,
    /// Prices of a copy of each part.
    pub parts: Vec<PartPrice>,
    /// Prices of machine time, sorted by machine and time, apart, no rate below the next of its
    /// machine; 0 where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time: Vec<TimePrice>,
    /// Spans of completions: the first begins with the first entry, the last has no end.
    pub grid: Vec<i64>,
}

/// Prices of a copy of a part, in the units of its certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartPrice {
    /// What a copy earns.
    pub price: i64,
    /// Rate of lateness (for `rate_span`) that a copy carries: over all copies of an order no more
    /// than the weight of the order times that of lateness, in the units of the certificate.
    #[serde(default)]
    pub late: i64,
}

/// Price of a machine's time in a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimePrice {
    /// Index of the machine.
    pub machine: usize,
    /// Begin of the span.
    pub from: i64,
    /// End of the span.
    pub to: i64,
    /// Cost of `rate_span` in it, in the units of its certificate.
    pub rate: i64,
}
