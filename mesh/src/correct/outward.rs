//! Bodies that face outwards, cavities that face inwards.

use super::lookup::Lookup;
use super::{Effect, NEW, Work};
use crate::shells::Shells;

/// Turns closed shells outwards, or inwards where they are cavities.
pub(super) fn turn_shells(work: &mut Work) -> Option<Effect> {
    let (topology, shells) = work.take_shells();
    let unsure: Vec<bool> = shells
        .list
        .iter()
        .map(|shell| {
            let said = |t: &u32| Some(work.origin[*t as usize]).filter(|&o| o != NEW);
            let unsure = |o: u32| work.unsure.get(o as usize) == Some(&true);
            shell.triangles.iter().filter_map(said).any(unsure)
        })
        .collect();
    let inwards = |s: usize| shells.list[s].closed && shells.list[s].six_volume < 0.0;
    if !(0..shells.list.len()).any(|s| inwards(s) || unsure[s]) {
        work.keep_shells(topology, shells);
        return None;
    }
    let wanted = wanted_senses(work, &shells, &unsure);
    let (mut turned, mut triangles) = (0, 0);
    for (shell, wanted) in shells.list.iter().zip(wanted) {
        if shell.closed && shell.six_volume != 0.0 && (shell.six_volume > 0.0) != wanted {
            turned += 1;
            triangles += shell.triangles.len();
            for &t in &shell.triangles {
                work.mesh.triangles[t as usize].swap(1, 2);
            }
        }
    }
    if turned == 0 {
        work.keep_shells(topology, shells);
        return None;
    }
    let text = format!("{turned} shells that faced the wrong way were turned");
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// For each shell whether it must face outwards.
fn wanted_senses(work: &Work, shells: &Shells, unsure: &[bool]) -> Vec<bool> {
    let count = shells.list.len();
    let lookup = Lookup::new(work);
    let around: Vec<Vec<usize>> =
        (0..count).map(|s| lookup.enclosing(&work.mesh, shells, s)).collect();
    let outward = |s: usize| shells.list[s].six_volume > 0.0;
    let mut wanted: Vec<bool> = (0..count).map(outward).collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&s| (around[s].len(), s));
    for s in order {
        if unsure[s] {
            wanted[s] = around[s].len().is_multiple_of(2);
            continue;
        }
        // A file that is inside out as a whole keeps the roles of its shells: what lies in a
        // shell that was turned turns with it.
        let outermost = around[s].iter().copied().find(|&o| around[o].is_empty());
        if outermost.is_some_and(|o| !outward(o) && !unsure[o]) {
            wanted[s] = !outward(s);
        }
        // A cavity needs a body around it.
        let level: i32 = around[s].iter().map(|&o| if wanted[o] { 1 } else { -1 }).sum();
        wanted[s] |= level < 1;
    }
    wanted
}
