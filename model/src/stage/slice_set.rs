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
    /// Figures of each layer over the one below, where the machine's time depends on them; else
    /// empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<LayerFigures>,
    /// Print time from the layers: layer by layer where the machine says how it makes them, else
    /// by its linear model with the layers' own areas and perimeters.
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

/// Figures of one layer over the layer below it, summed over the bodies of the build; each body
/// is compared with itself only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerFigures {
    /// Pieces of solid without common area with the layer below.
    pub islands: u32,
    /// Area of these, mm².
    pub island_mm2: f64,
    /// Area beyond what the layer below carries, islands included, mm²; `None` where no greatest
    /// angle was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overhang_mm2: Option<f64>,
    /// Area that is in one of the two layers and not in the other, mm².
    pub changed_mm2: f64,
}
