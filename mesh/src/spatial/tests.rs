//! The box tree against plain search.

use super::order::Box32;
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
    // A vertex that no triangle uses costs no precision.
    let mut stray = ball.clone();
    stray.vertices.push([1e9, 0.0, -1e9].into());
    assert_eq!(BoxTree::new(&stray).frame, BoxTree::new(&ball).frame);
    for mesh in [
        TriMesh::default(),
        cuboid([0.0; 3], [1.0; 3]),
        ball.clone(),
        stray,
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
            let bounds = Box32 { min: tree.frame.at(low), max: tree.frame.at(high) };
            let mut found = Vec::new();
            tree.each_meeting(bounds, &mut |t| found.push(t));
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

/// Signed solid angles (van Oosterom and Strackee): another way to the winding number.
fn winding_by_angle(mesh: &TriMesh, p: [f64; 3]) -> f64 {
    let p = nalgebra::Point3::from(p);
    let sum: f64 = (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t).map(|q| q - p);
            let (x, y, z) = (a.norm(), b.norm(), c.norm());
            let below = x * y * z + a.dot(&b) * z + b.dot(&c) * x + c.dot(&a) * y;
            2.0 * a.dot(&b.cross(&c)).atan2(below)
        })
        .sum();
    sum / (4.0 * std::f64::consts::PI)
}

#[test]
fn winding_numbers_agree_with_solid_angles() {
    let mut dice = Dice(2);
    let ball = sphere(2.0, 12);
    let inner = crate::fixtures::inverted(&sphere(1.0, 9));
    let other = turned(&ball, &dice.rotation(), [1.0, 0.5, 0.2]);
    let mesh = joined(&[ball.clone(), inner, other]);
    let tree = BoxTree::new(&mesh);
    for _ in 0..2000 {
        let p: [f64; 3] = [(); 3].map(|()| dice.between(-3.5, 3.5));
        let want = winding_by_angle(&mesh, p).round() as i32;
        assert_eq!(winding_of(&mesh, &tree, p, |_| true), Some(want));
        let first = ball.triangles.len() as u32;
        let want = winding_by_angle(&ball, p).round() as i32;
        assert_eq!(winding_of(&mesh, &tree, p, |t| t < first), Some(want));
    }
}

/// Rays through edges, vertices and along faces count every crossing once.
#[test]
fn winding_numbers_of_points_in_line_with_edges() {
    let mut bodies = vec![cuboid([0.0; 3], [2.0; 3])];
    bodies.push(cuboid([4.0, 0.0, 0.0], [6.0, 2.0, 2.0]));
    bodies.push(cuboid([3.0, -1.0, -1.0], [7.0, 3.0, 3.0]));
    // A double pyramid whose edges and tips lie in line with whole numbers.
    let tip = |x: f64, y: f64, z: f64| nalgebra::Point3::new(x, y, z);
    bodies.push(TriMesh {
        vertices: vec![
            tip(-4.0, 1.0, 1.0),
            tip(-2.0, 1.0, 1.0),
            tip(-3.0, 0.0, 1.0),
            tip(-3.0, 2.0, 1.0),
            tip(-3.0, 1.0, 0.0),
            tip(-3.0, 1.0, 2.0),
        ],
        triangles: vec![
            [1, 3, 5],
            [3, 0, 5],
            [0, 2, 5],
            [2, 1, 5],
            [3, 1, 4],
            [0, 3, 4],
            [2, 0, 4],
            [1, 2, 4],
        ],
    });
    let mesh = joined(&bodies);
    let tree = BoxTree::new(&mesh);
    let mut on_surface = 0;
    for i in 0..26 {
        for j in 0..10 {
            for k in 0..10 {
                let p =
                    [f64::from(i) / 2.0 - 5.0, f64::from(j) / 2.0 - 1.5, f64::from(k) / 2.0 - 1.5];
                let within = |lo: [f64; 3], hi: [f64; 3]| {
                    let inside = (0..3).all(|a| lo[a] < p[a] && p[a] < hi[a]);
                    let closed = (0..3).all(|a| lo[a] <= p[a] && p[a] <= hi[a]);
                    (i32::from(inside), closed && !inside)
                };
                let reach = (p[0] + 3.0).abs() + (p[1] - 1.0).abs() + (p[2] - 1.0).abs();
                let all = [
                    within([0.0; 3], [2.0; 3]),
                    within([4.0, 0.0, 0.0], [6.0, 2.0, 2.0]),
                    within([3.0, -1.0, -1.0], [7.0, 3.0, 3.0]),
                    (i32::from(reach < 1.0), reach == 1.0),
                ];
                let want = if all.iter().any(|w| w.1) {
                    on_surface += 1;
                    None
                } else {
                    Some(all.iter().map(|w| w.0).sum())
                };
                assert_eq!(winding_of(&mesh, &tree, p, |_| true), want, "{p:?}");
            }
        }
    }
    assert!(on_surface > 100);
}

