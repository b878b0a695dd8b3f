//! A validated night's centres as people write them: `centres.json` once more.

use platewright_model::draft::{
    CalendarDraft, CentreDraft, CentresDraft, ExcludedDraft, FreightDraft, MachineDraft,
    MaintenanceDraft, StaffedDraft, StockDraft, TimeDraft, VolumeDraft,
};
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::machine::{Calendar, Centre, Machine, TimeModel};
use platewright_model::night::Night;
use platewright_model::time::DAY_S;

/// Significant digits of a number that was computed from a decimal one.
const DIGITS: usize = 12;

/// The centres of a night. Read again they give the same centres; staffed hours are written day
/// by day, and durations in minutes or hours to the second.
pub fn centres_of(night: &Night) -> CentresDraft {
    CentresDraft { centres: night.centres.values().map(|c| centre_of(c, night)).collect() }
}

/// The time of a machine as people write it, in the units of `centres.json`.
pub fn time_of(time: &TimeModel, source: &str) -> TimeDraft {
    let minutes = |seconds: i64| tidy(seconds as f64 / 60.0);
    TimeDraft {
        source: source.to_owned(),
        setup_minutes: minutes(time.setup.0),
        fixed_minutes: tidy(time.fixed_s / 60.0),
        layer_s: tidy(time.layer_s),
        volume_s_per_cm3: tidy(time.volume_s_per_mm3 * 1000.0),
        surface_s_per_cm2: tidy(time.surface_s_per_mm2 * 100.0),
        height_s_per_mm: tidy(time.height_s_per_mm),
        cool_down_minutes: minutes(time.cool_down.0),
        unload_minutes: minutes(time.unload.0),
    }
}

/// The nearest number of so many digits: 5.7 for what came of 5.7 / 1000 × 1000.
fn tidy(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

fn centre_of(centre: &Centre, night: &Night) -> CentreDraft {
    let freight = centre.freight.iter().map(|freight| FreightDraft {
        region: freight.region.to_string(),
        per_shipment: freight.per_shipment.0,
        per_kg: freight.per_kg.0,
        hours: tidy(freight.duration.0 as f64 / 3600.0),
    });
    let stock = centre.stock.iter().map(|stock| StockDraft {
        material: stock.material.to_string(),
        kg: tidy(stock.mass.0 / 1000.0),
    });
    CentreDraft {
        id: centre.id.to_string(),
        place: centre.place.clone(),
        certificates: centre.certificates.iter().map(ToString::to_string).collect(),
        freight: freight.collect(),
        stock: stock.collect(),
        machines: centre.machines.iter().map(|m| machine_of(m, night)).collect(),
    }
}

fn machine_of(machine: &Machine, night: &Night) -> MachineDraft {
    let BuildVolume { shape, excluded } = &machine.volume;
    let volume = match *shape {
        VolumeShape::Box { x, y, z } => VolumeDraft::Box { x: x.0, y: y.0, z: z.0 },
        VolumeShape::Cylinder { diameter, z } => {
            VolumeDraft::Cylinder { diameter: diameter.0, z: z.0 }
        }
    };
    MachineDraft {
        id: machine.id.to_string(),
        name: machine.name.clone(),
        source: machine.source.clone(),
        process: machine.process.to_string(),
        materials: machine.materials.iter().map(ToString::to_string).collect(),
        loaded: machine.loaded.as_ref().map(ToString::to_string),
        changeover_minutes: tidy(machine.changeover.0 as f64 / 60.0),
        changeover_cost: machine.changeover_cost.0,
        volume,
        excluded: excluded.iter().map(|b| ExcludedDraft { min: b.min, max: b.max }).collect(),
        time: time_of(&machine.time, &machine.time_source),
        exposure: machine.exposure.clone(),
        pixels: machine.pixels,
        per_hour: machine.per_hour.0,
        per_build: machine.per_build.0,
        least_fill: machine.least_fill,
        short_fill: machine.short_fill.0,
        calendar: calendar_of(&machine.calendar),
        // Left out, it is the planning time of whatever night it is read for.
        free_from: (machine.free_from > night.planning_time).then(|| machine.free_from.to_string()),
        accepts: machine.accepts.clone(),
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn calendar_of(calendar: &Calendar) -> CalendarDraft {
    let mut staffed = Vec::new();
    for &(from, end) in &calendar.staffed {
        for (day, name) in (0..).zip(DAYS) {
            let midnight = day * DAY_S;
            let (from, end) = (from.max(midnight) - midnight, end.min(midnight + DAY_S) - midnight);
            if from < end {
                let (from, to) = (clock(from), clock(end));
                staffed.push(StaffedDraft { days: vec![name.to_owned()], from, to });
            }
        }
    }
    let maintenance = calendar
        .maintenance
        .iter()
        .map(|(from, to)| MaintenanceDraft { from: from.to_string(), to: to.to_string() });
    CalendarDraft { staffed, maintenance: maintenance.collect() }
}

/// A time of day such as `06:30`.
fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60)
}
