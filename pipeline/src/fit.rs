//! What batching may expect of nesting: a surrogate that learns from the night's real nests.

use std::collections::BTreeMap;
use std::sync::Mutex;

use platewright_mesh::silhouette;
use platewright_model::config::Config;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::{MachineClassId, PartId};
use platewright_model::material::{NestingMode, Process};
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::oracle::{Fit, FitOracle};
use platewright_model::order::OrientationPolicy;
use platewright_nesting::{Problem, fits_plate, fits_volume};
use rayon::prelude::*;

use crate::inspect::Meshes;
use crate::nest::item;

/// Expected fill per machine class; starts at the configuration's guess.
pub(crate) type Fill = BTreeMap<MachineClassId, f64>;

/// Remembered answers of [`FitOracle::fits_alone`].
type Alone = BTreeMap<(MachineClassId, PartId, OrientationPolicy), bool>;

const NO_PANIC: &str = "no holder of the lock panics";

/// Plan measures of a part: its silhouette as drawn.
#[derive(Clone, Copy, Debug)]
struct Outline {
    area: f64,
    perimeter: f64,
    size: [f64; 3],
}

/// The fit surrogate of a night.
pub(crate) struct Surrogate<'a> {
    night: &'a Night,
    config: &'a Config,
    meshes: &'a Meshes,
    outlines: BTreeMap<PartId, Outline>,
    fill: Fill,
    alone: Mutex<Alone>,
}

impl<'a> Surrogate<'a> {
    /// Measures the parts once for the whole night.
    pub(crate) fn new(night: &'a Night, meshes: &'a Meshes, config: &'a Config) -> Self {
        let parts: Vec<_> = meshes.iter().collect();
        let outlines = parts
            .into_par_iter()
            .filter_map(|(part, mesh)| {
                let size = mesh.bounds()?.size();
                let polygons = silhouette(mesh);
                let area = polygons.iter().map(|p| platewright_mesh::ring_area(&p.outer)).sum();
                let perimeter = polygons.iter().map(|p| ring_length(&p.outer)).sum();
                Some((part.clone(), Outline { area, perimeter, size }))
            })
            .collect();
        let fill = night
            .classes
            .keys()
            .map(|class| {
                let guess = match mode(night, class) {
                    NestingMode::Volume => config.solver.volume_fill,
                    NestingMode::Plate => config.solver.plate_fill,
                };
                (class.clone(), guess)
            })
            .collect();
        Self { night, config, meshes, outlines, fill, alone: Mutex::default() }
    }

    /// The expected fills.
    pub(crate) fn fill(&self) -> &Fill {
        &self.fill
    }

    /// Takes other expectations.
    pub(crate) fn set_fill(&mut self, fill: Fill) {
        self.fill = fill;
    }

    /// Load and capacity of parts in a class, in mm³ or mm²: what fills are shares of.
    pub(crate) fn load_and_capacity(
        &self,
        class: &MachineClassId,
        clearance: Mm,
        parts: &[(PartId, u32)],
    ) -> (f64, f64) {
        let class = &self.night.classes[class];
        let process = &self.night.processes[&class.process];
        let load = parts
            .iter()
            .filter_map(|(part, copies)| Some((self.outlines.get(part)?, f64::from(*copies))))
            .map(|(outline, copies)| copies * part_load(outline, process.nesting, clearance.0))
            .sum();
        (load, capacity(&class.volume, process, clearance.0))
    }

    fn height(&self, process: &Process, parts: &[(PartId, u32)]) -> f64 {
        let heights =
            parts.iter().filter_map(|(part, _)| self.outlines.get(part)).map(
                |outline| match process.nesting {
                    NestingMode::Plate => outline.size[2],
                    NestingMode::Volume => outline.size.into_iter().fold(f64::INFINITY, f64::min),
                },
            );
        heights.fold(0.0, f64::max) + process.part_plate.0
    }
}

