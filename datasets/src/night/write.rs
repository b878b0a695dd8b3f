//! Writing a night to a folder.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use platewright_mesh::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, TriMesh, write_3mf, write_stl};
use platewright_model::draft::{CATALOGUE_FILE, CENTRES_FILE, ORDERS_FILE};
use platewright_model::geometry::Pose;
use platewright_model::id::derive_uuid;
use platewright_model::measure::LengthUnit;
use serde::Serialize;

use super::{GeneratedModel, GeneratedNight};
use crate::error::DatasetError;

/// Writes `orders.json`, `catalogue.json`, `centres.json` and `models/` below `dir`, which is
/// made if it is not there; files of the same names are replaced.
///
/// # Errors
/// E1092: a folder or file cannot be written. E1093: a mesh cannot be written as 3MF.
pub fn write_night(dir: &Path, night: &GeneratedNight) -> Result<(), DatasetError> {
    let models = dir.join("models");
    fs::create_dir_all(&models)
        .map_err(|source| DatasetError::Write { path: models.clone(), source })?;
    json(&dir.join(ORDERS_FILE), &night.orders)?;
    json(&dir.join(CATALOGUE_FILE), &night.catalogue)?;
    json(&dir.join(CENTRES_FILE), &night.centres)?;
    for model in &night.models {
        put(&models.join(&model.file), &content(model)?)?;
    }
    Ok(())
}

pub(crate) fn json(path: &Path, value: &impl Serialize) -> Result<(), DatasetError> {
    let mut text = serde_json::to_vec_pretty(value).expect("drafts are plain data");
    text.push(b'\n');
    put(path, &text)
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), DatasetError> {
    fs::write(path, bytes).map_err(|source| DatasetError::Write { path: path.to_owned(), source })
}

/// The bytes of a model's file.
fn content(model: &GeneratedModel) -> Result<Vec<u8>, DatasetError> {
    if model.mesh.triangles.is_empty() {
        return Ok(Vec::new());
    }
    let mut mesh = model.mesh.clone();
    let in_mm = model.unit.map_or(1.0, LengthUnit::in_mm);
    mesh.vertices.iter_mut().for_each(|v| *v /= in_mm);
    match model.file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("3mf") => three_mf(&model.file, &mesh),
        Some("obj") => Ok(obj(&mesh).into_bytes()),
        _ => Ok(write_stl(&mesh)),
    }
}

fn three_mf(file: &str, mesh: &TriMesh) -> Result<Vec<u8>, DatasetError> {
    let uuid = |what: &str| derive_uuid(&format!("dataset/{what}/{file}")).to_string();
    let build = ThreeMfBuild {
        uuid: uuid("build"),
        objects: vec![ThreeMfObject { name: file.to_owned(), mesh, uuid: uuid("object") }],
        items: vec![ThreeMfItem {
            object: 0,
            pose: Pose::IDENTITY,
            uuid: uuid("item"),
            part_number: file.to_owned(),
        }],
        metadata: vec![("Title".to_owned(), file.to_owned())],
    };
    write_3mf(&build).map_err(|source| DatasetError::Format { file: file.to_owned(), source })
}

fn obj(mesh: &TriMesh) -> String {
    let mut text = String::from("# unit: mm\n");
    for v in &mesh.vertices {
        writeln!(text, "v {} {} {}", v.x as f32, v.y as f32, v.z as f32)
            .expect("a string takes all that is written");
    }
    for t in &mesh.triangles {
        writeln!(text, "f {} {} {}", t[0] + 1, t[1] + 1, t[2] + 1)
            .expect("a string takes all that is written");
    }
    text
}
