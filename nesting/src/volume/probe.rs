//! Blocked positions of a part against a grid, a row of positions at a time.

use super::grid::{Area, BLOCK, Frame, Grid, LEVELS};
use super::kind::Facing;
use super::shape::{Run, Shape};

/// Most words of positions tried together.
pub(super) const WIDE: usize = 4;

/// One shifted read of the grid: a run of the part, or a piece of a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Read {
    /// Words from the word of the position to the word of the run.
    word: u32,
    /// Bits.
    bit: u32,
}

/// The reads of a part in one rotation, the most telling first.
#[derive(Clone, Debug, Default)]
pub(super) struct Probe {
    reads: Vec<Read>,
}

impl Probe {
    /// The reads of a voxel set against grids of `frame`.
    pub(super) fn new(shape: &Shape, frame: &Frame) -> Self {
        let mut runs = shape.runs();
        // Far-apart rows first: they meet different neighbours, so few reads block a full row.
        let rank = |r: &Run| {
            let coarse = (r.y | r.z | 32).trailing_zeros();
            (5 - coarse, usize::MAX - r.len, r.z, r.y, r.x)
        };
        runs.sort_unstable_by_key(rank);
        let mut reads = Vec::with_capacity(runs.len() * 2);
        for run in &runs {
            push_reads(run, frame, &mut reads);
        }
        Self { reads }
    }
}

/// Covers a run by reads of the highest level that is not longer than the run.
fn push_reads(run: &Run, frame: &Frame, reads: &mut Vec<Read>) {
    let level = (run.len.ilog2() as usize).min(LEVELS - 1);
    let step = 1 << level;
    let row = level * frame.level + (run.z * frame.dims[1] + run.y) * frame.stride;
    let mut x = run.x;
    loop {
        reads.push(Read { word: (row + x / 64) as u32, bit: (x % 64) as u32 });
        let end = run.x + run.len - step;
        if x == end {
            return;
        }
        x = (x + step).min(end);
    }
}

/// Blocks of positions ([`BLOCK`] rows × [`BLOCK`] layers) of a part that are known to be
/// blocked altogether. Parts that are added never free a position, so this holds until some are
/// taken out.
#[derive(Clone, Debug)]
pub(super) struct Dead {
    /// Blocks along y.
    rows: usize,
    /// Words for each block along z.
    words: usize,
    bits: Vec<u64>,
    /// How many of the freed areas have been seen.
    seen: usize,
}

impl Dead {
    /// Nothing is known yet.
    pub(super) fn new(facing: &Facing) -> Self {
        let rows = facing.last[1] / BLOCK + 1;
        let words = rows.div_ceil(64);
        Self { rows, words, bits: vec![0; words * (facing.last[2] / BLOCK + 1)], seen: 0 }
    }

    /// Forgets everything; the log of freed areas starts anew.
    pub(super) fn forget(&mut self) {
        self.bits.fill(0);
        self.seen = 0;
    }

    /// Forgets what the areas freed since the last time may have opened.
    fn catch_up(&mut self, freed: &[Area], facing: &Facing, margin: usize) {
        let blocks = |(from, to): (usize, usize), size: usize, last: usize| {
            let low = (from + 1).saturating_sub(size + margin) / BLOCK;
            let high = to.saturating_sub(margin + 1).min(last) / BLOCK;
            low..=high
        };
        for area in &freed[self.seen..] {
            for z in blocks(area.layers, facing.dims[2], facing.last[2]) {
                for y in blocks(area.rows, facing.dims[1], facing.last[1]) {
                    self.bits[z * self.words + y / 64] &= !(1 << (y % 64));
                }
            }
        }
        self.seen = freed.len();
    }

    fn is_dead(&self, y: usize, z: usize) -> bool {
        self.bits[z * self.words + y / 64] >> (y % 64) & 1 == 1
    }

    fn set(&mut self, y: usize, z: usize) {
        self.bits[z * self.words + y / 64] |= 1 << (y % 64);
    }
}

/// An open block of a layer: its row of blocks and the positions known to be blocked.
#[derive(Clone, Copy, Debug)]
struct Open {
    block: usize,
    piece: usize,
    kept: [u64; WIDE],
}

/// Open blocks, kept between searches to save allocations.
#[derive(Debug, Default)]
pub(super) struct Scratch(Vec<Open>);

/// The lowest free position (least z, then y, then x; without margin) of the `allowed` layers
/// before `end`; `freed` are the areas freed since the grid was drawn anew.
#[expect(clippy::too_many_arguments, reason = "the inner search, called from one place")]
pub(super) fn lowest(
    grid: &Grid,
    facing: &Facing,
    class: usize,
    dead: &mut Dead,
    freed: &[Area],
    end: usize,
    allowed: &dyn Fn(usize) -> bool,
    scratch: &mut Scratch,
) -> Option<[usize; 3]> {
    let end = end.min(facing.last[2] + 1);
    if end == 0 {
        return None;
    }
    let m = grid.frame.margin;
    dead.catch_up(freed, facing, m);
    let words = (m + facing.last[0]) / 64 - m / 64 + 1;
    let scan = Scan { grid, facing, base: class * grid.frame.class_words(), allowed };
    match words {
        1 => scan.run::<1>(dead, end, scratch),
        2 => scan.run::<2>(dead, end, scratch),
        3 | 5 | 6 => scan.run::<3>(dead, end, scratch),
        _ => scan.run::<WIDE>(dead, end, scratch),
    }
}

