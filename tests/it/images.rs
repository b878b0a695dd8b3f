//! Machines that take images: their packages hold them.

use std::io::{Cursor, Read};

use platewright_datasets::{NightOptions, night, write_night};
use platewright_tests::{config, plan_folder};
use serde_json::{Value, json};
use zip::ZipArchive;

/// Pixels of every machine along x and along y.
const PIXELS: u32 = 400;

/// Turns every machine into one of pixels over its whole plate.
fn give_pixels(centres: &mut Value) {
    let centres = centres["centres"].as_array_mut().expect("the night has centres");
    let machines = centres.iter_mut().map(|c| c["machines"].as_array_mut().expect("a list"));
    for machine in machines.flatten() {
        let volume = &machine["volume"];
        let edge = |axis: &str| match volume.get("diameter") {
            Some(diameter) => diameter.as_f64(),
            None => volume[axis].as_f64(),
        };
        let pitch = ["x", "y"].map(|axis| edge(axis).expect("a number") / f64::from(PIXELS));
        machine["pixels"] = json!({"size": [PIXELS, PIXELS], "pitch_mm": pitch});
        machine["accepts"] = json!(["png", "sl1"]);
    }
}

fn archive(bytes: Vec<u8>) -> ZipArchive<Cursor<Vec<u8>>> {
    ZipArchive::new(Cursor::new(bytes)).expect("a ZIP")
}

fn member(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut member = archive.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    member.read_to_end(&mut bytes).expect("it can be read");
    bytes
}

#[test]
fn packages_hold_the_images_of_their_machines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("night");
    let frame = night(&NightOptions::units(12, 1)).expect("a small night");
    write_night(&path, &frame).expect("the night can be written");
    let file = path.join("centres.json");
    let text = std::fs::read(&file).expect("the night has centres");
    let mut centres = serde_json::from_slice(&text).expect("JSON");
    give_pixels(&mut centres);
    std::fs::write(&file, centres.to_string()).expect("the centres can be written");
    let run = plan_folder(&path, &folder.path().join("run"), &config(), 1, 2);
    assert_eq!(run.violations(), []);
    assert!(!run.plan.packages.packages.is_empty());
    for package in &run.plan.packages.packages {
        let slices = run.plan.slices.builds.iter().find(|b| b.build == package.build);
        let layers = &slices.expect("every build is sliced").layers;
        let bytes = std::fs::read(run.dir.path().join("80_packages").join(&package.file));
        let mut whole = archive(bytes.expect("the package is there"));
        let mut stack = archive(member(&mut whole, "layers-png.zip"));
        assert_eq!(stack.len(), layers.len() + 1);
        let manifest = member(&mut stack, "manifest.json");
        let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
        assert_eq!(manifest["size"], json!([PIXELS, PIXELS]));
        for (told, layer) in manifest["layers"].as_array().expect("a list").iter().zip(layers) {
            let area = told["area_mm2"].as_f64().expect("a number");
            assert!((area - layer.area_mm2).abs() <= 1e-12 * area, "{area}: {layer:?}");
        }
        let mut sl1 = archive(member(&mut whole, "layers-sl1.sl1"));
        // Two texts and two pictures beside the layers.
        assert_eq!(sl1.len(), layers.len() + 4);
        let config = String::from_utf8(member(&mut sl1, "config.ini")).expect("text");
        assert!(config.contains(&format!("numFast = {}\n", layers.len())), "{config}");
    }
}
