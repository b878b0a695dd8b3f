//! Which triangle lies across which edge.
//!
//! Vertices are welded only where their coordinates are equal bit for bit; nothing is merged by
//! distance, since that tears contours that were whole.

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;

/// No triangle across this edge: the surface is open here.
pub(crate) const OPEN: u32 = u32::MAX;

/// A mesh with its adjacency, in the part's own frame.
#[derive(Clone, Debug)]
pub(crate) struct Topology {
    /// Distinct vertices, mm.
    pub(crate) vertices: Vec<Point3<f64>>,
    /// Corners of the triangles that count: neither degenerate nor cancelled by another.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// `across[t][k]` is the triangle across the edge from corner `k` to corner `k + 1` of
    /// triangle `t`, or [`OPEN`].
    pub(crate) across: Vec<[u32; 3]>,
    /// Shell (connected by edges) of each triangle.
    pub(crate) shell: Vec<u32>,
    /// Number of shells.
    pub(crate) shells: u32,
    /// Whether any edge is open.
    pub(crate) open: bool,
}

impl Topology {
    /// Welds, cleans and links a mesh.
    ///
    /// # Errors
    /// Says what is wrong: an index without a vertex, a coordinate that is not finite.
    pub(crate) fn new(mesh: &TriMesh) -> Result<Self, String> {
        let n = mesh.vertices.len();
        if mesh.triangles.len() >= (OPEN / 3) as usize || n >= OPEN as usize {
            return Err(format!("{} triangles are too many", mesh.triangles.len()));
        }
        if let Some(t) = mesh.triangles.iter().position(|t| t.iter().any(|&v| v as usize >= n)) {
            return Err(format!("triangle {t} names a vertex that is not there"));
        }
        if let Some(v) = mesh.vertices.iter().position(|v| !v.coords.iter().all(|c| c.is_finite()))
        {
            return Err(format!("vertex {v} is not finite"));
        }
        let (vertices, index) = weld(&mesh.vertices);
        let triangles: Vec<[u32; 3]> = mesh
            .triangles
            .iter()
            .map(|t| t.map(|v| index[v as usize]))
            .filter(|[a, b, c]| a != b && b != c && c != a)
            .collect();
        let triangles = cancel_duplicates(triangles);
        let across = link(&vertices, &triangles);
        let open = across.iter().any(|a| a.contains(&OPEN));
        let (shell, shells) = shells(&across);
        Ok(Self { vertices, triangles, across, shell, shells, open })
    }
}

