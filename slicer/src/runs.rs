//! Triangles in the order of their heights: those that each run of layers crosses.
//!
//! Only numbers of triangles are sorted. The triangles stay where they are, and are read from
//! there when their runs are linked: what lies side by side in a file mostly lies side by side in
//! space.

use crate::planes::Planes;

/// Triangles of a run of layers that are aimed at: their edges stay in a core's own cache.
const RUN_TRIANGLES: f64 = 16_000.0;
/// Fewest layers of a run: below, triangles are linked too often for the layers they cross.
const RUN_LAYERS_MIN: u32 = 8;
/// Most layers of a run: beyond, threads are not kept busy to the end.
const RUN_LAYERS_MAX: u32 = 64;
/// Layers of a run over the layers that a triangle crosses: with less, triangles are linked too
/// often.
const OFTEN: f64 = 2.0;
/// Runs beyond which they are made longer.
const RUNS_MAX: u32 = 256;
/// One triangle of so many is looked at to choose the layers of a run.
pub(crate) const SAMPLED: usize = 16;

/// The triangles of each run of layers.
#[derive(Debug)]
pub(crate) struct Runs {
    /// Layers of a run.
    pub(crate) layers: u32,
    /// The triangles that each run crosses, ascending.
    lists: Vec<Vec<u32>>,
}

impl Runs {
    /// Chooses the layers of a run by the spans of one of [`SAMPLED`] triangles, and makes room
    /// for so many in each.
    pub(crate) fn for_sample(
        sample: impl Iterator<Item = [u32; 2]> + Clone,
        planes: &Planes,
    ) -> Self {
        let layers = choose_run_layers(sample.clone(), planes.count());
        let mut counts = vec![0; planes.count().div_ceil(layers).max(1) as usize];
        for span in sample {
            for_each_run(span, layers, |run| counts[run] += SAMPLED + SAMPLED / 4);
        }
        let lists = counts.into_iter().map(|count| Vec::with_capacity(count + 64)).collect();
        Self { layers, lists }
    }

    /// Adds a triangle by the first layer it crosses and the first above it; triangles come
    /// ascending.
    #[inline(always)]
    pub(crate) fn add(&mut self, t: u32, span: [u32; 2]) {
        for_each_run(span, self.layers, |run| self.lists[run].push(t));
    }

    /// The triangles that a run crosses, ascending.
    pub(crate) fn of(&self, run: u32) -> &[u32] {
        &self.lists[run as usize]
    }
}

/// The runs of so many layers that a span of layers has a part in.
#[inline(always)]
fn for_each_run([first, end]: [u32; 2], layers: u32, mut take: impl FnMut(usize)) {
    if first >= end {
        return;
    }
    let mut run = first / layers;
    loop {
        take(run as usize);
        run += 1;
        if run * layers >= end {
            return;
        }
    }
}

/// Layers of a run, so that its triangles are neither too many nor linked too often; by the
/// spans of one of [`SAMPLED`] triangles.
fn choose_run_layers(sample: impl Iterator<Item = [u32; 2]>, layers: u32) -> u32 {
    let (mut crossed, mut segments) = (0_u64, 0_u64);
    for [low, high] in sample {
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
pub(crate) fn span([a, b, c]: [u32; 3]) -> [u32; 2] {
    [a.min(b).min(c), a.max(b).max(c)]
}
