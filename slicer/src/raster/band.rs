//! A few rows of an image in which contours are added up, and that are read out as runs.

use std::ops::AddAssign;

use super::runs::{Raster, packed};

/// What is added up for a pixel: by how much it differs from the pixel before.
pub(crate) trait Cell: Copy + Default + AddAssign {
    /// Whether a mark at a pixel stands for the next as well.
    const PAIRS: bool;

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
}

/// A bit for each cell, and for each row a bit for each group of words that has any.
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
        let words = stride.div_ceil(64);
        let group = 6 + words.div_ceil(64).next_power_of_two().ilog2();
        let marks =
            Marks { words: vec![0; (words + 1) * rows as usize], stride: words + 1, group };
        Self { width, stride, cells: vec![T::default(); stride * rows as usize], marks }
    }

    /// The rows from `first` up to `end`, to be written to.
    #[inline(always)]
    pub(crate) fn rows(&mut self, first: u32, end: u32) -> impl Iterator<Item = Row<'_, T>> {
        let (first, end) = (first as usize, end as usize);
        let group = self.marks.group;
        let cells = self.cells[first * self.stride..end * self.stride].chunks_exact_mut(self.stride);
        let stride = self.marks.stride;
        let marks = self.marks.words[first * stride..end * stride].chunks_exact_mut(stride);
        cells.zip(marks).map(move |(cells, marks)| Row { cells, marks, group })
    }

    /// Reads all rows out as the rows of an image from `first` on, and sets them to 0.
    pub(crate) fn read_out(&mut self, first: u32, out: &mut Raster) {
        let rows = self.cells.chunks_exact_mut(self.stride);
        let marks = self.marks.words.chunks_exact_mut(self.marks.stride);
        out.go_to(first);
        let rows_left = (out.size[1] - first) as usize;
        for (cells, marks) in rows.zip(marks).take(rows_left) {
            if marks[0] == 0 {
                out.ends.push(out.runs.len() as u32);
            } else {
                read_row(cells, marks, self.marks.group, out);
            }
        }
        debug_assert!(self.width == out.size[0], "a band is as wide as the image");
    }
}

/// A row that contours are added to.
pub(crate) struct Row<'a, T> {
    pub(crate) cells: &'a mut [T],
    marks: &'a mut [u64],
    group: u32,
}

impl<T> Row<'_, T> {
    /// Marks a cell as touched.
    #[inline(always)]
    pub(crate) fn mark(&mut self, x: u32) {
        self.marks[0] |= 1 << (x >> self.group);
        self.marks[1 + (x >> 6) as usize] |= 1 << (x & 63);
    }

    /// Marks the cells from `x` to `last` as touched.
    pub(crate) fn mark_span(&mut self, x: u32, last: u32) {
        let (from, to) = (x >> 6, last >> 6);
        for word in from..=to {
            let mut mask = u64::MAX;
            if word == from {
                mask &= u64::MAX << (x & 63);
            }
            if word == to {
                mask &= u64::MAX >> (63 - (last & 63));
            }
            self.marks[0] |= 1 << (word >> (self.group - 6));
            self.marks[1 + word as usize] |= mask;
        }
    }
}

/// A row on its way from cells to runs.
struct Reader<'a, T> {
    cells: &'a mut [T],
    sum: T,
    value: u8,
    start: u32,
}

impl<T: Cell> Reader<'_, T> {
    #[inline(always)]
    fn visit(&mut self, x: u32, out: &mut Raster) {
        self.sum += std::mem::take(&mut self.cells[x as usize]);
        let value = T::shade(self.sum);
        if value != self.value {
            if x != self.start {
                out.runs.push(packed(self.value, x - self.start));
            }
            self.start = x;
            self.value = value;
        }
    }
}

fn read_row<T: Cell>(cells: &mut [T], marks: &mut [u64], group: u32, out: &mut Raster) {
    let (groups, words) = marks.split_first_mut().expect("there is a word for the groups");
    let mut left = std::mem::take(groups);
    let mut reader = Reader { cells, sum: T::default(), value: 0, start: 0 };
    let group_words = 1_usize << (group - 6);
    while left != 0 {
        let first = left.trailing_zeros() as usize * group_words;
        left &= left - 1;
        let end = (first + group_words).min(words.len());
        for (number, word) in (first as u32..).zip(&mut words[first..end]) {
            let marked = std::mem::take(word);
            let mut bits = if T::PAIRS { marked | marked << 1 } else { marked };
            while bits != 0 {
                reader.visit(number * 64 + bits.trailing_zeros(), out);
                bits &= bits - 1;
            }
            if T::PAIRS && marked >> 63 != 0 {
                reader.visit(number * 64 + 64, out);
            }
        }
    }
    let (value, start, width) = (reader.value, reader.start, out.size[0]);
    if value != 0 && start < width {
        out.runs.push(packed(value, width - start));
        out.end_row(width);
    } else {
        out.end_row(start);
    }
}
