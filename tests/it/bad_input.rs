//! Bad input: what is wrong is said with its place, and the rest of the night goes on.

use std::path::Path;

use platewright_datasets::{NightOptions, body, night, write_night};
use platewright_mesh::write_stl;
use platewright_model::error::InputFault;
use platewright_tests::{Run, config, plan_folder};
use serde_json::{Value, json};
use tempfile::TempDir;

mod models;
mod nights;
mod orders;

/// Units of the good lines of [`SmallNight`].
const GOOD_UNITS: usize = 5;

/// A night of two machines and two good orders, to which something bad is added.
struct SmallNight {
    folder: TempDir,
    orders: Value,
}

impl SmallNight {
    /// The good part of the night.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the night");
        let mut frame = night(&NightOptions::units(12, 1)).expect("a small night");
        frame.models.clear();
        write_night(&folder.path().join("night"), &frame).expect("the night can be written");
        let orders = json!({
            "planning_time": "2026-11-20T20:00:00Z",
            "orders": [
                {
                    "id": "GOOD-1", "customer": "c-1", "region": "eu-west",
                    "due": "2026-12-04T12:00:00Z",
                    "lines": [line("block.stl", 2), line("bracket.stl", 1)],
                },
                {
                    "id": "GOOD-2", "customer": "c-2", "region": "eu-south",
                    "due": "2026-12-04T12:00:00Z",
                    "lines": [line("ring.stl", 2)],
                },
            ],
        });
        let night = Self { folder, orders };
        night.put("block.stl", &write_stl(&body::cuboid(30.0, 20.0, 10.0)));
        night.put("bracket.stl", &write_stl(&body::l_prism(40.0, 30.0, 5.0, 20.0)));
        night.put("ring.stl", &write_stl(&body::ring(15.0, 10.0, 8.0, 24)));
        night
    }

    /// The good part, and a line of its first order; `change` makes it bad.
    fn with_line(change: impl FnOnce(&mut Value)) -> Self {
        let mut night = Self::new();
        let mut bad = line("block.stl", 1);
        change(&mut bad);
        let lines = night.orders["orders"][0]["lines"].as_array_mut();
        lines.expect("the order has lines").push(bad);
        night
    }

    /// The good part, and an order of one block; `change` makes it bad.
    fn with_order(change: impl FnOnce(&mut Value)) -> Self {
        let mut night = Self::new();
        let mut bad = night.orders["orders"][1].clone();
        bad["id"] = json!("BAD");
        bad["lines"] = json!([line("block.stl", 1)]);
        change(&mut bad);
        night.orders["orders"].as_array_mut().expect("a list of orders").push(bad);
        night
    }

    /// The folder of the night, with its orders written.
    fn write(&self) -> std::path::PathBuf {
        let folder = self.folder.path().join("night");
        let text = serde_json::to_vec_pretty(&self.orders).expect("plain data");
        std::fs::write(folder.join("orders.json"), text).expect("orders can be written");
        folder
    }

    /// Writes a model.
    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join("night/models").join(name);
        std::fs::write(path, bytes).expect("models can be written");
    }

    /// Plans the night; the plan must be valid.
    fn plan(&self) -> Run {
        let night = self.write();
        let run = plan_folder(&night, &self.folder.path().join("run"), &config(), 1, 2);
        assert_eq!(run.violations(), []);
        run
    }

    /// Plans the night, of which one line or order is refused for the fault given; the good
    /// lines must all be placed.
    fn refuses(&self, code: &str, place: &str, message: &str) {
        let run = self.plan();
        expect_fault(&run.faults, code, place, message);
        assert_eq!(run.faults.len(), 1, "{:#?}", run.faults);
        assert_eq!(run.plan.order_book.refused.len(), 1);
        assert_eq!(run.plan.order_book.refused[0].faults, run.faults);
        assert_eq!(run.plan.order_book.units.len(), GOOD_UNITS);
        assert_eq!(placed(&run), GOOD_UNITS);
        assert!(read_back(run.dir.path()).contains(code), "the run does not keep the refusal");
    }
}

/// What a run folder keeps of refused lines.
fn read_back(run: &Path) -> String {
    std::fs::read_to_string(run.join("10_refused.json")).expect("the run names what was refused")
}

/// A line for laser sintering.
fn line(model: &str, quantity: u32) -> Value {
    json!({
        "model": model, "unit": "mm", "quantity": quantity,
        "material": "pa12", "process": "sls",
    })
}

/// Units that stand in scheduled builds.
fn placed(run: &Run) -> usize {
    assert_eq!(run.plan.schedule.builds.len(), run.plan.build_plan.builds.len());
    run.plan.build_plan.builds.iter().map(|b| b.placements.len()).sum()
}

/// Asserts that a fault is among those found.
fn expect_fault(faults: &[InputFault], code: &str, place: &str, message: &str) {
    let found = faults
        .iter()
        .any(|f| f.code == code && f.place.contains(place) && f.message.contains(message));
    assert!(found, "no {code} at {place} saying {message:?} in {faults:#?}");
}
