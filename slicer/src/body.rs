//! A mesh in place over the layers, and the layers it has.

use nalgebra::Point3;
use platewright_mesh::{Overlaps, TriMesh};

use crate::build::Shape;
use crate::contour::{RunLayer, Walker};
use crate::planes::Planes;
use crate::run_edges::RunEdges;
use crate::sorted::{Buckets, Sorted};

/// Triangles of a run of layers that are aimed at: their edges stay in a core's own cache.
const RUN_TRIANGLES: f64 = 12_000.0;
/// Fewest layers of a run: below, triangles are linked too often for the layers they cross.
const RUN_LAYERS_MIN: u32 = 8;
/// One triangle of so many is looked at to choose the layers of a run.
pub(crate) const SAMPLED: usize = 16;
/// Most layers of a run: beyond, threads are not kept busy to the end.
const RUN_LAYERS_MAX: u32 = 64;
/// Layers of a run over the layers that a triangle crosses: with less, triangles are linked too
/// often.
const OFTEN: f64 = 2.0;
/// Runs beyond which they are made longer.
const RUNS_MAX: u32 = 256;

/// How a body lies in its own frame: turned, lifted onto the layers and moved to the origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Motion {
    /// Rows of the rotation.
    pub(crate) rotation: [[f64; 3]; 3],
    /// Move after the rotation, mm.
    pub(crate) offset: [f64; 3],
    /// Whether the rotation turns nothing: then a vertex is moved only.
    pub(crate) plain: bool,
}

impl Motion {
    /// Where a vertex comes to lie, mm.
    #[inline(always)]
    pub(crate) fn place(&self, v: &Point3<f64>) -> [f64; 3] {
        if self.plain {
            return std::array::from_fn(|k| v[k] + self.offset[k]);
        }
        std::array::from_fn(|k| {
            let row = &self.rotation[k];
            row[0] * v.x + row[1] * v.y + row[2] * v.z + self.offset[k]
        })
    }
}

impl Motion {
    /// The height that a point comes to lie at, mm.
    #[inline(always)]
    pub(crate) fn height(&self, v: [f64; 3]) -> f64 {
        if self.plain {
            return v[2] + self.offset[2];
        }
        let row = &self.rotation[2];
        row[0] * v[0] + row[1] * v[1] + row[2] * v[2] + self.offset[2]
    }
}

/// A mesh in place over the layers, its vertices and triangles in the order of their heights, so
/// that a run of layers finds its own side by side in memory.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) planes: Planes,
    /// Layers of a run.
    pub(crate) run_layers: u32,
    /// Vertices in place, mm, by the run that their level is in.
    vertices: Vec<[f64; 3]>,
    /// Number of cuts at or below each vertex.
    levels: Vec<u32>,
    /// Triangles that any layer crosses, by the run of the first.
    triangles: Vec<[u32; 3]>,
    /// Where the triangles of each run begin.
    begins: Vec<usize>,
    /// Triangles that come into each run from below, ascending.
    comers: Buckets,
    /// Spans of layers in which shells may overlap, sorted and apart.
    overlapping: Vec<[u32; 2]>,
}

impl Body {
    /// Puts a shape in place and sorts it by height.
    ///
    /// `planes` are those of the body: the plate of its frame is the bottom of its first layer.
    /// Triangles name vertices that are there, and these are finite.
    pub(crate) fn new(shape: &Shape, motion: &Motion, planes: Planes) -> Self {
        let run_layers;
        let mut overlapping_spans = Vec::new();
        let sorted = match shape {
            Shape::Mesh { mesh, overlaps } => {
                let levels: Vec<u32> =
                    mesh.vertices.iter().map(|v| planes.level(motion.place(v)[2])).collect();
                overlapping_spans = overlapping(mesh, &levels, overlaps);
                let spans = mesh.triangles.iter().step_by(SAMPLED);
                let spans = spans.map(|t| span(t.map(|v| levels[v as usize])));
                run_layers = choose_run_layers(spans, planes.count());
                Sorted::new(mesh, motion, &levels, run_layers, planes.count())
            }
            Shape::Facets(facets) => {
                let scale = facets.scale();
                let place = |c: [f32; 3]| Point3::from(c.map(|x| f64::from(x) * scale));
                let level = |c| planes.level(motion.place(&place(c))[2]);
                let spans = facets.sampled(SAMPLED).map(|corners| span(corners.map(level)));
                run_layers = choose_run_layers(spans, planes.count());
                Sorted::of_facets(facets, motion, &planes, run_layers)
            }
        };
        let Sorted { vertices, levels, triangles, begins, comers } = sorted;
        let overlapping = overlapping_spans;
        Self { planes, run_layers, vertices, levels, triangles, begins, comers, overlapping }
    }

