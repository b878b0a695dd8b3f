//! Parts made ready for nesting: one voxel set for each rotation.

use std::sync::{Arc, OnceLock};

use platewright_mesh::TriMesh;
use platewright_model::geometry::{BoxMm, Pose};

use super::contact::Shell;
use super::grid::Frame;
use super::orient::{Turn, turns};
use super::probe::Probe;
use super::relief::Relief;
use super::room::{Layers, Room};
use super::shape::{Run, Shape, reach};
use super::voxels::voxelised;
use crate::layers::Profile;
use crate::{Item, NestError};

/// A part in every rotation in which it fits the empty volume's box.
#[derive(Debug)]
pub(super) struct Kind {
    /// Rotations, the lowest first.
    pub(super) facings: Vec<Facing>,
    /// Index of its clearance into [`Room::classes`].
    pub(super) class: usize,
    /// Volume of the mesh, mm³.
    pub(super) volume: f64,
    /// Number of voxels, the part's size for ordering.
    pub(super) voxels: u64,
    /// Edges of the box as drawn, mm.
    pub(super) size: [f64; 3],
}

/// A part in one rotation.
#[derive(Debug)]
pub(super) struct Facing {
    /// The rotation.
    pub(super) turn: Turn,
    /// Least corner of the voxel set in the turned part's frame, mm.
    pub(super) origin: [f64; 3],
    /// Top of the true mesh over the bottom of the voxel set, mm.
    pub(super) top: f64,
    /// Last position along each axis, without the grid's margin.
    pub(super) last: [usize; 3],
    /// Voxels along each axis.
    pub(super) dims: [usize; 3],
    /// Voxels of each layer.
    pub(super) layers: Vec<u32>,
    /// What is tried against the grid.
    pub(super) probe: Probe,
    shape: Shape,
    enlarged: Vec<OnceLock<Shape>>,
    relief: OnceLock<Relief>,
    shell: OnceLock<Shell>,
    /// By phase of its position against layers, see [`Room::layers`].
    profiles: Vec<OnceLock<Profile>>,
    mesh: Arc<TriMesh>,
}

impl Facing {
    /// The set enlarged by the greater of its own clearance and that of `class`, and by how
    /// many voxels it begins before the set.
    pub(super) fn enlarged(&self, class: usize, own: usize, room: &Room) -> (&Shape, usize) {
        let class = class.max(own);
        let radius = room.classes[class];
        (self.enlarged[class].get_or_init(|| self.shape.enlarged(radius)), reach(radius))
    }

    /// What the part fuses on a layer of voxels, and how many layers higher that is. Only where
    /// layers have limits.
    pub(super) fn profile(&self, z: usize, room: &Room) -> (&Profile, usize) {
        let layers = room.layers.as_ref().expect("layers have limits");
        let (phase, up) = layers.phase(z);
        let profile = self.profiles[phase].get_or_init(|| {
            let matrix = self.turn.matrix();
            let by = [0, 1, 2].map(|k| room.corner([0, 0, phase])[k] - self.origin[k]);
            let place = |p: [f64; 3]| {
                [0, 1, 2].map(|k| (0..3).map(|j| matrix[k][j] * p[j]).sum::<f64>() + by[k])
            };
            Profile::new(&self.mesh, place, layers.limits.height)
        });
        (profile, up)
    }

    /// How far the set reaches along each axis.
    pub(super) fn relief(&self) -> &Relief {
        self.relief.get_or_init(|| Relief::new(&self.shape))
    }

    /// The voxels just outside.
    pub(super) fn shell(&self) -> &Shell {
        self.shell.get_or_init(|| Shell::new(&self.shape))
    }
}

impl Kind {
    /// Mean edge of its box in voxels.
    pub(super) fn edge(&self) -> f64 {
        self.facings.first().map_or(0.0, |f| (f.dims.iter().product::<usize>() as f64).cbrt())
    }

