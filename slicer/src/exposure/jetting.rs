//! Print heads or lamps that pass over the whole plate: every layer takes the same.

use platewright_model::exposure::JettingExposure;

use super::{LayerTime, LayerWork};

pub(super) fn layer_time(jetting: &JettingExposure, _: &LayerWork) -> LayerTime {
    LayerTime { prepare_s: jetting.layer_s, ..LayerTime::default() }
}
