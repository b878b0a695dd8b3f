//! Faults that open the surface: holes and seams.

use std::collections::BTreeMap;

use nalgebra::{Point3, Vector3};
use rand::RngExt;
use rand_pcg::Pcg64;

use super::surface::{CRACK_MM, jittered};
use super::work::{Work, point, shortest_side};
use super::{FaultKind, TOLERANCE};

/// Deletes single triangles.
pub(super) fn hole(work: &mut Work, rng: &mut Pcg64) {
    let n = work.share(500);
    let picked = work.pick(rng, n, |_, _| true);
    for &t in &picked {
        work.soup[t] = None;
    }
    work.note(FaultKind::Hole, picked.len(), &picked);
}

/// Deletes patches of triangles where the surface is so flat that any sensible filling is right.
pub(super) fn patches(work: &mut Work, rng: &mut Pcg64) {
    let wanted = (work.n() / 2000).clamp(1, 6);
    let mut budget = 0.3 * TOLERANCE * work.volume;
    let mut gone = Vec::new();
    let mut made = 0;
    for _ in 0..400 {
        if made == wanted {
            break;
        }
        let most = rng.random_range(3..=14);
        let seed = work.any(rng);
        let patch = grow(work, seed, most);
        if patch.len() < 3 || patch.iter().any(|&t| work.is_used(t)) {
            continue;
        }
        let cost = deviation(work, &patch);
        if cost > budget || !is_disc(work, &patch) {
            continue;
        }
        budget -= cost;
        for &t in &patch {
            work.mark(t);
            work.soup[t] = None;
        }
        gone.extend(patch);
        made += 1;
    }
    if made > 0 {
        work.note(FaultKind::LargeHole, made, &gone);
    }
}

/// Triangles around `seed` that face within 15° of it.
fn grow(work: &Work, seed: usize, most: usize) -> Vec<usize> {
    let facing = super::work::normal(&work.base, seed);
    let mut patch = vec![seed];
    let mut next = 0;
    while next < patch.len() && patch.len() < most {
        for u in work.across[patch[next]] {
            let u = u as usize;
            let near = super::work::normal(&work.base, u).dot(&facing) > 0.966;
            if near && patch.len() < most && !patch.contains(&u) {
                patch.push(u);
            }
        }
        next += 1;
    }
    patch
}

/// What a filling can miss in volume: the patch's area times its greatest height over its
/// middle plane, mm³.
fn deviation(work: &Work, patch: &[usize]) -> f64 {
    let normals: Vector3<f64> = patch.iter().map(|&t| work.base.normal_times_area(t)).sum();
    let Some(up) = normals.try_normalize(0.0) else { return f64::INFINITY };
    let corners = || patch.iter().flat_map(|&t| work.base.corners(t));
    let n = (3 * patch.len()) as f64;
    let middle = Point3::from(corners().map(|p| p.coords).sum::<Vector3<f64>>() / n);
    let height = corners().map(|p| up.dot(&(p - middle)).abs()).fold(0.0, f64::max);
    normals.norm() * height
}

/// Whether the rim of the patch is one simple loop, no vertex of which is met again.
fn is_disc(work: &Work, patch: &[usize]) -> bool {
    let mut next = BTreeMap::new();
    for &t in patch {
        for k in 0..3 {
            if !patch.contains(&(work.across[t][k] as usize)) {
                let [a, b] = [k, (k + 1) % 3].map(|k| work.base.triangles[t][k]);
                if next.insert(a, b).is_some() {
                    return false;
                }
            }
        }
    }
    let Some((&first, _)) = next.iter().next() else { return false };
    let mut at = first;
    for step in 1..=next.len() {
        at = next.get(&at).copied().unwrap_or(first);
        if at == first {
            return step == next.len();
        }
    }
    false
}

/// Cuts the body along a plane and moves the corners on one side of the cut, each by up to 2 µm.
pub(super) fn seam(work: &mut Work, rng: &mut Pcg64) {
    for _ in 0..50 {
        let t = work.any(rng);
        let through = work.base.corners(t)[0];
        let toward = Vector3::from_fn(|_, _| rng.random::<f64>() - 0.5);
        if cut(work, rng, through, toward) {
            return;
        }
    }
}

fn cut(work: &mut Work, rng: &mut Pcg64, through: Point3<f64>, toward: Vector3<f64>) -> bool {
    let base = &work.base;
    let beyond: Vec<bool> = (0..base.triangles.len())
        .map(|t| {
            let sum: f64 = base.corners(t).iter().map(|p| toward.dot(&(p - through))).sum();
            sum > 0.0
        })
        .collect();
    let mut sides = vec![[false; 2]; base.vertices.len()];
    for (t, triangle) in base.triangles.iter().enumerate() {
        for &v in triangle {
            sides[v as usize][usize::from(beyond[t])] = true;
        }
    }
    let shared = |v: u32| sides[v as usize] == [true; 2];
    let on_cut: Vec<usize> = (0..base.triangles.len())
        .filter(|&t| beyond[t] && base.triangles[t].iter().any(|&v| shared(v)))
        .collect();
    let area: f64 = on_cut.iter().map(|&t| base.normal_times_area(t).norm()).sum();
    let apart = on_cut.iter().all(|&t| shortest_side(base, t) > 20.0 * CRACK_MM);
    let free = on_cut.iter().all(|&t| work.crowded || !work.is_used(t));
    if on_cut.len() < 6 || !apart || !free || area * CRACK_MM > 0.3 * TOLERANCE * work.volume {
        return false;
    }
    let moved: Vec<[f32; 3]> =
        base.vertices.iter().map(|&p| point(p).map(|c| jittered(c, rng))).collect();
    for &t in &on_cut {
        let triangle = work.base.triangles[t];
        if let Some(tri) = &mut work.soup[t] {
            for (corner, &v) in tri.iter_mut().zip(&triangle) {
                if sides[v as usize] == [true; 2] {
                    *corner = moved[v as usize];
                }
            }
        }
        work.mark(t);
    }
    work.note(FaultKind::Seam, 1, &on_cut);
    true
}
