//! Plate nesting of outlines: parts stand side by side on as few plates as possible.

use serde::{Deserialize, Serialize};

use crate::strip::{PlacedOutline, ring_area};

/// Outlines and the plates they may stand on. Lengths in mm, angles in degrees counter-clockwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlateProblem {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Kinds of plates.
    pub plates: Vec<PlateType>,
    /// What stands on them.
    pub parts: Vec<PlatePart>,
    /// Least distance of two parts.
    #[serde(default)]
    pub gap: f64,
    /// What is sought.
    #[serde(default)]
    pub goal: Goal,
    /// How the plates are filled once there are as few as were found.
    #[serde(default)]
    pub fill: Fill,
    /// Set if parts are printed one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequential: Option<Sequential>,
    /// Plates with parts that stay where they are; every layout begins with these, in this order.
    /// Their parts count among the copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub begun: Vec<FilledPlate>,
}

/// A kind of plate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlateType {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Where parts may stand.
    pub bed: Bed,
    /// Least distance of parts to the edge of the bed.
    #[serde(default)]
    pub edge_gap: f64,
    /// Where no part may stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
    /// How many there are; any number if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u32>,
    /// Cost of one.
    #[serde(default = "one")]
    pub cost: f64,
}

/// The surface of a plate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bed {
    /// A rectangle from the origin to this corner.
    Rectangle([f64; 2]),
    /// A circle.
    Circle {
        /// Its centre.
        centre: [f64; 2],
        /// Its radius.
        radius: f64,
    },
    /// A simple polygon, either way around.
    Polygon(Vec<[f64; 2]>),
}

/// An excluded zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// A simple polygon, either way around.
    pub outline: Vec<[f64; 2]>,
    /// Least distance of parts to it.
    #[serde(default)]
    pub gap: f64,
    /// Parts no higher than this may stand there all the same; none may if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
}

impl Zone {
    /// Whether a part of a height must keep off it.
    pub fn blocks(&self, height: f64) -> bool {
        self.above.is_none_or(|above| height > above)
    }
}

/// Copies of one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatePart {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Corners of its outline in order, either way around; a simple polygon.
    pub outline: Vec<[f64; 2]>,
    /// Holes in it, simple polygons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<[f64; 2]>>,
    /// Whether smaller parts may stand in its holes.
    #[serde(default)]
    pub host: bool,
    /// How many copies, at least 1.
    #[serde(default = "one_copy")]
    pub copies: u32,
    /// Allowed turns; any will do if this is missing. Parts are never mirrored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns: Option<Vec<f64>>,
    /// What surrounds the part on the plate, as brim or support: it counts as part of the part.
    #[serde(default)]
    pub margin: f64,
    /// Height, for sequential printing.
    #[serde(default)]
    pub height: f64,
    /// Parts of one group stand on one plate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// Left out if it finds no room without another plate.
    #[serde(default)]
    pub optional: bool,
    /// What a copy is worth; its area if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Higher comes first when not all fit.
    #[serde(default)]
    pub priority: u32,
}

/// What is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// All required parts on the cheapest plates; optional ones where there is room left.
    #[default]
    Plates,
    /// Required parts first, then the most value, on all plates in stock.
    Value,
}

/// How plates are filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// As the search left them.
    #[default]
    Any,
    /// All about equally full.
    Even,
    /// The last one as little as possible, so that it can take more.
    LastLeast,
}

/// Parts printed one after the other. A head in the shape of an upright cylinder around the
/// nozzle carries a gantry across the whole plate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequential {
    /// Radius of the head: least distance of any two parts.
    pub head_radius: f64,
    /// Height of the gantry over the nozzle's tip: only the part printed last may be higher.
    pub gantry_height: f64,
}

/// Parts on their plates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlateLayout {
    /// The plates that are used.
    pub plates: Vec<FilledPlate>,
    /// What stands nowhere: part and number of copies, by part.
    #[serde(default)]
    pub left: Vec<(usize, u32)>,
}

/// A plate and what stands on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FilledPlate {
    /// Index into [`PlateProblem::plates`].
    pub plate: usize,
    /// Its parts (`item` is an index into [`PlateProblem::parts`]), in the order in which they are
    /// printed if that matters.
    pub placed: Vec<PlacedOutline>,
}

fn one() -> f64 {
    1.0
}

fn one_copy() -> u32 {
    1
}

impl Default for PlateType {
    fn default() -> Self {
        Self {
            name: String::new(),
            bed: Bed::Rectangle([0.0; 2]),
            edge_gap: 0.0,
            zones: Vec::new(),
            stock: None,
            cost: 1.0,
        }
    }
}

impl Default for PlatePart {
    fn default() -> Self {
        Self {
            name: String::new(),
            outline: Vec::new(),
            holes: Vec::new(),
            host: false,
            copies: 1,
            turns: None,
            margin: 0.0,
            height: 0.0,
            group: None,
            optional: false,
            value: None,
            priority: 0,
        }
    }
}

impl PlateProblem {
    /// Distance that any two parts keep, margins apart: the gap, or what the head needs.
    pub fn least_gap(&self) -> f64 {
        self.gap.max(self.sequential.map_or(0.0, |sequential| sequential.head_radius))
    }

    /// Distance that two parts keep, their margins included.
    pub fn gap_between(&self, a: usize, b: usize) -> f64 {
        self.least_gap() + self.parts[a].margin + self.parts[b].margin
    }

    /// Number of copies of all parts.
    pub fn copies(&self) -> usize {
        self.parts.iter().map(|part| part.copies as usize).sum()
    }
}

impl PlateLayout {
    /// Cost of all plates.
    pub fn cost(&self, problem: &PlateProblem) -> f64 {
        self.plates.iter().map(|filled| problem.plates[filled.plate].cost).sum()
    }

    /// Number of placed parts.
    pub fn placed(&self) -> usize {
        self.plates.iter().map(|filled| filled.placed.len()).sum()
    }
}

impl PlatePart {
    /// Area of its outline less its holes.
    pub fn area(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(|hole| ring_area(hole).abs()).sum();
        ring_area(&self.outline).abs() - holes
    }

    /// What one copy is worth.
    pub fn worth(&self) -> f64 {
        self.value.unwrap_or_else(|| self.area())
    }
}

impl Bed {
    /// Area of the whole bed.
    pub fn area(&self) -> f64 {
        match self {
            Self::Rectangle([width, depth]) => width * depth,
            Self::Circle { radius, .. } => std::f64::consts::PI * radius * radius,
            Self::Polygon(ring) => ring_area(ring).abs(),
        }
    }
}
