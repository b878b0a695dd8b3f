//! Faults that lie in the indices of a mesh, not in its triangles.

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::{FaultKind, Injected};

/// Puts a fault into the indices; `None` for kinds that lie elsewhere.
pub(super) fn inject(mesh: &mut TriMesh, rng: &mut Pcg64, kind: FaultKind) -> Option<Injected> {
    let at = match kind {
        FaultKind::UnreferencedVertex => unreferenced(mesh, rng),
        FaultKind::DuplicateVertex => duplicate(mesh, rng),
        _ => return None,
    };
    Some(Injected { kind, count: at.len() as u32, triangles: Vec::new(), at })
}

/// Adds vertices that no triangle uses.
fn unreferenced(mesh: &mut TriMesh, rng: &mut Pcg64) -> Vec<[f64; 3]> {
    let Some(bounds) = mesh.bounds() else { return Vec::new() };
    let n = rng.random_range(1..=20);
    let at: Vec<[f64; 3]> = (0..n)
        .map(|_| {
            let share: [f64; 3] = [(); 3].map(|()| 1.2 * rng.random::<f64>() - 0.1);
            let size = bounds.size();
            [0, 1, 2].map(|k| f64::from((bounds.min[k] + share[k] * size[k]) as f32))
        })
        .collect();
    mesh.vertices.extend(at.iter().map(|&p| Point3::from(p)));
    at
}

/// Gives single triangles a corner of their own at the same place.
fn duplicate(mesh: &mut TriMesh, rng: &mut Pcg64) -> Vec<[f64; 3]> {
    let n = (mesh.triangles.len() / 500).clamp(3, 50);
    let mut at = Vec::new();
    for _ in 0..n {
        let (t, k) = (rng.random_range(0..mesh.triangles.len()), rng.random_range(0..3));
        let p = mesh.corners(t)[k];
        mesh.triangles[t][k] = mesh.vertices.len() as u32;
        mesh.vertices.push(p);
        at.push(p.into());
    }
    at
}
