//! The free positions of a layer where a part comes to lie against others.

use super::grid::{BLOCK, Grid};
use super::kind::Facing;
use super::probe::{Scan, WIDE};

/// Most positions of a layer; of more, evenly many are left out.
const MOST: usize = 200;

/// Memory that is used again and again.
#[derive(Debug, Default)]
pub(super) struct Corners {
    /// The free positions of a layer, row by row.
    rows: Vec<u64>,
    found: Vec<[usize; 3]>,
}

impl Corners {
    /// The free positions of a layer (without margin) that are next to blocked ones along x and
    /// along y; if any position is free, there is one.
    pub(super) fn of(
        &mut self,
        grid: &Grid,
        facing: &Facing,
        class: usize,
        z: usize,
    ) -> impl Iterator<Item = [usize; 3]> {
        let base = class * grid.frame.class_words();
        let scan = Scan { grid, facing, base, allowed: &|_| true };
        let m = grid.frame.margin;
        match (m + facing.last[0]) / 64 - m / 64 + 1 {
            1 => scan.free::<1>(z, &mut self.rows),
            2 => scan.free::<2>(z, &mut self.rows),
            3 | 5 | 6 => scan.free::<3>(z, &mut self.rows),
            _ => scan.free::<WIDE>(z, &mut self.rows),
        }
        self.found.clear();
        let (rows, count) = (&self.rows, facing.last[1] + 1);
        let words = rows.len() / count;
        for y in 0..count {
            for w in 0..words {
                let at = y * words + w;
                let before = if w > 0 { rows[at - 1] >> 63 } else { 0 };
                let after = if w + 1 < words { rows[at + 1] << 63 } else { 0 };
                let between = (rows[at] << 1 | before) & (rows[at] >> 1 | after);
                let amid = y > 0 && y + 1 < count;
                let among = if amid { rows[at - words] & rows[at + words] } else { 0 };
                let mut bits = rows[at] & !between & !among;
                while bits != 0 {
                    let bit = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    self.found.push([(m / 64 + w) * 64 + bit - m, y, z]);
                }
            }
        }
        let every = self.found.len().div_ceil(MOST).max(1);
        self.found.iter().copied().step_by(every)
    }
}

impl Scan<'_> {
    /// The free positions of a layer.
    fn free<const N: usize>(&self, z: usize, rows: &mut Vec<u64>) {
        let (frame, last) = (&self.grid.frame, &self.facing.last);
        let m = frame.margin;
        let first_word = m / 64;
        let pieces = ((m + last[0]) / 64 - first_word + 1).div_ceil(N);
        let outside = self.outside::<N>(first_word, pieces);
        let mut kept = outside.clone();
        rows.clear();
        for y in 0..=last[1] {
            if y % BLOCK == 0 {
                kept.clone_from(&outside);
                let coarse = frame.coarse() + frame.row(0, m + y, m + z - z % BLOCK);
                for (piece, kept) in kept.iter_mut().enumerate() {
                    self.block::<N>(self.base + coarse + first_word + piece * N, kept);
                }
            }
            for (piece, kept) in kept.iter().enumerate() {
                let mut blocked = *kept;
                if blocked != [u64::MAX; N] {
                    let word = frame.row(0, m + y, m + z) + first_word + piece * N;
                    self.block::<N>(self.base + word, &mut blocked);
                }
                rows.extend(blocked.map(|word| !word));
            }
        }
    }
}
