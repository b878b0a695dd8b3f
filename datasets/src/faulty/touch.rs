//! Faults where surfaces touch: along an edge, at a corner, and fins.

use nalgebra::{Point3, Vector3, center};
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::FaultKind;
use super::kernel::Body;
use super::shape::{size, tetrahedron};
use super::work::{Role, Work, normal, point, rounded};

/// Glues a tetrahedron to an edge of the body: four triangles meet there.
pub(super) fn edge(work: &mut Work, rng: &mut Pcg64) {
    for _ in 0..300 {
        let Some((t, [a, b], up, wide)) = free_edge(work, rng) else { continue };
        let high = 0.2 * size(&work.base).min();
        let foot = center(&a, &b) + up * high;
        let shell =
            rounded(&tetrahedron([a, b, foot + wide * (0.4 * high), foot - wide * (0.4 * high)]));
        if let Some(added) = glue(work, t, &[a, b], shell) {
            work.note(FaultKind::NonManifoldEdge, 1, &added);
            return;
        }
    }
}

/// Sets a tetrahedron with its tip on a corner of the body: the corner has two fans.
pub(super) fn vertex(work: &mut Work, rng: &mut Pcg64) {
    for _ in 0..300 {
        let t = work.any(rng);
        let tip = work.base.corners(t)[0];
        let fan = &work.around[work.base.triangles[t][0] as usize];
        let sum: Vector3<f64> = fan.iter().map(|&u| normal(&work.base, u as usize)).sum();
        let Some(up) = sum.try_normalize(1e-6) else { continue };
        let high = 0.25 * size(&work.base).min();
        let side = up
            .cross(&normal(&work.base, t))
            .try_normalize(1e-6)
            .unwrap_or_else(|| up.cross(&Vector3::new(up.y, up.z, up.x + 1.0)).normalize());
        let other = up.cross(&side);
        let foot = tip + up * high;
        let wide = 0.35 * high;
        let shell = rounded(&tetrahedron([
            tip,
            foot + side * wide,
            foot - (side - other * 1.7) * (0.5 * wide),
            foot - (side + other * 1.7) * (0.5 * wide),
        ]));
        if let Some(added) = glue(work, t, &[tip], shell) {
            work.note(FaultKind::NonManifoldVertex, 1, &added);
            return;
        }
    }
}

/// Glues single triangles to edges.
pub(super) fn fin(work: &mut Work, rng: &mut Pcg64) {
    let wanted = rng.random_range(1..=4);
    let mut added = Vec::new();
    for _ in 0..100 {
        if added.len() == wanted {
            break;
        }
        let Some((t, [a, b], up, _)) = free_edge(work, rng) else { continue };
        let tip = center(&a, &b) + up * (0.6 * (b - a).norm());
        work.mark(t);
        added.push(work.push([point(a), point(b), point(tip)]));
    }
    if !added.is_empty() {
        work.note(FaultKind::Fin, added.len(), &added);
    }
}

type Edge = (usize, [Point3<f64>; 2], Vector3<f64>, Vector3<f64>);

/// An edge of the body that is convex or flat, the way outward and the way across.
fn free_edge(work: &Work, rng: &mut Pcg64) -> Option<Edge> {
    let t = work.any(rng);
    let k = rng.random_range(0..3);
    let u = work.across[t][k] as usize;
    if work.is_used(t) || work.is_used(u) {
        return None;
    }
    let corners = work.base.corners(t);
    let (a, b) = (corners[k], corners[(k + 1) % 3]);
    let (m, n) = (normal(&work.base, t), normal(&work.base, u));
    let up = (m + n).try_normalize(0.2)?;
    let convex = work.base.corners(u).iter().all(|&p| m.dot(&(p - a)) < 1e-6);
    let wide = up.cross(&(b - a)).try_normalize(1e-3)?;
    convex.then_some((t, [a, b], up, wide))
}

/// Adds a shell that meets the body at `at` alone and is no speck.
fn glue(work: &mut Work, t: usize, at: &[Point3<f64>], shell: TriMesh) -> Option<Vec<usize>> {
    if shell.triangles.len() != 4 || shell.volume() < 1e-4 * work.volume || work.is_used(t) {
        return None;
    }
    // Apart from where they touch, the shell must lie on the outer side of all triangles around.
    let away: Vec<Point3<f64>> =
        shell.vertices.iter().copied().filter(|v| !at.contains(v)).collect();
    let outside = work.base.triangles[t].iter().zip(work.base.corners(t)).all(|(&v, p)| {
        !at.contains(&p)
            || work.around[v as usize].iter().all(|&u| {
                let n = normal(&work.base, u as usize);
                away.iter().all(|q| n.dot(&(q - p)) > 1e-3)
            })
    });
    if !outside || away.len() + at.len() != 4 {
        return None;
    }
    let shared = Body::new(&work.base)?.shared_mm3(&Body::new(&shell)?);
    if shared.abs() > 1e-9 * shell.volume() {
        return None;
    }
    work.mark(t);
    work.touching = true;
    Some(work.push_shell(Role::Apart, shell, false))
}
