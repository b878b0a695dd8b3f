//! The shadow and the voxels of a body.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_mesh::{Voxels, silhouette};

fn silhouette_voxels(c: &mut Criterion) {
    let bodies = [("sphere", body::sphere(50.0, 230)), ("gyroid", body::gyroid(2))];
    for (name, mesh) in bodies {
        let mut group = c.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Elements(mesh.triangles.len() as u64));
        group.bench_function("silhouette", |b| b.iter(|| silhouette(black_box(&mesh))));
        group.bench_function("voxels of 1 mm", |b| {
            b.iter(|| Voxels::from_mesh(black_box(&mesh), 1.0, true));
        });
        group.finish();
    }
}

criterion_group!(benches, silhouette_voxels);
criterion_main!(benches);
