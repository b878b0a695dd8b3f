//! Slices one mesh: contours and exact facts of each layer.

use platewright_mesh::{TriMesh, ring_area};
use platewright_model::measure::Mm;
use platewright_model::stage::LayerFacts;
use rayon::prelude::*;

use crate::chain::{Placed, Scratch, Walk};
use crate::error::SliceError;
use crate::planes::{LAYERS_MAX, Planes};
use crate::simplify::simplify_ring;
use crate::topology::Topology;
use crate::union::{boxes_overlap, union_layer};

/// When the contours of a layer are united under the Positive rule (winding at least 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnionRule {
    /// Never: areas where shells overlap count more than once.
    Never,
    /// Where contours of more than one shell may meet in the layer.
    #[default]
    Shells,
    /// In every layer: also a shell that runs through itself is right, at two to three times
    /// the cost.
    Always,
}

/// How a mesh is sliced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SliceOptions {
    /// Layer thickness.
    pub layer: Mm,
    /// How far the contours kept may lie from the exact ones, mm; 0 keeps them exact. The facts
    /// are always those of the exact contours.
    pub simplify_mm: f64,
    /// When contours are united.
    pub union: UnionRule,
}

/// One closed contour: counter-clockwise around solid, clockwise around a hole; mm.
pub type RingSlice = Vec<[f64; 2]>;

/// The layers of one mesh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slices {
    /// Contours of each layer from the plate up.
    pub rings: Vec<Vec<RingSlice>>,
    /// Facts of each layer, those of the exact contours.
    pub facts: Vec<LayerFacts>,
    /// Contours that had to be closed by a synthetic segment.
    pub open_contours: u32,
}

impl Slices {
    /// Σ area × layer thickness, mm³.
    pub fn volume(&self, layer: Mm) -> f64 {
        self.facts.iter().map(|f| f.area_mm2).sum::<f64>() * layer.0
    }
}

/// Layers that a thread takes at once: enough to share the sorting, few enough to balance.
const RUN_LAYERS: u32 = 16;

/// Slices a mesh as it lies, with the plate at height `plate_z` of the mesh's frame; what is
/// below the plate is left out.
///
/// Time grows with the number of triangles and of segments. The result does not depend on the
/// number of threads.
///
/// # Errors
/// A layer thickness of no use, too many layers, a broken mesh.
pub fn slice_mesh(
    mesh: &TriMesh,
    plate_z: f64,
    options: &SliceOptions,
) -> Result<Slices, SliceError> {
    let topology = Topology::new(mesh).map_err(|what| SliceError::BadMesh { part: 0, what })?;
    slice_topology(&topology, |p| [p[0], p[1], p[2] - plate_z], options)
}

/// Slices a linked mesh, its vertices moved by `motion`.
pub(crate) fn slice_topology(
    topology: &Topology,
    motion: impl Fn([f64; 3]) -> [f64; 3],
    options: &SliceOptions,
) -> Result<Slices, SliceError> {
    check_layer(options.layer)?;
    let layer = options.layer.0;
    let mut options = *options;
    if topology.shells <= 1 && options.union == UnionRule::Shells {
        options.union = UnionRule::Never;
    }
    let vertices: Vec<_> =
        topology.vertices.iter().map(|v| nalgebra::Point3::from(motion((*v).into()))).collect();
    let top = vertices.iter().map(|v| v.z).fold(0.0, f64::max);
    let planes = Planes { layer, count: layer_count(top, layer)? };
    let levels = vertices.iter().map(|v| planes.level(v.z)).collect();
    let placed = Placed { topology, vertices, levels, planes };
    let (start, order) = sort_into_runs(&placed);
    let runs: Vec<Vec<SlicedLayer>> = (0..planes.count.div_ceil(RUN_LAYERS))
        .into_par_iter()
        .map_init(
            || Scratch::new(topology.triangles.len()),
            |scratch, run| {
                let first = run * RUN_LAYERS;
                let end = (first + RUN_LAYERS).min(planes.count);
                let triangles = &order[start[run as usize]..start[run as usize + 1]];
                let walks = placed.walk_layers(first, end, triangles, scratch);
                (first..end)
                    .zip(walks)
                    .map(|(i, walks)| finish_layer(f64::from(i + 1) * layer, walks, &options))
                    .collect()
            },
        )
        .collect();
    let mut slices = Slices::default();
    for (rings, facts, open) in runs.into_iter().flatten() {
        slices.rings.push(rings);
        slices.facts.push(facts);
        slices.open_contours += open;
    }
    Ok(slices)
}

