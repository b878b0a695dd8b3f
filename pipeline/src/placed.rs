//! The parts of builds in their places, ready to be sliced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use platewright_mesh::{Overlaps, overlaps};
use platewright_model::id::PartId;
use platewright_model::stage::{Build, PartSet};
use platewright_slicer::Placed;
use rayon::prelude::*;

use crate::inspect::Meshes;

/// The meshes of parts, with what is known of their overlaps.
#[derive(Debug)]
pub struct PlacedParts<'a> {
    meshes: &'a Meshes,
    overlaps: BTreeMap<PartId, Arc<Overlaps>>,
}

impl<'a> PlacedParts<'a> {
    /// Searches the meshes of the builds for overlaps where their inspection left faults that
    /// leave room for them; the others were searched by the inspection.
    pub fn new<'b>(
        meshes: &'a Meshes,
        parts: &PartSet,
        builds: impl Iterator<Item = &'b Build>,
    ) -> Self {
        let used: BTreeSet<&PartId> =
            builds.flat_map(|build| &build.placements).map(|p| &p.part).collect();
        let overlaps = parts
            .parts
            .par_iter()
            .filter(|part| used.contains(&part.id) && Overlaps::may_be(&part.faults))
            .filter_map(|part| {
                let mesh = meshes.get(&part.id)?;
                Some((part.id.clone(), Arc::new(overlaps(mesh))))
            })
            .collect();
        Self { meshes, overlaps }
    }

    /// The parts of a build, in the order of its placements.
    pub fn of(&self, build: &Build) -> Vec<Placed> {
        build
            .placements
            .iter()
            .map(|placement| Placed {
                mesh: Arc::clone(&self.meshes[&placement.part]),
                overlaps: self.overlaps.get(&placement.part).cloned().unwrap_or_default(),
                pose: placement.pose,
            })
            .collect()
    }
}
