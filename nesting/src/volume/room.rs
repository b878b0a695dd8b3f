//! The inside of a build volume as a grid of voxels.

use platewright_model::geometry::{BoxMm, VolumeShape};
use platewright_model::volume::LayerLimits;

use super::shape::{Shape, reach};
use crate::{NestError, Problem};

/// Rounding slack of positions, in voxels: coordinates are sums of few doubles.
const EPS: f64 = 1e-9;

/// Most words of a builder's grids (160 MiB), since a round of improvement holds four builders.
pub(super) const MAX_WORDS: usize = 20 << 20;

/// Where parts may be: the volume less its margins, as voxels.
///
/// The grid starts exactly at the margins, so that no resolution is lost there; whether a part
/// keeps to the walls of a box is decided on its true bounds, see [`Room::last`].
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// Least corner in the build's frame, mm.
    pub(super) start: [f64; 3],
    /// Edges, mm.
    pub(super) inner: [f64; 3],
    /// Edge of a voxel, mm.
    pub(super) pitch: f64,
    /// Voxels along each axis; the last ones may stick out of the volume.
    pub(super) dims: [usize; 3],
    /// Distinct clearances in voxels, ascending; parts are sorted into these classes.
    pub(super) classes: Vec<f64>,
    /// Empty voxels around the grid, so that enlarged parts are never cut.
    pub(super) margin: usize,
    /// Voxels that no part may touch, if there are any; without margin.
    pub(super) blocked: Option<Shape>,
    /// Limits on layers.
    pub(super) layers: Option<Layers>,
}

/// Limits on layers, which begin where voxels do every so often: either so many layers make up a
/// voxel, or so many voxels a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layers {
    pub(super) limits: LayerLimits,
    /// Layers of a voxel; 1 or more voxels make up a layer if it is 1.
    per_voxel: usize,
    /// Voxels of a layer.
    voxels: usize,
}

impl Layers {
    /// Of voxels of about a pitch; and their pitch, which is not larger than that unless `up`.
    pub(super) fn new(limits: LayerLimits, pitch: f64, up: bool) -> (Self, f64) {
        let height = limits.height;
        if height <= pitch {
            let per_voxel = if up { (pitch / height).ceil() } else { (pitch / height).floor() };
            let per_voxel = per_voxel.max(1.0);
            (Self { limits, per_voxel: per_voxel as usize, voxels: 1 }, per_voxel * height)
        } else {
            let voxels = if up { (height / pitch).floor() } else { (height / pitch).ceil() };
            let voxels = voxels.max(1.0);
            (Self { limits, per_voxel: 1, voxels: voxels as usize }, height / voxels)
        }
    }

    /// How many ways there are for a position to lie against layers.
    pub(super) fn phases(&self) -> usize {
        self.voxels
    }

    /// The phase of a position, and how many layers it is higher than that.
    pub(super) fn phase(&self, z: usize) -> (usize, usize) {
        (z % self.voxels, z / self.voxels * self.per_voxel)
    }
}

impl Room {
    /// The room of a problem at a pitch (mm), with its clearance classes (mm, ascending);
    /// nothing in it is blocked yet.
    ///
    /// # Errors
    /// [`NestError::NoVolume`] if the margins leave nothing.
    pub(super) fn new(problem: &Problem, pitch: f64, classes: &[f64]) -> Result<Self, NestError> {
        let size = problem.volume.size();
        let wall = problem.part_wall.0.max(0.0);
        let start = [wall, wall, problem.part_plate.0.max(0.0)];
        let inner: [f64; 3] = std::array::from_fn(|k| size[k] - wall - start[k]);
        if !inner.iter().chain([&pitch]).all(|&e| e.is_finite() && e > 0.0) {
            return Err(NestError::NoVolume { volume: problem.volume.name() });
        }
        let dims = inner.map(|e| (e / pitch).floor() as usize + 2);
        let classes: Vec<f64> = classes.iter().map(|c| c / pitch).collect();
        let margin = classes.iter().map(|&c| reach(c)).max().unwrap_or(0).max(1);
        Ok(Self { start, inner, pitch, dims, classes, margin, blocked: None, layers: None })
    }

    /// Finds the voxels that no part may touch.
    pub(super) fn block(&mut self, problem: &Problem) {
        let wall = problem.part_wall.0.max(0.0);
        let round = matches!(problem.volume.shape, VolumeShape::Cylinder { .. });
        if !round && problem.volume.excluded.is_empty() {
            return;
        }
        let mut blocked = Shape::empty(self.dims);
        if round {
            self.block_outside_cylinder(problem.volume.size()[0] / 2.0, wall, &mut blocked);
        }
        for solid in &problem.volume.excluded {
            self.block_box(solid, wall, &mut blocked);
        }
        self.blocked = Some(blocked);
    }

    /// The last position along each axis of a part whose true bounds begin `offset` mm after
    /// the start of its voxels and are `size` mm long; `None` if it fits nowhere.
    pub(super) fn last(&self, offset: [f64; 3], size: [f64; 3]) -> Option<[usize; 3]> {
        let mut last = [0; 3];
        for k in 0..3 {
            let steps = (self.inner[k] - offset[k] - size[k]) / self.pitch + EPS;
            if steps < 0.0 {
                return None;
            }
            last[k] = steps.floor() as usize;
        }
        Some(last)
    }

    /// Least corner of a voxel in the build's frame, mm.
    pub(super) fn corner(&self, at: [usize; 3]) -> [f64; 3] {
        std::array::from_fn(|k| self.start[k] + at[k] as f64 * self.pitch)
    }

    fn block_outside_cylinder(&self, radius: f64, wall: f64, blocked: &mut Shape) {
        let inside = (radius - wall).max(0.0) + EPS * self.pitch;
        for y in 0..self.dims[1] {
            for x in 0..self.dims[0] {
                let low = self.corner([x, y, 0]);
                let far =
                    |k: usize| (low[k] - radius).abs().max((low[k] + self.pitch - radius).abs());
                if far(0).hypot(far(1)) > inside {
                    (0..self.dims[2]).for_each(|z| blocked.set([x, y, z]));
                }
            }
        }
    }

    fn block_box(&self, solid: &BoxMm, wall: f64, blocked: &mut Shape) {
        // Distance from a voxel's cube to the box; a cube that only touches it is free when no
        // distance is asked for.
        let slack = EPS * self.pitch;
        let gap = |low: f64, k: usize| (solid.min[k] - low - self.pitch).max(low - solid.max[k]);
        let near: [Vec<(usize, f64)>; 3] = std::array::from_fn(|k| {
            (0..self.dims[k])
                .map(|i| (i, gap(self.start[k] + i as f64 * self.pitch, k)))
                .filter(|&(_, g)| g < wall - slack || g < -slack)
                .collect()
        });
        for &(z, gz) in &near[2] {
            for &(y, gy) in &near[1] {
                for &(x, gx) in &near[0] {
                    let square: f64 = [gx, gy, gz].iter().map(|g| g.max(0.0).powi(2)).sum();
                    let overlaps = gx < -slack && gy < -slack && gz < -slack;
                    if overlaps || square.sqrt() < wall - slack {
                        blocked.set([x, y, z]);
                    }
                }
            }
        }
    }
}
