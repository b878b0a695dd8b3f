//! SLC files, written and read back.

use proptest::prelude::*;

use super::*;
use crate::format::FormatOptions;
use crate::format::testing::{layers, placed, slicer, write};
use crate::{BuildSlicer, Planes, SliceOptions};

fn options() -> FormatOptions {
    FormatOptions { name: "night 7 -UNIT INCH".to_owned(), ..FormatOptions::default() }
}

fn check(slicer: &BuildSlicer) -> SlcFile {
    let bytes = write("slc", slicer, &options()).unwrap();
    let file = read_slc(&bytes).unwrap();
    let layers = layers(slicer);
    assert_eq!(file.layers.len(), layers.len());
    for (read, layer) in file.layers.iter().zip(&layers) {
        assert!((read.bottom_mm - layer.bottom_mm).abs() < 1e-6);
        assert_eq!(read.contours.len(), layer.contours().count());
        let (area, perimeter) = (layer.facts.area_mm2, layer.facts.perimeter_mm);
        assert!((read.area() - area).abs() < 2e-6 * perimeter + 1e-9, "{} {area}", read.area());
    }
    assert!((file.top_mm - layers.last().unwrap().top_mm).abs() < 1e-6);
    file
}

#[test]
fn what_is_written_reads_back() {
    let file = check(&slicer());
    assert_eq!(file.runs.len(), 1);
    assert!((file.runs[0][1] - 0.1).abs() < 1e-7);
    assert!(file.header.contains("-NAME night_7__UNIT_INCH -EXTENTS "));
}

#[test]
fn thicknesses_have_a_table() {
    let tops: Vec<f64> = (1..=30).map(|i| if i < 11 { 0.1 } else { 0.3 } * f64::from(i)).collect();
    let build = |tops| {
        let planes = Planes::tops(tops).unwrap();
        BuildSlicer::new(&placed(), &planes, &SliceOptions::default()).unwrap()
    };
    let file = check(&build(tops));
    // The eleventh layer closes the gap between the two.
    assert_eq!(file.runs.len(), 3, "{:?}", file.runs);
    let many = (1..400).map(|i| 0.02 * f64::from(i) + 1e-3 * f64::from(i % 2)).collect();
    let error = write("slc", &build(many), &options()).unwrap_err().to_string();
    assert!(error.contains("E7017") && error.contains("255"), "{error}");
}

#[test]
fn inches_are_read() {
    let mut bytes = b"-UNIT INCH".to_vec();
    bytes.extend(HEADER_END);
    bytes.extend([0; RESERVED + 1]);
    for number in [1.0_f32.to_bits(), 1, 3, 0] {
        bytes.extend(number.to_le_bytes());
    }
    for x in [0.0_f32, 0.0, 1.0, 0.0, 0.0, 2.0, 2.0] {
        bytes.extend(x.to_le_bytes());
    }
    bytes.extend(LAST.to_le_bytes());
    let file = read_slc(&bytes).unwrap();
    assert_eq!((file.layers[0].bottom_mm, file.top_mm), (25.4, 50.8));
    assert!((file.layers[0].area() - 25.4 * 25.4).abs() < 1e-9);
    let error = |from: &[u8]| read_slc(from).unwrap_err().to_string();
    assert!(error(b"-UNIT MM").contains("header does not end"));
    assert!(error(b"-UNIT M\x0d\x0a\x1a").contains("-UNIT MM"));
    assert!(error(&bytes[..bytes.len() - 1]).contains("ends too early"));
    let points = bytes.len() - 4 - 28 - 8;
    bytes[points..points + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(error(&bytes).contains("do not fit"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A damaged file is refused or read, and what is read is finite.
    #[test]
    fn damage_never_panics(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = write("slc", &slicer(), &options()).unwrap();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(file) = read_slc(&bytes) {
            let mut points = file.layers.iter().flat_map(|l| &l.contours).flatten();
            prop_assert!(points.all(|p| p.iter().all(|x| x.is_finite())));
        }
    }
}
