//! Any bytes as a layer file: CLI and SLC. What is read is finite.

#![no_main]

use platewright_slicer::format::{read_cli, read_slc};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = read_cli(bytes) {
        for layer in &file.layers {
            let lines = layer.hatches.iter().flat_map(|h| h.lines.as_flattened());
            let points = layer.polylines.iter().flat_map(|p| &p.points);
            assert!(lines.chain(points).all(|p| p.iter().all(|x| x.is_finite())));
            assert!(layer.top_mm.is_finite());
        }
    }
    if let Ok(file) = read_slc(bytes) {
        let points = file.layers.iter().flat_map(|l| &l.contours).flatten();
        assert!(points.flatten().all(|x| x.is_finite()));
    }
});
