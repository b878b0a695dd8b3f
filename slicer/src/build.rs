//! A build over its layers: each distinct body once, copies moved.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::{Facets, Overlaps, TriMesh, overlaps};
use platewright_model::geometry::{BoxMm, Pose};
use platewright_model::measure::Mm;

use crate::body::Body;
use crate::error::SliceError;
use crate::layers::{Stack, StackBody, StackPart};
use crate::motion::Motion;
use crate::planes::Planes;
use crate::region::{GRID_MM, GRID_REACH, GridPoint};

/// Heights are rounded to this before slicing, mm, so that copies at equal heights over a layer
/// are one body although their poses were computed on different ways. A nanometre is a
/// thousandth of what any machine resolves.
const HEIGHT_GRID_MM: f64 = 1e-6;

/// What is sliced.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An indexed mesh; vertices with equal coordinates are one, as in every mesh that was read.
    Mesh {
        /// The mesh.
        mesh: Arc<TriMesh>,
        /// Where it overlaps itself.
        overlaps: Arc<Overlaps>,
    },
    /// The triangles of a file as they are: neither inspected nor held in memory twice.
    Facets(Arc<Facets>),
}

/// A part in its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its shape.
    pub shape: Shape,
    /// From the frame of the shape to that of the build.
    pub pose: Pose,
}

impl Placed {
    /// A part whose mesh is known not to overlap itself.
    pub fn sound(mesh: Arc<TriMesh>, pose: Pose) -> Self {
        Self { shape: Shape::Mesh { mesh, overlaps: Arc::default() }, pose }
    }

    /// A part whose mesh is searched for overlaps.
    pub fn searched(mesh: Arc<TriMesh>, pose: Pose) -> Self {
        let overlaps = Arc::new(overlaps(&mesh));
        Self { shape: Shape::Mesh { mesh, overlaps }, pose }
    }
}

impl Shape {
    /// Box of the triangles, turned, mm; a box of no size without triangles.
    pub fn turned_bounds(&self, rotation: &[[f64; 3]; 3]) -> BoxMm {
        let plain = *rotation == Pose::IDENTITY.rotation;
        let motion = Motion { rotation: *rotation, offset: [0.0; 3], plain };
        let mut bounds = EMPTY;
        let mut add = |v: &Point3<f64>| {
            let p = motion.place(v);
            grow(&mut bounds, &BoxMm { min: p, max: p }, [0.0; 3]);
        };
        match self {
            Self::Mesh { mesh, .. } => {
                let mut used = vec![false; mesh.vertices.len()];
                for &v in mesh.triangles.iter().flatten() {
                    used[v as usize] = true;
                }
                let used = mesh.vertices.iter().zip(&used).filter(|(_, used)| **used);
                used.for_each(|(v, _)| add(v));
            }
            Self::Facets(facets) if plain => return facets.bounds(),
            Self::Facets(facets) => {
                let scale = facets.scale();
                facets.for_each(|corners| {
                    corners
                        .iter()
                        .for_each(|c| add(&Point3::from(c.map(|x| f64::from(x) * scale))));
                });
            }
        }
        if bounds.min[0] <= bounds.max[0] { bounds } else { BoxMm { min: [0.0; 3], max: [0.0; 3] } }
    }

    /// Whether both are the same allocation.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.address() == other.address()
    }

    /// The same allocation is the same shape.
    pub(crate) fn address(&self) -> *const () {
        match self {
            Self::Mesh { mesh, .. } => Arc::as_ptr(mesh).cast(),
            Self::Facets(facets) => Arc::as_ptr(facets).cast(),
        }
    }

    pub(crate) fn check(&self, part: usize) -> Result<(), SliceError> {
        match self {
            Self::Mesh { mesh, .. } => check_mesh(part, mesh),
            Self::Facets(_) => Ok(()),
        }
    }
}

/// A distinct body of a build: a mesh turned and lifted.
#[derive(Clone, Debug)]
pub(crate) struct BodyPlan {
    pub(crate) shape: Shape,
    pub(crate) motion: Motion,
    /// Its own layers, from the bottom of its first.
    pub(crate) planes: Planes,
    /// Layers of the build at which copies begin, without repeats, in order.
    pub(crate) begins: Vec<u32>,
}

impl BodyPlan {
    /// The body, ready to be sliced.
    pub(crate) fn prepare(&self) -> Body {
        Body::new(&self.shape, &self.motion, self.planes.clone())
    }

    /// What formats may know of it.
    fn in_stack(&self) -> StackBody {
        let Motion { rotation, offset, .. } = self.motion;
        StackBody {
            shape: self.shape.clone(),
            pose: Pose { rotation, translation: offset },
            planes: self.planes.clone(),
        }
    }

