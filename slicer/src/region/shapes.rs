//! Regions with known areas, for tests.

use std::f64::consts::TAU;

use super::{Region, to_grid};

/// A region of one ring, in mm.
pub(crate) fn ring(points: impl IntoIterator<Item = [f64; 2]>) -> Region {
    let mut region = Region::default();
    region.push(points.into_iter().map(to_grid));
    region
}

/// A rectangle between two corners, mm.
pub(crate) fn rectangle(min: [f64; 2], max: [f64; 2]) -> Region {
    ring([min, [max[0], min[1]], max, [min[0], max[1]]])
}

/// A regular polygon with the area of a circle, mm.
pub(crate) fn circle(centre: [f64; 2], radius: f64, n: u32) -> Region {
    let step = TAU / f64::from(n);
    let radius = radius * (step / step.sin()).sqrt();
    ring((0..n).map(|k| {
        let (sin, cos) = (step * f64::from(k)).sin_cos();
        [centre[0] + radius * cos, centre[1] + radius * sin]
    }))
}
