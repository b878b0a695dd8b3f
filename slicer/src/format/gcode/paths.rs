//! The paths of the nozzle in a region.

use super::infill::lines;
use super::options::GcodeOptions;
use crate::region::{Fill, GRID_MM, GridPoint, Region};

/// A path of the nozzle; the last point of a closed one is its first again.
pub(super) type Path = Vec<GridPoint>;

/// How far contours may lie from the exact ones for the paths, in line widths.
const SIMPLIFIED: f64 = 0.005;

/// Perimeters from the outside in, then lines along x in even layers, along y in odd ones. No
/// line reaches out of the region by more than [`SIMPLIFIED`] of its width: the first perimeter
/// runs half a line within the contours.
pub(super) fn paths(region: &Region, options: &GcodeOptions, layer: u32) -> Vec<Path> {
    let steps = |mm: f64| (mm / GRID_MM).round() as i32;
    // Half a line within what the perimeters before it leave.
    let inset = |k: u32| steps(options.line_mm * (f64::from(k) + 0.5));
    let region = region.simplified(SIMPLIFIED * options.line_mm).united(Fill::Positive);
    let mut paths = Vec::new();
    for k in 0..options.perimeters {
        let shrunk = region.shrunk(inset(k));
        if shrunk.is_empty() {
            return paths;
        }
        paths.extend(shrunk.rings().map(|ring| [ring, &ring[..1]].concat()));
    }
    if options.infill_mm > 0.0 {
        let inside = region.shrunk(inset(options.perimeters));
        let lines = lines(&inside, steps(options.infill_mm), layer.is_multiple_of(2));
        paths.extend(lines.into_iter().map(Vec::from));
    }
    paths
}
