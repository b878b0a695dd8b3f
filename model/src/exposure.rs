//! How a machine makes a layer: the constants that its print time follows from, layer by layer.
//!
//! `slicer` computes seconds from them. A machine's [`crate::machine::TimeModel`] is what a plan
//! is priced by; it is derived from these constants or fitted to the jobs a centre has posted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a machine makes its layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposureModel {
    /// Where the constants come from, for people: data sheet, job file, fit of so many jobs.
    pub source: String,
    /// Warm-up and everything else that does not depend on the build, s.
    #[serde(default)]
    pub fixed_s: f64,
    /// What happens in a layer.
    pub layers: LayerExposure,
    /// Share (0 to 0.3) by which parts shrink along x, y and z; they are printed larger by
    /// 1 / (1 − share).
    #[serde(default)]
    pub shrinkage: [f64; 3],
}

/// What happens in a layer, by kind of machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum LayerExposure {
    /// A beam draws the layer: powder beds with lasers or electron beams, resin with a laser.
    Beam(BeamExposure),
    /// A nozzle draws the layer with a strand.
    Filament(FilamentExposure),
    /// The layer is exposed at once: resin under a projector or a display.
    Resin(ResinExposure),
    /// Print heads or lamps pass over the whole plate: jetting, fusing by a heater.
    Jetting(JettingExposure),
}

/// A beam that hatches areas and traces contours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeamExposure {
    /// Spreading of a layer, with lowering and heating, s.
    pub recoat_s: f64,
    /// Beams that share a layer's work evenly, at least 1.
    #[serde(default = "one")]
    pub beams: f64,
    /// Distance between two hatch lines, mm.
    pub hatch_mm: f64,
    /// Speed along hatch lines, mm/s.
    pub hatch_mm_s: f64,
    /// Time from the end of a hatch line to the beginning of the next, s.
    #[serde(default)]
    pub hatch_jump_s: f64,
    /// Width of the stripes that long hatch lines are cut to, mm; 0: they are not cut.
    #[serde(default)]
    pub stripe_mm: f64,
    /// Times that each contour is traced.
    #[serde(default = "one")]
    pub contour_passes: f64,
    /// Speed along contours, mm/s.
    pub contour_mm_s: f64,
    /// Time to the beginning of a contour, s.
    #[serde(default)]
    pub contour_jump_s: f64,
    /// Least time of a layer, s: the rest is waited.
    #[serde(default)]
    pub layer_min_s: f64,
}

/// A nozzle that lays walls along contours and fills the rest with lines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilamentExposure {
    /// Change of layer, s.
    pub layer_s: f64,
    /// Diameter of the filament, mm: for G-code only, no time depends on it.
    #[serde(default = "usual_filament")]
    pub filament_mm: f64,
    /// Width of a line, mm.
    pub line_mm: f64,
    /// Walls along each contour.
    pub walls: f64,
    /// Speed along walls, mm/s.
    pub wall_mm_s: f64,
    /// Speed along lines of filling, mm/s.
    pub fill_mm_s: f64,
    /// Acceleration of the head, mm/s²: each line of filling begins and ends at rest.
    pub accelerate_mm_s2: f64,
    /// Share (0 to 1) of the inside that is filled.
    pub fill_share: f64,
    /// Layers filled wholly below and above each surface.
    #[serde(default)]
    pub solid_layers: f64,
    /// Greatest flow through the nozzle, mm³/s; slows thick and wide lines down.
    pub flow_mm3_s: f64,
    /// Time to the beginning of a contour with taking the strand back, s.
    #[serde(default)]
    pub contour_jump_s: f64,
    /// Least time of a layer, s: a small layer is printed more slowly, so that it cools.
    #[serde(default)]
    pub layer_min_s: f64,
}

/// Resin that is exposed a layer at a time and peeled from a foil.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResinExposure {
    /// Exposure of a layer, s.
    pub exposure_s: f64,
    /// First layers that are exposed longer, so that they hold to the plate.
    #[serde(default)]
    pub bottom_layers: f64,
    /// Exposure of these, s.
    #[serde(default)]
    pub bottom_exposure_s: f64,
    /// How far a layer is lifted off the foil, mm.
    pub lift_mm: f64,
    /// Speed of lifting, mm/s.
    pub lift_mm_s: f64,
    /// Speed of going back down, mm/s.
    pub lower_mm_s: f64,
    /// Rest before and after exposure, s.
    #[serde(default)]
    pub rest_s: f64,
}

/// A layer that takes the same time whatever is in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JettingExposure {
    /// All passes of a layer, with spreading, s.
    pub layer_s: f64,
}

fn one() -> f64 {
    1.0
}

/// Most filament is sold so thick, mm.
fn usual_filament() -> f64 {
    1.75
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"source": "data sheet", "layers": {"kind": "beam", "recoat_s": 9,
        "hatch_mm": 0.1, "hatch_mm_s": 1000, "contour_mm_s": 500}}"#;

    #[test]
    fn what_is_left_out_has_its_default() {
        let model: ExposureModel = serde_json::from_str(TEXT).unwrap();
        let LayerExposure::Beam(beam) = model.layers else { panic!("it is a beam") };
        assert_eq!((beam.beams, beam.contour_passes, beam.stripe_mm), (1.0, 1.0, 0.0));
        assert_eq!((model.fixed_s, model.shrinkage), (0.0, [0.0; 3]));
        let back = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<ExposureModel>(&back).unwrap(), model);
    }

    #[test]
    fn fields_and_kinds_that_are_unknown_are_told() {
        for (from, to) in
            [("recoat_s", "recoat_ms"), ("beam", "hammer"), ("\"source\"", "\"origin\"")]
        {
            let text = TEXT.replace(from, to);
            assert!(serde_json::from_str::<ExposureModel>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_schema_holds_every_field_of_every_kind() {
        let schema = schemars::schema_for!(ExposureModel).to_value().to_string();
        for field in ["\"hatch_jump_s\"", "\"flow_mm3_s\"", "\"lift_mm_s\"", "\"jetting\""] {
            assert!(schema.contains(field), "{field} is not in {schema}");
        }
    }
}
