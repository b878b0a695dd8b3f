//! Flat triangles with three corners: the surface stays closed when their long side is flipped.

use super::{Effect, NEW, Work};
use crate::inspect::is_degenerate;
use crate::topology::Topology;

/// Flips the long sides of flat triangles, so that the neighbour there is divided at the corner
/// in the middle of its side.
pub(super) fn flip(work: &mut Work) -> Option<Effect> {
    let (mut flipped, mut off) = (0, 0.0_f64);
    // A chain of flat triangles loses at least one of them in each pass.
    for _ in 0..64 {
        let flat: Vec<u32> = (0..work.mesh.triangles.len() as u32)
            .filter(|&t| is_degenerate(work.mesh.corners(t as usize)))
            .collect();
        if flat.is_empty() {
            break;
        }
        let topology = work.take_topology();
        let mut touched = vec![false; work.mesh.triangles.len()];
        let before = flipped;
        for t in flat {
            if let Some(height) = flip_one(work, &topology, &mut touched, t) {
                flipped += 1;
                off = off.max(height);
            }
        }
        let changed: Vec<u32> =
            (0..touched.len() as u32).filter(|&t| touched[t as usize]).collect();
        work.changed(topology, &changed);
        if flipped == before {
            break;
        }
    }
    let text = "flat triangles were turned over their long side".to_owned();
    (flipped > 0).then_some(Effect { triangles: 2 * flipped, hausdorff_mm: Some(off), text })
}

/// Flips the long side of a triangle; gives its height over that side. `None` where the side has
/// no neighbour, or one that was touched in this pass.
fn flip_one(work: &mut Work, topology: &Topology, touched: &mut [bool], t: u32) -> Option<f64> {
    let mesh = &mut work.mesh;
    let corners = mesh.corners(t as usize);
    let length = |k: usize| (corners[(k + 1) % 3] - corners[k]).norm();
    let long = (0..3).max_by(|&i, &j| length(i).total_cmp(&length(j)))?;
    let twin = topology.twin(3 * t + long as u32)?;
    let other = twin / 3;
    if touched[t as usize] || touched[other as usize] {
        return None;
    }
    let (tri, far) = (mesh.triangles[t as usize], mesh.triangles[other as usize]);
    let (x, y, z) = (tri[long], tri[(long + 1) % 3], tri[(long + 2) % 3]);
    let w = far[(twin as usize % 3 + 2) % 3];
    if w == z || (is_degenerate(mesh.corners(other as usize)) && other > t) {
        return None;
    }
    // The neighbours of both triangles keep their sides but where an edge z–w exists already.
    let joined = |a: u32, b: u32, side: u32| {
        topology.twin(side).is_some_and(|s| {
            let tri = mesh.triangles[s as usize / 3];
            tri.contains(&a) && tri.contains(&b)
        })
    };
    if (0..3).any(|k| joined(z, w, 3 * t + k) && 3 * t + k != 3 * t + long as u32) {
        return None;
    }
    mesh.triangles[t as usize] = [z, x, w];
    mesh.triangles[other as usize] = [z, w, y];
    for s in [t, other] {
        touched[s as usize] = true;
        work.origin[s as usize] = NEW;
    }
    let along = corners[(long + 1) % 3] - corners[long];
    let height = along.cross(&(corners[(long + 2) % 3] - corners[long])).norm() / along.norm();
    Some(height)
}
