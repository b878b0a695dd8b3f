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
