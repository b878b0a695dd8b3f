//! A PNG for each layer and a manifest, in a ZIP.
//!
//! `layers/00000.png` is the first layer over the plate. Grey images have 8 bits a pixel, those
//! of pixel centres 1. `manifest.json` comes last and tells the rest; lengths are mm, times s.
//! The schema is `platewright/png-stack/1`.

use serde::Serialize;

use super::images::{Archive, Images, raster_options};
use super::{FormatOptions, LayerFormat, LayerWriter, Output};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};
use crate::raster::{Depth, Shade};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "png", ending: "zip", about: "PNG for each layer, in a ZIP", open };

const SCHEMA: &str = "platewright/png-stack/1";

/// `manifest.json`.
#[derive(Serialize)]
struct Manifest {
    schema: &'static str,
    name: String,
    /// Pixels in x and y.
    size: [u32; 2],
    pitch_mm: [f64; 2],
    /// The corner of the image of least x and y in the frame of the build.
    origin_mm: [f64; 2],
    mirrored: [bool; 2],
    bits: u8,
    exposure_s: f64,
    first_exposure_s: f64,
    fading_layers: u32,
    layers: Vec<ManifestLayer>,
}

#[derive(Serialize)]
struct ManifestLayer {
    file: String,
    bottom_mm: f64,
    top_mm: f64,
    /// Area of the contours.
    area_mm2: f64,
}

struct Writer {
    images: Images,
    archive: Archive,
    manifest: Manifest,
}

fn open(
    out: Box<dyn Output>,
    _: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let raster = raster_options(options)?;
    let (depth, bits) = match raster.shade {
        Shade::Grey => (Depth::Eight, 8),
        Shade::Centre => (Depth::One, 1),
    };
    let manifest = Manifest {
        schema: SCHEMA,
        name: options.name.clone(),
        size: raster.size,
        pitch_mm: raster.pitch_mm,
        origin_mm: raster.origin_mm,
        mirrored: raster.mirrored,
        bits,
        exposure_s: raster.exposure.layer_s,
        first_exposure_s: raster.exposure.first_s,
        fading_layers: raster.exposure.fading_layers,
        layers: Vec::new(),
    };
    let images = Images::new(&raster, depth)?;
    Ok(Box::new(Writer { images, archive: Archive::new(out), manifest }))
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        self.images.encode(layer)
    }

    fn append(&mut self, layer: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        let file = format!("layers/{:05}.png", layer.index);
        self.archive.add_packed(&file, encoded)?;
        let (bottom_mm, top_mm, area_mm2) = (layer.bottom_mm, layer.top_mm, layer.facts.area_mm2);
        self.manifest.layers.push(ManifestLayer { file, bottom_mm, top_mm, area_mm2 });
        Ok(())
    }

    fn take_back(&self, encoded: Vec<u8>) {
        self.images.take_back(encoded);
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        let manifest = serde_json::to_string_pretty(&self.manifest)
            .map_err(|e| SliceError::RasterOptions { what: e.to_string() })?;
        self.archive.add_text("manifest.json", &manifest)?;
        self.archive.finish()
    }
}
