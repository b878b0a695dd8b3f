//! From the ledger to a plan, and from a published plan back to the ledger.
//!
//! A plan is a proposal: it moves no unit. [`snapshot`] says what is to be planned, the planners
//! make a run of it, and [`publish`] puts units into builds, all of them in one transaction.

mod publish;
mod snapshot;

pub(crate) use publish::{by_name, publish, withdraw};
pub(crate) use snapshot::{Snapshot, snapshot};
