//! Faults at edges: holes, cracks, too many triangles, disagreement.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::{Survey, fault_at};
use crate::boundary::loops;
use crate::seams::{near_pairs, t_junctions};
use crate::topology::{Side, Topology, balance};

/// How many edges have a property, and triangles at them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u32,
    pub(crate) triangles: Vec<u32>,
}

impl Tally {
    fn add(&mut self, edge: &[Side]) {
        self.count = self.count.saturating_add(1);
        self.triangles.extend(edge.iter().map(|side| side.triangle));
    }

    fn sorted(mut self) -> Self {
        self.triangles.sort_unstable();
        self.triangles.dedup();
        self
    }
}

/// Edges by what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(crate) struct EdgeCounts {
    /// One triangle.
    pub(crate) open: Tally,
    /// More than two triangles.
    pub(crate) non_manifold: Tally,
    /// More than two triangles, not as many forward as backward.
    pub(crate) unbalanced: Tally,
    /// Two triangles that run the same way.
    pub(crate) disagree: Tally,
}

impl EdgeCounts {
    /// Counts the edges of a mesh.
    pub(crate) fn new(topology: &Topology) -> Self {
        let mut counts = Self::default();
        for edge in topology.irregular_edges() {
            match edge.len() {
                1 => counts.open.add(edge),
                2 if balance(edge) != 0 => counts.disagree.add(edge),
                2 => {}
                _ => {
                    counts.non_manifold.add(edge);
                    if balance(edge) != 0 {
                        counts.unbalanced.add(edge);
                    }
                }
            }
        }
        Self {
            open: counts.open.sorted(),
            non_manifold: counts.non_manifold.sorted(),
            unbalanced: counts.unbalanced.sorted(),
            disagree: counts.disagree.sorted(),
        }
    }

    /// Whether the surface closes with a consistent side outside, so that every slice of it is
    /// a set of closed contours.
    pub(crate) fn closes(&self) -> bool {
        self.open.count == 0 && self.unbalanced.count == 0 && self.disagree.count == 0
    }
}

/// Holes: their number, edges, length and area.
pub(super) fn open_edges(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let (mesh, open) = (survey.mesh, &survey.edges.open);
    if open.count == 0 {
        return;
    }
    let holes = loops(mesh, &survey.topology);
    let length: f64 = holes.iter().map(|hole| hole.length(mesh)).sum();
    let largest = holes.iter().map(|hole| hole.area(mesh)).fold(0.0, f64::max);
    let text = format!(
        "{} open edges around {}, together {length:.3} mm long, the largest of {largest:.4} mm²",
        open.count,
        counted(holes.len(), "hole", "holes"),
    );
    let count = open.count as usize;
    let (code, severity) = (FaultCode::OpenEdges, Severity::Error);
    found.push(fault_at(code, severity, count, mesh, &open.triangles, text));
}

/// Corners that nearly meet, and corners in the middle of a neighbour's open edge.
pub(super) fn cracks(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let (mesh, open) = (survey.mesh, &survey.edges.open);
    if open.count == 0 {
        return;
    }
    let at_vertices = |wanted: &[u32]| -> Vec<u32> {
        let corner_of = |t: &u32| mesh.triangles[*t as usize];
        let at = |t: &u32| corner_of(t).iter().any(|v| wanted.binary_search(v).is_ok());
        open.triangles.iter().copied().filter(at).collect()
    };
    let pairs = near_pairs(mesh, &survey.topology);
    if !pairs.is_empty() {
        let mut vertices: Vec<u32> = pairs.iter().flat_map(|p| [p.a, p.b]).collect();
        vertices.sort_unstable();
        vertices.dedup();
        let widest = pairs.iter().map(|p| p.distance).fold(0.0, f64::max);
        let text = format!(
            "{} nearly meet: cracks up to {widest:.6} mm wide",
            counted(vertices.len(), "corner at an open edge", "corners at open edges"),
        );
        let (code, severity) = (FaultCode::NearVertices, Severity::Warning);
        let triangles = at_vertices(&vertices);
        found.push(fault_at(code, severity, pairs.len(), mesh, &triangles, text));
    }
    let junctions = t_junctions(mesh, &survey.topology);
    if !junctions.is_empty() {
        let mut triangles: Vec<u32> = junctions.iter().map(|j| j.side / 3).collect();
        triangles.dedup();
        let text = format!(
            "{} in the middle of a neighbour's edge",
            counted(junctions.len(), "corner lies", "corners lie"),
        );
        let (code, severity) = (FaultCode::TJunctions, Severity::Warning);
        found.push(fault_at(code, severity, junctions.len(), mesh, &triangles, text));
    }
}

/// More than two triangles at an edge.
pub(super) fn non_manifold_edges(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let edges = &survey.edges;
    let (tally, severity, text) = if edges.unbalanced.count > 0 {
        let text = "edges have more than two triangles, which do not separate inside from outside";
        (&edges.unbalanced, Severity::Error, text)
    } else {
        (&edges.non_manifold, Severity::Warning, "shells touch along edges")
    };
    if edges.non_manifold.count > 0 {
        let (code, count) = (FaultCode::NonManifoldEdges, tally.count as usize);
        found.push(fault_at(code, severity, count, survey.mesh, &tally.triangles, text));
    }
}

/// Neighbours that disagree on the outside.
pub(super) fn orientation(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let edges = &survey.edges;
    if edges.disagree.count == 0 && edges.open.count == 0 {
        return;
    }
    let mesh = survey.mesh;
    let plan = crate::correct::turns(mesh, &survey.topology);
    if !plan.turn.is_empty() {
        let text = format!(
            "{} against their neighbours: they disagree on which side is outside",
            counted(plan.turn.len(), "triangle runs", "triangles run"),
        );
        let (code, severity) = (FaultCode::InconsistentOrientation, Severity::Error);
        found.push(fault_at(code, severity, plan.turn.len(), mesh, &plan.turn, text));
    }
    if !plan.one_sided.is_empty() {
        let text = "a surface with only one side, as a Möbius strip";
        let (code, severity) = (FaultCode::NotOrientable, Severity::Error);
        found.push(fault_at(code, severity, plan.one_sided.len(), mesh, &plan.one_sided, text));
    }
}

/// A number with the right form of its noun.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
