//! CLI files, written and read back.

use colain::clitype::LongCLI;
use platewright_mesh::ring_area;
use proptest::prelude::*;

use super::*;
use crate::format::testing::{layers, slicer, write};
use crate::format::{FormatOptions, PartLabel};
use crate::{BuildSlicer, Contour, Layer};

fn options(cli_aligned: bool) -> FormatOptions {
    let label = |label: &str| PartLabel { label: label.to_owned(), uuid: None };
    FormatOptions {
        name: "b".to_owned(),
        parts: vec![label("A/0/1"), label("$$END //x")],
        cli_aligned,
        ..FormatOptions::default()
    }
}

fn check_same(file: &CliFile, slicer: &BuildSlicer, layers: &[Layer], reach: f64) {
    assert_eq!(file.layers.len(), layers.len());
    let (mut theirs, mut ours) = (0.0, 0.0);
    for (read, layer) in file.layers.iter().zip(layers) {
        assert!((read.top_mm - layer.top_mm).abs() < 1e-6);
        assert!(read.hatches.is_empty());
        assert_eq!(read.polylines.len(), layer.contours().count());
        for (polyline, contour) in read.polylines.iter().zip(layer.contours()) {
            assert_eq!(polyline.id, contour.part + 1);
            assert_eq!(polyline.direction == 0, contour.is_hole());
            assert_eq!(polyline.points.len(), contour.ring.len());
            for (p, q) in polyline.points.iter().zip(contour.points()) {
                assert!((p[0] - q[0]).abs() <= reach && (p[1] - q[1]).abs() <= reach);
            }
        }
        let facts = &layer.facts;
        let (area, rounding) = (facts.area_mm2, reach * facts.perimeter_mm + 1e-9);
        assert!((read.area() - area).abs() <= rounding, "{} {area}", read.area());
        (theirs, ours) = (theirs + read.area(), ours + area);
    }
    assert!(ours > 1000.0 && (theirs - ours).abs() <= 1e-6 * ours, "{theirs} {ours}");
    let bounds = file.dimension.unwrap();
    for k in 0..3 {
        assert!((bounds.min[k] - slicer.stack().bounds.min[k]).abs() < 1e-6);
        assert!((bounds.max[k] - slicer.stack().bounds.max[k]).abs() < 1e-6);
    }
    let labels: Vec<_> = file.labels.iter().map(|(id, l)| (*id, l.as_str())).collect();
    assert_eq!(labels, [(1, "A/0/1"), (2, "$ $END / /x"), (3, "part 3"), (4, "part 4")]);
    assert_eq!((file.unit_mm, file.version), (1.0, 200));
}

#[test]
fn what_is_written_reads_back() {
    let slicer = slicer();
    let layers = layers(&slicer);
    assert!(layers.iter().any(|l| l.contours().any(Contour::is_hole)));
    for (format, aligned, reach) in
        [("cli", false, 2e-6), ("cli", true, 2e-6), ("cli-ascii", false, 1e-12)]
    {
        let bytes = write(format, &slicer, &options(aligned)).unwrap();
        check_same(&read_cli(&bytes).unwrap(), &slicer, &layers, reach);
        assert_eq!(bytes, write(format, &slicer, &options(aligned)).unwrap());
    }
}

/// Another reader finds the same heights, ids and areas.
#[test]
fn colain_reads_the_same() {
    let slicer = slicer();
    // Aligned, since that reader takes the floats in place.
    let bytes = write("cli", &slicer, &options(true)).unwrap();
    let file = colain::CLI::<LongCLI>::new(&bytes).unwrap();
    let head = file.header();
    assert_eq!((head.units, head.version, head.aligned), (1.0, 2.0, true));
    let layers = layers(&slicer);
    assert_eq!(head.layers, Some(layers.len()));
    let (mut theirs, mut ours) = (0.0, 0.0);
    for (read, layer) in file.iter().zip(&layers) {
        assert!((f64::from(read.height()) - layer.top_mm).abs() < 1e-6);
        assert_eq!(read.iter_loops().count(), layer.contours().count());
        for (ring, contour) in read.iter_loops().zip(layer.contours()) {
            assert_eq!(ring.id(), contour.part as i32 + 1);
            assert_eq!(ring.dir(), i32::from(!contour.is_hole()));
            let points: Vec<[f64; 2]> = ring.iter().map(|p| p.map(f64::from)).collect();
            assert_eq!(points.first(), points.last(), "a closed polyline ends where it begins");
            theirs += ring_area(&points[1..]);
        }
        ours += layer.facts.area_mm2;
    }
    assert!(ours > 1000.0 && (theirs - ours).abs() < 1e-6 * ours, "{theirs} {ours}");
}

