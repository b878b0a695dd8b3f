//! What all targets do with a file: read it, and inspect and correct what was read.

use platewright_mesh::{correct, edge_facts, inspect, read_model};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

/// Small limits, so that memory stays bounded and a case is quick.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    triangles: 100_000,
    inflated_bytes: 1 << 24,
    inflation_ratio: 200,
    zip_members: 100,
    coordinate_mm: 1e6,
    line_quantity: 100,
    night_units: 100,
};

/// Triangles up to which a mesh is inspected and corrected: more take too long a case.
const SMALL: usize = 2000;

/// Reads the bytes as a file of this name; nothing may panic, and what is corrected stays so.
pub fn check(bytes: &[u8], file: &str) {
    // Both ways to a mesh: in the unit given, or to the message that offers one.
    drop(read_model(bytes, file, None, &LIMITS));
    let Ok(model) = read_model(bytes, file, Some(LengthUnit::Mm), &LIMITS) else { return };
    let mesh = model.mesh;
    assert!(mesh.vertices.iter().all(|v| v.iter().all(|x| x.abs() <= LIMITS.coordinate_mm)));
    assert!(mesh.triangles.as_flattened().iter().all(|&v| (v as usize) < mesh.vertices.len()));
    let mut distinct: Vec<[u64; 3]> =
        mesh.vertices.iter().map(|v| [v.x, v.y, v.z].map(f64::to_bits)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), mesh.vertices.len(), "vertices are not welded");
    let facts = edge_facts(&mesh);
    assert!(facts.shells as usize <= mesh.triangles.len());
    if mesh.triangles.len() <= SMALL {
        drop(inspect(&mesh));
        let correction = correct(&mesh);
        drop(inspect(&correction.mesh));
    }
}
