//! Blocks: boxes that are put into a container at once.

use std::collections::HashSet;

use platewright_model::boxes::{BoxKind, PlacedBox};

use super::space::{Size, volume};

/// Share of a block that its boxes must fill.
const FULL: f64 = 0.98;

/// Boxes side by side.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) size: Size,
    /// Volume of its boxes.
    pub(super) volume: u64,
    /// How many boxes it has of each kind.
    pub(super) counts: Vec<u16>,
    made: Made,
}

/// What a block is made of.
#[derive(Clone, Debug)]
enum Made {
    /// Boxes of a kind, all lying the same way, so many along each axis.
    Grid { kind: usize, way: [usize; 3], along: [u32; 3] },
    /// Two blocks, the second one behind the first along an axis.
    Pair { blocks: [usize; 2], axis: usize },
}

/// All blocks that were made, the largest first when they are asked for by rank.
#[derive(Debug)]
pub(super) struct Blocks {
    made: Vec<Block>,
    /// By volume, the largest first.
    pub(super) ranked: Vec<u32>,
}

impl Blocks {
    /// Blocks that fit a room, at most so many: grids of equal boxes, then pairs of blocks that
    /// leave almost no waste (Fanslau and Bortfeldt 2010, doi 10.1287/ijoc.1090.0338).
    pub(super) fn new(kinds: &[BoxKind], counts: &[u16], room: Size, most: usize) -> Self {
        let mut maker = Maker { counts, room, most, made: Vec::new(), known: HashSet::new() };
        for (kind, given) in kinds.iter().enumerate() {
            for way in given.ways() {
                maker.grids(kind, way, way.map(|edge| given.size[edge]));
            }
        }
        maker.keep_largest();
        let mut newest = 0;
        while newest < maker.made.len() && maker.made.len() < most {
            let end = maker.made.len();
            'pairs: for i in newest..end {
                for j in 0..=i {
                    for axis in 0..3 {
                        maker.pair([i, j], axis);
                        if maker.made.len() >= most {
                            break 'pairs;
                        }
                    }
                }
            }
            newest = end;
        }
        let made = maker.made;
        let mut ranked: Vec<u32> = (0..made.len() as u32).collect();
        ranked.sort_by_key(|&block| std::cmp::Reverse(made[block as usize].volume));
        Self { made, ranked }
    }

    pub(super) fn get(&self, block: u32) -> &Block {
        &self.made[block as usize]
    }

    /// The boxes of a block whose least corner is at a place.
    pub(super) fn boxes(&self, kinds: &[BoxKind], block: u32, at: Size, out: &mut Vec<PlacedBox>) {
        match &self.made[block as usize].made {
            Made::Grid { kind, way, along } => {
                let size = way.map(|edge| kinds[*kind].size[edge]);
                for z in 0..along[2] {
                    for y in 0..along[1] {
                        for x in 0..along[0] {
                            let step = [x, y, z];
                            let at = [0, 1, 2].map(|k| at[k] + step[k] * size[k]);
                            out.push(PlacedBox { kind: *kind, edges: *way, at });
                        }
                    }
                }
            }
            Made::Pair { blocks: [one, other], axis } => {
                self.boxes(kinds, *one as u32, at, out);
                let mut behind = at;
                behind[*axis] += self.made[*one].size[*axis];
                self.boxes(kinds, *other as u32, behind, out);
            }
        }
    }
}

struct Maker<'a> {
    counts: &'a [u16],
    room: Size,
    most: usize,
    made: Vec<Block>,
    /// Sizes and boxes of all blocks.
    known: HashSet<(Size, Vec<u16>)>,
}

impl Maker<'_> {
    /// All grids of boxes of one kind that lie the same way.
    fn grids(&mut self, kind: usize, way: [usize; 3], size: Size) {
        let copies = u32::from(self.counts[kind]);
        let most = |k: usize| self.room[k] / size[k];
        let [x_most, y_most, z_most] = [most(0), most(1), most(2)];
        for x in 1..=x_most.min(copies) {
            for y in 1..=y_most.min(copies / x) {
                for z in 1..=z_most.min(copies / (x * y)) {
                    let along = [x, y, z];
                    let size = [0, 1, 2].map(|k| along[k] * size[k]);
                    let mut counts = vec![0; self.counts.len()];
                    counts[kind] = (x * y * z) as u16;
                    let made = Made::Grid { kind, way, along };
                    self.add(Block { size, volume: volume(size), counts, made });
                }
            }
        }
    }

    /// If there are too many grids already: single boxes, and the largest.
    fn keep_largest(&mut self) {
        if self.made.len() > self.most {
            self.made.sort_by_key(|block| {
                let single = block.counts.iter().sum::<u16>() == 1;
                (!single, std::cmp::Reverse(block.volume))
            });
            self.made.truncate(self.most);
        }
    }

    fn pair(&mut self, blocks: [usize; 2], axis: usize) {
        let [one, other] = blocks.map(|block| &self.made[block]);
        let mut size = [0, 1, 2].map(|k| one.size[k].max(other.size[k]));
        size[axis] = one.size[axis] + other.size[axis];
        let filled = one.volume + other.volume;
        let fits = (0..3).all(|k| size[k] <= self.room[k]);
        if !fits || (filled as f64) < FULL * volume(size) as f64 {
            return;
        }
        let counts: Vec<u16> = one.counts.iter().zip(&other.counts).map(|(a, b)| a + b).collect();
        if counts.iter().zip(self.counts).all(|(asked, there)| asked <= there) {
            let made = Made::Pair { blocks, axis };
            self.add(Block { size, volume: filled, counts, made });
        }
    }

    fn add(&mut self, block: Block) {
        if self.known.insert((block.size, block.counts.clone())) {
            self.made.push(block);
        }
    }
}
