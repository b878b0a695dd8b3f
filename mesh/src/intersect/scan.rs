//! The scan over all pairs of triangles whose boxes meet.

use std::ops::Range;

use rayon::prelude::*;
use wide::u32x8;

use super::Meeting;
use super::pair::meeting;
use super::sides::{Plane, Point, View, surely_apart};
use super::stars::{UNSURE, plain_vertices};
use crate::TriMesh;
use crate::spatial::{BoxTree, LANES, Splat, bits};
use crate::topology::Topology;

/// Two triangles that meet, the lower number first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) pair: [u32; 2],
    pub(crate) meeting: Meeting,
}

/// What a scan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Sorted, no pair twice.
    pub(crate) found: Vec<Found>,
    /// Whether these are all pairs. A scan stops at its limit, because a few thousand triangles
    /// on top of each other make millions of pairs.
    pub(crate) complete: bool,
}

/// Leaves a task takes at a time.
const TASK_LEAVES: usize = 256;
/// Tasks between two looks at the limit.
const ROUND_TASKS: usize = 64;

/// All pairs of triangles that meet anywhere but in the vertices and the edge they share by
/// number; sorted, `[a, b]` with a < b.
pub fn intersecting_pairs(mesh: &TriMesh) -> Vec<[u32; 2]> {
    let tree = BoxTree::new(mesh);
    scan(mesh, &Topology::new(mesh), &tree, usize::MAX)
        .found
        .into_iter()
        .map(|found| found.pair)
        .collect()
}

/// All pairs that meet and how, at most `limit`.
pub(crate) fn scan(mesh: &TriMesh, topology: &Topology, tree: &BoxTree, limit: usize) -> Scan {
    let plain = sorted_corners(mesh, tree, &plain_vertices(mesh, topology));
    let search = Search { mesh, tree, plain: &plain };
    let mut found: Vec<Found> = Vec::new();
    let tasks = tree.leaves().div_ceil(TASK_LEAVES);
    let mut next = 0;
    while next < tasks && found.len() <= limit {
        let end = tasks.min(next + ROUND_TASKS);
        let parts: Vec<Vec<Found>> = (next..end)
            .into_par_iter()
            .map(|task| {
                let mut part = Vec::new();
                let leaves = task * TASK_LEAVES..tree.leaves().min((task + 1) * TASK_LEAVES);
                for first in leaves.clone().step_by(LANES) {
                    if part.len() > limit {
                        break;
                    }
                    let group = first..leaves.end.min(first + LANES);
                    search.leaves(group, &mut |f| part.push(f));
                }
                part
            })
            .collect();
        for part in parts {
            if found.len() <= limit {
                found.extend_from_slice(&part);
            }
        }
        next = end;
    }
    let complete = found.len() <= limit;
    found.truncate(limit);
    found.sort_unstable();
    Scan { found, complete }
}

/// A triangle made ready to be tested against others.
pub(crate) struct Ready {
    ids: [u32; 3],
    at: [Point; 3],
    plane: Plane,
}

impl Ready {
    /// `None` for a triangle without area: it meets nothing.
    pub(crate) fn new(mesh: &TriMesh, t: u32) -> Option<Self> {
        let (ids, at) = triangle(mesh, t);
        let plane = spanned(&at)?;
        Some(Self { ids, at, plane })
    }

    /// How another triangle of the mesh meets it, if it does.
    pub(crate) fn meeting(&self, mesh: &TriMesh, other: u32) -> Option<Meeting> {
        let (ids, at) = triangle(mesh, other);
        meet(&self.ids, &self.at, &self.plane, &ids, &at)
    }
}

/// The plain corners of the triangles in the order of the leaves: they are looked at together.
fn sorted_corners(mesh: &TriMesh, tree: &BoxTree, plain: &[u32]) -> Vec<[u32; 3]> {
    let corners = |&t: &u32| match mesh.triangles.get(t as usize) {
        Some(&[a, b, c]) => [plain[a as usize], plain[b as usize], plain[c as usize]],
        None => [UNSURE; 3],
    };
    tree.order().par_iter().with_min_len(4096).map(corners).collect()
}

fn triangle(mesh: &TriMesh, t: u32) -> ([u32; 3], [Point; 3]) {
    let ids = mesh.triangles[t as usize];
    (ids, places(mesh, &ids))
}

#[inline]
pub(super) fn places(mesh: &TriMesh, ids: &[u32; 3]) -> [Point; 3] {
    let at = |v: u32| mesh.vertices[v as usize].into();
    [at(ids[0]), at(ids[1]), at(ids[2])]
}

/// The plane of a triangle, if it has area.
fn spanned(at: &[Point; 3]) -> Option<Plane> {
    let plane = Plane::new(at);
    (plane.surely_spans() || View::of(at).is_some()).then_some(plane)
}

/// How a triangle with its plane meets another one.
#[inline]
fn meet(
    ids: &[u32; 3],
    at: &[Point; 3],
    plane: &Plane,
    other: &[u32; 3],
    other_at: &[Point; 3],
) -> Option<Meeting> {
    let eq = |v: u32, t: &[u32; 3]| (v == t[0]) | (v == t[1]) | (v == t[2]);
    let [a, b, c] = *other;
    if plane.surely_beside(other_at, [eq(a, ids), eq(b, ids), eq(c, ids)]) {
        return None;
    }
    let other_plane = Plane::new(other_at);
    let [a, b, c] = *ids;
    if other_plane.surely_beside(at, [eq(a, other), eq(b, other), eq(c, other)]) {
        return None;
    }
    if surely_apart([plane, &other_plane], [at, other_at], [ids, other]) {
        return None;
    }
    if !other_plane.surely_spans() && View::of(other_at).is_none() {
        return None;
    }
    meeting([ids, other], [at, other_at])
}

