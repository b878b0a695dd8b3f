//! Stage 2: what was found out about the parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::MeshFault;
use crate::geometry::BoxMm;
use crate::id::{PartId, ProcessId};
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartRecord {
    /// Its id.
    #[schemars(with = "String")]
    pub id: PartId,
    /// Its file.
    pub file: String,
    /// SHA-256 of the file's bytes, in hex; empty if the file could not be read.
    pub sha256: String,
    /// The unit the file was read in.
    pub unit: LengthUnit,
    /// Facts of the mesh; `None` if it could not be read.
    pub facts: Option<MeshFacts>,
    /// Faults of the model as it came, and what the file itself had wrong; those with
    /// `corrected` are gone from the mesh that is printed.
    pub faults: Vec<MeshFault>,
    /// What was changed, in the order of the steps; empty if the mesh is as it came.
    pub corrections: Vec<CorrectionStep>,
    /// Why a person must look at it before it is printed.
    pub review: Vec<String>,
    /// What the processes that were asked for say of it.
    pub printability: Vec<Printability>,
    /// Whether it can be printed at all.
    pub verdict: Verdict,
}

/// One step of a correction and its effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CorrectionStep {
    /// Name of the step, such as `fill_holes`.
    pub step: String,
    /// Triangles that were dropped, turned, moved or added.
    pub triangles: u32,
    /// Volume after the step less volume before it, mm³. Of a surface that does not close the
    /// figure depends on the origin and is `None`.
    pub volume_change_mm3: Option<f64>,
    /// No point of the surface moved, appeared or vanished further than this from the surface
    /// before the step, mm; `None` where the step gives no bound.
    pub hausdorff_mm: Option<f64>,
    /// What was done, for people.
    pub text: String,
}

/// Whether a part can be printed in a process, and how to lay it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Printability {
    /// The process.
    #[schemars(with = "String")]
    pub process: ProcessId,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not simply printable.
    pub reasons: Vec<MeshFault>,
    /// How to lay it, best first; empty for processes whose powder carries the parts.
    pub orientations: Vec<OrientationAdvice>,
}

/// A way to lay a part on a plate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrientationAdvice {
    /// The direction of the part's frame that points up on the plate (unit vector).
    pub up: [f64; 3],
    /// Height of the part, mm.
    pub height_mm: f64,
    /// Area that stands on the plate, mm².
    pub base_mm2: f64,
    /// Area that needs support, mm².
    pub overhang_mm2: f64,
    /// Volume under the overhangs, down to the plate, mm³.
    pub support_mm3: f64,
    /// For what it was chosen.
    pub best_for: BestFor,
}

/// For what an orientation is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BestFor {
    /// Least support.
    LeastSupport,
    /// Least height: the shortest print.
    LeastHeight,
    /// Largest base: the safest stand.
    LargestBase,
}

/// Facts of a mesh. Volume, area and box are those of the triangles as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Pairs of triangles that meet beyond the corners and edges they share.
    pub intersecting_pairs: u32,
}

/// Whether a part can be printed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
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
