//! Which patches of a divided surface bound what it encloses.

use super::super::Work;
use super::Traced;
use crate::TriMesh;
use crate::shells::Shells;
use crate::spatial::BoxTree;
use crate::topology::Topology;

/// The patches with outside before them and inside behind them; `None` if that cannot be told.
///
/// `front` gives the winding number at a place on a piece without the triangle it is a piece of,
/// `around` that at a place off the surface.
pub(super) fn outer(
    divided: Traced,
    front: &impl Fn([f64; 3], u32) -> Option<i32>,
    around: &impl Fn([f64; 3]) -> Option<i32>,
) -> Option<Traced> {
    let Traced { mesh, origin } = divided;
    let topology = Topology::new(&mesh);
    let (patch_of, count) = topology.patches(mesh.triangles.len());
    drop(topology);
    let samples = samples(&mesh, &patch_of, count);
    let keep: Vec<bool> = samples
        .iter()
        .map(|&t| Some(in_front(&mesh, t, front, around)? == 0))
        .collect::<Option<_>>()?;
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

/// The triangle of each patch that shows the largest area along x.
fn samples(mesh: &TriMesh, patch_of: &[u32], count: usize) -> Vec<u32> {
    let mut best = vec![(-1.0, 0); count];
    for (t, &patch) in patch_of.iter().enumerate() {
        let area = mesh.normal_times_area(t).x.abs();
        if area > best[patch as usize].0 {
            best[patch as usize] = (area, t as u32);
        }
    }
    best.into_iter().map(|(_, t)| t).collect()
}

/// Winding number just before the middle of triangle `t`; `None` if other triangles are too near
/// for that to be told.
fn in_front(
    mesh: &TriMesh,
    t: u32,
    front: &impl Fn([f64; 3], u32) -> Option<i32>,
    around: &impl Fn([f64; 3]) -> Option<i32>,
) -> Option<i32> {
    let [a, b, c] = mesh.corners(t as usize);
    let middle = (a.coords + b.coords + c.coords) / 3.0;
    let normal = mesh.normal_times_area(t as usize);
    if normal.x != 0.0 {
        // From before the triangle, the ray along x enters through it if it faces the other way.
        return Some(front(middle.into(), t)? - i32::from(normal.x < 0.0));
    }
    // The ray would run along the triangle: look from both sides of it.
    let step = normal * (1e-4 / normal.norm().sqrt());
    let (before, behind) = (around((middle + step).into())?, around((middle - step).into())?);
    (behind - before == 1).then_some(before)
}

/// Drops bodies that lie in the solid of others, and cavities that others fill; gives how many.
/// The shells must not run through one another.
pub(super) fn drop_internal(work: &mut Work) -> usize {
    let topology = work.take_topology();
    let shells = Shells::new(&work.mesh, &topology);
    let count = shells.list.len();
    if count < 2 {
        work.keep_topology(topology);
        return 0;
    }
    let tree = BoxTree::new(&work.mesh);
    let sense = |s: usize| if shells.list[s].six_volume > 0.0 { 1 } else { -1 };
    let drop: Vec<bool> = (0..count)
        .map(|s| {
            let shell = &shells.list[s];
            if !shell.closed || shell.six_volume == 0.0 {
                return false;
            }
            let around: i32 = shells.enclosing(&work.mesh, &tree, s).into_iter().map(sense).sum();
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
