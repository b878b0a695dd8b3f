//! Process times against hatches that are drawn, moves that are counted, and the linear model.

use std::f64::consts::PI;

use platewright_model::exposure::{
    BeamExposure, ExposureModel, FilamentExposure, JettingExposure, LayerExposure, ResinExposure,
};
use platewright_model::machine::{BuildLoad, TimeModel};
use platewright_model::measure::{Mm, Seconds};
use platewright_model::stage::LayerFacts;

use super::{LayerWork, layer_time, layer_works, linear_time_model, process_time};
use crate::build_load;
use crate::region::shapes::{circle, rectangle};
use crate::region::{GRID_MM, Region};

const BEAM: BeamExposure = BeamExposure {
    recoat_s: 9.0,
    beams: 1.0,
    hatch_mm: 0.1,
    hatch_mm_s: 1200.0,
    hatch_jump_s: 0.0004,
    stripe_mm: 0.0,
    contour_passes: 2.0,
    contour_mm_s: 400.0,
    contour_jump_s: 0.001,
    layer_min_s: 0.0,
};

const FILAMENT: FilamentExposure = FilamentExposure {
    layer_s: 0.6,
    filament_mm: 1.75,
    line_mm: 0.45,
    walls: 2.0,
    wall_mm_s: 100.0,
    fill_mm_s: 200.0,
    accelerate_mm_s2: 3000.0,
    fill_share: 0.2,
    solid_layers: 4.0,
    flow_mm3_s: 15.0,
    contour_jump_s: 0.4,
    layer_min_s: 0.0,
};

fn model(layers: LayerExposure) -> ExposureModel {
    ExposureModel { source: "test".into(), fixed_s: 1800.0, layers, shrinkage: [0.0; 3] }
}

fn work(region: &Region) -> LayerWork {
    LayerWork {
        index: 1,
        thickness_mm: 0.1,
        area_mm2: region.area(),
        perimeter_mm: region.perimeter(),
        contours: region.n_rings() as u32,
        changed_mm2: 0.0,
    }
}

/// Lines of a drawn hatch and their length, the mean over directions as machines turn them.
fn drawn_hatch(region: &Region, hatch_mm: f64) -> (f64, f64) {
    let (mut lines, mut length, directions) = (0.0, 0.0, 180);
    for k in 0..directions {
        let (sin, cos) = (PI * (f64::from(k) + 0.5) / f64::from(directions)).sin_cos();
        let turned = |p: &[i32; 2]| {
            let [x, y] = p.map(|c| f64::from(c) * GRID_MM);
            [x * cos + y * sin, y * cos - x * sin]
        };
        // Where the first line lies differs too, or small regions would tell of one phase only.
        let mut y = -100.0 + (0.618 * f64::from(k)).fract() * hatch_mm;
        while y < 100.0 {
            let mut crossings: Vec<f64> = Vec::new();
            for ring in region.rings() {
                for (i, p) in ring.iter().enumerate() {
                    let (a, b) = (turned(p), turned(&ring[(i + 1) % ring.len()]));
                    if (a[1] <= y) != (b[1] <= y) {
                        crossings.push(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
                    }
                }
            }
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                lines += 1.0;
                length += pair[1] - pair[0];
            }
            y += hatch_mm;
        }
    }
    (lines / f64::from(directions), length / f64::from(directions))
}

#[test]
fn hatch_lines_are_as_many_as_are_drawn() {
    let plate = rectangle([-20.0, -5.0], [25.0, 12.0]);
    let holed = plate.without(&circle([3.0, 3.0], 4.0, 60)).without(&circle([15.0, 2.0], 3.0, 60));
    let star = circle([0.0, 0.0], 9.0, 40).differing(&circle([6.0, 0.0], 7.0, 40));
    for region in [plate, holed, star, circle([0.0, 0.0], 0.8, 90)] {
        let (lines, length) = drawn_hatch(&region, BEAM.hatch_mm);
        let found = layer_time(&LayerExposure::Beam(BEAM), &work(&region));
        let drawn_s = length / BEAM.hatch_mm_s;
        assert!((found.fill_s / drawn_s - 1.0).abs() < 2e-3, "{} {drawn_s}", found.fill_s);
        let traces = f64::from(region.n_rings() as u32) * BEAM.contour_passes;
        let jumps_s = lines * BEAM.hatch_jump_s + traces * BEAM.contour_jump_s;
        assert!((found.jump_s / jumps_s - 1.0).abs() < 1e-2, "{} {jumps_s}", found.jump_s);
        assert_eq!(found.contour_s, region.perimeter() * 2.0 / 400.0);
    }
}

#[test]
fn beams_share_the_work_but_not_the_recoating() {
    let layer = work(&rectangle([0.0, 0.0], [40.0, 40.0]));
    let one = layer_time(&LayerExposure::Beam(BEAM), &layer);
    let four = layer_time(&LayerExposure::Beam(BeamExposure { beams: 4.0, ..BEAM }), &layer);
    assert!((one.total() - 9.0 - 4.0 * (four.total() - 9.0)).abs() < 1e-9);
    let striped = BeamExposure { stripe_mm: 5.0, ..BEAM };
    let striped = layer_time(&LayerExposure::Beam(striped), &layer);
    let more = 1600.0 / (0.1 * 5.0) * BEAM.hatch_jump_s;
    assert!((striped.jump_s - one.jump_s - more).abs() < 1e-9);
}

#[test]
fn a_layer_waits_for_its_least_time() {
    let slow = LayerExposure::Beam(BeamExposure { layer_min_s: 40.0, ..BEAM });
    let (small, large) = (rectangle([0.0; 2], [2.0; 2]), rectangle([0.0; 2], [90.0; 2]));
    assert_eq!(layer_time(&slow, &work(&small)).total(), 40.0);
    let busy = layer_time(&slow, &work(&large));
    assert!(busy.wait_s == 0.0 && busy.total() > 40.0);
}

