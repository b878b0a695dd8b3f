//! How layers are turned into images.

use platewright_model::exposure::LayerExposure;
use platewright_model::machine::Machine;
use platewright_model::pixels::PITCH_MM;
pub use platewright_model::pixels::PIXELS_MAX;

use crate::error::SliceError;

/// What a pixel tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shade {
    /// Which share of its area is solid, from 0 to 255, rounded to the nearest, halves up.
    #[default]
    Grey,
    /// Whether its centre is in solid: 0 or 255.
    Centre,
}

/// How long layers are exposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposure {
    /// Time for a layer, s.
    pub layer_s: f64,
    /// Time for the first layer, s.
    pub first_s: f64,
    /// Layers over which the time falls from that of the first.
    pub fading_layers: u32,
}

impl Default for Exposure {
    /// Times for common resins under an LCD.
    fn default() -> Self {
        Self { layer_s: 10.0, first_s: 15.0, fading_layers: 10 }
    }
}

/// The image that a machine exposes or jets.
///
/// Seen from above the plate, the image's rows run along x, and its first row is the one of the
/// greatest y. Pixels are half open, so that those of neighbouring parts add up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasterOptions {
    /// Size of a pixel in x and y, mm.
    pub pitch_mm: [f64; 2],
    /// Number of pixels in x and y, up to [`PIXELS_MAX`].
    pub size: [u32; 2],
    /// The corner of the image of least x and y, in the frame of the build, mm.
    pub origin_mm: [f64; 2],
    /// Whether the image is turned over in x, in y.
    pub mirrored: [bool; 2],
    /// What a pixel tells.
    pub shade: Shade,
    /// For the files that tell the machine so.
    pub exposure: Exposure,
}

impl RasterOptions {
    /// Images of so many pixels of that size, grey.
    pub fn new(pitch_mm: [f64; 2], size: [u32; 2]) -> Self {
        Self {
            pitch_mm,
            size,
            origin_mm: [0.0; 2],
            mirrored: [false; 2],
            shade: Shade::default(),
            exposure: Exposure::default(),
        }
    }

    /// The images of a machine, if it has pixels; exposed as long as it says, if it says so.
    pub fn of_machine(machine: &Machine) -> Option<Self> {
        let grid = machine.pixels?;
        let exposure = match machine.exposure.as_ref().map(|model| model.layers) {
            Some(LayerExposure::Resin(resin)) => Exposure {
                layer_s: resin.exposure_s,
                first_s: resin.bottom_exposure_s,
                fading_layers: resin.bottom_layers as u32,
            },
            _ => Exposure::default(),
        };
        Some(Self {
            origin_mm: grid.origin_mm,
            mirrored: grid.mirrored,
            shade: if grid.grey { Shade::Grey } else { Shade::Centre },
            exposure,
            ..Self::new(grid.pitch_mm, grid.size)
        })
    }

    /// Refuses what makes no image.
    ///
    /// # Errors
    /// A number that is none or out of its range.
    pub fn check(&self) -> Result<(), SliceError> {
        let refuse = |what: String| Err(SliceError::RasterOptions { what });
        for (k, axis) in ["x", "y"].into_iter().enumerate() {
            let (pitch, size) = (self.pitch_mm[k], self.size[k]);
            if !(PITCH_MM[0]..=PITCH_MM[1]).contains(&pitch) {
                return refuse(format!("pixels of {pitch} mm in {axis} are not 0.0001 to 100 mm"));
            }
            if !(1..=PIXELS_MAX).contains(&size) {
                return refuse(format!("{size} pixels in {axis} are not 1 to {PIXELS_MAX}"));
            }
            if !self.origin_mm[k].is_finite() {
                return refuse(format!("the origin in {axis} is no number"));
            }
        }
        let Exposure { layer_s, first_s, .. } = self.exposure;
        if ![layer_s, first_s].iter().all(|s| s.is_finite() && *s >= 0.0) {
            return refuse(format!("exposure times of {layer_s} s and {first_s} s make no sense"));
        }
        Ok(())
    }

    /// Area of a pixel, mm².
    pub fn pixel_area(&self) -> f64 {
        self.pitch_mm[0] * self.pitch_mm[1]
    }
}
