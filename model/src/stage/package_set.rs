//! Stage 8: the technical data packages.

use serde::{Deserialize, Serialize};

use crate::geometry::Way;
use crate::id::{BuildId, OrderId, PartId, UnitId};

/// Stage 8: one technical data package per build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageSet {
    /// Packages, sorted by build.
    pub packages: Vec<Package>,
}

/// A technical data package (ISO/IEC 23510, 3.8) on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Its build.
    pub build: BuildId,
    /// File below the run's `80_packages` folder.
    pub file: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// A line of the sort list: what to take out of the build, and to which order it belongs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SortEntry {
    /// Position in the sort list, from 1: the order in which units are drawn out, or from the top
    /// of the build down.
    pub position: u32,
    /// The unit.
    pub unit: UnitId,
    /// Its order.
    pub order: OrderId,
    /// Its line.
    pub line: usize,
    /// Which copy.
    pub copy: u32,
    /// Its part.
    pub part: PartId,
    /// Which way it is drawn out, where units must come apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// Centre of its box in the build, mm.
    pub centre: [f64; 3],
    /// Size of its box in the build, mm.
    pub size: [f64; 3],
    /// Units of other orders in the same build with the same part: look twice.
    pub look_alikes: u32,
}