#[test]
fn filament_slows_down_for_flow_and_short_lines() {
    let layer = |side: f64, thickness_mm: f64| LayerWork {
        thickness_mm,
        ..work(&rectangle([0.0; 2], [side; 2]))
    };
    let time = |layer: LayerWork| layer_time(&LayerExposure::Filament(FILAMENT), &layer);
    // 0.45 mm by 0.4 mm at 15 mm³/s are 83.3 mm/s.
    let thick = time(layer(50.0, 0.4));
    assert!((thick.contour_s - 200.0 * 2.0 * 0.45 * 0.4 / 15.0).abs() < 1e-9);
    assert!((time(layer(50.0, 0.1)).contour_s - 200.0 * 2.0 / 100.0).abs() < 1e-9);
    // Lines of 4 mm begin and end at rest before they reach 200 mm/s.
    let (side, inside) = (6.8, 6.8 * 6.8 - 4.0 * 6.8 * 0.9);
    let (line, length) = (PI * inside / (4.0 * side), inside * 0.2 / 0.45);
    assert!(line * 3000.0 < 200.0 * 200.0);
    let expected = length / line * 2.0 * (line / 3000.0_f64).sqrt();
    assert!((time(layer(side, 0.1)).fill_s - expected).abs() < 1e-9);
    // Only walls where there is no room for more.
    assert_eq!(time(layer(1.5, 0.1)).fill_s, 0.0);
}

#[test]
fn surfaces_of_filament_are_filled_wholly() {
    let facts = |n: u32| -> Vec<LayerFacts> {
        (1..=n)
            .map(|i| LayerFacts {
                top_mm: 0.2 * f64::from(i),
                area_mm2: 2500.0,
                perimeter_mm: 200.0,
                contours: 1,
            })
            .collect()
    };
    let fill = |share: f64, solid_layers: f64, n: u32| {
        let filament = FilamentExposure { fill_share: share, solid_layers, ..FILAMENT };
        process_time(&model(LayerExposure::Filament(filament)), layer_works(&facts(n), &[]))
            .layers
            .fill_s
    };
    // 4 layers below and 4 above are filled wholly: as eight more layers of what is missing.
    let (plain, solid) = (fill(0.2, 0.0, 100), fill(0.2, 4.0, 100));
    assert!((solid - plain - 8.0 * 0.8 * fill(1.0, 0.0, 1)).abs() < 1e-6);
    assert_eq!(fill(1.0, 4.0, 100), fill(1.0, 0.0, 100));
}

#[test]
fn resin_and_jetting_take_the_same_for_every_layer() {
    let resin = ResinExposure {
        exposure_s: 2.5,
        bottom_layers: 5.0,
        bottom_exposure_s: 30.0,
        lift_mm: 6.0,
        lift_mm_s: 1.5,
        lower_mm_s: 3.0,
        rest_s: 1.0,
    };
    let layers = |n: u32| (0..n).map(|index| LayerWork { index, ..LayerWork::default() });
    let time = process_time(&model(LayerExposure::Resin(resin)), layers(100));
    assert!((time.layers.prepare_s - 100.0 * (4.0 + 2.0 + 1.0)).abs() < 1e-9);
    assert!((time.layers.fill_s - (5.0 * 30.0 + 95.0 * 2.5)).abs() < 1e-9);
    let jetting = LayerExposure::Jetting(JettingExposure { layer_s: 7.5 });
    assert_eq!(process_time(&model(jetting), layers(100)).total(), 1800.0 + 750.0);
}

#[test]
fn the_linear_model_agrees_where_time_is_linear() {
    let base = TimeModel {
        setup: Seconds(600),
        fixed_s: 1.0,
        layer_s: 1.0,
        volume_s_per_mm3: 1.0,
        surface_s_per_mm2: 1.0,
        height_s_per_mm: 1.0,
        cool_down: Seconds(7200),
        unload: Seconds(900),
    };
    // A cone frustum of large layers without solid surfaces.
    let facts: Vec<LayerFacts> = (0..400)
        .map(|i| {
            let r = 60.0 - 0.05 * f64::from(i);
            LayerFacts {
                top_mm: 0.1 * f64::from(i + 1),
                area_mm2: PI * r * r,
                perimeter_mm: 2.0 * PI * r,
                contours: 1,
            }
        })
        .collect();
    let resin = ResinExposure {
        exposure_s: 2.5,
        bottom_layers: 5.0,
        bottom_exposure_s: 30.0,
        lift_mm: 6.0,
        lift_mm_s: 1.5,
        lower_mm_s: 3.0,
        rest_s: 1.0,
    };
    for layers in [
        LayerExposure::Beam(BeamExposure { contour_jump_s: 0.0, stripe_mm: 10.0, ..BEAM }),
        LayerExposure::Filament(FilamentExposure {
            contour_jump_s: 0.0,
            solid_layers: 0.0,
            ..FILAMENT
        }),
        LayerExposure::Resin(resin),
        LayerExposure::Jetting(JettingExposure { layer_s: 7.5 }),
    ] {
        let model = model(layers);
        let exact = process_time(&model, layer_works(&facts, &[])).total();
        let linear = linear_time_model(&model, &base, Mm(0.1));
        let load: BuildLoad = build_load(&facts, Mm(0.1), Mm(40.0));
        let found = linear.print_time(&load).0 as f64;
        assert!((found / exact - 1.0).abs() < 1e-3, "{layers:?}: {found} against {exact}");
        assert_eq!((linear.setup, linear.cool_down), (base.setup, base.cool_down));
    }
}
