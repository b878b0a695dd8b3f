//! Places where a surface nearly closes: corners that almost meet along open edges.

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
}

/// Boundary vertices that nearly meet, nearest first; vertices joined by an edge are no pair.
pub(crate) fn near_pairs(mesh: &TriMesh, topology: &Topology) -> Vec<NearPair> {
    let rim = Rim::new(mesh, topology);
    let points: Vec<Point3<f64>> =
        rim.vertices.iter().map(|&(v, _)| mesh.vertices[v as usize]).collect();
    let grid = Grid::new(&points, TOLERANCE_MM);
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
        grid.near(points[i], |j| {
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
    pairs
}

/// Boundary vertices in the middle of open sides, by side and place along it.
pub(crate) fn t_junctions(mesh: &TriMesh, topology: &Topology) -> Vec<TJunction> {
    let rim = Rim::new(mesh, topology);
    let points: Vec<Point3<f64>> =
        rim.vertices.iter().map(|&(v, _)| mesh.vertices[v as usize]).collect();
    // Cells as long as a usual edge, so that a side passes few of them.
    let mut lengths: Vec<f64> = rim.vertices.iter().map(|v| v.1).collect();
    lengths.sort_unstable_by(f64::total_cmp);
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(0.0);
    let grid = Grid::new(&points, usual.max(2.0 * TOLERANCE_MM));
    let mut found = Vec::new();
    for &side in &rim.sides {
        let (a, b) = ends(mesh, side);
        let (from, to) = (mesh.vertices[a as usize], mesh.vertices[b as usize]);
        let along = to - from;
        let length = along.norm();
        let tolerance = TOLERANCE_MM.min(0.1 * length);
        let before = found.len();
        grid.beside(from, to, |j| {
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

/// Points in cubic cells, sorted by cell.
struct Grid<'a> {
    points: &'a [Point3<f64>],
    cell: f64,
    /// Points by cell.
    order: Vec<([i64; 3], usize)>,
}

impl<'a> Grid<'a> {
    fn new(points: &'a [Point3<f64>], cell: f64) -> Self {
        let mut grid = Self { points, cell, order: Vec::new() };
        grid.order = (0..points.len()).map(|i| (grid.cell_of(points[i]), i)).collect();
        grid.order.sort_unstable();
        grid
    }

    fn cell_of(&self, p: Point3<f64>) -> [i64; 3] {
        // Far points share the outermost cells.
        [p.x, p.y, p.z].map(|x| (x / self.cell).floor().clamp(-1e15, 1e15) as i64)
    }

    fn in_cell(&self, cell: [i64; 3], found: &mut impl FnMut(usize)) {
        let from = self.order.partition_point(|(c, _)| *c < cell);
        self.order[from..].iter().take_while(|(c, _)| *c == cell).for_each(|&(_, i)| found(i));
    }

    /// Points in the cell of a point and those around it.
    fn near(&self, p: Point3<f64>, mut found: impl FnMut(usize)) {
        let [x, y, z] = self.cell_of(p);
        for dx in -1..=1 {
            for dy in -1..=1 {
                for dz in -1..=1 {
                    self.in_cell([x + dx, y + dy, z + dz], &mut found);
                }
            }
        }
    }

    /// Points in cells along a segment and those around them; some twice.
    fn beside(&self, from: Point3<f64>, to: Point3<f64>, mut found: impl FnMut(usize)) {
        let steps = ((to - from).norm() / self.cell).ceil();
        // Where a side is longer than there are points, looking at every point is cheaper.
        if steps * 27.0 > self.points.len() as f64 {
            (0..self.points.len()).for_each(found);
            return;
        }
        let mut last = None;
        for i in 0..=steps as usize {
            let p = from + (to - from) * (i as f64 / steps.max(1.0));
            let cell = self.cell_of(p);
            if last != Some(cell) {
                last = Some(cell);
                self.near(p, &mut found);
            }
        }
    }
}
