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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raster {
    pub(crate) size: [u32; 2],
    /// The first row that is kept; those before are empty.
    pub(crate) first_row: u32,
    /// Where the runs of each row from `first_row` on end; rows after the last are empty.
    pub(crate) ends: Vec<u32>,
    pub(crate) runs: Vec<Packed>,
}

impl Raster {
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
        self.runs.iter().map(|&run| u64::from(run & 0xff) * u64::from(run >> 8)).sum()
    }

    /// Number of runs.
    pub fn n_runs(&self) -> usize {
        self.runs.len()
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
        self.runs.clear();
    }

    /// Goes on to row `y`: the rows left out are empty.
    pub(crate) fn go_to(&mut self, y: u32) {
        if self.ends.is_empty() {
            self.first_row = y;
        }
        self.ends.resize((y - self.first_row) as usize, self.runs.len() as u32);
    }

    /// Ends a row, after its runs were pushed. What stands over at its end is cut off.
    #[inline]
    pub(crate) fn end_row(&mut self, mut pushed: u32) {
        while pushed > self.size[0] {
            let run = self.runs.pop().expect("the row is longer than the image is wide");
            let before = pushed - (run >> 8);
            if before < self.size[0] {
                self.runs.push(packed(run as u8, self.size[0] - before));
                break;
            }
            pushed = before;
        }
        self.ends.push(self.runs.len() as u32);
    }
}
