use std::f64::consts::TAU;

use nalgebra::{Point3, Rotation3, Vector3};
use platewright_mesh::TriMesh;

use super::{Cut, CutAreas, layer_areas};

/// A body of revolution about the z axis, `n` sides; `profile` runs from the bottom up on the
/// outer side and back on the inner one, as radius and height. Rings of radius 0 are poles.
fn lathe(profile: &[[f64; 2]], closed: bool, n: usize) -> TriMesh {
    let mut mesh = TriMesh::default();
    let rings: Vec<Vec<u32>> = profile
        .iter()
        .map(|&[r, z]| {
            let first = mesh.vertices.len() as u32;
            if r == 0.0 {
                mesh.vertices.push(Point3::new(0.0, 0.0, z));
                return vec![first; n];
            }
            for i in 0..n {
                let (sin, cos) = (TAU * i as f64 / n as f64).sin_cos();
                mesh.vertices.push(Point3::new(r * cos, r * sin, z));
            }
            (first..first + n as u32).collect()
        })
        .collect();
    let steps = if closed { profile.len() } else { profile.len() - 1 };
    for k in 0..steps {
        let (low, high) = (&rings[k], &rings[(k + 1) % profile.len()]);
        for i in 0..n {
            let j = (i + 1) % n;
            for t in [[low[i], low[j], high[j]], [low[i], high[j], high[i]]] {
                if t[0] != t[1] && t[1] != t[2] && t[2] != t[0] {
                    mesh.triangles.push(t);
                }
            }
        }
    }
    mesh
}

fn ball(r: f64, bands: usize, n: usize) -> TriMesh {
    let ring = |i: usize| {
        let (sin, cos) = (TAU / 2.0 * i as f64 / bands as f64).sin_cos();
        let edge = i == 0 || i == bands;
        [if edge { 0.0 } else { r * sin }, -r * cos]
    };
    lathe(&(0..=bands).map(ring).collect::<Vec<_>>(), false, n)
}

fn cuboid(x: f64, y: f64, z: f64) -> TriMesh {
    let mut mesh = TriMesh::default();
    for k in 0..8 {
        let bit = |b: usize, s: f64| if k & b == 0 { 0.0 } else { s };
        mesh.vertices.push(Point3::new(bit(1, x), bit(2, y), bit(4, z)));
    }
    let quads =
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    for [a, b, c, d] in quads {
        mesh.triangles.extend([[a, b, c], [a, c, d]]);
    }
    mesh
}

fn moved(mesh: &TriMesh, x: f64, y: f64, z: f64) -> TriMesh {
    let vertices = mesh.vertices.iter().map(|v| v + Vector3::new(x, y, z)).collect();
    TriMesh { vertices, triangles: mesh.triangles.clone() }
}

fn turned(mesh: &TriMesh, roll: f64, pitch: f64, yaw: f64) -> TriMesh {
    let turn = Rotation3::from_euler_angles(roll, pitch, yaw);
    let vertices = mesh.vertices.iter().map(|v| turn * v).collect();
    TriMesh { vertices, triangles: mesh.triangles.clone() }
}

fn inside_out(mesh: &TriMesh) -> TriMesh {
    let triangles = mesh.triangles.iter().map(|&[a, b, c]| [a, c, b]).collect();
    TriMesh { vertices: mesh.vertices.clone(), triangles }
}

/// Area of a regular polygon over its square circumradius.
fn polygon(n: usize) -> f64 {
    n as f64 / 2.0 * (TAU / n as f64).sin()
}

/// Area that two circles of one radius share, their centres `d` apart.
fn lens(r: f64, d: f64) -> f64 {
    2.0 * r * r * (d / (2.0 * r)).acos() - d / 2.0 * (4.0 * r * r - d * d).sqrt()
}

fn near(have: f64, want: f64, slack: f64) {
    assert!((have - want).abs() <= slack, "{have} is not {want}, off by {:e}", have - want);
}

/// All rules agree, and with Green's formula.
fn solid(mesh: &TriMesh, z: f64, area: f64) {
    let cut = Cut::new([mesh], z);
    let areas = cut.areas();
    let slack = 1e-12 * area.max(1.0);
    for have in [cut.signed_area(), areas.positive, areas.non_zero, areas.even_odd] {
        near(have, area, slack);
    }
}

#[test]
fn a_box_counts_its_top_and_not_its_bottom() {
    let mesh = moved(&cuboid(4.0, 5.0, 6.0), 1e3, -1e3, 2.0);
    for (z, area) in [(1.9, 0.0), (2.0, 0.0), (2.1, 20.0), (5.0, 20.0), (8.0, 20.0), (8.1, 0.0)] {
        solid(&mesh, z, area);
        near(Cut::new([&mesh], z).length(), if area > 0.0 { 18.0 } else { 0.0 }, 1e-9);
    }
}

