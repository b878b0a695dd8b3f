//! Tests of voxels.

use nalgebra::{Point3, Vector3};

use super::*;
use crate::fixtures::{Dice, cuboid, inverted, joined, ring, sphere, turned};

fn at(voxels: &Voxels, p: Point3<f64>) -> bool {
    let i: [usize; 3] = std::array::from_fn(|k| {
        (((p[k] - voxels.origin[k]) / voxels.pitch).floor().max(0.0) as usize)
            .min(voxels.dims[k] - 1)
    });
    voxels.get(i[0], i[1], i[2])
}

/// Triangle against cube by separating axes (Akenine-Möller 2001), the cube enlarged by `slack`.
fn touches(voxels: &Voxels, corners: [Point3<f64>; 3], i: [usize; 3], slack: f64) -> bool {
    let half = voxels.pitch * (0.5 + slack);
    let centre = Point3::from(std::array::from_fn(|k| {
        voxels.origin[k] + (i[k] as f64 + 0.5) * voxels.pitch
    }));
    let v = corners.map(|c| c - centre);
    let edges = [v[1] - v[0], v[2] - v[1], v[0] - v[2]];
    let units = [Vector3::x(), Vector3::y(), Vector3::z()];
    let mut axes = units.to_vec();
    axes.push(edges[0].cross(&edges[1]));
    axes.extend(edges.iter().flat_map(|e| units.iter().map(move |u| u.cross(e))));
    axes.iter().all(|axis| {
        let reach = half * (axis.x.abs() + axis.y.abs() + axis.z.abs());
        let d = v.map(|p| p.dot(axis));
        let (low, high) = (d[0].min(d[1]).min(d[2]), d[0].max(d[1]).max(d[2]));
        low <= reach + 1e-15 && high >= -reach - 1e-15
    })
}

#[test]
fn box_on_the_grid_fills_its_voxels() {
    let voxels = Voxels::from_mesh(&cuboid([5.0; 3], [15.0, 12.0, 9.0]), 1.0, true);
    assert_eq!((voxels.origin, voxels.dims), ([5.0; 3], [10, 7, 4]));
    assert_eq!(voxels.count(), 280);
    let fine = Voxels::from_mesh(&cuboid([0.0; 3], [7.0; 3]), 0.1, false);
    assert_eq!((fine.dims, fine.count()), ([70; 3], 343_000));
}

#[test]
fn surface_voxels_are_those_of_the_separating_axes() {
    let mut dice = Dice(5);
    for round in 0..12 {
        let body = turned(&ring(2.0, 4.0, 3.0, 9), &dice.rotation(), [0.3, 0.2, 0.1]);
        let pitch = dice.between(0.4, 1.5);
        let bounds = body.bounds().unwrap();
        let dims = bounds.size().map(|s| (s / pitch).ceil() as usize);
        let mut voxels = Voxels::empty(bounds.min, pitch, dims);
        surface::mark(&mut voxels, &body);
        for z in 0..dims[2] {
            for y in 0..dims[1] {
                for x in 0..dims[0] {
                    let hit = |slack| {
                        (0..body.triangles.len())
                            .any(|t| touches(&voxels, body.corners(t), [x, y, z], slack))
                    };
                    let set = voxels.get(x, y, z);
                    assert!(set || !hit(0.0), "round {round}: {x} {y} {z} is missing");
                    assert!(!set || hit(1e-6), "round {round}: {x} {y} {z} is too much");
                }
            }
        }
    }
}

#[test]
fn points_of_the_surface_and_inside_are_in_set_voxels() {
    let mut dice = Dice(9);
    for _ in 0..30 {
        let shift = [dice.between(-50.0, 50.0), dice.between(-50.0, 50.0), dice.between(-9.0, 9.0)];
        let ball = dice.roll() < 0.5;
        let body = if ball { sphere(8.0, 24) } else { ring(3.0, 9.0, 5.0, 30) };
        let rotation = dice.rotation();
        let mesh = turned(&body, &rotation, shift);
        let pitch = dice.between(0.2, 2.0);
        let filled = Voxels::from_mesh(&mesh, pitch, true);
        let wound = Voxels::from_mesh(&mesh, pitch, false);
        assert_eq!(filled, wound, "there is no cavity");
        assert_eq!(filled.origin, mesh.bounds().unwrap().min);
        for t in 0..mesh.triangles.len() {
            let [a, b, c] = mesh.corners(t);
            let (mut u, mut v) = (dice.roll(), dice.roll());
            if u + v > 1.0 {
                (u, v) = (1.0 - u, 1.0 - v);
            }
            assert!(at(&filled, a + u * (b - a) + v * (c - a)));
        }
        for _ in 0..500 {
            let (angle, r) = (dice.between(-3.2, 3.2), dice.between(3.1, 8.9));
            let in_ring = Point3::new(r * angle.cos(), r * angle.sin(), dice.between(0.0, 5.0));
            let in_ball = Point3::from(Vector3::from([0; 3].map(|_| dice.between(-4.0, 4.0))));
            let p = rotation * if ball { in_ball } else { in_ring } + Vector3::from(shift);
            assert!(at(&filled, p));
        }
    }
}

