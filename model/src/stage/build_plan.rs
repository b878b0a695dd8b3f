//! Stage 4: where each unit stands.

use serde::{Deserialize, Serialize};

use crate::geometry::{Pose, Way};
use crate::id::{BuildId, GroupId, MachineClassId, PartId, UnitId};
use crate::machine::BuildLoad;

/// Stage 4: builds with one pose per unit, and what found no place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildPlan {
    /// Builds, sorted by id.
    pub builds: Vec<Build>,
    /// Units without a place, sorted by unit.
    pub unplaced: Vec<Unplaced>,
}

/// One filled build volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Build {
    /// Its id.
    pub id: BuildId,
    /// Group its units are of.
    pub group: GroupId,
    /// Machine class it was nested for.
    pub class: MachineClassId,
    /// Placements, sorted by unit.
    pub placements: Vec<Placement>,
    /// What its time and cost depend on.
    pub load: BuildLoad,
    /// Volume mode: Σ part volume / (plate area × height); plate mode: Σ silhouette area /
    /// plate area.
    pub density: f64,
}

/// Where a unit stands in its build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// The unit.
    pub unit: UnitId,
    /// Its part.
    pub part: PartId,
    /// From the part's frame (as in its model file, in mm) to the build's frame.
    pub pose: Pose,
    /// How it is drawn out of the powder, where units must come apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<DrawnOut>,
}

/// How a unit is drawn out of the powder, past those that are still in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnOut {
    /// Its turn, from 1.
    pub turn: u32,
    /// Which way.
    pub way: Way,
}

/// A unit that no build holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unplaced {
    /// The unit.
    pub unit: UnitId,
    /// Why.
    pub reason: UnplacedReason,
    /// The reason in words, and how to mend it.
    pub text: String,
}

/// Why a unit found no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnplacedReason {
    /// The model could not be read or printed.
    NotPrintable,
    /// No machine has the process, material and certificates.
    NoMachine,
    /// No allowed orientation fits any machine of the process.
    TooLarge,
    /// The budget ended before a place was found.
    BudgetEnded,
    /// No centre has feedstock or machine time for its build.
    NoCapacity,
    /// No centre that could print it ships to the order's region.
    NoFreight,
}