/// Refuses a layer thickness that is of no use.
pub(crate) fn check_layer(layer: Mm) -> Result<(), SliceError> {
    if layer.0.is_finite() && layer.0 > 0.0 {
        Ok(())
    } else {
        Err(SliceError::LayerThickness(layer.0))
    }
}

/// Layers up to the height `top`.
pub(crate) fn layer_count(top: f64, layer: f64) -> Result<u32, SliceError> {
    // A nanometre over a whole layer is rounding, as in `BuildLoad::layers`.
    let layers = ((top - 1e-6) / layer).ceil().max(0.0);
    if layers <= f64::from(LAYERS_MAX) {
        Ok(layers as u32)
    } else {
        Err(SliceError::TooManyLayers { layers, limit: LAYERS_MAX })
    }
}

/// For each run of layers the triangles that cross it, in ascending order.
fn sort_into_runs(placed: &Placed<'_>) -> (Vec<usize>, Vec<u32>) {
    let runs = placed.planes.count.div_ceil(RUN_LAYERS) as usize;
    let spans = |t: usize| {
        let (low, high) = placed.span(t);
        if low == high { 0..0 } else { low / RUN_LAYERS..(high - 1) / RUN_LAYERS + 1 }
    };
    let triangles = placed.topology.triangles.len();
    let mut start = vec![0_usize; runs + 2];
    for t in 0..triangles {
        for run in spans(t) {
            start[run as usize + 2] += 1;
        }
    }
    for run in 0..runs {
        start[run + 2] += start[run + 1];
    }
    let mut order = vec![0_u32; start[runs + 1]];
    for t in 0..triangles {
        for run in spans(t) {
            let next = &mut start[run as usize + 1];
            order[*next] = t as u32;
            *next += 1;
        }
    }
    (start, order)
}

type SlicedLayer = (Vec<RingSlice>, LayerFacts, u32);

/// Unites where needed, takes the facts, then simplifies.
fn finish_layer(top_mm: f64, walks: Vec<Walk>, options: &SliceOptions) -> SlicedLayer {
    let open = walks.iter().map(|w| w.closed_by_hand).sum();
    let unite = match options.union {
        UnionRule::Never => false,
        UnionRule::Shells => boxes_overlap(&walks),
        UnionRule::Always => !walks.is_empty(),
    };
    let mut rings: Vec<RingSlice> = walks.into_iter().map(|w| w.points).collect();
    if unite {
        rings = union_layer(rings);
    }
    let facts = layer_facts(top_mm, &rings);
    if options.simplify_mm > 0.0 {
        rings = rings.iter().map(|ring| simplify_ring(ring, options.simplify_mm)).collect();
    }
    (rings, facts, open)
}

/// Exact facts of a layer.
pub(crate) fn layer_facts(top_mm: f64, rings: &[RingSlice]) -> LayerFacts {
    // The sum over nothing is -0, which nobody wants to read in a file.
    let sum = |of: fn(&[[f64; 2]]) -> f64| rings.iter().map(|ring| of(ring)).sum::<f64>() + 0.0;
    LayerFacts {
        top_mm,
        area_mm2: sum(ring_area),
        perimeter_mm: sum(ring_length),
        contours: u32::try_from(rings.len()).unwrap_or(u32::MAX),
    }
}

/// Length of a closed contour, mm.
fn ring_length(ring: &[[f64; 2]]) -> f64 {
    let Some(mut before) = ring.last() else { return 0.0 };
    let mut length = 0.0;
    for point in ring {
        length += ((point[0] - before[0]).powi(2) + (point[1] - before[1]).powi(2)).sqrt();
        before = point;
    }
    length
}
