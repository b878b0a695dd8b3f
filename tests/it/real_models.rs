//! Real models, where the data are there: a printer's kit of parts.

use std::path::PathBuf;

use platewright_datasets::write_kit;
use platewright_tests::{config, plan_folder};

use crate::workspace;

/// Models of the kit that are planned: the smallest, so that the test stays quick.
const MODELS: usize = 40;

/// The folder of the kit, if it is there.
fn kit() -> Option<PathBuf> {
    let data = std::env::var_os("PLATEWRIGHT_DATA")
        .map_or_else(|| workspace::root().join("../shared/data"), PathBuf::from);
    let kit = data.join("voron0/STLs");
    kit.is_dir().then_some(kit)
}

#[test]
fn a_kit_of_real_models_is_planned_without_a_violation() {
    let Some(kit) = kit() else {
        eprintln!("skipped: no voron0/STLs in $PLATEWRIGHT_DATA or ../shared/data");
        return;
    };
    let mut models: Vec<(u64, PathBuf)> = Vec::new();
    let mut folders = vec![kit];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the kit can be listed") {
            let path = entry.expect("the kit can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
                let size = path.metadata().expect("files of the kit can be read").len();
                models.push((size, path));
            }
        }
    }
    models.sort();
    let base = tempfile::tempdir().expect("a folder");
    let some = base.path().join("models");
    std::fs::create_dir(&some).expect("a folder for the models");
    for (_, path) in models.iter().take(MODELS) {
        let name = path.file_name().expect("files have names");
        std::fs::copy(path, some.join(name)).expect("models can be copied");
    }
    let night = base.path().join("night");
    let (files, units) = write_kit(&some, 2, &night).expect("a night of the kit");
    let run = plan_folder(&night, &base.path().join("run"), &config(), 0, 2);
    assert_eq!(run.faults, []);
    assert_eq!(run.violations(), []);
    assert_eq!(run.plan.parts.parts.len(), files);
    assert_eq!(run.plan.order_book.units.len(), 2 * units as usize);
    let placed: usize = run.plan.build_plan.builds.iter().map(|b| b.placements.len()).sum();
    let left = run.plan.build_plan.unplaced.len();
    assert_eq!(placed + left, 2 * units as usize);
    // One of the real models needs a person's look at most.
    assert!(left * 20 <= placed, "{left} of {placed} left over");
}
