//! The share of each pixel that is solid, from the areas beside the contours.

use super::band::{Band, Cell, Row};
use super::outline::{Chains, PixelPoint};

/// Share of a pixel, times 255, so near below a half that it counts as a half: sums of 64-bit
/// numbers along a row are off by far less.
const ROUNDING: f64 = 1e-7;

impl Cell for f64 {
    #[inline(always)]
    fn shade(sum: Self) -> u8 {
        // The conversion saturates: parts that overlap make a pixel no more than solid.
        (sum * 255.0 + (0.5 + ROUNDING)) as u8
    }
}

/// Adds the contours to a band of rows from `first` to `end`; `rising` as in
/// [`super::frame::Frame::rising`].
pub(crate) fn add_chains(
    band: &mut Band<f64>,
    chains: Chains<'_>,
    [first, end]: [u32; 2],
    rising: f64,
) {
    let rows = [f64::from(first), f64::from(end)];
    for chain in chains.iter() {
        for pair in chain.windows(2) {
            add_segment(band, pair[0], pair[1], rows, rising);
        }
    }
}

/// A segment that rises from row to row.
struct Segment {
    /// Its ends, y from the first row of the band.
    from: PixelPoint,
    to_y: f64,
    /// By how much x grows with y.
    slope: f64,
    /// 1 or -1: what it adds to the pixels at its right, for each row it crosses.
    weight: f64,
    /// What it adds to a pixel more than to the one before, if it crosses both from side to
    /// side: the weight over the amount of `slope`; 0 if it is upright.
    step: f64,
}

#[inline(always)]
fn add_segment(
    band: &mut Band<f64>,
    p: PixelPoint,
    q: PixelPoint,
    [first, end]: [f64; 2],
    rising: f64,
) {
    let (a, b, weight) = if p[1] < q[1] { (p, q, rising) } else { (q, p, -rising) };
    let [width, height] = [b[0] - a[0], b[1] - a[1]];
    let (mut from, mut to_y) = (a, b[1]);
    if from[1] < first {
        from = [a[0] + (first - a[1]) / height * width, first];
    }
    if to_y > end {
        to_y = end;
    }
    // Also without height: a level segment covers nothing.
    if to_y <= from[1] {
        return;
    }
    from[1] -= first;
    to_y -= first;
    let slope = width / height;
    let step = if width == 0.0 { 0.0 } else { weight * (height / width).abs() };
    let segment = Segment { from, to_y, slope, weight, step };
    if slope.abs() <= 1.0 { steep(band, &segment) } else { flat(band, &segment) }
}

/// Calls for each row of the band that a segment is in, with its height there and its ends.
#[inline(always)]
fn for_rows(
    band: &mut Band<f64>,
    segment: &Segment,
    mut add: impl FnMut(Row<'_, f64>, f64, f64, f64),
) {
    let Segment { from: [mut x, mut y], to_y, slope, .. } = *segment;
    let mut number = y as u32;
    let mut border = f64::from(number);
    // A segment that ends on the border of a row is not in the next.
    while y < to_y {
        border += 1.0;
        let below = border.min(to_y);
        let height = below - y;
        let next = x + height * slope;
        add(band.row(number as usize), height, x.min(next), x.max(next));
        (x, y) = (next, below);
        number = number.wrapping_add(1);
    }
}

/// Adds a segment that is in no more than two pixels of any row.
#[inline(always)]
fn steep(band: &mut Band<f64>, segment: &Segment) {
    let (weight, half_step) = (segment.weight, 0.5 * segment.step);
    for_rows(band, segment, |mut row, height, left, right| {
        add_pair(&mut row, weight * height, half_step, left, right);
    });
}

/// Adds what of a segment is in one row and in no more than two of its pixels.
///
/// The area at its right in the first pixel is that of a trapezium; if the segment goes on
/// beyond the pixel, the triangle there was taken off and is put back.
#[inline(always)]
fn add_pair(row: &mut Row<'_, f64>, cover: f64, half_step: f64, left: f64, right: f64) {
    let x = left as u32;
    let border = f64::from(x as i32) + 1.0;
    let over = (right - border).max(0.0);
    let triangle = half_step * over * over;
    let area = cover * (border - 0.5 * (left + right)) + triangle;
    // One by one: joined to a vector, what the segment before has just written would be waited
    // for.
    let at = x as usize;
    row.cells[at] += area;
    row.cells[at.wrapping_add(1)] += cover - area - triangle;
    row.cells[at.wrapping_add(2)] += triangle;
    row.mark(x, 3 | u64::from(over > 0.0) << 2);
}

/// Adds a segment that crosses more pixels of a row than rows.
fn flat(band: &mut Band<f64>, segment: &Segment) {
    let step = segment.step;
    for_rows(band, segment, |mut row, height, left, right| {
        let cover = segment.weight * height;
        let (x, last) = (left as u32, right as u32);
        if last <= x + 1 {
            return add_pair(&mut row, cover, 0.5 * step, left, right);
        }
        row.mark_span(x, last + 1);
        let cells = &mut row.cells[x as usize..last as usize + 2];
        let (in_first, in_last) = (f64::from(x) + 1.0 - left, right - f64::from(last));
        let area_first = 0.5 * step * in_first * in_first;
        let beyond_last = 0.5 * step * in_last * in_last;
        let n = cells.len();
        cells[0] += area_first;
        cells[1] += step * (in_first + 0.5) - area_first;
        for cell in &mut cells[2..n - 2] {
            *cell += step;
        }
        let before_last = step * (in_first + 0.5 + f64::from(last - x - 2));
        cells[n - 2] += cover - beyond_last - before_last;
        cells[n - 1] += beyond_last;
    });
}
