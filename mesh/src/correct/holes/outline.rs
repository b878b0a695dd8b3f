//! The outline of a hole, and the edges a surface over it must not use.

use std::collections::BTreeSet;

use nalgebra::{Point3, Vector3};

use crate::TriMesh;
use crate::boundary::each_corner_at;
use crate::topology::Topology;

/// The outline of a hole in the sense of the surface that closes it.
pub(super) struct Outline {
    /// Its vertices; one may come several times.
    pub(super) vertices: Vec<u32>,
    /// Their places.
    pub(super) points: Vec<Point3<f64>>,
    /// For each point the unit normal of the triangle beyond the side from it to the next, zero
    /// where that has no area.
    pub(super) beyond: Vec<Vector3<f64>>,
}

impl Outline {
    /// From vertices in the sense of the triangles around the hole.
    pub(super) fn new(mesh: &TriMesh, edges: &Edges, around: &[u32]) -> Self {
        let vertices: Vec<u32> = around.iter().rev().copied().collect();
        let points = vertices.iter().map(|&v| mesh.vertices[v as usize]).collect();
        let n = vertices.len();
        let beyond = (0..n)
            .map(|i| {
                let t = edges.triangle_at(vertices[(i + 1) % n], vertices[i]);
                let normal = t.map(|t| mesh.normal_times_area(t as usize));
                normal.and_then(|n| n.try_normalize(0.0)).unwrap_or_default()
            })
            .collect();
        Self { vertices, points, beyond }
    }

    /// Whether a vertex comes several times.
    pub(super) fn is_pinched(&self) -> bool {
        let mut vertices = self.vertices.clone();
        vertices.sort_unstable();
        vertices.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Number of points.
    pub(super) fn len(&self) -> usize {
        self.vertices.len()
    }
}

/// Edges between vertices at holes.
pub(super) struct Edges {
    /// Open edges in the sense of their triangle, with that; ascending.
    open: Vec<(u32, u32, u32)>,
    /// All edges before any hole was filled, the lower vertex first; ascending.
    before: Vec<(u32, u32)>,
    /// Edges within surfaces over holes.
    added: BTreeSet<(u32, u32)>,
    /// Vertices at holes, ascending, with the mean length of their edges before, mm.
    usual: Vec<(u32, f64)>,
}

impl Edges {
    pub(super) fn new(mesh: &TriMesh, topology: &Topology) -> Self {
        let single = topology.irregular_edges().filter(|edge| edge.len() == 1);
        let mut open: Vec<(u32, u32, u32)> = single
            .map(|edge| {
                let ((low, high), t) = (edge[0].edge, edge[0].triangle);
                if edge[0].forward { (low, high, t) } else { (high, low, t) }
            })
            .collect();
        open.sort_unstable();
        let mut vertices: Vec<u32> = open.iter().flat_map(|&(a, b, _)| [a, b]).collect();
        vertices.sort_unstable();
        vertices.dedup();
        let mut before = Vec::new();
        each_corner_at(mesh, &vertices, |_, t, k| {
            let tri = mesh.triangles[t as usize];
            let (a, b) = (tri[k], tri[(k + 1) % 3]);
            before.push((a.min(b), a.max(b)));
        });
        before.sort_unstable();
        before.dedup();
        let mut sums = vec![(0.0, 0_u32); vertices.len()];
        for &(a, b) in &before {
            let length = (mesh.vertices[b as usize] - mesh.vertices[a as usize]).norm();
            for i in [a, b].into_iter().filter_map(|v| vertices.binary_search(&v).ok()) {
                sums[i] = (sums[i].0 + length, sums[i].1 + 1);
            }
        }
        let mean = |(v, (sum, n)): (u32, (f64, u32))| (v, sum / f64::from(n.max(1)));
        let usual = vertices.into_iter().zip(sums).map(mean).collect();
        Self { open, before, added: BTreeSet::new(), usual }
    }

    /// The mean length of the edges at a vertex before any hole was filled, mm; `None` away from
    /// holes.
    pub(super) fn usual_length(&self, v: u32) -> Option<f64> {
        let i = self.usual.binary_search_by_key(&v, |&(v, _)| v).ok()?;
        Some(self.usual[i].1)
    }

    /// The triangle at an open edge.
    fn triangle_at(&self, from: u32, to: u32) -> Option<u32> {
        let i = self.open.partition_point(|&(a, b, _)| (a, b) < (from, to));
        self.open.get(i).filter(|&&(a, b, _)| (a, b) == (from, to)).map(|&(_, _, t)| t)
    }

    /// Whether a surface over a hole must not have an edge between two vertices: there is one
    /// already, or they are the same.
    pub(super) fn forbid(&self, a: u32, b: u32) -> bool {
        let edge = (a.min(b), a.max(b));
        a == b || self.before.binary_search(&edge).is_ok() || self.added.contains(&edge)
    }

    /// Forgets the edges within surfaces.
    pub(super) fn forget_added(&mut self) {
        self.added.clear();
    }

    /// Says that there is an edge now.
    pub(super) fn insert(&mut self, a: u32, b: u32) {
        self.added.insert((a.min(b), a.max(b)));
    }
}
