//! A mesh in place over the layers, and the layers it has.

use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::{Overlaps, TriMesh};

use crate::contour::{RunLayer, Walker};
use crate::planes::Planes;
use crate::run_edges::RunEdges;

/// Triangles of a run of layers that are aimed at: their edges stay in a core's own cache.
const RUN_TRIANGLES: f64 = 12_000.0;
/// Fewest layers of a run: below, triangles are linked too often for the layers they cross.
const RUN_LAYERS_MIN: u32 = 8;
/// Most layers of a run: beyond, threads are not kept busy to the end.
const RUN_LAYERS_MAX: u32 = 64;

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

/// A mesh in place: the levels of its vertices, and its triangles by the runs of layers that
/// they cross.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) mesh: Arc<TriMesh>,
    pub(crate) motion: Motion,
    pub(crate) planes: Planes,
    /// Number of cuts at or below each vertex.
    levels: Vec<u32>,
    /// Layers of a run.
    pub(crate) run_layers: u32,
    /// Where the triangles of each run begin in `order`.
    start: Vec<usize>,
    /// Triangles by run, in each run in ascending order.
    order: Vec<u32>,
    /// Spans of layers in which shells may overlap, sorted and apart.
    overlapping: Vec<[u32; 2]>,
}

impl Body {
    /// Takes the heights of a mesh in place and sorts its triangles.
    ///
    /// `planes` are those of the body: the plate of its frame is the bottom of its first layer.
    /// Triangles name vertices that are there, and these are finite.
    pub(crate) fn new(
        mesh: Arc<TriMesh>,
        overlaps: &Overlaps,
        motion: Motion,
        planes: Planes,
    ) -> Self {
        let levels: Vec<u32> =
            mesh.vertices.iter().map(|v| planes.level(motion.place(v)[2])).collect();
        let run_layers = run_layers(&mesh, &levels, planes.count());
        let (start, order) = sort_into_runs(&mesh, &levels, run_layers, planes.count());
        let overlapping = overlapping(&mesh, &levels, overlaps);
        Self { mesh, motion, planes, levels, run_layers, start, order, overlapping }
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
        let triangles = &self.order[self.start[run as usize]..self.start[run as usize + 1]];
        self.slice(first, end, triangles, scratch)
    }

    /// The contours of one layer.
    pub(crate) fn slice_layer(&self, i: u32, scratch: &mut Scratch) -> RunLayer {
        let run = (i / self.run_layers) as usize;
        let triangles = &self.order[self.start[run]..self.start[run + 1]];
        let mut layers = self.slice(i, i + 1, triangles, scratch);
        layers.pop().expect("one layer was asked for")
    }

    fn slice(
        &self,
        first: u32,
        end: u32,
        triangles: &[u32],
        scratch: &mut Scratch,
    ) -> Vec<RunLayer> {
        scratch.edges.link(self, first, end, triangles);
        scratch.walker.walk(&scratch.edges, &self.planes)
    }

    /// The vertices of an edge, the lower first.
    pub(crate) fn edge_ends(&self, [a, b]: [u32; 2]) -> [u32; 2] {
        if self.levels[a as usize] < self.levels[b as usize] { [a, b] } else { [b, a] }
    }

    /// Levels of the corners of a triangle.
    #[inline(always)]
    pub(crate) fn corner_levels(&self, t: u32) -> [u32; 3] {
        self.mesh.triangles[t as usize].map(|v| self.levels[v as usize])
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

/// Layers of a run, so that its triangles are neither too many nor linked too often.
fn run_layers(mesh: &TriMesh, levels: &[u32], layers: u32) -> u32 {
    let (mut crossed, mut segments) = (0_u64, 0_u64);
    for t in &mesh.triangles {
        let (low, high) = span(t.map(|v| levels[v as usize]));
        crossed += u64::from(low < high);
        segments += u64::from(high - low);
    }
    let layers = f64::from(layers.max(1));
    // Triangles of a run: those that begin in it, and those that come in from below.
    let (begin, come_in) = (crossed as f64 / layers, segments as f64 / layers);
    let wanted = (RUN_TRIANGLES - come_in) / begin.max(1e-9);
    wanted.clamp(f64::from(RUN_LAYERS_MIN), f64::from(RUN_LAYERS_MAX)) as u32
}

/// First layer that a triangle with such corner levels crosses, and the first above it.
#[inline(always)]
fn span([a, b, c]: [u32; 3]) -> (u32, u32) {
    (a.min(b).min(c), a.max(b).max(c))
}

/// For each run the triangles that cross it (counting sort).
fn sort_into_runs(
    mesh: &TriMesh,
    levels: &[u32],
    run_layers: u32,
    layers: u32,
) -> (Vec<usize>, Vec<u32>) {
    let runs = layers.div_ceil(run_layers) as usize;
    let spans = |t: &[u32; 3]| {
        let (low, high) = span(t.map(|v| levels[v as usize]));
        if low == high { 0..0 } else { low / run_layers..(high - 1) / run_layers + 1 }
    };
    let mut start = vec![0_usize; runs + 2];
    for t in &mesh.triangles {
        for run in spans(t) {
            start[run as usize + 2] += 1;
        }
    }
    for run in 0..runs {
        start[run + 2] += start[run + 1];
    }
    let mut order = vec![0_u32; start[runs + 1]];
    for (number, t) in (0..).zip(&mesh.triangles) {
        for run in spans(t) {
            let next = &mut start[run as usize + 1];
            order[*next] = number;
            *next += 1;
        }
    }
    (start, order)
}
