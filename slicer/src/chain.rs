//! Walks the contours of a run of layers, from triangle to triangle across their shared edges.
//!
//! The walk needs neither a hash nor a tolerance: a triangle that is crossed is left over the
//! one edge that rises through the plane and entered over the one that falls through it, and
//! the neighbour across the edge goes on. (Topological contouring; compare Minetto et al. 2017,
//! Computer-Aided Design 92, who link segments by their end points instead.)

use nalgebra::Point3;

use crate::planes::Planes;
use crate::topology::{OPEN, Topology};

/// A contour as it was walked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Walk {
    /// Points in order, mm; the last is joined to the first.
    pub(crate) points: Vec<[f64; 2]>,
    /// Shell it lies on.
    pub(crate) shell: u32,
    /// Synthetic segments in it.
    pub(crate) closed_by_hand: u32,
}

/// A mesh in place over a stack of planes.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    /// Links of the mesh.
    pub(crate) topology: &'a Topology,
    /// Its vertices, turned and lifted, mm over the plate.
    pub(crate) vertices: Vec<Point3<f64>>,
    /// Number of planes at or below each vertex.
    pub(crate) levels: Vec<u32>,
    /// The planes.
    pub(crate) planes: Planes,
}

/// What a thread keeps between runs of layers.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// Last layer + 1 that walked each triangle.
    walked: Vec<u32>,
    start: Vec<u32>,
    order: Vec<u32>,
}

impl Scratch {
    /// For a mesh of so many triangles; serves one mesh only.
    pub(crate) fn new(triangles: usize) -> Self {
        Self { walked: vec![0; triangles], start: Vec::new(), order: Vec::new() }
    }
}

/// Most loose ends of a layer that are matched by distance; more are closed each on itself.
const LOOSE_MAX: usize = 300;

impl Placed<'_> {
    /// First plane through triangle `t` and the first plane above it.
    pub(crate) fn span(&self, t: usize) -> (u32, u32) {
        let [a, b, c] = self.topology.triangles[t].map(|v| self.levels[v as usize]);
        (a.min(b).min(c), a.max(b).max(c))
    }

    /// The contours of layers `first..end`, one list a layer; `triangles` holds at least those
    /// that these layers cross, in ascending order.
    pub(crate) fn walk_layers(
        &self,
        first: u32,
        end: u32,
        triangles: &[u32],
        scratch: &mut Scratch,
    ) -> Vec<Vec<Walk>> {
        self.sort_into_layers(first, end, triangles, scratch);
        let Scratch { walked, start, order } = scratch;
        (first..end)
            .map(|i| {
                let k = (i - first) as usize;
                self.walk_layer(i, &order[start[k] as usize..start[k + 1] as usize], walked)
            })
            .collect()
    }

    /// Counting sort of the triangles into the layers they cross.
    fn sort_into_layers(&self, first: u32, end: u32, triangles: &[u32], scratch: &mut Scratch) {
        let Scratch { start, order, .. } = scratch;
        let n = (end - first) as usize;
        start.clear();
        start.resize(n + 2, 0);
        let layers = |t: u32| {
            let (low, high) = self.span(t as usize);
            low.max(first)..high.min(end).max(low.max(first))
        };
        for &t in triangles {
            for i in layers(t) {
                start[(i - first) as usize + 2] += 1;
            }
        }
        for k in 0..n {
            start[k + 2] += start[k + 1];
        }
        order.clear();
        order.resize(start[n + 1] as usize, 0);
        for &t in triangles {
            for i in layers(t) {
                let next = &mut start[(i - first) as usize + 1];
                order[*next as usize] = t;
                *next += 1;
            }
        }
    }

    fn walk_layer(&self, i: u32, crossed: &[u32], walked: &mut [u32]) -> Vec<Walk> {
        let (mut closed, mut loose) = (Vec::new(), Vec::new());
        if self.topology.open {
            // Open contours first and from their beginning; what is left then closes.
            for &t in crossed {
                if walked[t as usize] != i + 1 && self.enters_over_open_edge(i, t) {
                    loose.push(self.walk_from(i, t, walked));
                }
            }
        }
        for &t in crossed {
            if walked[t as usize] != i + 1 {
                closed.push(self.walk_from(i, t, walked));
            }
        }
        closed.extend(close_loose(loose));
        for walk in &mut closed {
            drop_repeated(&mut walk.points);
        }
        closed.retain(|walk| walk.points.len() >= 3);
        closed
    }

    /// Which corners of triangle `t` are above plane `i`, as bits 0, 1, 2.
    fn above(&self, i: u32, t: u32) -> usize {
        let [a, b, c] = self.topology.triangles[t as usize];
        let bit = |v: u32| usize::from(self.levels[v as usize] > i);
        bit(a) | bit(b) << 1 | bit(c) << 2
    }

    fn enters_over_open_edge(&self, i: u32, t: u32) -> bool {
        let (falling, _) = EDGES[self.above(i, t)];
        self.topology.across[t as usize][falling] == OPEN
    }

    /// Walks from triangle `t` until the contour comes back to it or ends at an open edge.
    ///
    /// An open contour gets the point it begins with too.
    fn walk_from(&self, i: u32, t: u32, walked: &mut [u32]) -> Walk {
        let z = self.planes.height(i);
        let mut walk = Walk { shell: self.topology.shell[t as usize], ..Walk::default() };
        if self.topology.open && self.enters_over_open_edge(i, t) {
            walk.points.push(self.crossing(z, t, EDGES[self.above(i, t)].0));
        }
        let mut here = t;
        while walked[here as usize] != i + 1 {
            walked[here as usize] = i + 1;
            let (_, rising) = EDGES[self.above(i, here)];
            walk.points.push(self.crossing(z, here, rising));
            here = self.topology.across[here as usize][rising];
            if here == OPEN {
                return walk;
            }
        }
        assert!(
            here == t,
            "a contour that is left over a shared edge comes back to where it began"
        );
        walk
    }

    /// Where edge `k` of triangle `t` goes through the height `z`.
    ///
    /// Always computed from the lower end up, so that both triangles of the edge get the same
    /// bits.
    fn crossing(&self, z: f64, t: u32, k: usize) -> [f64; 2] {
        let corners = self.topology.triangles[t as usize];
        let a = &self.vertices[corners[k] as usize];
        let b = &self.vertices[corners[(k + 1) % 3] as usize];
        let (low, high) = if a.z < b.z { (a, b) } else { (b, a) };
        let s = (z - low.z) / (high.z - low.z);
        [low.x + s * (high.x - low.x), low.y + s * (high.y - low.y)]
    }
}

