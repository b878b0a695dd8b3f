//! Slicing a mesh.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_model::measure::Mm;
use platewright_slicer::{SliceOptions, UnionRule, slice_mesh};

fn slice(c: &mut Criterion) {
    let options = SliceOptions { layer: Mm(0.1), simplify_mm: 0.0, union: UnionRule::Shells };
    let bodies = [("sphere", body::sphere(20.0, 160)), ("gyroid", body::gyroid(2))];
    let mut group = c.benchmark_group("slice");
    group.sample_size(10);
    for (name, mesh) in bodies {
        let bottom = mesh.bounds().map_or(0.0, |b| b.min[2]);
        group.throughput(Throughput::Elements(mesh.triangles.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| slice_mesh(black_box(&mesh), bottom, &options).expect("a closed body"));
        });
    }
    group.finish();
}

criterion_group!(benches, slice);
criterion_main!(benches);
