//! G-code, read move by move.

use std::f64::consts::FRAC_PI_4;

use platewright_model::exposure::ExposureModel;
use platewright_model::geometry::BoxMm;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::machine::{Calendar, Machine, TimeModel};
use platewright_model::measure::{Mm, Money, Seconds};
use platewright_model::time::Time;

use super::*;
use crate::Layer;
use crate::format::FormatOptions;
use crate::format::testing::{layers, slicer, write};

/// A move that puts plastic down.
struct Line {
    layer: usize,
    part: u32,
    from: [f64; 2],
    to: [f64; 2],
    filament_mm: f64,
    feed: f64,
}

fn read(text: &str) -> Vec<Line> {
    let (mut layer, mut part, mut at, mut feed, mut drawn) = (0, 0, [0.0; 2], 0.0, 0.0);
    let mut lines = Vec::new();
    for line in text.lines() {
        if let Some(number) = line.strip_prefix(";LAYER:") {
            layer = number.parse().unwrap();
        } else if let Some(number) = line.strip_prefix(";PART:") {
            part = number.parse::<u32>().unwrap() - 1;
        } else if line.starts_with("G0") || line.starts_with("G1") {
            let word = |letter: char| {
                let mut words = line.split(' ').filter_map(|w| w.strip_prefix(letter));
                words.next().map(|number| number.parse::<f64>().unwrap())
            };
            feed = word('F').unwrap_or(feed);
            let to = [word('X').unwrap_or(at[0]), word('Y').unwrap_or(at[1])];
            match word('E') {
                Some(filament_mm) if to != at => {
                    assert!(line.starts_with("G1") && drawn == 0.0, "{line}");
                    lines.push(Line { layer, part, from: at, to, filament_mm, feed });
                }
                Some(filament_mm) => drawn += filament_mm,
                None => assert!(line.starts_with("G0") || to == at, "{line}"),
            }
            at = to;
        }
    }
    lines
}

fn gcode(options: GcodeOptions) -> Result<Vec<Line>, crate::SliceError> {
    let options = FormatOptions { gcode: options, ..FormatOptions::default() };
    let bytes = write("gcode", &slicer(), &options)?;
    assert_eq!(bytes, write("gcode", &slicer(), &options)?);
    Ok(read(&String::from_utf8(bytes).unwrap()))
}

fn length(line: &Line) -> f64 {
    (line.to[0] - line.from[0]).hypot(line.to[1] - line.from[1])
}

/// Winding number of a layer's part around a point, and how far its contours are, mm.
fn inside(layer: &Layer, part: u32, p: [f64; 2]) -> (i32, f64) {
    let (mut winding, mut nearest) = (0, f64::INFINITY);
    for contour in layer.contours().filter(|c| c.part == part) {
        let points: Vec<[f64; 2]> = contour.points().collect();
        for (k, &a) in points.iter().enumerate() {
            let b = points[(k + 1) % points.len()];
            let d = [b[0] - a[0], b[1] - a[1]];
            let to = [p[0] - a[0], p[1] - a[1]];
            let left = d[0] * to[1] - d[1] * to[0] > 0.0;
            if a[1] <= p[1] && p[1] < b[1] && left {
                winding += 1;
            } else if b[1] <= p[1] && p[1] < a[1] && !left {
                winding -= 1;
            }
            let t = ((to[0] * d[0] + to[1] * d[1]) / (d[0] * d[0] + d[1] * d[1])).clamp(0.0, 1.0);
            nearest = nearest.min((to[0] - t * d[0]).hypot(to[1] - t * d[1]));
        }
    }
    (winding, nearest)
}

#[test]
fn plastic_is_length_times_cross_section() {
    let options = GcodeOptions { filament_mm: 2.85, ..GcodeOptions::default() };
    let lines = gcode(options).unwrap();
    let mut of_layer = [(0.0, 0.0); 60];
    for line in &lines {
        let (put, fed) = &mut of_layer[line.layer];
        *put += length(line) * options.line_mm * 0.1;
        *fed += line.filament_mm * FRAC_PI_4 * 2.85 * 2.85;
    }
    for (put, fed) in of_layer {
        // Half a step of the filament for each path of a layer, of which there are few.
        assert!((put - fed).abs() < 100.0 * 0.5e-5 * FRAC_PI_4 * 2.85 * 2.85, "{put} {fed}");
    }
    let sum: f64 = of_layer.iter().map(|(put, _)| put).sum();
    assert!(sum > 20.0, "{sum}");
}

#[test]
fn lines_stay_within_the_solid() {
    let options = GcodeOptions { infill_mm: 0.4, ..GcodeOptions::default() };
    let lines = gcode(options).unwrap();
    let layers = layers(&slicer());
    for line in &lines {
        let layer = &layers[line.layer];
        for t in [0.0, 0.3, 0.5, 0.8, 1.0] {
            let p = [0, 1].map(|k| line.from[k] + t * (line.to[k] - line.from[k]));
            let (winding, nearest) = inside(layer, line.part, p);
            assert_eq!(winding, 1, "{p:?} in layer {}", line.layer);
            let (a, b) = (line.from, line.to);
            assert!(
                nearest > 0.2 - 0.005 * 0.4 - 2e-5,
                "{p:?} of {a:?} to {b:?} is {nearest} mm off"
            );
        }
    }
    // Lines side by side fill the solid, but for what lies between perimeters and infill: of
    // the ring, whose wall is five lines thick, one line's width.
    for (layer, part, least) in [(3, 0, 0.79), (4, 0, 0.79), (8, 3, 0.8), (9, 3, 0.8)] {
        let of_part = lines.iter().filter(|l| l.layer == layer && l.part == part);
        let covered: f64 = of_part.map(|l| length(l) * 0.4).sum();
        let piece = layers[layer].pieces.iter().find(|piece| piece.part == part).unwrap();
        let share = covered / piece.region.area();
        assert!((least..1.0).contains(&share), "{share} of part {part}");
    }
}

