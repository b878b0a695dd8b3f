//! Specks beside the model, and shells without volume.

use super::{Effect, Work};
use crate::inspect::specks;
use crate::shells::Shell;

/// Longest speck that is dropped, mm: less than any process prints on its own.
const LONGEST_MM: f64 = 0.3;
/// A shell that fills less than this share of its box encloses nothing.
const FLAT: f64 = 1e-9;

/// Drops closed specks that no process can print, larger ones are only told; and closed shells
/// that enclose nothing, unless there is nothing else.
pub(super) fn drop_specks(work: &mut Work) -> Option<Effect> {
    let bounds = work.mesh.bounds()?;
    let (topology, shells) = work.take_shells();
    let size = bounds.size().iter().map(|x| x * x).sum::<f64>().sqrt();
    let small = |s: &usize| shells.list[*s].bounds.size().iter().all(|&x| x <= LONGEST_MM);
    let mut drop = vec![false; shells.list.len()];
    specks(&shells, size).into_iter().filter(small).for_each(|s| drop[s] = true);
    let solid = |s: &Shell| s.six_volume.abs() > FLAT * volume(s.bounds.size());
    if shells.list.iter().any(solid) {
        for (drop, shell) in drop.iter_mut().zip(&shells.list) {
            *drop |= shell.closed && !solid(shell);
        }
    }
    let count = drop.iter().filter(|&&d| d).count();
    if count == 0 {
        work.keep_shells(topology, shells);
        return None;
    }
    work.keep_topology(topology);
    let triangles = work.retain(|t| !drop[shells.number[t as usize] as usize]);
    let text = format!("{count} shells below {LONGEST_MM} mm or without volume were dropped");
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

fn volume(size: [f64; 3]) -> f64 {
    size.into_iter().product()
}