#[test]
fn bodies_of_revolution_have_the_areas_of_their_polygons() {
    let (r, bands, n) = (7.0, 24, 60);
    let sphere = ball(r, bands, n);
    for step in 0..200 {
        let z = -7.3 + 14.6 * (f64::from(step) + 0.3) / 200.0;
        // The band's straight profile between two rings.
        let place = (-z / r).clamp(-1.0, 1.0).acos() / (TAU / 2.0) * bands as f64;
        let at = |i: f64| {
            let (sin, cos) = (TAU / 2.0 * i / bands as f64).sin_cos();
            [r * sin, -r * cos]
        };
        let (low, high) = (at(place.floor()), at(place.floor() + 1.0));
        let radius = low[0] + (z - low[1]) / (high[1] - low[1]) * (high[0] - low[0]);
        let inside = z.abs() < r;
        solid(&sphere, z, if inside { polygon(n) * radius * radius } else { 0.0 });
    }
    let cone = lathe(&[[0.0, 0.0], [5.0, 0.0], [0.0, 10.0]], false, n);
    for z in [0.5, 3.0, 9.99] {
        solid(&cone, z, polygon(n) * (5.0 - z / 2.0).powi(2));
        let perimeter = 2.0 * n as f64 * (TAU / (2.0 * n as f64)).sin() * (5.0 - z / 2.0);
        near(Cut::new([&cone], z).length(), perimeter, 1e-9);
    }
    // A torus: its tube a polygon of 8 sides, first corner outside.
    let tube: Vec<[f64; 2]> = (0..8)
        .map(|i| (TAU * f64::from(i) / 8.0).sin_cos())
        .map(|(sin, cos)| [9.0 + 2.0 * cos, 2.0 * sin])
        .collect();
    let torus = lathe(&tube, true, n);
    let half = |z: f64| 2.0 - (2.0 - 2.0_f64.sqrt()) * z.abs() / 2.0_f64.sqrt();
    for z in [-1.2, -0.4, 0.3, 1.4] {
        let area = (9.0 + half(z)).powi(2) - (9.0 - half(z)).powi(2);
        solid(&torus, z, polygon(n) * area);
    }
}

#[test]
fn prisms_are_cut_alike_at_any_pose() {
    for (k, sides) in [3_usize, 4, 5, 12, 90].into_iter().enumerate() {
        let bar = lathe(&[[0.0, -50.0], [3.0, -50.0], [3.0, 50.0], [0.0, 50.0]], false, sides);
        for step in 0..40 {
            let (roll, pitch) = (0.02 * f64::from(step), 0.31 + 0.013 * f64::from(step));
            let posed = turned(&bar, roll, pitch, 0.7 * k as f64);
            let axis = roll.cos() * pitch.cos();
            solid(&posed, 0.1 * f64::from(step) - 2.0, polygon(sides) * 9.0 / axis);
        }
    }
    // A cube on its corner is cut half-way in a regular hexagon.
    let cube = moved(&cuboid(2.0, 2.0, 2.0), -1.0, -1.0, -1.0);
    let tip = Rotation3::rotation_between(&Vector3::new(1.0, 1.0, 1.0), &Vector3::z());
    let tip = tip.expect("neither points against the other");
    let vertices = cube.vertices.iter().map(|v| tip * v).collect();
    let cube = TriMesh { vertices, triangles: cube.triangles };
    solid(&cube, 1e-13, 3.0 * 3.0_f64.sqrt());
}

#[test]
fn overlapping_balls_count_once_by_winding() {
    let (r, d, n) = (10.0, 12.0, 2000);
    let (a, b) = (ball(r, 40, n), moved(&ball(r, 40, n), d, 0.0, 0.0));
    // Half-way up both cuts are full circles.
    let disc = polygon(n) * r * r;
    let shared = lens(r, d);
    let cut = Cut::new([&a, &b], 0.0);
    let slack = 40.0 * r * r / (n * n) as f64;
    near(cut.signed_area(), 2.0 * disc, 1e-9);
    near(cut.areas().positive, 2.0 * disc - shared, slack);
    near(cut.areas().non_zero, 2.0 * disc - shared, slack);
    near(cut.areas().even_odd, 2.0 * disc - 2.0 * shared, slack);
    assert_eq!(cut.winding([d / 2.0, 0.1]), 2);
    assert_eq!(cut.winding([0.0, 0.1]), 1);
    assert_eq!(cut.winding([r + d + 0.1, 0.1]), 0);
    let odd = Cut::new([&a, &inside_out(&b)], 0.0);
    near(odd.signed_area(), 0.0, 1e-9);
    near(odd.areas().positive, disc - shared, slack);
    near(odd.areas().non_zero, 2.0 * disc - 2.0 * shared, slack);
    assert_eq!(odd.winding([d, 0.1]), -1);
}

