//! What a centre posts back of a job: how long it took, and what it used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `actuals.json`: jobs of any machines, in any order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActualsDraft {
    /// The jobs.
    pub jobs: Vec<ActualDraft>,
}

/// One printed job. A row of `actuals.csv` has the same fields as columns.
///
/// What the job was is either known from its `build`, if that was planned here, or told by the
/// four measures that follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActualDraft {
    /// Id of the machine.
    pub machine: String,
    /// Id of the build, or any name of the job that is unique for the machine. Where runs have
    /// builds of the same id, with the run's folder before it: `night-7/B001`.
    pub build: String,
    /// When the print ended, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// From the end of set-up to the end of the print, s, without interruptions.
    pub print_s: f64,
    /// Feedstock that was used, g.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedstock_g: Option<f64>,
    /// Number of layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<f64>,
    /// Volume of the solid, mm³.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_mm3: Option<f64>,
    /// Length of all contours times layer thickness, mm².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface_mm2: Option<f64>,
    /// Height of the build, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_of_a_known_build_needs_its_time_only() {
        let text = r#"{"jobs": [{"machine": "s1", "build": "B-7", "print_s": 40321},
            {"machine": "s1", "build": "walk-in 3", "print_s": 9000, "layers": 300,
             "volume_mm3": 52000, "surface_mm2": 31000.5, "height_mm": 36}]}"#;
        let actuals: ActualsDraft = serde_json::from_str(text).unwrap();
        assert_eq!(actuals.jobs[0].layers, None);
        assert_eq!(actuals.jobs[1].surface_mm2, Some(31000.5));
        let back = serde_json::to_string(&actuals).unwrap();
        assert_eq!(serde_json::from_str::<ActualsDraft>(&back).unwrap(), actuals);
    }
}
