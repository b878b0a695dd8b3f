//! A night from a folder of real models: whole kits, ordered several times.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use platewright_model::draft::{
    CATALOGUE_FILE, CENTRES_FILE, LineDraft, ORDERS_FILE, OrderDraft, OrdersDraft,
};

use crate::error::DatasetError;
use crate::night::{PLANNING_TIME, catalogue, centres, write_json};

/// Machines as for a night of this many units per order.
const UNITS_PER_ORDER: u32 = 180;

/// Writes a night that orders every model below `models` as a kit, `orders` times.
///
/// The quantity of a model comes from `_xN` at the end of its name, else 1. Orders alternate
/// between laser sintering and filament. Models are copied under names without spaces; STL
/// and OBJ are taken to be in mm. Returns the number of models and of units an order.
///
/// # Errors
/// E1092: a folder cannot be read or a file cannot be written; E1094: there is no model.
pub fn write_kit(models: &Path, orders: u32, out: &Path) -> Result<(usize, u32), DatasetError> {
    let found = find(models)?;
    if found.is_empty() {
        return Err(DatasetError::NoModels { folder: models.to_owned() });
    }
    let target = out.join("models");
    fs::create_dir_all(&target)
        .map_err(|source| DatasetError::Write { path: target.clone(), source })?;
    for (name, path) in &found {
        let to = target.join(name);
        let write = |source| DatasetError::Write { path: to.clone(), source };
        fs::write(&to, fs::read(path).map_err(write)?).map_err(write)?;
    }
    let drafts = OrdersDraft {
        planning_time: PLANNING_TIME.into(),
        orders: (0..orders).map(|i| order(i, found.keys())).collect(),
        origin: None,
    };
    write_json(&out.join(ORDERS_FILE), &drafts)?;
    write_json(&out.join(CATALOGUE_FILE), &catalogue())?;
    write_json(&out.join(CENTRES_FILE), &centres(UNITS_PER_ORDER * orders.max(1)))?;
    Ok((found.len(), found.keys().map(|name| quantity(name)).sum()))
}

fn order<'a>(index: u32, names: impl Iterator<Item = &'a String>) -> OrderDraft {
    let (process, material, orientation) =
        if index % 2 == 1 { ("fff", "pla", "upright") } else { ("sls", "pa12", "any") };
    let lines = names.map(|name| LineDraft {
        model: name.clone(),
        unit: (!name.ends_with(".3mf")).then(|| "mm".to_owned()),
        quantity: f64::from(quantity(name)),
        material: material.into(),
        process: process.into(),
        orientation: orientation.into(),
        ..LineDraft::default()
    });
    OrderDraft {
        id: format!("KIT-{}", index + 1),
        customer: format!("customer-{}", index + 1),
        region: "eu-west".into(),
        due: "2026-12-04T12:00:00Z".into(),
        lines: lines.collect(),
        ..OrderDraft::default()
    }
}

/// Copies in a kit: the number behind `_x` at the end of the name.
fn quantity(name: &str) -> u32 {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let number = stem.rsplit_once("_x").map(|(_, number)| number);
    number.and_then(|n| n.parse().ok()).filter(|&n| (1..=100).contains(&n)).unwrap_or(1)
}

/// All models below a folder, by the name they get: unlike in any case of letters.
fn find(folder: &Path) -> Result<BTreeMap<String, PathBuf>, DatasetError> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in paths {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
        let mut name: String = name.to_lowercase().chars().map(plain).collect();
        while found.contains_key(&name) {
            name.insert_str(0, "other-");
        }
        found.insert(name, path);
    }
    Ok(found)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), DatasetError> {
    let read = |source| DatasetError::Write { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.is_dir() {
            collect(&path, paths)?;
            continue;
        }
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        if ending.is_some_and(|e| ["stl", "obj", "ply", "3mf"].contains(&e.as_str())) {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn the_quantity_stands_at_the_end_of_the_name() {
        assert_eq!(quantity("z_idler_x4.stl"), 4);
        assert_eq!(quantity("[a]_tab_X12.STL"), 12);
        assert_eq!(quantity("box_x2_left.stl"), 1);
        assert_eq!(quantity("max_x0.stl"), 1);
    }
}
