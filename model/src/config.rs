//! Configuration: one struct per component; `config/default.toml` is the only default.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Text of the committed default configuration.
pub const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

/// The whole configuration of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Limits on what is read.
    pub limits: Limits,
    /// Weights of the objective.
    pub objective: Objective,
    /// Nesting in three dimensions.
    pub volume: VolumeConfig,
    /// Nesting on plates.
    pub plate: PlateConfig,
    /// Batching, assignment and scheduling.
    pub solver: SolverConfig,
    /// Slicing.
    pub slicer: SlicerConfig,
    /// Rounds of planning.
    pub rounds: RoundsConfig,
}

/// Limits on what is read, against hostile and mistaken input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Greatest size of a model file, bytes.
    pub file_bytes: u64,
    /// Greatest number of triangles in a model.
    pub triangles: u64,
    /// Greatest size of all members of a ZIP together, inflated, bytes.
    pub inflated_bytes: u64,
    /// Greatest ratio of inflated to packed size of a member.
    pub inflation_ratio: u64,
    /// Greatest number of members of a ZIP.
    pub zip_members: u64,
    /// Greatest absolute coordinate, mm.
    pub coordinate_mm: f64,
    /// Greatest quantity of a line.
    pub line_quantity: u32,
    /// Greatest number of units of a night.
    pub night_units: u32,
}

/// Weights of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Minor units per hour an order is late, times its priority.
    pub lateness_per_hour: i64,
    /// Minor units per unit left over.
    pub unplaced_per_unit: i64,
    /// Minor units that must be saved for each build of the plan in force that gets another
    /// machine or start; guides the search and is no cost.
    pub changed_per_build: i64,
    /// Minor units for an order that arrives after its deadline, times its priority. 0 in runs
    /// of versions that had no deadlines, as the next two.
    #[serde(default, deserialize_with = "price")]
    pub missed_deadline: i64,
    /// Minor units for each centre beyond the first that ships units of an order that is wanted
    /// in one shipment.
    #[serde(default, deserialize_with = "price")]
    pub apart_per_shipment: i64,
    /// Minor units for an order that arrives later than the plan in force said, times its
    /// priority.
    #[serde(default, deserialize_with = "price")]
    pub broken_promise: i64,
}

/// Greatest price that is paid at once, minor units: five times that is below 2⁴⁰, the most that
/// a batch problem takes, and sums over a night stay within 64 bits.
const MOST_PRICE: i64 = 100_000_000_000;

fn price<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let amount = i64::deserialize(from)?;
    if (0..=MOST_PRICE).contains(&amount) {
        return Ok(amount);
    }
    Err(D::Error::custom(format!("must be from 0 to {MOST_PRICE} minor units, is {amount}")))
}

/// Nesting in three dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeConfig {
    /// Edge of a voxel, mm.
    pub voxel_mm: f64,
    /// Improvement steps when no budget is given in iterations.
    pub iterations: u64,
    /// Whether all units of a build must come apart: each in its turn can be drawn out of the
    /// powder along an axis.
    pub removable: bool,
    /// Whether layers should fuse about the same area: among builds of equal height those are
    /// looked for, in the second half of the steps.
    pub balanced: bool,
}

/// Nesting on plates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlateConfig {
    /// Copies for which a better place is looked for, in each build, when no budget is given in
    /// iterations.
    pub iterations: u64,
}

/// How batches, machines and times are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Everything is searched over.
    Search,
    /// Orders share builds; each unit and each build goes where it adds least, and stays there.
    Greedy,
    /// No order shares a build; orders as they are due, each build to the machine that is free
    /// first.
    FirstFree,
    /// No order shares a build; orders as they are due, each build to the first machine of the
    /// first centre that takes it.
    ByHand,
}

/// Batching, assignment and scheduling.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SolverConfig {
    /// Whether batches, machines and times are searched over, or chosen by a plain rule.
    pub policy: Policy,
    /// First guess at the share of a volume that parts fill in volume mode (their boxes,
    /// enlarged by the clearance, over the volume).
    pub volume_fill: f64,
    /// First guess at the share of a plate that silhouettes, enlarged by half the clearance,
    /// fill.
    pub plate_fill: f64,
    /// Moves of the search for batches, for each unit.
    pub batch_moves: u64,
    /// Time limit of the assignment MIP, s.
    pub mip_seconds: f64,
    /// Relative gap at which the assignment MIP stops.
    pub mip_gap: f64,
    /// Improvement steps of assignment and of scheduling.
    pub schedule_iterations: u64,
}

/// Slicing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlicerConfig {
    /// How far a contour may be simplified in a package, mm.
    pub simplify_mm: f64,
}

/// Rounds of planning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundsConfig {
    /// At most this many rounds.
    pub max: u32,
    /// Default wall time of a plan, s.
    pub budget_s: u64,
}
