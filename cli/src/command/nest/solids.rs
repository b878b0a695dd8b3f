//! The meshes of a volume problem, and builds as files for others.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platewright_mesh::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, TriMesh, read_model, write_3mf};
use platewright_model::config::Limits;
use platewright_model::geometry::{BuildVolume, Pose, VolumeShape};
use platewright_model::id::derive_uuid;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::volume::{FilledVolume, Space, VolumeProblem};
use platewright_report::picture::{Rgb, View, draw_build, order_colour};
use rayon::prelude::*;

use crate::command::model_file::{default_limits, is_3mf, open};
use crate::exit::{Failure, chain};

/// Size of a picture in pixels.
const PICTURE: (usize, usize) = (900, 700);

/// The meshes that a problem names.
pub(super) struct Meshes {
    /// By part.
    pub(super) parts: Vec<Arc<TriMesh>>,
    /// By kind of volume.
    pub(super) spaces: Vec<Option<Arc<TriMesh>>>,
}

impl Meshes {
    /// Reads each file once; paths begin at a folder. Lengths are mm unless a file says otherwise.
    pub(super) fn read(problem: &VolumeProblem, folder: &Path) -> Result<Self, Failure> {
        let limits = default_limits();
        let space = |space: &Space| match space {
            Space::Mesh(path) => Some(path.clone()),
            Space::Box(_) | Space::Open(_) | Space::Cylinder { .. } => None,
        };
        let spaces: Vec<Option<String>> =
            problem.volumes.iter().map(|volume| space(&volume.space)).collect();
        let mut paths: Vec<String> = problem.parts.iter().map(|part| part.mesh.clone()).collect();
        paths.extend(spaces.iter().flatten().cloned());
        paths.sort_unstable();
        paths.dedup();
        let read: Result<BTreeMap<String, Arc<TriMesh>>, Failure> = paths
            .into_par_iter()
            .map(|path| Ok((path.clone(), mesh(&folder.join(&path), &limits)?)))
            .collect();
        let read = read?;
        Ok(Self {
            parts: problem.parts.iter().map(|part| Arc::clone(&read[&part.mesh])).collect(),
            spaces: spaces
                .into_iter()
                .map(|path| path.map(|path| Arc::clone(&read[&path])))
                .collect(),
        })
    }

    /// A build as 3MF: each mesh once, an item for each copy.
    pub(super) fn three_mf(
        &self,
        problem: &VolumeProblem,
        index: usize,
        filled: &FilledVolume,
    ) -> Result<Vec<u8>, Failure> {
        let mut used: Vec<usize> = filled.placed.iter().map(|placed| placed.part).collect();
        used.sort_unstable();
        used.dedup();
        let uuid = |what: String| derive_uuid(&format!("nest/{}/{what}", problem.name)).to_string();
        let objects = used.iter().map(|&part| ThreeMfObject {
            name: problem.parts[part].mesh.clone(),
            mesh: &self.parts[part],
            uuid: uuid(format!("part/{part}")),
        });
        let items = filled.placed.iter().enumerate().map(|(k, placed)| ThreeMfItem {
            object: used.binary_search(&placed.part).expect("it is one of the parts in it"),
            pose: placed.pose,
            uuid: uuid(format!("{index}/item/{k}")),
            part_number: format!("{k}"),
        });
        let build = ThreeMfBuild {
            uuid: uuid(format!("{index}")),
            objects: objects.collect(),
            items: items.collect(),
            metadata: vec![("Title".to_owned(), problem.name.clone())],
        };
        write_3mf(&build).map_err(|e| Failure::other(chain(&e)))
    }

    /// A picture of a build, each part in a colour of its own.
    pub(super) fn picture(&self, problem: &VolumeProblem, filled: &FilledVolume) -> Vec<u8> {
        let kind = &problem.volumes[filled.volume];
        let top = self.height(filled);
        let cuboid = |[x, y, z]: [f64; 3]| VolumeShape::Box { x: Mm(x), y: Mm(y), z: Mm(z) };
        let shape = match &kind.space {
            Space::Box(size) => cuboid(*size),
            Space::Open([x, y]) => cuboid([*x, *y, top + kind.wall]),
            Space::Cylinder { radius, height } => {
                VolumeShape::Cylinder { diameter: Mm(2.0 * radius), z: Mm(*height) }
            }
            Space::Mesh(_) => {
                let space = self.spaces[filled.volume].as_ref();
                let bounds = space.and_then(|mesh| mesh.bounds());
                cuboid(bounds.map_or([1.0; 3], |bounds| bounds.max.map(|edge| edge.max(1.0))))
            }
        };
        let volume = BuildVolume { shape, excluded: kind.excluded.clone() };
        let parts: Vec<(&TriMesh, Pose, Rgb)> = filled
            .placed
            .iter()
            .map(|placed| (&*self.parts[placed.part], placed.pose, order_colour(placed.part)))
            .collect();
        draw_build(&volume, &parts, top, View::Shaded, PICTURE)
    }

    /// Area of the base of a kind of volume; of a mesh, that of its box.
    pub(super) fn base(&self, problem: &VolumeProblem, kind: usize) -> f64 {
        match &problem.volumes[kind].space {
            Space::Box([width, depth, _]) | Space::Open([width, depth]) => width * depth,
            Space::Cylinder { radius, .. } => std::f64::consts::PI * radius * radius,
            Space::Mesh(_) => {
                let bounds = self.spaces[kind].as_ref().and_then(|mesh| mesh.bounds());
                bounds.map_or(0.0, |b| (b.max[0] - b.min[0]) * (b.max[1] - b.min[1]))
            }
        }
    }

    /// The top of the highest part of a build.
    pub(super) fn height(&self, filled: &FilledVolume) -> f64 {
        let top = |placed: &platewright_model::volume::PlacedSolid| {
            let vertices = self.parts[placed.part].vertices.iter();
            let heights = vertices.map(|p| placed.pose.apply((*p).into())[2]);
            heights.fold(f64::NEG_INFINITY, f64::max)
        };
        filled.placed.iter().map(top).fold(0.0, f64::max)
    }
}

fn mesh(path: &Path, limits: &Limits) -> Result<Arc<TriMesh>, Failure> {
    let name = path.display().to_string();
    let file = open(path, limits)?;
    let unit = if is_3mf(path) { None } else { Some(LengthUnit::Mm) };
    let model = read_model(&file, &name, unit, limits).map_err(|e| Failure::input(chain(&e)))?;
    Ok(Arc::new(model.mesh))
}
