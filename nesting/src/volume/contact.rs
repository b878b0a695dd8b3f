//! How much of a part's surface lies against others or against the walls.

use super::grid::Grid;
use super::shape::{Run, Shape};

/// The voxels just outside a part.
#[derive(Debug)]
pub(super) struct Shell {
    /// By row and layer from one before the part's first; `x` from one before the first too.
    runs: Vec<Run>,
    /// Voxels beyond each end of each axis.
    beyond: [[u32; 2]; 3],
    /// Number of voxels.
    size: u32,
}

impl Shell {
    /// The voxels that share a face with one of the shape and are not in it.
    pub(super) fn new(shape: &Shape) -> Self {
        let mut around = Shape::empty(shape.dims.map(|d| d + 2));
        let runs = shape.runs();
        for &[dx, dy, dz] in &[[0, 1, 1], [2, 1, 1], [1, 0, 1], [1, 2, 1], [1, 1, 0], [1, 1, 2]] {
            for run in &runs {
                (run.x..run.x + run.len).for_each(|x| around.set([x + dx, run.y + dy, run.z + dz]));
            }
        }
        let mut inside = Shape::empty(around.dims);
        for run in &runs {
            (run.x..run.x + run.len).for_each(|x| inside.set([x + 1, run.y + 1, run.z + 1]));
        }
        for z in 0..around.dims[2] {
            for y in 0..around.dims[1] {
                let own = inside.row(y, z);
                around.row_mut(y, z).iter_mut().zip(own).for_each(|(a, i)| *a &= !i);
            }
        }
        let runs = around.runs();
        let mut beyond = [[0; 2]; 3];
        let mut size = 0;
        for run in &runs {
            size += run.len as u32;
            for x in run.x..run.x + run.len {
                for (k, v) in [x, run.y, run.z].into_iter().enumerate() {
                    beyond[k][0] += u32::from(v == 0);
                    beyond[k][1] += u32::from(v + 1 == around.dims[k]);
                }
            }
        }
        Self { runs, beyond, size }
    }

    /// The share of them that is taken, or lies beyond walls, where the part is `at` a place;
    /// `last` is its last one along each axis. The top of the volume is no wall.
    pub(super) fn contact(
        &self,
        grid: &Grid,
        class: usize,
        at: [usize; 3],
        last: &[usize; 3],
    ) -> f64 {
        let m = grid.frame.margin;
        let mut sum = 0;
        for (k, beyond) in self.beyond.iter().enumerate() {
            sum += if at[k] == 0 { beyond[0] } else { 0 };
            sum += if at[k] == last[k] && k < 2 { beyond[1] } else { 0 };
        }
        for run in &self.runs {
            let row = grid.frame.row(class, at[1] + m - 1 + run.y, at[2] + m - 1 + run.z);
            let from = at[0] + m - 1 + run.x;
            let (mut w, mut bit, mut len) = (row + from / 64, from % 64, run.len);
            while len > 0 {
                let take = len.min(64 - bit);
                let mask = (u64::MAX >> (64 - take)) << bit;
                sum += (grid.words[w] & mask).count_ones();
                len -= take;
                w += 1;
                bit = 0;
            }
        }
        f64::from(sum) / f64::from(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::Frame;
    use super::*;

    #[test]
    fn contact_is_the_share_of_the_surface() {
        let frame = Frame { dims: [80, 12, 12], margin: 1, stride: 2, level: 288, classes: 1 };
        let mut grid = Grid::new(frame);
        let mut cube = Shape::empty([4; 3]);
        (0..64).for_each(|v| cube.set([v % 4, v / 4 % 4, v / 16]));
        let shell = Shell::new(&cube);
        let last = [74, 6, 6];
        let contact = |grid: &Grid, at| shell.contact(grid, 0, at, &last);
        // In a corner three of six sides lie against walls; the top is none.
        assert_eq!(contact(&grid, [0, 0, 0]), 0.5);
        assert_eq!(contact(&grid, [74, 6, 6]), 2.0 / 6.0);
        assert_eq!(contact(&grid, [40, 3, 3]), 0.0);
        // Another one beside it, over the end of a word.
        grid.draw(0, &cube, [63, 1, 1]);
        assert_eq!(contact(&grid, [66, 0, 0]), 3.0 / 6.0);
        assert_eq!(contact(&grid, [66, 2, 0]), 0.25);
    }
}
