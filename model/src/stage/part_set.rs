//! Stage 2: what was found out about the parts.

use serde::{Deserialize, Serialize};

use crate::geometry::BoxMm;
use crate::id::PartId;
use crate::measure::LengthUnit;

/// Stage 2: the parts with their facts, by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartSet {
    /// One record a part, sorted by id.
    pub parts: Vec<PartRecord>,
}

impl PartSet {
    /// The record of a part, if there is one.
    pub fn get(&self, id: &PartId) -> Option<&PartRecord> {
        self.parts.binary_search_by(|p| p.id.cmp(id)).ok().map(|i| &self.parts[i])
    }
}

/// What is known of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartRecord {
    /// Its id.
    pub id: PartId,
    /// Its file.
    pub file: String,
    /// SHA-256 of the file's bytes, in hex; empty if the file could not be read.
    pub sha256: String,
    /// The unit the file was read in.
    pub unit: LengthUnit,
    /// Facts of the mesh; `None` if it could not be read.
    pub facts: Option<MeshFacts>,
    /// Faults found.
    pub faults: Vec<MeshFault>,
    /// Whether it can be printed.
    pub verdict: Verdict,
}

/// Facts of a mesh. Volume, area and box are those of the triangles as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeshFacts {
    /// Bounding box.
    pub bounds: BoxMm,
    /// Signed volume, mm³.
    pub volume_mm3: f64,
    /// Surface area, mm².
    pub surface_mm2: f64,
    /// Centre of mass (of the solid; of the box where the volume is 0), mm.
    pub centroid: [f64; 3],
    /// Number of triangles.
    pub triangles: u32,
    /// Number of distinct vertices.
    pub vertices: u32,
    /// Number of connected shells.
    pub shells: u32,
    /// Every edge is shared by exactly two triangles.
    pub watertight: bool,
    /// Every shared edge is run through once in each direction.
    pub oriented: bool,
    /// Edges with one triangle.
    pub open_edges: u32,
    /// Edges with more than two triangles.
    pub non_manifold_edges: u32,
}

/// A fault of a mesh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeshFault {
    /// Which kind.
    pub code: FaultCode,
    /// How bad it is.
    pub severity: Severity,
    /// How many places.
    pub count: u32,
    /// One of the places, mm.
    pub at: Option<[f64; 3]>,
    /// What it is and how to mend it, for people.
    pub text: String,
}

/// Kinds of mesh faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The file is not there or cannot be read.
    Unreadable,
    /// Edges with one triangle: the surface has holes.
    OpenEdges,
    /// Edges with more than two triangles.
    NonManifoldEdges,
    /// Neighbouring triangles that disagree on which side is outside.
    InconsistentOrientation,
    /// The surface encloses a negative volume.
    InsideOut,
    /// Triangles without area.
    DegenerateTriangles,
    /// The same triangle more than once.
    DuplicateTriangles,
    /// No volume at all.
    NoVolume,
    /// The size suggests another unit.
    UnitSuspicion,
    /// Larger than every machine of its process.
    TooLarge,
    /// The header of the file disagrees with its content.
    HeaderMismatch,
    /// Content of the file that is not read.
    UnsupportedContent,
}

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Printable all the same.
    Note,
    /// Corrected, or to be looked at.
    Warning,
    /// Not printable as it is.
    Error,
}

/// Whether a part can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it is.
    Printable,
    /// After the corrections that were made.
    Corrected,
    /// Not without a person's look.
    NeedsReview,
    /// Not at all.
    NotPrintable,
}

impl Verdict {
    /// Whether units of the part enter the plan.
    pub fn enters_plan(self) -> bool {
        matches!(self, Self::Printable | Self::Corrected)
    }
}
