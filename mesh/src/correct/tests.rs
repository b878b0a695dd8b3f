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
fn known_distinct_vertices_make_no_difference() {
    let mut torn = joined(&[sphere(5.0, 24), cuboid([1.0; 3], [6.0; 3])]);
    torn.triangles.swap_remove(40);
    torn.triangles[3].swap(0, 1);
    assert_eq!(correct_distinct(torn.clone()), correct(&torn));
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

/// The mesh after correction is a sound body of this volume, and correcting it again does
/// nothing.
fn sound(mesh: &TriMesh, volume: f64) -> Correction {
    let correction = correct(mesh);
    let again = correct_known(
        correction.mesh.clone(),
        None,
        BoxTree::new(&correction.mesh),
        correction.crossings.clone(),
    );
    assert_eq!(steps(&again), [""; 0], "a second time");
    let topology = Topology::new(&correction.mesh);
    assert!(topology.irregular_edges().next().is_none(), "{:?}", steps(&correction));
    assert_eq!(correction.crossings.through, [[0_u32; 2]; 0]);
    let found = correction.mesh.volume();
    assert!((found - volume).abs() < 1e-9 * volume, "{found}, not {volume}");
    correction
}

#[test]
fn bodies_that_cross_become_one_by_division_alone() {
    let shift = [1.013, 0.977, 1.031];
    let pair = joined(&[cuboid([0.0; 3], [2.0; 3]), cuboid(shift, shift.map(|x| x + 2.0))]);
    let common: f64 = shift.iter().map(|x| 2.0 - x).product();
    let correction = sound(&pair, 16.0 - common);
    assert_eq!(steps(&correction), ["resolve_overlaps"]);
    // Triangles that cross nothing are those that came.
    assert!(correction.origin.iter().flatten().count() >= 6);
}

#[test]
fn bodies_in_special_positions_become_one() {
    // Edges pass through corners of triangles; a shared face; one face part of the other.
    for (shift, size, volume) in [
        ([1.0; 3], [2.0; 3], 15.0),
        ([2.0, 0.0, 0.0], [2.0; 3], 16.0),
        ([1.0, 0.0, 0.0], [2.0; 3], 12.0),
        ([0.5, 0.5, 2.0], [1.0; 3], 9.0),
        ([0.5, 0.5, 1.0], [1.0, 1.0, 3.0], 10.0),
    ] {
        let high = [0, 1, 2].map(|k| shift[k] + size[k]);
        let pair = joined(&[cuboid([0.0; 3], [2.0; 3]), cuboid(shift, high)]);
        sound(&pair, volume);
    }
}

#[test]
fn three_bodies_through_one_place_become_one() {
    let bar = |k: usize| {
        let (mut low, mut high) = ([-1.01, -0.97, -1.03], [1.02, 0.99, 0.98]);
        (low[k], high[k]) = (-5.0, 5.3);
        cuboid(low, high)
    };
    let bars = joined(&[bar(0), bar(1), bar(2)]);
    // Each bar beyond the cube in the middle, and that cube.
    let sides = [2.03, 1.96, 2.01];
    let cube: f64 = sides.iter().product();
    let arms: f64 = (0..3).map(|k| cube / sides[k] * (10.3 - sides[k])).sum();
    sound(&bars, cube + arms);
}

#[test]
fn holes_cracks_and_t_junctions_are_closed() {
    let good = sphere(5.0, 24);
    let mut holed = good.clone();
    holed.triangles.swap_remove(40);
    holed.triangles.swap_remove(7);
    assert_eq!(steps(&sound(&holed, good.volume())), ["fill_holes"]);

    // A triangle that came loose by 2 µm.
    let mut cracked = good.clone();
    let next = cracked.vertices.len() as u32;
    let moved = cracked.corners(55).map(|p| p + nalgebra::Vector3::new(2e-3, -1e-3, 2e-3));
    cracked.vertices.extend(moved);
    cracked.triangles[55] = [next, next + 1, next + 2];
    assert_eq!(steps(&sound(&cracked, good.volume())), ["stitch_cracks"]);

    // An edge divided on one of its sides only.
    let block = cuboid([0.0; 3], [4.0; 3]);
    let mut divided = block.clone();
    let [a, b, c] = divided.triangles[0];
    let middle = divided.vertices.len() as u32;
    let place = nalgebra::center(&divided.vertices[a as usize], &divided.vertices[b as usize]);
    divided.vertices.push(place);
    divided.triangles[0] = [a, middle, c];
    divided.triangles.push([middle, b, c]);
    assert_eq!(steps(&sound(&divided, 64.0)), ["split_t_junctions"]);
}

#[test]
fn sheets_go_and_bodies_that_touch_are_separated() {
    let block = cuboid([0.0; 3], [2.0; 3]);
    let mut finned = block.clone();
    let tip = finned.vertices.len() as u32;
    finned.vertices.push([5.0, 5.0, 5.0].into());
    let [a, b, _] = finned.triangles[0];
    finned.triangles.push([a, b, tip]);
    assert_eq!(steps(&sound(&finned, 8.0)), ["drop_sheets"]);

    let pair = joined(&[block.clone(), cuboid([2.0, 2.0, 0.0], [4.0, 4.0, 2.0])]);
    let correction = sound(&pair, 16.0);
    assert_eq!(steps(&correction), ["split_edges"]);
    assert_eq!(correction.mesh.vertices.len(), 16);

    let corner = joined(&[block, cuboid([2.0; 3], [4.0; 3])]);
    assert_eq!(steps(&sound(&corner, 16.0)), ["split_vertices"]);
}

#[test]
fn specks_and_needles_go() {
    let block = cuboid([0.0; 3], [50.0; 3]);
    let speck = cuboid([60.0; 3], [60.1; 3]);
    assert_eq!(steps(&sound(&joined(&[block.clone(), speck]), 125_000.0)), ["drop_noise"]);

    // A divided edge closed by a flat triangle.
    let mut needled = block;
    let [a, b, c] = needled.triangles[0];
    let middle = needled.vertices.len() as u32;
    let place = nalgebra::center(&needled.vertices[a as usize], &needled.vertices[b as usize]);
    needled.vertices.push(place);
    needled.triangles[0] = [a, middle, c];
    needled.triangles.push([middle, b, c]);
    needled.triangles.push([a, b, middle]);
    assert_eq!(steps(&sound(&needled, 125_000.0)), ["flatten_needles"]);
}

#[test]
fn a_large_hole_is_filled_and_shown_to_a_person() {
    let mut open = cuboid([0.0; 3], [10.0; 3]);
    open.triangles.truncate(10);
    let correction = sound(&open, 1000.0);
    assert_eq!(correction.review.len(), 1);
}

#[test]
fn a_body_that_runs_through_another_is_no_cavity_of_it() {
    // Two of its twelve triangles are turned, so that its sense says little. Its box lies within
    // that of the ell and its largest triangle in the solid, but half of it in the open.
    let block = cuboid([0.0; 3], [30.0, 30.0, 10.0]);
    let ell = correct(&joined(&[block, cuboid([0.0, 0.0, 9.0], [12.0, 30.0, 30.0])])).mesh;
    let mut bar = cuboid([8.0, 10.0, 15.0], [16.0, 20.0, 27.0]);
    for t in [0, 5] {
        bar.triangles[t].swap(1, 2);
    }
    sound(&joined(&[ell, bar]), 16_200.0 + 480.0);
}
