//! Bodies within the solid of others.

use super::super::Work;
use super::super::lookup::Lookup;
use crate::shells::Shells;

/// Drops bodies that lie in the solid of others, and cavities that others fill; gives how many.
/// The shells must not run through one another.
pub(super) fn drop_internal(work: &mut Work) -> usize {
    let topology = work.take_topology();
    let (number, count) = topology.shells(work.mesh.triangles.len());
    if count < 2 {
        work.keep_topology(topology);
        return 0;
    }
    let shells = Shells::numbered(&work.mesh, &topology, number, count);
    let lookup = Lookup::new(work);
    let sense = |s: usize| if shells.list[s].six_volume > 0.0 { 1 } else { -1 };
    let drop: Vec<bool> = (0..count)
        .map(|s| {
            let shell = &shells.list[s];
            if !shell.closed || shell.six_volume == 0.0 {
                return false;
            }
            let around: i32 = lookup.enclosing(&work.mesh, &shells, s).into_iter().map(sense).sum();
            // Around a body must be nothing, around a cavity one body.
            around != if sense(s) > 0 { 0 } else { 1 }
        })
        .collect();
    let dropped = drop.iter().filter(|&&d| d).count();
    if dropped == 0 {
        work.keep_topology(topology);
        return 0;
    }
    work.keep_topology(topology);
    work.retain(|t| !drop[shells.number[t as usize] as usize]);
    dropped
}
