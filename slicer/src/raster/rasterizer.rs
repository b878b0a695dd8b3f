//! Turns layers into images.

use super::band::{Band, rows_for};
use super::centre::Crossings;
use super::copies::Copies;
use super::cover;
use super::frame::Frame;
use super::options::{RasterOptions, Shade};
use super::outline::Outline;
use super::runs::Raster;
use crate::error::SliceError;
use crate::layers::{Layer, Piece};

/// Turns layers into images, one after the other; for layers side by side take one for each
/// thread.
///
/// Memory is that of a few rows and of one layer's contours and runs.
#[derive(Debug)]
pub struct Rasterizer {
    frame: Frame,
    outline: Outline,
    rows: u32,
    kind: Kind,
    copies: Copies,
    /// Images of single pieces.
    images: Vec<Raster>,
}

#[derive(Debug)]
enum Kind {
    Grey(Band<f64>),
    Centre(Crossings),
}

impl Rasterizer {
    /// Makes images as the options say.
    ///
    /// # Errors
    /// Options that make no image.
    pub fn new(options: &RasterOptions) -> Result<Self, SliceError> {
        options.check()?;
        let [width, height] = options.size;
        let (rows, kind) = match options.shade {
            Shade::Grey => {
                let rows = rows_for::<f64>(width).min(height);
                (rows, Kind::Grey(Band::new(width, rows)))
            }
            Shade::Centre => {
                let rows = rows_for::<i32>(width).min(height);
                (rows, Kind::Centre(Crossings::new(width, rows)))
            }
        };
        Ok(Self {
            frame: Frame::new(options),
            outline: Outline::default(),
            rows,
            kind,
            copies: Copies::default(),
            images: Vec::new(),
        })
    }

    /// The image of a layer.
    ///
    /// What lies outside of the image is cut off. Contours must not overlap, or parts of them
    /// count more than once; a pixel is never more than solid.
    pub fn raster(&mut self, layer: &Layer) -> Raster {
        let mut raster = Raster::default();
        self.raster_into(layer, &mut raster);
        raster
    }

    /// As [`Self::raster`], into an image whose memory is used again.
    pub fn raster_into(&mut self, layer: &Layer, raster: &mut Raster) {
        raster.reset(self.frame.size);
        if layer.pieces.len() < 2 || !self.copies.find(layer, &self.frame) {
            return self.draw(&layer.pieces, raster);
        }
        let mut images = std::mem::take(&mut self.images);
        for (number, &first) in self.copies.firsts().to_vec().iter().enumerate() {
            if number == images.len() {
                images.push(Raster::default());
            }
            images[number].reset(self.frame.size);
            self.draw(&layer.pieces[first..=first], &mut images[number]);
        }
        self.copies.put_together(&images, raster);
        self.images = images;
    }

    /// Draws pieces into an image that is empty.
    fn draw(&mut self, pieces: &[Piece], raster: &mut Raster) {
        self.outline.take(pieces, &self.frame, self.rows);
        let rising = self.frame.rising();
        for (first, chains) in self.outline.bands() {
            let rows = [first, (first + self.rows).min(self.frame.size[1])];
            match &mut self.kind {
                Kind::Grey(band) => {
                    cover::add_chains(band, chains, rows, f64::from(rising));
                    band.read_out(first, raster);
                }
                Kind::Centre(crossings) => {
                    crossings.add_chains(chains, rows, i32::from(rising));
                    crossings.read_out(first, raster);
                }
            }
        }
    }
}
