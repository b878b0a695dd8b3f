//! What a process can print.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::material::{NestingMode, ProcessCategory};

/// What a process can print of a part's shape.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintLimits {
    /// Thinnest wall, mm.
    pub wall_mm: f64,
    /// Thinnest pin or rib, mm.
    pub feature_mm: f64,
    /// Surfaces that face down and rise less steeply than this above the horizontal need
    /// support, degrees; 0 where nothing does.
    pub overhang_degrees: f64,
    /// Whether powder or resin stays in closed cavities.
    pub fills_cavities: bool,
}

impl PrintLimits {
    /// Usual figures of a category, for catalogues that give none. They follow the design
    /// guides that print services publish; a process of its own should give its own.
    pub fn usual(category: ProcessCategory, nesting: NestingMode) -> Self {
        let (wall_mm, feature_mm, overhang_degrees) = match (category, nesting) {
            (ProcessCategory::Mex, _) => (0.8, 1.0, 45.0),
            (ProcessCategory::Vpp, _) => (0.4, 0.4, 30.0),
            (ProcessCategory::Mjt, _) => (0.6, 0.5, 0.0),
            (ProcessCategory::Pbf, NestingMode::Volume) => (0.7, 0.8, 0.0),
            (ProcessCategory::Pbf, NestingMode::Plate) => (0.4, 0.5, 45.0),
            (ProcessCategory::Bjt, _) => (1.0, 1.0, 0.0),
            (ProcessCategory::Shl, _) => (1.0, 1.0, 0.0),
            (ProcessCategory::Ded, _) => (2.0, 3.0, 60.0),
        };
        let fills_cavities =
            matches!(category, ProcessCategory::Pbf | ProcessCategory::Bjt | ProcessCategory::Vpp);
        Self { wall_mm, feature_mm, overhang_degrees, fills_cavities }
    }
}