fn u16s(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

#[test]
fn short_commands_are_in_units_and_may_be_aligned() {
    let head = |more: &str| {
        format!("$$HEADERSTART\n$$BINARY // a comment //\n$$UNITS/0.005\n$$VERSION/100\n{more}")
    };
    let mut plain = head("$$LABEL/3,x\n$$HEADEREND").into_bytes();
    plain.extend(u16s(&[128, 20, 129, 3, 1, 4, 0, 0, 200, 0, 0, 65_535, 0, 0]));
    plain.extend(u16s(&[131, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8, 129, 3, 2, 2, 9, 9, 9, 9]));
    let mut aligned = head("$$ALIGN\n$$LABEL/3,x\n$$HEADEREND").into_bytes();
    aligned.resize(aligned.len().next_multiple_of(4), 0);
    aligned.extend(u16s(&[128, 0, 20, 0, 129, 0, 3, 0, 1, 0, 4, 0, 0, 0, 200, 0, 0, 65_535, 0, 0]));
    aligned.extend(u16s(&[131, 0, 3, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8]));
    aligned.extend(u16s(&[129, 0, 3, 0, 2, 0, 2, 0, 9, 9, 9, 9]));
    let file = read_cli(&plain).unwrap();
    assert_eq!(file, read_cli(&aligned).unwrap());
    let [layer] = &file.layers[..] else { panic!("{file:?}") };
    assert!((layer.top_mm - 0.1).abs() < 1e-12);
    assert!((layer.area() - 0.5 * 1.0 * 327.675).abs() < 1e-9, "{}", layer.area());
    assert_eq!(layer.polylines[1].points.len(), 2, "an open polyline keeps its last point");
    let unit = 0.005;
    let line = |n: [f64; 4]| [[n[0] * unit, n[1] * unit], [n[2] * unit, n[3] * unit]];
    let lines = vec![line([1.0, 2.0, 3.0, 4.0]), line([5.0, 6.0, 7.0, 8.0])];
    assert_eq!(layer.hatches, [CliHatches { id: 3, lines }]);
    assert_eq!((file.unit_mm, file.version, &file.labels[0].1[..]), (0.005, 100, "x"));
}

#[test]
fn text_may_be_spaced_and_commented() {
    let text = "$$HEADERSTART\r\n// made by hand //\r\n$$ASCII\r\n$$UNITS/0.5\r\n$$VERSION/200\r\n\
        $$LAYERS/2\r\n$$HEADEREND\r\n//x// $$GEOMETRYSTART // to the end\r\n$$LAYER/1.0\r\n\
        $$POLYLINE/7, 0, 4,\n 0,0, 0,2, // up //\n 2,0 0.0,0.0\n$$HATCHES/7,1,0,1,-1e0,+2\n\
        $$LAYER/2\n$$GEOMETRYEND";
    let file = read_cli(text.as_bytes()).unwrap();
    assert_eq!(file.layers.len(), 2);
    let layer = &file.layers[0];
    assert_eq!(layer.top_mm, 0.5);
    assert_eq!(layer.polylines[0].points, [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]);
    assert_eq!(layer.area(), -0.5);
    assert_eq!(layer.hatches[0].lines, [[[0.0, 0.5], [-0.5, 1.0]]]);
    let broken = [
        ("LAYERS/2\r\n$$HEADEREND", "LAYERS/2", "HEADEREND"),
        ("$$ASCII", "", "$$BINARY or $$ASCII"),
        ("$$UNITS/0.5", "$$UNITS/-1", "$$UNITS"),
        ("$$VERSION/200", "", "$$VERSION"),
        ("7, 0, 4", "7, 0, 4000000000", "do not fit"),
        ("7, 0, 4", "7, 3, 4", "direction 3"),
        ("7, 0, 4", "7, 0, 5", "number is missing"),
        ("7, 0, 4", "7, 0, 3", "$$"),
        ("-1e0", "1e999", "finite"),
        ("-1e0", "1e1e1", "is no number"),
        ("$$GEOMETRYEND", "", "GEOMETRYEND"),
        ("$$LAYER/1.0", "", "before the first layer"),
        ("$$GEOMETRYSTART", "", "GEOMETRYSTART"),
        ("$$HATCHES", "$$HASHES", "HASHES"),
    ];
    for (from, to, what) in broken {
        let error = read_cli(text.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("E7007") && error.contains(what), "{error} for {what}");
    }
}

#[test]
fn counts_are_not_believed() {
    let bytes = write("cli", &slicer(), &FormatOptions::default()).unwrap();
    let start = bytes.windows(11).position(|w| w == b"$$HEADEREND").unwrap() + 11;
    // The count of the first polyline, after layer (2 + 4), command, id and direction.
    for huge in [u32::MAX, u32::MAX / 8, 1 << 28] {
        let mut bytes = bytes.clone();
        bytes[start + 16..start + 20].copy_from_slice(&huge.to_le_bytes());
        assert!(read_cli(&bytes).unwrap_err().to_string().contains("do not fit"));
    }
    let error = read_cli(&bytes[..bytes.len() - 1]).unwrap_err().to_string();
    assert!(error.contains("E7007"), "{error}");
    assert!(read_cli(b"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A damaged file is refused or read, and what is read is finite.
    #[test]
    fn damage_never_panics(
        which in 0_usize..3,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (format, aligned) = [("cli", false), ("cli", true), ("cli-ascii", false)][which];
        let mut bytes = write(format, &slicer(), &options(aligned)).unwrap();
        // The first layers are enough, and quicker.
        bytes.truncate(20_000);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(file) = read_cli(&bytes) {
            let mut points = file.layers.iter().flat_map(|l| &l.polylines).flat_map(|p| &p.points);
            prop_assert!(points.all(|p| p.iter().all(|x| x.is_finite())));
        }
    }

    /// Any bytes after a good header.
    #[test]
    fn noise_never_panics(
        aligned in any::<bool>(),
        binary in any::<bool>(),
        noise in prop::collection::vec(
            prop_oneof![0_u8..8, 125_u8..134, 40_u8..58, Just(b'$'), any::<u8>()], 0..400),
    ) {
        let kind = if binary { "BINARY" } else { "ASCII\n$$GEOMETRYSTART" };
        let align = if aligned { "$$ALIGN\n" } else { "" };
        let head = format!("$$UNITS/1\n$$VERSION/200\n{align}$${kind}\n$$HEADEREND");
        drop(read_cli(&[head.as_bytes(), &noise].concat()));
    }
}
