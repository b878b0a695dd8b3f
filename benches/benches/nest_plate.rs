//! The first answer of nesting 40 parts of the data sets' families, without improvement.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_benches::problem;
use platewright_model::config::PlateConfig;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_nesting::nest_plate;

const PARTS: usize = 40;

fn nest(c: &mut Criterion) {
    let problem = problem(PARTS, OrientationPolicy::Upright, [250.0, 210.0, 200.0]);
    let cfg = PlateConfig { iterations: 0 };
    let ctx = RunContext::with_iterations(1, 0);
    let mut group = c.benchmark_group("nest_plate");
    group.sample_size(10).throughput(Throughput::Elements(PARTS as u64));
    group.bench_function("40 parts", |b| {
        b.iter(|| {
            nest_plate(black_box(&problem), usize::MAX, &cfg, &ctx).expect("parts with meshes")
        });
    });
    group.finish();
}

criterion_group!(benches, nest);
criterion_main!(benches);
