//! Where one convex polytope overlaps another one: a convex polytope again.

use super::convex::{Convex, Edge};
use super::vector::{Vector, cross, dot, length, plus, times, unit};

/// Planes whose normals agree to this are the same.
const SAME: f64 = 1.0 - 1e-10;
/// Sines below this are 0.
const NONE: f64 = 1e-12;

/// A half-space: what is behind its plane, `normal · x < at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub(crate) normal: Vector,
    pub(crate) at: f64,
}

/// The Minkowski sum of a polytope and the mirror image of another one, as its planes: where the
/// origin of the second must not be, seen from that of the first.
///
/// Its facets come from facets of both, and from pairs of edges whose arcs cross on the sphere of
/// normals (de Berg, Cheong, van Kreveld and Overmars 2008, Computational Geometry, 13.3, in
/// space).
pub(crate) fn difference(a: &Convex, b: &Convex) -> Vec<Plane> {
    let mut planes: Vec<Plane> = Vec::new();
    let mut add = |normal: Vector| {
        if planes.iter().all(|plane| dot(plane.normal, normal) < SAME) {
            let at = a.reach(normal) + b.reach(times(normal, -1.0));
            planes.push(Plane { normal, at });
        }
    };
    a.normals.iter().for_each(|normal| add(*normal));
    b.normals.iter().for_each(|normal| add(times(*normal, -1.0)));
    for p in &a.edges {
        for q in &b.edges {
            crossing(p, q).into_iter().for_each(&mut add);
        }
    }
    planes
}

/// The normal that an edge has in common with the mirror image of another one, if there is one
/// between those of its facets.
fn crossing(p: &Edge, q: &Edge) -> Option<Vector> {
    let mirrored = q.normals.map(|normal| times(normal, -1.0));
    let beside = |normals: &[Vector; 2], along: Vector| {
        dot(normals[0], along) * dot(normals[1], along) >= -NONE
    };
    if beside(&mirrored, p.along) || beside(&p.normals, q.along) {
        return None;
    }
    let both = cross(p.along, q.along);
    if length(both) < 1e-9 {
        return None;
    }
    let between =
        |normals: &[Vector; 2], normal: Vector| dot(normal, plus(normals[0], normals[1])) > 0.0;
    let normal = unit(both);
    [normal, times(normal, -1.0)]
        .into_iter()
        .find(|normal| between(&p.normals, *normal) && between(&mirrored, *normal))
}

#[cfg(test)]
mod tests {
    use super::super::polytope::Polytope;
    use super::super::vector::{Rotation, minus};
    use super::*;

    fn tetrahedron() -> Convex {
        let cube = Polytope::cuboid([0.0; 3], [1.0; 3]);
        let cut = cube.clipped(unit([1.0; 3]), 1.0 / 3.0_f64.sqrt(), 1e-9).unwrap();
        Convex::new(&cut, 1e-9)
    }

    #[test]
    fn of_two_boxes_it_is_a_box() {
        let [a, b] =
            [2.0, 3.0].map(|side| Convex::new(&Polytope::cuboid([0.0; 3], [side; 3]), 1e-9));
        let planes = difference(&a, &b);
        assert_eq!(planes.len(), 6);
        assert!(planes.iter().any(|p| p.normal == [1.0, 0.0, 0.0] && (p.at - 2.0).abs() < 1e-12));
        assert!(planes.iter().any(|p| p.normal == [-1.0, 0.0, 0.0] && (p.at - 3.0).abs() < 1e-12));
    }

    #[test]
    fn planes_are_those_of_the_hull_of_all_differences_of_corners() {
        let a = tetrahedron();
        let (sin, cos) = 0.7_f64.sin_cos();
        let turns: [Rotation; 3] = [
            [[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]],
            [[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]],
            [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
        ];
        for by in &turns {
            let b = a.turned(by);
            let planes = difference(&a, &b);
            let points: Vec<Vector> =
                a.corners.iter().flat_map(|p| b.corners.iter().map(|q| minus(*p, *q))).collect();
            // Every plane through three of the points with all others behind it is among them.
            for (i, p) in points.iter().enumerate() {
                for (j, q) in points.iter().enumerate().skip(i + 1) {
                    for r in &points[j + 1..] {
                        let normal = cross(minus(*q, *p), minus(*r, *p));
                        if length(normal) < 1e-6 {
                            continue;
                        }
                        for normal in [unit(normal), times(unit(normal), -1.0)] {
                            let at = dot(normal, *p);
                            if points.iter().all(|s| dot(normal, *s) <= at + 1e-9) {
                                let same = |plane: &Plane| dot(plane.normal, normal) > 1.0 - 1e-6;
                                assert!(planes.iter().any(same), "{normal:?}");
                            }
                        }
                    }
                }
            }
            for plane in &planes {
                let far = |p: &Vector| dot(plane.normal, *p);
                let most = points.iter().map(far).fold(f64::NEG_INFINITY, f64::max);
                assert!((most - plane.at).abs() < 1e-9);
            }
        }
    }
}
