//! Neighbours that agree on which side is outside.

use super::{Effect, Work};
use crate::TriMesh;
use crate::topology::{Topology, balance};

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

/// Finds the turns of a mesh. The majority of a patch is right.
pub(crate) fn turns(mesh: &TriMesh, topology: &Topology) -> Turns {
    let n = mesh.triangles.len();
    let mut turns = Turns::default();
    if topology.irregular_edges().all(|edge| edge.len() != 2 || balance(edge) == 0) {
        return turns;
    }
    let links = Links::new(topology);
    // 0: not visited, 1: as it is, 2: to be turned.
    let mut state = vec![0_u8; n];
    for start in 0..n {
        if state[start] != 0 {
            continue;
        }
        let (patch, two_sided) = spread(&links, &mut state, start as u32);
        if !two_sided {
            turns.one_sided.extend(patch);
            continue;
        }
        let flips = patch.iter().filter(|&&t| state[t as usize] == 2).count();
        let wrong = if 2 * flips <= patch.len() { 2 } else { 1 };
        if flips.min(patch.len() - flips) * UNSURE >= patch.len() {
            turns.unsure.extend(&patch);
        }
        turns.turn.extend(patch.into_iter().filter(|&t| state[t as usize] == wrong));
    }
    turns.turn.sort_unstable();
    turns.one_sided.sort_unstable();
    turns.unsure.sort_unstable();
    turns
}

/// Visits a patch; also gives whether it has two sides.
fn spread(links: &Links<'_>, state: &mut [u8], start: u32) -> (Vec<u32>, bool) {
    state[start as usize] = 1;
    let mut patch = vec![start];
    let mut two_sided = true;
    let mut i = 0;
    while i < patch.len() {
        let t = patch[i];
        i += 1;
        for (next, agree) in links.of(t) {
            let wanted = if agree { state[t as usize] } else { 3 - state[t as usize] };
            match state[next as usize] {
                0 => {
                    state[next as usize] = wanted;
                    patch.push(next);
                }
                found => two_sided &= found == wanted,
            }
        }
    }
    (patch, two_sided)
}

/// Neighbours across edges with two triangles, and whether they agree.
struct Links<'a> {
    topology: &'a Topology,
    /// Pairs that disagree, both ways, sorted; the others are twins.
    against: Vec<(u32, u32)>,
}

impl<'a> Links<'a> {
    fn new(topology: &'a Topology) -> Self {
        let mut against = Vec::new();
        for edge in topology.irregular_edges() {
            if edge.len() == 2 && balance(edge) != 0 {
                against.push((edge[0].triangle, edge[1].triangle));
                against.push((edge[1].triangle, edge[0].triangle));
            }
        }
        against.sort_unstable();
        Self { topology, against }
    }

    fn of(&self, t: u32) -> impl Iterator<Item = (u32, bool)> {
        let twins = (3 * t..3 * t + 3).filter_map(|s| self.topology.twin(s));
        let from = self.against.partition_point(|&(a, _)| a < t);
        let against = self.against[from..].iter().take_while(move |&&(a, _)| a == t);
        twins.map(|s| (s / 3, true)).chain(against.map(|&(_, b)| (b, false)))
    }
}