#[test]
fn rays_and_nearest_places_agree_with_trying_all() {
    let mut dice = Dice(3);
    let ball = sphere(2.0, 20);
    let mesh = joined(&[ball.clone(), turned(&ball, &dice.rotation(), [3.0, 1.0, 0.0])]);
    let tree = BoxTree::new(&mesh);
    let one =
        |t: usize| TriMesh { vertices: mesh.vertices.clone(), triangles: vec![mesh.triangles[t]] };
    let single: Vec<(TriMesh, BoxTree)> = (0..mesh.triangles.len())
        .map(|t| {
            let mesh = one(t);
            let tree = BoxTree::new(&mesh);
            (mesh, tree)
        })
        .collect();
    for _ in 0..60 {
        let p = nalgebra::Point3::from([(); 3].map(|()| dice.between(-6.0, 6.0)));
        let d = nalgebra::Vector3::from([(); 3].map(|()| dice.between(-1.0, 1.0)));
        let skip = |t: u32| t.is_multiple_of(5);
        let first = single
            .iter()
            .enumerate()
            .filter(|(t, _)| t % 5 != 0)
            .filter_map(|(t, (m, tree))| Some((tree.cast(m, p, d, &|_| false)?.along, t as u32)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let got = tree.cast(&mesh, p, d, &skip);
        assert_eq!(got.map(|h| (h.along, h.triangle)), first);
        let near = single
            .iter()
            .enumerate()
            .filter(|(t, _)| t % 5 != 0)
            .map(|(_, (m, tree))| tree.nearest(m, p, 1e9, &|_| false).unwrap().distance)
            .fold(f64::INFINITY, f64::min);
        assert_eq!(tree.nearest(&mesh, p, 1e9, &skip).unwrap().distance, near);
        assert_eq!(tree.nearest(&mesh, p, near * 0.99, &skip), None);
    }
    // A closed form: from the centre out, in all directions.
    for _ in 0..200 {
        let d = nalgebra::Vector3::from([(); 3].map(|()| dice.between(-1.0, 1.0))).normalize();
        let ball_tree = BoxTree::new(&ball);
        let hit = ball_tree.cast(&ball, nalgebra::Point3::origin(), d, &|_| false).unwrap();
        assert!(hit.along > 1.94 && hit.along <= 2.0 + 1e-12);
    }
}

/// Rays exactly along axes, through edges and vertices of a box.
#[test]
fn rays_hit_edges_and_vertices() {
    let mesh = cuboid([0.0; 3], [2.0; 3]);
    let tree = BoxTree::new(&mesh);
    for i in 0..=4 {
        for j in 0..=4 {
            let p = nalgebra::Point3::new(f64::from(i) / 2.0, f64::from(j) / 2.0, -1.0);
            let hit = tree.cast(&mesh, p, nalgebra::Vector3::z(), &|_| false).unwrap();
            assert_eq!(hit.along, 1.0);
        }
    }
}
