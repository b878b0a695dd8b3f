//! Edges of a mesh and the shells they join.

use rayon::prelude::*;

use crate::TriMesh;

/// One side of a triangle, as part of the undirected edge it lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side {
    /// Lower and higher vertex of the edge.
    pub(crate) edge: (u32, u32),
    /// The triangle.
    pub(crate) triangle: u32,
    /// Whether the triangle runs from the lower to the higher vertex.
    pub(crate) forward: bool,
}

/// All sides of a mesh, sorted by edge. Sides of no length (a corner used twice) are left out.
pub(crate) struct Topology {
    sides: Vec<Side>,
}

impl Topology {
    /// Collects and sorts the sides.
    pub(crate) fn new(mesh: &TriMesh) -> Self {
        let mut sides = Vec::with_capacity(3 * mesh.triangles.len());
        for (t, tri) in mesh.triangles.iter().enumerate() {
            for k in 0..3 {
                let (a, b) = (tri[k], tri[(k + 1) % 3]);
                if a != b {
                    sides.push(Side {
                        edge: (a.min(b), a.max(b)),
                        triangle: t as u32,
                        forward: a < b,
                    });
                }
            }
        }
        sides.par_sort_unstable();
        Self { sides }
    }

    /// The sides of each edge.
    pub(crate) fn edges(&self) -> impl Iterator<Item = &[Side]> {
        self.sides.chunk_by(|a, b| a.edge == b.edge)
    }

    /// For each triangle the number of its shell, shells numbered by their first triangle, and
    /// the number of shells. Triangles that share an edge are in one shell.
    pub(crate) fn shells(&self, triangles: usize) -> (Vec<u32>, usize) {
        let mut sets = Sets::new(triangles);
        for edge in self.edges() {
            for side in &edge[1..] {
                sets.join(edge[0].triangle, side.triangle);
            }
        }
        sets.numbered()
    }
}

/// How often the triangles of an edge run forward less how often backward: 0 for an edge that
/// closes the surface.
pub(crate) fn balance(edge: &[Side]) -> i64 {
    edge.iter().map(|side| if side.forward { 1 } else { -1 }).sum()
}

/// Disjoint sets (union by the lower root, path halving).
pub(crate) struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    /// `n` sets of one.
    pub(crate) fn new(n: usize) -> Self {
        Self { parent: (0..n as u32).collect() }
    }

    /// Root of the set of `x`: its least member.
    pub(crate) fn root(&mut self, mut x: u32) -> u32 {
        while self.parent[x as usize] != x {
            let up = self.parent[self.parent[x as usize] as usize];
            self.parent[x as usize] = up;
            x = up;
        }
        x
    }

    /// Joins the sets of `a` and `b`.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// For each member the number of its set, in order of the least members.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, usize) {
        let mut number = vec![u32::MAX; self.parent.len()];
        let mut count = 0;
        for x in 0..self.parent.len() {
            let root = self.root(x as u32) as usize;
            if number[root] == u32::MAX {
                number[root] = count;
                count += 1;
            }
            number[x] = number[root];
        }
        (number, count as usize)
    }
}
