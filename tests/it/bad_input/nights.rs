//! Nights that are empty, tiny, or cannot be read at all.

use platewright_model::measure::Money;
use platewright_store::StoreError;
use platewright_store::night::read_night;
use platewright_tests::config;
use serde_json::{Value, json};

use super::{SmallNight, expect_fault, line, placed};

#[test]
fn an_empty_night_is_a_valid_plan_of_nothing() {
    let mut night = SmallNight::new();
    night.orders["orders"] = json!([]);
    let run = night.plan();
    assert_eq!(run.faults, []);
    assert!(run.plan.order_book.units.is_empty() && run.plan.build_plan.builds.is_empty());
    assert!(run.plan.schedule.builds.is_empty() && run.plan.packages.packages.is_empty());
    assert_eq!(run.plan.schedule.cost.total(), Money(0));
}

#[test]
fn a_night_of_refused_orders_is_a_valid_plan_of_nothing() {
    let mut night = SmallNight::with_order(|order| order["region"] = json!("the moon"));
    let bad = night.orders["orders"][2].take();
    night.orders["orders"] = json!([bad]);
    let run = night.plan();
    expect_fault(&run.faults, "E1012", "orders.json: orders[0].region", "the moon");
    assert_eq!(run.plan.order_book.refused.len(), 1);
    assert!(run.plan.build_plan.builds.is_empty());
}

#[test]
fn a_night_of_one_unit() {
    let mut night = SmallNight::new();
    let mut order = night.orders["orders"][0].take();
    order["lines"] = json!([line("block.stl", 1)]);
    night.orders["orders"] = json!([order]);
    let run = night.plan();
    assert_eq!(placed(&run), 1);
    assert_eq!(run.plan.build_plan.builds.len(), 1);
    assert!(run.plan.schedule.deliveries[0].complete);
}

#[test]
fn a_night_that_cannot_be_read_tells_all_files_at_once() {
    let night = SmallNight::new();
    let folder = night.write();
    std::fs::write(folder.join("orders.json"), "{ \"orders\": [").expect("can be written");
    std::fs::remove_file(folder.join("catalogue.json")).expect("it is there");
    std::fs::write(folder.join("centres.json"), "no JSON").expect("can be written");
    let error = read_night(&folder, &config().limits).expect_err("nothing of it can be read");
    let StoreError::Night { faults } = &error else { panic!("{error}") };
    expect_fault(faults, "E1002", "orders.json: line 1", "EOF");
    expect_fault(faults, "E1001", "catalogue.json", "must be there");
    expect_fault(faults, "E1002", "centres.json: line 1", "");
    assert_eq!(faults.len(), 3);
    let text = error.to_string();
    assert!(faults.iter().all(|f| text.contains(&f.to_string())), "{text}");
}

#[test]
fn a_night_without_a_planning_time_or_with_bad_machines_is_fatal_with_all_faults() {
    let mut night = SmallNight::new();
    night.orders["planning_time"] = json!("tonight");
    night.orders["orders"][0]["lines"][0]["quantity"] = json!(-2);
    let folder = night.write();
    let path = folder.join("centres.json");
    let text = std::fs::read(&path).expect("it was written");
    let mut centres: Value = serde_json::from_slice(&text).expect("it is JSON");
    centres["centres"][0]["machines"][0]["process"] = json!("magic");
    centres["centres"][0]["machines"][0]["volume"]["x"] = json!(-5);
    std::fs::write(&path, centres.to_string()).expect("can be written");
    let validated = read_night(&folder, &config().limits).expect("files are JSON").validated;
    assert!(validated.fatal && validated.night.is_none());
    let machine = "centres.json: centres[0].machines[0]";
    expect_fault(&validated.faults, "E1015", "orders.json: planning_time", "tonight");
    expect_fault(&validated.faults, "E1012", &format!("{machine}.process"), "magic");
    expect_fault(&validated.faults, "E1013", &format!("{machine}.volume.x"), "is -5");
    expect_fault(&validated.faults, "E1013", "orders.json: orders[0].lines[0].quantity", "is -2");
}

#[test]
fn an_unknown_key_of_the_catalogue_is_fatal() {
    let night = SmallNight::new();
    let folder = night.write();
    let path = folder.join("catalogue.json");
    let text = std::fs::read(&path).expect("it was written");
    let mut catalogue: Value = serde_json::from_slice(&text).expect("it is JSON");
    catalogue["curency"] = json!("EUR");
    std::fs::write(&path, catalogue.to_string()).expect("can be written");
    let error = read_night(&folder, &config().limits).expect_err("a misspelt key is no guess");
    assert!(error.to_string().contains("curency"), "{error}");
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = read_night(&folder.path().join("none"), &config().limits).expect_err("no folder");
    let text = error.to_string();
    assert!(text.contains("orders.json") && text.contains("catalogue.json"), "{text}");
}
