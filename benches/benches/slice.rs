//! Slicing a mesh.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_slicer::{BuildSlicer, FactsOnly, Placed, Planes, SliceOptions};

fn slice(c: &mut Criterion) {
    let bodies = [("sphere", body::sphere(20.0, 160)), ("gyroid", body::gyroid(2))];
    let ctx = RunContext::with_iterations(0, 0);
    let mut group = c.benchmark_group("slice");
    group.sample_size(10);
    for (name, mesh) in bodies {
        let bounds = mesh.bounds().expect("the body has vertices");
        let pose = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
        let planes = Planes::uniform(Mm(0.1), Mm(bounds.size()[2])).expect("a usable thickness");
        group.throughput(Throughput::Elements(mesh.triangles.len() as u64));
        let placed = [Placed::sound(Arc::new(mesh), pose)];
        group.bench_function(name, |b| {
            b.iter(|| {
                let slicer =
                    BuildSlicer::new(black_box(&placed), &planes, &SliceOptions::default());
                slicer.expect("a sound body").run(&mut FactsOnly, &ctx).expect("not cancelled")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, slice);
criterion_main!(benches);
