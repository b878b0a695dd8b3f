//! Bit rasters: which positions of a lattice are free for a shape, 64 at a time.
//!
//! A placed shape blocks every cell it touches; a shape at a lattice position needs every cell
//! it touches there. For a run of `len` cells of the moving shape, the blocked positions of a
//! whole row are the OR of the row shifted by each of them; rows widened by powers of two are
//! kept, so that a run costs two shifts. Conservative: what the raster calls free is free, and
//! gaps up to one cell are lost; they are won back by sliding parts into contact afterwards.

use super::plane::{Point, Ring};

/// Most words of a raster row.
pub(super) const WORDS_MAX: usize = 8;

/// Widths `2^k` kept per row.
const LEVELS: usize = 9;

/// Placement of the lattice: position `(i, j)` is `origin + cell · (i, j)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lattice {
    pub(super) origin: Point,
    /// Cell size, mm.
    pub(super) cell: f64,
    /// Positions along x and y.
    pub(super) nx: usize,
    pub(super) ny: usize,
    /// Cells before the first position and after the last one, for the grown rim of shapes.
    pub(super) pad: usize,
}

impl Lattice {
    /// Words of a row.
    fn words(&self) -> usize {
        (self.nx + 2 * self.pad).div_ceil(64).min(WORDS_MAX)
    }

    fn rows(&self) -> usize {
        self.ny + 2 * self.pad
    }

    /// Where position `(i, j)` is on the plate.
    pub(super) fn at(&self, i: usize, j: usize) -> Point {
        [self.origin[0] + self.cell * i as f64, self.origin[1] + self.cell * j as f64]
    }
}

/// Cells of one row: first cell, number of cells.
pub(super) type Run = (u32, u32);

/// Cells that a shape touches at a lattice position, relative to it, shifted by `pad`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mask {
    /// Row and its runs, widest rows first so that a full plate is found full early.
    pub(super) rows: Vec<(u32, Vec<Run>)>,
}

/// Rows of cells touched by a ring moved by `t`: `(row, runs)` on the raster, rows ascending;
/// cells outside of the raster are left out.
pub(super) fn touched(ring: &Ring, t: Point, lat: &Lattice) -> Vec<(u32, Vec<Run>)> {
    let base =
        [lat.origin[0] - lat.cell * lat.pad as f64, lat.origin[1] - lat.cell * lat.pad as f64];
    let scale = 1.0 / lat.cell;
    let pts: Ring = ring
        .iter()
        .map(|p| [(p[0] + t[0] - base[0]) * scale, (p[1] + t[1] - base[1]) * scale])
        .collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for p in &pts {
        low = low.min(p[1]);
        high = high.max(p[1]);
    }
    let first = low.floor().max(0.0) as usize;
    let last = (high.ceil().max(0.0) as usize).min(lat.rows());
    let width = (lat.words() * 64) as f64;
    (first..last)
        .map(|row| {
            let mut spans = row_spans(&pts, row as f64);
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            (row as u32, merged(&spans, width))
        })
        .filter(|(_, runs)| !runs.is_empty())
        .collect()
}

/// Spans of x that the region inside `pts` covers somewhere in `[row, row + 1]`.
fn row_spans(pts: &Ring, row: f64) -> Vec<(f64, f64)> {
    let n = pts.len();
    let (top, mid) = (row + 1.0, row + 0.5);
    let mut spans = Vec::new();
    let mut crossings = Vec::new();
    for i in 0..n {
        let (mut a, mut b) = (pts[i], pts[(i + 1) % n]);
        if a[1] > b[1] {
            std::mem::swap(&mut a, &mut b);
        }
        if b[1] < row || a[1] > top {
            continue;
        }
        let at = |y: f64| {
            if b[1] > a[1] { a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) } else { a[0] }
        };
        let (x0, x1) =
            if b[1] > a[1] { (at(a[1].max(row)), at(b[1].min(top))) } else { (a[0], b[0]) };
        spans.push((x0.min(x1), x0.max(x1)));
        if a[1] <= mid && b[1] > mid {
            crossings.push(at(mid));
        }
    }
    crossings.sort_by(f64::total_cmp);
    spans.extend(crossings.chunks_exact(2).map(|c| (c[0], c[1])));
    spans
}

/// Cells of sorted spans as disjoint runs within `[0, width)`.
fn merged(spans: &[(f64, f64)], width: f64) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for &(a, b) in spans {
        if b < 0.0 || a >= width {
            continue;
        }
        let (i, j) = (a.max(0.0).floor() as u32, b.min(width - 1.0).floor() as u32);
        match runs.last_mut() {
            Some((start, len)) if i <= *start + *len => *len = (*len).max(j + 1 - *start),
            _ => runs.push((i, j + 1 - i)),
        }
    }
    runs
}

/// The mask of a ring given relative to the position.
pub(super) fn mask(ring: &Ring, lat: &Lattice) -> Mask {
    // A lattice as large as the shape, so that no cell of the shape is cut off.
    let mut rows = touched(ring, lat.origin, lat);
    rows.sort_by_key(|(row, runs)| {
        (std::cmp::Reverse(runs.iter().map(|r| r.1).sum::<u32>()), *row)
    });
    Mask { rows }
}

/// Blocked cells of a plate.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    words: usize,
    rows: usize,
    /// Level, row, word: bit `i` is set if any cell of `i .. i + 2^level` is blocked.
    bits: Vec<u64>,
}

impl Raster {
    /// A raster without blocked cells.
    pub(super) fn new(lat: &Lattice) -> Self {
        let (words, rows) = (lat.words(), lat.rows());
        Self { words, rows, bits: vec![0; LEVELS * words * rows] }
    }

