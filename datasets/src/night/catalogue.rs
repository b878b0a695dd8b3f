//! The catalogue: materials, processes with their rules, treatments.
//!
//! Densities and prices are of the order of data sheets and price lists of 2024; clearances and
//! layer thicknesses are usual settings of the machines in `centres`.

use platewright_model::draft::{
    CatalogueDraft, MaterialDraft, ParameterSetDraft, PostProcessDraft, ProcessDraft,
};

/// A process as its orders come: share of the units, materials, qualities and finishes with
/// their weights, size of its parts.
pub(super) struct Demand {
    pub(super) process: &'static str,
    pub(super) share: f64,
    pub(super) materials: &'static [(&'static str, f64)],
    pub(super) qualities: &'static [(&'static str, f64)],
    pub(super) finishes: &'static [(&'static [&'static str], f64)],
    pub(super) colours: &'static [&'static str],
    /// Median and spread (of the logarithm) of the longest edge, mm.
    pub(super) size: [f64; 2],
    /// What every part must fit in as drawn, mm: less than the smallest machine that takes all
    /// of the process's materials, walls and plate taken off.
    pub(super) room: [f64; 3],
}

pub(super) const DEMANDS: [Demand; 5] = [
    Demand {
        process: "sls",
        share: 0.36,
        materials: &[("pa12", 0.88), ("pa11", 0.12)],
        qualities: &[("standard", 0.95), ("fine", 0.05)],
        finishes: &[(&["bead-blast"], 0.6), (&["bead-blast", "dye"], 0.25), (&[], 0.15)],
        colours: &["white", "black"],
        size: [66.0, 0.45],
        room: [300.0, 300.0, 240.0],
    },
    Demand {
        process: "mjf",
        share: 0.27,
        materials: &[("pa12-mjf", 0.88), ("tpu-mjf", 0.12)],
        qualities: &[("standard", 1.0)],
        finishes: &[(&["bead-blast", "dye"], 0.4), (&["bead-blast"], 0.4), (&["smooth"], 0.2)],
        colours: &["grey", "black"],
        size: [70.0, 0.45],
        room: [340.0, 255.0, 255.0],
    },
    Demand {
        process: "fff",
        share: 0.16,
        materials: &[("pla", 0.4), ("petg", 0.4), ("asa", 0.2)],
        qualities: &[("standard", 0.75), ("draft", 0.2), ("fine", 0.05)],
        finishes: &[(&[], 0.7), (&["support-removal"], 0.3)],
        colours: &["black", "grey", "orange", "white"],
        size: [72.0, 0.35],
        room: [220.0, 180.0, 190.0],
    },
    Demand {
        process: "vpp",
        share: 0.13,
        materials: &[("resin-standard", 0.55), ("resin-tough", 0.3), ("resin-castable", 0.15)],
        qualities: &[("standard", 0.8), ("fine", 0.2)],
        finishes: &[(&["support-removal", "uv-cure"], 1.0)],
        colours: &[],
        size: [38.0, 0.35],
        room: [180.0, 108.0, 180.0],
    },
    Demand {
        process: "lpbf",
        share: 0.08,
        materials: &[("alsi10mg", 0.65), ("316l", 0.35)],
        qualities: &[("standard", 0.85), ("draft", 0.15)],
        finishes: &[
            (&["stress-relief", "support-removal"], 0.8),
            (&["stress-relief", "machining"], 0.2),
        ],
        colours: &[],
        size: [40.0, 0.35],
        room: [180.0, 180.0, 200.0],
    },
];

pub(crate) fn catalogue() -> CatalogueDraft {
    CatalogueDraft {
        currency: "EUR".to_owned(),
        materials: materials(),
        processes: processes(),
        post_processes: [
            ("bead-blast", "Glass bead blasting", 2.0),
            ("dye", "Dyeing", 6.0),
            ("smooth", "Vapour smoothing", 8.0),
            ("support-removal", "Removal of supports", 2.0),
            ("uv-cure", "Washing and post-curing", 1.5),
            ("stress-relief", "Stress relief in the furnace", 10.0),
            ("machining", "Machining of functional faces", 24.0),
        ]
        .map(|(id, name, hours)| PostProcessDraft { id: id.into(), name: name.into(), hours })
        .to_vec(),
    }
}

