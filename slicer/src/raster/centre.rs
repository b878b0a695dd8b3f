//! Whether the centre of each pixel is solid, from the contours that cross the middle of its row.

use super::band::{Band, Cell};
use super::outline::{Chains, PixelPoint};

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

/// Adds the contours to a band of rows from `first` to `end`; `rising` as in
/// [`super::frame::Frame::rising`].
pub(crate) fn add_chains(
    band: &mut Band<i32>,
    chains: Chains<'_>,
    [first, end]: [u32; 2],
    rising: i32,
) {
    for chain in chains.iter() {
        for pair in chain.windows(2) {
            add_segment(band, pair[0], pair[1], [first, end], rising);
        }
    }
}

/// Adds a segment at the rows whose middle it crosses: beginning excluded, end included.
#[inline(always)]
fn add_segment(
    band: &mut Band<i32>,
    p: PixelPoint,
    q: PixelPoint,
    [first, end]: [u32; 2],
    rising: i32,
) {
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
    for number in from - first..to - first {
        let mut row = band.row(number as usize);
        let x = (at >> FRACTION_BITS) as u32;
        // The step after the last row may lead anywhere.
        at = at.wrapping_add(step);
        if let Some(cell) = row.cells.get_mut(x as usize) {
            *cell = cell.wrapping_add(weight);
            row.mark(x, 1);
        }
    }
}
