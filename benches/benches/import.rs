//! Reading and inspecting a binary STL.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_mesh::{inspect, read_model, write_stl};
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
    let bytes = write_stl(&mesh);
    let mut group = c.benchmark_group("import");
    group.sample_size(10).throughput(Throughput::Elements(mesh.triangles.len() as u64));
    group.bench_function("gyroid", |b| {
        b.iter(|| {
            let unit = Some(LengthUnit::Mm);
            let model = read_model(black_box(&bytes), "gyroid.stl", unit, &LIMITS)
                .expect("a written STL can be read");
            inspect(&model.mesh)
        });
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
