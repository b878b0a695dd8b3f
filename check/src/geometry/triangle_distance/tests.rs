//! Triangle distance against closed forms and against sampling.

use super::*;

fn distance(a: Triangle, b: Triangle) -> f64 {
    distance_squared(&a, &b).sqrt()
}

const FLAT: Triangle = [[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0]];

fn moved(t: Triangle, by: V3) -> Triangle {
    t.map(|p| along(p, 1.0, by))
}

#[track_caller]
fn assert_near(a: Triangle, b: Triangle, expected: f64) {
    // Every order of arguments and corners must agree.
    for shift in 0..3 {
        let turned = [b[shift], b[(shift + 1) % 3], b[(shift + 2) % 3]];
        let flipped = [turned[1], turned[0], turned[2]];
        for other in [turned, flipped] {
            assert!((distance(a, other) - expected).abs() < 1e-12, "{}", distance(a, other));
            assert!((distance(other, a) - expected).abs() < 1e-12, "{}", distance(other, a));
        }
    }
}

#[test]
fn parallel_triangles_are_as_far_apart_as_their_planes() {
    assert_near(FLAT, moved(FLAT, [0.0, 0.0, 2.5]), 2.5);
    assert_near(FLAT, moved(FLAT, [0.3, 0.2, -1.5]), 1.5);
}

#[test]
fn crossing_triangles_touch() {
    let upright = [[1.0, 1.0, -1.0], [1.0, 1.0, 3.0], [5.0, 5.0, 1.0]];
    assert_near(FLAT, upright, 0.0);
    // A small one that passes through the middle of a large one: no edge of the large one
    // comes near it.
    let needle = [[1.0, 1.0, -0.01], [1.01, 1.0, 0.01], [1.0, 1.01, 0.01]];
    assert_near(FLAT, needle, 0.0);
}

#[test]
fn coplanar_triangles() {
    assert_near(FLAT, moved(FLAT, [7.0, 0.0, 0.0]), 3.0);
    assert_near(FLAT, moved(FLAT, [1.0, 0.5, 0.0]), 0.0);
    // One inside the other.
    let inner = [[0.5, 0.5, 0.0], [1.0, 0.5, 0.0], [0.5, 1.0, 0.0]];
    assert_near(FLAT, inner, 0.0);
    // A star of David: no corner of one lies in the other.
    let up = [[-3.0, -1.0, 0.0], [3.0, -1.0, 0.0], [0.0, 3.0, 0.0]];
    let down = [[-3.0, 1.5, 0.0], [3.0, 1.5, 0.0], [0.0, -2.5, 0.0]];
    assert_near(up, down, 0.0);
}

#[test]
fn edge_to_edge() {
    // Two ridges that cross at a right angle, 0.75 apart.
    let low = [[-5.0, 0.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, -5.0]];
    let high = [[0.0, -5.0, 0.75], [0.0, 5.0, 0.75], [0.0, 0.0, 5.0]];
    assert_near(low, high, 0.75);
}

#[test]
fn corner_to_face_and_corner_to_corner() {
    let tip = [[1.0, 1.0, 0.4], [0.0, 1.0, 3.0], [2.0, 1.0, 3.0]];
    assert_near(FLAT, tip, 0.4);
    let far = [[5.0, 0.0, 1.0], [9.0, -1.0, 4.0], [9.0, 1.0, 4.0]];
    assert_near(FLAT, far, 2.0_f64.sqrt());
}

#[test]
fn triangles_without_area() {
    let point = [[1.0, 1.0, 2.0]; 3];
    assert_near(FLAT, point, 2.0);
    assert_near(point, [[1.0, 1.0, 5.0]; 3], 3.0);
    let segment = [[-5.0, 1.0, 1.0], [5.0, 1.0, 1.0], [0.0, 1.0, 1.0]];
    assert_near(FLAT, segment, 1.0);
    let through = [[1.0, 1.0, -2.0], [1.0, 1.0, 2.0], [1.0, 1.0, 0.5]];
    assert_near(FLAT, through, 0.0);
    let parallel = [[-5.0, -2.0, 0.0], [5.0, -2.0, 0.0], [0.0, -2.0, 0.0]];
    assert_near(FLAT, parallel, 2.0);
}

#[test]
fn sampling_never_finds_points_closer_and_comes_near() {
    let mut state = 7_u64;
    let mut random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    const STEPS: usize = 24;
    for round in 0..300 {
        let spread = if round % 3 == 0 { 0.2 } else { 1.5 };
        let a: Triangle = std::array::from_fn(|_| std::array::from_fn(|_| random()));
        let b: Triangle =
            std::array::from_fn(|_| std::array::from_fn(|k| random() + spread * f64::from(k == 0)));
        let exact = distance(a, b);
        let mut sampled = f64::INFINITY;
        let (points_a, points_b) = (samples(&a, STEPS), samples(&b, STEPS));
        for p in &points_a {
            for q in &points_b {
                let d = sub(*p, *q);
                sampled = sampled.min(dot(d, d));
            }
        }
        let sampled = sampled.sqrt();
        assert!(exact <= sampled + 1e-12, "round {round}: {exact} > {sampled}");
        // The nearest samples are within a step of the nearest points, on each triangle.
        assert!(sampled - exact <= 2.0 * 1.75 / STEPS as f64, "round {round}: {exact} {sampled}");
    }
}

fn samples(t: &Triangle, steps: usize) -> Vec<V3> {
    let mut points = Vec::new();
    for i in 0..=steps {
        for j in 0..=steps - i {
            let (u, v) = (i as f64 / steps as f64, j as f64 / steps as f64);
            points.push(along(along(t[0], u, sub(t[1], t[0])), v, sub(t[2], t[0])));
        }
    }
    points
}
