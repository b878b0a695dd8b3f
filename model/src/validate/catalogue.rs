//! Materials, processes and treatments.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::Limits;
use crate::draft::{
    CATALOGUE_FILE, CatalogueDraft, MaterialDraft, ParameterSetDraft, ProcessDraft,
};
use crate::id::MaterialId;
use crate::material::{
    LayerArea, Material, NestingMode, ParameterSet, PostProcess, Process, ProcessCategory,
};
use crate::measure::Mm;
use crate::night::Night;
use crate::order::{OrientationPolicy, QualityClass};
use crate::print_limits::PrintLimits;

use super::ledger::{Ledger, Place};

/// Range of densities of solids, g/cm³; osmium, the densest, has 22.6.
const DENSITY_G_CM3: std::ops::RangeInclusive<f64> = 0.001..=30.0;
/// Range of layer thicknesses, mm: from two-photon processes to large deposition.
const LAYER_MM: std::ops::RangeInclusive<f64> = 0.000_1..=100.0;
/// Range of areas of layers, mm².
const LAYER_MM2: std::ops::RangeInclusive<f64> = 0.01..=1e8;
/// Least solid fraction that is more than nothing.
const LEAST_FRACTION: f64 = 0.001;

/// Takes the catalogue over into `night`, faulty entries too, so that names resolve.
pub(super) fn read(draft: &CatalogueDraft, limits: &Limits, night: &mut Night, to: &mut Ledger) {
    let currency = Place::json(CATALOGUE_FILE, "currency");
    if draft.currency.len() != 3 || !draft.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        let message = format!("must be a code like EUR (ISO 4217), is {:?}", draft.currency);
        to.add("E1014", &currency, message);
    }
    night.currency.clone_from(&draft.currency);
    for (i, material) in draft.materials.iter().enumerate() {
        let at = Place::json(CATALOGUE_FILE, &format!("materials[{i}]"));
        let material = read_material(material, &at, to);
        insert(&mut night.materials, material.id.clone(), material, &at, to);
    }
    for (i, process) in draft.processes.iter().enumerate() {
        let at = Place::json(CATALOGUE_FILE, &format!("processes[{i}]"));
        let process = read_process(process, limits, night, &at, to);
        insert(&mut night.processes, process.id.clone(), process, &at, to);
    }
    for (i, draft) in draft.post_processes.iter().enumerate() {
        let at = Place::json(CATALOGUE_FILE, &format!("post_processes[{i}]"));
        to.id(&at.field("id"), &draft.id);
        let treatment = PostProcess {
            id: draft.id.as_str().into(),
            name: draft.name.clone(),
            duration: to.hours(&at.field("hours"), draft.hours),
        };
        insert(&mut night.post_processes, treatment.id.clone(), treatment, &at, to);
    }
}

/// Inserts what has a new id and reports the rest.
pub(super) fn insert<K: Ord + std::fmt::Display, V>(
    map: &mut BTreeMap<K, V>,
    id: K,
    value: V,
    at: &Place,
    to: &mut Ledger,
) {
    match map.entry(id) {
        Entry::Vacant(place) => {
            place.insert(value);
        }
        Entry::Occupied(there) => {
            let id = there.key().to_string();
            to.add("E1011", &at.field("id"), format!("must be unique, {id:?} is there already"));
        }
    }
}

fn read_material(draft: &MaterialDraft, at: &Place, to: &mut Ledger) -> Material {
    to.id(&at.field("id"), &draft.id);
    Material {
        id: draft.id.as_str().into(),
        name: draft.name.clone(),
        density_g_cm3: to.number(&at.field("density_g_cm3"), draft.density_g_cm3, DENSITY_G_CM3),
        price_per_kg: to.money(&at.field("price_per_kg"), draft.price_per_kg),
        refresh_loss: to.number(&at.field("refresh_loss"), draft.refresh_loss, 0.0..=1.0),
        bed_density_g_cm3: to.number(
            &at.field("bed_density_g_cm3"),
            draft.bed_density_g_cm3,
            0.0..=*DENSITY_G_CM3.end(),
        ),
    }
}

