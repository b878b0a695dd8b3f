//! Reading, counting edges of and inspecting one body in several formats.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_mesh::{TriMesh, edge_facts, inspect, read_model, write_stl};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

const LIMITS: Limits = Limits {
    file_bytes: 1 << 29,
    triangles: 10_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 10_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

fn import(c: &mut Criterion) {
    let mesh = body::gyroid(3);
    let files = [
        ("gyroid.stl", write_stl(&mesh)),
        ("gyroid_ascii.stl", ascii_stl(&mesh)),
        ("gyroid.obj", obj(&mesh)),
    ];
    let mut group = c.benchmark_group("import");
    group.sample_size(10).throughput(Throughput::Elements(mesh.triangles.len() as u64));
    for (name, bytes) in &files {
        group.bench_function(*name, |b| b.iter(|| read(black_box(bytes), name)));
    }
    let read_mesh = read(&files[0].1, "gyroid.stl");
    group.bench_function("edge_facts", |b| b.iter(|| edge_facts(black_box(&read_mesh))));
    group.bench_function("gyroid", |b| {
        b.iter(|| inspect(&read(black_box(&files[0].1), "gyroid.stl")));
    });
    group.finish();
}

fn read(bytes: &[u8], name: &str) -> TriMesh {
    let unit = Some(LengthUnit::Mm);
    read_model(bytes, name, unit, &LIMITS).expect("a written model can be read").mesh
}

fn ascii_stl(mesh: &TriMesh) -> Vec<u8> {
    let mut text = "solid\n".to_owned();
    for t in 0..mesh.triangles.len() {
        text += "facet normal 0 0 0\nouter loop\n";
        for p in mesh.corners(t) {
            text += &format!("vertex {:.6} {:.6} {:.6}\n", p.x, p.y, p.z);
        }
        text += "endloop\nendfacet\n";
    }
    text.into_bytes()
}

fn obj(mesh: &TriMesh) -> Vec<u8> {
    let mut text = String::new();
    for p in &mesh.vertices {
        text += &format!("v {:.6} {:.6} {:.6}\n", p.x, p.y, p.z);
    }
    for [a, b, c] in &mesh.triangles {
        text += &format!("f {} {} {}\n", a + 1, b + 1, c + 1);
    }
    text.into_bytes()
}

criterion_group!(benches, import);
criterion_main!(benches);
