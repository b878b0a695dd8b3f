//! Neighbours that agree on which side is outside.

use super::{Effect, Work};
use crate::TriMesh;
use crate::topology::{Side, Topology, balance};

/// One turned triangle in this many makes the sense of a patch unsure.
const UNSURE: usize = 10;

/// Which triangles must be turned so that neighbours agree.
#[derive(Default)]
pub(crate) struct Turns {
    /// Triangles to turn, ascending: as few as possible in each patch.
    pub(crate) turn: Vec<u32>,
    /// Triangles of patches in which so many were turned that the sense the file gave them says
    /// little, ascending.
    pub(crate) unsure: Vec<u32>,
    /// Triangles of patches with only one side (as a Möbius strip), ascending.
    pub(crate) one_sided: Vec<u32>,
}

/// Turns triangles so that both triangles of every edge with two agree. Patches that have no
/// two sides stay as they are.
pub(super) fn turn(work: &mut Work) -> Option<Effect> {
    let mut topology = work.take_topology();
    let turns = turns(&work.mesh, &topology);
    work.one_sided = !turns.one_sided.is_empty();
    if turns.turn.is_empty() {
        work.keep_topology(topology);
        return None;
    }
    work.unsure = vec![false; work.came];
    for &t in &turns.unsure {
        if let Some(unsure) = work.unsure.get_mut(work.origin[t as usize] as usize) {
            *unsure = true;
        }
    }
    for &t in &turns.turn {
        work.mesh.triangles[t as usize].swap(1, 2);
    }
    topology.turn(&work.mesh, &turns.turn);
    work.keep_topology(topology);
    let text = "triangles were turned to agree with their neighbours".to_owned();
    Some(Effect { triangles: turns.turn.len(), hausdorff_mm: Some(0.0), text })
}

/// Finds the turns of a mesh. The majority of a surface is right.
///
/// Patches of triangles that agree turn as one: only how they lie beside one another is walked.
pub(crate) fn turns(mesh: &TriMesh, topology: &Topology) -> Turns {
    let n = mesh.triangles.len();
    let mut turns = Turns::default();
    let disagree = |edge: &&[Side]| edge.len() == 2 && balance(edge) != 0;
    if !topology.irregular_edges().any(|edge| disagree(&edge)) {
        return turns;
    }
    let (patch_of, count) = topology.patches(n);
    let mut sizes = vec![0_usize; count];
    for &patch in &patch_of {
        sizes[patch as usize] += 1;
    }
    // Patches that disagree, both ways.
    let mut against: Vec<(u32, u32)> = Vec::new();
    for edge in topology.irregular_edges().filter(disagree) {
        let [a, b] = [0, 1].map(|k: usize| patch_of[edge[k].triangle as usize]);
        against.extend([(a, b), (b, a)]);
    }
    against.sort_unstable();
    against.dedup();
    let mut fates = vec![Fate::default(); count];
    let mut seen = vec![false; count];
    for start in 0..count as u32 {
        if !seen[start as usize] {
            let (surface, two_sided) = spread(&against, &mut seen, &mut fates, start);
            judge(&surface, two_sided, &sizes, &mut fates);
        }
    }
    for (t, &patch) in (0..).zip(&patch_of) {
        let fate = fates[patch as usize];
        if fate.one_sided {
            turns.one_sided.push(t);
        }
        if fate.unsure {
            turns.unsure.push(t);
        }
        if fate.turn {
            turns.turn.push(t);
        }
    }
    turns
}

/// What becomes of a patch.
#[derive(Clone, Copy, Default)]
struct Fate {
    turn: bool,
    unsure: bool,
    one_sided: bool,
}

/// Visits the patches of a surface and turns every second one; also gives whether the surface
/// has two sides.
fn spread(
    against: &[(u32, u32)],
    seen: &mut [bool],
    fates: &mut [Fate],
    start: u32,
) -> (Vec<u32>, bool) {
    seen[start as usize] = true;
    let mut surface = vec![start];
    let mut two_sided = true;
    let mut i = 0;
    while i < surface.len() {
        let patch = surface[i];
        i += 1;
        let turn = !fates[patch as usize].turn;
        let from = against.partition_point(|&(a, _)| a < patch);
        for &(_, next) in against[from..].iter().take_while(|&&(a, _)| a == patch) {
            if std::mem::replace(&mut seen[next as usize], true) {
                two_sided &= fates[next as usize].turn == turn;
            } else {
                fates[next as usize].turn = turn;
                surface.push(next);
            }
        }
    }
    (surface, two_sided)
}

/// Decides for the majority of a surface whose patches disagree in turn.
fn judge(surface: &[u32], two_sided: bool, sizes: &[usize], fates: &mut [Fate]) {
    let size = |turned: bool, fates: &[Fate]| -> usize {
        let of = surface.iter().filter(|&&p| fates[p as usize].turn == turned);
        of.map(|&p| sizes[p as usize]).sum()
    };
    let (turned, kept) = (size(true, fates), size(false, fates));
    let unsure = turned.min(kept) * UNSURE >= turned + kept;
    for &patch in surface {
        let fate = &mut fates[patch as usize];
        let turn = two_sided && fate.turn == (turned <= kept);
        *fate = Fate { turn, unsure: two_sided && unsure, one_sided: !two_sided };
    }
}
