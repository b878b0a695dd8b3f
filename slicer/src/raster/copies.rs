//! Copies of a body that lie apart by whole pixels: the image of one is that of all, moved.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::frame::Frame;
use super::runs::{Packed, Raster, packed};
use crate::layers::Layer;
use crate::region::{GridPoint, Region};

/// A piece of a layer whose image is that of another, moved.
#[derive(Clone, Copy, Debug)]
struct Copied {
    /// Number of the image.
    image: usize,
    /// Move along and across the rows, in pixels.
    by: [i64; 2],
    /// Pixels along and across the rows that it may touch: the first, and the first after.
    touched: [[u32; 2]; 2],
}

/// How a layer is put together from images of single pieces.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// The pieces, from left to right.
    copied: Vec<Copied>,
    /// For each image the index of its piece in the layer.
    firsts: Vec<usize>,
    /// A row that is being put together.
    row: Vec<Packed>,
}

/// What pieces with one image have in common: the region, and the shift within a pixel.
type Alike = (*const Region, GridPoint);

impl Copies {
    /// Finds copies in a layer. False if there are none that lie apart by whole pixels, or if a
    /// pixel may be touched by two pieces, or a piece lies across the rim: then the sum of
    /// images is not the image of the sum, and the layer is drawn as a whole.
    pub(super) fn find(&mut self, layer: &Layer, frame: &Frame) -> bool {
        self.copied.clear();
        self.firsts.clear();
        let Some(pitch) = frame.whole_pitch() else { return false };
        let mut known: BTreeMap<Alike, usize> = BTreeMap::new();
        for (number, piece) in layer.pieces.iter().enumerate() {
            let Some(bounds) = piece.region.bounds() else { continue };
            let Some(touched) = frame.touched(bounds, piece.shift) else { return false };
            let within = [0, 1].map(|k| piece.shift[k].rem_euclid(pitch[k]));
            let image = *known.entry((Arc::as_ptr(&piece.region), within)).or_insert_with(|| {
                self.firsts.push(number);
                self.firsts.len() - 1
            });
            let first = layer.pieces[self.firsts[image]].shift;
            let by = frame.pixels_between(first, piece.shift, pitch);
            self.copied.push(Copied { image, by, touched });
        }
        self.firsts.len() < self.copied.len() && self.are_apart()
    }

    /// Sorts the pieces from left to right; whether each has its pixels for itself.
    fn are_apart(&mut self) -> bool {
        self.copied.sort_unstable_by_key(|copied| copied.touched);
        self.copied.iter().enumerate().all(|(k, copied)| {
            let [[_, end], rows] = copied.touched;
            let beside = self.copied[k + 1..].iter().map(|other| other.touched);
            let mut beside = beside.take_while(|[[begin, _], _]| *begin < end);
            !beside.any(|[_, other]| other[0] < rows[1] && rows[0] < other[1])
        })
    }

    /// For each image that is needed the index of its piece in the layer.
    pub(super) fn firsts(&self) -> &[usize] {
        &self.firsts
    }

    /// Puts the layer together from the images of [`Self::firsts`].
    pub(super) fn put_together(&mut self, images: &[Raster], out: &mut Raster) {
        let rows = self.copied.iter().map(|copied| copied.touched[1]);
        let first = rows.clone().map(|[first, _]| first).min().unwrap_or(0);
        let end = rows.map(|[_, end]| end).max().unwrap_or(0);
        out.go_to(first);
        for y in first..end {
            self.row.clear();
            let mut pixels = 0;
            for copied in &self.copied {
                let [_, [first, end]] = copied.touched;
                if (first..end).contains(&y) {
                    let source =
                        images[copied.image].packed_row((i64::from(y) - copied.by[1]) as u32);
                    pixels = append(&mut self.row, pixels, source, copied.by[0]);
                }
            }
            out.room(self.row.len()).copy_from_slice(&self.row);
            out.end_row(self.row.len(), 0);
        }
    }
}

/// Appends the runs of a row, moved, to a row of so many pixels; gives how many it has then.
fn append(row: &mut Vec<Packed>, pixels: u32, source: &[Packed], by: i64) -> u32 {
    let Some((&first, rest)) = source.split_first() else { return pixels };
    let (lead, solid) = if first as u8 == 0 { (first >> 8, rest) } else { (0, source) };
    let begin = (i64::from(lead) + by) as u32;
    let mut end = begin;
    for (k, &run) in solid.iter().enumerate() {
        end += run >> 8;
        match row.last_mut() {
            // Pieces that touch may have the same value there.
            Some(last) if k == 0 && begin == pixels && *last as u8 == run as u8 => {
                *last += packed(0, run >> 8);
            }
            _ => {
                if k == 0 && begin > pixels {
                    row.push(packed(0, begin - pixels));
                }
                row.push(run);
            }
        }
    }
    end
}
