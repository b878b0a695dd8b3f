//! Facts of a mesh and the faults found in it.

use nalgebra::{Point3, Vector3};
use platewright_model::geometry::BoxMm;
use platewright_model::stage::{FaultCode, MeshFacts, MeshFault, Severity};

use crate::TriMesh;
use crate::topology::{Side, Topology, balance};

/// What was found out about a mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Facts of the triangles as they are.
    pub facts: MeshFacts,
    /// Faults, worst first.
    pub faults: Vec<MeshFault>,
}

/// Finds out facts and faults of a mesh.
///
/// Vertices count as one where they have one index; [`crate::read_model`] joins those with equal
/// coordinates. Cost: pairing of the sides.
pub fn inspect(mesh: &TriMesh) -> Inspection {
    let topology = Topology::new(mesh);
    let counts = EdgeCounts::new(&topology);
    let (_, shells) = topology.shells(mesh.triangles.len());
    let bounds = mesh.bounds().unwrap_or(BoxMm { min: [0.0; 3], max: [0.0; 3] });
    let (volume_mm3, centroid) = volume_and_centroid(mesh, &bounds);
    let facts = MeshFacts {
        bounds,
        volume_mm3,
        surface_mm2: mesh.surface(),
        centroid,
        triangles: mesh.triangles.len() as u32,
        vertices: mesh.vertices.len() as u32,
        shells: shells as u32,
        watertight: !mesh.triangles.is_empty()
            && counts.open.count == 0
            && counts.non_manifold.count == 0,
        oriented: counts.disagree.count == 0 && counts.unbalanced.count == 0,
        open_edges: counts.open.count,
        non_manifold_edges: counts.non_manifold.count,
    };
    let faults = faults(mesh, &facts, &counts);
    Inspection { facts, faults }
}

/// How many edges have a property, and one of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u32,
    pub(crate) first: Option<(u32, u32)>,
}

impl Tally {
    fn add(&mut self, edge: &[Side]) {
        self.count = self.count.saturating_add(1);
        self.first.get_or_insert(edge[0].edge);
    }

    fn at(&self, mesh: &TriMesh) -> Option<[f64; 3]> {
        let (a, b) = self.first?;
        let (a, b) = (mesh.vertices[a as usize], mesh.vertices[b as usize]);
        Some(nalgebra::center(&a, &b).into())
    }
}

/// Edges by what is wrong with them.
#[derive(Clone, Copy, Debug, Default)]
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
        counts
    }

    /// Whether the surface closes with a consistent side outside, so that every slice of it is
    /// a set of closed contours.
    pub(crate) fn closes(&self) -> bool {
        self.open.count == 0 && self.unbalanced.count == 0 && self.disagree.count == 0
    }
}

/// Volume, and centre of mass by tetrahedra to the middle of the box.
fn volume_and_centroid(mesh: &TriMesh, bounds: &BoxMm) -> (f64, [f64; 3]) {
    let middle = Point3::from(std::array::from_fn(|k| (bounds.min[k] + bounds.max[k]) / 2.0));
    let (mut six, mut moment) = (0.0, Vector3::zeros());
    for t in 0..mesh.triangles.len() {
        let [a, b, c] = mesh.corners(t).map(|p| p - middle);
        let v = a.dot(&b.cross(&c));
        six += v;
        moment += v * (a + b + c) / 4.0;
    }
    let size: f64 = bounds.size().iter().product();
    if six.abs() <= 1e-12 * size {
        return (six / 6.0, middle.into());
    }
    (six / 6.0, (middle + moment / six).into())
}

/// Whether a triangle has no area: a corner twice, or a height below a billionth of its longest
/// side.
pub(crate) fn is_degenerate(corners: [Point3<f64>; 3]) -> bool {
    let [a, b, c] = corners;
    let longest = (b - a).norm_squared().max((c - b).norm_squared()).max((a - c).norm_squared());
    (b - a).cross(&(c - a)).norm() <= 1e-9 * longest
}

/// Triangles with the same corners in the same sense as an earlier one.
pub(crate) fn duplicates(mesh: &TriMesh) -> Vec<u32> {
    let mut keyed: Vec<([u32; 3], u32)> = mesh
        .triangles
        .iter()
        .enumerate()
        .map(|(t, &tri)| (turned_to_least(tri), t as u32))
        .collect();
    keyed.sort_unstable();
    let mut later: Vec<u32> =
        keyed.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1).collect();
    later.sort_unstable();
    later
}

/// The same triangle, its least corner first.
fn turned_to_least([a, b, c]: [u32; 3]) -> [u32; 3] {
    if a <= b && a <= c {
        [a, b, c]
    } else if b <= a && b <= c {
        [b, c, a]
    } else {
        [c, a, b]
    }
}

/// A fault with its text.
pub(crate) fn fault(
    code: FaultCode,
    severity: Severity,
    count: u32,
    at: Option<[f64; 3]>,
    text: impl Into<String>,
) -> MeshFault {
    MeshFault { code, severity, count, at, text: text.into() }
}

fn faults(mesh: &TriMesh, facts: &MeshFacts, counts: &EdgeCounts) -> Vec<MeshFault> {
    let mut found = Vec::new();
    let mut edges = |code, severity, tally: &Tally, text: &str| {
        if tally.count > 0 {
            found.push(fault(code, severity, tally.count, tally.at(mesh), text));
        }
    };
    edges(
        FaultCode::OpenEdges,
        Severity::Error,
        &counts.open,
        "the surface has holes; close them in the program the model was drawn in",
    );
    let (severity, text) = if counts.unbalanced.count > 0 {
        let text = "edges have more than two triangles that do not separate inside from outside; \
                    make the shells separate bodies";
        (Severity::Error, text)
    } else {
        (Severity::Warning, "shells touch along edges; they are printed as one body")
    };
    let tally = if counts.unbalanced.count > 0 { &counts.unbalanced } else { &counts.non_manifold };
    edges(FaultCode::NonManifoldEdges, severity, tally, text);
    edges(
        FaultCode::InconsistentOrientation,
        Severity::Error,
        &counts.disagree,
        "neighbouring triangles disagree on which side is outside",
    );
    if counts.closes() && facts.volume_mm3 < 0.0 {
        let text = "the triangles face inwards: the enclosed volume is negative";
        found.push(fault(FaultCode::InsideOut, Severity::Error, 1, None, text));
    }
    let size = facts.bounds.size();
    if facts.volume_mm3.abs() <= 1e-12 * size.iter().product::<f64>() || size.contains(&0.0) {
        let text = "the model encloses no volume; give it a thickness";
        found.push(fault(FaultCode::NoVolume, Severity::Error, 1, None, text));
    }
    let flat: Vec<usize> =
        (0..mesh.triangles.len()).filter(|&t| is_degenerate(mesh.corners(t))).collect();
    if let Some(&t) = flat.first() {
        let at = Some(mesh.corners(t)[0].into());
        let text = "triangles without area; they add nothing to the shape";
        found.push(fault(
            FaultCode::DegenerateTriangles,
            Severity::Note,
            flat.len() as u32,
            at,
            text,
        ));
    }
    let double = duplicates(mesh);
    if let Some(&t) = double.first() {
        let at = Some(mesh.corners(t as usize)[0].into());
        let text = "the same triangle is there more than once";
        let count = double.len() as u32;
        found.push(fault(FaultCode::DuplicateTriangles, Severity::Warning, count, at, text));
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    found
}

#[cfg(test)]
mod tests;
