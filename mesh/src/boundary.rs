//! Holes of a surface: loops of open edges.

use nalgebra::Vector3;

use crate::TriMesh;
use crate::topology::Topology;

/// A loop of open edges, in the sense of the triangles at it: the hole lies on its right.
pub(crate) struct Loop {
    /// Its vertices, each once.
    pub(crate) vertices: Vec<u32>,
}

impl Loop {
    /// Its edges' length together, mm.
    pub(crate) fn length(&self, mesh: &TriMesh) -> f64 {
        let point = |i: usize| mesh.vertices[self.vertices[i % self.vertices.len()] as usize];
        (0..self.vertices.len()).map(|i| (point(i + 1) - point(i)).norm()).sum()
    }

    /// Area of its projection along its mean normal, mm².
    pub(crate) fn area(&self, mesh: &TriMesh) -> f64 {
        self.normal_times_area(mesh).norm()
    }

    /// Mean normal (Newell), as long as the area; towards the side that is outside.
    pub(crate) fn normal_times_area(&self, mesh: &TriMesh) -> Vector3<f64> {
        let origin = mesh.vertices[self.vertices[0] as usize];
        let point = |i: usize| mesh.vertices[self.vertices[i % self.vertices.len()] as usize];
        let sum: Vector3<f64> = (0..self.vertices.len())
            .map(|i| (point(i + 1) - origin).cross(&(point(i) - origin)))
            .sum();
        sum / 2.0
    }
}

/// The holes of a mesh, each a loop that passes no vertex twice; open edges that lead nowhere
/// (beside edges with too many triangles) are in none.
pub(crate) fn loops(mesh: &TriMesh, topology: &Topology) -> Vec<Loop> {
    // Open edges by the vertex they begin at.
    let mut out: Vec<(u32, u32)> = topology
        .irregular_edges()
        .filter(|edge| edge.len() == 1)
        .map(|edge| {
            let (low, high) = edge[0].edge;
            if edge[0].forward { (low, high) } else { (high, low) }
        })
        .collect();
    out.sort_unstable();
    let mut used = vec![false; out.len()];
    // For the first edge of a vertex, how many of the vertex are known to be used, so that a
    // vertex with very many costs no more than one with few.
    let mut passed = vec![0_usize; out.len()];
    let mut loops = Vec::new();
    // Where on the path a vertex is; only those of the path are set.
    let mut place = vec![u32::MAX; mesh.vertices.len()];
    for first in 0..out.len() {
        if used[first] {
            continue;
        }
        used[first] = true;
        let (start, mut at) = out[first];
        let mut path = vec![start];
        place[start as usize] = 0;
        loop {
            let i = place[at as usize];
            if i != u32::MAX {
                let vertices: Vec<u32> = path.drain(i as usize..).collect();
                for &v in &vertices {
                    place[v as usize] = u32::MAX;
                }
                if vertices.len() > 2 {
                    loops.push(Loop { vertices });
                }
            }
            // The loop's first vertex goes on to be part of the path that led to it.
            let from = out.partition_point(|&(a, _)| a < at);
            let begins = |e: usize| out.get(e).is_some_and(|&(a, _)| a == at);
            if !begins(from) {
                break;
            }
            while begins(from + passed[from]) && used[from + passed[from]] {
                passed[from] += 1;
            }
            let e = from + passed[from];
            if !begins(e) {
                break;
            }
            if path.is_empty() {
                break;
            }
            place[at as usize] = path.len() as u32;
            path.push(at);
            used[e] = true;
            at = out[e].1;
        }
        for v in path {
            place[v as usize] = u32::MAX;
        }
    }
    loops
}
