//! Orders of a random night.

use platewright_model::draft::{CatalogueDraft, LineDraft, OrderDraft, OrdersDraft};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::{CERTIFICATES, REGIONS, chance, hours_later, of, some};
use crate::night::{GeneratedModel, PLANNING_TIME};

pub(super) fn orders(
    rng: &mut Pcg64,
    catalogue: &CatalogueDraft,
    models: &[GeneratedModel],
) -> OrdersDraft {
    let orders = (0..rng.random_range(0..=8)).map(|n| order(rng, n, catalogue, models)).collect();
    OrdersDraft { planning_time: PLANNING_TIME.to_owned(), orders, ..OrdersDraft::default() }
}

fn order(
    rng: &mut Pcg64,
    number: usize,
    catalogue: &CatalogueDraft,
    models: &[GeneratedModel],
) -> OrderDraft {
    let lines = *of(rng, &[0, 1, 1, 1, 2, 2, 3]);
    let lines = (0..lines).map(|_| line(rng, catalogue, models)).collect();
    // One is due before the planning time and refused; some are due before anything can arrive.
    let due = *of(rng, &[-24.0, 0.01, 20.0, 60.0, 60.0, 120.0, 120.0, 240.0, 240.0, 400.0]);
    let certificates = if chance(rng, 0.2) { some(rng, &CERTIFICATES, 0.5) } else { Vec::new() };
    OrderDraft {
        id: format!("order-{number}"),
        customer: format!("customer-{}", rng.random_range(0..3)),
        region: (*of(rng, &REGIONS)).to_owned(),
        due: hours_later(due),
        deadline: None,
        together: false,
        priority: f64::from(rng.random_range(1..=5)),
        mixing: (*of(rng, &["any", "any", "customer", "alone"])).to_owned(),
        certificates: certificates.iter().map(|&c| c.to_owned()).collect(),
        lines,
        origin: None,
    }
}

fn line(rng: &mut Pcg64, catalogue: &CatalogueDraft, models: &[GeneratedModel]) -> LineDraft {
    let model = of(rng, models);
    let process = of(rng, &catalogue.processes);
    let finishes: Vec<String> = catalogue.post_processes.iter().map(|p| p.id.clone()).collect();
    // Now and then a quality that the process does not offer, or a material it does not take.
    let quality =
        if chance(rng, 0.05) { "fine" } else { of(rng, &process.parameter_sets).quality.as_str() };
    let material = if chance(rng, 0.03) {
        &of(rng, &catalogue.materials).id
    } else {
        of(rng, &process.materials)
    };
    LineDraft {
        model: model.file.clone(),
        unit: model.unit.map(|u| u.name().to_owned()),
        quantity: f64::from(*of(rng, &[1, 1, 2, 3, 5, 9])),
        material: material.clone(),
        process: process.id.clone(),
        colour: chance(rng, 0.3).then(|| "red".to_owned()),
        finish: some(rng, &finishes, 0.4),
        quality: quality.to_owned(),
        orientation: (*of(rng, &["fixed", "upright", "axis24", "any", "any"])).to_owned(),
        clearance_mm: chance(rng, 0.1).then_some(2.5),
        inside_cavity: chance(rng, 0.2),
        origin: None,
    }
}
