//! A nozzle that lays walls along contours and fills the rest with lines.
//!
//! Walls take up a band of their width along the contours. The inside is filled to its share,
//! and wholly near surfaces. A line begins and ends at rest, with a trapezoid of speed or, if it
//! is too short to reach its speed, a triangle: what the planners of printers' firmware do.

use std::f64::consts::PI;

use platewright_model::exposure::FilamentExposure;

use super::{LayerTime, LayerWork, LinearTime};

pub(super) fn layer_time(filament: &FilamentExposure, layer: &LayerWork) -> LayerTime {
    let infill_mm = inside(filament, layer) * filament.fill_share / filament.line_mm;
    let wall_mm_s = limited(filament, filament.wall_mm_s, layer.thickness_mm);
    let time = LayerTime {
        prepare_s: filament.layer_s,
        fill_s: lines_time(filament, layer, infill_mm)
            + solid_time(filament, layer, layer.changed_mm2),
        contour_s: layer.perimeter_mm * filament.walls / wall_mm_s,
        jump_s: f64::from(layer.contours) * filament.contour_jump_s,
        wait_s: 0.0,
    };
    time.waiting_for(filament.layer_min_s)
}

/// Seconds that a change of so much area from layer to layer adds, for surfaces are filled wholly
/// through some layers. What walls cover of the change costs nothing more.
pub(super) fn solid_time(filament: &FilamentExposure, layer: &LayerWork, changed_mm2: f64) -> f64 {
    let exposed = (changed_mm2 - band(filament, layer.perimeter_mm)).max(0.0);
    let more = exposed * filament.solid_layers * (1.0 - filament.fill_share) / filament.line_mm;
    lines_time(filament, layer, more)
}

/// Area of the band of walls along contours of such a length, mm².
fn band(filament: &FilamentExposure, perimeter_mm: f64) -> f64 {
    perimeter_mm * filament.walls * filament.line_mm
}

/// Area within the walls, mm².
fn inside(filament: &FilamentExposure, layer: &LayerWork) -> f64 {
    (layer.area_mm2 - band(filament, layer.perimeter_mm)).max(0.0)
}

/// Seconds for lines of such a length in all, with the mean length of a line of this layer.
fn lines_time(filament: &FilamentExposure, layer: &LayerWork, length_mm: f64) -> f64 {
    let inside = inside(filament, layer);
    if length_mm <= 0.0 || inside <= 0.0 || layer.perimeter_mm <= 0.0 {
        return 0.0;
    }
    let line_mm = PI * inside / layer.perimeter_mm;
    let speed = limited(filament, filament.fill_mm_s, layer.thickness_mm);
    length_mm / line_mm * line_time(line_mm, speed, filament.accelerate_mm_s2)
}

/// Seconds for one line from rest to rest.
fn line_time(line_mm: f64, speed: f64, acceleration: f64) -> f64 {
    if line_mm * acceleration >= speed * speed {
        line_mm / speed + speed / acceleration
    } else {
        2.0 * (line_mm / acceleration).sqrt()
    }
}

/// A speed within the greatest flow, mm/s.
fn limited(filament: &FilamentExposure, speed: f64, thickness_mm: f64) -> f64 {
    let section_mm2 = filament.line_mm * thickness_mm;
    if section_mm2 > 0.0 { speed.min(filament.flow_mm3_s / section_mm2) } else { speed }
}

pub(super) fn linear(filament: &FilamentExposure, layer_mm: f64) -> LinearTime {
    let fill_mm_s = limited(filament, filament.fill_mm_s, layer_mm);
    let wall_mm_s = limited(filament, filament.wall_mm_s, layer_mm);
    let share = filament.fill_share / filament.line_mm;
    let area_s = share / fill_mm_s;
    // Lines by Crofton's formula, each with its loss at both ends; walls instead of filling.
    let contour_s = share / PI * fill_mm_s / filament.accelerate_mm_s2 + filament.walls / wall_mm_s
        - band(filament, 1.0) * area_s;
    LinearTime {
        fixed_s: 0.0,
        layer_s: filament.layer_s,
        volume_s_per_mm3: area_s / layer_mm,
        surface_s_per_mm2: contour_s.max(0.0) / layer_mm,
    }
}
