//! Vertices and triangles in the order of their heights.

use nalgebra::Point3;
use platewright_mesh::{Facets, TriMesh};

use crate::body::{Motion, SAMPLED, span};
use crate::corners::Corners;
use crate::planes::Planes;

/// Triangles whose corners are looked for at once.
const BATCH: usize = 16;

/// Lists of numbers, one a bucket, in one piece of memory.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    start: Vec<usize>,
    members: Vec<u32>,
}

impl Buckets {
    /// The members of a bucket, in the order in which they were given.
    pub(crate) fn of(&self, bucket: u32) -> &[u32] {
        let k = bucket as usize;
        &self.members[self.start[k]..self.start[k + 1]]
    }
}

/// A mesh in place, sorted into runs of layers.
pub(crate) struct Sorted {
    /// Vertices in place, mm, by the run that their level is in.
    pub(crate) vertices: Vec<[f64; 3]>,
    /// Number of cuts at or below each vertex.
    pub(crate) levels: Vec<u32>,
    /// Triangles that any layer crosses, by the run of the first.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// Where the triangles of each run begin, and the end of all.
    pub(crate) begins: Vec<usize>,
    /// Triangles that come into each run from below, ascending.
    pub(crate) comers: Buckets,
}

impl Sorted {
    /// Counting sorts, each in the order of the mesh within a run: what lies side by side in the
    /// file mostly lies side by side in space.
    pub(crate) fn new(
        mesh: &TriMesh,
        motion: &Motion,
        levels: &[u32],
        run_layers: u32,
        layers: u32,
    ) -> Self {
        let runs = layers.div_ceil(run_layers).max(1) as usize;
        // A vertex above the last cut lies in the last run.
        let run_of = |level: u32| ((level / run_layers) as usize).min(runs - 1);
        let mut next = starts(runs, levels.iter().map(|&level| run_of(level)));
        let mut vertices = vec![[0.0; 3]; levels.len()];
        let mut sorted_levels = vec![0; levels.len()];
        let moved: Vec<u32> = (mesh.vertices.iter().zip(levels))
            .map(|(vertex, &level)| {
                let place = &mut next[run_of(level)];
                let to = *place;
                *place += 1;
                vertices[to] = motion.place(vertex);
                sorted_levels[to] = level;
                to as u32
            })
            .collect();
        let (triangles, begins) = sort_triangles(mesh, &moved, &sorted_levels, run_layers, runs);
        let comers = comers(&triangles, &sorted_levels, run_layers, runs);
        Self { vertices, levels: sorted_levels, triangles, begins, comers }
    }
}

impl Sorted {
    /// As [`Self::new`], from triangles without an index: corners of the same coordinates become
    /// one vertex. Triangles are sorted first, so that all vertices that may be met lie near one
    /// another in memory.
    ///
    /// Memory: 36 bytes a triangle, given back run by run while 26 bytes a triangle are filled.
    pub(crate) fn of_facets(
        facets: &Facets,
        motion: &Motion,
        planes: &Planes,
        run_layers: u32,
    ) -> Self {
        let runs = planes.count().div_ceil(run_layers).max(1) as usize;
        let scale = facets.scale();
        let run_of = |corners: &[[f32; 3]; 3]| {
            let [a, b, c] = corners.map(|c| motion.height(c.map(|x| f64::from(x) * scale)));
            let low = planes.level(a.min(b).min(c));
            // Triangles that no layer crosses are left out.
            let crossed = low < planes.count() && planes.cut(low) <= a.max(b).max(c);
            crossed.then(|| (low / run_layers) as usize)
        };
        // Room by a sample; a run that needs more grows.
        let mut counts = vec![0_usize; runs];
        for run in facets.sampled(SAMPLED).filter_map(|corners| run_of(&corners)) {
            counts[run] += SAMPLED + SAMPLED / 4;
        }
        let mut sorted: Vec<Vec<[[f32; 3]; 3]>> =
            counts.into_iter().map(|count| Vec::with_capacity(count + 64)).collect();
        facets.for_each(|corners| {
            if let Some(run) = run_of(&corners) {
                sorted[run].push(corners);
            }
        });
        let place =
            |corner: &[f32; 3]| motion.place(&Point3::from(corner.map(|x| f64::from(x) * scale)));
        Self::joined(sorted, place, planes, run_layers)
    }