struct Search<'a> {
    mesh: &'a TriMesh,
    tree: &'a BoxTree,
    /// For each slot the plain corners of its triangle, [`UNSURE`] in place of others.
    plain: &'a [[u32; 3]],
}

/// A leaf whose triangles are tested.
struct Leaf {
    /// Number of the first slot.
    first: usize,
    /// Plain corners, one triangle a lane.
    plain: [u32x8; 3],
}

impl Leaf {
    /// Bit `i`: triangle `i` shares a plain corner with a triangle.
    #[inline]
    fn sharing(&self, plain: &[u32; 3]) -> u32 {
        let [a, b, c] = &self.plain;
        let shares = |v: u32| {
            let v = u32x8::splat(v);
            a.simd_eq(v) | b.simd_eq(v) | c.simd_eq(v)
        };
        (shares(plain[0]) | shares(plain[1]) | shares(plain[2])).to_bitmask()
    }
}

impl Search<'_> {
    fn own(&self, leaf: usize) -> Leaf {
        let first = leaf * LANES;
        let mut plain = [[0; LANES]; 3];
        for (lane, corners) in self.plain[first..first + LANES].iter().enumerate() {
            for k in 0..3 {
                // Unsure corners of the leaf are no others' unsure corners.
                plain[k][lane] = if corners[k] == UNSURE { UNSURE - 1 } else { corners[k] };
            }
        }
        Leaf { first, plain: plain.map(u32x8::from) }
    }

    /// Finds the pairs of the triangles of the leaves of a node with one another and with those
    /// of later leaves.
    fn leaves(&self, leaves: Range<usize>, found: &mut impl FnMut(Found)) {
        let tree = self.tree;
        if tree.is_large(leaves.start) || leaves.len() < LANES {
            leaves.for_each(|leaf| self.leaf_of_large(leaf, found));
            return;
        }
        // Leaves that meet the box around all eight, by their nodes.
        let node = leaves.start / LANES;
        let around = tree.node(1, node).around();
        let mut near: Vec<(usize, u32)> = Vec::with_capacity(64);
        tree.descend(&around.into(), 1, node, &mut |other, mask| near.push((other, mask)));
        for (lane, leaf) in leaves.enumerate() {
            let own = self.own(leaf);
            let boxes = tree.leaf(leaf);
            let around: Splat = tree.node(1, node).lane(lane).into();
            for &(other, mask) in &near {
                let later = if other == node { u32::MAX << lane } else { u32::MAX };
                for other_lane in bits(tree.node(1, other).meeting(&around) & mask & later) {
                    let other = other * LANES + other_lane;
                    if other == leaf {
                        self.within(&own, leaf, found);
                        continue;
                    }
                    let other_boxes = tree.leaf(other);
                    for k in bits(other_boxes.meeting(&around)) {
                        // Both are looked at before either decides: few masks are left, so the
                        // one branch is foreseen.
                        let slot = other * LANES + k;
                        let meeting = boxes.meeting(&other_boxes.lane(k).into());
                        let mask = meeting & !own.sharing(&self.plain[slot]);
                        if mask != 0 {
                            self.test(&own, mask, slot, found);
                        }
                    }
                }
            }
        }
    }

    /// The same for one leaf, triangle by triangle: a box around large triangles would meet half
    /// the mesh.
    fn leaf_of_large(&self, leaf: usize, found: &mut impl FnMut(Found)) {
        let own = self.own(leaf);
        let boxes = self.tree.leaf(leaf);
        for lane in 0..LANES {
            let one = boxes.lane(lane).into();
            self.tree.descend(&one, 0, leaf, &mut |other, mask| {
                for k in bits(mask) {
                    self.against(&own, 1 << lane, other * LANES + k, found);
                }
            });
        }
    }

    /// Finds the pairs within a leaf. Nearly all of them share a corner, so that is looked at
    /// before their boxes.
    fn within(&self, own: &Leaf, leaf: usize, found: &mut impl FnMut(Found)) {
        let boxes = self.tree.leaf(leaf);
        for k in 1..LANES {
            let slot = own.first + k;
            let mut mask = ((1 << k) - 1) & !own.sharing(&self.plain[slot]);
            if mask != 0 {
                mask &= boxes.meeting(&boxes.lane(k).into());
            }
            if mask != 0 {
                self.test(own, mask, slot, found);
            }
        }
    }

    /// Tests some triangles of a leaf against a triangle of a later slot.
    #[inline]
    fn against(&self, own: &Leaf, mask: u32, slot: usize, found: &mut impl FnMut(Found)) {
        let mut mask = mask;
        if slot < own.first + LANES {
            // Pairs within the leaf once, no triangle with itself.
            mask &= (1 << (slot - own.first)) - 1;
        }
        if mask != 0 {
            mask &= !own.sharing(&self.plain[slot]);
        }
        if mask != 0 {
            self.test(own, mask, slot, found);
        }
    }

    /// The same for triangles that share no plain corner.
    #[inline(never)]
    fn test(&self, own: &Leaf, mask: u32, slot: usize, found: &mut impl FnMut(Found)) {
        let t = self.tree.order()[slot];
        let Some(ready) = Ready::new(self.mesh, t) else { return };
        for lane in bits(mask) {
            let other = self.tree.order()[own.first + lane];
            if let Some(meeting) = ready.meeting(self.mesh, other) {
                found(Found { pair: [t.min(other), t.max(other)], meeting });
            }
        }
    }
}
