//! Tests of the cutting of polygons: areas add up, nothing overlaps.

use super::*;
use crate::fixtures::Dice;

/// Cuts one polygon, given in the plane, turned into space.
fn cut(outline: &[[f64; 2]]) -> (Vec<[u32; 3]>, Vec<MeshFault>) {
    let vertices: Vec<[f64; 3]> =
        outline.iter().map(|&[x, y]| [0.6 * x + 5.0, y, 0.8 * x - 3.0]).collect();
    let n = outline.len() as u32;
    let mut triangles: Vec<[u32; 3]> = (1..n - 1).map(|k| [0, k, k + 1]).collect();
    let mut polygons = Polygons::default();
    polygons.push(0, n);
    let faults = polygons.cut(&vertices, &mut triangles);
    (triangles, faults)
}

fn areas(outline: &[[f64; 2]], triangles: &[[u32; 3]]) -> (f64, f64) {
    let each = triangles.iter().map(|t| {
        let [a, b, c] = t.map(|v| outline[v as usize]);
        doubled_area(a, b, c) / 2.0
    });
    let n = outline.len();
    let whole: f64 =
        (0..n).map(|k| doubled_area([0.0; 2], outline[k], outline[(k + 1) % n]) / 2.0).sum();
    (whole.abs(), each.map(f64::abs).sum())
}

/// Checks that the triangles cover the outline once; they do if their areas, taken without
/// sign, add up to that of the outline.
fn check(outline: &[[f64; 2]]) {
    for turn in 0..outline.len() {
        let mut outline = outline.to_vec();
        outline.rotate_left(turn);
        for _ in 0..2 {
            let (triangles, faults) = cut(&outline);
            assert!(faults.is_empty());
            let (whole, sum) = areas(&outline, &triangles);
            assert!((whole - sum).abs() <= 1e-9 * whole, "{whole} {sum} {turn}");
            // Every side of the outline is there once, in its sense.
            let n = outline.len() as u32;
            for k in 0..n {
                let side =
                    |t: &&[u32; 3]| (0..3).any(|i| t[i] == k && t[(i + 1) % 3] == (k + 1) % n);
                assert_eq!(triangles.iter().filter(side).count(), 1);
            }
            outline.reverse();
        }
    }
}

#[test]
fn simple_outlines_are_covered_once() {
    let l = [[0.0, 0.0], [3.0, 0.0], [3.0, 1.0], [1.0, 1.0], [1.0, 3.0], [0.0, 3.0]];
    check(&l);
    let comb: Vec<[f64; 2]> = (0..20)
        .map(|k| [f64::from(k) / 2.0, if k % 2 == 0 { 1.0 } else { 9.0 }])
        .chain([[9.5, 0.0], [0.0, 0.0]])
        .collect();
    check(&comb);
    let spiral: Vec<[f64; 2]> = (0..40)
        .map(|k| (f64::from(k) * 0.3, 1.0 + f64::from(k) * 0.2))
        .chain((0..40).rev().map(|k| (f64::from(k) * 0.3, 0.5 + f64::from(k) * 0.2)))
        .map(|(angle, r)| [r * angle.cos(), r * angle.sin()])
        .collect();
    check(&spiral);
    // Corners on straight lines, and a bridge to a hole, whose places are there twice.
    check(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [1.0, 1.0], [1.0, 1.5], [0.0, 2.0]]);
    let (triangles, _) = cut(&HOLED);
    let (whole, sum) = areas(&HOLED, &triangles);
    assert_eq!((whole, sum), (12.0, 12.0));
}

/// A square of 4 with a square hole of 2, joined by a bridge.
const HOLED: [[f64; 2]; 10] = [
    [0.0, 0.0],
    [4.0, 0.0],
    [4.0, 4.0],
    [0.0, 4.0],
    [0.0, 0.0],
    [1.0, 1.0],
    [1.0, 3.0],
    [3.0, 3.0],
    [3.0, 1.0],
    [1.0, 1.0],
];

#[test]
fn random_stars_are_covered_once() {
    let mut dice = Dice(4);
    for _ in 0..60 {
        let n = 4 + (dice.roll() * 12.0) as u32;
        let star: Vec<[f64; 2]> = (0..n)
            .map(|k| {
                let angle = std::f64::consts::TAU * f64::from(k) / f64::from(n);
                let r = dice.between(0.2, 5.0);
                [r * angle.cos(), r * angle.sin()]
            })
            .collect();
        check(&star);
    }
}

#[test]
fn convex_polygons_keep_the_cut_from_their_first_corner() {
    let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    assert_eq!(cut(&square).0, [[0, 1, 2], [0, 2, 3]]);
}

#[test]
fn outlines_that_cannot_be_cut_stay() {
    // Crossing itself, without area, not finite after subtraction.
    for outline in [
        [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]],
        [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [1.0, 1.0]],
        [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        [[1e308, -1e308], [-1e308, 1e308], [1e308, 1e308], [-1e308, -1e308]],
    ] {
        assert_eq!(cut(&outline).0.len(), 2);
    }
    let zigzag: Vec<[f64; 2]> =
        (0..MOST_CORNERS + 1).map(|k| [f64::from(k), f64::from(k % 2)]).collect();
    let (_, faults) = cut(&zigzag);
    assert_eq!(faults[0].code, FaultCode::UnsupportedContent);
}
