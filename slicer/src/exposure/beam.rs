//! A beam that hatches areas and traces contours: powder beds with lasers, resin with a laser.
//!
//! Hatching and tracing at their speeds, moves between lines, recoating: the split that build
//! processors and the cost models of powder bed fusion go by (Rickenbacher, Spierings and Wegener
//! 2013, "An integrated cost-model for selective laser melting", Rapid Prototyping Journal 19(3)).

use std::f64::consts::PI;

use platewright_model::exposure::BeamExposure;

use super::{LayerTime, LayerWork, LinearTime};

pub(super) fn layer_time(beam: &BeamExposure, layer: &LayerWork) -> LayerTime {
    let LayerWork { area_mm2, perimeter_mm, contours, .. } = *layer;
    let traces = f64::from(contours) * beam.contour_passes;
    let jumps = beam.hatch_jump_s
        * (area_mm2 * lines_per_mm2(beam) + perimeter_mm * lines_per_mm(beam))
        + beam.contour_jump_s * traces;
    let time = LayerTime {
        prepare_s: beam.recoat_s,
        fill_s: area_mm2 / (beam.hatch_mm * beam.hatch_mm_s) / beam.beams,
        contour_s: perimeter_mm * beam.contour_passes / beam.contour_mm_s / beam.beams,
        jump_s: jumps / beam.beams,
        wait_s: 0.0,
    };
    time.waiting_for(beam.layer_min_s)
}

/// Hatch lines that stripes cut off, for one mm² of area.
fn lines_per_mm2(beam: &BeamExposure) -> f64 {
    if beam.stripe_mm > 0.0 { 1.0 / (beam.hatch_mm * beam.stripe_mm) } else { 0.0 }
}

/// Hatch lines that contours cut off, for one mm of contour (Crofton).
fn lines_per_mm(beam: &BeamExposure) -> f64 {
    1.0 / (PI * beam.hatch_mm)
}

pub(super) fn linear(beam: &BeamExposure, layer_mm: f64) -> LinearTime {
    let area_s = 1.0 / (beam.hatch_mm * beam.hatch_mm_s) + beam.hatch_jump_s * lines_per_mm2(beam);
    let contour_s =
        beam.contour_passes / beam.contour_mm_s + beam.hatch_jump_s * lines_per_mm(beam);
    LinearTime {
        fixed_s: 0.0,
        layer_s: beam.recoat_s,
        volume_s_per_mm3: area_s / (beam.beams * layer_mm),
        surface_s_per_mm2: contour_s / (beam.beams * layer_mm),
    }
}
