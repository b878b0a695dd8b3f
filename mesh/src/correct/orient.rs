//! Neighbours that agree on which side is outside.

use super::{Effect, Work, islands};
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
/// Surfaces that holes separate and that share corners are taken as one.
pub(crate) fn turns(mesh: &TriMesh, topology: &Topology) -> Turns {
    let n = mesh.triangles.len();
    let mut turns = Turns::default();
    let disagree = |edge: &&[Side]| edge.len() == 2 && balance(edge) != 0;
    let pinched = islands::pinched(topology);
    if pinched.is_empty() && !topology.irregular_edges().any(|edge| disagree(&edge)) {
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
    let mut surfaces = Vec::new();
    for start in 0..count as u32 {
        if fates[start as usize].surface == u32::MAX {
            surfaces.push(spread(&against, &mut fates, start, surfaces.len() as u32));
        }
    }
    let fate = |t: u32| fates[patch_of[t as usize] as usize];
    let of = |t: u32| (fate(t).surface, fate(t).turn);
    let two_sided: Vec<bool> = surfaces.iter().map(|s| s.two_sided).collect();
    for group in islands::grouped(mesh, topology, &pinched, of, &two_sided) {
        let mut patches = Vec::new();
        for (s, turn) in group {
            for &patch in &surfaces[s as usize].patches {
                fates[patch as usize].turn ^= turn;
                patches.push(patch);
            }
        }
        let two_sided = two_sided[fates[patches[0] as usize].surface as usize];
        judge(&patches, two_sided, &sizes, &mut fates);
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
#[derive(Clone, Copy)]
struct Fate {
    /// Its surface; `u32::MAX` before it is known.
    surface: u32,
    turn: bool,
    unsure: bool,
    one_sided: bool,
}

impl Default for Fate {
    fn default() -> Self {
        Self { surface: u32::MAX, turn: false, unsure: false, one_sided: false }
    }
}

/// Patches joined over edges at which they disagree.
struct Surface {
    patches: Vec<u32>,
    two_sided: bool,
}

/// Visits the patches of a surface and turns every second one.
fn spread(against: &[(u32, u32)], fates: &mut [Fate], start: u32, number: u32) -> Surface {
    fates[start as usize].surface = number;
    let mut patches = vec![start];
    let mut two_sided = true;
    let mut i = 0;
    while i < patches.len() {
        let patch = patches[i];
        i += 1;
        let turn = !fates[patch as usize].turn;
        let from = against.partition_point(|&(a, _)| a < patch);
        for &(_, next) in against[from..].iter().take_while(|&&(a, _)| a == patch) {
            let fate = &mut fates[next as usize];
            if fate.surface == number {
                two_sided &= fate.turn == turn;
            } else {
                (fate.surface, fate.turn) = (number, turn);
                patches.push(next);
            }
        }
    }
    Surface { patches, two_sided }
}

/// Decides for the majority of patches that must be turned or kept as one.
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
        (fate.turn, fate.unsure, fate.one_sided) = (turn, two_sided && unsure, !two_sided);
    }
}
