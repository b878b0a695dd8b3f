//! Layers as thick as the slope of the parts allows.
//!
//! A layer of thickness t leaves steps on a face with normal n; the cusp of a step stands t·|n_z|
//! over the face (Dolenc and Mäkelä 1994, "Slicing procedures for layered manufacturing
//! techniques", Computer-Aided Design 26(2); Sabourin, Houser and Bøhn 1996, "Adaptive slicing
//! using stepwise uniform refinement", Rapid Prototyping Journal 2(4)). Level faces have no
//! cusp: they are met by the top of a layer, or displaced by up to one.
//!
//! Slicers go up greedily and take the thickest layer that each height allows, which leaves a
//! rest below the next level face. Here the heights are found for the whole build at once, on a
//! grid of 1 µm: of all ways to keep the limits, one that misses the least area of level faces,
//! and among these one of the fewest layers.

mod choose;
mod steepness;

#[cfg(test)]
mod tests;

use platewright_model::measure::Mm;

use crate::build::{Placed, check_pose};
use crate::error::SliceError;
use crate::planes::Planes;

use choose::choose;
use steepness::Steepness;

/// Steps of a millimetre that tops of layers are rounded to: 1 µm, finer than any machine moves.
const STEPS_PER_MM: f64 = 1000.0;
/// Greatest height of a build, mm; bounds the memory, which grows with the height.
const HEIGHT_MAX_MM: f64 = 3000.0;

/// Limits of layers that follow the slope of the parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaptiveLimits {
    /// Least thickness of a layer, at least 1 µm; both thicknesses are rounded to 1 µm.
    pub least: Mm,
    /// Greatest thickness of a layer.
    pub greatest: Mm,
    /// Greatest height of a cusp: layer thickness × |z| of a face's normal.
    pub cusp: Mm,
}

/// Heights of the layers of a build of placed parts, thick where walls are steep and thin where
/// they are flat.
///
/// - Every layer is between `least` and `greatest`, the uppermost too.
/// - Every layer that a slanting triangle reaches into keeps the cusp on it, unless the layer is
///   of the `least` thickness.
/// - Level faces of 0.01 mm² or more lie on the top of a layer, to 1 µm, where the limits allow.
/// - The last layer ends at the top of the build, rounded up to 1 µm, where the limits allow, and
///   never below it.
///
/// Takes O(triangles + height in µm · log of it) and about 40 bytes for each µm of height. The
/// result does not depend on the order of parts or triangles.
///
/// # Errors
/// Limits that contradict one another, a broken mesh, a build beyond 3 m.
pub fn adaptive_planes(placed: &[Placed], limits: &AdaptiveLimits) -> Result<Planes, SliceError> {
    let limits = Limits::new(limits)?;
    for (part, placed) in placed.iter().enumerate() {
        placed.shape.check(part)?;
        check_pose(part, &placed.pose)?;
    }
    let height = placed.iter().map(steepness::top).fold(0.0, f64::max);
    if height > HEIGHT_MAX_MM * STEPS_PER_MM {
        let found = height / STEPS_PER_MM;
        let what = format!("a build of up to {HEIGHT_MAX_MM} mm, not of {found} mm");
        return Err(SliceError::AdaptiveLimits { what });
    }
    let end = steepness::snapped(height).ceil() as u32;
    let steepness = Steepness::of(placed, end, &limits);
    let tops = choose(&steepness, &limits);
    Planes::tops(tops.into_iter().map(|top| f64::from(top) / STEPS_PER_MM).collect())
}

/// The limits in steps.
struct Limits {
    least: u32,
    greatest: u32,
    cusp: f64,
}

impl Limits {
    fn new(limits: &AdaptiveLimits) -> Result<Self, SliceError> {
        let AdaptiveLimits { least, greatest, cusp } = *limits;
        let steps = |length: Mm| (length.0 * STEPS_PER_MM).round();
        let (low, high) = (steps(least), steps(greatest));
        // Written so that what is no number is refused too.
        let of_use = low >= 1.0
            && high >= low
            && high <= HEIGHT_MAX_MM * STEPS_PER_MM
            && cusp.0 > 0.0
            && cusp.0.is_finite();
        if of_use {
            let cusp = cusp.0 * STEPS_PER_MM;
            return Ok(Self { least: low as u32, greatest: high as u32, cusp });
        }
        let what = format!(
            "0.001 mm <= least <= greatest <= {HEIGHT_MAX_MM} mm and a cusp above 0, not least \
             {least}, greatest {greatest}, cusp {cusp}"
        );
        Err(SliceError::AdaptiveLimits { what })
    }
}
