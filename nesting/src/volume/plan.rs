//! Plans in voxels and what makes one better than another.

use super::kind::{Facing, Kind};
use super::room::Room;

/// Everything a search reads and never changes.
#[derive(Debug)]
pub(super) struct Job {
    /// The grid's place in the build.
    pub(super) room: Room,
    /// Distinct parts.
    pub(super) kinds: Vec<Kind>,
    /// The kind of each item.
    pub(super) kind_of: Vec<usize>,
    /// For each item, how many distinct priorities are higher than its own.
    pub(super) rank: Vec<usize>,
    /// At most this many builds.
    pub(super) max_builds: usize,
    /// Whether all copies must come apart.
    pub(super) removable: bool,
    /// Whether layers should hold about the same.
    pub(super) balanced: bool,
}

/// What plans of the same builds and heights are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Copies that stand low, from which lower plans come.
    Low,
    /// Layers that hold about the same.
    Even,
}

impl Job {
    /// The kind of an item.
    pub(super) fn kind(&self, item: usize) -> &Kind {
        &self.kinds[self.kind_of[item]]
    }

    /// The part of a copy, as it is turned.
    pub(super) fn facing(&self, spot: &Spot) -> &Facing {
        &self.kind(spot.item).facings[spot.facing]
    }
}

/// A placed copy, in voxels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Index of the item.
    pub(super) item: usize,
    /// Index into [`Kind::facings`].
    pub(super) facing: usize,
    /// Position without the grid's margin.
    pub(super) at: [usize; 3],
    /// Voxels from the plate to the part's top.
    pub(super) top: usize,
}

/// Builds and what is left over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Placed copies of each build, in the order they were placed.
    pub(super) builds: Vec<Vec<Spot>>,
    /// Items without a place, one entry a copy.
    pub(super) left: Vec<usize>,
    /// The time ended before all were tried.
    pub(super) cut: bool,
}

/// What a plan is judged by, less is better, earlier fields first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Copies left over by priority, the highest first.
    left: Vec<u64>,
    /// Voxels of the copies left over.
    left_voxels: u64,
    /// Builds.
    builds: usize,
    /// Sum of the builds' heights in voxels.
    heights: usize,
    /// Σ squares of the voxels of layers, if those should hold about the same: their sum is that of
    /// the parts, so that it is least where they are equal.
    uneven: u64,
    /// Σ voxels × (bottom + top) over all copies: tells plans of equal height apart.
    moment: u64,
}

impl Plan {
    /// Greatest top of a build.
    pub(super) fn height(build: &[Spot]) -> usize {
        build.iter().map(|s| s.top).max().unwrap_or(0)
    }

    /// Judges the plan.
    pub(super) fn score(&self, job: &Job, aim: Aim) -> Score {
        let ranks = job.rank.iter().max().map_or(0, |r| r + 1);
        let mut left = vec![0; ranks];
        self.left.iter().for_each(|&i| left[job.rank[i]] += 1);
        let moment = |s: &Spot| job.kind(s.item).voxels * (s.at[2] + s.top) as u64;
        Score {
            left,
            left_voxels: self.left.iter().map(|&i| job.kind(i).voxels).sum(),
            builds: self.builds.len(),
            heights: self.builds.iter().map(|b| Self::height(b)).sum(),
            uneven: match aim {
                Aim::Low => 0,
                Aim::Even => self.builds.iter().map(|build| uneven(job, build)).sum(),
            },
            moment: self.builds.iter().flatten().map(moment).sum(),
        }
    }
}

/// Σ squares of the voxels of a build's layers.
fn uneven(job: &Job, build: &[Spot]) -> u64 {
    let mut layers = vec![0_u64; Plan::height(build)];
    for spot in build {
        let held = &job.facing(spot).layers;
        layers[spot.at[2]..].iter_mut().zip(held).for_each(|(sum, own)| *sum += u64::from(*own));
    }
    layers.iter().map(|voxels| voxels * voxels).sum()
}
