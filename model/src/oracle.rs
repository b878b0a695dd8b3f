//! What `solver` asks about geometry and time; `pipeline` answers.

use crate::id::{MachineClassId, PartId};
use crate::measure::Mm;
use crate::order::OrientationPolicy;

/// Would these parts fit one build volume of a class?
///
/// ```
/// use platewright_model::oracle::{Fit, FitOracle};
/// use platewright_model::{id::{MachineClassId, PartId}, measure::Mm, order::OrientationPolicy};
/// struct TenParts;
/// impl FitOracle for TenParts {
///     fn fit(&self, _: &MachineClassId, _: Mm, parts: &[(PartId, u32)]) -> Fit {
///         let n: u32 = parts.iter().map(|p| p.1).sum();
///         Fit { fits: n <= 10, fill: f64::from(n) / 10.0, height: Mm(100.0) }
///     }
///     fn fits_alone(&self, _: &MachineClassId, _: &PartId, _: OrientationPolicy) -> bool { true }
/// }
/// let fit = TenParts.fit(&"sls/200".into(), Mm(2.0), &[("ring".into(), 4)]);
/// assert!(fit.fits && fit.fill == 0.4);
/// ```
pub trait FitOracle: Sync {
    /// Whether the multiset `parts` is expected to fit one volume of `class` with `clearance`
    /// between parts, and how full it would be. Need not be sure: what does not fit comes back
    /// from nesting.
    fn fit(&self, class: &MachineClassId, clearance: Mm, parts: &[(PartId, u32)]) -> Fit;

    /// Whether one copy of `part` fits the empty volume in an orientation that `orientation`
    /// (the stricter of line and process) allows; sure.
    fn fits_alone(
        &self,
        class: &MachineClassId,
        part: &PartId,
        orientation: OrientationPolicy,
    ) -> bool;

    /// Share of a machine of `class` that a volume filled as far as expected takes: of the plate
    /// where parts stand side by side; all of the height, 1, where they are stacked.
    fn full(&self, _class: &MachineClassId) -> f64 {
        1.0
    }
}

/// Would these parts of a batch scheduling problem, one copy each, share a batch?
pub trait SetOracle: Sync {
    /// Whether a way was found for `parts` (sorted indices) to share a batch. Where it says no, no
    /// set with all of them is asked for again.
    fn share(&self, parts: &[usize]) -> bool;
}

/// An answer of a [`FitOracle`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Whether all parts are expected to fit.
    pub fits: bool,
    /// Expected use of the volume's capacity; above 1 does not fit.
    pub fill: f64,
    /// Expected height of the build.
    pub height: Mm,
}

/// Facts of a part that `solver` may see: never triangles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartMeasures {
    /// Volume, mm³.
    pub volume_mm3: f64,
    /// Surface, mm².
    pub surface_mm2: f64,
    /// Edge lengths of its box as drawn, mm.
    pub size: [f64; 3],
}