fn materials() -> Vec<MaterialDraft> {
    // Id, name, g/cm³, cents per kg, refresh loss, bed density.
    [
        ("pa12", "PA 12 powder for laser sintering", 0.93, 6_500, 0.4, 0.45),
        ("pa11", "PA 11 powder for laser sintering", 0.99, 8_200, 0.3, 0.48),
        ("pa12-mjf", "PA 12 powder for infrared fusion", 1.01, 5_800, 0.2, 0.44),
        ("tpu-mjf", "TPU powder for infrared fusion", 1.1, 9_500, 0.2, 0.5),
        ("pla", "PLA filament", 1.24, 2_200, 0.0, 0.0),
        ("petg", "PETG filament", 1.27, 2_600, 0.0, 0.0),
        ("asa", "ASA filament", 1.07, 3_100, 0.0, 0.0),
        ("resin-standard", "Standard resin, grey", 1.19, 8_900, 0.0, 0.0),
        ("resin-tough", "Tough resin", 1.2, 15_500, 0.0, 0.0),
        ("resin-castable", "Castable wax resin", 1.08, 26_000, 0.0, 0.0),
        ("alsi10mg", "AlSi10Mg powder", 2.67, 7_500, 0.02, 1.4),
        ("316l", "Stainless steel 316L powder", 7.9, 5_500, 0.02, 4.2),
    ]
    .map(|(id, name, density, price, loss, bed)| MaterialDraft {
        id: id.into(),
        name: name.into(),
        density_g_cm3: density,
        price_per_kg: price,
        refresh_loss: loss,
        bed_density_g_cm3: bed,
    })
    .to_vec()
}

fn processes() -> Vec<ProcessDraft> {
    let process =
        |id: &str, name: &str, category: &str, clearances: [f64; 3], layers: &[(&str, f64)]| {
            let demand = DEMANDS.iter().find(|d| d.process == id);
            let materials = demand.map_or(&[][..], |d| d.materials);
            let volume = clearances[2] >= 5.0;
            ProcessDraft {
                id: id.into(),
                name: name.into(),
                category: category.into(),
                nesting: if volume { "volume" } else { "plate" }.into(),
                part_part_mm: clearances[0],
                part_wall_mm: clearances[1],
                part_plate_mm: clearances[2],
                orientation: if volume { "any" } else { "upright" }.into(),
                solid_fraction: if id == "fff" { 0.4 } else { 1.0 },
                limits: None,
                layer_area: None,
                materials: materials.iter().map(|m| m.0.to_owned()).collect(),
                parameter_sets: layers
                    .iter()
                    .map(|&(quality, layer_mm)| ParameterSetDraft {
                        id: format!("{id}-{}um", (layer_mm * 1000.0).round()),
                        quality: quality.into(),
                        layer_mm,
                    })
                    .collect(),
            }
        };
    // Clearances: part to part, part to wall, part to plate.
    vec![
        process(
            "sls",
            "PBF-LB/P, laser sintering",
            "PBF",
            [2.0, 5.0, 6.0],
            &[("standard", 0.12), ("fine", 0.1)],
        ),
        process("mjf", "PBF-IrL/P, infrared fusion", "PBF", [3.0, 5.0, 6.0], &[("standard", 0.08)]),
        process(
            "fff",
            "MEX, filament",
            "MEX",
            [3.0, 3.0, 0.0],
            &[("draft", 0.3), ("standard", 0.2), ("fine", 0.1)],
        ),
        process("vpp", "VPP, resin", "VPP", [1.5, 3.0, 4.0], &[("standard", 0.1), ("fine", 0.05)]),
        process(
            "lpbf",
            "PBF-LB/M, laser beam fusion of metal",
            "PBF",
            [3.0, 5.0, 4.0],
            &[("draft", 0.06), ("standard", 0.04)],
        ),
    ]
}
