//! The commands that look at runs and models.

use std::path::Path;

use crate::tool::{first_file, planned, platewright, text};

/// Ids of the run: a build, and an order and a unit in it.
fn ids(run: &Path) -> [String; 3] {
    let restored = platewright(&["restore", text(run), "--json"]).ends(0).json();
    let order = &restored["orders"][0];
    let copy = &order["lines"][0]["copies"][0];
    [&copy["build"], &order["order"], &copy["unit"]]
        .map(|id| id.as_str().unwrap_or_else(|| panic!("no ids in {restored}")).to_owned())
}

#[test]
fn check_ends_with_0_and_after_damage_with_3() {
    let base = planned();
    let run = base.path().join("run");
    let verdict = platewright(&["check", text(&run), "--json"]).ends(0).json();
    assert_eq!(verdict["valid"], true);
    let package = first_file(&run.join("80_packages"), "zip");
    let mut bytes = std::fs::read(&package).expect("a package");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&package, bytes).expect("a package");
    let said = platewright(&["check", text(&run)]).ends(3);
    assert!(said.out.contains("[E9101] package-file"), "{}", said.out);
    let verdict = platewright(&["check", text(&run), "--json"]).ends(3).json();
    assert_eq!(verdict["valid"], false);
    assert_eq!(verdict["violations"][0]["rule"], "package-file");
}

#[test]
fn a_folder_without_a_run_ends_with_4() {
    let base = planned();
    let night = base.path().join("night");
    for command in ["check", "restore", "report"] {
        platewright(&[command, text(&night)]).ends(4);
        platewright(&[command, text(&base.path().join("nowhere"))]).ends(4);
    }
}

#[test]
fn damaged_tables_of_a_run_end_with_4() {
    let base = planned();
    let run = base.path().join("run");
    let table = run.join("41_placements.parquet");
    let bytes = std::fs::read(&table).expect("a table");
    std::fs::write(&table, &bytes[..bytes.len() / 2]).expect("a table");
    let said = platewright(&["check", text(&run)]).ends(4);
    assert!(said.err.contains("41_placements.parquet"), "{}", said.err);
}

#[test]
fn restore_gives_all_orders_and_tells_of_a_lost_package() {
    let base = planned();
    let run = base.path().join("run");
    let restored = platewright(&["restore", text(&run), "--json"]).ends(0).json();
    assert_eq!(restored["orders"].as_array().map(Vec::len), Some(3));
    platewright(&["restore", text(&run)]).ends(0);
    let package = first_file(&run.join("80_packages"), "zip");
    std::fs::write(&package, b"no package").expect("a package");
    let said = platewright(&["restore", text(&run)]).ends(3);
    assert!(said.err.contains("E80"), "{}", said.err);
}

#[test]
fn explain_knows_builds_orders_and_units() {
    let base = planned();
    let run = base.path().join("run");
    for id in ids(&run) {
        let said = platewright(&["explain", text(&run), &id]).ends(0);
        assert!(said.out.contains("build "), "{}", said.out);
        let answer = platewright(&["explain", text(&run), &id, "--json"]).ends(0).json();
        assert_eq!(answer["subject"], *id);
        assert!(answer["builds"].as_array().is_some_and(|builds| !builds.is_empty()));
    }
    let said = platewright(&["explain", text(&run), "nobody"]).ends(4);
    assert!(said.err.contains("E9201"), "{}", said.err);
}

#[test]
fn the_report_is_written_again_with_pictures() {
    let base = planned();
    let run = base.path().join("run");
    std::fs::remove_file(run.join("report.html")).expect("it was there");
    let pictures = base.path().join("pictures");
    platewright(&["report", text(&run), "--pictures", text(&pictures)]).ends(0);
    assert!(run.join("report.html").is_file());
    let picture = std::fs::read(first_file(&pictures, "png")).expect("a picture");
    assert!(picture.starts_with(b"\x89PNG"));
}

#[test]
fn inspect_tells_good_models_from_broken_ones() {
    let base = planned();
    let good = first_file(&base.path().join("night/models"), "stl");
    let records = platewright(&["inspect", text(&good), "--unit", "mm", "--json"]).ends(0).json();
    assert_eq!(records[0]["verdict"], "printable");
    assert!(records[0]["facts"]["volume_mm3"].as_f64() > Some(0.0));
    let bytes = std::fs::read(&good).expect("a model");
    let broken = base.path().join("broken.stl");
    std::fs::write(&broken, &bytes[..bytes.len() - 20]).expect("a file");
    let said = platewright(&["inspect", text(&broken), "--unit", "mm"]).ends(4);
    assert!(said.out.contains("not printable") && said.out.contains("E2007"), "{}", said.out);
    let both = ["inspect", text(&good), text(&broken), "--unit", "mm", "--json"];
    let records = platewright(&both).ends(4).json();
    assert_eq!(records.as_array().map(Vec::len), Some(2));
    platewright(&["inspect", text(&base.path().join("none.stl")), "--unit", "mm"]).ends(4);
}

#[test]
fn slice_writes_layers_in_every_format_asked_for() {
    let base = planned();
    let model = first_file(&base.path().join("night/models"), "stl");
    let out = base.path().join("layers");
    let args = ["slice", text(&model), "--unit", "mm", "--layer", "0.2", "--out", text(&out)];
    let sliced = platewright(&[&args[..], &["--format", "cli,svg", "--json"]].concat());
    let sliced = sliced.ends(0).json();
    assert_eq!(sliced["synthetic_segments"], 0);
    assert!(sliced["layers"].as_u64() > Some(0));
    for ending in ["cli", "svg"] {
        let file = std::fs::read(first_file(&out, ending)).expect("a layer file");
        assert!(!file.is_empty());
    }
    platewright(&[&args[..], &["--format", "papyrus"]].concat()).ends(4);
    let thick = ["slice", text(&model), "--unit", "mm", "--layer", "0", "--out", text(&out)];
    platewright(&thick).ends(4);
}

#[test]
fn datasets_of_no_size_are_bad_input() {
    let base = tempfile::tempdir().expect("a folder");
    let out = base.path().join("night");
    platewright(&["dataset", "night", "--size", "0", "--out", text(&out)]).ends(4);
    platewright(&["dataset", "kit", "--out", text(&out)]).ends(2);
    let empty = base.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    platewright(&["dataset", "kit", "--models", text(&empty), "--out", text(&out)]).ends(4);
}
