//! The pixels of a machine that projects or jets images of layers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most pixels of an image along one side.
pub const PIXELS_MAX: u32 = 65_535;
/// Least and greatest pitch of pixels, mm.
pub const PITCH_MM: [f64; 2] = [1e-4, 100.0];

/// The image that a machine exposes or jets at once, and where it lies over the plate.
///
/// Seen from above the plate, the image's rows run along x, and its first row is the one of the
/// greatest y.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PixelGrid {
    /// Number of pixels in x and y, each up to 65 535.
    pub size: [u32; 2],
    /// Size of a pixel in x and y, mm.
    pub pitch_mm: [f64; 2],
    /// The corner of the image of least x and y, in the frame of the build volume, mm.
    #[serde(default)]
    pub origin_mm: [f64; 2],
    /// Whether the image is turned over in x, in y.
    #[serde(default)]
    pub mirrored: [bool; 2],
    /// Whether the machine takes greys: the share of each pixel that is solid. Otherwise a pixel
    /// is solid or empty, as its centre is.
    #[serde(default = "yes")]
    pub grey: bool,
}

fn yes() -> bool {
    true
}
