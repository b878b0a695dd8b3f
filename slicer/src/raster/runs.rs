//! An image as runs of equal pixels.

/// Pixels of one value, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// 0 is empty, 255 is solid.
    pub value: u8,
    /// How many there are, at least 1.
    pub len: u32,
}

/// A run in 32 bits: the length over the value.
pub(crate) type Packed = u32;

/// Packs a run; lengths have 24 bits.
#[inline(always)]
pub(crate) const fn packed(value: u8, len: u32) -> Packed {
    len << 8 | value as u32
}

impl Run {
    #[inline(always)]
    pub(crate) const fn unpack(run: Packed) -> Self {
        Self { value: run as u8, len: run >> 8 }
    }
}

/// An image as runs, row by row. Rows end with their last pixel that is not 0.
#[derive(Clone, Debug, Default)]
pub struct Raster {
    pub(crate) size: [u32; 2],
    /// The first row that is kept; those before are empty.
    first_row: u32,
    /// Where the runs of each row from `first_row` on end; rows after the last are empty.
    ends: Vec<u32>,
    /// The runs, and behind them what is overwritten.
    runs: Vec<Packed>,
}

impl Raster {
    /// An image without rows yet.
    pub(crate) fn new(size: [u32; 2]) -> Self {
        Self { size, ..Self::default() }
    }

    /// Adds a row of so many pixels as the image is wide.
    pub(crate) fn push_row(&mut self, pixels: impl Iterator<Item = u8>) {
        let width = self.size[0] as usize;
        let room = self.room(width);
        let mut n = 0;
        for value in pixels {
            if n > 0 && room[n - 1] as u8 == value {
                room[n - 1] += packed(0, 1);
            } else {
                room[n] = packed(value, 1);
                n += 1;
            }
        }
        self.end_row(n, 0);
    }

    /// Pixels in x and y.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// The runs of a row without the empty pixels at its end; none for a row that is not there.
    pub fn row(&self, y: u32) -> impl ExactSizeIterator<Item = Run> {
        self.packed_row(y).iter().map(|&run| Run::unpack(run))
    }

    /// Sum of the values of all pixels.
    pub fn sum(&self) -> u64 {
        let runs = &self.runs[..self.n_runs()];
        runs.iter().map(|&run| u64::from(run & 0xff) * u64::from(run >> 8)).sum()
    }

    /// Number of runs.
    pub fn n_runs(&self) -> usize {
        self.ends.last().map_or(0, |&end| end as usize)
    }

    /// The rows that may have runs.
    pub(crate) fn kept_rows(&self) -> std::ops::Range<u32> {
        self.first_row..self.first_row + self.ends.len() as u32
    }

    pub(crate) fn packed_row(&self, y: u32) -> &[Packed] {
        let Some(k) = y.checked_sub(self.first_row).map(|k| k as usize) else { return &[] };
        let Some(&end) = self.ends.get(k) else { return &[] };
        let from = if k == 0 { 0 } else { self.ends[k - 1] };
        &self.runs[from as usize..end as usize]
    }

    /// Begins anew.
    pub(crate) fn reset(&mut self, size: [u32; 2]) {
        self.size = size;
        self.first_row = 0;
        self.ends.clear();
    }

    /// Goes on to row `y`: the rows left out are empty.
    pub(crate) fn go_to(&mut self, y: u32) {
        if self.ends.is_empty() {
            self.first_row = y;
        }
        let end = self.n_runs() as u32;
        self.ends.resize((y - self.first_row) as usize, end);
    }

    /// Room for so many runs of the next row.
    #[inline(always)]
    pub(crate) fn room(&mut self, runs: usize) -> &mut [Packed] {
        let from = self.n_runs();
        if self.runs.len() < from + runs {
            self.runs.resize((from + runs).max(2 * self.runs.len()), 0);
        }
        &mut self.runs[from..from + runs]
    }

    /// Ends a row of so many runs in the room given and so many pixels. What stands over at its
    /// end is cut off.
    #[inline]
    pub(crate) fn end_row(&mut self, runs: usize, mut pixels: u32) {
        let from = self.n_runs();
        let mut end = from + runs;
        while pixels > self.size[0] {
            let run = self.runs[end - 1];
            let before = pixels - (run >> 8);
            if before < self.size[0] {
                self.runs[end - 1] = packed(run as u8, self.size[0] - before);
                break;
            }
            end -= 1;
            pixels = before;
        }
        // Nor do rows end in empty pixels, as one does that is cut off in a gap.
        if end > from && self.runs[end - 1] & 0xff == 0 {
            end -= 1;
        }
        self.ends.push(end as u32);
    }
}

impl PartialEq for Raster {
    fn eq(&self, other: &Self) -> bool {
        let rows = self.kept_rows().chain(other.kept_rows());
        self.size == other.size && { rows }.all(|y| self.packed_row(y) == other.packed_row(y))
    }
}
