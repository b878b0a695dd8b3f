//! Centres with their machines and calendars; machine classes are derived here.

use std::collections::BTreeSet;

use crate::config::Limits;
use crate::draft::{
    CENTRES_FILE, CalendarDraft, CentreDraft, CentresDraft, MachineDraft, TimeDraft, VolumeDraft,
};
use crate::geometry::{BoxMm, BuildVolume, VolumeShape};
use crate::id::{CentreId, MachineClassId, MachineId, MaterialId, ProcessId};
use crate::machine::{
    Calendar, Centre, Freight, LAYER_FORMATS, Machine, MachineClass, Stock, TimeModel, WEEK_S,
};
use crate::measure::{Grams, Mm};
use crate::night::Night;
use crate::time::{DAY_S, Time};

use super::catalogue::insert;
use super::ledger::{Ledger, Place};
use super::{exposure, pixels};

/// Greatest rate of a time model, in its own unit; a day for one layer or one cm³ is a mistake.
const MOST_RATE: f64 = 86_400.0;
/// Greatest stock, kg.
const MOST_STOCK_KG: f64 = 1e9;
/// Least edge of a build volume, mm.
const LEAST_EDGE_MM: f64 = 0.01;

/// Takes the centres over into `night`, faulty entries too, so that names resolve.
pub(super) fn read(draft: &CentresDraft, limits: &Limits, night: &mut Night, to: &mut Ledger) {
    to.filled(&Place::json(CENTRES_FILE, "centres"), &draft.centres);
    let mut machine_ids = BTreeSet::new();
    for (i, draft) in draft.centres.iter().enumerate() {
        let at = Place::json(CENTRES_FILE, &format!("centres[{i}]"));
        let mut centre = read_centre(draft, night, &at, to);
        for (k, draft) in draft.machines.iter().enumerate() {
            let at = at.item("machines", k);
            if to.id(&at.field("id"), &draft.id) && !machine_ids.insert(draft.id.clone()) {
                let message = format!("must be unique, {:?} is there already", draft.id);
                to.add("E1011", &at.field("id"), message);
            }
            let machine = read_machine(draft, &centre.id, limits, night, &at, to);
            centre.machines.push(machine);
        }
        insert(&mut night.centres, centre.id.clone(), centre, &at, to);
    }
}

fn read_centre(draft: &CentreDraft, night: &Night, at: &Place, to: &mut Ledger) -> Centre {
    to.id(&at.field("id"), &draft.id);
    for (i, certificate) in draft.certificates.iter().enumerate() {
        to.id(&at.item("certificates", i), certificate);
    }
    let mut regions = BTreeSet::new();
    let mut freight = Vec::new();
    for (i, draft) in draft.freight.iter().enumerate() {
        let at = at.item("freight", i);
        if to.id(&at.field("region"), &draft.region) && !regions.insert(&draft.region) {
            let message = format!("must be unique in its centre, is {:?} again", draft.region);
            to.add("E1011", &at.field("region"), message);
        }
        freight.push(Freight {
            region: draft.region.as_str().into(),
            per_shipment: to.money(&at.field("per_shipment"), draft.per_shipment),
            per_kg: to.money(&at.field("per_kg"), draft.per_kg),
            duration: to.hours(&at.field("hours"), draft.hours),
        });
    }
    let mut stocked = BTreeSet::new();
    let mut stock = Vec::new();
    for (i, draft) in draft.stock.iter().enumerate() {
        let at = at.item("stock", i);
        let known = night.materials.keys().map(MaterialId::as_str);
        if to.known(&at.field("material"), &draft.material, "material", known)
            && !stocked.insert(&draft.material)
        {
            let message = format!("must be unique in its centre, is {:?} again", draft.material);
            to.add("E1011", &at.field("material"), message);
        }
        let kg = to.number(&at.field("kg"), draft.kg, 0.0..=MOST_STOCK_KG);
        stock.push(Stock { material: draft.material.as_str().into(), mass: Grams(kg * 1000.0) });
    }
    let certificates: BTreeSet<_> = draft.certificates.iter().collect();
    Centre {
        id: draft.id.as_str().into(),
        place: draft.place.clone(),
        certificates: certificates.into_iter().map(|c| c.as_str().into()).collect(),
        freight,
        stock,
        machines: Vec::new(),
    }
}

