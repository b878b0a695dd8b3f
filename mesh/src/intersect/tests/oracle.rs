//! A slow oracle in whole numbers of any size: clips one triangle by the other.
//!
//! The common part of two triangles is the first one cut down to the plane of the second and to
//! the inside of its three edges. Its corners, exact, say everything. Nothing here is shared with
//! the scan: no orientation predicates, no cases.

use nalgebra::Point3;
use num_bigint::BigInt;

use crate::TriMesh;
use crate::intersect::Meeting;

/// Homogeneous coordinates, the last one positive.
type Corner = [BigInt; 4];
/// Coefficients of a plane.
type Form = [BigInt; 4];

/// All pairs that meet, by trying every pair.
pub(super) fn all_pairs(mesh: &TriMesh) -> Vec<([u32; 2], Meeting)> {
    let n = mesh.triangles.len() as u32;
    let numbers = whole(mesh);
    let mut found = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if boxes_meet(mesh, a, b)
                && let Some(meeting) = meeting(mesh, &numbers, a, b)
            {
                found.push(([a, b], meeting));
            }
        }
    }
    found
}

fn boxes_meet(mesh: &TriMesh, a: u32, b: u32) -> bool {
    let [a, b] = [a, b].map(|t| mesh.corners(t as usize));
    (0..3).all(|k| {
        let low = |t: &[Point3<f64>; 3]| t.iter().map(|p| p[k]).fold(f64::MAX, f64::min);
        let high = |t: &[Point3<f64>; 3]| t.iter().map(|p| p[k]).fold(f64::MIN, f64::max);
        low(&a) <= high(&b) && low(&b) <= high(&a)
    })
}

/// Coordinates as whole multiples of one power of two.
fn whole(mesh: &TriMesh) -> Vec<[BigInt; 3]> {
    let parts = |x: f64| -> (i64, i32) {
        let bits = x.abs().to_bits();
        let (e, m) = ((bits >> 52) as i32, (bits & ((1 << 52) - 1)) as i64);
        let m = if e == 0 { m } else { m | 1 << 52 };
        (if x < 0.0 { -m } else { m }, e.max(1))
    };
    let least = mesh
        .vertices
        .iter()
        .flat_map(|v| {
            v.iter().copied().filter(|&x| x != 0.0).map(|x| parts(x).1).collect::<Vec<_>>()
        })
        .min()
        .unwrap_or(1);
    let number = |x: f64| {
        let (m, e) = parts(x);
        if m == 0 { BigInt::from(0) } else { BigInt::from(m) << (e - least) as u32 }
    };
    mesh.vertices.iter().map(|v| [number(v.x), number(v.y), number(v.z)]).collect()
}

fn meeting(mesh: &TriMesh, numbers: &[[BigInt; 3]], a: u32, b: u32) -> Option<Meeting> {
    let (ids_a, ids_b) = (mesh.triangles[a as usize], mesh.triangles[b as usize]);
    let place = |v: u32| {
        let [x, y, z] = numbers[v as usize].clone();
        [x, y, z, BigInt::from(1)]
    };
    let (at_a, at_b) = (ids_a.map(place), ids_b.map(place));
    let (inside_a, inside_b) = (walls(&at_a), walls(&at_b));
    let (Some(inside_a), Some(inside_b)) = (inside_a, inside_b) else { return None };
    let mut common: Vec<Corner> = at_a.to_vec();
    common = clip(&common, &inside_b.plane);
    common = clip(&common, &inside_b.plane.clone().map(|c| -c));
    for wall in &inside_b.edges {
        common = clip(&common, wall);
    }
    let shared: Vec<Corner> =
        ids_a.iter().filter(|v| ids_b.contains(v)).map(|&v| place(v)).collect();
    let beyond = match shared.len() {
        0 => !common.is_empty(),
        1 => common.iter().any(|c| !same(c, &shared[0])),
        2 => common.iter().any(|c| !collinear(&shared[0], &shared[1], c)),
        _ => true,
    };
    if !beyond {
        return None;
    }
    let Some(far) = common.iter().find(|c| !same(c, &common[0])) else {
        return Some(Meeting::Touch);
    };
    if common.iter().any(|c| !collinear(&common[0], far, c)) {
        return Some(Meeting::Coplanar);
    }
    // A segment: crossing if its middle lies strictly inside both.
    let (p, q) = (&common[0], far);
    let middle: Corner =
        std::array::from_fn(
            |k| if k < 3 { &p[k] * &q[3] + &q[k] * &p[3] } else { &p[3] * &q[3] * 2 },
        );
    let strictly = |walls: &Walls| walls.edges.iter().all(|w| value(w, &middle) > BigInt::from(0));
    Some(if strictly(&inside_a) && strictly(&inside_b) { Meeting::Cross } else { Meeting::Touch })
}

