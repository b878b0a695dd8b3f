//! The layers of a build.

use std::sync::Arc;

use platewright_model::stage::LayerFacts;

/// All layers of a build, from the plate up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildLayers {
    /// Layers; layer `i` is cut at `(i + 0.5) ×` the layer thickness.
    pub layers: Vec<Layer>,
    /// Contours that had to be closed by a synthetic segment.
    pub open_contours: u32,
    /// How many meshes were sliced; the other placements are moved copies of these.
    pub sliced: u32,
}

impl BuildLayers {
    /// Facts of all layers.
    pub fn facts(&self) -> Vec<LayerFacts> {
        self.layers.iter().map(|layer| layer.facts).collect()
    }
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Top of the layer over the plate, mm.
    pub top_mm: f64,
    /// Height it was cut at, mm.
    pub cut_mm: f64,
    /// Contours in the frame of the build, part after part.
    pub contours: Vec<Contour>,
    /// Exact facts; they are those of the contours before these were simplified.
    pub facts: LayerFacts,
}

/// A closed contour: counter-clockwise around solid, clockwise around a hole.
///
/// Copies of a part share their points, so that a build costs the memory of its distinct parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// Points before the move, mm; the last is joined to the first.
    pub ring: Arc<[[f64; 2]]>,
    /// Move into the frame of the build, mm.
    pub shift: [f64; 2],
    /// Which part it is of: index into the placements that were sliced.
    pub part: u32,
}

impl Contour {
    /// Points in the frame of the build, mm.
    pub fn points(&self) -> impl ExactSizeIterator<Item = [f64; 2]> + '_ {
        self.ring.iter().map(|p| [p[0] + self.shift[0], p[1] + self.shift[1]])
    }

    /// Whether the contour goes around a hole.
    pub fn is_hole(&self) -> bool {
        platewright_mesh::ring_area(&self.ring) < 0.0
    }
}
