//! SL1, the archive of Prusa's resin printers, which many programs read and convert.
//!
//! A ZIP of `config.ini` (what the printer reads), `prusaslicer.ini` (what is needed to read the
//! layers back in), the layers as grey PNG with 8 bits, `NAME00000.png` first over the plate, and
//! two pictures of the build, grey where PrusaSlicer's are in colour. The keys and names are those
//! of PrusaSlicer 2.5. Layers have one thickness.

use std::fmt::Write;

use super::images::{Archive, Images, raster_options};
use super::thumbnail::View;
use super::{FormatOptions, LayerFormat, LayerWriter, Output};
use crate::error::SliceError;
use crate::layers::{Layer, Stack};
use crate::planes::Planes;
use crate::raster::{Depth, RasterOptions};

pub(crate) const FORMAT: LayerFormat = LayerFormat {
    name: "sl1",
    ending: "sl1",
    about: "SL1 archive of PNG layers, for resin printers",
    open,
};

/// A change of the plate between two layers, s, for the time told: the tilt of the vat and back.
const CHANGE_S: f64 = 5.0;

struct Writer {
    images: Images,
    view: View,
    archive: Archive,
    name: String,
    layer_mm: f64,
    height_mm: f64,
    layers: u32,
    volume_mm3: f64,
}

fn open(
    out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let raster = raster_options(options)?;
    let Planes::Uniform { layer, count } = stack.planes else {
        let what = "SL1 holds layers of one thickness; use png".to_owned();
        return Err(SliceError::RasterOptions { what });
    };
    Ok(Box::new(Writer {
        images: Images::new(&raster, Depth::Eight)?,
        view: View::new(stack, layer),
        archive: Archive::new(out),
        name: job_name(&options.name),
        layer_mm: layer,
        height_mm: f64::from(count) * layer,
        layers: 0,
        volume_mm3: 0.0,
    }))
}

/// A name that can be that of a folder and of files: letters, digits, dash and underscore. Digits
/// at its end would run into the number of the layer.
fn job_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let mut job: String = name.chars().map(plain).take(100).collect();
    if job.is_empty() {
        job.push_str("job");
    }
    if job.ends_with(|c: char| c.is_ascii_digit()) {
        job.push('_');
    }
    job
}

impl Writer {
    fn print_time(&self) -> f64 {
        let exposure = &self.images.options.exposure;
        let layers = f64::from(self.layers);
        let fading = f64::from(exposure.fading_layers.min(self.layers));
        // The time falls evenly: half the difference on an average.
        let more = 0.5 * (exposure.first_s - exposure.layer_s) * (fading + 1.0);
        (layers * (exposure.layer_s + CHANGE_S) + more).max(0.0)
    }

    fn config(&self) -> String {
        let exposure = &self.images.options.exposure;
        let mut text = String::new();
        let mut put = |key: &str, value: &dyn std::fmt::Display| {
            let _ = writeln!(text, "{key} = {value}");
        };
        put("action", &"print");
        put("expTime", &exposure.layer_s);
        put("expTimeFirst", &exposure.first_s);
        put("expUserProfile", &0);
        // The same build gives the same bytes: the time of a ZIP that has none.
        put("fileCreationTimestamp", &"1980-01-01 at 00:00:00 UTC");
        put("hollow", &0);
        put("jobDir", &self.name);
        put("layerHeight", &self.layer_mm);
        put("materialName", &"");
        put("numFade", &exposure.fading_layers);
        put("numFast", &self.layers);
        put("numSlow", &0);
        put("printProfile", &"");
        put("printTime", &self.print_time());
        put("printerModel", &"SL1");
        put("printerProfile", &"");
        put("printerVariant", &"default");
        put("prusaSlicerVersion", &concat!("Platewright-", env!("CARGO_PKG_VERSION")));
        put("usedMaterial", &format_args!("{:.6}", self.volume_mm3 / 1000.0));
        text
    }

    /// Settings from which a reader learns where the pixels lie.
    fn settings(&self) -> String {
        let RasterOptions { pitch_mm, size, mirrored, exposure, .. } = &self.images.options;
        let [width, depth] = [0, 1].map(|k| f64::from(size[k]) * pitch_mm[k]);
        let mut text = String::new();
        let mut put = |key: &str, value: &dyn std::fmt::Display| {
            let _ = writeln!(text, "{key} = {value}");
        };
        put("absolute_correction", &0);
        put("bed_shape", &format_args!("0x0,{width}x0,{width}x{depth},0x{depth}"));
        put("display_height", &depth);
        put("display_mirror_x", &u8::from(mirrored[0]));
        put("display_mirror_y", &u8::from(mirrored[1]));
        put("display_orientation", &"landscape");
        put("display_pixels_x", &size[0]);
        put("display_pixels_y", &size[1]);
        put("display_width", &width);
        put("exposure_time", &exposure.layer_s);
        put("faded_layers", &exposure.fading_layers);
        put("gamma_correction", &1);
        put("initial_exposure_time", &exposure.first_s);
        put("initial_layer_height", &self.layer_mm);
        put("layer_height", &self.layer_mm);
        put("max_print_height", &self.height_mm);
        put("pad_enable", &0);
        put("printer_technology", &"SLA");
        put("supports_enable", &0);
        text
    }
}

impl LayerWriter for Writer {
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        self.view.add(layer);
        self.images.encode(layer)
    }

    fn append(&mut self, layer: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        self.layers += 1;
        self.volume_mm3 += layer.facts.area_mm2 * layer.thickness();
        self.archive.add_packed(&format!("{}{:05}.png", self.name, layer.index), encoded)
    }

    fn take_back(&self, encoded: Vec<u8>) {
        self.images.take_back(encoded);
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        let (config, settings) = (self.config(), self.settings());
        self.archive.add_text("config.ini", &config)?;
        self.archive.add_text("prusaslicer.ini", &settings)?;
        for (name, picture) in self.view.pictures()? {
            self.archive.add_packed(&name, &picture)?;
        }
        self.archive.finish()
    }
}
