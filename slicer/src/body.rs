//! A mesh in place over the layers, and the layers it has.

use platewright_mesh::{Overlaps, TriMesh};

use crate::build::Shape;
use crate::contour::{RunLayer, Walker};
use crate::motion::Motion;
use crate::planes::Planes;
use crate::run_edges::{Linker, RunEdges};
use crate::runs::{Runs, SAMPLED, span};
use crate::triangles::{OfFacets, OfMesh};

/// A shape in place over the layers, its triangles in the order of their heights.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) planes: Planes,
    shape: Shape,
    motion: Motion,
    /// The triangles of each run of layers.
    runs: Runs,
    /// Spans of layers in which shells may overlap, sorted and apart.
    overlapping: Vec<[u32; 2]>,
}

impl Body {
    /// Puts a shape in place and sorts it by height.
    ///
    /// `planes` are those of the body: the plate of its frame is the bottom of its first layer.
    /// Triangles name vertices that are there, and these are finite.
    pub(crate) fn new(shape: &Shape, motion: &Motion, planes: Planes) -> Self {
        let mut spans_overlapping = Vec::new();
        let runs = match shape {
            Shape::Mesh { mesh, overlaps } => {
                let levels: Vec<u32> =
                    mesh.vertices.iter().map(|v| planes.level(motion.place(v)[2])).collect();
                spans_overlapping = overlapping(mesh, &levels, overlaps);
                let span = |t: &[u32; 3]| span(t.map(|v| levels[v as usize]));
                let sample = mesh.triangles.iter().step_by(SAMPLED).map(span);
                let mut runs = Runs::for_sample(sample, &planes);
                (0..).zip(&mesh.triangles).for_each(|(t, corners)| runs.add(t, span(corners)));
                runs
            }
            Shape::Facets(facets) => {
                let scale = facets.scale();
                let height = |[x, y, z]: [f32; 3]| {
                    let mm = |x| f64::from(x) * scale;
                    motion.height([mm(x), mm(y), mm(z)])
                };
                let span = |[a, b, c]: [[f32; 3]; 3]| {
                    let (a, b, c) = (height(a), height(b), height(c));
                    [planes.level(a.min(b).min(c)), planes.level(a.max(b).max(c))]
                };
                let mut runs = Runs::for_sample(facets.sampled(SAMPLED).map(span), &planes);
                let mut t = 0;
                facets.for_each(|corners| {
                    runs.add(t, span(corners));
                    t += 1;
                });
                runs
            }
        };
        let (shape, motion) = (shape.clone(), *motion);
        Self { planes, shape, motion, runs, overlapping: spans_overlapping }
    }

    /// Layers of a run.
    pub(crate) fn run_layers(&self) -> u32 {
        self.runs.layers
    }

    /// Whether shells may overlap in layer `i`.
    pub(crate) fn overlaps_in(&self, i: u32) -> bool {
        let at = self.overlapping.partition_point(|span| span[1] <= i);
        self.overlapping.get(at).is_some_and(|span| span[0] <= i)
    }

    /// First layer of a run and the first after it.
    pub(crate) fn layers_of(&self, run: u32) -> [u32; 2] {
        let first = run * self.runs.layers;
        [first, (first + self.runs.layers).min(self.planes.count())]
    }

    /// The contours of a run of layers.
    pub(crate) fn slice_run(&self, run: u32, scratch: &mut Scratch) -> Vec<RunLayer> {
        self.slice(run, self.layers_of(run), scratch)
    }

    /// The contours of one layer.
    pub(crate) fn slice_layer(&self, i: u32, scratch: &mut Scratch) -> RunLayer {
        let mut layers = self.slice(i / self.runs.layers, [i, i + 1], scratch);
        layers.pop().expect("one layer was asked for")
    }

    /// The contours of layers that are in one run.
    fn slice(&self, run: u32, layers: [u32; 2], scratch: &mut Scratch) -> Vec<RunLayer> {
        let (list, motion) = (self.runs.of(run), &self.motion);
        let Scratch { of_mesh, of_facets, edges, walker } = scratch;
        match &self.shape {
            Shape::Mesh { mesh, .. } => {
                of_mesh.link(edges, &OfMesh { mesh, motion }, list, &self.planes, layers);
            }
            Shape::Facets(facets) => {
                let source = OfFacets { facets: facets.list(), motion };
                of_facets.link(edges, &source, list, &self.planes, layers);
            }
        }
        walker.walk(edges, &self.planes)
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
        let [low, high] = span(t.map(|v| levels[v as usize]));
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
    of_mesh: Linker<u32>,
    of_facets: Linker<[u32; 3]>,
    edges: RunEdges,
    walker: Walker,
}