    /// Whether shells may overlap in layer `i`.
    pub(crate) fn overlaps_in(&self, i: u32) -> bool {
        let at = self.overlapping.partition_point(|span| span[1] <= i);
        self.overlapping.get(at).is_some_and(|span| span[0] <= i)
    }

    /// First layer of a run and the first after it.
    pub(crate) fn layers_of(&self, run: u32) -> (u32, u32) {
        let first = run * self.run_layers;
        (first, (first + self.run_layers).min(self.planes.count()))
    }

    /// The contours of a run of layers.
    pub(crate) fn slice_run(&self, run: u32, scratch: &mut Scratch) -> Vec<RunLayer> {
        let (first, end) = self.layers_of(run);
        scratch.edges.link(self, run, first, end);
        scratch.walker.walk(&scratch.edges, &self.planes)
    }

    /// The contours of one layer.
    pub(crate) fn slice_layer(&self, i: u32, scratch: &mut Scratch) -> RunLayer {
        scratch.edges.link(self, i / self.run_layers, i, i + 1);
        let mut layers = scratch.walker.walk(&scratch.edges, &self.planes);
        layers.pop().expect("one layer was asked for")
    }

    /// The triangles that layers of a run may cross, ascending.
    pub(crate) fn triangles_of(&self, run: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        let own = self.begins[run as usize] as u32..self.begins[run as usize + 1] as u32;
        self.comers.of(run).iter().copied().chain(own)
    }

    /// Corners of a triangle.
    #[inline(always)]
    pub(crate) fn triangle(&self, t: u32) -> [u32; 3] {
        self.triangles[t as usize]
    }

    /// A vertex in place, mm.
    #[inline(always)]
    pub(crate) fn vertex(&self, v: u32) -> [f64; 3] {
        self.vertices[v as usize]
    }

    /// Number of cuts at or below a vertex.
    #[inline(always)]
    pub(crate) fn level(&self, v: u32) -> u32 {
        self.levels[v as usize]
    }
}

/// The spans of layers in which both shells of a pair are cut.
fn overlapping(mesh: &TriMesh, levels: &[u32], overlaps: &Overlaps) -> Vec<[u32; 2]> {
    let mut spans: Vec<[u32; 2]> = Vec::new();
    for (t, &shell) in mesh.triangles.iter().zip(&overlaps.shell) {
        let shell = shell as usize;
        if spans.len() <= shell {
            spans.resize(shell + 1, [u32::MAX, 0]);
        }
        let (low, high) = span(t.map(|v| levels[v as usize]));
        spans[shell] = [spans[shell][0].min(low), spans[shell][1].max(high)];
    }
    let of = |shell: u32| spans.get(shell as usize).copied().unwrap_or([u32::MAX, 0]);
    let mut both: Vec<[u32; 2]> = overlaps
        .pairs
        .iter()
        .map(|&[a, b]| [of(a)[0].max(of(b)[0]), of(a)[1].min(of(b)[1])])
        .filter(|span| span[0] < span[1])
        .collect();
    both.sort_unstable();
    both.dedup_by(|next, last| {
        let meets = next[0] <= last[1];
        if meets {
            last[1] = last[1].max(next[1]);
        }
        meets
    });
    both
}

/// What a thread keeps from one run to the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    edges: RunEdges,
    walker: Walker,
}

/// Layers of a run, so that its triangles are neither too many nor linked too often; by the
/// spans of one of [`SAMPLED`] triangles.
fn choose_run_layers(sample: impl Iterator<Item = (u32, u32)>, layers: u32) -> u32 {
    let (mut crossed, mut segments) = (0_u64, 0_u64);
    for (low, high) in sample {
        crossed += u64::from(low < high);
        segments += u64::from(high - low);
    }
    let by_layer = SAMPLED as f64 / f64::from(layers.max(1));
    // Triangles of a run: those that begin in it, and those that come in from below.
    let (begin, come_in) = (crossed as f64 * by_layer, segments as f64 * by_layer);
    let wanted = (RUN_TRIANGLES - come_in).max(OFTEN * come_in) / begin.max(1e-9);
    // In builds of very many layers, longer runs bound the number of those that come in.
    let most = RUN_LAYERS_MAX.max(layers / RUNS_MAX);
    wanted.clamp(f64::from(RUN_LAYERS_MIN), f64::from(most)) as u32
}

/// First layer that a triangle with such corner levels crosses, and the first above it.
#[inline(always)]
pub(crate) fn span([a, b, c]: [u32; 3]) -> (u32, u32) {
    (a.min(b).min(c), a.max(b).max(c))
}