struct Walls {
    plane: Form,
    edges: [Form; 3],
}

/// The plane of a triangle, and for each edge the plane upright on it; `None` without area.
fn walls(t: &[Corner; 3]) -> Option<Walls> {
    let p = t.each_ref().map(|c| [c[0].clone(), c[1].clone(), c[2].clone()]);
    let normal = cross(&minus(&p[1], &p[0]), &minus(&p[2], &p[0]));
    if normal.iter().all(|x| *x == BigInt::from(0)) {
        return None;
    }
    let through = |n: [BigInt; 3], at: &[BigInt; 3]| -> Form {
        let d = -dot(&n, at);
        let [x, y, z] = n;
        [x, y, z, d]
    };
    let edges =
        std::array::from_fn(|k| through(cross(&normal, &minus(&p[(k + 1) % 3], &p[k])), &p[k]));
    Some(Walls { plane: through(normal, &p[0]), edges })
}

/// The part of a convex polygon where the form is not negative.
fn clip(polygon: &[Corner], form: &Form) -> Vec<Corner> {
    let zero = BigInt::from(0);
    let mut kept = Vec::new();
    for (i, p) in polygon.iter().enumerate() {
        let q = &polygon[(i + 1) % polygon.len()];
        let (at_p, at_q) = (value(form, p), value(form, q));
        if at_p >= zero {
            kept.push(p.clone());
        }
        if (at_p > zero && at_q < zero) || (at_p < zero && at_q > zero) {
            let (u, v) = (at_q.magnitude().clone().into(), at_p.magnitude().clone().into());
            let (u, v): (BigInt, BigInt) = (u, v);
            kept.push(std::array::from_fn(|k| &p[k] * &u + &q[k] * &v));
        }
    }
    kept
}

fn value(form: &Form, p: &Corner) -> BigInt {
    (0..4).map(|k| &form[k] * &p[k]).sum()
}

fn minus(a: &[BigInt; 3], b: &[BigInt; 3]) -> [BigInt; 3] {
    std::array::from_fn(|k| &a[k] - &b[k])
}

fn cross(a: &[BigInt; 3], b: &[BigInt; 3]) -> [BigInt; 3] {
    std::array::from_fn(|k| {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        &a[i] * &b[j] - &a[j] * &b[i]
    })
}

fn dot(a: &[BigInt; 3], b: &[BigInt; 3]) -> BigInt {
    (0..3).map(|k| &a[k] * &b[k]).sum()
}

fn same(a: &Corner, b: &Corner) -> bool {
    (0..3).all(|k| &a[k] * &b[3] == &b[k] * &a[3])
}

fn collinear(a: &Corner, b: &Corner, c: &Corner) -> bool {
    let from =
        |p: &Corner| -> [BigInt; 3] { std::array::from_fn(|k| &p[k] * &a[3] - &a[k] * &p[3]) };
    cross(&from(b), &from(c)).iter().all(|x| *x == BigInt::from(0))
}