#[test]
fn voxels_of_a_ball_touch_the_ball() {
    let voxels = Voxels::from_mesh(&sphere(8.0, 60), 0.5, true);
    for z in 0..voxels.dims[2] {
        for y in 0..voxels.dims[1] {
            for x in (0..voxels.dims[0]).filter(|&x| voxels.get(x, y, z)) {
                let nearest: f64 = [x, y, z]
                    .iter()
                    .zip(voxels.origin)
                    .map(|(&i, o)| {
                        let low = o + i as f64 * 0.5;
                        0.0_f64.clamp(low, low + 0.5).powi(2)
                    })
                    .sum();
                assert!(nearest.sqrt() <= 8.0 + 1e-6);
            }
        }
    }
}

#[test]
fn closed_cavity_is_filled_or_kept() {
    let hollow = joined(&[cuboid([0.0; 3], [20.0; 3]), inverted(&cuboid([5.0; 3], [15.0; 3]))]);
    let body = cuboid([8.0; 3], [12.0; 3]);
    let filled = Voxels::from_mesh(&hollow, 1.0, true);
    assert_eq!(filled.count(), 8000);
    let kept = Voxels::from_mesh(&hollow, 1.0, false);
    assert!(!kept.get(10, 10, 10) && kept.get(2, 2, 2) && kept.get(18, 10, 3));
    // The cavity less the voxels that touch its wall.
    assert_eq!(kept.count(), 8000 - 8 * 8 * 8);
    let kernel = Voxels::from_mesh(&joined(&[hollow, body]), 1.0, false);
    assert!(kernel.get(10, 10, 10) && !kernel.get(6, 6, 6));
}

#[test]
fn open_pocket_stays_empty() {
    let tube = ring(3.0, 5.0, 20.0, 40);
    let voxels = Voxels::from_mesh(&tube, 0.5, true);
    assert!(!voxels.get(voxels.dims[0] / 2, voxels.dims[1] / 2, voxels.dims[2] / 2));
}

#[test]
fn empty_mesh_has_no_voxels() {
    let voxels = Voxels::from_mesh(&TriMesh::default(), 1.0, true);
    assert_eq!((voxels.count(), voxels.dims), (0, [0; 3]));
    assert_eq!(voxels.dilated(3.0).count(), 0);
}

#[test]
fn dilation_is_that_of_the_definition() {
    let mut dice = Dice(21);
    for dims in [[3, 4, 5], [70, 5, 4], [64, 3, 3], [1, 1, 1], [130, 2, 2]] {
        for radius in [0.0, 0.3, 0.5, 0.51, 1.0, 1.3, 2.2] {
            let mut source = Voxels::empty([1.0, 2.0, 3.0], 0.5, dims);
            for _ in 0..4 {
                let [x, y, z] = dims.map(|n| (dice.roll() * n as f64) as usize);
                source.set(x, y, z);
            }
            let grown = source.dilated(radius);
            let margin = (grown.dims[0] - dims[0]) / 2;
            assert_eq!(grown.dims, dims.map(|n| n + 2 * margin));
            assert!((grown.origin[0] - (1.0 - margin as f64 * 0.5)).abs() < 1e-12);
            let set: Vec<[usize; 3]> = voxels_of(&source);
            for [x, y, z] in all(grown.dims) {
                let near = set.iter().any(|s| {
                    let gap = |k: usize, i: usize| {
                        (i.abs_diff(s[k] + margin)).saturating_sub(1) as f64 * 0.5
                    };
                    let here = s.iter().zip([x, y, z]).all(|(s, i)| s + margin == i);
                    let d = (gap(0, x).powi(2) + gap(1, y).powi(2) + gap(2, z).powi(2)).sqrt();
                    d < radius || here
                });
                assert_eq!(grown.get(x, y, z), near, "{dims:?} {radius} at {x} {y} {z}");
            }
        }
    }
}

fn all(dims: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    let [nx, ny, nz] = dims;
    (0..nz).flat_map(move |z| (0..ny).flat_map(move |y| (0..nx).map(move |x| [x, y, z])))
}

fn voxels_of(voxels: &Voxels) -> Vec<[usize; 3]> {
    all(voxels.dims).filter(|&[x, y, z]| voxels.get(x, y, z)).collect()
}

#[test]
fn unused_bits_are_zero() {
    let voxels = Voxels::from_mesh(&sphere(8.0, 20), 0.21, true);
    let bits = voxels_of(&voxels).len();
    assert_eq!(bits, voxels.count());
    assert_eq!(voxels.dilated(1.0).count(), voxels_of(&voxels.dilated(1.0)).len());
}

#[test]
fn time_of_many_triangles() {
    let mesh = sphere(100.0, 230);
    for (pitch, fill) in [(1.0, true), (1.0, false), (0.5, true)] {
        let began = std::time::Instant::now();
        let voxels = Voxels::from_mesh(&mesh, pitch, fill);
        let marked = began.elapsed();
        let began = std::time::Instant::now();
        let grown = voxels.dilated(3.0);
        let n = mesh.triangles.len();
        println!("{n} triangles, {pitch} mm, {fill}: {marked:?}; dilated: {:?}", began.elapsed());
        assert!(grown.count() > voxels.count());
    }
}
