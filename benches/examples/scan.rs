//! Prints the CPU time a triangle of the scan for self-intersections, on given STL files.
//!
//! `cargo run --release -p platewright-benches --example scan -- FILE.stl...`

#![allow(clippy::print_stdout)]

use std::hint::black_box;

use manifold_rust::manifold::Manifold;
use manifold_rust::robust::soup::has_self_intersections;
use manifold_rust::types::MeshGL64;
use platewright_mesh::{TriMesh, intersecting_pairs, read_model};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

const LIMITS: Limits = Limits {
    file_bytes: 1 << 31,
    triangles: 100_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 100_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

/// CPU seconds of this process so far, all threads; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn report(name: &str, mesh: &TriMesh, what: &str, run: &dyn Fn() -> usize) {
    // Ticks are 10 ms: repeat until the run is long enough to be told apart from one.
    let (start, mut rounds, mut found) = (cpu_seconds(), 0_u32, 0);
    while rounds < 3 || (cpu_seconds() - start < 1.0 && rounds < 1000) {
        found = black_box(run());
        rounds += 1;
    }
    let each = (cpu_seconds() - start) / f64::from(rounds);
    let n = mesh.triangles.len();
    println!("{name}: {what} {found}, {each:.3} CPU s, {:.3} µs a triangle", each * 1e6 / n as f64);
}

fn main() {
    for file in std::env::args().skip(1) {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let mesh = match read_model(&bytes, &file, Some(LengthUnit::Mm), &LIMITS) {
            Ok(model) => model.mesh,
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        drop(bytes);
        report(&file, &mesh, "pairs", &|| intersecting_pairs(&mesh).len());
        scan_of_manifold(&file, &mesh);
    }
}

/// The yes-or-no scan of `manifold-rust` on the same mesh; its import is not counted.
fn scan_of_manifold(name: &str, mesh: &TriMesh) {
    let gl = MeshGL64 {
        num_prop: 3,
        vert_properties: mesh.vertices.iter().flat_map(|v| [v.x, v.y, v.z]).collect(),
        tri_verts: mesh.triangles.iter().flatten().map(|&v| u64::from(v)).collect(),
        ..MeshGL64::default()
    };
    let body = Manifold::from_mesh_gl64(&gl);
    let triangles = body.as_impl().num_tri();
    if triangles == 0 {
        println!("{name}: manifold-rust does not take it");
        return;
    }
    let start = cpu_seconds();
    let found = has_self_intersections(body.as_impl());
    let each = cpu_seconds() - start;
    let micros = each * 1e6 / triangles as f64;
    println!("{name}: manifold-rust any {found}, {each:.3} CPU s, {micros:.3} µs a triangle");
}