#[test]
fn boxes_that_share_faces_edges_and_corners_are_exact() {
    let a = cuboid(4.0, 4.0, 4.0);
    for (x, y, union) in [
        (4.0, 0.0, 32.0),
        (4.0, 4.0, 32.0),
        (2.0, 0.0, 24.0),
        (0.0, 0.0, 16.0),
        (0.0, 1.0, 20.0),
        (3.5, 3.5, 31.75),
    ] {
        for yaw in [0.0, TAU / 8.0, TAU / 4.0, 0.1234, 1.0] {
            let pair = [&a, &moved(&a, x, y, 1.0)].map(|m| turned(m, 0.0, 0.0, yaw));
            let areas = layer_areas(&pair, &[2.0])[0];
            near(areas.positive, union, 1e-12);
            near(areas.non_zero, union, 1e-12);
            near(areas.even_odd, 2.0 * union - 32.0, 1e-12);
        }
    }
}

#[test]
fn cavities_and_bodies_within_are_told_apart() {
    let shells = [
        ball(10.0, 30, 50),
        inside_out(&ball(8.0, 30, 50)),
        ball(5.0, 30, 50),
        // A body within a body adds nothing.
        ball(2.0, 30, 50),
    ];
    let radius = |r: f64| polygon(50) * r * r;
    let areas = layer_areas(&shells, &[0.0])[0];
    let kept = radius(10.0) - radius(8.0) + radius(5.0);
    near(areas.positive, kept, 1e-10);
    near(areas.non_zero, kept, 1e-10);
    near(areas.even_odd, kept - radius(2.0), 1e-10);
    let cut = Cut::new(&shells, 0.0);
    for (x, winding) in [(1.0, 2), (4.0, 1), (7.0, 0), (9.0, 1), (11.0, 0)] {
        assert_eq!(cut.winding([x, 0.01]), winding, "at {x}");
    }
    let inverted = layer_areas(&[inside_out(&shells[0])], &[0.0])[0];
    assert_eq!(inverted.positive, 0.0);
    near(inverted.non_zero, radius(10.0), 1e-10);
}

#[test]
fn regions_agree_with_winding_numbers_of_points() {
    let mut state = 11_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    for round in 0..12 {
        // Closed strings of random points, drawn up to prisms without ends.
        let mut mesh = TriMesh::default();
        for _ in 0..2 {
            let first = mesh.vertices.len() as u32;
            let n = 5 + round;
            for _ in 0..n {
                let (x, y) = (10.0 * random(), 10.0 * random());
                mesh.vertices.push(Point3::new(x, y, 0.0));
                mesh.vertices.push(Point3::new(x, y, 1.0));
            }
            for i in 0..n {
                let (a, b) = (first + 2 * i, first + 2 * ((i + 1) % n));
                mesh.triangles.extend([[a, b, b + 1], [a, b + 1, a + 1]]);
            }
        }
        let cut = Cut::new([&mesh], 0.5);
        let areas = cut.areas();
        let (mut counted, mut sum) = (CutAreas::default(), 0.0);
        let (rows, cell) = (250, 10.0 / 250.0);
        for i in 0..rows * rows {
            let at = [f64::from(i % rows) + random(), f64::from(i / rows) + random()];
            let winding = cut.winding(at.map(|c| c * cell));
            let area = cell * cell;
            counted.positive += if winding >= 1 { area } else { 0.0 };
            counted.non_zero += if winding != 0 { area } else { 0.0 };
            counted.even_odd += if winding % 2 != 0 { area } else { 0.0 };
            sum += f64::from(winding) * area;
        }
        // A cell on a border is off by less than itself, and by chance to either side.
        let slack = 4.0 * cell * cell * (cut.length() / cell).sqrt();
        near(counted.positive, areas.positive, slack);
        near(counted.non_zero, areas.non_zero, slack);
        near(counted.even_odd, areas.even_odd, slack);
        near(sum, cut.signed_area(), 4.0 * slack);
        assert!(areas.positive <= areas.non_zero && areas.even_odd <= areas.non_zero);
    }
}

#[test]
fn broken_meshes_are_cut_too() {
    let mut mesh = cuboid(2.0, 2.0, 2.0);
    mesh.triangles.push([0, 1, 99]);
    mesh.vertices.push(Point3::new(f64::NAN, 0.0, 9.0));
    mesh.triangles.push([0, 1, 8]);
    solid(&mesh, 1.0, 4.0);
    let nothing = Cut::new([&TriMesh::default()], 0.0);
    assert_eq!(nothing.areas(), CutAreas::default());
    assert_eq!(
        (nothing.signed_area(), nothing.length(), nothing.winding([0.0, 0.0])),
        (0.0, 0.0, 0)
    );
    // A wall is missing: what is left still has ends, and nothing panics or becomes infinite.
    mesh.triangles.remove(4);
    assert!(Cut::new([&mesh], 1.0).areas().positive.is_finite());
}

#[test]
fn thousands_of_segments_take_no_age() {
    let many: Vec<TriMesh> = (0..9)
        .map(|k| moved(&ball(10.0, 60, 400), 3.0 * f64::from(k), 2.0 * f64::from(k % 3), 0.0))
        .collect();
    let cut = Cut::new(&many, 0.2);
    assert!(cut.segments().len() > 7000, "{}", cut.segments().len());
    let start = std::time::Instant::now();
    let areas = cut.areas();
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert!(areas.positive > polygon(400) * 99.0 && areas.positive < cut.signed_area());
}
