//! Edges of a mesh and the shells they join.

mod follow;
#[cfg(test)]
mod tests;

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

/// No side: the end of a list, or a side without a twin.
const NONE: u32 = u32::MAX;
/// While the twins are sought: the side lies on an edge that is known to be irregular.
const IRREGULAR: u32 = u32::MAX - 1;
/// In place of the list of a vertex: it became too long to be walked.
const HUB: u32 = u32::MAX - 2;
/// Most triangles whose sides can be numbered beside the marks above.
pub(crate) const MAX_TRIANGLES: u32 = HUB / 3;
/// Steps after which the list of a vertex counts as too long. A closed mesh of good triangles
/// needs 3 in the mean; without a bound a fan of n triangles would cost n² steps.
const LONG: u32 = 64;

/// How the sides of a mesh lie on one another.
///
/// Side `3 t + k` runs from corner `k` of triangle `t` to its corner `k + 1`. An edge is regular
/// if exactly two triangles lie on it and run it in opposite senses; their sides are twins of
/// each other. Sides of no length (a corner used twice) belong to no edge.
#[derive(Debug, PartialEq)]
pub(crate) struct Topology {
    /// The twin of each side, or [`NONE`].
    twin: Vec<u32>,
    /// The sides of all other edges, sorted by edge and triangle.
    irregular: Vec<Side>,
}

impl Topology {
    /// Pairs the sides.
    ///
    /// Each edge is kept by its first side in a list at its lower vertex; later sides find it
    /// there. No edges are sorted but the irregular ones and those of vertices with very many.
    pub(crate) fn new(mesh: &TriMesh) -> Self {
        assert!(mesh.triangles.len() as u64 <= u64::from(MAX_TRIANGLES), "too many triangles");
        let mut pairing = Pairing::new(mesh);
        for t in 0..mesh.triangles.len() as u32 {
            pairing.add(t);
        }
        let Pairing { mut twin, head, next, hubs, .. } = pairing;
        drop((head, next));
        if !hubs.is_empty() {
            pair_hubs(mesh, &hubs, &mut twin);
        }
        let mut irregular = Vec::new();
        for (s, twin) in twin.iter_mut().enumerate() {
            if *twin >= IRREGULAR {
                *twin = NONE;
                irregular.extend(side_of(mesh, s as u32));
            }
        }
        irregular.par_sort_unstable();
        Self { twin, irregular }
    }

    /// The side on the other triangle of a regular edge.
    pub(crate) fn twin(&self, side: u32) -> Option<u32> {
        Some(self.twin[side as usize]).filter(|&twin| twin != NONE)
    }

    /// Whether all sides of a triangle have their twins at one triangle, or none has a twin.
    pub(crate) fn has_one_neighbour(&self, triangle: u32) -> bool {
        let [a, b, c] = self.twin.as_chunks::<3>().0[triangle as usize];
        a / 3 == b / 3 && b / 3 == c / 3
    }

    /// Makes two sides of an irregular edge twins of each other. The edge stays among the
    /// irregular ones: this is for walks around vertices that are about to be split.
    pub(crate) fn pair(&mut self, a: u32, b: u32) {
        self.twin[a as usize] = b;
        self.twin[b as usize] = a;
    }

    /// The sides of each irregular edge, sorted by triangle: one side, two in the same sense or
    /// of one triangle, or more than two.
    pub(crate) fn irregular_edges(&self) -> impl Iterator<Item = &[Side]> {
        self.irregular.chunk_by(|a, b| a.edge == b.edge)
    }

    /// For each triangle the number of its shell, shells numbered by their first triangle, and
    /// the number of shells. Triangles that share an edge are in one shell.
    ///
    /// Triangles join in their order in the file, in which neighbours mostly lie near each other;
    /// to spread from triangle to triangle instead takes twice the time.
    pub(crate) fn shells(&self, triangles: usize) -> (Vec<u32>, usize) {
        let mut sets = self.joined(triangles);
        for edge in self.irregular_edges() {
            for side in &edge[1..] {
                sets.join(edge[0].triangle, side.triangle);
            }
        }
        sets.numbered()
    }

    /// For each triangle the number of its patch, patches numbered by their first triangle, and
    /// the number of patches. Triangles that share a regular edge are in one patch.
    pub(crate) fn patches(&self, triangles: usize) -> (Vec<u32>, usize) {
        self.joined(triangles).numbered()
    }

    /// Triangles joined over regular edges.
    fn joined(&self, triangles: usize) -> Sets {
        let mut sets = Sets::new(triangles);
        for (t, sides) in (0..).zip(self.twin.as_chunks::<3>().0) {
            // No later triangle has joined yet: each is the root of its set.
            let mut root = t;
            for &twin in sides {
                let other = twin / 3;
                if other < t {
                    root = sets.join_root(root, other);
                }
            }
        }
        sets
    }
}

/// The side as a part of its edge; `None` if it has no length.
fn side_of(mesh: &TriMesh, s: u32) -> Option<Side> {
    let (triangle, k) = (s / 3, (s % 3) as usize);
    let corners = mesh.triangles[triangle as usize];
    let (a, b) = (corners[k], corners[(k + 1) % 3]);
    (a != b).then_some(Side { edge: (a.min(b), a.max(b)), triangle, forward: a < b })
}

