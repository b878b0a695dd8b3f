//! Faults of meshes: kinds, severities, places.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::BoxMm;

/// A fault of a mesh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeshFault {
    /// Which kind.
    pub code: FaultCode,
    /// How bad it is.
    pub severity: Severity,
    /// How many places: edges, triangles, pairs, shells or vertices, as the kind says.
    pub count: u32,
    /// Where it is.
    pub place: Place,
    /// What was found, for people.
    pub text: String,
    /// How to mend it in the program the model was drawn in, or what will be done here.
    pub suggestion: String,
    /// Whether a correction exists that keeps the shape.
    pub correctable: bool,
    /// Whether it is gone from the mesh that is printed.
    pub corrected: bool,
}

/// Where a fault is; empty for faults of the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// One of the places, mm.
    pub at: Option<[f64; 3]>,
    /// A box around all places, mm.
    pub bounds: Option<BoxMm>,
    /// Triangles of it, numbered from 0 as in the file; the first [`Place::MOST_TRIANGLES`].
    pub triangles: Vec<u32>,
}

impl Place {
    /// The most triangles a place names, so that a scan with a million faults stays readable.
    pub const MOST_TRIANGLES: usize = 1000;
}

/// Kinds of mesh faults.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The file is not there or cannot be read.
    Unreadable,
    /// The header of the file disagrees with its content.
    HeaderMismatch,
    /// Content of the file that is not read.
    UnsupportedContent,
    /// The size suggests another unit.
    UnitSuspicion,
    /// Vertices that no triangle uses.
    UnreferencedVertices,
    /// Vertices with the same coordinates as an earlier one.
    DuplicateVertices,
    /// Vertices so close that they were meant to be one: cracks along open edges.
    NearVertices,
    /// Triangles without area.
    DegenerateTriangles,
    /// The same triangle more than once, in either sense.
    DuplicateTriangles,
    /// Edges with one triangle: the surface has holes.
    OpenEdges,
    /// Open edges with a corner of a neighbour in their middle.
    TJunctions,
    /// Edges with more than two triangles.
    NonManifoldEdges,
    /// Vertices where parts of the surface touch in nothing but that point.
    NonManifoldVertices,
    /// Neighbouring triangles that disagree on which side is outside.
    InconsistentOrientation,
    /// A surface without two sides, as a Möbius strip.
    NotOrientable,
    /// Shells that enclose a negative volume where a body was meant.
    InsideOut,
    /// Triangles of one shell that cross or overlap.
    SelfIntersections,
    /// Shells that cross or overlap.
    OverlappingShells,
    /// Bodies within the solid of other bodies: they add nothing.
    InternalShells,
    /// Shells within others: cavities and what lies in them.
    NestedShells,
    /// Shells too small to mean anything.
    NoiseShells,
    /// No volume at all.
    NoVolume,
    /// Triangles too long for a curved surface: facets will be seen.
    CoarseTessellation,
    /// Larger than every machine of its process.
    TooLarge,
    /// Walls thinner than the process can print.
    ThinWalls,
    /// Pins, ribs and letters thinner than the process can print.
    SmallFeatures,
    /// Closed cavities from which powder or resin cannot leave.
    TrappedVolume,
    /// Surfaces that hang over further than the process can print without support.
    Overhangs,
}

impl FaultCode {
    /// Its name, as in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::HeaderMismatch => "header_mismatch",
            Self::UnsupportedContent => "unsupported_content",
            Self::UnitSuspicion => "unit_suspicion",
            Self::UnreferencedVertices => "unreferenced_vertices",
            Self::DuplicateVertices => "duplicate_vertices",
            Self::NearVertices => "near_vertices",
            Self::DegenerateTriangles => "degenerate_triangles",
            Self::DuplicateTriangles => "duplicate_triangles",
            Self::OpenEdges => "open_edges",
            Self::TJunctions => "t_junctions",
            Self::NonManifoldEdges => "non_manifold_edges",
            Self::NonManifoldVertices => "non_manifold_vertices",
            Self::InconsistentOrientation => "inconsistent_orientation",
            Self::NotOrientable => "not_orientable",
            Self::InsideOut => "inside_out",
            Self::SelfIntersections => "self_intersections",
            Self::OverlappingShells => "overlapping_shells",
            Self::InternalShells => "internal_shells",
            Self::NestedShells => "nested_shells",
            Self::NoiseShells => "noise_shells",
            Self::NoVolume => "no_volume",
            Self::CoarseTessellation => "coarse_tessellation",
            Self::TooLarge => "too_large",
            Self::ThinWalls => "thin_walls",
            Self::SmallFeatures => "small_features",
            Self::TrappedVolume => "trapped_volume",
            Self::Overhangs => "overhangs",
        }
    }
}

/// How bad a fault is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Printable all the same.
    Note,
    /// Corrected, or to be looked at.
    Warning,
    /// Not printable as it is.
    Error,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files() {
        for code in [FaultCode::TJunctions, FaultCode::NonManifoldEdges, FaultCode::Unreadable] {
            let written = serde_json::to_value(code).expect("a name is JSON");
            assert_eq!(written, code.name());
        }
    }
}
