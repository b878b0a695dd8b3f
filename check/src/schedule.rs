//! Builds → time: staffed hours, maintenance, sequence, arrival.

mod calendar;
mod delivery;
mod slots;

use platewright_model::machine::{BuildLoad, TimeModel};

pub(crate) use delivery::{Arrival, arrivals};
pub(crate) use slots::changeovers;

use crate::facts::Facts;
use crate::{Evidence, Violation};

/// Every build in its time, every order on its day.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = slots::check(evidence, facts);
    found.extend(delivery::check(evidence, facts));
    found
}

/// Relative difference of a print time by rounding of its sum.
const SUM: f64 = 1e-9;

/// Least and greatest whole seconds that a print may take by the machine's time model: the same
/// unless the sum is a whole number but for rounding. `None` for what is no time.
pub(crate) fn print_time_range(time: &TimeModel, load: &BuildLoad) -> Option<(i128, i128)> {
    let layers = layers(load)?;
    let seconds = time.fixed_s
        + time.layer_s * layers
        + time.volume_s_per_mm3 * load.volume_mm3
        + time.surface_s_per_mm2 * load.surface_mm2
        + time.height_s_per_mm * load.height_mm;
    // A million years.
    if !(0.0..3e13).contains(&seconds) {
        return None;
    }
    let slack = SUM * seconds.max(1.0);
    Some(((seconds - slack).ceil() as i128, (seconds + slack).ceil() as i128))
}

/// Number of layers of a load: height over thickness, rounded up, at least one. A nanometre too
/// much adds no layer.
pub(crate) fn layers(load: &BuildLoad) -> Option<f64> {
    let layers = ((load.height_mm - 1e-6) / load.layer_mm).ceil().max(1.0);
    (load.height_mm.is_finite() && load.layer_mm > 0.0 && layers < f64::from(u32::MAX))
        .then_some(layers)
}
