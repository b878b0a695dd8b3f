//! Print time of a sliced build, layer by layer from what its machine does in each.
//!
//! Written down from `docs/estimates.md`, in other terms than the slicer's: one sum of seconds,
//! each layer with its own thickness.

use std::f64::consts::PI;

use platewright_model::exposure::{
    BeamExposure, ExposureModel, FilamentExposure, LayerExposure, ResinExposure,
};
use platewright_model::machine::{BuildLoad, Machine};
use platewright_model::stage::{BuildSlices, LayerFacts};

use crate::schedule::print_time_range;

/// Relative difference of a sum of layer times by rounding.
const SUM: f64 = 1e-9;

/// How far the area that changes may be outside of what two areas allow, mm², and relative.
const CHANGE: (f64, f64) = (1e-3, 1e-6);

/// Least and greatest whole seconds that the layers of a build take on a machine; `None` for what
/// is no time.
pub(super) fn range(
    machine: &Machine,
    load: &BuildLoad,
    slices: &BuildSlices,
) -> Option<(i128, i128)> {
    let Some(exposure) = &machine.exposure else {
        let sum =
            |of: fn(&LayerFacts) -> f64| slices.layers.iter().map(of).sum::<f64>() * load.layer_mm;
        let of_layers = BuildLoad {
            volume_mm3: sum(|layer| layer.area_mm2),
            surface_mm2: sum(|layer| layer.perimeter_mm),
            ..*load
        };
        return print_time_range(&machine.time, &of_layers);
    };
    let seconds = of_layers(exposure, slices);
    // A million years.
    if !(0.0..3e13).contains(&seconds) {
        return None;
    }
    let slack = SUM * seconds.max(1.0);
    Some(((seconds - slack).ceil() as i128, (seconds + slack).ceil() as i128))
}

/// The layer whose stated change from the one below cannot be: two regions differ by no less than
/// their areas do, and by no more than both areas.
pub(super) fn impossible_change(slices: &BuildSlices) -> Option<usize> {
    let areas = slices.layers.iter().map(|layer| layer.area_mm2);
    let below = std::iter::once(0.0).chain(areas.clone());
    let slack = |sum: f64| CHANGE.0 + CHANGE.1 * sum;
    slices.figures.iter().zip(areas).zip(below).position(|((figures, area), below)| {
        let (least, most) = ((area - below).abs(), area + below);
        let within = (least - slack(most)..=most + slack(most)).contains(&figures.changed_mm2);
        !within
    })
}

/// Seconds for all layers on such a machine, with what it does once.
fn of_layers(exposure: &ExposureModel, slices: &BuildSlices) -> f64 {
    let mut seconds = exposure.fixed_s;
    let (mut bottom, mut area_below) = (0.0, 0.0);
    for (i, layer) in slices.layers.iter().enumerate() {
        let thickness = layer.top_mm - bottom;
        seconds += match &exposure.layers {
            LayerExposure::Beam(beam) => of_beam(beam, layer),
            LayerExposure::Filament(filament) => {
                // Without figures, the least that can have changed.
                let changed = match slices.figures.get(i) {
                    Some(figures) => figures.changed_mm2,
                    None => (layer.area_mm2 - area_below).abs(),
                };
                of_filament(filament, layer, thickness, changed)
            }
            LayerExposure::Resin(resin) => of_resin(resin, i),
            LayerExposure::Jetting(jetting) => jetting.layer_s,
        };
        (bottom, area_below) = (layer.top_mm, layer.area_mm2);
    }
    if let (LayerExposure::Filament(filament), [.., last]) = (&exposure.layers, &slices.layers[..])
    {
        let below = slices.layers.len().checked_sub(2).map_or(0.0, |i| slices.layers[i].top_mm);
        let lines = Lines::new(filament, last, last.top_mm - below);
        seconds += lines.seconds(lines.solid_mm(filament, last.area_mm2));
    }
    seconds
}