    fn row(&self, level: usize, row: usize) -> &[u64] {
        let at = (level * self.rows + row) * self.words;
        &self.bits[at..at + self.words]
    }

    /// Blocks cells.
    pub(super) fn block(&mut self, cells: &[(u32, Vec<Run>)]) {
        for (row, runs) in cells {
            let at = *row as usize * self.words;
            for &(start, len) in runs {
                for i in start..start + len {
                    self.bits[at + i as usize / 64] |= 1 << (i % 64);
                }
            }
            self.widen(*row as usize);
        }
    }

    /// Unblocks whole rows.
    pub(super) fn clear_rows(&mut self, cells: &[(u32, Vec<Run>)]) {
        for (row, _) in cells {
            let at = *row as usize * self.words;
            self.bits[at..at + self.words].fill(0);
            self.widen(*row as usize);
        }
    }

    fn widen(&mut self, row: usize) {
        for level in 1..LEVELS {
            let mut wide = [0; WORDS_MAX];
            let narrow = self.row(level - 1, row);
            wide[..self.words].copy_from_slice(narrow);
            or_shifted(&mut wide[..self.words], narrow, 1 << (level - 1));
            let at = (level * self.rows + row) * self.words;
            self.bits[at..at + self.words].copy_from_slice(&wide[..self.words]);
        }
    }

    /// Blocked positions of lattice row `j` for a shape, ORed into `blocked`; stops early once
    /// every position of `blocked` is set.
    pub(super) fn blocked(&self, mask: &Mask, j: usize, blocked: &mut [u64; WORDS_MAX]) {
        let out = &mut blocked[..self.words];
        for (row, runs) in &mask.rows {
            let row = j + *row as usize;
            if row >= self.rows {
                continue;
            }
            for &(start, len) in runs {
                let level = (len.ilog2() as usize).min(LEVELS - 1);
                let source = self.row(level, row);
                let step = 1usize << level;
                let mut at = 0;
                while at + step < len as usize {
                    or_shifted(out, source, start as usize + at);
                    at += step;
                }
                or_shifted(out, source, start as usize + len as usize - step);
            }
            if out.iter().all(|w| *w == u64::MAX) {
                return;
            }
        }
    }
}

/// `out |= source >> shift` over whole rows.
fn or_shifted(out: &mut [u64], source: &[u64], shift: usize) {
    let (skip, bits) = (shift / 64, shift % 64);
    let n = out.len();
    if skip >= n {
        return;
    }
    if bits == 0 {
        for (o, s) in out.iter_mut().zip(&source[skip..]) {
            *o |= s;
        }
        return;
    }
    for i in 0..n - skip - 1 {
        out[i] |= (source[i + skip] >> bits) | (source[i + skip + 1] << (64 - bits));
    }
    out[n - skip - 1] |= source[n - 1] >> bits;
}

/// A row of positions of which only `first..=last` are free.
pub(super) fn only(first: usize, last: usize) -> [u64; WORDS_MAX] {
    std::array::from_fn(|w| {
        let (lo, hi) = (w * 64, w * 64 + 63);
        if last < lo || first > hi {
            return u64::MAX;
        }
        let from = first.saturating_sub(lo);
        let to = (last - lo).min(63);
        !((u64::MAX << from) & (u64::MAX >> (63 - to)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plate::plane::Rect;

    const LAT: Lattice = Lattice { origin: [0.0; 2], cell: 1.0, nx: 100, ny: 50, pad: 2 };

    fn free(raster: &Raster, mask: &Mask, j: usize) -> Vec<usize> {
        let mut row = only(0, LAT.nx - 1);
        raster.blocked(mask, j, &mut row);
        (0..LAT.nx).filter(|i| row[i / 64] >> (i % 64) & 1 == 0).collect()
    }

    #[test]
    fn a_box_blocks_its_cells_and_those_left_of_it() {
        let bar = Rect { min: [0.1; 2], max: [9.9, 4.9] }.corners();
        let m = mask(&bar, &LAT);
        let mut raster = Raster::new(&LAT);
        raster.block(&touched(&bar, [40.0, 10.0], &LAT));
        let want: Vec<usize> = (0..=30).chain(50..100).collect();
        assert_eq!(free(&raster, &m, 10), want);
        assert_eq!(free(&raster, &m, 5), (0..100).collect::<Vec<_>>());
        assert_eq!(free(&raster, &m, 6), want);
        assert_eq!(free(&raster, &m, 15), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn clearing_undoes_blocking() {
        let bar = Rect { min: [0.1; 2], max: [70.3, 4.9] }.corners();
        let mut raster = Raster::new(&LAT);
        let cells = touched(&bar, [3.5, 7.25], &LAT);
        raster.block(&cells);
        raster.clear_rows(&cells);
        assert!(raster.bits.iter().all(|w| *w == 0));
    }

    #[test]
    fn free_is_never_wrong_against_sampled_overlap() {
        // A triangle against a triangle: wherever the raster says free, no sample is in both.
        let tri: Ring = vec![[0.0, 0.0], [13.3, 2.1], [4.2, 11.7]];
        let m = mask(&tri, &LAT);
        let mut raster = Raster::new(&LAT);
        let t = [30.37, 20.81];
        raster.block(&touched(&tri, t, &LAT));
        for j in 0..LAT.ny {
            for i in free(&raster, &m, j) {
                let p = LAT.at(i, j);
                assert!(super::super::plane::apart(&tri, p, &tri, t, 0.0), "{p:?}");
            }
        }
    }
}
