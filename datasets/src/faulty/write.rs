//! Writing a corpus to a folder.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use platewright_mesh::{TriMesh, write_stl};
use rayon::prelude::*;
use serde::Serialize;

use super::{Corpus, FaultyCase, Injected, Truth, corpus};
use crate::error::DatasetError;
use crate::night::write_json;

/// One case of `truth.json`.
#[derive(Serialize)]
struct Entry {
    file: String,
    recipe: String,
    triangles: usize,
    truth: Truth,
    injected: Vec<Injected>,
}

/// Writes the cases of a corpus as binary STL, or OBJ where the fault lies in the indices, and
/// `truth.json` below `dir`, which is made if it is not there. Returns the number of cases and
/// of triangles.
///
/// # Errors
/// E1092: a folder or file cannot be written.
pub fn write_faults(dir: &Path, options: &Corpus) -> Result<(usize, usize), DatasetError> {
    fs::create_dir_all(dir)
        .map_err(|source| DatasetError::Write { path: dir.to_owned(), source })?;
    let entries: Result<Vec<Entry>, DatasetError> =
        corpus(options).par_iter().map(|plan| write_case(dir, plan.make())).collect();
    let entries = entries?;
    write_json(&dir.join("truth.json"), &entries)?;
    Ok((entries.len(), entries.iter().map(|e| e.triangles).sum()))
}

fn write_case(dir: &Path, case: FaultyCase) -> Result<Entry, DatasetError> {
    let file = case.file();
    let bytes =
        if file.ends_with(".obj") { obj(&case.mesh).into_bytes() } else { write_stl(&case.mesh) };
    let path = dir.join(&file);
    fs::write(&path, bytes).map_err(|source| DatasetError::Write { path, source })?;
    Ok(Entry {
        file,
        recipe: case.recipe,
        triangles: case.mesh.triangles.len(),
        truth: case.truth,
        injected: case.injected,
    })
}

/// A mesh as OBJ, vertices and indices as they are.
fn obj(mesh: &TriMesh) -> String {
    let mut text = String::new();
    for v in &mesh.vertices {
        writeln!(text, "v {} {} {}", v.x, v.y, v.z).expect("a string takes any text");
    }
    for [a, b, c] in &mesh.triangles {
        writeln!(text, "f {} {} {}", a + 1, b + 1, c + 1).expect("a string takes any text");
    }
    text
}
