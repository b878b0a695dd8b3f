//! A beam of partial loadings of one container.

use rayon::prelude::*;

use super::load::{Load, Loading};

/// What a beam found.
#[derive(Debug)]
pub(super) struct Found {
    /// The fullest.
    pub(super) best: Load,
    /// Loadings that were filled to the end.
    pub(super) filled: u64,
}

/// A loading, a block to put into it, into which of its spaces, and the blocks that are left.
type Choice = (Load, u32, usize, Vec<u32>);

/// Carries a number of loadings on, block by block, each judged by what greedy filling makes of it
/// (Araya and Riff 2014, doi 10.1016/j.cor.2013.10.006); `left` loadings are filled at most, and
/// none once `stop` says so. The result is at least as full as `best`.
pub(super) fn beam(
    loading: &Loading<'_>,
    best: Load,
    counts: &[u16],
    width: usize,
    left: u64,
    stop: &(dyn Fn() -> bool + Sync),
) -> Found {
    let mut found = Found { best, filled: 0 };
    let mut level = vec![(0, loading.empty(counts))];
    while !level.is_empty() && found.filled < left {
        let grown: Vec<Vec<Choice>> = level
            .par_iter()
            .map(|(_, load)| {
                let mut load = load.clone();
                let alive = loading.alive(&load, &loading.blocks.ranked);
                let Some((at, best)) = loading.choices(&mut load, &alive, width) else {
                    return Vec::new();
                };
                best.into_iter().map(|block| (load.clone(), block, at, alive.clone())).collect()
            })
            .collect();
        let mut grown: Vec<_> = grown.into_iter().flatten().collect();
        grown.truncate((left - found.filled).min(usize::MAX as u64) as usize);
        found.filled += grown.len() as u64;
        let judged: Vec<Option<(Load, Load)>> = grown
            .into_par_iter()
            .map(|(mut load, block, at, alive)| {
                if stop() {
                    return None;
                }
                loading.put(&mut load, at, block);
                let mut end = load.clone();
                loading.fill(&mut end, &alive);
                Some((load, end))
            })
            .collect();
        let mut next: Vec<(u64, Load)> = Vec::new();
        for (load, end) in judged.into_iter().flatten() {
            next.push((end.volume, load));
            if end.volume > found.best.volume {
                found.best = end;
            }
        }
        if stop() {
            break;
        }
        next.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.volume.cmp(&a.1.volume)));
        // What ends as full with the same boxes left is most likely the same, mirrored.
        next.dedup_by(|a, b| a.0 == b.0 && a.1.left == b.1.left);
        next.truncate(width);
        level = next;
    }
    found
}
