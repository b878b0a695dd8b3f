//! Tests of the pairing of sides, against sorting of all sides.

use nalgebra::Point3;

use super::*;
use crate::fixtures::{Dice, cuboid, joined, ring, sphere};

/// The same by sorting.
fn by_sorting(mesh: &TriMesh) -> (Vec<u32>, Vec<Side>) {
    let mut sides: Vec<(Side, u32)> = (0..3 * mesh.triangles.len() as u32)
        .filter_map(|s| side_of(mesh, s).map(|side| (side, s)))
        .collect();
    sides.sort_unstable();
    let mut twin = vec![NONE; 3 * mesh.triangles.len()];
    let mut irregular = Vec::new();
    for edge in sides.chunk_by(|a, b| a.0.edge == b.0.edge) {
        match edge {
            [(a, s), (b, r)] if a.forward != b.forward && a.triangle != b.triangle => {
                (twin[*s as usize], twin[*r as usize]) = (*r, *s);
            }
            _ => irregular.extend(edge.iter().map(|(side, _)| *side)),
        }
    }
    (twin, irregular)
}

fn check(mesh: &TriMesh) -> Topology {
    let topology = Topology::new(mesh);
    let (twin, irregular) = by_sorting(mesh);
    assert_eq!(topology.twin, twin);
    assert_eq!(topology.irregular, irregular);
    // Shells by joining all sides of all edges.
    let mut sets = Sets::new(mesh.triangles.len());
    for (s, &twin) in twin.iter().enumerate().filter(|(_, twin)| **twin != NONE) {
        sets.join(s as u32 / 3, twin / 3);
    }
    for edge in topology.irregular_edges() {
        for side in edge {
            sets.join(edge[0].triangle, side.triangle);
        }
    }
    assert_eq!(topology.shells(mesh.triangles.len()), sets.numbered());
    topology
}

fn of(vertices: u32, triangles: Vec<[u32; 3]>) -> TriMesh {
    let vertices = (0..vertices).map(|i| Point3::new(f64::from(i), 0.0, 0.0)).collect();
    TriMesh { vertices, triangles }
}

#[test]
fn every_side_of_a_closed_surface_has_its_twin() {
    for mesh in [cuboid([0.0; 3], [1.0; 3]), sphere(1.0, 20), ring(1.0, 2.0, 1.0, 30)] {
        let topology = check(&mesh);
        assert_eq!(topology.irregular_edges().count(), 0);
        for s in 0..3 * mesh.triangles.len() as u32 {
            let twin = topology.twin(s).unwrap();
            assert_eq!(topology.twin(twin), Some(s));
            let (a, b) = (side_of(&mesh, s).unwrap(), side_of(&mesh, twin).unwrap());
            assert_eq!((a.edge, a.forward), (b.edge, !b.forward));
        }
    }
}

#[test]
fn all_other_edges_are_irregular() {
    // Two in opposite senses and two more: not two pairs, but one edge of four.
    let four = of(6, vec![[0, 1, 2], [1, 0, 3], [0, 1, 4], [1, 0, 5]]);
    let topology = check(&four);
    let edge = topology.irregular_edges().next().unwrap();
    assert_eq!((edge.len(), balance(edge)), (4, 0));
    assert!((0..12).all(|s| topology.twin(s).is_none()));
    // Three, in each order of senses.
    for senses in 0..8 {
        let side = |k: u32| if senses >> k & 1 == 0 { [0, 1, 2 + k] } else { [1, 0, 2 + k] };
        let topology = check(&of(5, vec![side(0), side(1), side(2)]));
        assert_eq!(topology.irregular_edges().filter(|e| e.len() == 3).count(), 1);
    }
    // Two that disagree.
    let topology = check(&of(4, vec![[0, 1, 2], [0, 1, 3]]));
    assert_eq!(topology.irregular_edges().filter(|e| e.len() == 2).count(), 1);
    // One triangle that goes there and back is not its own neighbour.
    let topology = check(&of(2, vec![[0, 1, 0], [1, 1, 1]]));
    assert_eq!(topology.irregular_edges().map(<[Side]>::len).collect::<Vec<_>>(), [2]);
}

#[test]
fn any_triangles_are_paired_as_by_sorting() {
    let mut dice = Dice(5);
    for round in 0..2000 {
        let vertices = 3 + round % 9;
        let mut corner = || (dice.roll() * f64::from(vertices)) as u32;
        let triangles =
            (0..round % 30).map(|_| std::array::from_fn(|_| corner())).collect::<Vec<_>>();
        check(&of(vertices, triangles));
    }
}

#[test]
fn vertices_of_very_many_edges_are_paired_by_sorting() {
    let n = 5 * LONG;
    // A double cone whose tips are the lowest vertices, then one with faults at the tips.
    let mut triangles = Vec::new();
    for k in 0..n {
        let (a, b) = (2 + k, 2 + (k + 1) % n);
        triangles.extend([[0, a, b], [1, b, a]]);
    }
    let mut mesh = of(n + 2, triangles);
    assert_eq!(check(&mesh).irregular_edges().count(), 0);
    mesh.triangles.push([0, 40, 41]);
    mesh.triangles.push([1, 0, 50]);
    mesh.triangles[100].swap(0, 1);
    mesh.triangles.remove(7);
    assert!(check(&mesh).irregular_edges().count() > 5);
}

#[test]
fn shells_are_numbered_by_their_first_triangle() {
    let parts = [cuboid([0.0; 3], [1.0; 3]), sphere(1.0, 8), cuboid([5.0; 3], [6.0; 3])];
    let mesh = joined(&parts);
    let (number, count) = check(&mesh).shells(mesh.triangles.len());
    assert_eq!(count, 3);
    assert!(number.is_sorted());
    // Touching along an edge joins shells, whichever comes first.
    let touching = of(8, vec![[5, 6, 7], [0, 1, 2], [1, 0, 3], [0, 1, 4], [5, 6, 1]]);
    assert_eq!(check(&touching).shells(5), (vec![0, 1, 1, 1, 0], 2));
}
