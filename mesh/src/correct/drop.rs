//! Triangles and vertices that add nothing.

use super::{Effect, Work};
use crate::TriMesh;
use crate::inspect;

/// Drops triangles that use a corner twice. Flat triangles with three corners close the surface
/// and stay for now.
pub(super) fn degenerate(work: &mut Work) -> Option<Effect> {
    let twice = |t: &[u32; 3]| t[0] == t[1] || t[1] == t[2] || t[2] == t[0];
    if !work.mesh.triangles.iter().any(twice) {
        return None;
    }
    let bad: Vec<bool> = work.mesh.triangles.iter().map(twice).collect();
    let triangles = work.retain(|t| !bad[t as usize]);
    let text = "triangles that use a corner twice were dropped".to_owned();
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Keeps one of each set of triangles with the same corners.
pub(super) fn duplicates(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let double = inspect::duplicates(&work.mesh, &topology);
    work.keep_topology(topology);
    if double.is_empty() {
        return None;
    }
    let triangles = work.retain(|t| double.binary_search(&t).is_err());
    let text = "repeats of triangles were dropped".to_owned();
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Drops what stitching has made flat or the same.
pub(super) fn repeats(work: &mut Work) -> Option<Effect> {
    let effects = [degenerate(work), duplicates(work)];
    let triangles = effects.iter().flatten().map(|e| e.triangles).sum();
    let text = "triangles that became flat or the same were dropped".to_owned();
    (triangles > 0).then_some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Leaves out vertices that no triangle uses.
pub(super) fn unused_vertices(mesh: &mut TriMesh) {
    let mut index = vec![u32::MAX; mesh.vertices.len()];
    for &v in mesh.triangles.as_flattened() {
        index[v as usize] = 0;
    }
    if !index.contains(&u32::MAX) {
        return;
    }
    let mut next = 0;
    let mut kept = Vec::with_capacity(mesh.vertices.len());
    for (i, p) in index.iter_mut().zip(&mesh.vertices) {
        if *i == 0 {
            *i = next;
            next += 1;
            kept.push(*p);
        }
    }
    mesh.vertices = kept;
    for v in mesh.triangles.as_flattened_mut() {
        *v = index[*v as usize];
    }
}
