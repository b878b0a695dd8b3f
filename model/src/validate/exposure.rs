//! Constants of a machine's layers.

use std::ops::RangeInclusive;

use crate::exposure::{
    BeamExposure, ExposureModel, FilamentExposure, JettingExposure, LayerExposure, ResinExposure,
};

use super::ledger::{Ledger, Place};

/// A day for one layer or one line is a mistake, s.
const SECONDS: RangeInclusive<f64> = 0.0..=86_400.0;
/// Speeds and distances that are divided by: above 0 by more than any machine's least step.
const DIVISOR: RangeInclusive<f64> = 1e-4..=1e6;
/// Numbers of things.
const COUNT: RangeInclusive<f64> = 0.0..=10_000.0;
/// Greatest shrinkage; sintered bodies shrink by a fifth.
const SHRINKAGE: RangeInclusive<f64> = 0.0..=0.3;

/// Checks a model; what is out of its range is told.
pub(super) fn read(draft: &ExposureModel, at: &Place, to: &mut Ledger) -> ExposureModel {
    let mut model = draft.clone();
    model.fixed_s = to.number(&at.field("fixed_s"), draft.fixed_s, SECONDS);
    for (k, share) in model.shrinkage.iter_mut().enumerate() {
        *share = to.number(&at.item("shrinkage", k), *share, SHRINKAGE);
    }
    let at = at.field("layers");
    let mut check = |name: &str, value: &mut f64, range: RangeInclusive<f64>| {
        *value = to.number(&at.field(name), *value, range);
    };
    match &mut model.layers {
        LayerExposure::Beam(beam) => read_beam(beam, &mut check),
        LayerExposure::Filament(filament) => read_filament(filament, &mut check),
        LayerExposure::Resin(resin) => read_resin(resin, &mut check),
        LayerExposure::Jetting(JettingExposure { layer_s }) => check("layer_s", layer_s, SECONDS),
    }
    model
}

fn read_beam(beam: &mut BeamExposure, check: &mut impl FnMut(&str, &mut f64, RangeInclusive<f64>)) {
    check("recoat_s", &mut beam.recoat_s, SECONDS);
    check("beams", &mut beam.beams, 1.0..=1000.0);
    check("hatch_mm", &mut beam.hatch_mm, DIVISOR);
    check("hatch_mm_s", &mut beam.hatch_mm_s, DIVISOR);
    check("hatch_jump_s", &mut beam.hatch_jump_s, SECONDS);
    check("stripe_mm", &mut beam.stripe_mm, 0.0..=1e6);
    check("contour_passes", &mut beam.contour_passes, COUNT);
    check("contour_mm_s", &mut beam.contour_mm_s, DIVISOR);
    check("contour_jump_s", &mut beam.contour_jump_s, SECONDS);
    check("layer_min_s", &mut beam.layer_min_s, SECONDS);
}

fn read_filament(
    filament: &mut FilamentExposure,
    check: &mut impl FnMut(&str, &mut f64, RangeInclusive<f64>),
) {
    check("layer_s", &mut filament.layer_s, SECONDS);
    check("filament_mm", &mut filament.filament_mm, 0.1..=10.0);
    check("line_mm", &mut filament.line_mm, DIVISOR);
    check("walls", &mut filament.walls, COUNT);
    check("wall_mm_s", &mut filament.wall_mm_s, DIVISOR);
    check("fill_mm_s", &mut filament.fill_mm_s, DIVISOR);
    check("accelerate_mm_s2", &mut filament.accelerate_mm_s2, DIVISOR);
    check("fill_share", &mut filament.fill_share, 0.0..=1.0);
    check("solid_layers", &mut filament.solid_layers, COUNT);
    check("flow_mm3_s", &mut filament.flow_mm3_s, DIVISOR);
    check("contour_jump_s", &mut filament.contour_jump_s, SECONDS);
    check("layer_min_s", &mut filament.layer_min_s, SECONDS);
}

fn read_resin(
    resin: &mut ResinExposure,
    check: &mut impl FnMut(&str, &mut f64, RangeInclusive<f64>),
) {
    check("exposure_s", &mut resin.exposure_s, SECONDS);
    check("bottom_layers", &mut resin.bottom_layers, COUNT);
    check("bottom_exposure_s", &mut resin.bottom_exposure_s, SECONDS);
    check("lift_mm", &mut resin.lift_mm, 0.0..=1000.0);
    check("lift_mm_s", &mut resin.lift_mm_s, DIVISOR);
    check("lower_mm_s", &mut resin.lower_mm_s, DIVISOR);
    check("rest_s", &mut resin.rest_s, SECONDS);
}