fn read_machine(
    draft: &MachineDraft,
    centre: &CentreId,
    limits: &Limits,
    night: &mut Night,
    at: &Place,
    to: &mut Ledger,
) -> Machine {
    check_materials(draft, night, at, to);
    let volume = read_volume(draft, limits, at, to);
    let process = ProcessId::from(draft.process.as_str());
    let class = class_of(night, &process, &volume);
    let id = MachineId::from(draft.id.as_str());
    night.classes.entry(class.clone()).and_modify(|c| c.machines.push(id.clone()));
    let exposure =
        draft.exposure.as_ref().map(|draft| exposure::read(draft, &at.field("exposure"), to));
    let pixels = pixels::read(draft, &volume, limits, at, to);
    let time = read_time(&draft.time, &at.field("time"), to);
    let changeover = to.minutes(&at.field("changeover_minutes"), draft.changeover_minutes);
    let calendar = read_calendar(&draft.calendar, &at.field("calendar"), to);
    let longest = calendar.staffed.iter().map(|(from, end)| end - from).max().unwrap_or(WEEK_S);
    for (field, name, needed) in [
        ("setup_minutes", "set-up with a change of material", time.setup.0 + changeover.0),
        ("unload_minutes", "unloading", time.unload.0),
    ] {
        if needed > longest {
            let message = format!(
                "must let {name} ({needed} s) fit the longest staffed span ({longest} s), or the \
                 machine can never print"
            );
            to.add("E1022", &at.field("time").field(field), message);
        }
    }
    let free_from = match &draft.free_from {
        Some(text) => to.time(&at.field("free_from"), text),
        None => None,
    };
    Machine {
        id,
        centre: centre.clone(),
        name: draft.name.clone(),
        class,
        process,
        materials: draft.materials.iter().map(|m| m.as_str().into()).collect(),
        loaded: draft.loaded.as_deref().map(Into::into),
        changeover,
        changeover_cost: to.money(&at.field("changeover_cost"), draft.changeover_cost),
        volume,
        source: draft.source.clone(),
        time,
        time_source: draft.time.source.clone(),
        exposure,
        pixels,
        per_hour: to.money(&at.field("per_hour"), draft.per_hour),
        per_build: to.money(&at.field("per_build"), draft.per_build),
        least_fill: to.number(&at.field("least_fill"), draft.least_fill, 0.0..=1.0),
        short_fill: to.money(&at.field("short_fill"), draft.short_fill),
        calendar,
        free_from: free_from.unwrap_or(night.planning_time).max(night.planning_time),
        accepts: read_accepts(draft, at, to),
    }
}

fn read_accepts(draft: &MachineDraft, at: &Place, to: &mut Ledger) -> Vec<String> {
    for (i, name) in draft.accepts.iter().enumerate() {
        let at = at.item("accepts", i);
        if to.known(&at, name, "layer format", LAYER_FORMATS.into_iter())
            && draft.accepts[..i].contains(name)
        {
            to.add("E1011", &at, format!("must be unique, {name:?} is there already"));
        }
    }
    draft.accepts.clone()
}

fn check_materials(draft: &MachineDraft, night: &Night, at: &Place, to: &mut Ledger) {
    let known = night.processes.keys().map(ProcessId::as_str);
    to.known(&at.field("process"), &draft.process, "process", known);
    to.filled(&at.field("materials"), &draft.materials);
    let process = night.processes.get(&draft.process.as_str().into());
    for (i, material) in draft.materials.iter().enumerate() {
        let at = at.item("materials", i);
        let known = night.materials.keys().map(MaterialId::as_str);
        if to.known(&at, material, "material", known)
            && let Some(process) = process
            && !process.materials.iter().any(|m| m.as_str() == material)
        {
            let message =
                format!("must be a material of process {:?}, is {material:?}", process.id.as_str());
            to.add("E1017", &at, message);
        }
    }
    if let Some(loaded) = &draft.loaded
        && !draft.materials.contains(loaded)
    {
        let message = format!("must be one of the machine's materials, is {loaded:?}");
        to.add("E1017", &at.field("loaded"), message);
    }
}

/// The class of a machine; a new one for another process, outline or excluded regions.
///
/// The name of a volume tells only how many regions are excluded, so machines that differ in
/// where those lie get a number behind it.
fn class_of(night: &mut Night, process: &ProcessId, volume: &BuildVolume) -> MachineClassId {
    let name = format!("{process}/{}", volume.name());
    let mut id = MachineClassId::from(name.as_str());
    for n in 2.. {
        match night.classes.get(&id) {
            Some(class) if class.volume == *volume => break,
            Some(_) => id = MachineClassId::from(format!("{name}.{n}")),
            None => {
                let (volume, machines) = (volume.clone(), Vec::new());
                let class =
                    MachineClass { id: id.clone(), process: process.clone(), volume, machines };
                night.classes.insert(id.clone(), class);
                break;
            }
        }
    }
    id
}

