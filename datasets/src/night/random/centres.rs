//! Centres and machines of a random night.

use platewright_model::draft::{
    CalendarDraft, CatalogueDraft, CentreDraft, CentresDraft, ExcludedDraft, FreightDraft,
    MachineDraft, MaintenanceDraft, ProcessDraft, StaffedDraft, StockDraft, TimeDraft, VolumeDraft,
};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::{CERTIFICATES, REGIONS, chance, hours_later, of, some, some_at_least_one};
use crate::night::stream::draw;

/// Longest set-up with a change of material, and longest unloading, minutes: half of the shortest
/// staffed span, so that every machine can print.
const HANDLING_MINUTES: f64 = 30.0;

pub(super) fn centres(rng: &mut Pcg64, catalogue: &CatalogueDraft) -> CentresDraft {
    let centres = (0..rng.random_range(1..=3)).map(|n| centre(rng, n, catalogue)).collect();
    CentresDraft { centres }
}

fn centre(rng: &mut Pcg64, number: usize, catalogue: &CatalogueDraft) -> CentreDraft {
    let freight = some(rng, &REGIONS, 0.8).into_iter().map(|region| FreightDraft {
        region: region.to_owned(),
        per_shipment: *of(rng, &[0, 700]),
        per_kg: *of(rng, &[0, 150]),
        hours: *of(rng, &[0.0, 20.0, 70.0]),
    });
    let freight = freight.collect();
    let mut stock = Vec::new();
    for material in &catalogue.materials {
        if chance(rng, 0.3) {
            let kg = *of(rng, &[0.0, 0.02, 0.1, 5.0]);
            stock.push(StockDraft { material: material.id.clone(), kg });
        }
    }
    let machines = *of(rng, &[0, 1, 2, 2, 3, 3]);
    let machine = |n| {
        let process = of(rng, &catalogue.processes);
        machine(rng, &format!("machine-{number}-{n}"), process)
    };
    let machines = (0..machines).map(machine).collect();
    CentreDraft {
        id: format!("centre-{number}"),
        place: format!("Place {number}"),
        certificates: some(rng, &CERTIFICATES, 0.5).iter().map(|&c| c.to_owned()).collect(),
        freight,
        stock,
        machines,
    }
}

fn machine(rng: &mut Pcg64, id: &str, process: &ProcessDraft) -> MachineDraft {
    let materials = some_at_least_one(rng, &process.materials, 0.7);
    let mut edge = || draw(rng, 25.0, 60.0).round();
    let volume = match (edge(), edge(), edge()) {
        (x, _, z) if chance(rng, 0.2) => VolumeDraft::Cylinder { diameter: x + 5.0, z },
        (x, y, z) => VolumeDraft::Box { x, y, z },
    };
    let corner = ExcludedDraft { min: [0.0; 3], max: [draw(rng, 1.0, 12.0), 6.0, 70.0] };
    MachineDraft {
        id: id.to_owned(),
        name: id.to_owned(),
        source: String::new(),
        process: process.id.clone(),
        loaded: chance(rng, 0.6).then(|| of(rng, &materials).clone()),
        materials,
        changeover_minutes: *of(rng, &[0.0, HANDLING_MINUTES / 2.0]),
        changeover_cost: *of(rng, &[0, 2_000]),
        volume,
        excluded: if chance(rng, 0.2) { vec![corner] } else { Vec::new() },
        time: time(rng),
        exposure: None,
        pixels: None,
        per_hour: *of(rng, &[0, 300, 4_000]),
        per_build: *of(rng, &[0, 1_000]),
        least_fill: 0.0,
        short_fill: 0,
        calendar: calendar(rng),
        free_from: chance(rng, 0.2).then(|| hours_later(*of(rng, &[-30.0, 5.0, 100.0]))),
        accepts: some(rng, &["cli", "svg", "3mf"], 0.4).iter().map(|&f| f.to_owned()).collect(),
    }
}

fn time(rng: &mut Pcg64) -> TimeDraft {
    TimeDraft {
        source: String::new(),
        setup_minutes: *of(rng, &[0.0, HANDLING_MINUTES / 2.0]),
        fixed_minutes: *of(rng, &[0.0, 90.0]),
        layer_s: *of(rng, &[0.0, 12.0, 90.0]),
        volume_s_per_cm3: *of(rng, &[0.0, 30.0, 900.0]),
        surface_s_per_cm2: *of(rng, &[0.0, 7.0]),
        height_s_per_mm: *of(rng, &[0.0, 20.0]),
        cool_down_minutes: *of(rng, &[0.0, 400.0]),
        unload_minutes: *of(rng, &[0.0, HANDLING_MINUTES]),
    }
}

/// Always, in shifts, over midnight, or one hour a week; now and then a maintenance.
fn calendar(rng: &mut Pcg64) -> CalendarDraft {
    let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let (days, from, to) = match rng.random_range(0..5) {
        0 | 1 => (all.to_vec(), "00:00", "24:00"),
        2 => (all[..5].to_vec(), "07:00", "17:00"),
        3 => (some_at_least_one(rng, &all, 0.5), "21:30", "05:00"),
        _ => (vec![*of(rng, &all)], "12:00", "13:00"),
    };
    let days = days.iter().map(|&d| d.to_owned()).collect();
    let staffed = vec![StaffedDraft { days, from: from.to_owned(), to: to.to_owned() }];
    let maintenance = if chance(rng, 0.3) {
        let begin = draw(rng, -20.0, 90.0);
        let end = begin + draw(rng, 0.5, 60.0);
        vec![MaintenanceDraft { from: hours_later(begin), to: hours_later(end) }]
    } else {
        Vec::new()
    };
    CalendarDraft { staffed, maintenance }
}
