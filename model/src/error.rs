//! Faults of an input, each with its place and remedy. Index of codes: `docs/errors.md`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A fault of an input: what, where and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputFault {
    /// Code such as `E1004`; see `docs/errors.md`.
    pub code: String,
    /// Place, such as `orders.json: orders[12].lines[0].quantity`.
    pub place: String,
    /// What is wrong, such as `must be at least 1, is -3`.
    pub message: String,
}

impl InputFault {
    /// A fault with its code, place and message.
    pub fn new(code: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), place: place.into(), message: message.into() }
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}] {}", self.place, self.code, self.message)
    }
}
