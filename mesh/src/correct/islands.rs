//! Pieces of a surface that holes have cut off: they hang together in corners only.
//!
//! Where triangles are lost, some that are left share no edge with the rest. Which way they face
//! is told by the corners they share: a surface is smooth enough there that the mean normals of
//! two of its pieces point the same way rather than apart.

use nalgebra::Vector3;

use crate::TriMesh;
use crate::boundary::{each_corner_at, normal_by_angle};
use crate::topology::Topology;

/// A surface is compared with fewer than this many others at one vertex.
const MOST: usize = 8;

/// Vertices at which more than two open edges end, ascending.
pub(super) fn pinched(topology: &Topology) -> Vec<u32> {
    let open = topology.irregular_edges().filter(|edge| edge.len() == 1);
    let mut ends: Vec<u32> = open.flat_map(|edge| [edge[0].edge.0, edge[0].edge.1]).collect();
    ends.sort_unstable();
    ends.chunk_by(|a, b| a == b).filter(|same| same.len() > 2).map(|same| same[0]).collect()
}

/// Groups of surfaces that are pieces of one, each surface with whether it is turned against the
/// first of its group. In order of the first.
///
/// `of` gives the surface of a triangle and whether the triangle is turned within it. Surfaces
/// with one side stay alone. The clearest of the links between surfaces count (a spanning forest
/// of most weight).
pub(super) fn grouped(
    mesh: &TriMesh,
    topology: &Topology,
    pinched: &[u32],
    of: impl Fn(u32) -> (u32, bool),
    two_sided: &[bool],
) -> Vec<Vec<(u32, bool)>> {
    let mut links = links(mesh, topology, pinched, of);
    links.retain(|link| two_sided[link.a as usize] && two_sided[link.b as usize]);
    links.sort_by(|l, m| {
        m.weight.abs().total_cmp(&l.weight.abs()).then((l.a, l.b).cmp(&(m.a, m.b)))
    });
    // For each surface one before it in its group, and whether it is turned against that.
    let mut up: Vec<(u32, bool)> = (0..two_sided.len() as u32).map(|s| (s, false)).collect();
    for link in links {
        let ((a, turn_a), (b, turn_b)) = (first(&mut up, link.a), first(&mut up, link.b));
        if a != b {
            up[a.max(b) as usize] = (a.min(b), turn_a ^ turn_b ^ (link.weight < 0.0));
        }
    }
    let mut groups: Vec<Vec<(u32, bool)>> = vec![Vec::new(); up.len()];
    for s in 0..up.len() as u32 {
        let (head, turn) = first(&mut up, s);
        groups[head as usize].push((s, turn));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// The first surface of a group, and whether `s` is turned against it (path halving).
fn first(up: &mut [(u32, bool)], mut s: u32) -> (u32, bool) {
    let mut turn = false;
    loop {
        let (above, against) = up[s as usize];
        if above == s {
            return (s, turn);
        }
        let (top, more) = up[above as usize];
        // The first of a group is turned against itself by nothing.
        up[s as usize] = (top, against ^ more);
        turn ^= against ^ more;
        s = top;
    }
}

/// How two surfaces face at the corners they share.
struct Link {
    a: u32,
    b: u32,
    /// Sum of the cosines between their normals: positive where they agree.
    weight: f64,
}

/// The links between all pairs of surfaces with holes at a common corner.
fn links(
    mesh: &TriMesh,
    topology: &Topology,
    pinched: &[u32],
    of: impl Fn(u32) -> (u32, bool),
) -> Vec<Link> {
    let at = |v: u32| pinched.binary_search(&v);
    // Which surfaces have an open edge at each vertex.
    let mut here: Vec<(usize, u32)> = Vec::new();
    for edge in topology.irregular_edges().filter(|edge| edge.len() == 1) {
        let (surface, _) = of(edge[0].triangle);
        let (low, high) = edge[0].edge;
        here.extend([at(low), at(high)].into_iter().flatten().map(|i| (i, surface)));
    }
    here.sort_unstable();
    here.dedup();
    let mut normals = vec![Vector3::zeros(); here.len()];
    each_corner_at(mesh, pinched, |i, t, k| {
        let (surface, turned) = of(t);
        if let Ok(place) = here.binary_search(&(i, surface)) {
            let normal = normal_by_angle(mesh, t, k);
            normals[place] += if turned { -normal } else { normal };
        }
    });
    let mut found = Vec::new();
    let known: Vec<(usize, u32, Vector3<f64>)> = here
        .iter()
        .zip(&normals)
        .filter_map(|(&(i, s), normal)| Some((i, s, normal.try_normalize(0.0)?)))
        .collect();
    for group in known.chunk_by(|x, y| x.0 == y.0) {
        for (i, x) in group.iter().enumerate() {
            for y in &group[i + 1..group.len().min(i + MOST)] {
                found.push(Link { a: x.1, b: y.1, weight: x.2.dot(&y.2) });
            }
        }
    }
    found.sort_by(|l, m| (l.a, l.b).cmp(&(m.a, m.b)).then(l.weight.total_cmp(&m.weight)));
    let same = |l: &Link, m: &Link| (l.a, l.b) == (m.a, m.b);
    let sum = |group: &[Link]| Link { weight: group.iter().map(|l| l.weight).sum(), ..group[0] };
    found.chunk_by(same).map(sum).filter(|link| link.weight != 0.0).collect()
}
