//! How an anytime search went.

use serde::{Deserialize, Serialize};

/// An improvement during a search.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchStep {
    /// Seconds since the run began.
    pub seconds: f64,
    /// Iterations done.
    pub iterations: u64,
    /// What is made as small as possible: the length of a strip, the cost of plates.
    pub objective: f64,
    /// No answer can be below this.
    pub bound: f64,
}
