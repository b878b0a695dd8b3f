//! Faults of single triangles: flips, repeats, degenerates, T-junctions.

use nalgebra::{Point3, center};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::FaultKind;
use super::work::{Work, point, shortest_side, single};

/// Turns triangles.
pub(super) fn flip(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(200);
    let picked = work.pick(rng, n, |_, _| true);
    for &t in &picked {
        if let Some(tri) = &mut work.soup[t] {
            tri.swap(1, 2);
        }
    }
    work.note(FaultKind::Flipped, picked.len(), &picked);
}

/// Repeats triangles in the same or in the other sense.
pub(super) fn duplicate(work: &mut Work, rng: &mut Pcg64, opposite: bool) {
    let n = work.share(1000);
    let picked = work.pick(rng, n, |_, _| true);
    let mut involved = picked.clone();
    for &t in &picked {
        let Some([a, b, c]) = work.soup[t] else { continue };
        involved.push(work.push(if opposite { [a, c, b] } else { [a, b, c] }));
    }
    let kind = if opposite { FaultKind::OppositeDuplicate } else { FaultKind::Duplicate };
    work.note(kind, picked.len(), &involved);
}

/// Adds triangles with a corner twice.
pub(super) fn degenerate(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(1000);
    let picked = work.pick(rng, n, |_, _| true);
    let added: Vec<usize> = picked
        .iter()
        .map(|&t| {
            let [a, b, _] = single(work.base.corners(t));
            work.push([a, b, b])
        })
        .collect();
    work.note(FaultKind::Degenerate, added.len(), &added);
}

/// Splits an edge at its exact middle, for one of its triangles only.
pub(super) fn t_junction(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(500);
    split(work, rng, n, FaultKind::TJunction);
}

/// Splits an edge at its middle for one triangle and fills the slit with a triangle whose three
/// corners lie on a line: closed, but without area.
pub(super) fn needle(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(500).min(40);
    split(work, rng, n, FaultKind::Needle);
}

/// Splits triangles at the middle of an edge of theirs.
///
/// Middles that single precision holds exactly come first, so that the new corner lies on the
/// edge and not a rounding error beside it; needles are made of nothing else.
fn split(work: &mut Work, rng: &mut Pcg64, n: usize, kind: FaultKind) {
    // Neither may the halves be so small that they could pass for cracks.
    const LEAST_MM: f64 = 0.1;
    let exact =
        |w: &Work, t: usize| shortest_side(&w.base, t) > LEAST_MM && middle(w, t, true).is_some();
    let mut picked = work.pick(rng, n, exact);
    if picked.is_empty() && kind != FaultKind::Needle {
        picked = work.pick(rng, n, |w, t| shortest_side(&w.base, t) > LEAST_MM);
    }
    let mut involved = picked.clone();
    for &t in &picked {
        let exactly = middle(work, t, true).or_else(|| middle(work, t, false));
        let Some((k, m)) = exactly else { continue };
        // The neighbour's corners must not move or turn with another fault.
        work.mark(work.across[t][k] as usize);
        let tri = single(work.base.corners(t));
        let (a, b, c) = (tri[k], tri[(k + 1) % 3], tri[(k + 2) % 3]);
        work.soup[t] = Some([a, m, c]);
        involved.push(work.push([m, b, c]));
        if kind == FaultKind::Needle {
            involved.push(work.push([a, b, m]));
        }
    }
    work.note(kind, picked.len(), &involved);
}

/// The first side of a triangle, its middle in single precision; if `exact`, one whose middle
/// needs no rounding.
fn middle(work: &Work, t: usize, exact: bool) -> Option<(usize, [f32; 3])> {
    let corners = work.base.corners(t);
    (0..3).find_map(|k| {
        let m = center(&corners[k], &corners[(k + 1) % 3]);
        let rounded = point(m);
        (!exact || Point3::from(rounded.map(f64::from)) == m).then_some((k, rounded))
    })
}

/// Moves the corners of single triangles by up to 2 µm along each axis.
pub(super) fn crack(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(500);
    // What the moves can cost in volume stays below a twentieth of the tolerance.
    let area_max = 0.05 * super::TOLERANCE * work.volume / (CRACK_MM * n as f64);
    let picked = work.pick(rng, n, |w, t| {
        let apart = w.base.triangles[t]
            .iter()
            .flat_map(|&v| &w.around[v as usize])
            .all(|&u| shortest_side(&w.base, u as usize) > 20.0 * CRACK_MM);
        w.base.normal_times_area(t).norm() < area_max && apart
    });
    for &t in &picked {
        if let Some(tri) = &mut work.soup[t] {
            for c in tri.iter_mut().flatten() {
                *c = jittered(*c, rng);
            }
        }
    }
    work.note(FaultKind::Crack, picked.len(), &picked);
}

/// Greatest width of a crack along an axis, mm.
pub(super) const CRACK_MM: f64 = 0.002;

/// A coordinate moved by up to 2 µm.
pub(super) fn jittered(c: f32, rng: &mut Pcg64) -> f32 {
    (f64::from(c) + CRACK_MM * (2.0 * rng.random::<f64>() - 1.0)) as f32 + 0.0
}
