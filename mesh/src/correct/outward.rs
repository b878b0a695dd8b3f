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
    let mut around: Vec<Vec<usize>> =
        (0..count).map(|s| lookup.enclosing(&work.mesh, shells, s)).collect();
    if (0..count).any(|s| unsure[s] && !around[s].is_empty()) {
        // A shell that runs through another is no cavity of it, though a part of it lies inside.
        let meet = meeting(work, shells, &lookup);
        for s in (0..count).filter(|&s| unsure[s]) {
            around[s].retain(|&o| meet.binary_search(&(s.min(o), s.max(o))).is_err());
        }
    }
    let outward = |s: usize| shells.list[s].six_volume > 0.0;
    let mut wanted: Vec<bool> = (0..count).map(outward).collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&s| (around[s].len(), s));
    for s in order {
        let solid = |wanted: &[bool]| -> i32 {
            around[s].iter().map(|&o| if wanted[o] { 1 } else { -1 }).sum()
        };
        if unsure[s] {
            wanted[s] = solid(&wanted) < 1;
            continue;
        }
        // A file that is inside out as a whole keeps the roles of its shells: what lies in a
        // shell that was turned turns with it.
        let outermost = around[s].iter().copied().find(|&o| around[o].is_empty());
        if outermost.is_some_and(|o| !outward(o) && !unsure[o]) {
            wanted[s] = !outward(s);
        }
        // A cavity needs a body around it.
        wanted[s] |= solid(&wanted) < 1;
    }
    wanted
}

/// Pairs of shells that run through one another, the lower first, ascending.
fn meeting(work: &Work, shells: &Shells, lookup: &Lookup) -> Vec<(usize, usize)> {
    let shell = |t: u32| shells.number[t as usize] as usize;
    let pairs = work.crossings_with(lookup).through;
    let mut meet: Vec<(usize, usize)> = pairs
        .into_iter()
        .map(|[a, b]| (shell(a).min(shell(b)), shell(a).max(shell(b))))
        .filter(|(a, b)| a != b)
        .collect();
    meet.sort_unstable();
    meet.dedup();
    meet
}