/// Edges that fall and rise through the plane, by the bits of the corners above it; the entries
/// for none and for all are never used.
const EDGES: [(usize, usize); 8] = [(0, 0), (0, 2), (1, 0), (1, 2), (2, 1), (0, 1), (2, 0), (0, 0)];

/// Drops points equal to the one before (the plane went through a vertex).
fn drop_repeated(points: &mut Vec<[f64; 2]>) {
    points.dedup();
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
}

/// Whether an open contour, closed on itself over a gap of `gap_squared`, would enclose next to
/// nothing: it is hardly longer than the gap.
fn is_strip(walk: &Walk, gap_squared: f64) -> bool {
    let length: f64 =
        walk.points.windows(2).map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1])).sum();
    length < 1.5 * gap_squared.sqrt()
}

/// Joins open contours, the nearest ends first, each join one synthetic segment.
fn close_loose(mut loose: Vec<Walk>) -> Vec<Walk> {
    let n = loose.len();
    if n == 0 {
        return loose;
    }
    let gap = |from: &Walk, to: &Walk| {
        let (p, q) = (from.points[from.points.len() - 1], to.points[0]);
        (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)
    };
    let mut next: Vec<usize> = (0..n).collect();
    if n <= LOOSE_MAX {
        let mut pairs: Vec<(f64, bool, usize, usize)> = (0..n)
            .flat_map(|a| (0..n).map(move |b| (a, b)))
            .map(|(a, b)| (gap(&loose[a], &loose[b]), a != b, a, b))
            .map(|(d, other, a, b)| {
                if !other && is_strip(&loose[a], d) {
                    (f64::INFINITY, other, a, b)
                } else {
                    (d, other, a, b)
                }
            })
            .collect();
        pairs.sort_by(|x, y| {
            x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).then((x.2, x.3).cmp(&(y.2, y.3)))
        });
        let (mut has_next, mut has_before) = (vec![false; n], vec![false; n]);
        for (_, _, a, b) in pairs {
            if !has_next[a] && !has_before[b] {
                (next[a], has_next[a], has_before[b]) = (b, true, true);
            }
        }
    }
    let mut joined = Vec::new();
    let mut used = vec![false; n];
    for first in 0..n {
        let mut walk = Walk { shell: loose[first].shell, ..Walk::default() };
        let mut k = first;
        while !used[k] {
            used[k] = true;
            walk.points.append(&mut loose[k].points);
            walk.closed_by_hand += 1;
            k = next[k];
        }
        if walk.closed_by_hand > 0 {
            joined.push(walk);
        }
    }
    joined
}
