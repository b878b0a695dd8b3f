//! Batches of parts on machines of many centres: what is printed together, where and when.

mod anneal;
mod bound;
mod calendar;
mod capacity;
mod construct;
#[cfg(test)]
mod fixture;
mod held;
mod instance;
mod levels;
mod moves;
mod nested;
mod plain;
mod plan;
mod promise;
mod rebuild;
mod region;
mod regions;
mod replan;
mod search;
mod standing;
mod started;
mod stores;
#[cfg(test)]
mod tests;
mod trial;

pub use capacity::{
    Capacity, CapacityPrices, CentreWorth, HopelessOrder, MachineWorth, TightMachine, TightSet,
};
pub(crate) use capacity::{least_cost, shortfall};
pub use nested::solve_nested;
pub use promise::{MachineOffer, OpenPlan, Prepared, Promise, PromisedPlace};
pub use replan::in_force;
pub(crate) use search::solve_valid;
pub use search::{Found, Settings, solve};
