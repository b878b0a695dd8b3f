//! Tests of walks along open edges.

use super::*;
use crate::fixtures::{cuboid, joined, sphere};
use crate::joined::welded;

fn lengths(mesh: &TriMesh) -> Vec<usize> {
    let mut lengths: Vec<usize> =
        loops(mesh, &Topology::new(mesh)).iter().map(|hole| hole.vertices.len()).collect();
    lengths.sort_unstable();
    lengths
}

/// The triangle's three neighbours.
fn beside(mesh: &TriMesh, t: u32) -> Vec<u32> {
    let topology = Topology::new(mesh);
    (3 * t..3 * t + 3).filter_map(|s| topology.twin(s)).map(|s| s / 3).collect()
}

fn without(mesh: &TriMesh, lost: &[u32]) -> TriMesh {
    let kept = (0..).zip(&mesh.triangles).filter(|(t, _)| !lost.contains(t));
    TriMesh { vertices: mesh.vertices.clone(), triangles: kept.map(|(_, tri)| *tri).collect() }
}

#[test]
fn three_holes_around_a_triangle_are_three() {
    let good = sphere(5.0, 20);
    for t in [60, 101, 222, 355, 480] {
        let holed = without(&good, &beside(&good, t));
        assert_eq!(lengths(&holed), [3, 3, 3], "around {t}");
    }
}

#[test]
fn holes_of_bodies_that_touch_in_a_point_stay_apart() {
    let pair = joined(&[cuboid([0.0; 3], [1.0; 3]), cuboid([1.0; 3], [2.0; 3])]);
    let pair = welded(&pair).0.expect("the boxes share a corner");
    let at_corner = |t: &u32| pair.corners(*t as usize).contains(&[1.0; 3].into());
    let lost = [0..12, 12..24].map(|mut body| body.find(at_corner).expect("it has the corner"));
    assert_eq!(lengths(&without(&pair, &lost)), [3, 3]);
}
