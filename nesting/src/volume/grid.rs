//! Occupancy of one build, kept in a form that blocked positions can be read off word by word.
//!
//! Level `j` holds at `x` the OR over `x .. x + 2^j`, so that a run of any length is tried with
//! few shifted reads. A second, coarse set of levels holds the AND over [`BLOCK`]² rows and
//! layers: what is blocked there is blocked for all rows of a block of positions.

use super::room::Room;
use super::shape::{Shape, or_shifted};

/// Number of levels; the longest run tried at once is `2^(LEVELS - 1)`.
pub(super) const LEVELS: usize = 5;
/// Rows and layers of a block of positions.
pub(super) const BLOCK: usize = 4;

/// Sizes of a grid: how a voxel is found in its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Voxels along each axis, margin included.
    pub(super) dims: [usize; 3],
    /// Empty voxels on each side.
    pub(super) margin: usize,
    /// Words a row.
    pub(super) stride: usize,
    /// Words a level.
    pub(super) level: usize,
    /// Clearance classes.
    pub(super) classes: usize,
}

impl Frame {
    /// Sizes of the grid of a room.
    pub(super) fn new(room: &Room) -> Self {
        let margin = room.margin;
        let dims = room.dims.map(|d| d + 2 * margin);
        let stride = dims[0].div_ceil(64);
        let level = stride * dims[1] * dims[2];
        Self { dims, margin, stride, level, classes: room.classes.len() }
    }

    /// Words of the whole grid.
    pub(super) fn words(&self) -> usize {
        // Reads of a row's last positions run over its end, harmlessly but for the very last.
        self.level * LEVELS * 2 * self.classes + 2 * self.stride + 8
    }

    /// Index of the first word of a row of level 0 of a class.
    pub(super) fn row(&self, class: usize, y: usize, z: usize) -> usize {
        class * self.class_words() + (z * self.dims[1] + y) * self.stride
    }

    /// Words of a class.
    pub(super) fn class_words(&self) -> usize {
        self.level * LEVELS * 2
    }

    /// From a word of the fine levels to the same of the coarse ones.
    pub(super) fn coarse(&self) -> usize {
        self.level * LEVELS
    }
}

/// A box of the grid, from the first to before the last, whole words along x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    /// Words of a row.
    pub(super) words: (usize, usize),
    /// Rows.
    pub(super) rows: (usize, usize),
    /// Layers.
    pub(super) layers: (usize, usize),
}

impl Area {
    /// The words that a box of voxels meets.
    pub(super) fn new(at: [usize; 3], dims: [usize; 3]) -> Self {
        let end: [usize; 3] = std::array::from_fn(|k| at[k] + dims[k]);
        Self {
            words: (at[0] / 64, end[0].div_ceil(64)),
            rows: (at[1], end[1]),
            layers: (at[2], end[2]),
        }
    }

    /// Whether two boxes have a word in common.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let meet = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
        meet(self.words, other.words)
            && meet(self.rows, other.rows)
            && meet(self.layers, other.layers)
    }
}

/// Occupancy of one build for each clearance class.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// Its sizes.
    pub(super) frame: Frame,
    /// Fine levels, then coarse levels, for each class.
    pub(super) words: Vec<u64>,
    /// Layers from here on are empty.
    used: usize,
}

impl Grid {
    /// An empty grid.
    pub(super) fn new(frame: Frame) -> Self {
        Self { frame, words: vec![0; frame.words()], used: 0 }
    }

    /// Takes all parts out and puts the room's blocked voxels in.
    pub(super) fn reset(&mut self, room: &Room) {
        let frame = self.frame;
        let plane = frame.dims[1] * frame.stride;
        for level in 0..LEVELS * 2 * frame.classes {
            let start = level * frame.level;
            self.words[start..start + self.used * plane].fill(0);
        }
        self.used = 0;
        if let Some(blocked) = &room.blocked {
            self.block(blocked);
            self.refresh_all();
        }
    }

    /// Sets the room's blocked voxels, without bringing the levels up to date.
    pub(super) fn block(&mut self, blocked: &Shape) {
        for class in 0..self.frame.classes {
            self.draw(class, blocked, [self.frame.margin; 3]);
        }
    }

    /// Clears all voxels in the words that a box of voxels meets, for all classes, without
    /// bringing the levels up to date.
    pub(super) fn clear(&mut self, area: &Area) {
        for class in 0..self.frame.classes {
            for z in area.layers.0..area.layers.1 {
                for y in area.rows.0..area.rows.1 {
                    let start = self.frame.row(class, y, z);
                    self.words[start + area.words.0..start + area.words.1].fill(0);
                }
            }
        }
    }

    /// Sets the voxels of `shape`, its least corner at `at` (margin included), without bringing
    /// the levels up to date.
    pub(super) fn draw(&mut self, class: usize, shape: &Shape, at: [usize; 3]) {
        let stride = self.frame.stride;
        for z in 0..shape.dims[2] {
            for y in 0..shape.dims[1] {
                let start = self.frame.row(class, at[1] + y, at[2] + z);
                or_shifted(&mut self.words[start..start + stride], shape.row(y, z), at[0]);
            }
        }
        self.used = self.used.max(at[2] + shape.dims[2]);
    }

    /// Brings the levels of the rows and layers of an area up to date.
    pub(super) fn refresh(&mut self, area: &Area) {
        let frame = self.frame;
        for class in 0..frame.classes {
            for z in area.layers.0..area.layers.1 {
                for y in area.rows.0..area.rows.1 {
                    self.raise(frame.row(class, y, z));
                }
            }
            for z in area.layers.0.saturating_sub(BLOCK - 1)..area.layers.1 {
                for y in area.rows.0.saturating_sub(BLOCK - 1)..area.rows.1 {
                    self.erode(class, y, z, area.words);
                }
            }
        }
    }

    /// Brings the levels of all used layers up to date.
    pub(super) fn refresh_all(&mut self) {
        let frame = self.frame;
        self.refresh(&Area {
            words: (0, frame.stride),
            rows: (0, frame.dims[1]),
            layers: (0, self.used),
        });
    }

    /// Computes the coarse levels of one row.
    fn erode(&mut self, class: usize, y: usize, z: usize, words: (usize, usize)) {
        let frame = self.frame;
        let (y_end, z_end) = ((y + BLOCK).min(frame.dims[1]), (z + BLOCK).min(frame.dims[2]));
        let start = frame.row(class, y, z);
        let mut any = 0;
        for w in words.0..words.1 {
            let mut all = u64::MAX;
            'rows: for zz in z..z_end {
                for yy in y..y_end {
                    all &= self.words[frame.row(class, yy, zz) + w];
                    if all == 0 {
                        break 'rows;
                    }
                }
            }
            let target = &mut self.words[start + frame.coarse() + w];
            any |= all ^ *target;
            *target = all;
        }
        if any != 0 {
            self.raise(start + frame.coarse());
        }
    }

    /// Computes levels 1 and up of the row at word `start` of level 0.
    fn raise(&mut self, start: usize) {
        let (stride, level) = (self.frame.stride, self.frame.level);
        for j in 1..LEVELS {
            let shift = 1_u32 << (j - 1);
            let (low, high) = self.words[start + (j - 1) * level..].split_at_mut(level);
            let (from, to) = (&low[..stride], &mut high[..stride]);
            for w in 0..stride {
                let next = if w + 1 < stride { from[w + 1] << (64 - shift) } else { 0 };
                to[w] = from[w] | from[w] >> shift | next;
            }
        }
    }
}