    /// Prepares an item for a room.
    ///
    /// # Errors
    /// [`NestError::NoMesh`] for a mesh without triangles or with a coordinate that is no number.
    pub(super) fn new(item: &Item, room: &Room, frame: &Frame) -> Result<Self, NestError> {
        let no_mesh = || NestError::NoMesh { part: item.part.clone() };
        let bounds = item.mesh.bounds().ok_or_else(no_mesh)?;
        let finite = bounds.min.iter().chain(&bounds.max).all(|c| c.is_finite());
        if item.mesh.triangles.is_empty() || !finite {
            return Err(no_mesh());
        }
        let own = item.clearance.0.max(0.0) / room.pitch;
        let class = room.classes.iter().position(|&c| c >= own - 1e-12);
        let class = class.unwrap_or(room.classes.len().saturating_sub(1));
        let mut kind = Self {
            facings: Vec::new(),
            class,
            volume: item.mesh.volume().abs(),
            voxels: 0,
            size: bounds.size(),
        };
        let fits = |turn: &Turn| room.last([0.0; 3], turn.axis.map(|a| kind.size[a])).is_some();
        let allowed: Vec<Turn> = turns(item.orientation).into_iter().filter(fits).collect();
        if allowed.is_empty() {
            return Ok(kind);
        }
        let drawn = voxelised(&item.mesh, room.pitch, !item.inside_cavity);
        kind.voxels = drawn.0.count();
        let runs = drawn.0.runs();
        for turn in allowed {
            let facing = Facing::new(item, &bounds, &drawn, &runs, turn, room);
            // Equal voxel sets give equal places; the first rotation stands for all.
            if let Some(facing) = facing
                && kind.facings.iter().all(|f| f.shape != facing.shape)
            {
                kind.facings.push(facing);
            }
        }
        kind.facings.iter_mut().for_each(|f| f.probe = Probe::new(&f.shape, frame));
        kind.facings.sort_by_key(|f| f.dims[2]);
        Ok(kind)
    }
}

impl Facing {
    /// The part with its voxels as drawn (and their runs), turned; `None` if it fits nowhere.
    fn new(
        item: &Item,
        bounds: &BoxMm,
        (drawn, origin): &(Shape, [f64; 3]),
        runs: &[Run],
        turn: Turn,
        room: &Room,
    ) -> Option<Self> {
        let low: [f64; 3] = std::array::from_fn(|k| {
            let a = turn.axis[k];
            if turn.flip[k] { -bounds.max[a] } else { bounds.min[a] }
        });
        let size = turn.axis.map(|a| bounds.size()[a]);
        let mut shape = drawn.turned(runs, turn);
        let mut start: [f64; 3] = std::array::from_fn(|k| {
            let a = turn.axis[k];
            let end = origin[a] + drawn.dims[a] as f64 * room.pitch;
            if turn.flip[k] { -end } else { origin[a] }
        });
        let offset = |start: [f64; 3]| std::array::from_fn(|k| low[k] - start[k]);
        let mut last = room.last(offset(start), size);
        if last.is_none() {
            // The voxels of a negated axis begin up to one voxel before the part. Where that
            // voxel is missing, the turned mesh gets voxels of its own.
            (shape, start) =
                voxelised(&turned_mesh(&item.mesh, turn), room.pitch, !item.inside_cavity);
            last = room.last(offset(start), size);
        }
        let phases = room.layers.as_ref().map_or(0, Layers::phases);
        Some(Self {
            turn,
            origin: start,
            top: low[2] + size[2] - start[2],
            last: last?,
            dims: shape.dims,
            layers: shape.layers(),
            probe: Probe::default(),
            enlarged: room.classes.iter().map(|_| OnceLock::new()).collect(),
            relief: OnceLock::new(),
            shell: OnceLock::new(),
            profiles: (0..phases).map(|_| OnceLock::new()).collect(),
            mesh: Arc::clone(&item.mesh),
            shape,
        })
    }
}

fn turned_mesh(mesh: &TriMesh, turn: Turn) -> TriMesh {
    mesh.posed(&Pose { rotation: turn.matrix(), translation: [0.0; 3] })
}
