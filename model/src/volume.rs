//! Volume nesting of solids: parts stand anywhere in as few or as low builds as possible.

use serde::{Deserialize, Serialize};

use crate::geometry::{BoxMm, Pose};

/// Solids and the volumes they are built in. Lengths in mm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeProblem {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Kinds of build volumes.
    pub volumes: Vec<VolumeType>,
    /// What is built.
    pub parts: Vec<VolumePart>,
    /// Least distance of two parts.
    #[serde(default)]
    pub clearance: f64,
    /// What is sought.
    #[serde(default)]
    pub goal: VolumeGoal,
    /// Whether all parts of a build must come apart: each in its turn can be drawn out along a
    /// straight line.
    #[serde(default)]
    pub removable: bool,
    /// Whether layers should fuse about the same area, among builds of equal height; on voxels.
    #[serde(default)]
    pub balanced: bool,
    /// Builds with parts that stay where they are; every layout begins with these, in this order.
    /// Their parts count among the copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub begun: Vec<FilledVolume>,
}

/// A kind of build volume. Its frame begins at the least corner of its box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeType {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Where parts may be.
    pub space: Space,
    /// Least distance to walls, top, plate and excluded boxes.
    #[serde(default)]
    pub wall: f64,
    /// Boxes that no part may enter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<BoxMm>,
    /// How many there are; any number if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u32>,
    /// Cost of one build.
    #[serde(default = "one")]
    pub cost: f64,
    /// Limits on what a layer fuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<LayerLimits>,
}

/// The inside of a build volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// A box from the origin to this corner.
    Box([f64; 3]),
    /// A box of this width and depth, as high as needed.
    Open([f64; 2]),
    /// An upright cylinder in the box from the origin.
    Cylinder {
        /// Its radius.
        radius: f64,
        /// Its height.
        height: f64,
    },
    /// The inside of a closed mesh, a path from where the problem is.
    Mesh(String),
}

/// Limits on the area that is fused at a time, for heat.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerLimits {
    /// Height of a layer.
    pub height: f64,
    /// Greatest area of all parts in a layer, mm².
    pub area: f64,
    /// Greatest change of that area from a layer to the next, mm²; any if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<f64>,
}

/// Copies of one solid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumePart {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Its closed mesh, a path from where the problem is.
    pub mesh: String,
    /// How many copies, at least 1.
    #[serde(default = "one_copy")]
    pub copies: u32,
    /// Allowed rotations.
    #[serde(default)]
    pub turns: Turns,
    /// Least distance to other parts; the greatest of both parts' and the problem's holds.
    #[serde(default)]
    pub clearance: f64,
    /// Whether other parts may stand in its closed cavities.
    #[serde(default)]
    pub inside_cavity: bool,
    /// Parts of one group stand in one build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// Left out if it finds no room without another build.
    #[serde(default)]
    pub optional: bool,
    /// What a copy is worth; its volume if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Higher comes first when not all fit.
    #[serde(default)]
    pub priority: u32,
}

/// Allowed rotations of a part. Parts are never mirrored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turns {
    /// As it is drawn.
    Fixed,
    /// About z, in so many equal steps.
    Upright(u32),
    /// The 24 that map the axes on to themselves.
    #[default]
    Cube,
    /// These, by rows.
    List(Vec<[[f64; 3]; 3]>),
    /// Any.
    Free,
}

/// What is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeGoal {
    /// All required parts in the cheapest builds, then low ones; optional parts where there is room
    /// left.
    #[default]
    Builds,
    /// Required parts first, then the most value, in all volumes in stock.
    Value,
}

/// Parts in their builds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VolumeLayout {
    /// The builds.
    pub builds: Vec<FilledVolume>,
    /// What stands nowhere: part and number of copies, by part.
    #[serde(default)]
    pub left: Vec<(usize, u32)>,
}

/// A build and what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FilledVolume {
    /// Index into [`VolumeProblem::volumes`].
    pub volume: usize,
    /// Its parts, in the order in which they are drawn out if they must come apart.
    pub placed: Vec<PlacedSolid>,
}

/// A copy in its place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedSolid {
    /// Index into [`VolumeProblem::parts`].
    pub part: usize,
    /// From the frame of its mesh to that of the build.
    pub pose: Pose,
    /// The way it is drawn out, if parts must come apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<[f64; 3]>,
}

impl Default for VolumeType {
    /// A box without room, any number of them, for a cost of 1.
    fn default() -> Self {
        Self {
            name: String::new(),
            space: Space::Box([0.0; 3]),
            wall: 0.0,
            excluded: Vec::new(),
            stock: None,
            cost: one(),
            layers: None,
        }
    }
}

impl Default for VolumePart {
    /// One copy of a mesh without a path.
    fn default() -> Self {
        Self {
            name: String::new(),
            mesh: String::new(),
            copies: one_copy(),
            turns: Turns::default(),
            clearance: 0.0,
            inside_cavity: false,
            group: None,
            optional: false,
            value: None,
            priority: 0,
        }
    }
}

fn one() -> f64 {
    1.0
}

fn one_copy() -> u32 {
    1
}
