//! Where the triangles of a mesh under correction lie.
//!
//! Few triangles change, so the tree of the mesh that came is kept; triangles that are new or
//! were moved stand in a small tree beside it.

use super::{NEW, Work};
use crate::TriMesh;
use crate::inspect::Crossings;
use crate::intersect::{Found, meeting_of};
use crate::spatial::{BoxTree, winding_by};

/// The trees of a mesh as it is now.
pub(crate) struct Lookup<'a> {
    mesh: &'a TriMesh,
    came: &'a BoxTree,
    /// For each triangle that came its number now, [`NEW`] if it is gone.
    pub(crate) now: Vec<u32>,
    /// Triangles that did not come as they are.
    pub(crate) fresh: Vec<u32>,
    fresh_tree: BoxTree,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(work: &'a Work) -> Self {
        Self::of(&work.mesh, &work.origin, &work.tree, work.came)
    }

    /// The same for a mesh with the origins of its triangles among `came` ones.
    pub(crate) fn of(mesh: &'a TriMesh, origin: &[u32], tree: &'a BoxTree, came: usize) -> Self {
        let mut now = vec![NEW; came];
        let mut fresh = Vec::new();
        for (t, &o) in (0..).zip(origin) {
            match now.get_mut(o as usize) {
                Some(now) => *now = t,
                None => fresh.push(t),
            }
        }
        let triangles: Vec<[u32; 3]> = fresh.iter().map(|&t| mesh.triangles[t as usize]).collect();
        let fresh_tree = BoxTree::of(&mesh.vertices, &triangles);
        Self { mesh, came: tree, now, fresh, fresh_tree }
    }

    /// Pairs that fresh triangles take part in.
    pub(crate) fn crossings_of_fresh(&self) -> Crossings {
        let mut found: Vec<Found> = Vec::new();
        for &t in &self.fresh {
            let mut look = |u: u32| {
                if u != t && u != NEW {
                    let pair = [t.min(u), t.max(u)];
                    if let Some(meeting) = meeting_of(self.mesh, pair) {
                        found.push(Found { pair, meeting });
                    }
                }
            };
            self.came.overlapping_triangle(self.mesh, t, &mut |o| look(self.now[o as usize]));
            self.fresh_tree
                .overlapping_triangle(self.mesh, t, &mut |f| look(self.fresh[f as usize]));
        }
        found.sort_unstable();
        found.dedup();
        Crossings::sorted(found)
    }

    /// Winding number around a point of the triangles of which `keep` holds; `None` on them.
    pub(crate) fn winding(&self, point: [f64; 3], keep: impl Fn(u32) -> bool) -> Option<i32> {
        let corners =
            |t: u32| (t != NEW && keep(t)).then(|| self.mesh.corners(t as usize).map(Into::into));
        let came = winding_by(self.came, point, |o| corners(self.now[o as usize]))?;
        let fresh = winding_by(&self.fresh_tree, point, |f| corners(self.fresh[f as usize]))?;
        Some(came + fresh)
    }
}
