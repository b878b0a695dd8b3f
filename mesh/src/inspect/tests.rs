//! Facts against closed forms, faults on bodies made for them.

use std::f64::consts::PI;

use platewright_model::stage::{FaultCode, Severity};

use super::*;
use crate::fixtures::{cuboid, inverted, joined, ring, sphere};

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

fn codes(mesh: &TriMesh) -> Vec<(FaultCode, Severity)> {
    inspect(mesh).faults.iter().map(|f| (f.code, f.severity)).collect()
}

#[test]
fn box_has_the_facts_of_a_box() {
    let found = inspect(&cuboid([1.0, 2.0, 3.0], [3.0, 5.0, 8.0]));
    let facts = found.facts;
    assert!(found.faults.is_empty());
    assert!(near(facts.volume_mm3, 30.0, 1e-14));
    assert!(near(facts.surface_mm2, 62.0, 1e-14));
    assert!((0..3).all(|k| near(facts.centroid[k], [2.0, 3.5, 5.5][k], 1e-14)));
    assert_eq!((facts.triangles, facts.vertices, facts.shells), (12, 8, 1));
    assert!(facts.watertight && facts.oriented);
    assert_eq!((facts.open_edges, facts.non_manifold_edges), (0, 0));
}

#[test]
fn sphere_comes_near_its_closed_form() {
    let facts = inspect(&sphere(10.0, 200)).facts;
    assert!(near(facts.volume_mm3, 4.0 / 3.0 * PI * 1000.0, 1e-3));
    assert!(near(facts.surface_mm2, 4.0 * PI * 100.0, 1e-3));
    assert!(facts.centroid.iter().all(|c| c.abs() < 1e-9));
}

#[test]
fn centroid_of_two_boxes_is_weighted_by_volume() {
    let pair = joined(&[cuboid([0.0; 3], [1.0; 3]), cuboid([10.0, 0.0, 0.0], [13.0, 1.0, 1.0])]);
    let facts = inspect(&pair).facts;
    assert!(near(facts.centroid[0], (0.5 + 3.0 * 11.5) / 4.0, 1e-14));
    assert_eq!(facts.shells, 2);
}

#[test]
fn ring_of_n_corners_has_its_exact_volume() {
    let n = 36;
    let area = 0.5 * 36.0 * (2.0 * PI / 36.0).sin() * (25.0 - 9.0);
    let facts = inspect(&ring(3.0, 5.0, 4.0, n)).facts;
    assert!(near(facts.volume_mm3, 4.0 * area, 1e-12) && facts.watertight && facts.oriented);
}

#[test]
fn every_fault_is_named() {
    let good = cuboid([0.0; 3], [1.0; 3]);
    let mut open = good.clone();
    open.triangles.pop();
    assert_eq!(inspect(&open).facts.open_edges, 3);
    assert_eq!(codes(&open)[0], (FaultCode::OpenEdges, Severity::Error));

    let mut wrong = good.clone();
    wrong.triangles[0].swap(1, 2);
    assert!(codes(&wrong).contains(&(FaultCode::InconsistentOrientation, Severity::Error)));
    assert!(!inspect(&wrong).facts.oriented && inspect(&wrong).facts.watertight);

    assert_eq!(codes(&inverted(&good)), [(FaultCode::InsideOut, Severity::Error)]);

    let mut double = good.clone();
    double.triangles.push([2, 1, 0]);
    assert!(codes(&double).contains(&(FaultCode::DuplicateTriangles, Severity::Warning)));

    let mut flat = good;
    flat.triangles.push([0, 0, 1]);
    assert!(codes(&flat).contains(&(FaultCode::DegenerateTriangles, Severity::Note)));

    let plate = cuboid([0.0; 3], [1.0, 1.0, 0.0]);
    assert!(codes(&plate).iter().any(|c| c.0 == FaultCode::NoVolume));
    assert!(codes(&TriMesh::default()).iter().any(|c| c.0 == FaultCode::NoVolume));
}

#[test]
fn boxes_that_touch_along_an_edge_are_only_warned_of() {
    let pair = joined(&[cuboid([0.0; 3], [1.0; 3]), cuboid([1.0, 1.0, 0.0], [2.0, 2.0, 1.0])]);
    assert_eq!(inspect(&pair).facts.non_manifold_edges, 1);
    assert_eq!(codes(&pair)[0], (FaultCode::NonManifoldEdges, Severity::Warning));
    assert!(EdgeCounts::new(&Topology::new(&pair)).closes());
}

#[test]
fn facets_that_will_be_seen_are_noted() {
    let coarse = |mesh: &TriMesh| codes(mesh).iter().any(|c| c.0 == FaultCode::CoarseTessellation);
    assert!(coarse(&sphere(50.0, 24)));
    assert!(!coarse(&sphere(50.0, 200)));
    assert!(!coarse(&sphere(1.0, 24)), "facets of a small ball are small");
    assert!(!coarse(&cuboid([0.0; 3], [80.0; 3])), "edges that were drawn are no curve");
}

#[test]
fn places_of_faults_are_given() {
    let mut holed = sphere(5.0, 24);
    holed.triangles.remove(100);
    let found = inspect(&holed);
    let hole = found.faults.iter().find(|f| f.code == FaultCode::OpenEdges).unwrap();
    let (at, bounds) = (hole.place.at.unwrap(), hole.place.bounds.unwrap());
    assert_eq!((hole.count, hole.place.triangles.len()), (3, 3));
    assert!((0..3).all(|k| bounds.min[k] <= at[k] && at[k] <= bounds.max[k]));
    assert!(hole.text.contains("1 hole") && hole.correctable && !hole.suggestion.is_empty());
    // Each triangle named has one of the open edges.
    for &t in &hole.place.triangles {
        let tri = holed.triangles[t as usize];
        assert!(tri.iter().filter(|v| sphere(5.0, 24).triangles[100].contains(v)).count() >= 2);
    }
}

#[test]
fn shells_that_cross_and_shells_within_others_are_named() {
    let crossing = joined(&[cuboid([0.0; 3], [2.0; 3]), cuboid([1.1; 3], [3.3; 3])]);
    let found = codes(&crossing);
    assert!(found.contains(&(FaultCode::OverlappingShells, Severity::Warning)), "{found:?}");
    assert!(inspect(&crossing).facts.intersecting_pairs > 0);
    let within = joined(&[cuboid([0.0; 3], [9.0; 3]), cuboid([3.0; 3], [5.0; 3])]);
    let found = codes(&within);
    assert!(found.contains(&(FaultCode::InternalShells, Severity::Warning)), "{found:?}");
    let hollow = joined(&[cuboid([0.0; 3], [9.0; 3]), inverted(&cuboid([3.0; 3], [5.0; 3]))]);
    assert_eq!(codes(&hollow), [(FaultCode::NestedShells, Severity::Note)]);
}
