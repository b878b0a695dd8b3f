use std::collections::{BTreeMap, BTreeSet};

use platewright_model::config::Limits;

use super::*;

fn demo(seed: u64) -> GeneratedNight {
    night(&NightOptions::size(NightSize::Demo, seed)).unwrap()
}

fn units(night: &GeneratedNight) -> f64 {
    night.orders.orders.iter().flat_map(|o| &o.lines).map(|l| l.quantity).sum()
}

fn machines(night: &GeneratedNight) -> usize {
    night.centres.centres.iter().map(|c| c.machines.len()).sum()
}

#[test]
fn the_demo_night_has_its_counts() {
    let night = demo(1);
    assert_eq!(units(&night), 900.0);
    assert_eq!(night.orders.orders.len(), 150);
    assert_eq!(night.centres.centres.len(), 4);
    assert_eq!(machines(&night), 14);
    assert!((75..=85).contains(&night.models.len()), "{}", night.models.len());
    assert!(night.orders.orders.iter().all(|o| (1..=6).contains(&o.lines.len())));
}

#[test]
fn named_sizes_scale() {
    let toy = night(&NightOptions::size(NightSize::Toy, 7)).unwrap();
    assert_eq!((units(&toy), toy.orders.orders.len(), machines(&toy)), (12.0, 3, 2));
    for n in [1, 2, 5, 59, 60, 100, 333] {
        let night = night(&NightOptions::units(n, 3)).unwrap();
        assert_eq!(units(&night), f64::from(n));
        assert!(night.orders.orders.iter().all(|o| !o.lines.is_empty()));
    }
    assert!(night(&NightOptions::units(0, 1)).is_err());
}

#[test]
fn the_same_seed_gives_the_same_night_and_another_seed_another() {
    let options = NightOptions::units(150, 11);
    let first = night(&options).unwrap();
    assert!(first == night(&options).unwrap());
    assert!(first != night(&NightOptions::units(150, 12)).unwrap());
}

#[test]
fn all_references_resolve() {
    use platewright_model::validate::validate;
    for options in [NightOptions::size(NightSize::Demo, 5), NightOptions::size(NightSize::Toy, 5)] {
        let night = night(&options).unwrap();
        let files: BTreeSet<&str> = night.models.iter().map(|m| m.file.as_str()).collect();
        let lines: Vec<_> = night.orders.orders.iter().flat_map(|o| &o.lines).collect();
        assert!(lines.iter().all(|l| files.contains(l.model.as_str())));
        let limits = limits();
        let valid = validate(night.orders, night.catalogue, night.centres, &limits);
        assert!(valid.faults.is_empty(), "{:?}", valid.faults);
    }
}

#[test]
fn flaws_are_the_four_that_are_meant() {
    let night = demo(2);
    let largest = |process: &str| {
        let all = night.centres.centres.iter().flat_map(|c| &c.machines);
        let of = all.filter(|m| m.process == process).map(|m| match m.volume {
            platewright_model::draft::VolumeDraft::Box { x, y, z } => [x, y, z],
            platewright_model::draft::VolumeDraft::Cylinder { diameter, z } => {
                [diameter, diameter, z]
            }
        });
        of.max_by(|a, b| a[0].total_cmp(&b[0])).unwrap()
    };
    let process: BTreeMap<&str, &str> = night
        .orders
        .orders
        .iter()
        .flat_map(|o| &o.lines)
        .map(|l| (l.model.as_str(), l.process.as_str()))
        .collect();
    let mut bad = Vec::new();
    for model in &night.models {
        let sound = crate::fault(&model.mesh).is_none();
        let room = largest(process[model.file.as_str()]);
        let size = model.mesh.bounds().map_or([0.0; 3], |b| b.size());
        let fits = size[0].max(size[1]) + 12.0 <= room[0].max(room[1]) && size[2] + 12.0 <= room[2];
        if !sound || !fits {
            bad.push(model.file.as_str());
        }
    }
    bad.sort_unstable();
    let meant =
        ["empty-file.stl", "scan-with-holes.stl", "too-large-bracket.stl", "too-large-duct.stl"];
    assert_eq!(bad, meant);
}

fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 30,
        triangles: 1 << 24,
        inflated_bytes: 1 << 30,
        inflation_ratio: 200,
        zip_members: 1000,
        coordinate_mm: 1e5,
        line_quantity: 10_000,
        night_units: 100_000,
    }
}

#[test]
fn written_models_read_back_as_they_were() {
    let night = night(&NightOptions::units(300, 4)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write_night(dir.path(), &night).unwrap();
    for model in night.models.iter().filter(|m| !m.mesh.triangles.is_empty()) {
        let bytes = std::fs::read(dir.path().join("models").join(&model.file)).unwrap();
        let read =
            platewright_mesh::read_model(&bytes, &model.file, model.unit, &limits()).unwrap();
        assert_eq!(read.mesh.triangles.len(), model.mesh.triangles.len(), "{}", model.file);
        let (surface, expected) = (read.mesh.surface(), model.mesh.surface());
        assert!((surface / expected - 1.0).abs() < 1e-4, "{}: {surface}", model.file);
    }
    let text = std::fs::read_to_string(dir.path().join("orders.json")).unwrap();
    let orders: OrdersDraft = serde_json::from_str(&text).unwrap();
    assert!(orders == night.orders);
}
