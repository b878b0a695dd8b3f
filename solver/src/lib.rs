//! Grouping, batching, assignment and scheduling of a night.
//!
//! Five pure functions, in the order of the flow: [`group`] says which units may be printed
//! together, [`batch`] proposes how many build volumes of which class they fill, [`assign`]
//! chooses the machine of each nested build with a proven bound, [`schedule`] gives every build
//! its start and every order its arrival, and [`explain_build`] says why a build is where it
//! is. What cannot be planned comes back as data with a reason; an `Err` means input that
//! contradicts itself.
//!
//! This crate sees facts of parts (volume, surface, size), never their geometry; whether parts
//! fit is asked of a [`platewright_model::oracle::FitOracle`].

mod assign;
mod batch;
pub mod batching;
mod calendar;
mod compat;
mod cost;
mod error;
mod explain;
mod facts;
#[cfg(test)]
mod fixture;
mod group;
mod held;
mod instance;
mod promise;
mod reserve;
mod schedule;
#[cfg(test)]
mod terms;

pub use assign::assign;
pub use batch::{LateAlone, NightCapacity, ShortMachine, TightNight, batch, night_capacity};
pub use calendar::{Slot, earliest_slot};
pub use compat::machine_can_take;
pub use cost::{
    apart_cost, broken_cost, build_cost, changeover_needed, freight_cost, lateness_cost,
    missed_cost, occupied, part_mass_g, short_cost,
};
pub use error::SolverError;
pub use explain::explain_build;
pub use facts::Facts;
pub use group::group;
pub use promise::{FullBuild, OpenBuild, Promise, Standing, promise};
pub use reserve::reserve;
pub use schedule::schedule;
