//! The paths of the nozzle in a region.

use platewright_model::measure::Mm;

use super::infill::lines;
use super::options::GcodeOptions;
use crate::error::SliceError;
use crate::region::{Fill, GRID_MM, GridPoint, Region};

/// A path of the nozzle; the last point of a closed one is its first again.
pub(super) type Path = Vec<GridPoint>;

/// How far contours may lie from the exact ones for the paths, in line widths.
const SIMPLIFIED: f64 = 0.005;

/// Perimeters from the outside in, then lines along x in even layers, along y in odd ones. No
/// line reaches out of the region by more than twice [`SIMPLIFIED`] of its width: the first one
/// runs half a line within the contours.
pub(super) fn paths(
    region: &Region,
    options: &GcodeOptions,
    layer: u32,
) -> Result<Vec<Path>, SliceError> {
    // Half a line within what the perimeters before it leave.
    let shrunk = |region: &Region, k: u32| {
        let inset = Mm(-options.line_mm * (f64::from(k) + 0.5));
        region.offset(inset, Mm(SIMPLIFIED * options.line_mm))
    };
    let region = region.simplified(SIMPLIFIED * options.line_mm).united(Fill::Positive);
    let mut paths = Vec::new();
    for k in 0..options.perimeters {
        let shrunk = shrunk(&region, k)?;
        if shrunk.is_empty() {
            return Ok(paths);
        }
        paths.extend(shrunk.rings().map(|ring| [ring, &ring[..1]].concat()));
    }
    if options.infill_mm > 0.0 {
        let inside = shrunk(&region, options.perimeters)?;
        let lines =
            lines(&inside, (options.infill_mm / GRID_MM).round() as i32, layer.is_multiple_of(2));
        paths.extend(lines.into_iter().map(Vec::from));
    }
    Ok(paths)
}