fn read_volume(draft: &MachineDraft, limits: &Limits, at: &Place, to: &mut Ledger) -> BuildVolume {
    let shape_at = at.field("volume");
    let mut edge = |name: &str, value: f64| {
        Mm(to.number(&shape_at.field(name), value, LEAST_EDGE_MM..=limits.coordinate_mm))
    };
    let shape = match draft.volume {
        VolumeDraft::Box { x, y, z } => {
            VolumeShape::Box { x: edge("x", x), y: edge("y", y), z: edge("z", z) }
        }
        VolumeDraft::Cylinder { diameter, z } => {
            VolumeShape::Cylinder { diameter: edge("diameter", diameter), z: edge("z", z) }
        }
    };
    let mut excluded = Vec::new();
    for (i, draft) in draft.excluded.iter().enumerate() {
        let at = at.item("excluded", i);
        let range = -limits.coordinate_mm..=limits.coordinate_mm;
        for k in 0..3 {
            let before = to.faults.len();
            to.number(&at.item("min", k), draft.min[k], range.clone());
            to.number(&at.item("max", k), draft.max[k], range.clone());
            if to.faults.len() == before && draft.min[k] >= draft.max[k] {
                let message = format!("must be above min ({}), is {}", draft.min[k], draft.max[k]);
                to.add("E1013", &at.item("max", k), message);
            }
        }
        excluded.push(BoxMm { min: draft.min, max: draft.max });
    }
    BuildVolume { shape, excluded }
}

fn read_time(draft: &TimeDraft, at: &Place, to: &mut Ledger) -> TimeModel {
    let mut rate = |name: &str, value: f64| to.number(&at.field(name), value, 0.0..=MOST_RATE);
    let (layer_s, height) = (rate("layer_s", draft.layer_s), draft.height_s_per_mm);
    let volume = rate("volume_s_per_cm3", draft.volume_s_per_cm3);
    let surface = rate("surface_s_per_cm2", draft.surface_s_per_cm2);
    let height_s_per_mm = rate("height_s_per_mm", height);
    TimeModel {
        setup: to.minutes(&at.field("setup_minutes"), draft.setup_minutes),
        fixed_s: to.minutes(&at.field("fixed_minutes"), draft.fixed_minutes).0 as f64,
        layer_s,
        volume_s_per_mm3: volume / 1000.0,
        surface_s_per_mm2: surface / 100.0,
        height_s_per_mm,
        cool_down: to.minutes(&at.field("cool_down_minutes"), draft.cool_down_minutes),
        unload: to.minutes(&at.field("unload_minutes"), draft.unload_minutes),
    }
}

const DAYS: [(&str, i64); 7] =
    [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)];

fn read_calendar(draft: &CalendarDraft, at: &Place, to: &mut Ledger) -> Calendar {
    to.filled(&at.field("staffed"), &draft.staffed);
    let mut staffed = Vec::new();
    for (i, draft) in draft.staffed.iter().enumerate() {
        let at = at.item("staffed", i);
        to.filled(&at.field("days"), &draft.days);
        let hours =
            (clock(&at.field("from"), &draft.from, to), clock(&at.field("to"), &draft.to, to));
        for (k, day) in draft.days.iter().enumerate() {
            let day = to.choice(&at.item("days", k), day, &DAYS);
            let (Some(day), (Some(from), Some(end))) = (day, hours) else { continue };
            let end = if end <= from { end + DAY_S } else { end };
            let (from, end) = (day * DAY_S + from, day * DAY_S + end);
            staffed.push((from, end.min(WEEK_S)));
            if end > WEEK_S {
                staffed.push((0, end - WEEK_S));
            }
        }
    }
    let mut maintenance = Vec::new();
    for (i, draft) in draft.maintenance.iter().enumerate() {
        let at = at.item("maintenance", i);
        let from = to.time(&at.field("from"), &draft.from);
        let end = to.time(&at.field("to"), &draft.to);
        match (from, end) {
            (Some(from), Some(end)) if from < end => maintenance.push((from.0, end.0)),
            (Some(from), Some(end)) => {
                to.add("E1013", &at.field("to"), format!("must be after {from}, is {end}"));
            }
            _ => {}
        }
    }
    let maintenance = merged(maintenance).into_iter().map(|(f, t)| (Time(f), Time(t))).collect();
    Calendar { staffed: merged(staffed), maintenance }
}

/// Seconds since midnight of a text like `06:30`; `24:00` is the end of the day.
fn clock(at: &Place, text: &str, to: &mut Ledger) -> Option<i64> {
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
    let seconds = text.split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes) = (i64::from(two(hours)?), i64::from(two(minutes)?));
        let seconds = hours * 3600 + minutes * 60;
        (minutes < 60 && seconds <= DAY_S).then_some(seconds)
    });
    if seconds.is_none() {
        to.add("E1015", at, format!("must be a time of day like 06:30, is {text:?}"));
    }
    seconds
}

/// Sorts spans and joins those that touch.
fn merged(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}