    /// The layer of the build at which the last copy begins.
    pub(crate) fn last_begin(&self) -> u32 {
        self.begins.last().copied().unwrap_or(0)
    }

    /// Whether a copy has layers among layers `from..to` of the build.
    pub(crate) fn is_due(&self, from: u32, to: u32) -> bool {
        let n = self.planes.count();
        self.begins.iter().any(|&begin| begin < to && begin + n > from)
    }

    /// Runs of so many layers that layers `from..to` of the build need, in order.
    pub(crate) fn runs_for(&self, from: u32, to: u32, run_layers: u32) -> BTreeSet<u32> {
        let n = self.planes.count();
        let own = |begin: &u32| (from.saturating_sub(*begin), to.saturating_sub(*begin).min(n));
        let spans = self.begins.iter().map(own).filter(|(first, end)| first < end);
        spans.flat_map(|(first, end)| first / run_layers..=(end - 1) / run_layers).collect()
    }
}

/// What placements of one body have in common: the first part with the shape, the bits of the
/// rotation, the layer they begin in if layers differ, the height over its bottom.
type BodyKey = (usize, [[u64; 3]; 3], u32, i64);

/// Finds the distinct bodies among placements.
///
/// # Errors
/// A broken mesh, a part outside of the build or beyond the reach of the grid.
pub(crate) fn plan_bodies(
    placed: &[Placed],
    planes: &Planes,
) -> Result<(Stack, Vec<BodyPlan>), SliceError> {
    let mut shapes: BTreeMap<*const (), usize> = BTreeMap::new();
    let mut boxes: BTreeMap<(usize, [[u64; 3]; 3]), BoxMm> = BTreeMap::new();
    let mut known: BTreeMap<BodyKey, u32> = BTreeMap::new();
    let mut bodies: Vec<BodyPlan> = Vec::new();
    let mut stack =
        Stack { planes: planes.clone(), bounds: EMPTY, parts: Vec::new(), bodies: Vec::new() };
    for (part, placed) in placed.iter().enumerate() {
        let Placed { shape, pose } = placed;
        let first_with_shape = match shapes.entry(shape.address()) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                shape.check(part)?;
                *place.insert(part)
            }
        };
        check_pose(part, pose)?;
        let turn = pose.rotation.map(|row| row.map(f64::to_bits));
        let turned = *boxes
            .entry((first_with_shape, turn))
            .or_insert_with(|| shape.turned_bounds(&pose.rotation));
        let seat = Seat::new(part, &turned, pose, planes)?;
        // Layers that differ in thickness are the same body only at the same height.
        let begin = if matches!(planes, Planes::Uniform { .. }) { 0 } else { seat.first_layer };
        let body = match known.entry((first_with_shape, turn, begin, seat.over)) {
            Entry::Occupied(body) => *body.get(),
            Entry::Vacant(place) => {
                bodies.push(seat.body(placed, &turned, planes)?);
                *place.insert(bodies.len() as u32 - 1)
            }
        };
        let begins = &mut bodies[body as usize].begins;
        if let Err(at) = begins.binary_search(&seat.first_layer) {
            begins.insert(at, seat.first_layer);
        }
        stack.parts.push(StackPart { body, first_layer: seat.first_layer, shift: seat.shift });
        grow(&mut stack.bounds, &turned, pose.translation);
    }
    stack.bodies = bodies.iter().map(BodyPlan::in_stack).collect();
    if stack.parts.is_empty() {
        stack.bounds = BoxMm { min: [0.0; 3], max: [0.0; 3] };
    }
    Ok((stack, bodies))
}

/// A box that holds nothing.
const EMPTY: BoxMm = BoxMm { min: [f64::INFINITY; 3], max: [f64::NEG_INFINITY; 3] };

fn grow(bounds: &mut BoxMm, by: &BoxMm, translation: [f64; 3]) {
    for (k, by_axis) in translation.into_iter().enumerate() {
        bounds.min[k] = bounds.min[k].min(by.min[k] + by_axis);
        bounds.max[k] = bounds.max[k].max(by.max[k] + by_axis);
    }
}

/// Where a placement stands over the layers.
struct Seat {
    /// Layer of the build that its bottom is in.
    first_layer: u32,
    /// Height of its bottom over the bottom of that layer, nm.
    over: i64,
    /// The grid point of the build that its body's origin comes to.
    shift: GridPoint,
    /// Grid point, in the turned frame, that is the body's origin.
    origin: [i64; 2],
}

