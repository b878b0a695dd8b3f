//! Prices on a night that is generated.

use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::draft::{CatalogueDraft, CentresDraft, OrdersDraft};
use platewright_model::measure::Seconds;
use platewright_model::night::Night;
use platewright_model::oracle::PartMeasures;
use platewright_model::order::Order;
use platewright_model::validate::{validate, validate_order};

use super::{DEFAULT_PRICES, Price, PriceModel, price};
use crate::error::Refusal;

const PART: PartMeasures =
    PartMeasures { volume_mm3: 8000.0, surface_mm2: 2400.0, size: [20.0; 3] };

fn config() -> Config {
    toml::from_str(DEFAULT_TOML).unwrap()
}

fn night() -> Night {
    let catalogue = r#"{"currency": "EUR",
        "materials": [{"id": "pa12", "name": "PA 12", "density_g_cm3": 0.95, "price_per_kg": 6000,
          "refresh_loss": 0.3, "bed_density_g_cm3": 0.45}],
        "processes": [{"id": "sls", "name": "PBF-LB/P", "category": "PBF", "nesting": "volume",
          "part_part_mm": 2, "part_wall_mm": 5, "part_plate_mm": 5, "materials": ["pa12"],
          "parameter_sets": [{"id": "sls-120", "quality": "standard", "layer_mm": 0.12}]}],
        "post_processes": [{"id": "dye", "name": "Dye", "hours": 4}]}"#;
    let centres = r#"{"centres": [{"id": "ghent", "place": "Ghent",
        "freight": [{"region": "north", "per_shipment": 900, "per_kg": 100, "hours": 24}],
        "machines": [{"id": "s1", "name": "Sinter 1", "process": "sls", "materials": ["pa12"],
          "volume": {"kind": "box", "x": 300, "y": 200, "z": 250},
          "time": {"setup_minutes": 30, "fixed_minutes": 60, "layer_s": 10,
            "volume_s_per_cm3": 5, "cool_down_minutes": 600, "unload_minutes": 20},
          "per_hour": 2500, "per_build": 1000, "calendar": {
            "staffed": [{"days": ["mon", "tue"], "from": "06:00", "to": "22:00"}]}}]}]}"#;
    let catalogue: CatalogueDraft = serde_json::from_str(catalogue).unwrap();
    let centres: CentresDraft = serde_json::from_str(centres).unwrap();
    let planning_time = "2026-11-20T20:00:00Z".to_owned();
    let orders = OrdersDraft { planning_time, ..OrdersDraft::default() };
    validate(orders, catalogue, centres, &config().limits).night.unwrap()
}

fn order(night: &Night, quantity: u32, days: i64, finish: &[&str]) -> Order {
    let due = (night.planning_time + Seconds(days * 86_400)).to_string();
    let draft = serde_json::json!({
        "id": "o", "customer": "c", "region": "north", "due": due,
        "lines": [{ "model": "a.stl", "unit": "mm", "quantity": quantity, "material": "pa12",
            "process": "sls", "finish": finish }]
    });
    let draft = serde_json::from_value(draft).unwrap();
    validate_order(&draft, night, night.planning_time, &config().limits).unwrap()
}

fn priced(order: &Order, part: PartMeasures) -> Result<Price, Refusal> {
    let model: PriceModel = toml::from_str(DEFAULT_PRICES).unwrap();
    let night = night();
    price(&model, &config().solver, &night, order, &[part], night.planning_time)
}

#[test]
fn a_price_is_the_sum_of_its_causes() {
    let night = night();
    let price = priced(&order(&night, 3, 30, &["dye"]), PART).unwrap();
    let line = &price.lines[0];
    let causes = [line.machine, line.build, line.material, line.post_process, line.handling];
    assert!(causes.iter().all(|cause| *cause > 0), "{line:?}");
    let cost: i64 = causes.iter().sum();
    assert_eq!((line.rush, line.total), (0, cost + line.margin));
    assert_eq!(price.total, line.total + price.order);
    // 600 for the line, 12 an hour and unit.
    assert_eq!(line.post_process, 600 + 12 * 4 * 3);
}

#[test]
fn units_share_builds_so_that_each_costs_the_same() {
    let night = night();
    let machine =
        |quantity| priced(&order(&night, quantity, 30, &[]), PART).unwrap().lines[0].machine as f64;
    let each = machine(1000) / 1000.0;
    assert!((machine(10) / 10.0 - each).abs() <= 0.1, "{} {each}", machine(10));
    // A full build by hand: set-up, warm-up, cooling and unloading, its layers, its volume.
    let copies = (config().solver.volume_fill * 300.0 * 200.0 * 250.0 / 8000.0).floor();
    let layers = (250.0_f64 / 0.12).ceil() * 10.0;
    let hours = 0.5 + 1.0 + 10.0 + 1.0 / 3.0 + (layers + copies * 8.0 * 5.0) / 3600.0;
    assert!((each - 2500.0 * hours / copies).abs() < 0.1, "{each}");
}

#[test]
fn haste_costs_more_and_the_greatest_haste_most() {
    let night = night();
    let total = |days| priced(&order(&night, 3, days, &[]), PART).unwrap().total;
    assert!(total(1) > total(4) && total(4) > total(30));
}

#[test]
fn what_fits_no_machine_has_no_price() {
    let night = night();
    let large = PartMeasures { size: [400.0, 10.0, 10.0], ..PART };
    match priced(&order(&night, 1, 30, &[]), large) {
        Err(Refusal::Invalid { faults }) => assert_eq!(faults[0].code, "E9329"),
        other => panic!("{other:?}"),
    }
}
