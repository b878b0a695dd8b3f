//! Materials, processes and treatments of a random night.

use platewright_model::draft::{
    CatalogueDraft, MaterialDraft, ParameterSetDraft, PostProcessDraft, ProcessDraft,
};
use platewright_model::material::LayerArea;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::{chance, of, some_at_least_one};
use crate::night::stream::draw;

pub(super) fn catalogue(rng: &mut Pcg64) -> CatalogueDraft {
    let materials: Vec<MaterialDraft> =
        (0..rng.random_range(1..=3)).map(|n| material(rng, n)).collect();
    let names: Vec<String> = materials.iter().map(|m| m.id.clone()).collect();
    let processes = (0..rng.random_range(1..=3)).map(|n| process(rng, n, &names)).collect();
    let treatments = 0..rng.random_range(0..=2);
    let treatment = |n| PostProcessDraft {
        id: format!("treatment-{n}"),
        name: format!("Treatment {n}"),
        hours: *of(rng, &[0.0, 1.5, 30.0]),
    };
    let post_processes = treatments.map(treatment).collect();
    CatalogueDraft { currency: "EUR".to_owned(), materials, processes, post_processes }
}

fn material(rng: &mut Pcg64, number: usize) -> MaterialDraft {
    MaterialDraft {
        id: format!("material-{number}"),
        name: format!("Material {number}"),
        density_g_cm3: draw(rng, 0.8, 9.0),
        price_per_kg: *of(rng, &[0, 2_000, 9_000]),
        refresh_loss: *of(rng, &[0.0, 0.3, 1.0]),
        bed_density_g_cm3: *of(rng, &[0.0, 0.5]),
    }
}

fn process(rng: &mut Pcg64, number: usize, materials: &[String]) -> ProcessDraft {
    let volume = chance(rng, 0.5);
    let gaps = [0.0, 0.5, 1.0, 3.0];
    let qualities = some_at_least_one(rng, &["draft", "standard", "fine"], 0.6);
    let limited = volume && chance(rng, 0.2);
    let layer_area = LayerArea {
        most_mm2: draw(rng, 60.0, 1_500.0),
        change_mm2: chance(rng, 0.5).then(|| draw(rng, 60.0, 900.0)),
    };
    ProcessDraft {
        id: format!("process-{number}"),
        name: format!("Process {number}"),
        category: (*of(rng, if volume { &["PBF", "BJT"] } else { &["MEX", "VPP"] })).to_owned(),
        nesting: if volume { "volume" } else { "plate" }.to_owned(),
        part_part_mm: *of(rng, &gaps),
        part_wall_mm: *of(rng, &gaps),
        part_plate_mm: *of(rng, &gaps),
        orientation: (*of(rng, &["fixed", "upright", "axis24", "any"])).to_owned(),
        solid_fraction: *of(rng, &[0.3, 1.0]),
        limits: None,
        layer_area: limited.then_some(layer_area),
        materials: some_at_least_one(rng, materials, 0.6),
        parameter_sets: qualities
            .into_iter()
            .map(|quality| ParameterSetDraft {
                id: format!("process-{number}-{quality}"),
                quality: quality.to_owned(),
                layer_mm: *of(rng, &[0.3, 0.5, 1.0]),
            })
            .collect(),
    }
}
