//! The contours of a layer in pixels, cut off at the rim of the image, by bands of rows.

use super::frame::Frame;
use crate::layers::Piece;
use crate::region::{GridPoint, Region};

/// A point in pixels: x along the row, y from row to row.
pub(crate) type PixelPoint = [f64; 2];

/// The contours of a layer, kept from one layer to the next to spare allocations.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    points: Vec<PixelPoint>,
    /// For each band the spans of points whose segments reach into it; they may reach beyond.
    bands: Vec<Vec<[u32; 2]>>,
    /// Rows of a band.
    rows: u32,
}

impl Outline {
    /// Takes the contours of pieces into the image of a frame.
    pub(crate) fn take(&mut self, pieces: &[Piece], frame: &Frame, rows: u32) {
        self.points.clear();
        self.rows = rows;
        self.bands.iter_mut().for_each(Vec::clear);
        self.bands.resize_with(frame.size[1].div_ceil(rows) as usize, Vec::new);
        for piece in pieces {
            self.take_region(&piece.region, piece.shift, frame);
        }
    }

    fn take_region(&mut self, region: &Region, shift: GridPoint, frame: &Frame) {
        let place = frame.placing(shift);
        let size = frame.size.map(f64::from);
        let Some(bounds) = region.bounds() else { return };
        let corners = bounds.map(|p| place(&p));
        let within = corners.iter().all(|p| (0..2).all(|k| (0.0..=size[k]).contains(&p[k])));
        let apart = (0..2).any(|k| {
            corners.iter().all(|p| p[k] >= size[k])
                || (k == 1 && corners.iter().all(|p| p[k] <= 0.0))
        });
        if apart {
            return;
        }
        for ring in region.rings() {
            let from = self.points.len();
            let Some(first) = ring.first() else { continue };
            if within {
                self.points.extend(ring.iter().map(&place));
                self.points.push(place(first));
                self.sort_chain(from);
                continue;
            }
            let mut before = place(first);
            for point in ring.iter().skip(1).chain([first]) {
                let here = place(point);
                clip(before, here, size, |a, b| {
                    let from = self.points.len();
                    self.points.extend([a, b]);
                    self.sort_chain(from);
                });
                before = here;
            }
        }
    }

    /// Notes in which bands the segments of a chain lie: the points from `from` on.
    fn sort_chain(&mut self, from: usize) {
        let rows = f64::from(self.rows);
        let last = self.bands.len() - 1;
        let band_of = |y: f64| ((y / rows) as usize).min(last);
        let edges = |band: usize| (band as f64 * rows, (band + 1) as f64 * rows);
        let mut begin = from;
        let mut band = band_of(self.points[from][1]);
        let (mut low, mut high) = edges(band);
        for (k, point) in self.points[from..].iter().enumerate() {
            let y = point[1];
            if y >= low && y <= high {
                continue;
            }
            // The segment that ends here leaves the band, and may cross others on its way.
            let here = from + k;
            self.bands[band].push([begin as u32, here as u32 + 1]);
            let next = band_of(y);
            begin = here - 1;
            for between in band.min(next) + 1..band.max(next) {
                self.bands[between].push([begin as u32, here as u32 + 1]);
            }
            band = next;
            (low, high) = edges(band);
        }
        self.bands[band].push([begin as u32, self.points.len() as u32]);
    }

    /// The bands that have contours, with the first row of each.
    pub(crate) fn bands(&self) -> impl Iterator<Item = (u32, Chains<'_>)> {
        let rows = self.rows;
        (0..)
            .zip(&self.bands)
            .filter(|(_, spans)| !spans.is_empty())
            .map(move |(band, spans)| (band * rows, Chains { points: &self.points, spans }))
    }
}

/// The contours that reach into a band.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chains<'a> {
    points: &'a [PixelPoint],
    spans: &'a [[u32; 2]],
}

impl<'a> Chains<'a> {
    /// Chains of points, each joined to the next.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a [PixelPoint]> {
        self.spans.iter().map(move |&[from, to]| &self.points[from as usize..to as usize])
    }
}

/// Cuts a segment off at the rim of the image. What lies beyond the beginning of the rows is
/// moved onto it, since what is at its right is still in the image.
fn clip(
    p: PixelPoint,
    q: PixelPoint,
    size: [f64; 2],
    mut keep: impl FnMut(PixelPoint, PixelPoint),
) {
    let along = |share: f64| [0, 1].map(|k| p[k] + share * (q[k] - p[k]));
    // Shares of the way at which the rim's four lines are crossed, in order.
    let mut shares = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let mut n = 2;
    for k in 0..2 {
        for line in [0.0, size[k]] {
            if (p[k] < line) != (q[k] < line) {
                shares[n] = ((line - p[k]) / (q[k] - p[k])).clamp(0.0, 1.0);
                n += 1;
            }
        }
    }
    let shares = &mut shares[..n];
    shares.sort_by(f64::total_cmp);
    for pair in shares.windows(2) {
        let middle = along(f64::midpoint(pair[0], pair[1]));
        if middle[1] < 0.0 || middle[1] > size[1] || middle[0] > size[0] {
            continue;
        }
        let on_image = |p: PixelPoint| [0, 1].map(|k| p[k].clamp(0.0, size[k]));
        let (mut a, mut b) = (on_image(along(pair[0])), on_image(along(pair[1])));
        if middle[0] < 0.0 {
            (a[0], b[0]) = (0.0, 0.0);
        }
        if a[1] != b[1] {
            keep(a, b);
        }
    }
}
