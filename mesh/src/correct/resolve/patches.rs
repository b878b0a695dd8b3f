//! Which patches of a divided surface bound what it encloses.

use super::super::Work;
use super::Traced;
use crate::TriMesh;
use crate::shells::{Shells, winding};
use crate::topology::Topology;

/// The patches with outside before them and inside behind them; `None` if that cannot be told.
pub(super) fn outer(divided: Traced) -> Option<Traced> {
    let Traced { mesh, origin } = divided;
    let topology = Topology::new(&mesh);
    let (patch_of, count) = topology.patches(mesh.triangles.len());
    drop(topology);
    let samples = samples(&mesh, &patch_of, count);
    let all: Vec<u32> = (0..mesh.triangles.len() as u32).collect();
    let keep: Vec<bool> =
        samples.iter().map(|&t| Some(in_front(&mesh, &all, t)? == 0)).collect::<Option<_>>()?;
    let mut result = Traced { mesh: TriMesh::default(), origin: Vec::new() };
    for (t, &patch) in patch_of.iter().enumerate() {
        if keep[patch as usize] {
            result.mesh.triangles.push(mesh.triangles[t]);
            result.origin.push(origin[t]);
        }
    }
    result.mesh.vertices = mesh.vertices;
    super::super::drop::unused_vertices(&mut result.mesh);
    Some(result)
}

/// The largest triangle of each patch.
fn samples(mesh: &TriMesh, patch_of: &[u32], count: usize) -> Vec<u32> {
    let mut best = vec![(-1.0, 0); count];
    for (t, &patch) in patch_of.iter().enumerate() {
        let area = mesh.normal_times_area(t).norm_squared();
        if area > best[patch as usize].0 {
            best[patch as usize] = (area, t as u32);
        }
    }
    best.into_iter().map(|(_, t)| t).collect()
}

/// Winding number of some triangles just before the middle of triangle `t`.
///
/// In the middle of its plane a triangle counts for nothing, half of the step from behind to
/// before it. `None` if the number is not near a whole one: other triangles lie there as well.
fn in_front(mesh: &TriMesh, triangles: &[u32], t: u32) -> Option<i32> {
    let [a, b, c] = mesh.corners(t as usize);
    let middle = nalgebra::Point3::from((a.coords + b.coords + c.coords) / 3.0);
    let others: Vec<u32> = triangles.iter().copied().filter(|&o| o != t).collect();
    let number = winding(mesh, &others, middle) - 0.5;
    let whole = number.round();
    ((number - whole).abs() < 0.05).then_some(whole as i32)
}

/// Drops bodies that lie in the solid of others, and cavities that others fill; gives how many.
/// The shells must not run through one another.
pub(super) fn drop_internal(work: &mut Work) -> usize {
    let topology = work.take_topology();
    let shells = Shells::new(&work.mesh, &topology);
    let count = shells.list.len();
    let sense = |s: usize| if shells.list[s].six_volume > 0.0 { 1 } else { -1 };
    let drop: Vec<bool> = (0..count)
        .map(|s| {
            let shell = &shells.list[s];
            if !shell.closed || shell.six_volume == 0.0 {
                return false;
            }
            let around: i32 = shells.enclosing(&work.mesh, s).into_iter().map(sense).sum();
            // Around a body must be nothing, around a cavity one body.
            around != if sense(s) > 0 { 0 } else { 1 }
        })
        .collect();
    let dropped = drop.iter().filter(|&&d| d).count();
    if dropped == 0 {
        work.keep_topology(topology);
        return 0;
    }
    work.retain(|t| !drop[shells.number[t as usize] as usize]);
    dropped
}
