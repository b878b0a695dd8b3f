//! Layer files.

use std::sync::Arc;

use super::building::{at, slicer, written};
use super::solids::{Collected, cuboid, torus};
use crate::BuildSlicer;
use crate::format::{FORMATS, LayerFormat, read_cli};

fn build() -> BuildSlicer {
    let placed = [
        (Arc::new(torus(10.0, 3.0, 96)), at(20.0, 20.0, 3.0)),
        (Arc::new(cuboid([5.0, 4.0, 3.0])), at(40.0, 10.0, 0.0)),
    ];
    slicer(&placed, 6.0, 0.0)
}

#[test]
fn cli_keeps_heights_and_areas() {
    let layers = Collected::of(&build());
    let bytes = written(&build(), "cli");
    let file = read_cli(&bytes).unwrap();
    assert_eq!(file.layers.len(), layers.layers.len());
    for (read, layer) in file.layers.iter().zip(&layers.layers) {
        assert!((read.top_mm - layer.top_mm).abs() < 1e-6);
        assert!((read.area() - layer.facts.area_mm2).abs() < 1e-4, "{}", layer.top_mm);
        assert_eq!(read.polylines.len(), layer.contours().count());
        for (polyline, contour) in read.polylines.iter().zip(layer.contours()) {
            assert_eq!(polyline.id, contour.part + 1);
            assert_eq!(polyline.direction == 0, contour.is_hole());
        }
    }
    assert!(file.layers.iter().any(|l| l.polylines.iter().any(|p| p.direction == 0)));
}

#[test]
fn broken_cli_is_refused_and_never_panics() {
    let bytes = written(&build(), "cli");
    for end in (0..bytes.len().min(4000)).chain([bytes.len() - 1, bytes.len() - 7]) {
        // A cut between two commands leaves a shorter but whole file.
        if let Ok(file) = read_cli(&bytes[..end]) {
            assert!(file.layers.len() <= 60);
        }
    }
    assert!(read_cli(b"").is_err());
    assert!(read_cli(&bytes[..bytes.len() - 1]).is_err());
    let mut huge = bytes.clone();
    let start = bytes.windows(11).position(|w| w == b"$$HEADEREND").unwrap() + 11;
    // The count of the first polyline, after layer (2 + 4), command, id and direction.
    huge[start + 16..start + 20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read_cli(&huge).unwrap_err().to_string().contains("E7007"));
}

#[test]
fn every_format_writes_every_layer() {
    let build = build();
    for format in FORMATS {
        let bytes = written(&build, format.name);
        assert!(!bytes.is_empty(), "{}", format.name);
        assert_eq!(bytes, written(&build, format.name));
    }
    let svg = String::from_utf8(written(&build, "svg")).unwrap();
    assert_eq!(svg.matches("<g id=").count(), 60);
    assert!(svg.contains("slic3r:z=\"0.10000\"") && svg.contains("slic3r:type=\"hole\""));
    let ascii = String::from_utf8(written(&build, "cli-ascii")).unwrap();
    assert_eq!(ascii.matches("$$LAYER/").count(), 60);
    assert!(ascii.starts_with("$$HEADERSTART\n$$ASCII\n"));
    let unknown = LayerFormat::named("goo").unwrap_err().to_string();
    assert!(unknown.contains("cli, cli-ascii, svg"), "{unknown}");
}
