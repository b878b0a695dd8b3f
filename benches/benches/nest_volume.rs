//! The first answer of nesting 60 parts of the data sets' families, without improvement.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_benches::problem;
use platewright_model::config::VolumeConfig;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_nesting::nest_volume;

const PARTS: usize = 60;

fn nest(c: &mut Criterion) {
    let problem = problem(PARTS, OrientationPolicy::Axis24, [200.0, 200.0, 300.0]);
    let cfg = VolumeConfig { voxel_mm: 2.0, iterations: 0, removable: true, balanced: false };
    let ctx = RunContext::with_iterations(1, 0);
    let mut group = c.benchmark_group("nest_volume");
    group.sample_size(10).throughput(Throughput::Elements(PARTS as u64));
    group.bench_function("60 parts", |b| {
        b.iter(|| {
            nest_volume(black_box(&problem), usize::MAX, &cfg, &ctx).expect("parts with meshes")
        });
    });
    group.finish();
}

criterion_group!(benches, nest);
criterion_main!(benches);
