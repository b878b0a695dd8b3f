//! Where the triangles of a mesh under correction lie.
//!
//! Few triangles change, so the tree of the mesh that came is kept; triangles that are new or
//! were moved stand in a small tree beside it.

use std::sync::Arc;

use super::{NEW, Work};
use crate::TriMesh;
use crate::inspect::Crossings;
use crate::intersect::{Found, Ready};
use crate::shells::Shells;
use crate::spatial::{BoxTree, winding_by};

/// The trees of a mesh as it is now.
pub(crate) struct Lookup {
    came: Arc<BoxTree>,
    /// For each triangle that came its number now, [`NEW`] if it is gone.
    now: Vec<u32>,
    fresh: Fresh,
}

/// Triangles that did not come as they are, and their tree.
struct Fresh {
    triangles: Vec<u32>,
    tree: BoxTree,
}

impl Fresh {
    fn new(mesh: &TriMesh, triangles: Vec<u32>) -> Self {
        let corners: Vec<[u32; 3]> =
            triangles.iter().map(|&t| mesh.triangles[t as usize]).collect();
        Self { triangles, tree: BoxTree::of(&mesh.vertices, &corners) }
    }
}

impl Lookup {
    pub(crate) fn new(work: &Work) -> Self {
        let mut now = vec![NEW; work.came];
        let mut fresh = Vec::new();
        for (t, &o) in (0..).zip(&work.origin) {
            match now.get_mut(o as usize) {
                Some(now) => *now = t,
                None => fresh.push(t),
            }
        }
        Self { came: Arc::clone(&work.tree), now, fresh: Fresh::new(&work.mesh, fresh) }
    }

    /// For each triangle that came its number now, [`NEW`] if it is gone.
    pub(crate) fn now(&self) -> &[u32] {
        &self.now
    }

    /// Pairs that fresh triangles take part in.
    pub(crate) fn crossings_of_fresh(&self, mesh: &TriMesh) -> Crossings {
        self.crossings(mesh, &self.fresh.triangles, None, |_| true)
    }

    /// Pairs that some triangles added since take part in, with those of which `with` holds.
    pub(crate) fn crossings_of(
        &self,
        mesh: &TriMesh,
        added: Vec<u32>,
        with: impl Fn(u32) -> bool,
    ) -> Crossings {
        let added = Fresh::new(mesh, added);
        self.crossings(mesh, &added.triangles, Some(&added), with)
    }

    fn crossings(
        &self,
        mesh: &TriMesh,
        triangles: &[u32],
        added: Option<&Fresh>,
        with: impl Fn(u32) -> bool,
    ) -> Crossings {
        let mut found: Vec<Found> = Vec::new();
        let last = added.unwrap_or(&self.fresh);
        for &t in triangles {
            let Some(own) = Ready::new(mesh, t) else { continue };
            let mut look = |u: u32| {
                if u != t && u != NEW && with(u) {
                    let pair = [t.min(u), t.max(u)];
                    found.extend(own.meeting(mesh, u).map(|meeting| Found { pair, meeting }));
                }
            };
            self.came.overlapping_triangle(mesh, t, &mut |o| look(self.now[o as usize]));
            if added.is_some() {
                let fresh = &self.fresh;
                let look = &mut |f: u32| look(fresh.triangles[f as usize]);
                fresh.tree.overlapping_triangle(mesh, t, look);
            }
            // Of two triangles that both are looked at, one comes first.
            last.tree.overlapping_triangle(mesh, t, &mut |f| {
                let u = last.triangles[f as usize];
                if u > t {
                    look(u);
                }
            });
        }
        found.sort_unstable();
        found.dedup();
        Crossings::sorted(found)
    }

    /// Winding number around a point of the triangles of which `keep` holds; `None` on them.
    pub(crate) fn winding(
        &self,
        mesh: &TriMesh,
        point: [f64; 3],
        keep: impl Fn(u32) -> bool,
    ) -> Option<i32> {
        let corners =
            |t: u32| (t != NEW && keep(t)).then(|| mesh.corners(t as usize).map(Into::into));
        let came = winding_by(&self.came, point, |o| corners(self.now[o as usize]))?;
        let fresh = &self.fresh;
        let own = winding_by(&fresh.tree, point, |f| corners(fresh.triangles[f as usize]))?;
        Some(came + own)
    }

    /// The closed shells with a volume that enclose shell `s`, ascending.
    pub(crate) fn enclosing(&self, mesh: &TriMesh, shells: &Shells, s: usize) -> Vec<usize> {
        shells.enclosing_by(mesh, s, |p, o| {
            self.winding(mesh, p, |t| shells.number[t as usize] == o as u32)
        })
    }
}
