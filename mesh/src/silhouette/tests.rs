//! Tests of silhouettes.

use super::*;
use crate::fixtures::{Dice, cuboid, inverted, joined, ring, sphere, turned};

fn area(regions: &[Polygon]) -> f64 {
    regions.iter().map(Polygon::area).sum()
}

/// Whether the regions cover a point, by winding numbers.
fn covers(regions: &[Polygon], p: [f64; 2]) -> bool {
    let odd = |ring: &[[f64; 2]]| {
        let n = ring.len();
        (0..n)
            .filter(|&i| {
                let (a, b) = (ring[i], ring[(i + 1) % n]);
                (a[1] > p[1]) != (b[1] > p[1])
                    && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            })
            .count()
            % 2
            == 1
    };
    regions.iter().any(|r| odd(&r.outer) && !r.holes.iter().any(|h| odd(h)))
}

#[test]
fn box_throws_a_rectangle() {
    let regions = silhouette(&cuboid([1.0, 2.0, 3.0], [4.0, 7.0, 9.0]));
    assert_eq!(regions.len(), 1);
    assert_eq!(regions[0].outer.len(), 4);
    assert!((area(&regions) - 15.0).abs() < 1e-9);
}

#[test]
fn ring_keeps_its_hole() {
    let n = 64;
    let regions = silhouette(&ring(3.0, 5.0, 4.0, n));
    let exact = 0.5 * 64.0 * (2.0 * std::f64::consts::PI / 64.0).sin() * (25.0 - 9.0);
    assert_eq!((regions.len(), regions[0].holes.len()), (1, 1));
    assert!((area(&regions) - exact).abs() < 1e-3);
    assert!(ring_area_is_negative(&regions[0].holes[0]));
}

fn ring_area_is_negative(ring: &[[f64; 2]]) -> bool {
    crate::ring_area(ring) < 0.0
}

#[test]
fn shadow_of_a_convex_body_is_half_its_projected_surface() {
    let mut dice = Dice(3);
    for _ in 0..50 {
        let body = turned(&cuboid([0.0; 3], [3.0, 4.0, 5.0]), &dice.rotation(), [7.0, -9.0, 1.0]);
        let half: f64 = (0..12).map(|t| body.normal_times_area(t).z.abs()).sum::<f64>() / 2.0;
        assert!((area(&silhouette(&body)) - half).abs() < 1e-3);
        // An inside-out body throws the same shadow.
        assert!((area(&silhouette(&inverted(&body))) - half).abs() < 1e-3);
    }
}

#[test]
fn bodies_above_one_another_are_one_region() {
    let low = cuboid([0.0; 3], [4.0, 4.0, 1.0]);
    let high = cuboid([2.0, 2.0, 5.0], [6.0, 6.0, 6.0]);
    let far = cuboid([20.0, 0.0, 0.0], [21.0, 1.0, 1.0]);
    let regions = silhouette(&joined(&[far, low, high]));
    assert_eq!(regions.len(), 2);
    assert!((regions[0].area() - 28.0).abs() < 1e-9 && (regions[1].area() - 1.0).abs() < 1e-9);
}

#[test]
fn open_mesh_throws_the_shadow_of_all_its_triangles() {
    let mut mesh = cuboid([0.0; 3], [1.0; 3]);
    mesh.triangles = vec![[0, 2, 1]];
    assert!((area(&silhouette(&mesh)) - 0.5).abs() < 1e-9);
    assert!(silhouette(&TriMesh::default()).is_empty());
}

#[test]
fn shadow_covers_what_the_triangles_cover_and_nothing_else() {
    let mut dice = Dice(11);
    for _ in 0..20 {
        let parts: Vec<TriMesh> = (0..4)
            .map(|_| {
                let shift = [dice.between(-5.0, 5.0), dice.between(-5.0, 5.0), 0.0];
                turned(&ring(2.0, 4.0, 3.0, 17), &dice.rotation(), shift)
            })
            .collect();
        let mesh = joined(&parts);
        let regions = silhouette(&mesh);
        for _ in 0..300 {
            let p = [dice.between(-10.0, 10.0), dice.between(-10.0, 10.0)];
            // Points within 1e-6 of an edge of a triangle may fall on either side.
            let (mut covered, mut close) = (false, false);
            for t in 0..mesh.triangles.len() {
                let c = mesh.corners(t);
                let side = |a: usize, b: usize| {
                    let (d, e) =
                        ([c[b].x - c[a].x, c[b].y - c[a].y], [p[0] - c[a].x, p[1] - c[a].y]);
                    d[0] * e[1] - d[1] * e[0]
                };
                let s = [side(0, 1), side(1, 2), side(2, 0)];
                close |= s.iter().any(|x| x.abs() < 1e-4);
                covered |= s.iter().all(|&x| x > 0.0) || s.iter().all(|&x| x < 0.0);
            }
            assert!(close || covered == covers(&regions, p), "at {p:?}");
        }
    }
}

#[test]
fn sphere_of_many_triangles() {
    let mesh = sphere(50.0, 230);
    let began = std::time::Instant::now();
    let regions = silhouette(&mesh);
    println!("silhouette of {} triangles: {:?}", mesh.triangles.len(), began.elapsed());
    assert_eq!((regions.len(), regions[0].holes.len()), (1, 0));
    assert!((area(&regions) / (std::f64::consts::PI * 2500.0) - 1.0).abs() < 1e-3);
}

