//! The scan for self-intersections on a clean body of many triangles and on one that pierces
//! itself.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platewright_datasets::body;
use platewright_mesh::{TriMesh, intersecting_pairs};

/// A closed surface bulged like a scanned head: a ball with waves, `n` by `n` corners.
fn head(n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let turn = std::f64::consts::TAU / f64::from(n);
    for i in 0..=n {
        let (flat, z) = (turn / 2.0 * f64::from(i)).sin_cos();
        for j in 0..n {
            let around = turn * f64::from(j);
            let (s, c) = around.sin_cos();
            let wave = (7.0 * around).sin() * (9.0 * z).cos() + 0.3 * (31.0 * z + around).sin();
            let radius = 50.0 + 2.0 * wave * flat;
            mesh.vertices.push([radius * flat * c, radius * flat * s, 1.4 * radius * z].into());
        }
    }
    let at = |i: u32, j: u32| match i {
        0 => 0,
        i if i == n => n * n,
        i => i * n + j % n,
    };
    for i in 0..n {
        for j in 0..n {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            mesh.triangles.extend([[a, b, c], [a, c, d]].into_iter().filter(|t| t[0] != t[1]));
        }
    }
    mesh.triangles.retain(|&[a, b, c]| a != b && b != c && c != a);
    mesh
}

fn intersect(c: &mut Criterion) {
    let gyroid = body::gyroid(3);
    let head = head(220);
    let mut pierced = gyroid.clone();
    let mut moved = gyroid.clone();
    for v in &mut moved.vertices {
        v.x += 0.37;
        v.y += 0.21;
    }
    pierced.append(&moved);
    let mut group = c.benchmark_group("intersect");
    group.sample_size(10);
    for (name, mesh) in [("gyroid", &gyroid), ("head", &head), ("two gyroids", &pierced)] {
        group.throughput(Throughput::Elements(mesh.triangles.len() as u64));
        group.bench_function(name, |b| b.iter(|| intersecting_pairs(black_box(mesh)).len()));
    }
    group.finish();
}

criterion_group!(benches, intersect);
criterion_main!(benches);