fn of_beam(beam: &BeamExposure, layer: &LayerFacts) -> f64 {
    // Hatch lines, their number by Crofton's formula, and those that stripes cut once more.
    let mut lines = layer.perimeter_mm / (PI * beam.hatch_mm);
    if beam.stripe_mm > 0.0 {
        lines += layer.area_mm2 / (beam.hatch_mm * beam.stripe_mm);
    }
    let contours = f64::from(layer.contours) * beam.contour_passes;
    let shared = layer.area_mm2 / beam.hatch_mm / beam.hatch_mm_s
        + layer.perimeter_mm * beam.contour_passes / beam.contour_mm_s
        + beam.hatch_jump_s * lines
        + beam.contour_jump_s * contours;
    (beam.recoat_s + shared / beam.beams).max(beam.layer_min_s)
}

fn of_filament(
    filament: &FilamentExposure,
    layer: &LayerFacts,
    thickness: f64,
    changed: f64,
) -> f64 {
    let lines = Lines::new(filament, layer, thickness);
    let sparse = lines.inside * filament.fill_share / filament.line_mm;
    let wall_speed = lines.slowed(filament.wall_mm_s);
    let seconds = filament.layer_s
        + lines.seconds(sparse)
        + lines.seconds(lines.solid_mm(filament, changed))
        + layer.perimeter_mm * filament.walls / wall_speed
        + f64::from(layer.contours) * filament.contour_jump_s;
    seconds.max(filament.layer_min_s)
}

/// The lines that fill the inside of a layer.
struct Lines {
    /// Area within the walls, mm².
    inside: f64,
    /// Area that the walls cover, if there is room for them, mm².
    walls: f64,
    /// Mean length of a line, mm.
    length: f64,
    /// Greatest speed by flow, mm/s.
    flow: f64,
    speed: f64,
    acceleration: f64,
}

impl Lines {
    fn new(filament: &FilamentExposure, layer: &LayerFacts, thickness: f64) -> Self {
        let walls = layer.perimeter_mm * filament.walls * filament.line_mm;
        let inside = (layer.area_mm2 - walls).max(0.0);
        let section = filament.line_mm * thickness;
        let flow = if section > 0.0 { filament.flow_mm3_s / section } else { f64::INFINITY };
        Self {
            inside,
            walls,
            length: PI * inside / layer.perimeter_mm,
            flow,
            speed: filament.fill_mm_s.min(flow),
            acceleration: filament.accelerate_mm_s2,
        }
    }

    fn slowed(&self, speed: f64) -> f64 {
        speed.min(self.flow)
    }

    /// Length of the lines that fill wholly what has changed and is not walls, mm.
    fn solid_mm(&self, filament: &FilamentExposure, changed: f64) -> f64 {
        let share = filament.solid_layers * (1.0 - filament.fill_share);
        (changed - self.walls).max(0.0) * share / filament.line_mm
    }

    /// Seconds for so many mm of lines, each from rest to rest.
    fn seconds(&self, all_mm: f64) -> f64 {
        // No inside, no lines; a layer without contours has none either.
        if !(all_mm > 0.0 && self.length > 0.0 && self.length.is_finite()) {
            return 0.0;
        }
        let reaches = self.speed * self.speed / self.acceleration;
        let one = if self.length < reaches {
            2.0 * (self.length / self.acceleration).sqrt()
        } else {
            self.length / self.speed + self.speed / self.acceleration
        };
        all_mm / self.length * one
    }
}

fn of_resin(resin: &ResinExposure, i: usize) -> f64 {
    let exposed =
        if (i as f64) < resin.bottom_layers { resin.bottom_exposure_s } else { resin.exposure_s };
    let peeled = resin.lift_mm / resin.lift_mm_s + resin.lift_mm / resin.lower_mm_s;
    exposed + peeled + resin.rest_s
}
