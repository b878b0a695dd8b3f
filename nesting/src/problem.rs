//! What is to be nested, and the answer.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::{BuildVolume, Pose, Way};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::volume::LayerLimits;

/// Copies of one part that are to be nested.
#[derive(Clone, Debug)]
pub struct Item {
    /// The part, for messages.
    pub part: PartId,
    /// Its closed mesh, in the part's frame.
    pub mesh: Arc<TriMesh>,
    /// How many copies, at least 1.
    pub copies: u32,
    /// How it may be turned.
    pub orientation: OrientationPolicy,
    /// Least distance to other parts; between two parts the greater of both holds.
    pub clearance: Mm,
    /// Whether other parts may stand inside its closed cavities.
    pub inside_cavity: bool,
    /// Higher comes first when not all fit.
    pub priority: u32,
}

/// Items and the volume they are nested into; every build has the same volume.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What to nest.
    pub items: Vec<Item>,
    /// Where.
    pub volume: BuildVolume,
    /// Least distance to walls, the top and excluded boxes.
    pub part_wall: Mm,
    /// Distance to the plate: volume mode, at least this; plate mode, exactly this.
    pub part_plate: Mm,
    /// Volume mode: limits on what a layer fuses.
    pub layers: Option<LayerLimits>,
}

/// One filled build volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Placed copies, by item and copy; in the order in which they are drawn out if they must come
    /// apart.
    pub placed: Vec<Placed>,
    /// Top of the highest part over the plate.
    pub height: Mm,
    /// Volume mode: Σ part volume / (plate area × height). Plate mode: Σ silhouette area /
    /// plate area.
    pub density: f64,
}

/// A placed copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Index into [`Problem::items`].
    pub item: usize,
    /// Which copy, below [`Item::copies`].
    pub copy: u32,
    /// From the part's frame to the build's frame.
    pub pose: Pose,
    /// The way it is drawn out, if parts must come apart.
    pub out: Option<Way>,
}

/// Copies that found no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Index into [`Problem::items`].
    pub item: usize,
    /// How many copies: the last ones of the item, so that placed copies are numbered from 0.
    pub copies: u32,
    /// Why.
    pub reason: LeftReason,
}

/// Why copies found no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftReason {
    /// No allowed orientation fits the empty volume.
    TooLarge,
    /// All builds that may be opened are full.
    NoRoom,
    /// The budget ended first.
    BudgetEnded,
}

/// The answer: at most as many layouts as were asked for. Every copy of every item is in
/// exactly one layout or in `left`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nest {
    /// Builds, each valid on its own.
    pub layouts: Vec<Layout>,
    /// What found no place.
    pub left: Vec<Left>,
    /// Search steps done.
    pub iterations: u64,
}
