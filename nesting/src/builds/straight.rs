//! Parts that may be turned at will, drawn as they are best turned.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::volume::{Space, Turns, VolumeLayout, VolumeProblem};
use rayon::prelude::*;

use super::task::SolidMeshes;
use crate::askew::{straightened, then};
use crate::solid::Rotation;

/// A length that no part has.
const ENDLESS: f64 = 1e9;

/// Meshes, some of them turned.
pub(super) struct Straight {
    /// By part.
    pub(super) parts: Vec<Arc<TriMesh>>,
    turned: Vec<Option<Rotation>>,
}

impl Straight {
    /// Turns parts of a problem. Those in begun builds stay as they are drawn.
    pub(super) fn new(problem: &VolumeProblem, meshes: SolidMeshes<'_>) -> Self {
        let inside = meshes.spaces.iter().map(|mesh| mesh.as_ref().and_then(|m| m.bounds()));
        let rooms = problem.volumes.iter().zip(inside).filter_map(|(kind, inside)| {
            let size = match &kind.space {
                Space::Box(size) => *size,
                Space::Open([x, y]) => [*x, *y, ENDLESS],
                Space::Cylinder { radius, height } => [2.0 * radius, 2.0 * radius, *height],
                Space::Mesh(_) => inside?.size(),
            };
            Some(size.map(|edge| edge - 2.0 * kind.wall))
        });
        let rooms: Vec<[f64; 3]> = rooms.collect();
        let begun = |part| {
            let placed = problem.begun.iter().flat_map(|build| &build.placed);
            placed.into_iter().any(|placed| placed.part == part)
        };
        let turned: Vec<Option<Rotation>> = (0..problem.parts.len())
            .into_par_iter()
            .map(|part| {
                let at_will = problem.parts[part].turns == Turns::Free && !begun(part);
                at_will.then(|| straightened(&meshes.parts[part], &rooms)).flatten()
            })
            .collect();
        let parts = meshes.parts.iter().zip(&turned).map(|(mesh, by)| match by {
            Some(rotation) => {
                Arc::new(mesh.posed(&Pose { rotation: *rotation, translation: [0.0; 3] }))
            }
            None => Arc::clone(mesh),
        });
        Self { parts: parts.collect(), turned }
    }

    /// A layout of the parts as they were drawn, in terms of the turned ones.
    pub(super) fn to(&self, layout: &VolumeLayout) -> VolumeLayout {
        let mut layout = layout.clone();
        self.turn(&mut layout, |first| [0, 1, 2].map(|k| first.map(|row| row[k])));
        layout
    }

    /// And back.
    pub(super) fn back(&self, layout: &mut VolumeLayout) {
        self.turn(layout, |first| *first);
    }

    fn turn(&self, layout: &mut VolumeLayout, by: impl Fn(&Rotation) -> Rotation) {
        for placed in layout.builds.iter_mut().flat_map(|build| &mut build.placed) {
            if let Some(Some(first)) = self.turned.get(placed.part) {
                placed.pose.rotation = then(&by(first), &placed.pose.rotation);
            }
        }
    }
}
