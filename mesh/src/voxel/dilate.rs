//! Growing a set of voxels by a radius.

use rayon::prelude::*;

use super::Voxels;

/// See [`Voxels::dilated`].
pub(super) fn dilate(source: &Voxels, radius_mm: f64) -> Voxels {
    if radius_mm <= 0.0 || source.words.is_empty() {
        return source.clone();
    }
    let radius = radius_mm / source.pitch;
    let margin = radius.ceil() as usize;
    let dims = source.dims.map(|n| n + 2 * margin);
    let origin = source.origin.map(|o| o - margin as f64 * source.pitch);
    let mut grown = Voxels::empty(origin, source.pitch, dims);
    let element = Element::new(radius, margin);
    let wide = widened(source, &grown, margin);
    let width = grown.words_per_row;
    let layer = dims[1] * width;
    grown.words.par_chunks_mut(layer).enumerate().for_each(|(z, words)| {
        for &(dy, dz, half) in &element.columns {
            let Some(from_z) = shifted(z, dz, margin, source.dims[2]) else { continue };
            for y in 0..dims[1] {
                let Some(from_y) = shifted(y, dy, margin, source.dims[1]) else { continue };
                let row = from_z * source.dims[1] + from_y;
                if let Some(row) = wide[half].row(row, width) {
                    for (w, r) in words[y * width..(y + 1) * width].iter_mut().zip(row) {
                        *w |= r;
                    }
                }
            }
        }
    });
    grown
}

/// Index in the source of what lies `offset` beside index `i` of the grown grid.
fn shifted(i: usize, offset: isize, margin: usize, len: usize) -> Option<usize> {
    i.checked_add_signed(-offset)?.checked_sub(margin).filter(|&s| s < len)
}

/// Offsets `(dy, dz)` with the greatest `|dx|` whose cubes come closer than the radius.
struct Element {
    columns: Vec<(isize, isize, usize)>,
}

impl Element {
    fn new(radius: f64, margin: usize) -> Self {
        let m = margin as isize;
        let gap = |d: isize| (d.unsigned_abs().saturating_sub(1)) as f64;
        let mut columns = Vec::new();
        for dz in -m..=m {
            for dy in -m..=m {
                let near = gap(dy).powi(2) + gap(dz).powi(2);
                let half = (0..=m).rev().find(|&dx| gap(dx).powi(2) + near < radius * radius);
                if let Some(half) = half {
                    columns.push((dy, dz, half as usize));
                }
            }
        }
        Self { columns }
    }
}

/// The rows of a grid, each voxel widened to both sides; rows without voxels are left out.
struct Wide {
    words: Vec<u64>,
    filled: Vec<bool>,
}

impl Wide {
    fn row(&self, row: usize, width: usize) -> Option<&[u64]> {
        self.filled[row].then(|| &self.words[row * width..(row + 1) * width])
    }
}

/// For each half width up to `margin`: the rows of the source, moved by `margin` and widened.
fn widened(source: &Voxels, grown: &Voxels, margin: usize) -> Vec<Wide> {
    let width = grown.words_per_row;
    let rows = source.dims[1] * source.dims[2];
    let filled: Vec<bool> =
        source.words.chunks(source.words_per_row).map(|r| r.iter().any(|&w| w != 0)).collect();
    let mut words = vec![0; rows * width];
    for (to, from) in words.chunks_mut(width).zip(source.words.chunks(source.words_per_row)) {
        or_shifted_up(to, from, margin);
    }
    let mut all = vec![Wide { words, filled: filled.clone() }];
    for half in 1..=margin {
        let mut words = all[half - 1].words.clone();
        words.par_chunks_mut(width).enumerate().filter(|(row, _)| filled[*row]).for_each(
            |(_, row)| {
                // One more voxel to both sides of what is there.
                let mut below = 0;
                for k in 0..row.len() {
                    let here = row[k];
                    let above = row.get(k + 1).copied().unwrap_or(0);
                    row[k] = here | (here << 1) | (below >> 63) | (here >> 1) | (above << 63);
                    below = here;
                }
            },
        );
        all.push(Wide { words, filled: filled.clone() });
    }
    all
}

/// `to |= from << bits`, across words.
fn or_shifted_up(to: &mut [u64], from: &[u64], bits: usize) {
    let (whole, part) = (bits / 64, bits % 64);
    for (k, &word) in from.iter().enumerate() {
        if word == 0 {
            continue;
        }
        to[k + whole] |= word << part;
        if part > 0
            && let Some(next) = to.get_mut(k + whole + 1)
        {
            *next |= word >> (64 - part);
        }
    }
}
