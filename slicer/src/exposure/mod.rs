//! Process time from true layers: what a machine does in each, one file a kind of machine.
//!
//! The formulas need area, perimeter and number of contours of a layer, no path. Lines that
//! fill a region at distance `d` have the length `area / d` in all, and by Crofton's formula
//! their mean length over all directions is `π · area / perimeter`, whatever the shape and its
//! holes; so there are `perimeter / (π · d)` of them. Machines turn the direction from layer to
//! layer, which is what makes the mean over directions the right one.

mod beam;
mod filament;
mod jetting;
mod resin;
#[cfg(test)]
mod tests;

use std::ops::AddAssign;

use platewright_model::exposure::{ExposureModel, LayerExposure};
use platewright_model::machine::TimeModel;
use platewright_model::measure::Mm;
use platewright_model::stage::{LayerFacts, LayerFigures};

/// What a layer asks of a machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerWork {
    /// Number from the plate up, from 0.
    pub index: u32,
    /// Thickness, mm.
    pub thickness_mm: f64,
    /// Area of the solid, mm².
    pub area_mm2: f64,
    /// Length of all contours, mm.
    pub perimeter_mm: f64,
    /// Number of contours.
    pub contours: u32,
    /// Area that differs from the layer below, mm²; see [`crate::RegionFigures`].
    pub changed_mm2: f64,
}

/// Seconds of a layer, or of many, by what the machine does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerTime {
    /// Recoating, change of layer, lift and peel.
    pub prepare_s: f64,
    /// Hatch, filling, exposure.
    pub fill_s: f64,
    /// Tracing of contours, walls.
    pub contour_s: f64,
    /// Moves between lines and contours.
    pub jump_s: f64,
    /// Waiting for the least time of a layer.
    pub wait_s: f64,
}

impl LayerTime {
    /// All of it, s.
    pub fn total(&self) -> f64 {
        self.prepare_s + self.fill_s + self.contour_s + self.jump_s + self.wait_s
    }

    /// With the wait that a least time of a layer asks for.
    fn waiting_for(self, layer_min_s: f64) -> Self {
        Self { wait_s: (layer_min_s - self.total()).max(0.0), ..self }
    }
}

impl AddAssign for LayerTime {
    fn add_assign(&mut self, other: Self) {
        self.prepare_s += other.prepare_s;
        self.fill_s += other.fill_s;
        self.contour_s += other.contour_s;
        self.jump_s += other.jump_s;
        self.wait_s += other.wait_s;
    }
}

/// Print time of a build, from the end of set-up to the end of the print.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProcessTime {
    /// What does not depend on the build, s.
    pub fixed_s: f64,
    /// Sum over the layers.
    pub layers: LayerTime,
}

impl ProcessTime {
    /// All of it, s.
    pub fn total(&self) -> f64 {
        self.fixed_s + self.layers.total()
    }
}

/// Seconds that a machine takes for one layer.
pub fn layer_time(exposure: &LayerExposure, layer: &LayerWork) -> LayerTime {
    match exposure {
        LayerExposure::Beam(beam) => beam::layer_time(beam, layer),
        LayerExposure::Filament(filament) => filament::layer_time(filament, layer),
        LayerExposure::Resin(resin) => resin::layer_time(resin, layer),
        LayerExposure::Jetting(jetting) => jetting::layer_time(jetting, layer),
    }
}

/// Seconds that a machine takes for a build.
pub fn process_time(
    model: &ExposureModel,
    layers: impl IntoIterator<Item = LayerWork>,
) -> ProcessTime {
    let mut time = ProcessTime { fixed_s: model.fixed_s, layers: LayerTime::default() };
    let mut uppermost = LayerWork::default();
    for layer in layers {
        time.layers += layer_time(&model.layers, &layer);
        uppermost = layer;
    }
    if let LayerExposure::Filament(filament) = &model.layers {
        // The tops of what is not continued upwards are a change as well.
        time.layers.fill_s += filament::solid_time(filament, &uppermost, uppermost.area_mm2);
    }
    time
}

/// Whether the time of a layer depends on what changes from the layer below it.
pub fn needs_change(model: &ExposureModel) -> bool {
    match &model.layers {
        LayerExposure::Filament(filament) => {
            filament.solid_layers > 0.0 && filament.fill_share < 1.0
        }
        LayerExposure::Beam(_) | LayerExposure::Resin(_) | LayerExposure::Jetting(_) => false,
    }
}

/// The work of layers from their facts and figures.
///
/// Where a layer has no figures, the change from the layer below is taken as the difference of
/// the areas, which is the least it can be.
pub fn layer_works<'a>(
    facts: &'a [LayerFacts],
    figures: &'a [LayerFigures],
) -> impl Iterator<Item = LayerWork> + 'a {
    let below = std::iter::once((0.0, 0.0));
    let below = below.chain(facts.iter().map(|facts| (facts.top_mm, facts.area_mm2)));
    (0..).zip(facts).zip(below).map(|((index, facts), (bottom, area_below))| LayerWork {
        index,
        thickness_mm: facts.top_mm - bottom,
        area_mm2: facts.area_mm2,
        perimeter_mm: facts.perimeter_mm,
        contours: facts.contours,
        changed_mm2: figures
            .get(index as usize)
            .map_or((facts.area_mm2 - area_below).abs(), |figures| figures.changed_mm2),
    })
}

/// What a build takes in the terms of [`TimeModel`], for layers of one thickness.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct LinearTime {
    fixed_s: f64,
    layer_s: f64,
    volume_s_per_mm3: f64,
    surface_s_per_mm2: f64,
}

/// The linear time model that follows from how a machine makes its layers.
///
/// Leaves out what is not linear in volume and contours: moves to contours, waiting for the least
/// time of a layer, solid surfaces of filament, lines too short to reach their speed. Set-up,
/// cooling and unloading are those of `base`.
pub fn linear_time_model(model: &ExposureModel, base: &TimeModel, layer: Mm) -> TimeModel {
    let linear = match &model.layers {
        LayerExposure::Beam(beam) => beam::linear(beam, layer.0),
        LayerExposure::Filament(filament) => filament::linear(filament, layer.0),
        LayerExposure::Resin(resin) => resin::linear(resin),
        LayerExposure::Jetting(jetting) => {
            LinearTime { layer_s: jetting.layer_s, ..LinearTime::default() }
        }
    };
    TimeModel {
        fixed_s: model.fixed_s + linear.fixed_s,
        layer_s: linear.layer_s,
        volume_s_per_mm3: linear.volume_s_per_mm3,
        surface_s_per_mm2: linear.surface_s_per_mm2,
        height_s_per_mm: 0.0,
        ..*base
    }
}
