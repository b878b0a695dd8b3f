//! A few rows of an image in which contours are added up, and that are read out as runs.

use std::ops::AddAssign;

use super::runs::{Raster, packed};

/// What is added up for a pixel: by how much it differs from the pixel before.
pub(crate) trait Cell: Copy + Default + AddAssign {
    /// The value of a pixel from the sum over its row so far.
    fn shade(sum: Self) -> u8;
}

/// Bytes of cells that a band may have, so that those touched stay in a core's own cache.
const BAND_BYTES: usize = 1 << 20;
/// Fewest and most rows of a band.
const BAND_ROWS: [usize; 2] = [8, 128];

/// Rows of cells with marks at those that were touched. All are 0 between one use and the next.
#[derive(Debug)]
pub(crate) struct Band<T> {
    width: u32,
    /// Cells of a row: its pixels, and what is added beyond their end.
    stride: usize,
    cells: Vec<T>,
    marks: Marks,
    rows: usize,
}

/// Binary logarithm of the cells of a word of marks.
const WORD: u32 = 5;

/// A bit for each cell, and for each row a bit for each group of words that has any.
///
/// A word is for 32 cells and has room for marks of the cells after these: so a mark of three
/// cells side by side is set in one word wherever they begin.
#[derive(Debug)]
struct Marks {
    words: Vec<u64>,
    /// Words of a row; the first holds the groups.
    stride: usize,
    /// Binary logarithm of the cells of a group.
    group: u32,
}

/// Rows of a band for images of that width.
pub(crate) fn rows_for<T>(width: u32) -> u32 {
    let row = stride_for(width) * size_of::<T>();
    (BAND_BYTES / row).clamp(BAND_ROWS[0], BAND_ROWS[1]) as u32
}

/// A contour at the end of the last pixel adds to the one after it and to its successor.
fn stride_for(width: u32) -> usize {
    width as usize + 3
}

impl<T: Cell> Band<T> {
    pub(crate) fn new(width: u32, rows: u32) -> Self {
        let stride = stride_for(width);
        let words = stride.div_ceil(1 << WORD);
        let group = WORD + words.div_ceil(64).next_power_of_two().ilog2();
        let marks = Marks { words: vec![0; (words + 1) * rows as usize], stride: words + 1, group };
        let rows = rows as usize;
        Self { width, stride, cells: vec![T::default(); stride * rows], marks, rows }
    }

    /// A row, to be written to.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> Row<'_, T> {
        let (cell, mark) = (row.wrapping_mul(self.stride), row.wrapping_mul(self.marks.stride));
        Row {
            cells: &mut self.cells[cell..cell.wrapping_add(self.stride)],
            marks: &mut self.marks.words[mark..mark.wrapping_add(self.marks.stride)],
            group: self.marks.group,
        }
    }

    /// Reads all rows out as the rows of an image from `first` on, and sets them to 0.
    pub(crate) fn read_out(&mut self, first: u32, out: &mut Raster) {
        debug_assert!(self.width == out.size[0], "a band is as wide as the image");
        out.go_to(first);
        let rows_left = (out.size[1] - first) as usize;
        (0..self.rows.min(rows_left)).for_each(|row| self.row(row).read_out(out));
    }
}

/// A row that contours are added to.
pub(crate) struct Row<'a, T> {
    pub(crate) cells: &'a mut [T],
    marks: &'a mut [u64],
    group: u32,
}

impl<T> Row<'_, T> {
    /// Reads the row out as the next of an image, and sets it to 0.
    #[inline(always)]
    pub(crate) fn read_out(self, out: &mut Raster)
    where
        T: Cell,
    {
        if self.marks[0] == 0 {
            out.end_row(0, 0);
        } else {
            read_row(self.cells, self.marks, self.group, out);
        }
    }

    /// Marks cells as touched: bit `k` of `cells` is for cell `x + k`, with `k` up to 2.
    #[inline(always)]
    pub(crate) fn mark(&mut self, x: u32, cells: u64) {
        self.marks[0] |= 1_u64.wrapping_shl(x >> self.group);
        self.marks[1 + (x >> WORD) as usize] |= cells << (x & 31);
    }

    /// Marks the cells from `x` to `last` as touched.
    pub(crate) fn mark_span(&mut self, x: u32, last: u32) {
        let (from, to) = (x >> WORD, last >> WORD);
        for word in from..=to {
            let mut mask = u64::from(u32::MAX);
            if word == from {
                mask &= u64::MAX << (x & 31);
            }
            if word == to {
                mask &= u64::MAX >> (63 - (last & 31));
            }
            self.marks[0] |= 1 << (word << WORD >> self.group);
            self.marks[1 + word as usize] |= mask;
        }
    }
}

/// Reads a row out; its marks and cells are 0 then.
fn read_row<T: Cell>(cells: &mut [T], marks: &mut [u64], group: u32, out: &mut Raster) {
    let (groups, words) = marks.split_first_mut().expect("there is a word for the groups");
    let mut left = std::mem::take(groups);
    let group_words = 1_usize << (group - WORD);
    let width = out.size[0];
    let runs = out.room(cells.len() + 1);
    // The run that is being read: its value and its first pixel; and how many were before.
    let (mut sum, mut value, mut start, mut n) = (T::default(), 0_u8, 0_u32, 0_usize);
    while left != 0 {
        let first = left.trailing_zeros() as usize * group_words;
        left &= left.wrapping_sub(1);
        let end = (first + group_words).min(words.len());
        for (number, word) in (first as u32..).zip(&mut words[first..end]) {
            let mut bits = std::mem::take(word);
            while bits != 0 {
                // Also cells of the next word that were marked here; if they come again, they
                // are 0.
                let x = (number << WORD).wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
                sum += std::mem::take(&mut cells[x as usize]);
                let next = T::shade(sum);
                // Written in any case, and kept if a run ends here.
                runs[n] = packed(value, x.wrapping_sub(start));
                let ends = next != value;
                n = n.wrapping_add(usize::from(ends & (x != start)));
                start = if ends { x } else { start };
                value = next;
            }
        }
    }
    if value != 0 && start < width {
        runs[n] = packed(value, width - start);
        n += 1;
        start = width;
    }
    out.end_row(n, start);
}
