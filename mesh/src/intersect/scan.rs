//! The scan over all pairs of triangles whose boxes meet.

use rayon::prelude::*;

use super::Meeting;
use super::pair::meeting;
use super::sides::{Plane, Point, View, surely_apart};
use crate::TriMesh;
use crate::spatial::{BoxTree, LANES, bits};

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

/// How two triangles of a mesh meet, if they do.
pub(crate) fn meeting_of(mesh: &TriMesh, [a, b]: [u32; 2]) -> Option<Meeting> {
    let ((ids, at), (other, other_at)) = (triangle(mesh, a), triangle(mesh, b));
    meet(&ids, &at, &spanned(&at)?, &other, &other_at)
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
    corners: &'a [[u32; 3]],
}

/// The triangles of a leaf, made ready for many tests.
struct Leaf {
    /// Number of the first slot.
    first: usize,
    ids: [[u32; 3]; LANES],
    at: [[Point; 3]; LANES],
    planes: [Plane; LANES],
    /// Bit `i`: triangle `i` is there and has area.
    sound: u32,
}

impl Search<'_> {
    fn make_ready(&self, leaf: usize) -> Leaf {
        let first = leaf * LANES;
        let ids: [[u32; 3]; LANES] = std::array::from_fn(|lane| self.corners[first + lane]);
        let mut sound = 0;
        let at = std::array::from_fn(|lane| {
            if self.tree.order()[first + lane] == u32::MAX {
                return [[0.0; 3]; 3];
            }
            sound |= 1 << lane;
            places(self.mesh, &ids[lane])
        });
        let planes: [Plane; LANES] = std::array::from_fn(|lane| Plane::new(&at[lane]));
        for lane in 0..LANES {
            if !planes[lane].surely_spans() && View::of(&at[lane]).is_none() {
                sound &= !(1 << lane);
            }
        }
        Leaf { first, ids, at, planes, sound }
    }

    /// Finds the pairs of the triangles of a leaf with one another and those of later leaves.
    fn leaf(&self, leaf: usize, found: &mut impl FnMut(Found)) {
        let own = self.make_ready(leaf);
        let boxes = self.tree.leaf(leaf);
        if self.tree.is_large(leaf) {
            // A box around triangles so large would meet half the mesh.
            for lane in bits(own.sound) {
                let one = boxes.lane(lane).into();
                self.tree.descend(&one, 0, leaf, &mut |other, mask| {
                    for k in bits(mask) {
                        self.against(&own, 1 << lane, other * LANES + k, found);
                    }
                });
            }
        } else {
            self.tree.descend(&boxes.around().into(), 0, leaf, &mut |other, mask| {
                let other_boxes = self.tree.leaf(other);
                for k in bits(mask) {
                    let mask = boxes.meeting(&other_boxes.lane(k).into());
                    if mask != 0 {
                        self.against(&own, mask, other * LANES + k, found);
                    }
                }
            });
        }
    }

    /// Tests some triangles of a leaf against a triangle of a later slot.
    #[inline]
    fn against(&self, own: &Leaf, mask: u32, slot: usize, found: &mut impl FnMut(Found)) {
        let mut mask = mask & own.sound;
        if slot < own.first + LANES {
            // Pairs within the leaf once, no triangle with itself.
            mask &= (1 << (slot - own.first)) - 1;
        }
        if mask == 0 {
            return;
        }
        let ids = &self.corners[slot];
        let at = places(self.mesh, ids);
        for lane in bits(mask) {
            let plane = &own.planes[lane];
            if let Some(meeting) = meet(&own.ids[lane], &own.at[lane], plane, ids, &at) {
                let (a, b) = (self.tree.order()[own.first + lane], self.tree.order()[slot]);
                found(Found { pair: [a.min(b), a.max(b)], meeting });
            }
        }
    }
}
