//! A problem and its meshes.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::volume::{Space, Turns, VolumePart, VolumeProblem, VolumeType};

pub(crate) fn part(turns: Turns, copies: u32) -> VolumePart {
    VolumePart { copies, turns, ..VolumePart::default() }
}

pub(crate) fn volume(space: Space) -> VolumeType {
    VolumeType { space, ..VolumeType::default() }
}

/// A problem and its meshes.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) problem: VolumeProblem,
    pub(crate) parts: Vec<Arc<TriMesh>>,
    pub(crate) spaces: Vec<Option<Arc<TriMesh>>>,
}

impl Job {
    pub(crate) fn new(space: Space, parts: Vec<(VolumePart, TriMesh)>) -> Self {
        let (parts, meshes): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let volumes = vec![volume(space)];
        let problem = VolumeProblem { volumes, parts, ..VolumeProblem::default() };
        Self { problem, parts: meshes.into_iter().map(Arc::new).collect(), spaces: vec![None] }
    }
}
