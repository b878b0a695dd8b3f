//! Facts of a mesh and the faults found in it. One file a family of faults; to add one, write
//! the detector and add it to [`DETECTORS`].

mod crossings;
mod edges;
mod fault;
mod shells;
mod tessellation;
#[cfg(test)]
mod tests;
mod triangles;
mod vertices;

use std::cell::OnceCell;

use platewright_model::geometry::BoxMm;
use platewright_model::stage::{MeshFacts, MeshFault};

pub(crate) use crossings::Crossings;
pub(crate) use edges::EdgeCounts;
pub(crate) use fault::{fault, fault_at, place};
pub(crate) use shells::{Nested, specks};
pub(crate) use triangles::{duplicates, is_degenerate};
pub(crate) use vertices::{fans, repeated, unused};

use crate::TriMesh;
use crate::joined::welded;
use crate::measure::measure;
use crate::shells::Shells;
use crate::spatial::BoxTree;
use crate::topology::Topology;

/// What was found out about a mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Facts of the triangles as they are.
    pub facts: MeshFacts,
    /// Faults, worst first.
    pub faults: Vec<MeshFault>,
}

/// Everything the detectors look at, found out once.
pub(crate) struct Survey<'a> {
    pub(crate) mesh: &'a TriMesh,
    pub(crate) topology: Topology,
    pub(crate) edges: EdgeCounts,
    tree: OnceCell<BoxTree>,
    pub(crate) shells: Shells,
    pub(crate) crossings: Crossings,
}

/// A detector of faults.
type Detector = fn(&Survey<'_>, &mut Vec<MeshFault>);

/// All detectors.
const DETECTORS: &[Detector] = &[
    edges::open_edges,
    edges::cracks,
    edges::non_manifold_edges,
    edges::orientation,
    vertices::non_manifold_vertices,
    vertices::unreferenced,
    triangles::degenerate,
    triangles::duplicate,
    shells::volume,
    shells::nesting,
    shells::noise,
    crossings::crossings,
    tessellation::coarse,
];

/// Finds out facts and faults of a mesh.
///
/// Vertices with equal coordinates count as one; [`crate::read_model`] joins them.
pub fn inspect(mesh: &TriMesh) -> Inspection {
    let (joined, repeated) = welded(mesh);
    let mut inspection = match &joined {
        Some(joined) => Survey::new(joined).inspection(),
        None => Survey::new(mesh).inspection(),
    };
    if repeated > 0 {
        inspection.faults.push(vertices::repeated(repeated));
    }
    inspection
}

impl<'a> Survey<'a> {
    /// Surveys a mesh whose vertices are all distinct.
    pub(crate) fn new(mesh: &'a TriMesh) -> Self {
        let tree = BoxTree::new(mesh);
        let crossings = Crossings::new(mesh, &tree);
        Self::of(mesh, Some(tree), crossings)
    }

    /// The same where the pairs that meet are known already.
    pub(crate) fn with_crossings(mesh: &'a TriMesh, crossings: Crossings) -> Self {
        Self::of(mesh, None, crossings)
    }

    fn of(mesh: &'a TriMesh, tree: Option<BoxTree>, crossings: Crossings) -> Self {
        let tree = tree.map_or_else(OnceCell::new, OnceCell::from);
        let topology = Topology::new(mesh);
        let edges = EdgeCounts::new(&topology);
        let shells = Shells::new(mesh, &topology);
        Self { mesh, topology, edges, tree, shells, crossings }
    }

    /// Where the triangles lie.
    pub(crate) fn tree(&self) -> &BoxTree {
        self.tree.get_or_init(|| BoxTree::new(self.mesh))
    }

    /// What a correction of the mesh can use again.
    pub(crate) fn into_parts(self) -> (Topology, BoxTree, Crossings) {
        let tree = self.tree.into_inner().unwrap_or_else(|| BoxTree::new(self.mesh));
        (self.topology, tree, self.crossings)
    }

    /// What was found out, in words.
    pub(crate) fn inspection(&self) -> Inspection {
        let facts = self.facts();
        let mut faults = Vec::new();
        for detector in DETECTORS {
            detector(self, &mut faults);
        }
        faults.sort_by_key(|f| std::cmp::Reverse(f.severity));
        Inspection { facts, faults }
    }

    /// Facts of the triangles as they are.
    pub(crate) fn facts(&self) -> MeshFacts {
        let mesh = self.mesh;
        let bounds = mesh.bounds().unwrap_or(BoxMm { min: [0.0; 3], max: [0.0; 3] });
        let measures = measure(mesh);
        let edges = &self.edges;
        MeshFacts {
            bounds,
            volume_mm3: measures.volume_mm3,
            surface_mm2: measures.surface_mm2,
            centroid: measures.centroid.into(),
            triangles: mesh.triangles.len() as u32,
            vertices: mesh.vertices.len() as u32,
            shells: self.shells.list.len() as u32,
            watertight: !mesh.triangles.is_empty()
                && edges.open.count == 0
                && edges.non_manifold.count == 0,
            oriented: edges.disagree.count == 0 && edges.unbalanced.count == 0,
            open_edges: edges.open.count,
            non_manifold_edges: edges.non_manifold.count,
            intersecting_pairs: u32::try_from(self.crossings.through.len()).unwrap_or(u32::MAX),
        }
    }
}
