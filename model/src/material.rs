//! Materials, processes (ISO/ASTM 52900) and treatments after printing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{MaterialId, ParameterSetId, PostProcessId, ProcessId};
use crate::measure::{Mm, Money, Seconds};
use crate::order::{OrientationPolicy, QualityClass};
use crate::print_limits::PrintLimits;
use crate::volume::LayerLimits;

/// A feedstock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// Its id.
    pub id: MaterialId,
    /// Name for people.
    pub name: String,
    /// Density of the printed solid, g/cm³.
    pub density_g_cm3: f64,
    /// Price of a kilogram.
    pub price_per_kg: Money,
    /// Powder only: share (0–1) of the unfused powder in a build that must be replaced by new.
    pub refresh_loss: f64,
    /// Powder only: density of the unfused bed, g/cm³; 0 for other feedstock.
    pub bed_density_g_cm3: f64,
}

/// Process categories of ISO/ASTM 52900.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ProcessCategory {
    /// Binder jetting.
    Bjt,
    /// Directed energy deposition.
    Ded,
    /// Material extrusion.
    Mex,
    /// Material jetting.
    Mjt,
    /// Powder bed fusion.
    Pbf,
    /// Sheet lamination.
    Shl,
    /// Vat photopolymerisation.
    Vpp,
}

/// How parts share a build volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NestingMode {
    /// Powder carries the parts: they are stacked in all three directions.
    Volume,
    /// Parts stand on the plate side by side.
    Plate,
}

/// A process with its rules for nesting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Its id.
    pub id: ProcessId,
    /// Name for people, such as `PBF-LB/P, laser sintering`.
    pub name: String,
    /// Category of ISO/ASTM 52900.
    pub category: ProcessCategory,
    /// How parts share a build volume.
    pub nesting: NestingMode,
    /// Least distance between two parts.
    pub part_part: Mm,
    /// Least distance of a part to walls and excluded regions.
    pub part_wall: Mm,
    /// Distance of a part to the plate: volume mode, at least this; plate mode, exactly this
    /// (support height).
    pub part_plate: Mm,
    /// Turns the process allows at most; a line may ask for less.
    pub orientation: OrientationPolicy,
    /// Share (0–1] of a part's volume that is filled with material (infill of extrusion).
    pub solid_fraction: f64,
    /// What it can print of a part's shape.
    pub limits: PrintLimits,
    /// Limits on the area that a layer fuses, if there are any: only where parts are stacked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer_area: Option<LayerArea>,
    /// Materials it takes.
    pub materials: Vec<MaterialId>,
    /// Parameter sets, one for each quality class it offers.
    pub parameter_sets: Vec<ParameterSet>,
}

/// Limits on the area of all parts of a build in one layer, for heat.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerArea {
    /// Greatest area, mm².
    pub most_mm2: f64,
    /// Greatest change from a layer to the next, mm²; any if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_mm2: Option<f64>,
}

impl Process {
    /// Limits on layers of a thickness, as nesting takes them.
    pub fn layer_limits(&self, layer: Mm) -> Option<LayerLimits> {
        let LayerArea { most_mm2, change_mm2 } = self.layer_area?;
        Some(LayerLimits { height: layer.0, area: most_mm2, change: change_mm2 })
    }

    /// The parameter set for a quality class, if the process offers it.
    pub fn parameter_set(&self, quality: QualityClass) -> Option<&ParameterSet> {
        self.parameter_sets.iter().find(|set| set.quality == quality)
    }
}

/// Parameters of a process for one quality class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterSet {
    /// Its id.
    pub id: ParameterSetId,
    /// The quality class it serves.
    pub quality: QualityClass,
    /// Layer thickness.
    pub layer: Mm,
}

/// A treatment after printing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostProcess {
    /// Its id.
    pub id: PostProcessId,
    /// Name for people.
    pub name: String,
    /// How long it keeps an order at the centre.
    pub duration: Seconds,
}
