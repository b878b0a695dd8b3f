//! Slices a build: each distinct body once, copies moved.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::config::SlicerConfig;
use platewright_model::geometry::Pose;
use platewright_model::machine::BuildLoad;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_model::stage::LayerFacts;
use rayon::prelude::*;

use crate::error::SliceError;
use crate::layers::{BuildLayers, Contour, Layer};
use crate::planes::{LAYERS_MAX, Planes};
use crate::slices::{SliceOptions, Slices, UnionRule, check_layer, slice_topology};
use crate::topology::Topology;

/// Heights are rounded to this before slicing, mm, so that copies at equal heights over a layer
/// are one body although their poses were computed on different ways. A nanometre is a
/// thousandth of what any machine resolves.
const HEIGHT_GRID_MM: f64 = 1e-6;

/// Slices the placed parts of a build up to `height` over the plate.
///
/// Placements of one mesh (the same allocation) with the same rotation and the same height over
/// a layer are sliced once and moved. Contours of different parts must not overlap, which the
/// clearance of a valid build guarantees: the layers' areas are the sums over the parts. Within
/// a part, shells that overlap are united.
///
/// The result does not depend on the number of threads.
///
/// # Errors
/// A layer thickness of no use, too many layers, a broken mesh, a part outside of the build, or
/// the run was cancelled. `ctx`'s budget does not end slicing, since half a build is of no use.
pub fn slice_build(
    placed: &[(Arc<TriMesh>, Pose)],
    layer: Mm,
    height: Mm,
    cfg: &SlicerConfig,
    ctx: &RunContext,
) -> Result<BuildLayers, SliceError> {
    check_layer(layer)?;
    let planes = build_planes(layer, height)?;
    let meshes = first_with_mesh(placed);
    let (bodies, seats) = find_bodies(placed, &meshes, layer, height, planes.count)?;
    let topologies = link_meshes(placed, &meshes)?;
    let options = SliceOptions { layer, simplify_mm: cfg.simplify_mm, union: UnionRule::default() };
    let sliced: Vec<Body> = bodies
        .par_iter()
        .map(|&part| {
            if ctx.cancel.is_cancelled() {
                return Err(SliceError::Stopped);
            }
            let lifted = [0.0, 0.0, seats[part].lift];
            let turned = Pose { translation: lifted, ..placed[part].1 };
            let topology = &topologies[&meshes[part]];
            slice_topology(topology, |p| turned.apply(p), &options).map(Body::from)
        })
        .collect::<Result<_, _>>()?;
    let open = |seat: &Seat| sliced[seat.body].open_contours;
    Ok(BuildLayers {
        open_contours: seats.iter().map(open).sum(),
        sliced: bodies.len() as u32,
        layers: (0..planes.count)
            .into_par_iter()
            .map(|i| assemble_layer(i, &planes, &seats, &sliced))
            .collect(),
    })
}

/// Slices one model that stands on the plate as it is drawn, its box in the corner at the origin.
///
/// # Errors
/// As [`slice_build`].
pub fn slice_model(
    mesh: &Arc<TriMesh>,
    layer: Mm,
    cfg: &SlicerConfig,
    ctx: &RunContext,
) -> Result<BuildLayers, SliceError> {
    let Some(bounds) = mesh.bounds() else { return Ok(BuildLayers::default()) };
    let pose = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
    slice_build(&[(Arc::clone(mesh), pose)], layer, Mm(bounds.size()[2]), cfg, ctx)
}

/// Where a placement stands, as a moved copy of a body.
#[derive(Clone, Copy, Debug)]
struct Seat {
    /// Index of the body.
    body: usize,
    /// Layer of the build that the body's first layer is.
    first_layer: u32,
    /// Height that puts the body's bottom into its first layer, mm.
    lift: f64,
    /// Move in the plane, mm.
    shift: [f64; 2],
}

/// The slices of a body, ready to be shared.
#[derive(Debug)]
struct Body {
    rings: Vec<Vec<Arc<[[f64; 2]]>>>,
    facts: Vec<LayerFacts>,
    open_contours: u32,
}

impl From<Slices> for Body {
    fn from(slices: Slices) -> Self {
        let share = |rings: Vec<Vec<[f64; 2]>>| rings.into_iter().map(Arc::from).collect();
        Self {
            rings: slices.rings.into_iter().map(share).collect(),
            facts: slices.facts,
            open_contours: slices.open_contours,
        }
    }
}

fn build_planes(layer: Mm, height: Mm) -> Result<Planes, SliceError> {
    if !height.0.is_finite() || height.0 / layer.0 > f64::from(LAYERS_MAX) {
        let layers = height.0 / layer.0;
        return Err(SliceError::TooManyLayers { layers, limit: LAYERS_MAX });
    }
    // The one rule for the number of layers, which the time model uses as well.
    let load =
        BuildLoad { volume_mm3: 0.0, surface_mm2: 0.0, height_mm: height.0, layer_mm: layer.0 };
    Ok(Planes { layer: layer.0, count: load.layers() })
}

