//! A real kit of parts; skipped where the data is not there.

use std::path::{Path, PathBuf};

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::config::VolumeConfig;
use platewright_model::run::RunContext;

use super::{item, pitch, problem, verify::faults};
use crate::nest_volume;

#[test]
fn a_real_kit_keeps_its_clearance() {
    let root = std::env::var_os("PLATEWRIGHT_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let mut files = Vec::new();
    collect(&root.join("voron0"), &mut files);
    files.sort();
    if files.is_empty() {
        println!("skipped: no folder voron0 below {}", root.display());
        return;
    }
    let items = files
        .iter()
        .filter_map(|f| {
            let name = f.file_stem()?.to_str()?;
            let copies = name.rsplit_once("_x").and_then(|(_, n)| n.parse().ok()).unwrap_or(1);
            Some(item(read(&std::fs::read(f).ok()?)?, copies, 1.0))
        })
        .collect();
    let problem = problem(items, [250.0, 250.0, 250.0]);
    // Drawing them out is checked elsewhere: in steps it takes minutes.
    let cfg = VolumeConfig { removable: false, ..pitch(1.0) };
    let nest = nest_volume(&problem, 1, &cfg, &RunContext::with_iterations(1, 1)).unwrap();
    assert_eq!(faults(&problem, &nest, 1), Vec::<String>::new());
    assert!(nest.left.is_empty());
    assert!(nest.layouts[0].height.0 <= 75.0, "{}", nest.layouts[0].height);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
            files.push(path);
        }
    }
}

/// Reads a binary STL.
fn read(bytes: &[u8]) -> Option<TriMesh> {
    let count = u32::from_le_bytes(bytes.get(80..84)?.try_into().ok()?);
    let mut mesh = TriMesh::default();
    for t in 0..count {
        let corners = bytes.get(84 + t as usize * 50 + 12..)?.get(..36)?;
        let number =
            |k: usize| f64::from(f32::from_le_bytes(corners[k * 4..k * 4 + 4].try_into().unwrap()));
        for v in 0..3 {
            mesh.vertices.push(Point3::new(number(3 * v), number(3 * v + 1), number(3 * v + 2)));
        }
        mesh.triangles.push([3 * t, 3 * t + 1, 3 * t + 2]);
    }
    Some(mesh)
}
