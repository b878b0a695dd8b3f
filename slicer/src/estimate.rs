//! Print time and feedstock, from the layers themselves.

use platewright_model::machine::{BuildLoad, Machine, TimeModel};
use platewright_model::measure::{Grams, Mm, Seconds};
use platewright_model::stage::{LayerFacts, LayerFigures};

use crate::exposure::{layer_works, process_time};

/// What the time and cost of a build depend on, taken from its layers.
///
/// Volume is Σ area × layer thickness. Surface is Σ contour length × layer thickness: what a
/// machine spends on contours grows with their length, and the level faces of a part have no
/// contour of their own. It is therefore less than the surface of the meshes that the plan
/// before slicing went by.
pub fn build_load(layers: &[LayerFacts], layer: Mm, height: Mm) -> BuildLoad {
    let sum = |of: fn(&LayerFacts) -> f64| layers.iter().map(of).sum::<f64>() * layer.0;
    BuildLoad {
        volume_mm3: sum(|facts| facts.area_mm2),
        surface_mm2: sum(|facts| facts.perimeter_mm),
        height_mm: height.0,
        layer_mm: layer.0,
    }
}

/// Print time of a build, from the end of set-up to the end of the print: the machine's time
/// model with the volume and the contours of the layers. `load` gives height and layer
/// thickness.
pub fn exact_print_time(time: &TimeModel, load: &BuildLoad, layers: &[LayerFacts]) -> Seconds {
    time.print_time(&build_load(layers, Mm(load.layer_mm), Mm(load.height_mm)))
}

/// Print time of a sliced build on a machine, from the end of set-up to the end of the print.
///
/// Where the machine says how it makes its layers, it is the sum over these, rounded up to whole
/// seconds; else that of [`exact_print_time`]. `figures` may be empty, see [`layer_works`].
pub fn sliced_print_time(
    machine: &Machine,
    load: &BuildLoad,
    layers: &[LayerFacts],
    figures: &[LayerFigures],
) -> Seconds {
    match &machine.exposure {
        Some(exposure) => {
            Seconds::ceil_from(process_time(exposure, layer_works(layers, figures)).total())
        }
        None => exact_print_time(&machine.time, load, layers),
    }
}

/// Feedstock in the parts: Σ area × layer thickness × the share of it that the process fills
/// (0–1] × density (g/cm³).
pub fn material(
    solid_fraction: f64,
    density_g_cm3: f64,
    layers: &[LayerFacts],
    layer: Mm,
) -> Grams {
    let volume_mm3 = layers.iter().map(|facts| facts.area_mm2).sum::<f64>() * layer.0;
    Grams(volume_mm3 / 1000.0 * solid_fraction * density_g_cm3)
}
