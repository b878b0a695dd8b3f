//! The layers of a build, one at a time.

use std::sync::Arc;

use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::stage::LayerFacts;

use crate::build::Shape;
use crate::planes::Planes;
use crate::region::{GridPoint, Region, doubled_area, from_grid};

/// What is known of a build before its first layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Heights of the layers.
    pub planes: Planes,
    /// Box of the parts in the frame of the build, mm.
    pub bounds: BoxMm,
    /// The parts, in the order of the placements that are sliced.
    pub parts: Vec<StackPart>,
    /// The distinct bodies: placements that differ by a move alone share one.
    pub bodies: Vec<StackBody>,
}

/// A distinct body of a build.
#[derive(Clone, Debug)]
pub struct StackBody {
    /// Its shape, in the shape's own frame.
    pub shape: Shape,
    /// From the shape's frame to that of the body, whose plate is the bottom of its first layer
    /// and whose origin a part's [`StackPart::shift`] moves.
    pub pose: Pose,
    /// Heights of its layers over its own plate.
    pub planes: Planes,
}

impl PartialEq for StackBody {
    /// Whether both are the same mesh (one allocation) in the same place.
    fn eq(&self, other: &Self) -> bool {
        self.shape.is(&other.shape) && (self.pose, &self.planes) == (other.pose, &other.planes)
    }
}

/// A part of a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StackPart {
    /// The body it is a moved copy of.
    pub body: u32,
    /// Layer of the build that the body's first layer is.
    pub first_layer: u32,
    /// Move of the body in the plane, in steps of the grid.
    pub shift: GridPoint,
}

/// One layer of a build.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Number from the plate up, from 0.
    pub index: u32,
    /// Bottom of the layer over the plate, mm.
    pub bottom_mm: f64,
    /// Top of the layer over the plate, mm.
    pub top_mm: f64,
    /// Height it was cut at, mm.
    pub cut_mm: f64,
    /// What each part has in this layer; parts without solid are left out.
    pub pieces: Vec<Piece>,
    /// Exact facts: those of the contours before these were simplified.
    pub facts: LayerFacts,
}

impl Layer {
    /// Thickness, mm.
    pub fn thickness(&self) -> f64 {
        self.top_mm - self.bottom_mm
    }

    /// All contours in the frame of the build, part after part.
    pub fn contours(&self) -> impl Iterator<Item = Contour<'_>> {
        self.pieces.iter().flat_map(|piece| {
            let Piece { part, shift, .. } = *piece;
            piece.region.rings().map(move |ring| Contour { part, shift, ring })
        })
    }
}

/// The solid of one part in one layer. Copies of a part share their region.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Index of the part in the [`Stack`].
    pub part: u32,
    /// Move into the frame of the build, in steps of the grid.
    pub shift: GridPoint,
    /// Rings before the move.
    pub region: Arc<Region>,
}

/// A closed contour in the frame of the build: counter-clockwise around solid, clockwise around
/// a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contour<'a> {
    /// Index of the part in the [`Stack`].
    pub part: u32,
    /// Move into the frame of the build, in steps of the grid.
    pub shift: GridPoint,
    /// Points before the move; the last is joined to the first.
    pub ring: &'a [GridPoint],
}

impl<'a> Contour<'a> {
    /// Points in the frame of the build, in steps of the grid.
    pub fn grid_points(self) -> impl ExactSizeIterator<Item = GridPoint> + Clone + 'a {
        let [dx, dy] = self.shift;
        self.ring.iter().map(move |[x, y]| [x + dx, y + dy])
    }

    /// Points in the frame of the build, mm.
    pub fn points(self) -> impl ExactSizeIterator<Item = [f64; 2]> + Clone + 'a {
        self.grid_points().map(from_grid)
    }

    /// Whether the contour goes around a hole.
    pub fn is_hole(self) -> bool {
        doubled_area(self.ring) < 0.0
    }
}
