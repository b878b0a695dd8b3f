//! Reading and writing of a 3MF.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_mesh::{read_model, write_marked_3mf};
use platewright_model::config::Limits;

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

fn threemf(c: &mut Criterion) {
    let mesh = body::gyroid(3);
    let bytes = write_marked_3mf(&mesh, &[]).expect("a sound mesh can be written");
    let mut group = c.benchmark_group("threemf");
    group.sample_size(10).throughput(Throughput::Elements(mesh.triangles.len() as u64));
    group.bench_function("read", |b| {
        b.iter(|| {
            read_model(black_box(&bytes), "gyroid.3mf", None, &LIMITS)
                .expect("a written 3MF can be read")
        });
    });
    group.bench_function("write", |b| {
        b.iter(|| write_marked_3mf(black_box(&mesh), &[]).expect("a sound mesh can be written"));
    });
    group.finish();
}

criterion_group!(benches, threemf);
criterion_main!(benches);
