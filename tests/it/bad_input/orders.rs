//! Lines and orders that are refused with their place.

use serde_json::json;

use super::{GOOD_UNITS, SmallNight, expect_fault, placed};

/// The place of the bad line.
fn bad_line(field: &str) -> String {
    format!("orders.json: orders[0].lines[2].{field}")
}

/// The place of the bad order.
fn bad_order(field: &str) -> String {
    format!("orders.json: orders[2].{field}")
}

#[test]
fn an_stl_without_a_unit() {
    SmallNight::with_line(|line| {
        line.as_object_mut().expect("a line").remove("unit");
    })
    .refuses("E1020", &bad_line("unit"), "must be given");
}

#[test]
fn an_unknown_material() {
    SmallNight::with_line(|line| line["material"] = json!("unobtainium")).refuses(
        "E1012",
        &bad_line("material"),
        "is \"unobtainium\"",
    );
}

#[test]
fn a_material_of_another_process() {
    SmallNight::with_line(|line| line["material"] = json!("pla")).refuses(
        "E1017",
        &bad_line("material"),
        "is \"pla\"",
    );
}

#[test]
fn a_quantity_of_nothing() {
    let night = SmallNight::with_line(|line| line["quantity"] = json!(0));
    night.refuses("E1013", &bad_line("quantity"), "must be at least 1, is 0");
}

#[test]
fn a_negative_quantity() {
    let night = SmallNight::with_line(|line| line["quantity"] = json!(-1));
    night.refuses("E1013", &bad_line("quantity"), "must be at least 1, is -1");
}

#[test]
fn a_quantity_of_a_thousand_million() {
    let night = SmallNight::with_line(|line| line["quantity"] = json!(1_000_000_000));
    night.refuses("E1013", &bad_line("quantity"), "must be at most 10000, is 1000000000");
}

#[test]
fn a_quantity_of_two_and_a_half() {
    let night = SmallNight::with_line(|line| line["quantity"] = json!(2.5));
    night.refuses("E1013", &bad_line("quantity"), "must be a whole number, is 2.5");
}

#[test]
fn a_quantity_in_words() {
    let night = SmallNight::with_line(|line| line["quantity"] = json!("three"));
    night.refuses("E1025", &bad_line("quantity"), "three");
}

#[test]
fn a_model_in_another_folder() {
    let night = SmallNight::with_line(|line| line["model"] = json!("../../etc/passwd.stl"));
    night.refuses("E1019", &bad_line("model"), "without '/'");
}

#[test]
fn an_unknown_key_of_a_line() {
    let night = SmallNight::with_line(|line| line["qantity"] = json!(2));
    night.refuses("E1025", &bad_line("qantity"), "unknown field");
}

#[test]
fn an_unknown_key_of_an_order() {
    let night = SmallNight::with_order(|order| order["urgent"] = json!(true));
    night.refuses("E1025", &bad_order("urgent"), "unknown field");
}

#[test]
fn a_due_date_in_the_past() {
    let night = SmallNight::with_order(|order| order["due"] = json!("2026-11-19T12:00:00Z"));
    night.refuses("E1016", &bad_order("due"), "must be after the planning time");
}

#[test]
fn the_id_of_another_order() {
    let night = SmallNight::with_order(|order| order["id"] = json!("GOOD-1"));
    night.refuses("E1011", &bad_order("id"), "is the id of orders[0]");
}

#[test]
fn an_order_without_lines() {
    let night = SmallNight::with_order(|order| order["lines"] = json!([]));
    night.refuses("E1023", &bad_order("lines"), "at least one");
}

#[test]
fn all_faults_of_a_line_are_told_at_once() {
    let night = SmallNight::with_line(|line| {
        line["quantity"] = json!(-3);
        line["material"] = json!("unobtainium");
        line["orientation"] = json!("sideways");
    });
    let run = night.plan();
    expect_fault(&run.faults, "E1013", &bad_line("quantity"), "is -3");
    expect_fault(&run.faults, "E1012", &bad_line("material"), "unobtainium");
    expect_fault(&run.faults, "E1014", &bad_line("orientation"), "sideways");
    assert_eq!(run.plan.order_book.refused.len(), 1);
    assert_eq!(placed(&run), GOOD_UNITS);
}