    /// Joins the corners of triangles that are sorted by run.
    fn joined(
        sorted: Vec<Vec<[[f32; 3]; 3]>>,
        place: impl Fn(&[f32; 3]) -> [f64; 3],
        planes: &Planes,
        run_layers: u32,
    ) -> Self {
        let runs = sorted.len();
        let all: usize = sorted.iter().map(Vec::len).sum();
        let (mut vertices, mut levels) = (Vec::with_capacity(all / 2), Vec::with_capacity(all / 2));
        let (mut triangles, mut begins) = (Vec::with_capacity(all), vec![0]);
        // A vertex is looked for among those of about its height. Its level rounds up by half a
        // layer, so that no triangle names it any more when the run after its own is done.
        let mut known: Vec<Corners> = sorted.iter().map(|_| Corners::default()).collect();
        let by_height = match planes {
            Planes::Uniform { layer, .. } => 1.0 / (layer * f64::from(run_layers)),
            // Without a rule for heights, all are in one table.
            Planes::Tops(_) => 0.0,
        };
        for (run, facets) in sorted.into_iter().enumerate() {
            for batch in facets.chunks(BATCH) {
                let corners = batch.as_flattened();
                // Table and slot of each corner, then its vertex.
                let mut looked = [(0_usize, 0_usize); 3 * BATCH];
                for (corner, looked) in corners.iter().zip(&mut looked) {
                    let about = ((place(corner)[2] * by_height) as usize).min(runs - 1);
                    // At the first corner of a batch there is room for all, or room is made.
                    known[about].reserve(corners.len());
                    *looked = (about, known[about].first(corner));
                }
                for ((about, found), corner) in looked.iter_mut().zip(corners) {
                    let new = vertices.len() as u32;
                    let vertex = known[*about].find_or_insert(corner, *found, new);
                    if vertex == new {
                        let at = place(corner);
                        vertices.push(at);
                        levels.push(planes.level(at[2]));
                    }
                    *found = vertex as usize;
                }
                for t in looked[..corners.len()].as_chunks::<3>().0 {
                    let t = t.map(|(_, vertex)| vertex as u32);
                    if t[0] != t[1] && t[1] != t[2] && t[2] != t[0] {
                        triangles.push(t);
                    }
                }
            }
            begins.push(triangles.len());
            if by_height > 0.0 && run > 0 {
                known[run - 1] = Corners::default();
            }
        }
        let comers = comers(&triangles, &levels, run_layers, runs);
        Self { vertices, levels, triangles, begins, comers }
    }
}

/// Where each bucket begins, and behind them the end of all.
fn starts(buckets: usize, of: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut start = vec![0_usize; buckets + 1];
    for bucket in of {
        start[bucket + 1] += 1;
    }
    for bucket in 0..buckets {
        start[bucket + 1] += start[bucket];
    }
    start
}

/// The triangles that any layer crosses, by the run of the first, over the sorted vertices; and
/// where each run begins.
fn sort_triangles(
    mesh: &TriMesh,
    moved: &[u32],
    levels: &[u32],
    run_layers: u32,
    runs: usize,
) -> (Vec<[u32; 3]>, Vec<usize>) {
    // Where a triangle begins; those that no layer crosses are put behind the last run.
    let run_of = |t: &[u32; 3]| {
        let (low, high) = span(t.map(|v| levels[v as usize]));
        let crossed = low < high && t[0] != t[1] && t[1] != t[2] && t[2] != t[0];
        if crossed { (low / run_layers) as usize } else { runs }
    };
    let renamed = |t: &[u32; 3]| t.map(|v| moved[v as usize]);
    let mut begins = starts(runs + 1, mesh.triangles.iter().map(|t| run_of(&renamed(t))));
    begins.truncate(runs + 1);
    let mut next = begins.clone();
    let mut triangles = vec![[0; 3]; begins[runs]];
    for t in &mesh.triangles {
        let t = renamed(t);
        let run = run_of(&t);
        if run < runs {
            triangles[next[run]] = t;
            next[run] += 1;
        }
    }
    (triangles, begins)
}

/// For each run the triangles that come in from below.
fn comers(triangles: &[[u32; 3]], levels: &[u32], run_layers: u32, runs: usize) -> Buckets {
    let later = |t: &[u32; 3]| {
        let (low, high) = span(t.map(|v| levels[v as usize]));
        (low / run_layers + 1) as usize..((high - 1) / run_layers + 1) as usize
    };
    let start = starts(runs, triangles.iter().flat_map(later));
    let mut next = start.clone();
    let mut members = vec![0; start[runs]];
    for (number, t) in (0..).zip(triangles) {
        for run in later(t) {
            members[next[run]] = number;
            next[run] += 1;
        }
    }
    Buckets { start, members }
}