fn read_process(
    draft: &ProcessDraft,
    limits: &Limits,
    night: &Night,
    at: &Place,
    to: &mut Ledger,
) -> Process {
    to.id(&at.field("id"), &draft.id);
    to.filled(&at.field("materials"), &draft.materials);
    for (i, material) in draft.materials.iter().enumerate() {
        let known = night.materials.keys().map(MaterialId::as_str);
        to.known(&at.item("materials", i), material, "material", known);
    }
    let mut gap =
        |name: &str, value: f64| Mm(to.number(&at.field(name), value, 0.0..=limits.coordinate_mm));
    let part_part = gap("part_part_mm", draft.part_part_mm);
    let part_wall = gap("part_wall_mm", draft.part_wall_mm);
    let part_plate = gap("part_plate_mm", draft.part_plate_mm);
    let category = to
        .choice(&at.field("category"), &draft.category, &CATEGORIES)
        .unwrap_or(ProcessCategory::Pbf);
    let nesting = to
        .choice(
            &at.field("nesting"),
            &draft.nesting,
            &[("volume", NestingMode::Volume), ("plate", NestingMode::Plate)],
        )
        .unwrap_or(NestingMode::Plate);
    let given = draft.limits.unwrap_or_else(|| PrintLimits::usual(category, nesting));
    Process {
        id: draft.id.as_str().into(),
        name: draft.name.clone(),
        category,
        nesting,
        limits: print_limits(&given, limits, &at.field("limits"), to),
        part_part,
        part_wall,
        part_plate,
        orientation: to
            .orientation(&at.field("orientation"), &draft.orientation)
            .unwrap_or(OrientationPolicy::Any),
        solid_fraction: to.number(
            &at.field("solid_fraction"),
            draft.solid_fraction,
            LEAST_FRACTION..=1.0,
        ),
        layer_area: draft.layer_area.map(|area| layer_area(area, nesting, at, to)),
        materials: draft.materials.iter().map(|m| m.as_str().into()).collect(),
        parameter_sets: read_parameter_sets(&draft.parameter_sets, at, to),
    }
}

fn layer_area(draft: LayerArea, nesting: NestingMode, at: &Place, to: &mut Ledger) -> LayerArea {
    let at = at.field("layer_area");
    if nesting == NestingMode::Plate {
        to.add("E1013", &at, "must be left out where parts stand side by side".to_owned());
    }
    let change = draft.change_mm2;
    LayerArea {
        most_mm2: to.number(&at.field("most_mm2"), draft.most_mm2, LAYER_MM2),
        change_mm2: change.map(|most| to.number(&at.field("change_mm2"), most, LAYER_MM2)),
    }
}

fn print_limits(draft: &PrintLimits, limits: &Limits, at: &Place, to: &mut Ledger) -> PrintLimits {
    let size = 0.0..=limits.coordinate_mm;
    let angle = to.number(&at.field("overhang_degrees"), draft.overhang_degrees, 0.0..=90.0);
    PrintLimits {
        wall_mm: to.number(&at.field("wall_mm"), draft.wall_mm, size.clone()),
        feature_mm: to.number(&at.field("feature_mm"), draft.feature_mm, size),
        overhang_degrees: angle,
        fills_cavities: draft.fills_cavities,
    }
}

const CATEGORIES: [(&str, ProcessCategory); 7] = [
    ("BJT", ProcessCategory::Bjt),
    ("DED", ProcessCategory::Ded),
    ("MEX", ProcessCategory::Mex),
    ("MJT", ProcessCategory::Mjt),
    ("PBF", ProcessCategory::Pbf),
    ("SHL", ProcessCategory::Shl),
    ("VPP", ProcessCategory::Vpp),
];

fn read_parameter_sets(
    drafts: &[ParameterSetDraft],
    process: &Place,
    to: &mut Ledger,
) -> Vec<ParameterSet> {
    to.filled(&process.field("parameter_sets"), drafts);
    let (mut ids, mut classes) = (BTreeSet::new(), BTreeSet::new());
    let mut sets = Vec::new();
    for (i, draft) in drafts.iter().enumerate() {
        let at = process.item("parameter_sets", i);
        to.id(&at.field("id"), &draft.id);
        if !ids.insert(draft.id.as_str()) {
            let message = format!("must be unique in its process, {:?} is there already", draft.id);
            to.add("E1011", &at.field("id"), message);
        }
        let quality = to.quality(&at.field("quality"), &draft.quality);
        if quality.is_some_and(|q| !classes.insert(q)) {
            let message = format!("must be unique in its process, {:?} has a set", draft.quality);
            to.add("E1011", &at.field("quality"), message);
        }
        sets.push(ParameterSet {
            id: draft.id.as_str().into(),
            quality: quality.unwrap_or(QualityClass::Standard),
            layer: Mm(to.number(&at.field("layer_mm"), draft.layer_mm, LAYER_MM)),
        });
    }
    sets
}
