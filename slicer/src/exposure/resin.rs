//! Resin that is exposed a layer at a time and peeled from a foil: the same for every layer but
//! the first ones, whatever is in it.

use platewright_model::exposure::ResinExposure;

use super::{LayerTime, LayerWork, LinearTime};

pub(super) fn layer_time(resin: &ResinExposure, layer: &LayerWork) -> LayerTime {
    let bottom = f64::from(layer.index) < resin.bottom_layers;
    let fill_s = if bottom { resin.bottom_exposure_s } else { resin.exposure_s };
    LayerTime { prepare_s: peel(resin), fill_s, ..LayerTime::default() }
}

/// Seconds for lifting a layer off the foil, going down again and resting.
fn peel(resin: &ResinExposure) -> f64 {
    resin.lift_mm / resin.lift_mm_s + resin.lift_mm / resin.lower_mm_s + resin.rest_s
}

pub(super) fn linear(resin: &ResinExposure) -> LinearTime {
    let more_s = resin.bottom_exposure_s - resin.exposure_s;
    LinearTime {
        // Bottom layers that are exposed for less than others are no known practice.
        fixed_s: (resin.bottom_layers.ceil() * more_s).max(0.0),
        layer_s: peel(resin) + resin.exposure_s,
        ..LinearTime::default()
    }
}