/// For each placement the first one with the same mesh; copies of a part share one allocation.
fn first_with_mesh(placed: &[(Arc<TriMesh>, Pose)]) -> Vec<usize> {
    let mut first: BTreeMap<*const TriMesh, usize> = BTreeMap::new();
    let of = |(part, (mesh, _)): (usize, &(Arc<TriMesh>, Pose))| {
        *first.entry(Arc::as_ptr(mesh)).or_insert(part)
    };
    placed.iter().enumerate().map(of).collect()
}

/// The placements to be sliced, and for each placement the body it is a copy of.
fn find_bodies(
    placed: &[(Arc<TriMesh>, Pose)],
    meshes: &[usize],
    layer: Mm,
    height: Mm,
    layers: u32,
) -> Result<(Vec<usize>, Vec<Seat>), SliceError> {
    let mut bodies = Vec::new();
    let mut known: BTreeMap<(usize, [[u64; 3]; 3], i64), usize> = BTreeMap::new();
    let mut ranges: BTreeMap<(usize, [u64; 3]), (f64, f64)> = BTreeMap::new();
    let mut seats = Vec::with_capacity(placed.len());
    for (part, (mesh, pose)) in placed.iter().enumerate() {
        let numbers = pose.rotation.iter().flatten().chain(&pose.translation);
        if !numbers.into_iter().all(|x| x.is_finite()) {
            let what = "its pose is not finite".to_owned();
            return Err(SliceError::BadMesh { part, what });
        }
        let row = pose.rotation[2];
        let (low, high) = *ranges
            .entry((meshes[part], row.map(f64::to_bits)))
            .or_insert_with(|| height_range(mesh, row));
        let (bottom, top) = (low + pose.translation[2], high + pose.translation[2]);
        // The bottom's height over the layer it is in, in nanometres.
        let first = (bottom / layer.0 + HEIGHT_GRID_MM).floor().max(0.0);
        let over = ((bottom - first * layer.0) / HEIGHT_GRID_MM).round();
        if bottom < -HEIGHT_GRID_MM || top > f64::from(layers) * layer.0 + HEIGHT_GRID_MM {
            let (bottom_mm, top_mm, height_mm) = (bottom, top, height.0);
            return Err(SliceError::OutsideBuild { part, bottom_mm, top_mm, height_mm });
        }
        let key = (meshes[part], pose.rotation.map(|r| r.map(f64::to_bits)), over as i64);
        let body = match known.entry(key) {
            Entry::Occupied(body) => *body.get(),
            Entry::Vacant(place) => {
                bodies.push(part);
                *place.insert(bodies.len() - 1)
            }
        };
        let [x, y, _] = pose.translation;
        let first_layer = first as u32;
        let lift = over * HEIGHT_GRID_MM - low;
        seats.push(Seat { body, first_layer, lift, shift: [x, y] });
    }
    Ok((bodies, seats))
}

/// Least and greatest height of a mesh under a rotation whose last row is `row`, mm; 0 for a
/// mesh without triangles.
fn height_range(mesh: &TriMesh, row: [f64; 3]) -> (f64, f64) {
    let height = |v: &Point3<f64>| row[0] * v.x + row[1] * v.y + row[2] * v.z;
    let used = mesh.triangles.iter().flatten().filter_map(|&v| mesh.vertices.get(v as usize));
    let (low, high) =
        used.map(height).fold((f64::MAX, f64::MIN), |(low, high), z| (low.min(z), high.max(z)));
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// The links of each distinct mesh, by the first placement that has it.
fn link_meshes(
    placed: &[(Arc<TriMesh>, Pose)],
    meshes: &[usize],
) -> Result<BTreeMap<usize, Topology>, SliceError> {
    let distinct: BTreeSet<usize> = meshes.iter().copied().collect();
    distinct
        .into_par_iter()
        .map(|part| match Topology::new(&placed[part].0) {
            Ok(topology) => Ok((part, topology)),
            Err(what) => Err(SliceError::BadMesh { part, what }),
        })
        .collect()
}

fn assemble_layer(i: u32, planes: &Planes, seats: &[Seat], bodies: &[Body]) -> Layer {
    let top_mm = f64::from(i + 1) * planes.layer;
    let mut facts = LayerFacts { top_mm, area_mm2: 0.0, perimeter_mm: 0.0, contours: 0 };
    let mut contours = Vec::new();
    for (part, seat) in seats.iter().enumerate() {
        let body = &bodies[seat.body];
        let Some(own) = i.checked_sub(seat.first_layer).map(|k| k as usize) else { continue };
        let Some(of_part) = body.facts.get(own) else { continue };
        facts.area_mm2 += of_part.area_mm2;
        facts.perimeter_mm += of_part.perimeter_mm;
        facts.contours += of_part.contours;
        contours.extend(body.rings[own].iter().map(|ring| Contour {
            ring: Arc::clone(ring),
            shift: seat.shift,
            part: part as u32,
        }));
    }
    Layer { top_mm, cut_mm: planes.height(i), contours, facts }
}
