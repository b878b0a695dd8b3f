//! How a fault is put into words and places.

use platewright_model::geometry::BoxMm;
use platewright_model::stage::{FaultCode, MeshFault, Place, Severity};

use crate::TriMesh;

/// A fault with its text; suggestion and correctability follow from its kind.
pub(crate) fn fault(
    code: FaultCode,
    severity: Severity,
    count: u32,
    at: Option<[f64; 3]>,
    text: impl Into<String>,
) -> MeshFault {
    let (suggestion, correctable) = advice(code);
    MeshFault {
        code,
        severity,
        count,
        place: Place { at, bounds: None, triangles: Vec::new() },
        text: text.into(),
        suggestion: suggestion.to_owned(),
        correctable,
        corrected: false,
    }
}

/// A fault at some triangles.
pub(crate) fn fault_at(
    code: FaultCode,
    severity: Severity,
    count: usize,
    mesh: &TriMesh,
    triangles: &[u32],
    text: impl Into<String>,
) -> MeshFault {
    let mut fault = fault(code, severity, u32::try_from(count).unwrap_or(u32::MAX), None, text);
    fault.place = place(mesh, triangles);
    fault
}

/// Where some triangles are.
pub(crate) fn place(mesh: &TriMesh, triangles: &[u32]) -> Place {
    let corners = || triangles.iter().flat_map(|&t| mesh.corners(t as usize));
    let Some(first) = corners().next() else { return Place::default() };
    let mut bounds = BoxMm { min: first.into(), max: first.into() };
    for p in corners() {
        for k in 0..3 {
            bounds.min[k] = bounds.min[k].min(p[k]);
            bounds.max[k] = bounds.max[k].max(p[k]);
        }
    }
    let [a, b, c] = mesh.corners(triangles[0] as usize);
    Place {
        at: Some(((a.coords + b.coords + c.coords) / 3.0).into()),
        bounds: Some(bounds),
        triangles: triangles.iter().copied().take(Place::MOST_TRIANGLES).collect(),
    }
}

/// What to do about a kind of fault, and whether a correction that keeps the shape exists.
fn advice(code: FaultCode) -> (&'static str, bool) {
    use FaultCode::*;
    match code {
        Unreadable => ("give the model again, as the message says", false),
        HeaderMismatch => ("export the file again; what it holds was read", false),
        UnsupportedContent => ("export plain triangles", false),
        UnitSuspicion => ("check the unit of length", false),
        UnreferencedVertices => ("nothing to do: they are left out", true),
        DuplicateVertices => ("nothing to do: they are joined", true),
        NearVertices => ("they are joined; export with one vertex for each corner", true),
        DegenerateTriangles => ("they are left out or turned over an edge", true),
        DuplicateTriangles => ("one of each is kept", true),
        OpenEdges => {
            ("holes are filled; look at large ones, or close them where it was drawn", true)
        }
        TJunctions => ("the longer triangle is divided at the corner", true),
        NonManifoldEdges => ("the bodies are separated along the edge; sheets are left out", true),
        NonManifoldVertices => ("the parts of the surface get a vertex each", true),
        InconsistentOrientation => ("triangles are turned as most of their neighbours are", true),
        NotOrientable => ("draw it with a thickness: such a surface has no inside", false),
        InsideOut => ("the shell is turned", true),
        SelfIntersections => ("the surface is rebuilt around what it encloses", true),
        OverlappingShells => ("the shells become one body", true),
        InternalShells => ("bodies within bodies are left out; draw cavities inside out", true),
        NestedShells => ("make sure that cavities are meant", false),
        NoiseShells => ("specks no process can print are left out", true),
        NoVolume => ("give the model a thickness", false),
        CoarseTessellation => ("export with a finer tolerance if facets must not be seen", false),
        TooLarge => ("divide the part, or choose a larger machine", false),
        ThinWalls => ("thicken the walls, or choose a finer process", false),
        SmallFeatures => ("enlarge them, or choose a finer process", false),
        TrappedVolume => ("draw holes through which powder or resin can leave", false),
        Overhangs => ("lay the part otherwise, or agree to supports", false),
    }
}
