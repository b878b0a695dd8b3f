//! Sets of voxels in rows of words, their rotations and their enlargement.

use super::orient::Turn;

/// Slack of distance comparisons in voxels: distances are sums of few doubles.
const EPS: f64 = 1e-9;

/// Voxels of a box, `x` along words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Voxels along each axis.
    pub(super) dims: [usize; 3],
    /// Words a row.
    pub(super) words: usize,
    bits: Vec<u64>,
}

/// Consecutive voxels of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Row.
    pub(super) y: usize,
    /// Layer.
    pub(super) z: usize,
    /// First voxel.
    pub(super) x: usize,
    /// How many.
    pub(super) len: usize,
}

impl Shape {
    /// No voxel of a box of `dims` voxels.
    pub(super) fn empty(dims: [usize; 3]) -> Self {
        let words = dims[0].div_ceil(64).max(1);
        Self { dims, words, bits: vec![0; words * dims[1] * dims[2]] }
    }

    /// A set with the given words, rows along x, then y, then z.
    pub(super) fn from_words(dims: [usize; 3], bits: &[u64]) -> Self {
        let words = dims[0].div_ceil(64).max(1);
        assert_eq!(bits.len(), words * dims[1] * dims[2], "rows are padded to whole words");
        Self { dims, words, bits: bits.to_vec() }
    }

    /// Words of a row.
    pub(super) fn row(&self, y: usize, z: usize) -> &[u64] {
        let at = (z * self.dims[1] + y) * self.words;
        &self.bits[at..at + self.words]
    }

    /// Words of a row, to be changed.
    pub(super) fn row_mut(&mut self, y: usize, z: usize) -> &mut [u64] {
        let at = (z * self.dims[1] + y) * self.words;
        &mut self.bits[at..at + self.words]
    }

    /// Sets one voxel.
    pub(super) fn set(&mut self, [x, y, z]: [usize; 3]) {
        self.row_mut(y, z)[x / 64] |= 1 << (x % 64);
    }

    /// Whether a voxel is set.
    #[cfg(test)]
    pub(super) fn get(&self, [x, y, z]: [usize; 3]) -> bool {
        self.row(y, z)[x / 64] >> (x % 64) & 1 == 1
    }

    /// Number of voxels set.
    pub(super) fn count(&self) -> u64 {
        self.bits.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    /// Number of voxels set on each layer.
    pub(super) fn layers(&self) -> Vec<u32> {
        let layer = (self.words * self.dims[1]).max(1);
        self.bits.chunks(layer).map(|layer| layer.iter().map(|w| w.count_ones()).sum()).collect()
    }

    /// All runs, by layer, row and `x`.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for z in 0..self.dims[2] {
            for y in 0..self.dims[1] {
                row_runs(self.row(y, z), |x, len| runs.push(Run { y, z, x, len }));
            }
        }
        runs
    }

    /// The set with these `runs`, turned; both boxes have their least corner at voxel 0.
    pub(super) fn turned(&self, runs: &[Run], turn: Turn) -> Self {
        let mut out = Self::empty(turn.axis.map(|a| self.dims[a]));
        for run in runs {
            for x in run.x..run.x + run.len {
                let old = [x, run.y, run.z];
                out.set(std::array::from_fn(|k| {
                    let v = old[turn.axis[k]];
                    if turn.flip[k] { out.dims[k] - 1 - v } else { v }
                }));
            }
        }
        out
    }

    /// Every voxel whose cube is nearer than `radius` (in voxels) to a cube of the set, and the
    /// set itself. The result's box is larger by [`reach`]`(radius)` on each side.
    ///
    /// Two cubes whose indices differ by `d` are `max(|d| - 1, 0)` apart along that axis.
    pub(super) fn enlarged(&self, radius: f64) -> Self {
        let reach = reach(radius);
        let mut out = Self::empty(self.dims.map(|d| d + 2 * reach));
        let brush = brush(radius);
        let mut spread = vec![0; out.words];
        for z in 0..self.dims[2] {
            for y in 0..self.dims[1] {
                let row = self.row(y, z);
                if row.iter().all(|&w| w == 0) {
                    continue;
                }
                for (wide, offsets) in &brush {
                    spread_row(row, reach - wide, 2 * wide + 1, &mut spread);
                    for &(dy, dz) in offsets {
                        let target = out.row_mut(y + dy, z + dz);
                        target.iter_mut().zip(&spread).for_each(|(t, s)| *t |= s);
                    }
                }
            }
        }
        out
    }
}

/// How many voxels [`Shape::enlarged`] adds on each side.
pub(super) fn reach(radius: f64) -> usize {
    if radius <= EPS { 0 } else { (radius - EPS).ceil() as usize }
}

