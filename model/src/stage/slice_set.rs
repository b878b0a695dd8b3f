//! Stage 7: the layers.

use serde::{Deserialize, Serialize};

use crate::id::BuildId;
use crate::measure::{Grams, Seconds};

/// Stage 7: layers per build with their exact areas.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SliceSet {
    /// One entry a scheduled build, sorted by build.
    pub builds: Vec<BuildSlices>,
}

/// The layers of a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildSlices {
    /// The build.
    pub build: BuildId,
    /// Layers from the plate up; layer `i` is cut at its middle.
    pub layers: Vec<LayerFacts>,
    /// Layer file below the run's `70_slices` folder.
    pub file: String,
    /// SHA-256 of that file, hex.
    pub sha256: String,
    /// Print time, from the layers' own areas and perimeters.
    pub print_time: Seconds,
    /// Feedstock in the parts.
    pub material: Grams,
    /// Contours that had to be closed by a synthetic segment.
    pub open_contours: u32,
}

/// Facts of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerFacts {
    /// Top of the layer over the plate, mm.
    pub top_mm: f64,
    /// Area of the solid, mm².
    pub area_mm2: f64,
    /// Length of all contours, mm.
    pub perimeter_mm: f64,
    /// Number of closed contours.
    pub contours: u32,
}
