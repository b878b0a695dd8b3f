//! Sheets without thickness that hang on a body: they bound nothing.

use super::{Effect, Work};
use crate::topology::{Side, balance};

/// Drops patches at edges with too many triangles without which those edges are sound: fins,
/// and walls within a body. The smallest go first.
pub(super) fn drop_sheets(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let edges: Vec<&[Side]> = topology.irregular_edges().collect();
    if edges.iter().all(|edge| edge.len() < 3 || balance(edge) == 0) {
        work.keep_topology(topology);
        return None;
    }
    let (patch_of, patches) = topology.patches(work.mesh.triangles.len());
    let mut areas = vec![0.0; patches];
    for (t, &patch) in patch_of.iter().enumerate() {
        areas[patch as usize] += work.mesh.normal_times_area(t).norm();
    }
    // The edges of each patch that has one with too many triangles.
    let mut touching: Vec<(u32, usize)> = Vec::new();
    for (e, edge) in edges.iter().enumerate() {
        touching.extend(edge.iter().map(|side| (patch_of[side.triangle as usize], e)));
    }
    touching.sort_unstable();
    touching.dedup();
    let mut candidates: Vec<&[(u32, usize)]> = touching
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|c| c.iter().any(|x| edges[x.1].len() > 2))
        .collect();
    candidates.sort_by(|a, b| {
        areas[a[0].0 as usize].total_cmp(&areas[b[0].0 as usize]).then(a[0].0.cmp(&b[0].0))
    });
    let mut dropped = vec![false; patches];
    loop {
        let mut any = false;
        for candidate in &candidates {
            let patch = candidate[0].0;
            if !dropped[patch as usize] && is_sheet(candidate, &edges, &patch_of, &dropped) {
                dropped[patch as usize] = true;
                any = true;
            }
        }
        if !any {
            break;
        }
    }
    if !dropped.contains(&true) {
        work.keep_topology(topology);
        return None;
    }
    let triangles = work.retain(|t| !dropped[patch_of[t as usize] as usize]);
    let text = "sheets without thickness were dropped".to_owned();
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Whether all edges of a patch are sound without it, and one of them was not with it.
fn is_sheet(
    patch_edges: &[(u32, usize)],
    edges: &[&[Side]],
    patch_of: &[u32],
    dropped: &[bool],
) -> bool {
    let patch = patch_edges[0].0;
    let mut mends = false;
    for &(_, e) in patch_edges {
        let (mut with, mut without) = ((0, 0), (0, 0));
        for side in edges[e] {
            let owner = patch_of[side.triangle as usize];
            if dropped[owner as usize] {
                continue;
            }
            let sense = if side.forward { 1 } else { -1 };
            with = (with.0 + 1, with.1 + sense);
            if owner != patch {
                without = (without.0 + 1, without.1 + sense);
            }
        }
        if without.1 != 0 {
            return false;
        }
        mends |= with.1 != 0 && without.0 > 0;
    }
    mends
}
