//! What becomes of units, and the orders restored from it (ISO/IEC 23510, 5.5): pure functions,
//! without a database and without HTTP.
//!
//! A *unit* is one copy of an order line. It is born when the line is confirmed and keeps its
//! order, line and copy for good; a remake is a new unit that replaces an old one. What happens
//! to a unit is a [`Change`]; [`UnitState::after`] says which changes may follow which. The
//! [`History`] of all of them is enough to restore every order.

mod history;
mod state;
#[cfg(test)]
mod tests;

pub use history::{Birth, Broken, Entry, History, RestoredCopy, RestoredLine, RestoredOrder};
pub use state::{Change, UnitState};