/// The state of [`Topology::new`].
struct Pairing<'a> {
    triangles: &'a [[u32; 3]],
    /// For each side its twin, [`NONE`] or [`IRREGULAR`].
    twin: Vec<u32>,
    /// For each vertex the first side of the list of edges whose lower vertex it is, or [`HUB`].
    head: Vec<u32>,
    /// For each side in such a list the next one.
    next: Vec<u32>,
    /// Vertices marked as [`HUB`].
    hubs: Vec<u32>,
}

impl<'a> Pairing<'a> {
    fn new(mesh: &'a TriMesh) -> Self {
        let sides = 3 * mesh.triangles.len();
        Self {
            triangles: &mesh.triangles,
            twin: vec![NONE; sides],
            head: vec![NONE; mesh.vertices.len()],
            // Written before it is read: zeros come from the system without being written.
            next: vec![0; sides],
            hubs: Vec::new(),
        }
    }

    /// Adds the sides of a triangle.
    fn add(&mut self, t: u32) {
        let [a, b, c] = self.triangles[t as usize];
        let first = t.wrapping_mul(3);
        self.add_side(first, a, b);
        self.add_side(first.wrapping_add(1), b, c);
        self.add_side(first.wrapping_add(2), c, a);
    }

    #[inline(always)]
    fn add_side(&mut self, s: u32, a: u32, b: u32) {
        if a == b {
            return;
        }
        let corners = self.triangles.as_flattened();
        let (low, high) = (a.min(b), a.max(b));
        let head = self.head[low as usize];
        let mut found = head;
        let mut steps = 0_u32;
        while found < HUB {
            let (from, to) = ends(corners, found);
            // One of the two is `low`, because the side is in its list.
            if from ^ to ^ low == high {
                return self.meet(found, s, from != a);
            }
            found = self.next[found as usize];
            steps = steps.wrapping_add(1);
        }
        if head == HUB {
            return;
        }
        if steps >= LONG {
            self.head[low as usize] = HUB;
            self.hubs.push(low);
            return;
        }
        self.next[s as usize] = head;
        self.head[low as usize] = s;
    }

    /// Side `s` lies on the edge of the listed side `first`.
    #[inline(always)]
    fn meet(&mut self, first: u32, s: u32, opposite: bool) {
        let before = self.twin[first as usize];
        if before == NONE && opposite && first / 3 != s / 3 {
            self.twin[first as usize] = s;
            self.twin[s as usize] = first;
            return;
        }
        if before < HUB {
            self.twin[before as usize] = IRREGULAR;
        }
        self.twin[first as usize] = IRREGULAR;
        self.twin[s as usize] = IRREGULAR;
    }
}

/// Where a side begins and ends.
#[inline(always)]
fn ends(corners: &[u32], s: u32) -> (u32, u32) {
    let last = s % 3 == 2;
    let to = if last { s.wrapping_sub(2) } else { s.wrapping_add(1) };
    (corners[s as usize], corners[to as usize])
}

/// Pairs the sides whose lower vertex is one of the hubs anew, by sorting.
fn pair_hubs(mesh: &TriMesh, hubs: &[u32], twin: &mut [u32]) {
    let mut is_hub = vec![false; mesh.vertices.len()];
    for &hub in hubs {
        is_hub[hub as usize] = true;
    }
    let mut sides: Vec<(Side, u32)> = (0..twin.len() as u32)
        .filter_map(|s| side_of(mesh, s).map(|side| (side, s)))
        .filter(|(side, _)| is_hub[side.edge.0 as usize])
        .collect();
    sides.par_sort_unstable();
    for edge in sides.chunk_by(|a, b| a.0.edge == b.0.edge) {
        for &(_, s) in edge {
            twin[s as usize] = NONE;
        }
        if let [(a, s), (b, r)] = edge
            && a.forward != b.forward
            && a.triangle != b.triangle
        {
            (twin[*s as usize], twin[*r as usize]) = (*r, *s);
        }
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
    #[inline(always)]
    pub(crate) fn root(&mut self, mut x: u32) -> u32 {
        loop {
            let up = self.parent[x as usize];
            if up == x {
                return x;
            }
            let root = self.parent[up as usize];
            self.parent[x as usize] = root;
            x = root;
        }
    }

    /// Joins the sets of `a` and `b`.
    #[inline(always)]
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// Joins the set of root `root` and that of `x`; gives the root of both.
    #[inline(always)]
    pub(crate) fn join_root(&mut self, root: u32, x: u32) -> u32 {
        let other = self.root(x);
        let low = root.min(other);
        self.parent[root.max(other) as usize] = low;
        low
    }

    /// For each member the number of its set, in order of the least members.
    pub(crate) fn numbered(self) -> (Vec<u32>, usize) {
        let mut number = self.parent;
        let mut count = 0;
        for x in 0..number.len() {
            let up = number[x] as usize;
            // A parent is less than its child: it has its number already.
            number[x] = if up == x {
                count += 1;
                count - 1
            } else {
                number[up]
            };
        }
        (number, count as usize)
    }
}