#[test]
fn perimeters_are_a_line_apart() {
    let options = GcodeOptions { perimeters: 3, infill_mm: 0.0, ..GcodeOptions::default() };
    let lines = gcode(options).unwrap();
    // The hexagon that stands upright, from 0.05 mm up: in layer 8 it is whole.
    let walked: f64 = lines.iter().filter(|l| l.layer == 8 && l.part == 3).map(length).sum();
    let inner = |k: f64| 2.0 * 3_f64.sqrt() / 2.0 - 0.4 * (k + 0.5);
    let want: f64 = (0..3).map(|k| 12.0 / 3_f64.sqrt() * inner(f64::from(k))).sum();
    assert!((walked - want).abs() < 1e-3, "{walked} {want}");
}

#[test]
fn limits_of_the_machine_hold() {
    let volume = |max| Some(BoxMm { min: [-10.0, -10.0, 0.0], max });
    let slow = GcodeOptions {
        flow_max_mm3_s: Some(1.2),
        speed_max_mm_s: Some(100.0),
        volume: volume([30.0, 30.0, 10.0]),
        ..GcodeOptions::default()
    };
    // 1.2 mm³/s through 0.4 mm × 0.1 mm is 30 mm/s.
    assert!(gcode(slow).unwrap().iter().all(|line| line.feed == 1800.0));
    let slower = GcodeOptions { speed_max_mm_s: Some(20.0), ..slow };
    assert!(gcode(slower).unwrap().iter().all(|line| line.feed == 1200.0));
    let refused = [
        GcodeOptions { volume: volume([30.0, 30.0, 5.9]), ..slow },
        GcodeOptions { line_mm: f64::NAN, ..slow },
        GcodeOptions { filament_mm: 0.0, ..slow },
        GcodeOptions { infill_mm: 0.1, ..slow },
        GcodeOptions { perimeters: 5000, ..slow },
    ];
    for options in refused {
        let Err(error) = gcode(options) else { panic!("{options:?}") };
        assert!(error.to_string().contains("E7017"), "{error}");
    }
}

/// A machine with this way to make its layers.
fn machine(volume: VolumeShape, layers: Option<&str>) -> Machine {
    let source = "by hand".to_owned();
    Machine {
        id: "m1".into(),
        centre: "c1".into(),
        name: "Extruder".to_owned(),
        class: "fff".into(),
        process: "fff".into(),
        materials: vec!["pla".into()],
        loaded: None,
        changeover: Seconds(0),
        changeover_cost: Money(0),
        volume: BuildVolume { shape: volume, excluded: Vec::new() },
        source: String::new(),
        time: TimeModel {
            setup: Seconds(0),
            fixed_s: 0.0,
            layer_s: 1.0,
            volume_s_per_mm3: 0.0,
            surface_s_per_mm2: 0.0,
            height_s_per_mm: 0.0,
            cool_down: Seconds(0),
            unload: Seconds(0),
        },
        time_source: String::new(),
        exposure: layers.map(|text| ExposureModel {
            source,
            fixed_s: 0.0,
            layers: serde_json::from_str(text).unwrap(),
            shrinkage: [0.0; 3],
        }),
        pixels: None,
        per_hour: Money(0),
        per_build: Money(0),
        least_fill: 0.0,
        short_fill: Money(0),
        calendar: Calendar { staffed: Vec::new(), maintenance: Vec::new() },
        free_from: Time(0),
        accepts: vec!["gcode".to_owned()],
    }
}

#[test]
fn options_come_from_the_machine_where_it_has_them() {
    let plate = VolumeShape::Cylinder { diameter: Mm(120.0), z: Mm(90.0) };
    let filament = r#"{"kind": "filament", "layer_s": 1, "filament_mm": 2.85, "line_mm": 0.6,
        "walls": 3, "wall_mm_s": 40, "fill_mm_s": 80, "accelerate_mm_s2": 1000,
        "fill_share": 0.2, "flow_mm3_s": 9}"#;
    let own = GcodeOptions::of_machine(&machine(plate, Some(filament)));
    assert_eq!((own.line_mm, own.filament_mm, own.perimeters), (0.6, 2.85, 3));
    assert_eq!((own.print_mm_s, own.flow_max_mm3_s), (40.0, Some(9.0)));
    assert!((own.infill_mm - 3.0).abs() < 1e-12);
    let room = own.volume.expect("the machine has a volume");
    assert!((0..3).all(|k| (room.max[k] - [120.0, 120.0, 90.0][k]).abs() < 0.01));
    assert!(gcode(GcodeOptions { volume: None, ..own }).is_ok());
    // Other kinds of machines, and figures that G-code cannot hold, leave what is usual.
    let usual = GcodeOptions { volume: own.volume, ..GcodeOptions::default() };
    let jetting = r#"{"kind": "jetting", "layer_s": 7}"#;
    let hairy = filament.replace("0.6", "1e-4");
    for layers in [None, Some(jetting), Some(hairy.as_str())] {
        assert_eq!(GcodeOptions::of_machine(&machine(plate, layers)), usual, "{layers:?}");
    }
    let empty = filament.replace("\"fill_share\": 0.2", "\"fill_share\": 0");
    assert_eq!(GcodeOptions::of_machine(&machine(plate, Some(&empty))).infill_mm, 0.0);
}
