//! How the edges of a mesh are used: the quick answer to whether it is a body at all.

use crate::TriMesh;
use crate::inspect::EdgeCounts;
use crate::topology::Topology;

/// Edges by their use, and shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeFacts {
    /// Edges of one triangle.
    pub open: u32,
    /// Edges of more than two triangles.
    pub non_manifold: u32,
    /// Edges of two triangles that run it in the same sense.
    pub disagreeing: u32,
    /// Sets of triangles that are joined by edges.
    pub shells: u32,
}

/// Counts edges by their use. The same as in [`crate::inspect`], which looks for much more.
pub fn edge_facts(mesh: &TriMesh) -> EdgeFacts {
    let topology = Topology::new(mesh);
    let counts = EdgeCounts::new(&topology);
    let (_, shells) = topology.shells(mesh.triangles.len());
    EdgeFacts {
        open: counts.open.count,
        non_manifold: counts.non_manifold.count,
        disagreeing: counts.disagree.count,
        shells: shells as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{cuboid, joined};

    #[test]
    fn edges_are_counted_by_their_use() {
        let mut mesh = joined(&[cuboid([0.0; 3], [1.0; 3]), cuboid([2.0; 3], [3.0; 3])]);
        let sound = EdgeFacts { open: 0, non_manifold: 0, disagreeing: 0, shells: 2 };
        assert_eq!(edge_facts(&mesh), sound);
        mesh.triangles[5].swap(0, 1);
        assert_eq!(edge_facts(&mesh), EdgeFacts { disagreeing: 3, ..sound });
        mesh.triangles[5] = mesh.triangles[4];
        let faulty = edge_facts(&mesh);
        assert!(faulty.open > 0 && faulty.shells == 2);
    }
}