/// Where a line along x at `y` runs inside: of every triangle its stretch, united.
fn stretches(mesh: &TriMesh, y: f64) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = (0..mesh.triangles.len())
        .filter_map(|t| {
            let c = mesh.corners(t);
            let xs = (0..3).filter_map(|k| {
                let (a, b) = (c[k], c[(k + 1) % 3]);
                ((a.y > y) != (b.y > y)).then(|| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            });
            let [low, high] = xs.fold([f64::MAX, f64::MIN], |m, x| [m[0].min(x), m[1].max(x)]);
            (low < high).then_some([low, high])
        })
        .collect();
    all.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut united: Vec<[f64; 2]> = Vec::new();
    for s in all {
        match united.last_mut() {
            Some(last) if s[0] <= last[1] => last[1] = last[1].max(s[1]),
            _ => united.push(s),
        }
    }
    united
}

/// The area between the silhouette and the shadow of all triangles, both cut by `n` lines, and
/// the length of the outline.
fn off(mesh: &TriMesh, regions: &[Polygon], n: usize) -> (f64, f64) {
    let bounds = mesh.bounds().unwrap();
    let step = bounds.size()[1] / n as f64;
    let rings = || regions.iter().flat_map(|r| std::iter::once(&r.outer).chain(&r.holes));
    let sides = |ring: &[[f64; 2]]| {
        let m = ring.len();
        (0..m).map(|i| (ring[i], ring[(i + 1) % m])).collect::<Vec<_>>()
    };
    let edges: Vec<_> = rings().flat_map(|r| sides(r)).collect();
    let length = edges.iter().map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum();
    let mut between = 0.0;
    for k in 0..n {
        let y = bounds.min[1] + (k as f64 + 0.4871) * step;
        let mut ends: Vec<(f64, bool)> =
            stretches(mesh, y).into_iter().flatten().map(|x| (x, true)).collect();
        ends.extend(
            edges
                .iter()
                .filter(|(a, b)| (a[1] > y) != (b[1] > y))
                .map(|(a, b)| (a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]), false)),
        );
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut mesh_in, mut ring_in) = (false, false);
        for pair in ends.windows(2) {
            if pair[0].1 {
                mesh_in = !mesh_in;
            } else {
                ring_in = !ring_in;
            }
            if mesh_in != ring_in {
                between += (pair[1].0 - pair[0].0) * step;
            }
        }
    }
    (between, length)
}

#[test]
fn silhouettes_lie_on_the_shadow_of_all_triangles() {
    let mut dice = Dice(29);
    for _ in 0..20 {
        let shift = [100.0, 200.0, 0.0];
        let parts = [
            turned(&ring(20.0, 40.0, 3.0, 41), &dice.rotation(), shift),
            turned(&cuboid([-5.0; 3], [30.0, 4.0, 60.0]), &dice.rotation(), shift),
        ];
        let mesh = joined(&parts);
        let (between, length) = off(&mesh, &silhouette(&mesh), 1000);
        assert!(between < length * 2e-5, "{between} along {length}");
    }
}

#[test]
fn walls_upright_up_to_single_precision_cost_no_crossings() {
    // Rings above one another, turned about z, in single precision: each rim runs beside all
    // others.
    let mut parts = Vec::new();
    for k in 0..12_u32 {
        let z = 5.0 * f64::from(k);
        let n = 60 * (1 + k % 3);
        parts.push(turned(&ring(30.0, 50.0, 4.0, n), &Default::default(), [170.0, 190.0, z]));
    }
    let mut mesh = joined(&parts);
    let mut dice = Dice(5);
    for v in &mut mesh.vertices {
        let (x, y) = (v.x + dice.between(-1e-5, 1e-5), v.y + dice.between(-1e-5, 1e-5));
        (v.x, v.y) = (f64::from(x as f32), f64::from(y as f32));
    }
    let regions = silhouette(&mesh);
    let points: usize =
        regions.iter().map(|r| r.outer.len() + r.holes.iter().map(Vec::len).sum::<usize>()).sum();
    assert!(points < 3000, "{points} points");
    let (between, length) = off(&mesh, &regions, 1000);
    assert!(between < length * 2e-5, "{between} along {length}");
}

#[test]
fn real_parts_throw_their_shadows() {
    let data = std::env::var("PLATEWRIGHT_DATA").map_or_else(
        |_| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        std::path::PathBuf::from,
    );
    let folder = data.join("voron0/STLs");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return;
    }
    let (mut folders, mut files) = (vec![folder], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
                files.push(path);
            }
        }
    }
    files.sort();
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let unit = Some(platewright_model::measure::LengthUnit::Mm);
        let name = file.file_name().unwrap().to_string_lossy();
        let mesh = crate::read_model(&bytes, &name, unit, &crate::fixtures::LIMITS).unwrap().mesh;
        let (between, length) = off(&mesh, &silhouette(&mesh), 60);
        println!("{name}: {:.3e} mm", between / length);
        assert!(between < length * 2e-5, "{name}: {between} along {length}");
    }
}
