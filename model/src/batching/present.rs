//! The plan that is in force while a new one is made.

use serde::{Deserialize, Serialize};

use super::Copies;

/// A batch of the present plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresentBatch {
    /// What is in it, sorted by part, no part twice; parts of one family.
    pub parts: Vec<Copies>,
    /// Set-up begins or began.
    #[serde(default)]
    pub start: i64,
    /// The machine is free again.
    #[serde(default)]
    pub end: i64,
    /// How much of it may change.
    #[serde(default)]
    pub freeze: Freeze,
}

/// What of a batch must stay as it is. Each level holds what the ones before it hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Freeze {
    /// Nothing: it is where the search begins.
    #[default]
    Open,
    /// What is in it: nothing leaves it and nothing joins it. Where no machine takes it as a whole
    /// any more, it is open.
    Parts,
    /// The machine, too.
    Machine,
    /// The start and the end, too: it is printed, or about to be. Such batches come first on their
    /// machine; what they say of times counts, whatever calendars and loads would say.
    Start,
}
