//! A layer over the layer below it.

use platewright_model::measure::Mm;
use platewright_model::stage::LayerFigures;

use super::{Region, RegionFigures};
use crate::error::SliceError;

/// Figures of a layer of one body over the layer below; both count by the Positive rule.
///
/// `reach` is how far a layer may stand out over the one below; without, overhangs are not
/// looked for.
///
/// # Errors
/// A reach that is no number, negative or beyond 1 m.
pub(crate) fn compare(
    layer: &Region,
    below: &Region,
    reach: Option<Mm>,
) -> Result<LayerFigures, SliceError> {
    let figures = RegionFigures::of(layer, Some(below), reach.unwrap_or_default())?;
    Ok(LayerFigures {
        islands: figures.islands,
        island_mm2: figures.island_mm2,
        overhang_mm2: reach.map(|_| figures.overhang_mm2),
        changed_mm2: figures.changed_mm2,
    })
}