/// A search of one part in one grid.
pub(super) struct Scan<'a> {
    pub(super) grid: &'a Grid,
    pub(super) facing: &'a Facing,
    /// First word of the class.
    pub(super) base: usize,
    pub(super) allowed: &'a dyn Fn(usize) -> bool,
}

impl Scan<'_> {
    /// Layers in groups of [`BLOCK`], blocks of rows first, then the rows of open blocks.
    fn run<const N: usize>(
        &self,
        dead: &mut Dead,
        end: usize,
        scratch: &mut Scratch,
    ) -> Option<[usize; 3]> {
        let m = self.grid.frame.margin;
        let first_word = m / 64;
        let pieces = ((m + self.facing.last[0]) / 64 - first_word + 1).div_ceil(N);
        let outside = self.outside::<N>(first_word, pieces);
        for zb in 0..end.div_ceil(BLOCK) {
            let row = dead.words * zb;
            let full = dead.bits[row..row + dead.words].iter().map(|w| w.count_ones() as usize);
            if full.sum::<usize>() == dead.rows {
                continue;
            }
            let layers = zb * BLOCK..((zb + 1) * BLOCK).min(end);
            let allowed = layers.clone().map(self.allowed).filter(|allowed| *allowed).count();
            if allowed == 0 {
                continue;
            }
            self.open_blocks::<N>(zb, first_word, &outside, dead, scratch);
            for z in layers.clone().filter(|&z| allowed == layers.len() || (self.allowed)(z)) {
                if let Some(at) = self.layer::<N>(z, first_word, scratch) {
                    return Some(at);
                }
            }
            // Searched to the end without a free position: all of it is blocked.
            let whole = (zb + 1) * BLOCK <= end || end == self.facing.last[2] + 1;
            if whole && allowed == layers.len() {
                scratch.0.iter().for_each(|open| dead.set(open.block, zb));
            }
        }
        None
    }

    /// Collects the blocks that are not blocked altogether.
    fn open_blocks<const N: usize>(
        &self,
        zb: usize,
        first_word: usize,
        outside: &[[u64; N]],
        dead: &mut Dead,
        scratch: &mut Scratch,
    ) {
        let frame = &self.grid.frame;
        scratch.0.clear();
        for block in 0..dead.rows {
            if dead.is_dead(block, zb) {
                continue;
            }
            let m = frame.margin;
            let row = self.base + frame.coarse() + frame.row(0, m + block * BLOCK, m + zb * BLOCK);
            let mut any = false;
            for (piece, mask) in outside.iter().enumerate() {
                let mut acc = *mask;
                self.block::<N>(row + first_word + piece * N, &mut acc);
                if acc != [u64::MAX; N] {
                    let mut kept = [u64::MAX; WIDE];
                    kept[..N].copy_from_slice(&acc);
                    scratch.0.push(Open { block, piece, kept });
                    any = true;
                }
            }
            if !any {
                dead.set(block, zb);
            }
        }
    }

    /// The first free position of a layer's open blocks.
    fn layer<const N: usize>(
        &self,
        z: usize,
        first_word: usize,
        scratch: &Scratch,
    ) -> Option<[usize; 3]> {
        let frame = &self.grid.frame;
        let m = frame.margin;
        // The pieces of a block follow one another; its rows come before those of the next.
        for opens in scratch.0.chunk_by(|a, b| a.block == b.block) {
            let first = opens[0].block * BLOCK;
            for y in first..(first + BLOCK).min(self.facing.last[1] + 1) {
                for open in opens {
                    let mut acc: [u64; N] = std::array::from_fn(|i| open.kept[i]);
                    let word = first_word + open.piece * N;
                    self.block::<N>(self.base + frame.row(0, m + y, m + z) + word, &mut acc);
                    if let Some(i) = acc.iter().position(|&w| w != u64::MAX) {
                        let bit = acc[i].trailing_ones() as usize;
                        return Some([(word + i) * 64 + bit - m, y, z]);
                    }
                }
            }
        }
        None
    }

    /// Masks with the positions outside the part's range set.
    pub(super) fn outside<const N: usize>(
        &self,
        first_word: usize,
        pieces: usize,
    ) -> Vec<[u64; N]> {
        let m = self.grid.frame.margin;
        let (low, high) = (m, m + self.facing.last[0]);
        let mask = |word: usize| {
            let at = word * 64;
            (0..64).filter(|b| at + b < low || at + b > high).fold(0, |acc, b| acc | 1_u64 << b)
        };
        (0..pieces).map(|p| std::array::from_fn(|i| mask(first_word + p * N + i))).collect()
    }

    /// ORs the blocked positions of a row into `acc` until all are blocked.
    pub(super) fn block<const N: usize>(&self, row: usize, acc: &mut [u64; N]) {
        let words = &self.grid.words[row..];
        let mut blocked = *acc;
        for read in &self.facing.probe.reads {
            let from = read.word as usize;
            let source = &words[from..from.wrapping_add(N + 1)];
            // Two shifts, since a shift by 64 is none.
            let (down, up) = (read.bit & 63, 63 - (read.bit & 63));
            for i in 0..N {
                blocked[i] |= (source[i] >> down) ^ (source[i + 1] << 1) << up;
            }
            if blocked.iter().fold(u64::MAX, |all, w| all & w) == u64::MAX {
                break;
            }
        }
        *acc = blocked;
    }
}
