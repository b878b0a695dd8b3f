//! Answers to "why here, why not there".

use serde::{Deserialize, Serialize};

use crate::id::{BuildId, MachineId};
use crate::measure::{Money, Seconds};
use crate::time::Time;

/// Why a build is where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildExplanation {
    /// The build.
    pub build: BuildId,
    /// Where it is.
    pub machine: MachineId,
    /// What its units have in common.
    pub group: String,
    /// When it begins and ends.
    pub span: (Time, Time),
    /// Every other machine, cheapest first, those that cannot take it last.
    pub alternatives: Vec<Alternative>,
}

/// What another machine would mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The machine.
    pub machine: MachineId,
    /// Added cost of printing and freight; `None` if it cannot take the build.
    pub extra_cost: Option<Money>,
    /// Print time there.
    pub print_time: Option<Seconds>,
    /// Why it cannot, or what it would mean.
    pub text: String,
}
