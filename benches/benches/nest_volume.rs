//! The first answer of nesting 60 parts of the data sets' families, without improvement.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::families;
use platewright_model::config::VolumeConfig;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_nesting::{Item, Problem, nest_volume};
use rand::SeedableRng;
use rand_pcg::Pcg64;

const PARTS: usize = 60;

fn problem() -> Problem {
    let mut rng = Pcg64::seed_from_u64(1);
    let items = (0..PARTS)
        .map(|k| {
            let family = &families()[k % families().len()];
            let scale = family.size[0].clamp(20.0, 60.0);
            Item {
                part: PartId::from(format!("{}-{k}", family.name).as_str()),
                mesh: Arc::new((family.make)(&mut rng, scale)),
                copies: 1,
                orientation: OrientationPolicy::Axis24,
                clearance: Mm(2.0),
                inside_cavity: false,
                priority: 0,
            }
        })
        .collect();
    let volume = BuildVolume {
        shape: VolumeShape::Box { x: Mm(200.0), y: Mm(200.0), z: Mm(300.0) },
        excluded: Vec::new(),
    };
    Problem { items, volume, part_wall: Mm(2.0), part_plate: Mm(0.0) }
}

fn nest(c: &mut Criterion) {
    let problem = problem();
    let cfg = VolumeConfig { voxel_mm: 2.0, iterations: 0 };
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
