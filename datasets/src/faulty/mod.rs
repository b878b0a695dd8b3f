//! Models with faults put in on purpose, and what they should be once corrected.
//!
//! Each case is a sound body, in single precision as an STL holds it, with faults of one or
//! several kinds injected at random; the truth is computed from the sound meshes by exact union,
//! never by a repair. The sound bodies themselves are cases too: nothing may be found in them.

mod batter;
mod bodies;
mod codes;
mod condition;
mod fold;
mod indices;
mod kernel;
mod layers;
mod opening;
mod plan;
mod shape;
mod shell;
mod surface;
mod touch;
mod work;
mod write;

use platewright_mesh::TriMesh;
use serde::Serialize;

pub use batter::battered;
pub use codes::{alarm_codes, expected_codes};
pub use condition::{Condition, condition};
pub use layers::{CaseLayers, LayerStack, LayerVerdict, StackSeat, compare_layers, judge_layers};
pub use plan::{CasePlan, Corpus, corpus};
pub use write::write_faults;

/// Relative error of the volume that a correction may have: 0.01 %.
pub const TOLERANCE: f64 = 1e-4;

/// Cases of a corpus unless asked otherwise.
pub const CASES: u32 = 320;

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Single triangles in the other sense.
    Flipped,
    /// Single triangles whose corners are up to 2 µm off.
    Crack,
    /// A cut through the body, the corners on one side of it up to 2 µm off.
    Seam,
    /// Single triangles deleted.
    Hole,
    /// Patches of triangles deleted where the surface is flat or gently curved.
    LargeHole,
    /// Triangles twice in the same sense.
    Duplicate,
    /// Triangles again in the other sense.
    OppositeDuplicate,
    /// Triangles with a corner twice.
    Degenerate,
    /// Triangles with three distinct corners on a line.
    Needle,
    /// Edges split on one side only.
    TJunction,
    /// A shell that crosses the surface.
    PiercingShell,
    /// A shell that shares part of a face plane with the body.
    CoplanarShell,
    /// A shell beside the body, inside out.
    InvertedShell,
    /// The whole model inside out.
    InsideOut,
    /// A body that touches along an edge.
    NonManifoldEdge,
    /// A single triangle on an edge.
    Fin,
    /// A body that touches at a corner.
    NonManifoldVertex,
    /// An outward shell within the solid.
    InternalShell,
    /// Specks beside the body, together at most a millionth of its volume.
    NoiseShell,
    /// Vertices that no triangle uses.
    UnreferencedVertex,
    /// Vertices that are there twice, each used by some of the triangles.
    DuplicateVertex,
    /// A shell that passes through itself.
    SelfIntersection,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 22] = [
        Self::Flipped,
        Self::Crack,
        Self::Seam,
        Self::Hole,
        Self::LargeHole,
        Self::Duplicate,
        Self::OppositeDuplicate,
        Self::Degenerate,
        Self::Needle,
        Self::TJunction,
        Self::PiercingShell,
        Self::CoplanarShell,
        Self::InvertedShell,
        Self::InsideOut,
        Self::NonManifoldEdge,
        Self::Fin,
        Self::NonManifoldVertex,
        Self::InternalShell,
        Self::NoiseShell,
        Self::UnreferencedVertex,
        Self::DuplicateVertex,
        Self::SelfIntersection,
    ];

    /// Its name, stable.
    pub fn name(self) -> String {
        let value = serde_json::to_value(self).expect("a kind is written as its name");
        value.as_str().expect("a kind is written as its name").to_owned()
    }

    /// Whether an STL cannot hold it.
    fn needs_indices(self) -> bool {
        matches!(self, Self::UnreferencedVertex | Self::DuplicateVertex)
    }
}

/// What a model should be once corrected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    /// Volume of the exact union, without specks, mm³.
    pub volume_mm3: f64,
    /// Bodies and cavities, without specks.
    pub shells: u32,
    /// Specks that may stay or go.
    pub specks: u32,
    /// Volume of the specks, mm³.
    pub specks_mm3: f64,
    /// Bodies touch along an edge or at a corner: welded by coordinates, four triangles meet.
    pub touching: bool,
    /// Relative error of the volume that is allowed. Cracks, holes and needles may cost a part
    /// of it; they are chosen so small that it suffices.
    pub tolerance: f64,
}

/// Faults of one kind that were put in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Injected {
    /// Which kind.
    pub kind: FaultKind,
    /// How many.
    pub count: u32,
    /// Triangles of the faulty mesh that are part of it; empty for what is missing.
    pub triangles: Vec<u32>,
    /// Places, at most 64, mm.
    pub at: Vec<[f64; 3]>,
}

/// A model with faults.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultyCase {
    /// Its name: number, recipe and body.
    pub name: String,
    /// Which faults, in short.
    pub recipe: String,
    /// The mesh, corners welded by exact coordinates unless the fault lies in the indices.
    pub mesh: TriMesh,
    /// What it should be once corrected.
    pub truth: Truth,
    /// What was put in; empty for a sound body.
    pub injected: Vec<Injected>,
    /// The sound meshes that the faults were put into, without specks. Solid in truth is where
    /// all of them together wind around a place at least once.
    pub sound: Vec<TriMesh>,
}

impl FaultyCase {
    /// Name of its file: OBJ where the fault lies in the indices, else STL.
    pub fn file(&self) -> String {
        let indexed = self.injected.iter().any(|i| i.kind.needs_indices());
        format!("{}.{}", self.name, if indexed { "obj" } else { "stl" })
    }
}

#[cfg(test)]
mod tests;