impl Seat {
    fn new(part: usize, turned: &BoxMm, pose: &Pose, planes: &Planes) -> Result<Self, SliceError> {
        let [x, y, z] = pose.translation;
        let (bottom, top) = (turned.min[2] + z, turned.max[2] + z);
        let height_mm = planes.count().checked_sub(1).map_or(0.0, |last| planes.top(last));
        if bottom < -HEIGHT_GRID_MM || top > height_mm + HEIGHT_GRID_MM {
            return Err(SliceError::OutsideBuild {
                part,
                bottom_mm: bottom,
                top_mm: top,
                height_mm,
            });
        }
        let first_layer = first_layer(planes, bottom);
        let below =
            if first_layer < planes.count() { planes.bottom(first_layer) } else { height_mm };
        let over = ((bottom - below) / HEIGHT_GRID_MM).round() as i64;
        let step = |x: f64| (x / GRID_MM).round();
        let origin = [step(turned.min[0]), step(turned.min[1])];
        let shift = [origin[0] + step(x), origin[1] + step(y)];
        let size = [0, 1].map(|k| (turned.max[k] - turned.min[k]) / GRID_MM);
        let reach = (0..2).fold(0.0_f64, |reach, k| {
            reach.max(shift[k].abs()).max((shift[k] + size[k]).abs()).max(size[k])
        });
        // What is no number is not within.
        let within = reach <= GRID_REACH;
        if !within {
            let (reach_mm, limit_mm) = (reach * GRID_MM, GRID_REACH * GRID_MM);
            return Err(SliceError::TooFar { part, reach_mm, limit_mm });
        }
        Ok(Self {
            first_layer,
            over,
            shift: shift.map(|s| s as i32),
            origin: origin.map(|o| o as i64),
        })
    }

    /// The body that is first met here.
    fn body(
        &self,
        placed: &Placed,
        turned: &BoxMm,
        planes: &Planes,
    ) -> Result<BodyPlan, SliceError> {
        let over = self.over as f64 * HEIGHT_GRID_MM;
        let height = over + (turned.max[2] - turned.min[2]);
        let planes = match planes {
            Planes::Uniform { layer, .. } => Planes::uniform(Mm(*layer), Mm(height))?,
            Planes::Tops(tops) => {
                let first = self.first_layer as usize;
                let below = if first == 0 { 0.0 } else { tops[first - 1] };
                let own = tops[first..].iter().map(|top| top - below);
                // The layer that holds the top is the last.
                let end = tops[first..].partition_point(|top| top - below < height) + 1;
                Planes::tops(own.take(end).collect())?
            }
        };
        let offset = [
            -(self.origin[0] as f64 * GRID_MM),
            -(self.origin[1] as f64 * GRID_MM),
            over - turned.min[2],
        ];
        let rotation = placed.pose.rotation;
        let motion = Motion { rotation, offset, plain: rotation == Pose::IDENTITY.rotation };
        Ok(BodyPlan { shape: placed.shape.clone(), motion, planes, begins: Vec::new() })
    }
}

/// The layer that a bottom at that height is in; within rounding of a layer's top it is in the
/// next.
fn first_layer(planes: &Planes, bottom: f64) -> u32 {
    match planes {
        Planes::Uniform { layer, .. } => (bottom / layer + HEIGHT_GRID_MM).floor().max(0.0) as u32,
        Planes::Tops(tops) => tops.partition_point(|top| *top <= bottom + HEIGHT_GRID_MM) as u32,
    }
}

fn check_mesh(part: usize, mesh: &TriMesh) -> Result<(), SliceError> {
    let n = mesh.vertices.len();
    let bad = |what: String| Err(SliceError::BadMesh { part, what });
    if mesh.triangles.len() >= u32::MAX as usize / 4 || n >= u32::MAX as usize {
        return bad(format!("{} triangles are too many", mesh.triangles.len()));
    }
    if let Some(t) = mesh.triangles.iter().position(|t| t.iter().any(|&v| v as usize >= n)) {
        return bad(format!("triangle {t} names a vertex that is not there"));
    }
    if let Some(v) = mesh.vertices.iter().position(|v| !v.coords.iter().all(|c| c.is_finite())) {
        return bad(format!("vertex {v} is not finite"));
    }
    Ok(())
}

pub(crate) fn check_pose(part: usize, pose: &Pose) -> Result<(), SliceError> {
    let mut numbers = pose.rotation.iter().flatten().chain(&pose.translation);
    if numbers.all(|x| x.is_finite()) {
        Ok(())
    } else {
        Err(SliceError::BadMesh { part, what: "its pose is not finite".to_owned() })
    }
}
