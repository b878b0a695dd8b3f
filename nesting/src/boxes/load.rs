//! A container that is being loaded.

use platewright_model::boxes::BoxKind;

use super::block::{Block, Blocks};
use super::space::{Size, Space, cut, volume};

/// What a search over one container knows.
#[derive(Debug)]
pub(super) struct Loading<'a> {
    pub(super) kinds: &'a [BoxKind],
    pub(super) room: Size,
    pub(super) blocks: Blocks,
    /// By axis and length: the longest sum of edges of boxes that is not longer.
    filled: [Vec<u32>; 3],
}

/// A container with blocks in it.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub(super) spaces: Vec<Space>,
    /// Boxes of each kind that are in none.
    pub(super) left: Vec<u16>,
    /// Volume of the boxes in it.
    pub(super) volume: u64,
    /// Blocks and where their least corners are.
    pub(super) placed: Vec<(u32, Size)>,
}

impl<'a> Loading<'a> {
    /// Of boxes, so many of each kind; so many blocks at most.
    pub(super) fn new(kinds: &'a [BoxKind], counts: &[u16], room: Size, blocks: usize) -> Self {
        let filled = [0, 1, 2].map(|axis| {
            let mut edges: Vec<u32> = kinds
                .iter()
                .zip(counts)
                .filter(|(_, count)| **count > 0)
                .flat_map(|(kind, _)| kind.ways().into_iter().map(|way| kind.size[way[axis]]))
                .collect();
            edges.sort_unstable();
            edges.dedup();
            sums(&edges, room[axis])
        });
        Self { kinds, room, blocks: Blocks::new(kinds, counts, room, blocks), filled }
    }

    /// An empty container.
    pub(super) fn empty(&self, counts: &[u16]) -> Load {
        let whole = Space { low: [0; 3], high: self.room };
        Load { spaces: vec![whole], left: counts.to_vec(), volume: 0, placed: Vec::new() }
    }

    /// The blocks that are left, of some: those of which all boxes are.
    pub(super) fn alive(&self, load: &Load, of: &[u32]) -> Vec<u32> {
        let there = |block: &&u32| {
            let counts = &self.blocks.get(**block).counts;
            counts.iter().zip(&load.left).all(|(asked, there)| asked <= there)
        };
        of.iter().filter(there).copied().collect()
    }

    /// The empty space nearest to a corner, the largest of those as near.
    fn next(&self, load: &Load) -> Option<usize> {
        let rank = |space: &Space| {
            let (mut far, _) = space.corner(self.room);
            far.sort_unstable();
            (far, std::cmp::Reverse(volume(space.size())))
        };
        (0..load.spaces.len()).min_by_key(|&at| rank(&load.spaces[at]))
    }

    /// The next space that takes a block, and the best blocks for it, so many at most. Spaces that
    /// take none are dropped.
    pub(super) fn choices(
        &self,
        load: &mut Load,
        alive: &[u32],
        most: usize,
    ) -> Option<(usize, Vec<u32>)> {
        loop {
            let at = self.next(load)?;
            let size = load.spaces[at].size();
            let mut best: Vec<(f64, u32)> = Vec::new();
            for &number in alive {
                let block = self.blocks.get(number);
                // They come by volume, and no worth is above that.
                if best.len() == most && block.volume as f64 <= best[most - 1].0 {
                    break;
                }
                if (0..3).all(|k| block.size[k] <= size[k]) {
                    let worth = self.worth(block, size);
                    if best.len() < most || worth > best[most - 1].0 {
                        let rank = best.partition_point(|other| other.0 >= worth);
                        best.insert(rank, (worth, number));
                        best.truncate(most);
                    }
                }
            }
            if !best.is_empty() {
                return Some((at, best.into_iter().map(|(_, block)| block).collect()));
            }
            load.spaces.swap_remove(at);
        }
    }

    /// Volume of a block less what of a space can certainly not be filled beside it.
    fn worth(&self, block: &Block, size: Size) -> f64 {
        let reach = [0, 1, 2].map(|k| {
            let beside = size[k] - block.size[k];
            block.size[k] + self.filled[k][beside as usize]
        });
        block.volume as f64 - (volume(size) - volume(reach)) as f64
    }

    /// Puts a block into the corner of a space that is nearest to one of the container.
    pub(super) fn put(&self, load: &mut Load, at: usize, number: u32) {
        let space = load.spaces[at];
        let (_, above) = space.corner(self.room);
        let block = self.blocks.get(number);
        let low =
            [0, 1, 2].map(|k| if above[k] { space.high[k] - block.size[k] } else { space.low[k] });
        let high = [0, 1, 2].map(|k| low[k] + block.size[k]);
        load.volume += block.volume;
        for (left, asked) in load.left.iter_mut().zip(&block.counts) {
            *left -= asked;
        }
        load.placed.push((number, low));
        cut(&mut load.spaces, &Space { low, high });
    }

    /// Puts the best of some blocks into the next space until none fits.
    pub(super) fn fill(&self, load: &mut Load, of: &[u32]) {
        let mut alive = self.alive(load, of);
        while let Some((at, best)) = self.choices(load, &alive, 1) {
            self.put(load, at, best[0]);
            alive = self.alive(load, &alive);
        }
    }
}

/// For each length up to the longest: the longest sum of edges that is not longer.
fn sums(edges: &[u32], longest: u32) -> Vec<u32> {
    let mut sums = vec![0];
    for length in 1..=longest {
        let sum = edges
            .iter()
            .take_while(|edge| **edge <= length)
            .any(|edge| sums[(length - edge) as usize] == length - edge);
        let before = sums[length as usize - 1];
        sums.push(if sum { length } else { before });
    }
    sums
}
