//! The scan over all pairs of triangles whose boxes meet.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::Meeting;
use super::pair::meeting;
use super::sides::{Plane, Point, View};
use crate::TriMesh;
use crate::spatial::{BoxTree, LANES, Splat, bits};

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
    scan(mesh, &tree, usize::MAX).found.into_iter().map(|found| found.pair).collect()
}

/// All pairs that meet and how, at most `limit`.
pub(crate) fn scan(mesh: &TriMesh, tree: &BoxTree, limit: usize) -> Scan {
    let corners = sorted_corners(mesh, tree);
    let search = Search { mesh, tree, corners: &corners };
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
                for leaf in leaves {
                    if part.len() > limit {
                        break;
                    }
                    search.leaf(leaf, &mut |f| part.push(f));
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

/// Whether any two triangles meet where they should not; stops at the first such pair.
pub(crate) fn any_intersection(mesh: &TriMesh, tree: &BoxTree) -> bool {
    let corners = sorted_corners(mesh, tree);
    let search = Search { mesh, tree, corners: &corners };
    let stop = AtomicBool::new(false);
    (0..tree.leaves()).into_par_iter().with_min_len(64).for_each(|leaf| {
        if !stop.load(Ordering::Relaxed) {
            search.leaf(leaf, &mut |_| stop.store(true, Ordering::Relaxed));
        }
    });
    stop.into_inner()
}

/// The pairs in which at least one of the given triangles takes part, sorted.
pub(crate) fn pairs_touching(mesh: &TriMesh, tree: &BoxTree, triangles: &[u32]) -> Vec<Found> {
    let mut pairs: Vec<Found> = triangles
        .par_iter()
        .flat_map_iter(|&t| {
            let mut own = Vec::new();
            let (ids, at) = triangle(mesh, t);
            if let Some(plane) = spanned(&at) {
                tree.overlapping_triangle(mesh, t, &mut |u| {
                    if u == t {
                        return;
                    }
                    let (other, other_at) = triangle(mesh, u);
                    if let Some(meeting) = meet(&ids, &at, &plane, &other, &other_at) {
                        own.push(Found { pair: [t.min(u), t.max(u)], meeting });
                    }
                });
            }
            own
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Vertex numbers of the triangles in the order of the leaves: they are looked at together.
fn sorted_corners(mesh: &TriMesh, tree: &BoxTree) -> Vec<[u32; 3]> {
    let none = [u32::MAX; 3];
    tree.order()
        .par_iter()
        .with_min_len(4096)
        .map(|&t| mesh.triangles.get(t as usize).copied().unwrap_or(none))
        .collect()
}

fn triangle(mesh: &TriMesh, t: u32) -> ([u32; 3], [Point; 3]) {
    let ids = mesh.triangles[t as usize];
    (ids, places(mesh, &ids))
}

#[inline]
fn places(mesh: &TriMesh, ids: &[u32; 3]) -> [Point; 3] {
    ids.map(|v| mesh.vertices[v as usize].into())
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
    if plane.surely_beside(other_at, other.map(|v| eq(v, ids))) {
        return None;
    }
    let other_plane = Plane::new(other_at);
    if other_plane.surely_beside(at, ids.map(|v| eq(v, other))) {
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
    corners: &'a [[u32; 3]],
}

impl Search<'_> {
    /// Finds the pairs of the triangles of a leaf with one another and those of later leaves.
    fn leaf(&self, leaf: usize, found: &mut impl FnMut(Found)) {
        let own = self.tree.leaf(leaf);
        let count = self.tree.triangles_of(leaf).iter().take_while(|&&t| t != u32::MAX).count();
        let first = leaf * LANES;
        let mut planes: [Option<([Point; 3], Plane)>; LANES] = [None; LANES];
        for lane in 0..count {
            let at = places(self.mesh, &self.corners[first + lane]);
            planes[lane] = spanned(&at).map(|plane| (at, plane));
        }
        let lanes: [Splat; LANES] = std::array::from_fn(|lane| own.lane(lane).into());
        let mut visit = |lane: usize, other: usize, mut mask: u32| {
            if other == leaf {
                // Pairs within the leaf once, no triangle with itself.
                mask &= !1 << lane;
            }
            if let Some((at, plane)) = &planes[lane] {
                for k in bits(mask) {
                    self.pair(first + lane, at, plane, other * LANES + k, found);
                }
            }
        };
        if self.tree.is_large(leaf) {
            for lane in 0..count {
                let each = &mut |other: usize, mask: u32| visit(lane, other, mask);
                self.tree.descend(&lanes[lane], 0, leaf, each);
            }
        } else {
            self.tree.descend(&own.around().into(), 0, leaf, &mut |other, mask| {
                let lanes_of = self.tree.leaf(other);
                // Only lanes that reach the other leaf's part of this leaf's box.
                let _ = mask;
                for (lane, splat) in lanes.iter().enumerate().take(count) {
                    let mask = lanes_of.meeting(splat);
                    if mask != 0 {
                        visit(lane, other, mask);
                    }
                }
            });
        }
    }

    #[inline]
    fn pair(
        &self,
        slot: usize,
        at: &[Point; 3],
        plane: &Plane,
        other: usize,
        found: &mut impl FnMut(Found),
    ) {
        let (ids, other_ids) = (&self.corners[slot], &self.corners[other]);
        let other_at = places(self.mesh, other_ids);
        if let Some(meeting) = meet(ids, at, plane, other_ids, &other_at) {
            let (a, b) = (self.tree.order()[slot], self.tree.order()[other]);
            found(Found { pair: [a.min(b), a.max(b)], meeting });
        }
    }
}
