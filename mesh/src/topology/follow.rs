//! Sides that follow small changes of a mesh, at a fraction of the cost of pairing all anew.

use super::{NONE, Side, Topology, side_of};
use crate::TriMesh;

impl Topology {
    /// Follows when triangles were dropped: `kept` says which of those before are left in `mesh`.
    pub(crate) fn retain(&mut self, mesh: &TriMesh, kept: &[bool]) {
        let mut number = vec![NONE; kept.len()];
        let left = number.iter_mut().zip(kept).filter(|(_, kept)| **kept);
        for (next, (number, _)) in (0..).zip(left) {
            *number = next;
        }
        let mut loose = Vec::new();
        // Sides move to the front; none is overwritten before it was read.
        let (mut to, mut rest) = (0_usize, kept.iter());
        let sides = self.twin.as_chunks_mut::<3>().0;
        for from in 0..sides.len() {
            if rest.next() == Some(&false) {
                continue;
            }
            let moved = |twin: u32| {
                let other = number.get(twin as usize / 3).copied().unwrap_or(NONE);
                if other == NONE { NONE } else { other.wrapping_mul(3).wrapping_add(twin % 3) }
            };
            let [a, b, c] = sides[from];
            let moved = [moved(a), moved(b), moved(c)];
            for k in 0..3 {
                if sides[from][k] != NONE && moved[k] == NONE {
                    loose.push((3 * to + k) as u32);
                }
            }
            sides[to] = moved;
            to += 1;
        }
        self.twin.truncate(3 * to);
        let irregular = std::mem::take(&mut self.irregular);
        loose.extend(irregular.into_iter().filter_map(|mut side| {
            side.triangle = number[side.triangle as usize];
            (side.triangle != NONE).then(|| index_of(mesh, &side))
        }));
        self.pair_loose(mesh, loose);
    }

    /// Follows when triangles were turned, ascending.
    pub(crate) fn turn(&mut self, mesh: &TriMesh, turned: &[u32]) {
        let loose = self.loosen(mesh, turned);
        self.pair_loose(mesh, loose);
    }

    /// Follows when triangles got other corners or were added at the end, ascending.
    pub(crate) fn change(&mut self, mesh: &TriMesh, changed: &[u32]) {
        self.twin.resize(3 * mesh.triangles.len(), NONE);
        let mut loose = self.loosen(mesh, changed);
        // An edge that two other triangles share may have got a third.
        let mut edges: Vec<(u32, u32)> =
            loose.iter().filter_map(|&s| side_of(mesh, s).map(|side| side.edge)).collect();
        edges.sort_unstable();
        edges.dedup();
        // One bit a vertex stays in the nearest cache.
        let mut marked = vec![0_u64; mesh.vertices.len().div_ceil(64)];
        for &(low, high) in &edges {
            marked[low as usize / 64] |= 1 << (low % 64);
            marked[high as usize / 64] |= 1 << (high % 64);
        }
        for (t, tri) in mesh.triangles.iter().enumerate() {
            let bit = |v: u32| marked[v as usize / 64] >> (v % 64) & 1;
            let (a, b, c) = (bit(tri[0]), bit(tri[1]), bit(tri[2]));
            if a & b | b & c | c & a == 0 {
                continue;
            }
            for s in 3 * t as u32..3 * t as u32 + 3 {
                if self.twin[s as usize] != NONE
                    && side_of(mesh, s).is_some_and(|side| edges.binary_search(&side.edge).is_ok())
                {
                    loose.push(s);
                }
            }
        }
        self.pair_loose(mesh, loose);
    }

    /// Takes the sides of some triangles from their twins; gives those, their twins and all
    /// irregular ones.
    fn loosen(&mut self, mesh: &TriMesh, triangles: &[u32]) -> Vec<u32> {
        let mut loose = Vec::new();
        for s in triangles.iter().flat_map(|&t| 3 * t..3 * t + 3) {
            loose.push(s);
            let twin = self.twin[s as usize];
            if twin != NONE {
                loose.push(twin);
            }
        }
        let irregular = std::mem::take(&mut self.irregular);
        let others =
            irregular.iter().filter(|side| triangles.binary_search(&side.triangle).is_err());
        loose.extend(others.map(|side| index_of(mesh, side)));
        loose
    }

    /// Pairs sides that may lie on one another, and on no others.
    fn pair_loose(&mut self, mesh: &TriMesh, mut loose: Vec<u32>) {
        loose.sort_unstable();
        loose.dedup();
        let mut sides: Vec<(Side, u32)> = Vec::with_capacity(loose.len());
        for s in loose {
            self.twin[s as usize] = NONE;
            sides.extend(side_of(mesh, s).map(|side| (side, s)));
        }
        sides.sort_unstable();
        for edge in sides.chunk_by(|a, b| a.0.edge == b.0.edge) {
            match edge {
                [(a, s), (b, r)] if a.forward != b.forward && a.triangle != b.triangle => {
                    (self.twin[*s as usize], self.twin[*r as usize]) = (*r, *s);
                }
                _ => self.irregular.extend(edge.iter().map(|(side, _)| *side)),
            }
        }
    }
}

/// The number of a side.
pub(crate) fn index_of(mesh: &TriMesh, side: &Side) -> u32 {
    let (low, high) = side.edge;
    let ends = if side.forward { (low, high) } else { (high, low) };
    let tri = mesh.triangles[side.triangle as usize];
    let k = (0..3).find(|&k| (tri[k], tri[(k + 1) % 3]) == ends).unwrap_or(0);
    3 * side.triangle + k as u32
}
