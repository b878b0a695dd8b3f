//! The manifest: what a package says of itself. Unknown fields are passed over on reading, so
//! that an older reader can read a newer package of the same schema.

use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::id::{
    BuildId, CentreId, CustomerId, GroupId, MachineId, OrderId, PartId, RegionId, UnitId,
};
use platewright_model::measure::{Grams, Mm, Seconds};
use platewright_model::order::{MixingRule, OrderLine};
use platewright_model::stage::{DrawnOut, GroupKey, SortEntry};
use platewright_model::time::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name of the manifest's schema.
pub const MANIFEST_SCHEMA: &str = "platewright-package/1";

/// What is in a package, where its units stand and which orders they are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`MANIFEST_SCHEMA`].
    pub schema: String,
    /// The build.
    pub build: BuildId,
    /// UUID of the build in the 3MF.
    pub build_uuid: Uuid,
    /// Machine it is for.
    pub machine: MachineId,
    /// Centre of that machine.
    pub centre: CentreId,
    /// Group of its units.
    pub group: GroupId,
    /// Process, material, parameter set and what else its units have in common.
    pub key: GroupKey,
    /// Layer thickness.
    pub layer: Mm,
    /// Number of layers.
    pub layers: u32,
    /// Height of the build over the plate.
    pub height: Mm,
    /// Print time, from the layers.
    pub print_time: Seconds,
    /// Feedstock in the parts.
    pub material: Grams,
    /// Set-up begins.
    pub start: Time,
    /// The print begins.
    pub print_start: Time,
    /// The print ends.
    pub print_end: Time,
    /// The machine is free again.
    pub end: Time,
    /// Units, sorted by id.
    pub units: Vec<ManifestUnit>,
    /// Orders with a unit in this build, sorted by id, each with all of its lines.
    pub orders: Vec<ManifestOrder>,
    /// What to take out, from the top of the build down.
    pub sort_list: Vec<SortEntry>,
    /// Members that hold the layers; with none, the machine's control slices the models of the
    /// 3MF itself.
    #[serde(default)]
    pub layer_files: Vec<String>,
    /// The other members of the package, sorted by path.
    pub entries: Vec<Entry>,
}

/// A printed copy and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestUnit {
    /// Its UUID; also that of its item in the 3MF.
    pub unit: UnitId,
    /// Its order.
    pub order: OrderId,
    /// Number of its line.
    pub line: usize,
    /// Which copy of the line, from 0.
    pub copy: u32,
    /// Its part.
    pub part: PartId,
    /// From the part's frame to the build's.
    pub pose: Pose,
    /// Its box in the build, mm.
    pub bounds: BoxMm,
    /// How it is drawn out of the powder, where units must come apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<DrawnOut>,
}

/// An order as it was confirmed, whole: also lines that are printed in other builds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestOrder {
    /// The order.
    pub order: OrderId,
    /// Who ordered.
    pub customer: CustomerId,
    /// Where it goes.
    pub region: RegionId,
    /// When it must have arrived.
    pub due: Time,
    /// A date that must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// Whether all of it is wanted in one shipment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// 1 (can wait) to 5 (urgent).
    pub priority: u8,
    /// Whether its units may share a build with others.
    pub mixing: MixingRule,
    /// All of its lines.
    pub lines: Vec<ManifestLine>,
    /// Units of it that no build holds, sorted: they are not missing, the plan left them over.
    pub left_over: Vec<UnitId>,
}

/// A line of an order: all of what was ordered.
pub type ManifestLine = OrderLine;

/// A member of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Name in the container.
    pub path: String,
    /// Size, not packed.
    pub bytes: u64,
    /// SHA-256 of the content, not packed, in hex.
    pub sha256: String,
}
