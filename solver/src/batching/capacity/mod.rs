//! What no plan can do for lack of machine time, and what machine time is worth.
//!
//! A relaxation of batch scheduling: copies need no batch, only their share of one, and may be
//! printed in pieces at any time and in many places. What cannot be done so cannot be done at all,
//! and nothing costs less than it does so.

mod cut;
mod floor;
mod lot;
mod market;
mod prices;
mod share;
mod simplex;
#[cfg(test)]
mod tests;
mod tight;
mod words;

use platewright_model::batching::{BatchPlan, BatchProblem};

pub use self::prices::{CapacityPrices, CentreWorth, MachineWorth};
pub use self::tight::{HopelessOrder, TightMachine, TightSet};
use crate::batching::capacity::floor::Floor;
use crate::batching::instance::{Instance, NO_MATERIAL};
use crate::batching::plan::Plan;
use crate::batching::promise::Prepared;
use crate::error::SolverError;

/// What there is too little machine time for, and what more of it is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capacity {
    /// Orders that are late in any plan, even if nothing else were printed, by their index.
    pub hopeless: Vec<HopelessOrder>,
    /// Sets of parts of other orders that cannot all be on time: first those of the earliest dates
    /// by which anything is too much, then those of all dates. None are found where only batches
    /// and their order make orders late, not the time of machines as a whole.
    pub tight: Vec<TightSet>,
    /// What machine time is worth.
    pub prices: CapacityPrices,
}

/// Ends of spans of time, and prices of a unit of time in each by machine, for a plan with an end;
/// no prices for machines that print nothing.
pub(super) fn prices_of_time(inst: &Instance<'_>, end: i64) -> (Vec<i64>, Vec<Vec<f64>>) {
    prices::of_time(&Floor::new(inst), end)
}

/// The earliest arrival of a copy of a part that a machine prints, whatever else is printed.
pub(super) fn soonest_arrival(inst: &Instance<'_>, part: u32, machine: usize) -> i64 {
    let m = &inst.machines[machine];
    let release = inst.problem.parts[part as usize].release;
    let length = share::alone(inst, part, machine);
    let (end, _) = m.end_after(m.ready.max(release), NO_MATERIAL, 0, length);
    end + inst.tail(part, machine)
}

/// Orders that are late in any plan of a problem, and sets of others that cannot all be on time.
/// The problem was made to be valid; it may lack machines or parts.
pub(crate) fn shortfall(problem: &BatchProblem) -> (Vec<HopelessOrder>, Vec<TightSet>) {
    if problem.machines.is_empty() || problem.parts.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let inst = Instance::new(problem);
    tight::find(&Floor::new(&inst), |order| problem.orders[order].due)
}

/// No plan of a problem costs less, weighted, in which a copy that is printed costs so much more by
/// part (`printed`), and one that is not costs `left_out`; without changes of material, waiting and
/// short batches. The problem was made to be valid; it may lack machines or parts. `end` is that of
/// some plan.
pub(crate) fn least_cost(problem: &BatchProblem, end: i64, printed: &[f64], left_out: f64) -> f64 {
    if problem.machines.is_empty() || problem.parts.is_empty() {
        return 0.0;
    }
    let inst = Instance::new(problem);
    prices::least_cost(&Floor::new(&inst), end, &prices::Extra { printed, left_out })
}

impl Prepared<'_> {
    /// What machine time there is too little of for orders to arrive when they are due, and what
    /// it is worth up to the end of a plan.
    ///
    /// # Errors
    /// [`SolverError::ForeignPlan`] for a plan of another problem.
    pub fn capacity(&self, plan: &BatchPlan) -> Result<Capacity, SolverError> {
        let plan = Plan::read(&self.inst, plan).ok_or(SolverError::ForeignPlan)?;
        let floor = Floor::new(&self.inst);
        let orders = &self.inst.problem.orders;
        let (hopeless, tight) = tight::find(&floor, |order| orders[order].due);
        let end = plan.ends.iter().copied().max().unwrap_or(0);
        Ok(Capacity { hopeless, tight, prices: prices::find(&floor, end) })
    }
}
