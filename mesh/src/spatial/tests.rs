//! The box tree against plain search.

use super::*;
use crate::TriMesh;
use crate::fixtures::{Dice, cuboid, joined, sphere, turned};

/// Every triangle whose box truly meets a box is found, in all kinds of models.
#[test]
fn boxes_are_found() {
    let mut dice = Dice(1);
    let ball = sphere(3.0, 30);
    let far = turned(&ball, &dice.rotation(), [5e5, -3e5, 7e4]);
    let big = cuboid([-1e3; 3], [1e3; 3]);
    let one_place = joined(&vec![sphere(1e-3, 3); 40]);
    for mesh in [
        TriMesh::default(),
        cuboid([0.0; 3], [1.0; 3]),
        ball.clone(),
        joined(&[ball.clone(), far]),
        joined(&[ball, big]),
        one_place,
    ] {
        let tree = BoxTree::new(&mesh);
        let mut seen: Vec<u32> = tree.order().iter().copied().filter(|&t| t != u32::MAX).collect();
        seen.sort_unstable();
        assert!(seen.iter().copied().eq(0..mesh.triangles.len() as u32));
        for _ in 0..50 {
            let low: [f64; 3] = [(); 3].map(|()| dice.between(-4.0, 4.0));
            let high = low.map(|x| x + dice.between(0.0, 2.0));
            let bounds = platewright_model::geometry::BoxMm { min: low, max: high };
            let mut found = Vec::new();
            tree.overlapping(&bounds, &mut |t| found.push(t));
            found.sort_unstable();
            for t in 0..mesh.triangles.len() {
                let corners = mesh.corners(t);
                let meets = (0..3).all(|k| {
                    corners.iter().any(|p| p[k] <= high[k])
                        && corners.iter().any(|p| p[k] >= low[k])
                });
                assert!(!meets || found.binary_search(&(t as u32)).is_ok());
            }
        }
    }
}
