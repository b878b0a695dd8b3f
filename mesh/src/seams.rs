//! Places where a surface nearly closes: corners that almost meet along open edges.

mod grid;

use grid::Grid;
use nalgebra::Point3;

use crate::TriMesh;
use crate::topology::Topology;

/// Corners closer than this were meant to be one, mm: far below what any process resolves, far
/// above the rounding of files.
pub(crate) const TOLERANCE_MM: f64 = 0.01;
/// Corners further apart than this share of the shorter open edge at them stay apart.
const OF_EDGE: f64 = 0.45;

/// Two boundary vertices that nearly meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NearPair {
    /// The lower vertex.
    pub(crate) a: u32,
    /// The higher vertex.
    pub(crate) b: u32,
    /// Their distance, mm.
    pub(crate) distance: f64,
}

/// A boundary vertex in the middle of an open side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TJunction {
    /// The side.
    pub(crate) side: u32,
    /// The vertex.
    pub(crate) vertex: u32,
    /// Where along the side, 0 to 1.
    pub(crate) along: f64,
    /// How far off it, mm.
    pub(crate) distance: f64,
}

/// The open sides of a mesh and the vertices at them.
struct Rim {
    /// Open sides, ascending.
    sides: Vec<u32>,
    /// Vertices at them, ascending, with the length of the shortest open edge at each.
    vertices: Vec<(u32, f64)>,
}

impl Rim {
    fn new(mesh: &TriMesh, topology: &Topology) -> Self {
        let mut sides = Vec::new();
        let mut vertices = Vec::new();
        for edge in topology.irregular_edges().filter(|edge| edge.len() == 1) {
            let (a, b) = edge[0].edge;
            let length = (mesh.vertices[b as usize] - mesh.vertices[a as usize]).norm();
            vertices.extend([(a, length), (b, length)]);
            let tri = mesh.triangles[edge[0].triangle as usize];
            let from = if edge[0].forward { a } else { b };
            let k = tri.iter().position(|&v| v == from).unwrap_or(0) as u32;
            sides.push(3 * edge[0].triangle + k);
        }
        sides.sort_unstable();
        vertices.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        vertices.dedup_by_key(|v| v.0);
        Self { sides, vertices }
    }

    /// The median of the lengths at the vertices, mm.
    fn usual_length(&self) -> f64 {
        let mut lengths: Vec<f64> = self.vertices.iter().map(|v| v.1).collect();
        let middle = lengths.len() / 2;
        if lengths.is_empty() {
            return 0.0;
        }
        *lengths.select_nth_unstable_by(middle, f64::total_cmp).1
    }
}

/// Boundary vertices that nearly meet, nearest first; vertices joined by an edge are no pair.
pub(crate) fn near_pairs(mesh: &TriMesh, topology: &Topology) -> Vec<NearPair> {
    let rim = Rim::new(mesh, topology);
    let points: Vec<Point3<f64>> =
        rim.vertices.iter().map(|&(v, _)| mesh.vertices[v as usize]).collect();
    let grid = Grid::new(&points, rim.usual_length().max(2.0 * TOLERANCE_MM));
    let mut joined: Vec<(u32, u32)> = rim
        .sides
        .iter()
        .map(|&s| {
            let (a, b) = ends(mesh, s);
            (a.min(b), a.max(b))
        })
        .collect();
    joined.sort_unstable();
    let mut pairs = Vec::new();
    for (i, &(a, short)) in rim.vertices.iter().enumerate() {
        let tolerance = TOLERANCE_MM.min(OF_EDGE * short);
        grid.near(points[i], points[i], TOLERANCE_MM, |j| {
            let (b, other_short) = rim.vertices[j];
            if b <= a {
                return;
            }
            let distance = (points[j] - points[i]).norm();
            if distance <= tolerance.min(OF_EDGE * other_short)
                && joined.binary_search(&(a, b)).is_err()
            {
                pairs.push(NearPair { a, b, distance });
            }
        });
    }
    pairs.sort_unstable_by(|p, q| {
        p.distance.total_cmp(&q.distance).then(p.a.cmp(&q.a)).then(p.b.cmp(&q.b))
    });
    // A vertex may have been found twice.
    pairs.dedup();
    pairs
}

/// Boundary vertices in the middle of open sides, by side and place along it.
pub(crate) fn t_junctions(mesh: &TriMesh, topology: &Topology) -> Vec<TJunction> {
    let rim = Rim::new(mesh, topology);
    let points: Vec<Point3<f64>> =
        rim.vertices.iter().map(|&(v, _)| mesh.vertices[v as usize]).collect();
    // Cells as long as a usual edge, so that a side passes few of them.
    let grid = Grid::new(&points, rim.usual_length().max(2.0 * TOLERANCE_MM));
    let mut found = Vec::new();
    for &side in &rim.sides {
        let (a, b) = ends(mesh, side);
        let (from, to) = (mesh.vertices[a as usize], mesh.vertices[b as usize]);
        let along = to - from;
        let length = along.norm();
        let tolerance = TOLERANCE_MM.min(0.1 * length);
        let before = found.len();
        grid.beside(from, to, tolerance, |j| {
            let vertex = rim.vertices[j].0;
            let t = (points[j] - from).dot(&along) / (length * length);
            let off = (points[j] - (from + along * t)).norm();
            let inside = t * length > tolerance && (1.0 - t) * length > tolerance;
            if vertex != a && vertex != b && off <= tolerance && inside {
                found.push(TJunction { side, vertex, along: t, distance: off });
            }
        });
        found[before..].sort_unstable_by(|p: &TJunction, q| {
            p.along.total_cmp(&q.along).then(p.vertex.cmp(&q.vertex))
        });
        // A vertex may have been found from several cells.
        let mut last = u32::MAX;
        let mut kept = before;
        for i in before..found.len() {
            if found[i].vertex != last {
                last = found[i].vertex;
                found[kept] = found[i];
                kept += 1;
            }
        }
        found.truncate(kept);
    }
    found
}

/// The vertices a side runs between.
pub(crate) fn ends(mesh: &TriMesh, side: u32) -> (u32, u32) {
    let tri = mesh.triangles[side as usize / 3];
    let k = side as usize % 3;
    (tri[k], tri[(k + 1) % 3])
}
