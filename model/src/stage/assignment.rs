//! Stage 5: which machine prints which build.

use serde::{Deserialize, Serialize};

use crate::cost::CostSplit;
use crate::id::{BuildId, CentreId, MachineId};
use crate::measure::Money;
use crate::stage::UnplacedReason;

/// Stage 5: build → centre and machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Assigned builds, sorted by build.
    pub assigned: Vec<Assigned>,
    /// Builds that no machine can take, sorted by build.
    pub unassigned: Vec<Unassigned>,
    /// Objective of the assignment model: what builds cost on their machines, freight, shipments
    /// apart, and what orders cost that arrive too late even if every build were alone.
    pub objective: Money,
    /// Proven lower bound of that objective over all assignments of these builds.
    pub bound: Money,
    /// `(objective - bound) / objective`, 0 where the objective is 0.
    pub gap: f64,
    /// The solver that planned: `HiGHS` or `microlp`.
    pub backend: String,
}

/// A build's machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    /// The build.
    pub build: BuildId,
    /// Its centre.
    pub centre: CentreId,
    /// Its machine.
    pub machine: MachineId,
    /// Cost of printing it there: machine, fixed, material and short; freight, changeover and
    /// lateness are not of one build and stand in the schedule.
    pub cost: CostSplit,
}

/// A build that no machine takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unassigned {
    /// The build.
    pub build: BuildId,
    /// Why.
    pub reason: UnplacedReason,
    /// The reason in words.
    pub text: String,
}
