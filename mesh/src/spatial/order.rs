//! Order of boxes along a space-filling curve, so that neighbours in space are neighbours in
//! memory.
//!
//! Two things keep uneven models from spoiling it. Boxes much larger than the usual one come
//! first, among their like, so that they do not blow up the nodes of small ones. And where many
//! boxes fall into one cell of the curve (a detailed part beside one stray triangle far away),
//! that cell is ordered again by a curve of its own.

use rayon::prelude::*;

/// A box in single precision, see [`super::Frame`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Box32 {
    pub(crate) min: [f32; 3],
    pub(crate) max: [f32; 3],
}

impl Box32 {
    /// The box of nothing: it meets no box.
    pub(crate) const EMPTY: Self = Self { min: [f32::INFINITY; 3], max: [f32::NEG_INFINITY; 3] };

    /// The box around three points.
    #[inline]
    pub(crate) fn around(a: [f32; 3], b: [f32; 3], c: [f32; 3]) -> Self {
        Self {
            min: std::array::from_fn(|k| lesser(lesser(a[k], b[k]), c[k])),
            max: std::array::from_fn(|k| greater(greater(a[k], b[k]), c[k])),
        }
    }

    #[inline]
    pub(crate) fn join(&mut self, other: &Self) {
        for k in 0..3 {
            self.min[k] = lesser(self.min[k], other.min[k]);
            self.max[k] = greater(self.max[k], other.max[k]);
        }
    }

    /// Sum of the edge lengths.
    fn girth(&self) -> f32 {
        (0..3).map(|k| self.max[k] - self.min[k]).sum()
    }

    /// Twice the centre.
    fn centre2(&self) -> [f32; 3] {
        std::array::from_fn(|k| self.min[k] + self.max[k])
    }
}

/// One instruction; `f32::min` also sees to values that are no numbers, which are none here.
#[inline(always)]
pub(super) fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
pub(super) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Bits of a cell number per axis.
const BITS: u32 = 10;
/// Cells with more boxes than this are ordered again.
const CELL_MAX: usize = 32;
/// A box is large if it exceeds the median by this power of two, and huge by twice the power.
const LARGE_EXPONENT: u32 = 4;
/// A radix pass looks at this many bits.
const RADIX_BITS: u32 = 11;

/// Numbers of the boxes in order, and how many of the first are large.
pub(crate) fn curve_order(boxes: &[Box32]) -> (Vec<u32>, usize) {
    let usual = median_exponent(boxes);
    let frame = centre_frame(boxes.iter());
    let mut keys: Vec<u64> = boxes
        .par_iter()
        .enumerate()
        .with_min_len(4096)
        .map(|(i, b)| {
            let over = exponent(b.girth()).saturating_sub(usual);
            let class = 2 - (over / LARGE_EXPONENT).min(2);
            u64::from(class << (3 * BITS) | frame.cell(b)) << 32 | i as u64
        })
        .collect();
    sort_by_high_half(&mut keys);
    let large = keys.partition_point(|key| key >> (32 + 3 * BITS) < 2);
    let mut order: Vec<u32> = keys.iter().map(|&key| key as u32).collect();
    let mut at = 0;
    for cell in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
        if cell.len() > CELL_MAX {
            order_cell(boxes, &mut order[at..at + cell.len()]);
        }
        at += cell.len();
    }
    (order, large)
}

/// Orders the boxes of one cell by a curve that spans only their centres.
fn order_cell(boxes: &[Box32], cell: &mut [u32]) {
    let mut open = vec![cell];
    while let Some(cell) = open.pop() {
        let frame = centre_frame(cell.iter().map(|&i| &boxes[i as usize]));
        let mut keyed: Vec<(u32, u32)> =
            cell.iter().map(|&i| (frame.cell(&boxes[i as usize]), i)).collect();
        keyed.sort_unstable();
        for (slot, &(_, i)) in cell.iter_mut().zip(&keyed) {
            *slot = i;
        }
        if keyed[0].0 == keyed[keyed.len() - 1].0 {
            continue;
        }
        let mut rest = cell;
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            let (head, tail) = rest.split_at_mut(same.len());
            if same.len() > CELL_MAX {
                open.push(head);
            }
            rest = tail;
        }
    }
}

/// Grid of cells over the centres of some boxes.
struct CellFrame {
    origin: [f32; 3],
    scale: [f32; 3],
}

impl CellFrame {
    /// Number of the cell along the curve (Morton order).
    fn cell(&self, b: &Box32) -> u32 {
        let centre = b.centre2();
        let [x, y, z] = std::array::from_fn(|k| {
            let cells = (1_u32 << BITS) - 1;
            // A float that does not fit saturates: all is well with rounding at the far end.
            spread((((centre[k] - self.origin[k]) * self.scale[k]) as u32).min(cells))
        });
        x | y << 1 | z << 2
    }
}

fn centre_frame<'a>(boxes: impl Iterator<Item = &'a Box32>) -> CellFrame {
    let mut all = Box32::EMPTY;
    for b in boxes {
        let centre = b.centre2();
        all.join(&Box32 { min: centre, max: centre });
    }
    let size = (0..3).map(|k| all.max[k] - all.min[k]).fold(0.0, f32::max);
    // One scale for all axes: cells are cubes. A frame without size has one cell.
    let scale = if size > 0.0 { (1 << BITS) as f32 / size } else { 0.0 };
    let scale = if scale.is_finite() { scale } else { 0.0 };
    CellFrame { origin: all.min, scale: [scale; 3] }
}

/// Moves bit `i` of a 10-bit number to bit `3·i`.
fn spread(x: u32) -> u32 {
    let x = (x | x << 16) & 0x0300_00ff;
    let x = (x | x << 8) & 0x0300_f00f;
    let x = (x | x << 4) & 0x030c_30c3;
    (x | x << 2) & 0x0924_9249
}

/// Exponent bits of a float that is not negative.
fn exponent(x: f32) -> u32 {
    (x.to_bits() >> 23) & 0xff
}

fn median_exponent(boxes: &[Box32]) -> u32 {
    let mut counts = [0_usize; 256];
    for b in boxes {
        counts[exponent(b.girth()) as usize] += 1;
    }
    let mut below = 0;
    for (e, count) in counts.iter().enumerate() {
        below += count;
        if 2 * below >= boxes.len() {
            return e as u32;
        }
    }
    0
}

/// Stable radix sort by the upper 32 bits.
fn sort_by_high_half(keys: &mut Vec<u64>) {
    const BUCKETS: usize = 1 << RADIX_BITS;
    let digit = |key: u64, pass: u32| (key >> (32 + pass * RADIX_BITS)) as usize & (BUCKETS - 1);
    let mut counts = vec![[0_u32; BUCKETS]; 3];
    for &key in keys.iter() {
        for pass in 0..3 {
            counts[pass as usize][digit(key, pass)] += 1;
        }
    }
    let mut other = vec![0; keys.len()];
    for pass in 0..3 {
        let starts = &mut counts[pass as usize];
        let mut sum = 0;
        for count in starts.iter_mut() {
            sum += std::mem::replace(count, sum);
        }
        for &key in keys.iter() {
            let slot = &mut starts[digit(key, pass)];
            other[*slot as usize] = key;
            *slot += 1;
        }
        std::mem::swap(keys, &mut other);
    }
}