/// Row offsets (from 0, to be read as minus [`reach`]) by how far they spread along x.
fn brush(radius: f64) -> Vec<(usize, Vec<(usize, usize)>)> {
    let reach = reach(radius);
    let mut by_width: Vec<(usize, Vec<(usize, usize)>)> = Vec::new();
    for dz in 0..=2 * reach {
        for dy in 0..=2 * reach {
            let gap = |d: usize| d.abs_diff(reach).saturating_sub(1) as f64;
            let rest = radius * radius - gap(dy).powi(2) - gap(dz).powi(2);
            if reach > 0 && rest <= EPS {
                continue;
            }
            let wide = self::reach(rest.max(0.0).sqrt());
            match by_width.iter_mut().find(|(w, _)| *w == wide) {
                Some((_, offsets)) => offsets.push((dy, dz)),
                None => by_width.push((wide, vec![(dy, dz)])),
            }
        }
    }
    by_width
}

/// `out` = the row, each voxel `x` spread over `x + shift .. x + shift + width`.
fn spread_row(row: &[u64], shift: usize, width: usize, out: &mut [u64]) {
    out.fill(0);
    or_shifted(out, row, shift);
    let mut have = 1;
    while have < width {
        let step = have.min(width - have);
        shift_up_or(out, step);
        have += step;
    }
}

/// `row |= row << by` in place.
fn shift_up_or(row: &mut [u64], by: usize) {
    let (q, r) = (by / 64, (by % 64) as u32);
    for w in (q..row.len()).rev() {
        let low = if r > 0 && w > q { row[w - q - 1] >> (64 - r) } else { 0 };
        row[w] |= (row[w - q] << r) | low;
    }
}

/// `target |= source << by`; bits beyond the target are zero by the caller's promise.
pub(super) fn or_shifted(target: &mut [u64], source: &[u64], by: usize) {
    let (q, r) = (by / 64, (by % 64) as u32);
    for (w, &bits) in source.iter().enumerate() {
        if bits == 0 {
            continue;
        }
        target[w + q] |= bits << r;
        let high = (bits >> 1) >> (63 - r);
        if high != 0 {
            target[w + q + 1] |= high;
        }
    }
}

/// Calls `each(x, len)` for every run of set bits.
fn row_runs(row: &[u64], mut each: impl FnMut(usize, usize)) {
    let mut open: Option<usize> = None;
    for (w, &bits) in row.iter().enumerate() {
        let mut at = 0;
        while at < 64 {
            let rest = bits >> at;
            // How far the row goes on as it is: set in a run, clear between runs.
            let same =
                if open.is_some() { (!rest).trailing_zeros() } else { rest.trailing_zeros() };
            at += same;
            if at >= 64 {
                break;
            }
            let x = w * 64 + at as usize;
            match open.take() {
                Some(start) => each(start, x - start),
                None => open = Some(x),
            }
        }
    }
    if let Some(start) = open {
        each(start, row.len() * 64 - start);
    }
}

#[cfg(test)]
mod tests {
    use platewright_model::order::OrientationPolicy;

    use super::*;
    use crate::volume::orient::turns;

    fn sample(dims: [usize; 3], mut seed: u64) -> Shape {
        let mut shape = Shape::empty(dims);
        for z in 0..dims[2] {
            for y in 0..dims[1] {
                for x in 0..dims[0] {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if seed >> 61 == 0 {
                        shape.set([x, y, z]);
                    }
                }
            }
        }
        shape
    }

    #[test]
    fn enlarging_is_the_set_of_near_cubes() {
        for (k, radius) in [0.0, 0.4, 1.0, 1.5, 2.0, 3.0].into_iter().enumerate() {
            let shape = sample([70, 5, 4], k as u64);
            let big = shape.enlarged(radius);
            let reach = reach(radius);
            assert_eq!(big.dims, shape.dims.map(|d| d + 2 * reach));
            let set: Vec<[usize; 3]> = shape
                .runs()
                .iter()
                .flat_map(|r| (r.x..r.x + r.len).map(|x| [x, r.y, r.z]))
                .collect();
            for z in 0..big.dims[2] {
                for y in 0..big.dims[1] {
                    for x in 0..big.dims[0] {
                        let near = set.iter().any(|s| {
                            let d: [usize; 3] =
                                std::array::from_fn(|i| (s[i] + reach).abs_diff([x, y, z][i]));
                            let gap2: f64 =
                                d.iter().map(|&d| (d.saturating_sub(1) as f64).powi(2)).sum();
                            d == [0; 3] || gap2 < radius * radius
                        });
                        assert_eq!(big.get([x, y, z]), near, "{x} {y} {z} at {radius}");
                    }
                }
            }
        }
    }

    #[test]
    fn turning_keeps_the_number_of_voxels() {
        let shape = sample([67, 9, 5], 4);
        for turn in turns(OrientationPolicy::Any) {
            assert_eq!(shape.turned(&shape.runs(), turn).count(), shape.count());
        }
    }

    #[test]
    fn runs_give_the_set_back() {
        let shape = sample([200, 3, 3], 9);
        let mut again = Shape::empty(shape.dims);
        for run in shape.runs() {
            (run.x..run.x + run.len).for_each(|x| again.set([x, run.y, run.z]));
        }
        assert_eq!(again, shape);
    }
}