impl FitOracle for Surrogate<'_> {
    fn fit(&self, class: &MachineClassId, clearance: Mm, parts: &[(PartId, u32)]) -> Fit {
        let (load, capacity) = self.load_and_capacity(class, clearance, parts);
        let class = &self.night.classes[class];
        let process = &self.night.processes[&class.process];
        let expected = self.fill[&class.id];
        let fill = load / (capacity * expected).max(f64::MIN_POSITIVE);
        let single = parts.iter().map(|p| p.1).sum::<u32>() <= 1;
        let least = self.height(process, parts);
        let [_, _, top] = class.volume.size();
        let height = match process.nesting {
            NestingMode::Plate => least,
            NestingMode::Volume => least.max(fill * top),
        };
        Fit { fits: single || fill <= 1.0, fill, height: Mm(height.min(top)) }
    }

    fn fits_alone(
        &self,
        class: &MachineClassId,
        part: &PartId,
        orientation: OrientationPolicy,
    ) -> bool {
        let key = (class.clone(), part.clone(), orientation);
        let known = |memory: &Alone| memory.get(&key).copied();
        if let Some(fits) = known(&self.alone.lock().expect(NO_PANIC)) {
            return fits;
        }
        let fits = self.fits_now(class, part, orientation);
        self.alone.lock().expect(NO_PANIC).insert(key, fits);
        fits
    }

    fn full(&self, class: &MachineClassId) -> f64 {
        match mode(self.night, class) {
            NestingMode::Volume => 1.0,
            NestingMode::Plate => self.fill[class],
        }
    }
}

impl Surrogate<'_> {
    fn fits_now(
        &self,
        class: &MachineClassId,
        part: &PartId,
        orientation: OrientationPolicy,
    ) -> bool {
        let class = &self.night.classes[class];
        let process = &self.night.processes[&class.process];
        let Some(mesh) = self.meshes.get(part) else { return false };
        // Which layers are taken matters little: areas hardly depend on their thickness.
        let layers = process.parameter_sets.iter().map(|set| set.layer);
        let finest = layers.min_by(|a, b| a.0.total_cmp(&b.0));
        let problem = Problem {
            items: Vec::new(),
            volume: class.volume.clone(),
            part_wall: process.part_wall,
            part_plate: process.part_plate,
            layers: finest.and_then(|layer| process.layer_limits(layer)),
        };
        let by_box = self.fits_by_box(part, orientation, &problem, process.nesting);
        if let Some(sure) = by_box.filter(|fits| !fits || problem.layers.is_none()) {
            return sure;
        }
        let item = item(part, mesh, orientation, process.part_part, false, 1, 0);
        match process.nesting {
            NestingMode::Volume => fits_volume(&item, &problem, &self.config.volume),
            NestingMode::Plate => fits_plate(&item, &problem),
        }
    }
}

/// Slack of the box test, mm: more than a voxel or an outline's margin can take away.
const BOX_SLACK_MM: f64 = 3.0;

impl Surrogate<'_> {
    /// What the part's box alone says: surely fits, surely does not, or not known.
    fn fits_by_box(
        &self,
        part: &PartId,
        orientation: OrientationPolicy,
        problem: &Problem,
        mode: NestingMode,
    ) -> Option<bool> {
        let size = self.outlines.get(part)?.size;
        let [x, y, z] = problem.volume.size();
        let wall = 2.0 * problem.part_wall.0;
        let room = [x - wall, y - wall, z - problem.part_wall.0 - problem.part_plate.0];
        let rests = free_rectangles(&problem.volume);
        let fits = |[a, b, c]: [f64; 3]| {
            let [a, b, c] = [a, b, c].map(|edge| edge + BOX_SLACK_MM);
            let plan = match problem.volume.shape {
                VolumeShape::Box { .. } => {
                    rests.iter().any(|r| a <= r[0] - wall && b <= r[1] - wall)
                }
                VolumeShape::Cylinder { .. } => {
                    problem.volume.excluded.is_empty() && a.hypot(b) <= room[0]
                }
            };
            plan && c <= room[2]
        };
        let turned = orientation >= OrientationPolicy::Axis24 && mode == NestingMode::Volume;
        let boxes: Vec<[f64; 3]> = if turned { permutations(size) } else { vec![size] };
        if boxes.iter().any(|b| fits(*b)) {
            return Some(true);
        }
        // Longer than the diagonal of the room: no rotation helps.
        let diagonal = room.iter().map(|e| e.max(0.0).powi(2)).sum::<f64>().sqrt();
        size.iter().any(|edge| *edge > diagonal).then_some(false)
    }
}

