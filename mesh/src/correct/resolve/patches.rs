//! Which patches of a divided surface bound what it encloses.

use std::collections::BTreeMap;

use super::{Cluster, Scene};
use crate::TriMesh;
use crate::topology::Sets;

/// Triangles of a cluster that were divided, and their pieces at the end of the mesh.
pub(super) struct Divided<'a> {
    /// The first piece.
    pub(super) first: u32,
    /// For each piece the triangle it is a piece of, ascending.
    parents: &'a [u32],
    cluster: &'a Cluster,
    /// For each triangle before the pieces whether it was divided.
    was_divided: Vec<bool>,
}

impl<'a> Divided<'a> {
    pub(super) fn new(first: u32, parents: &'a [u32], cluster: &'a Cluster) -> Self {
        let mut was_divided = vec![false; first as usize];
        for &t in parents {
            was_divided[t as usize] = true;
        }
        Self { first, parents, cluster, was_divided }
    }

    fn was_divided(&self, t: u32) -> bool {
        self.was_divided[t as usize]
    }

    fn holds(&self, scene: &Scene<'_>, t: u32) -> bool {
        let shell = |t: u32| scene.shells.number[t as usize] as usize;
        (t as usize) < scene.before && self.cluster.shells.binary_search(&shell(t)).is_ok()
    }
}

/// Keeps the patches with outside before them and inside behind them; `None` if that cannot be
/// told, or if what is kept does not close.
pub(super) fn keep_outer(
    mesh: &TriMesh,
    scene: &Scene<'_>,
    divided: &Divided<'_>,
    keep: &mut [bool],
) -> Option<()> {
    let members = || divided.cluster.shells.iter().flat_map(|&s| &scene.shells.list[s].triangles);
    let edges = edges_of_pieces(mesh, scene, divided);
    let mut sets = Sets::new(mesh.triangles.len());
    for &t in members().filter(|&&t| !divided.was_divided(t)) {
        // The triangles of a shell ascend: no later one has joined yet.
        let mut root = t;
        for s in 3 * t..3 * t + 3 {
            match scene.topology.twin(s).map(|twin| twin / 3) {
                Some(other) if other < t && !divided.was_divided(other) => {
                    root = sets.join_root(root, other);
                }
                _ => {}
            }
        }
    }
    for edge in edges.chunk_by(|a, b| a.0 == b.0) {
        if let [a, b] = edge {
            sets.join(a.1, b.1);
        }
    }
    // Every patch that ends at a curve of crossing has pieces: its largest shows where it lies.
    let mut samples: BTreeMap<u32, (f64, u32)> = BTreeMap::new();
    for piece in divided.first..mesh.triangles.len() as u32 {
        let area = mesh.normal_times_area(piece as usize).x.abs();
        let best = samples.entry(sets.root(piece)).or_insert((-1.0, piece));
        if area > best.0 {
            *best = (area, piece);
        }
    }
    // Patches by their roots. A shell whose triangles cross nothing themselves is of no patch
    // with pieces; it stays for now, as all shells within others.
    let mut within = vec![false; mesh.triangles.len()];
    for (root, (_, piece)) in samples {
        within[root as usize] = in_front(mesh, scene, divided, piece)? != 0;
    }
    for &t in members() {
        keep[t as usize] = !divided.was_divided(t) && !within[sets.root(t) as usize];
    }
    for piece in divided.first..mesh.triangles.len() as u32 {
        keep[piece as usize] = !within[sets.root(piece) as usize];
    }
    let closes = |edge: &[(Edge, u32, bool)]| {
        let mut kept = edge.iter().filter(|side| keep[side.1 as usize]);
        match (kept.next(), kept.next(), kept.next()) {
            (None, ..) => true,
            (Some(a), Some(b), None) => a.2 != b.2,
            _ => false,
        }
    };
    edges.chunk_by(|a, b| a.0 == b.0).all(closes).then_some(())
}

/// Two vertices, the lower first.
type Edge = (u32, u32);

/// The sides of pieces and those of whole triangles beside divided ones, sorted by edge: the
/// edge, the triangle, and whether it runs it forward.
fn edges_of_pieces(
    mesh: &TriMesh,
    scene: &Scene<'_>,
    divided: &Divided<'_>,
) -> Vec<(Edge, u32, bool)> {
    let mut edges = Vec::new();
    let mut add = |t: u32, k: usize| {
        let tri = mesh.triangles[t as usize];
        let (a, b) = (tri[k], tri[(k + 1) % 3]);
        edges.push(((a.min(b), a.max(b)), t, a < b));
    };
    for piece in divided.first..mesh.triangles.len() as u32 {
        (0..3).for_each(|k| add(piece, k));
    }
    let mut parents = divided.parents.to_vec();
    parents.dedup();
    for s in parents.iter().flat_map(|&t| 3 * t..3 * t + 3) {
        if let Some(twin) = scene.topology.twin(s)
            && !divided.was_divided(twin / 3)
        {
            add(twin / 3, twin as usize % 3);
        }
    }
    edges.sort_unstable();
    edges
}

/// Winding number just before the middle of a piece; `None` if other triangles are too near for
/// that to be told. It is that of the surface before it was divided.
fn in_front(mesh: &TriMesh, scene: &Scene<'_>, divided: &Divided<'_>, piece: u32) -> Option<i32> {
    let parent = divided.parents[(piece - divided.first) as usize];
    let [a, b, c] = mesh.corners(piece as usize);
    let middle = (a.coords + b.coords + c.coords) / 3.0;
    let normal = mesh.normal_times_area(piece as usize);
    let holds = |t: u32| divided.holds(scene, t);
    if normal.x != 0.0 {
        let others = scene.lookup.winding(mesh, middle.into(), |t| t != parent && holds(t))?;
        // From before the triangle, the ray along x enters through it if it faces the other way.
        return Some(others - i32::from(normal.x < 0.0));
    }
    // The ray would run along the triangle: look from both sides of it.
    let step = normal * (1e-4 / normal.norm().sqrt());
    let before = scene.lookup.winding(mesh, (middle + step).into(), holds)?;
    let behind = scene.lookup.winding(mesh, (middle - step).into(), holds)?;
    (behind - before == 1).then_some(before)
}
