//! Blocked positions of a part against a grid, a row of positions at a time.

use super::grid::{BLOCK, Frame, Grid, LEVELS};
use super::kind::Facing;
use super::shape::{Run, Shape};

/// Most words of positions tried together.
const WIDE: usize = 4;

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

/// Where a search stands: positions before it (by layer, then row) are known to be blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Layer.
    pub(super) z: usize,
    /// Row.
    pub(super) y: usize,
}

/// Words of a layer's blocks, kept between searches to save allocations.
pub(super) type Scratch = Vec<[u64; WIDE]>;

/// The lowest free position (least z, then y, then x; without margin) of layers before `end`;
/// moves the cursor on.
pub(super) fn lowest(
    grid: &Grid,
    facing: &Facing,
    class: usize,
    cursor: &mut Cursor,
    end: usize,
    scratch: &mut Scratch,
) -> Option<[usize; 3]> {
    let end = end.min(facing.last[2] + 1);
    if cursor.z >= end {
        return None;
    }
    let m = grid.frame.margin;
    let words = (m + facing.last[0]) / 64 - m / 64 + 1;
    let scan = Scan { grid, facing, base: class * grid.frame.class_words() };
    match words {
        1 => scan.run::<1>(cursor, end, scratch),
        2 => scan.run::<2>(cursor, end, scratch),
        3 | 5 | 6 => scan.run::<3>(cursor, end, scratch),
        _ => scan.run::<WIDE>(cursor, end, scratch),
    }
}

/// A search of one part in one grid.
struct Scan<'a> {
    grid: &'a Grid,
    facing: &'a Facing,
    /// First word of the class.
    base: usize,
}

impl Scan<'_> {
    /// Layers in groups of [`BLOCK`], blocks of rows first, then the rows of open blocks.
    fn run<const N: usize>(
        &self,
        cursor: &mut Cursor,
        end: usize,
        scratch: &mut Scratch,
    ) -> Option<[usize; 3]> {
        let frame = &self.grid.frame;
        let m = frame.margin;
        let last = self.facing.last;
        let first_word = m / 64;
        let pieces = ((m + last[0]) / 64 - first_word + 1).div_ceil(N);
        let blocks = last[1] / BLOCK + 1;
        let outside = self.outside::<N>(first_word, pieces);
        while cursor.z < end {
            let z0 = cursor.z;
            let z1 = (z0 + BLOCK).min(end);
            scratch.clear();
            for b in 0..blocks {
                let row = self.base + frame.coarse() + frame.row(0, m + b * BLOCK, m + z0);
                for (p, mask) in outside.iter().enumerate() {
                    let mut acc = *mask;
                    self.block::<N>(row + first_word + p * N, &mut acc);
                    let mut kept = [u64::MAX; WIDE];
                    kept[..N].copy_from_slice(&acc);
                    scratch.push(kept);
                }
            }
            for z in z0..z1 {
                for y in cursor.y..=last[1] {
                    for p in 0..pieces {
                        let kept = &scratch[(y / BLOCK) * pieces + p];
                        let mut acc: [u64; N] = std::array::from_fn(|i| kept[i]);
                        if acc == [u64::MAX; N] {
                            continue;
                        }
                        let row = self.base + frame.row(0, m + y, m + z);
                        self.block::<N>(row + first_word + p * N, &mut acc);
                        if let Some(i) = acc.iter().position(|&w| w != u64::MAX) {
                            let bit = acc[i].trailing_ones() as usize;
                            *cursor = Cursor { z, y };
                            return Some([(first_word + p * N + i) * 64 + bit - m, y, z]);
                        }
                    }
                }
                *cursor = Cursor { z: z + 1, y: 0 };
            }
        }
        None
    }

    /// Masks with the positions outside the part's range set.
    fn outside<const N: usize>(&self, first_word: usize, pieces: usize) -> Vec<[u64; N]> {
        let m = self.grid.frame.margin;
        let (low, high) = (m, m + self.facing.last[0]);
        let mask = |word: usize| {
            let at = word * 64;
            (0..64).filter(|b| at + b < low || at + b > high).fold(0, |acc, b| acc | 1_u64 << b)
        };
        (0..pieces).map(|p| std::array::from_fn(|i| mask(first_word + p * N + i))).collect()
    }

    /// ORs the blocked positions of a row into `acc` until all are blocked.
    fn block<const N: usize>(&self, row: usize, acc: &mut [u64; N]) {
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