/// Sizes of two rectangles of a plate that no excluded region enters: the strips left when the
/// regions are cut away along x, or along y.
fn free_rectangles(volume: &BuildVolume) -> [[f64; 2]; 2] {
    let size = volume.size();
    [0, 1].map(|k| {
        let (mut low, mut high) = (0.0, size[k]);
        for region in &volume.excluded {
            if region.min[k] + region.max[k] < size[k] {
                low = f64::max(low, region.max[k]);
            } else {
                high = f64::min(high, region.min[k]);
            }
        }
        let mut rest = [size[0], size[1]];
        rest[k] = (high - low).max(0.0);
        rest
    })
}

fn permutations([x, y, z]: [f64; 3]) -> Vec<[f64; 3]> {
    vec![[x, y, z], [x, z, y], [y, x, z], [y, z, x], [z, x, y], [z, y, x]]
}

/// How a class nests.
pub(crate) fn mode(night: &Night, class: &MachineClassId) -> NestingMode {
    night.processes[&night.classes[class].process].nesting
}

fn part_load(outline: &Outline, mode: NestingMode, clearance: f64) -> f64 {
    match mode {
        NestingMode::Volume => outline.size.into_iter().map(|edge| edge + clearance).product(),
        NestingMode::Plate => {
            let half = clearance / 2.0;
            outline.area + outline.perimeter * half + std::f64::consts::PI * half * half
        }
    }
}

fn capacity(volume: &BuildVolume, process: &Process, clearance: f64) -> f64 {
    let wall = process.part_wall.0;
    let [x, y, z] = volume.size();
    let shape = volume.plate_area() / (x * y);
    let plate = (x - 2.0 * wall + clearance).max(0.0) * (y - 2.0 * wall + clearance).max(0.0);
    let taken: f64 = volume.excluded.iter().map(|b| b.size()[0] * b.size()[1]).sum();
    let plate = (plate * shape - taken).max(0.0);
    match process.nesting {
        NestingMode::Plate => plate,
        NestingMode::Volume => plate * (z - wall - process.part_plate.0 + clearance).max(0.0),
    }
}

fn ring_length(ring: &[[f64; 2]]) -> f64 {
    (0..ring.len())
        .map(|i| {
            let ([x1, y1], [x2, y2]) = (ring[i], ring[(i + 1) % ring.len()]);
            (x2 - x1).hypot(y2 - y1)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use platewright_model::geometry::BoxMm;

    use super::*;

    fn plate(excluded: Vec<BoxMm>) -> BuildVolume {
        BuildVolume {
            shape: VolumeShape::Box { x: Mm(250.0), y: Mm(210.0), z: Mm(220.0) },
            excluded,
        }
    }

    #[test]
    fn free_rectangles_leave_out_every_excluded_region() {
        assert_eq!(free_rectangles(&plate(Vec::new())), [[250.0, 210.0]; 2]);
        let purge_line = BoxMm { min: [0.0, 0.0, 0.0], max: [100.0, 5.0, 220.0] };
        assert_eq!(free_rectangles(&plate(vec![purge_line])), [[150.0, 210.0], [250.0, 205.0]]);
        let clamp = BoxMm { min: [230.0, 200.0, 0.0], max: [250.0, 210.0, 220.0] };
        let both = free_rectangles(&plate(vec![purge_line, clamp]));
        assert_eq!(both, [[130.0, 210.0], [250.0, 195.0]]);
    }

    #[test]
    fn plates_are_loaded_by_outline_and_volumes_by_box() {
        let outline = Outline { area: 100.0, perimeter: 40.0, size: [10.0, 10.0, 5.0] };
        let disc = std::f64::consts::PI;
        let load = part_load(&outline, NestingMode::Plate, 2.0);
        assert!((load - (100.0 + 40.0 + disc)).abs() < 1e-9);
        assert_eq!(part_load(&outline, NestingMode::Volume, 2.0), 12.0 * 12.0 * 7.0);
    }
}
