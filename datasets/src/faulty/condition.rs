//! The condition of a mesh, by plain counts that share no code with the repair under test.

use std::collections::BTreeMap;

use platewright_mesh::TriMesh;

use super::FaultyCase;
use super::kernel::Body;

/// What holds of a mesh; corners are one where they have one index.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Edges with one triangle.
    pub open_edges: usize,
    /// Edges not run through as often forward as backward.
    pub unbalanced_edges: usize,
    /// Edges with more than two triangles.
    pub non_manifold_edges: usize,
    /// Vertices whose triangles are more than one fan.
    pub non_manifold_vertices: usize,
    /// Triangles with a corner twice.
    pub degenerate: usize,
    /// Whether the surface crosses itself; `None` if it is not closed, so that it is not asked.
    pub crosses_itself: Option<bool>,
    /// Volume, mm³.
    pub volume_mm3: f64,
    /// Pieces connected by edges: bodies and cavities.
    pub shells: u32,
}

/// Finds out what holds of a mesh.
pub fn condition(mesh: &TriMesh) -> Condition {
    let sides = sides(mesh);
    let mut found = Condition {
        open_edges: 0,
        unbalanced_edges: 0,
        non_manifold_edges: 0,
        non_manifold_vertices: split_vertices(mesh, &sides),
        degenerate: mesh.triangles.iter().filter(|t| repeats(t)).count(),
        crosses_itself: None,
        volume_mm3: mesh.volume(),
        shells: shells(mesh),
    };
    for edge in sides.chunk_by(|a, b| a.edge == b.edge) {
        let forward = edge.iter().filter(|s| s.forward).count();
        found.open_edges += usize::from(edge.len() == 1);
        found.unbalanced_edges += usize::from(2 * forward != edge.len());
        found.non_manifold_edges += usize::from(edge.len() > 2);
    }
    if found.unbalanced_edges == 0 && !mesh.triangles.is_empty() {
        found.crosses_itself = Body::new(mesh).map(|body| body.crosses_itself());
    }
    found
}

impl Condition {
    /// What is not as it should be after the correction of `case`; empty if all is well.
    pub fn against(&self, case: &FaultyCase) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut count = |n: usize, what: &str| {
            if n > 0 {
                wrong.push(format!("{n} {what}"));
            }
        };
        count(self.open_edges, "open edges");
        count(self.unbalanced_edges - self.open_edges, "unbalanced edges");
        count(self.non_manifold_edges, "non-manifold edges");
        count(self.non_manifold_vertices, "non-manifold vertices");
        count(self.degenerate, "triangles with a corner twice");
        count(usize::from(self.crosses_itself == Some(true)), "surface that crosses itself");
        let truth = &case.truth;
        let error = (self.volume_mm3 - truth.volume_mm3) / truth.volume_mm3;
        if error.is_nan() || error.abs() > truth.tolerance {
            wrong.push(format!("volume off by {:+.4} %", 100.0 * error));
        }
        if self.shells != truth.shells && self.shells != truth.shells + truth.specks {
            wrong.push(format!("{} shells, not {}", self.shells, truth.shells));
        }
        wrong
    }
}

/// Pieces of a mesh that are connected by edges.
pub(super) fn shells(mesh: &TriMesh) -> u32 {
    let mut sets = Sets::new(mesh.triangles.len());
    for edge in sides(mesh).chunk_by(|a, b| a.edge == b.edge) {
        for side in edge {
            sets.join(edge[0].triangle, side.triangle);
        }
    }
    let roots = (0..mesh.triangles.len() as u32).filter(|&t| sets.root(t) == t);
    roots.count() as u32
}

fn repeats(t: &[u32; 3]) -> bool {
    t[0] == t[1] || t[1] == t[2] || t[2] == t[0]
}

/// One side of an edge.
struct Side {
    edge: (u32, u32),
    triangle: u32,
    /// Corner of the triangle at which the side begins.
    corner: u32,
    forward: bool,
}

/// All sides of all triangles, those of an edge together.
fn sides(mesh: &TriMesh) -> Vec<Side> {
    let mut sides = Vec::with_capacity(3 * mesh.triangles.len());
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        for k in 0..3 {
            let (a, b) = (triangle[k], triangle[(k + 1) % 3]);
            sides.push(Side {
                edge: (a.min(b), a.max(b)),
                triangle: t as u32,
                corner: k as u32,
                forward: a < b,
            });
        }
    }
    sides.sort_unstable_by_key(|s| (s.edge, s.triangle, s.corner));
    sides
}

/// Vertices whose triangles do not hang together by edges at the vertex.
fn split_vertices(mesh: &TriMesh, sides: &[Side]) -> usize {
    let mut sets = Sets::new(3 * mesh.triangles.len());
    for edge in sides.chunk_by(|a, b| a.edge == b.edge) {
        let corners = |s: &Side| {
            let (from, to) = (3 * s.triangle + s.corner, 3 * s.triangle + (s.corner + 1) % 3);
            if s.forward { (from, to) } else { (to, from) }
        };
        let (low, high) = corners(&edge[0]);
        for side in &edge[1..] {
            let (a, b) = corners(side);
            sets.join(low, a);
            sets.join(high, b);
        }
    }
    let mut fans: BTreeMap<u32, u32> = BTreeMap::new();
    let mut split: Vec<u32> = Vec::new();
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        for (k, &v) in triangle.iter().enumerate() {
            let root = sets.root((3 * t + k) as u32);
            if *fans.entry(v).or_insert(root) != root {
                split.push(v);
            }
        }
    }
    split.sort_unstable();
    split.dedup();
    split.len()
}

/// Disjoint sets.
struct Sets(Vec<u32>);

impl Sets {
    fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    fn root(&mut self, mut a: u32) -> u32 {
        while self.0[a as usize] != a {
            self.0[a as usize] = self.0[self.0[a as usize] as usize];
            a = self.0[a as usize];
        }
        a
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The smaller number is the root, so that the first triangle stands for its shell.
        self.0[a.max(b) as usize] = a.min(b);
    }
}
