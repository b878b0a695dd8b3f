//! Cracks along open edges, stitched.

use super::{Effect, NEW, Work};
use crate::seams::{TJunction, near_pairs, t_junctions};
use crate::topology::Sets;

/// Joins boundary vertices that nearly meet, nearest first. They meet where most triangles are,
/// so that a stray triangle comes back to its place.
pub(super) fn cracks(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let pairs = near_pairs(&work.mesh, &topology);
    if pairs.is_empty() {
        work.keep_topology(topology);
        return None;
    }
    let mut uses = vec![0_u32; work.mesh.vertices.len()];
    for &v in work.mesh.triangles.as_flattened() {
        uses[v as usize] += 1;
    }
    let mut sets = Sets::new(work.mesh.vertices.len());
    for pair in &pairs {
        sets.join(pair.a, pair.b);
    }
    // The vertex of each set that stays.
    let mut stays: Vec<u32> = (0..uses.len() as u32).collect();
    let mut members: Vec<u32> = pairs.iter().flat_map(|p| [p.a, p.b]).collect();
    members.sort_unstable();
    members.dedup();
    for &v in &members {
        let root = sets.root(v) as usize;
        if uses[v as usize] > uses[stays[root] as usize] {
            stays[root] = v;
        }
    }
    let target: Vec<u32> = members.iter().map(|&v| stays[sets.root(v) as usize]).collect();
    let mut moved = vec![u32::MAX; uses.len()];
    let mut widest = 0.0_f64;
    for (&v, &to) in members.iter().zip(&target) {
        if v != to {
            moved[v as usize] = to;
            let from = work.mesh.vertices[v as usize];
            widest = widest.max((work.mesh.vertices[to as usize] - from).norm());
        }
    }
    let mut touched = Vec::new();
    for (t, (tri, origin)) in (0..).zip(work.mesh.triangles.iter_mut().zip(&mut work.origin)) {
        if tri.iter().any(|&v| moved[v as usize] != u32::MAX) {
            *tri = tri.map(|v| if moved[v as usize] == u32::MAX { v } else { moved[v as usize] });
            *origin = NEW;
            touched.push(t);
        }
    }
    let triangles = touched.len();
    work.changed(topology, &touched);
    let text = format!("cracks up to {widest:.6} mm wide were stitched");
    Some(Effect { triangles, hausdorff_mm: Some(widest), text })
}

/// Divides triangles at corners of neighbours that lie in the middle of their open sides.
pub(super) fn junctions(work: &mut Work) -> Option<Effect> {
    let (mut triangles, mut widest) = (0, 0.0_f64);
    // A triangle is divided at one side at a time; its pieces may be divided again.
    for _ in 0..16 {
        let topology = work.take_topology();
        let found = t_junctions(&work.mesh, &topology);
        if found.is_empty() {
            work.keep_topology(topology);
            break;
        }
        let mut divided = u32::MAX;
        let before = work.mesh.triangles.len() as u32;
        let mut touched = Vec::new();
        for side in found.chunk_by(|a, b| a.side == b.side) {
            let t = side[0].side / 3;
            if t == divided {
                continue;
            }
            divided = t;
            touched.push(t);
            triangles += 1 + divide(work, side);
            widest = side.iter().map(|j| j.distance).fold(widest, f64::max);
        }
        touched.extend(before..work.mesh.triangles.len() as u32);
        work.changed(topology, &touched);
    }
    let text = "triangles were divided at corners in the middle of their sides".to_owned();
    (triangles > 0).then_some(Effect { triangles, hausdorff_mm: Some(widest), text })
}

/// Divides a triangle from its far corner; gives the number of pieces added.
fn divide(work: &mut Work, side: &[TJunction]) -> usize {
    let (t, k) = (side[0].side as usize / 3, side[0].side as usize % 3);
    let tri = work.mesh.triangles[t];
    let (from, to, far) = (tri[k], tri[(k + 1) % 3], tri[(k + 2) % 3]);
    // A corner of the triangle itself is no place to divide it.
    let mut chain = vec![from];
    chain.extend(side.iter().map(|j| j.vertex).filter(|v| !tri.contains(v)));
    chain.push(to);
    work.mesh.triangles[t] = [chain[0], chain[1], far];
    work.origin[t] = NEW;
    for pair in chain[1..].windows(2) {
        work.push([pair[0], pair[1], far]);
    }
    chain.len() - 2
}