/// Distinct points, and for each given point the index of its distinct one.
fn weld(points: &[Point3<f64>]) -> (Vec<Point3<f64>>, Vec<u32>) {
    // Adding 0 turns -0 into +0, so that the two are one vertex.
    let key = |p: &Point3<f64>| p.coords.map(|c| (c + 0.0).to_bits());
    let capacity = (points.len() * 2).next_power_of_two().max(2);
    let (mask, mut table) = (capacity - 1, vec![u32::MAX; capacity]);
    let mut distinct: Vec<Point3<f64>> = Vec::with_capacity(points.len());
    let index = points
        .iter()
        .map(|p| {
            let k = key(p);
            let mut h = k
                .iter()
                .fold(0_u64, |h, &c| (h.rotate_left(23) ^ c).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            h ^= h >> 32;
            let mut slot = h as usize & mask;
            loop {
                match table[slot] {
                    u32::MAX => {
                        let id = distinct.len() as u32;
                        table[slot] = id;
                        distinct.push(p.map(|c| c + 0.0));
                        return id;
                    }
                    id if key(&distinct[id as usize]) == k => return id,
                    _ => slot = (slot + 1) & mask,
                }
            }
        })
        .collect();
    (distinct, index)
}

/// Leaves of each set of triangles with the same corners at most one: as many turned one way
/// as the other cancel out (two bodies that touch face to face are then one).
fn cancel_duplicates(triangles: Vec<[u32; 3]>) -> Vec<[u32; 3]> {
    // Canonical corners: least first, the turn kept; the parity tells the two turns apart.
    let canonical = |t: &[u32; 3]| {
        let mut sorted = *t;
        sorted.sort_unstable();
        let least = t.iter().position(|v| *v == sorted[0]).expect("the least is one of them");
        let even = t[(least + 1) % 3] == sorted[1];
        (sorted, even)
    };
    let counts = triangles.iter().map(|t| *t.iter().min().expect("three corners"));
    let (start, order) = group_by(counts, triangles.iter().flatten().copied().max());
    let mut keep = vec![true; triangles.len()];
    let mut same: Vec<([u32; 3], bool, u32)> = Vec::new();
    for group in start.windows(2).map(|w| &order[w[0] as usize..w[1] as usize]) {
        if group.len() < 2 {
            continue;
        }
        same.clear();
        same.extend(group.iter().map(|&t| {
            let (corners, even) = canonical(&triangles[t as usize]);
            (corners, even, t)
        }));
        same.sort_unstable();
        for set in same.chunk_by(|a, b| a.0 == b.0).filter(|set| set.len() > 1) {
            let even = set.iter().filter(|t| t.1).count();
            let odd = set.len() - even;
            let wanted = (even != odd).then_some(even > odd);
            let mut found = false;
            for &(_, turn, t) in set {
                let first = wanted == Some(turn) && !found;
                keep[t as usize] = first;
                found |= first;
            }
        }
    }
    let mut kept = keep.iter();
    let mut triangles = triangles;
    triangles.retain(|_| *kept.next().expect("one flag a triangle"));
    triangles
}

/// Counting sort: `order[start[k]..start[k + 1]]` are the items with key `k`, in their order.
fn group_by(
    keys: impl Iterator<Item = u32> + Clone,
    greatest: Option<u32>,
) -> (Vec<u32>, Vec<u32>) {
    let n = greatest.map_or(0, |k| k as usize + 1);
    let mut start = vec![0_u32; n + 1];
    for k in keys.clone() {
        start[k as usize + 1] += 1;
    }
    for k in 0..n {
        start[k + 1] += start[k];
    }
    let mut next = start.clone();
    let mut order = vec![0_u32; start[n] as usize];
    for (item, k) in keys.enumerate() {
        order[next[k as usize] as usize] = item as u32;
        next[k as usize] += 1;
    }
    (start, order)
}

/// A side of a triangle: other end of its edge, whether it runs from the lesser vertex to the
/// greater, triangle × 3 + corner.
type Side = (u32, bool, u32);

/// The triangle across each edge.
fn link(vertices: &[Point3<f64>], triangles: &[[u32; 3]]) -> Vec<[u32; 3]> {
    let edge = |side: usize| {
        let t = triangles[side / 3];
        (t[side % 3], t[(side % 3 + 1) % 3])
    };
    let keys = (0..triangles.len() * 3).map(|side| {
        let (a, b) = edge(side);
        a.min(b)
    });
    let (start, order) = group_by(keys, triangles.iter().flatten().copied().max());
    let mut across = vec![[OPEN; 3]; triangles.len()];
    let mut join = |a: u32, b: u32| {
        across[a as usize / 3][a as usize % 3] = b / 3;
        across[b as usize / 3][b as usize % 3] = a / 3;
    };
    let mut sides: Vec<Side> = Vec::new();
    for (least, group) in start.windows(2).map(|w| &order[w[0] as usize..w[1] as usize]).enumerate()
    {
        sides.clear();
        sides.extend(group.iter().map(|&side| {
            let (a, b) = edge(side as usize);
            (a.max(b), a < b, side)
        }));
        sides.sort_unstable();
        for fan in sides.chunk_by(|a, b| a.0 == b.0) {
            match *fan {
                [(_, false, a), (_, true, b)] => join(a, b),
                [_] => {}
                _ => pair_fan(vertices, triangles, least, fan, &mut join),
            }
        }
    }
    across
}

/// Pairs the sides of an edge with more than two triangles so that each pair bounds one wedge
/// of solid: bodies that touch along an edge come apart, and no two contours cross there.
fn pair_fan(
    vertices: &[Point3<f64>],
    triangles: &[[u32; 3]],
    least: usize,
    fan: &[Side],
    join: &mut impl FnMut(u32, u32),
) {
    let foot = vertices[least];
    let axis = vertices[fan[0].0 as usize] - foot;
    let helper = if axis.x.abs() <= axis.y.abs() && axis.x.abs() <= axis.z.abs() {
        Vector3::x()
    } else if axis.y.abs() <= axis.z.abs() {
        Vector3::y()
    } else {
        Vector3::z()
    };
    let u = axis.cross(&helper);
    let v = axis.cross(&u) / axis.norm().max(f64::MIN_POSITIVE);
    let mut around: Vec<(f64, bool, u32)> = fan
        .iter()
        .map(|&(_, forward, side)| {
            let opposite = triangles[side as usize / 3][(side as usize % 3 + 2) % 3];
            let d = vertices[opposite as usize] - foot;
            (d.dot(&v).atan2(d.dot(&u)), forward, side)
        })
        .collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    // Solid lies after a backward side and before a forward one: brackets on a circle. Two
    // rounds of the stack close the brackets that span the seam.
    let mut waiting: Vec<u32> = Vec::new();
    let mut joined = vec![false; around.len()];
    for k in 0..2 * around.len() {
        let i = k % around.len();
        let (_, forward, side) = around[i];
        if joined[i] {
            continue;
        }
        if !forward {
            if k < around.len() {
                waiting.push(i as u32);
            }
        } else if let Some(open) = waiting.pop() {
            join(around[open as usize].2, side);
            joined[i] = true;
            joined[open as usize] = true;
        }
    }
}

/// Number of the shell of each triangle, in the order of their first triangles.
fn shells(across: &[[u32; 3]]) -> (Vec<u32>, u32) {
    let mut shell = vec![u32::MAX; across.len()];
    let (mut count, mut stack) = (0, Vec::new());
    for first in 0..across.len() {
        if shell[first] != u32::MAX {
            continue;
        }
        shell[first] = count;
        stack.push(first as u32);
        while let Some(t) = stack.pop() {
            for &next in &across[t as usize] {
                if next != OPEN && shell[next as usize] == u32::MAX {
                    shell[next as usize] = count;
                    stack.push(next);
                }
            }
        }
        count += 1;
    }
    (shell, count)
}
