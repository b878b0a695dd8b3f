//! Whether the centre of each pixel is solid, from the contours that cross the middle of its row.

use super::band::{Band, Cell};
use super::outline::{Chains, PixelPoint};
use super::runs::{Raster, packed};

impl Cell for i32 {
    /// Solid is where contours wind around at least once.
    #[inline(always)]
    fn shade(sum: Self) -> u8 {
        if sum > 0 { 255 } else { 0 }
    }
}

/// Fractions of a pixel in which a contour is followed from row to row: over as many rows as an
/// image may have it strays by less than a hundred-thousandth of a pixel.
const FRACTION_BITS: u32 = 32;
const FRACTIONS: f64 = (1_u64 << FRACTION_BITS) as f64;

/// Crossings that a row holds as a list; rows of more are rare, and add up the others in cells.
const FEW: usize = 24;

/// A few rows with the crossings of contours, and that are read out as runs.
#[derive(Debug)]
pub(crate) struct Crossings {
    /// How many there are in the list of each row; those that find it full are in cells.
    counts: Vec<u32>,
    lists: Vec<[u32; FEW]>,
    more: Band<i32>,
}

/// A crossing as one number: the pixel from which on it counts, and its weight in the last bit.
#[inline(always)]
fn crossing(x: u32, weight: i32) -> u32 {
    x << 1 | u32::from(weight > 0)
}

/// The pixel and the weight of a crossing.
#[inline(always)]
fn pixel_and_weight(crossing: u32) -> (u32, i32) {
    (crossing >> 1, ((crossing & 1) as i32) * 2 - 1)
}

impl Crossings {
    pub(crate) fn new(width: u32, rows: u32) -> Self {
        let n = rows as usize;
        Self { counts: vec![0; n], lists: vec![[0; FEW]; n], more: Band::new(width, rows) }
    }

    /// Adds the contours to the rows from `first` to `end` of an image; `rising` as in
    /// [`super::frame::Frame::rising`].
    pub(crate) fn add_chains(&mut self, chains: Chains<'_>, [first, end]: [u32; 2], rising: i32) {
        for chain in chains.iter() {
            for pair in chain.windows(2) {
                self.add_segment(pair[0], pair[1], [first, end], rising);
            }
        }
    }

    /// Adds a segment at the rows whose middle it crosses: beginning excluded, end included.
    #[inline(always)]
    fn add_segment(&mut self, p: PixelPoint, q: PixelPoint, [first, end]: [u32; 2], rising: i32) {
        let (a, b, weight) = if p[1] < q[1] { (p, q, rising) } else { (q, p, -rising) };
        // The first row whose middle lies beyond a height.
        let beyond = |y: f64| ((y + 0.5) as u32).clamp(first, end);
        let (from, to) = (beyond(a[1]), beyond(b[1]));
        if from >= to {
            return;
        }
        let slope = (b[0] - a[0]) / (b[1] - a[1]);
        let x = a[0] + (f64::from(from) + 0.5 - a[1]) * slope;
        // A pixel whose centre lies exactly on a contour is the last at its left.
        let mut at = ((x + 0.5) * FRACTIONS) as i64;
        let step = (slope * FRACTIONS) as i64;
        let rows = (from - first) as usize..(to - first) as usize;
        let counts = self.counts[rows.clone()].iter_mut();
        for ((number, count), list) in rows.clone().zip(counts).zip(&mut self.lists[rows]) {
            let x = (at >> FRACTION_BITS) as u32;
            // The step after the last row may lead anywhere.
            at = at.wrapping_add(step);
            if let Some(place) = list.get_mut(*count as usize) {
                *place = crossing(x, weight);
                *count = count.wrapping_add(1);
            } else {
                add_cell(&mut self.more, number, x, weight);
            }
        }
    }

    /// Reads all rows out as the rows of an image from `first` on, and empties them.
    pub(crate) fn read_out(&mut self, first: u32, out: &mut Raster) {
        out.go_to(first);
        let rows_left = (out.size[1] - first) as usize;
        let lists = self.counts.iter_mut().zip(&mut self.lists);
        for (row, (count, list)) in lists.enumerate().take(rows_left) {
            match std::mem::take(count) as usize {
                0 => out.end_row(0, 0),
                // There may be more in the cells.
                FEW => {
                    for &mut it in list {
                        let (x, weight) = pixel_and_weight(it);
                        add_cell(&mut self.more, row, x, weight);
                    }
                    self.more.row(row).read_out(out);
                }
                n => read_list(&mut list[..n], out),
            }
        }
    }
}

/// Adds a crossing to the cells of a row.
fn add_cell(cells: &mut Band<i32>, row: usize, x: u32, weight: i32) {
    let mut row = cells.row(row);
    if let Some(cell) = row.cells.get_mut(x as usize) {
        *cell = cell.wrapping_add(weight);
        row.mark(x, 1);
    }
}

/// Reads a row out from the list of its crossings.
#[inline(always)]
fn read_list(list: &mut [u32], out: &mut Raster) {
    for k in 1..list.len() {
        let it = list[k];
        let mut at = k;
        while at > 0 && list[at - 1] > it {
            list[at] = list[at - 1];
            at -= 1;
        }
        list[at] = it;
    }
    let width = out.size[0];
    let runs = out.room(list.len() + 1);
    let (mut sum, mut solid, mut start, mut n) = (0_i32, false, 0_u32, 0_usize);
    for (k, &it) in list.iter().enumerate() {
        let (x, weight) = pixel_and_weight(it);
        sum = sum.wrapping_add(weight);
        // Of crossings at one pixel the last tells.
        if (sum > 0) == solid || list.get(k + 1).is_some_and(|next| next >> 1 == x) {
            continue;
        }
        let x = x.min(width);
        if x > start {
            runs[n] = packed(if solid { 255 } else { 0 }, x - start);
            n += 1;
        }
        (solid, start) = (!solid, x);
    }
    if solid && start < width {
        runs[n] = packed(255, width - start);
        n += 1;
    }
    out.end_row(n, 0);
}
