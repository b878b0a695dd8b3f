//! Tests of corrections.

use super::*;
use crate::fixtures::{Dice, cuboid, inverted, joined, sphere};
use crate::inspect;

fn steps(correction: &Correction) -> Vec<&str> {
    correction.steps.iter().map(|s| s.step.as_str()).collect()
}

fn nest(senses: [bool; 3]) -> TriMesh {
    let shells = [10.0, 7.0, 4.0].map(|r| cuboid([-r; 3], [r; 3]));
    let shells: Vec<TriMesh> = shells
        .iter()
        .zip(senses)
        .map(|(s, out)| if out { s.clone() } else { inverted(s) })
        .collect();
    joined(&shells)
}

#[test]
fn good_mesh_stays_as_it_is() {
    let mesh = sphere(5.0, 20);
    let correction = correct(&mesh);
    assert_eq!(correction.mesh, mesh);
    assert!(correction.steps.is_empty());
}

#[test]
fn triangle_soup_turned_at_random_becomes_the_body_again() {
    let good = sphere(5.0, 20);
    let mut dice = Dice(7);
    let mut soup = TriMesh::default();
    for t in 0..good.triangles.len() {
        let next = soup.vertices.len() as u32;
        soup.vertices.extend(good.corners(t));
        let flip = dice.roll() < 0.3;
        soup.triangles.push(if flip {
            [next, next + 2, next + 1]
        } else {
            [next, next + 1, next + 2]
        });
    }
    soup.triangles.push([0, 0, 1]);
    soup.triangles.push(soup.triangles[0]);
    let correction = correct(&soup);
    let facts = inspect(&correction.mesh).facts;
    assert!(facts.watertight && facts.oriented);
    assert!((facts.volume_mm3 - good.volume()).abs() < 1e-9);
    assert_eq!(facts.triangles as usize, good.triangles.len());
    assert_eq!(steps(&correction), ["drop_degenerate", "drop_duplicates", "turn_triangles"]);
}

#[test]
fn inverted_box_is_turned() {
    let correction = correct(&inverted(&cuboid([0.0; 3], [2.0; 3])));
    assert_eq!(steps(&correction), ["turn_shells"]);
    assert!((correction.mesh.volume() - 8.0).abs() < 1e-12);
}

#[test]
fn cavity_keeps_its_role() {
    // Body, cavity, body: as it should be, and as a whole inside out.
    let right = nest([true, false, true]);
    assert!(correct(&right).steps.is_empty());
    let volume = right.volume();
    assert!((volume - 8.0 * (1000.0 - 343.0 + 64.0)).abs() < 1e-9);
    assert!((correct(&inverted(&right)).mesh.volume() - volume).abs() < 1e-9);
    // Bodies within a body add nothing to it.
    let inner = correct(&nest([true, true, true]));
    assert_eq!(steps(&inner), ["resolve_overlaps"]);
    assert_eq!((inner.mesh.volume(), inner.mesh.triangles.len()), (8000.0, 12));
    // Only the outer shell faces inwards: the whole nest is turned, roles as in the file.
    let correction = correct(&nest([false, false, true]));
    assert!(correction.mesh.volume() > 0.0);
}

#[test]
fn patched_cavity_is_placed_by_parity() {
    let mut mesh = nest([true, true, true]);
    // A torn cavity: its sense says nothing after it was made consistent.
    mesh.triangles[12].swap(1, 2);
    mesh.triangles[17].swap(1, 2);
    let correction = correct(&mesh);
    let facts = inspect(&correction.mesh).facts;
    assert!(facts.oriented && facts.watertight);
    assert!((facts.volume_mm3 - 8.0 * (1000.0 - 343.0 + 64.0)).abs() < 1e-9);
}

#[test]
fn moebius_strip_is_left_alone() {
    let n = 9_u32;
    let mut mesh = TriMesh::default();
    for j in 0..n {
        let a = f64::from(j) / f64::from(n) * 2.0 * std::f64::consts::PI;
        for s in [-1.0, 1.0] {
            let r = 5.0 + s * (a / 2.0).cos();
            mesh.vertices.push([r * a.cos(), r * a.sin(), s * (a / 2.0).sin()].into());
        }
    }
    for j in 0..n {
        let (a, b) = (2 * j, 2 * j + 1);
        let (c, d) = if j + 1 == n { (1, 0) } else { (2 * j + 2, 2 * j + 3) };
        mesh.triangles.push([a, c, b]);
        mesh.triangles.push([b, c, d]);
    }
    let correction = correct(&mesh);
    assert_eq!(correction.mesh, mesh);
    assert!(!inspect(&mesh).facts.watertight);
}
