//! The edges that a run of layers crosses, and how contours go on from each.
//!
//! A contour goes from edge to edge: it comes into a triangle over the edge that falls through
//! the plane, and leaves it over the one that rises. An edge knows where the contour goes on in
//! the triangle behind it, so that a step of the walk touches one record of one cache line, and
//! needs neither a hash nor a tolerance. (Topological contouring on the triangles' adjacency;
//! compare Minetto et al. 2017, Computer-Aided Design 92, who link segments by end points.)

use crate::edge_table::{EdgeTable, edge_hash};
use crate::irregular::{Copies, Side, resolve};
use crate::planes::Planes;
use crate::triangles::{Triangles, Vertex};

/// No edge: the surface is open here.
pub(crate) const OPEN: u32 = u32::MAX;
/// Behind the edge lie more triangles than one.
const MANY: u32 = u32::MAX - 1;

/// Triangles that are read at once.
const BATCH: usize = 16;

/// An edge that is crossed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// Where the first layer that crosses it does, mm.
    at: [f64; 2],
    /// Change of x and y by height.
    slope: [f64; 2],
    /// First layer that crosses it, be it below the run.
    from: u32,
    /// Edge where the contour goes on in a layer below `middle`, or [`OPEN`].
    next_below: u32,
    /// Edge where it goes on from `middle` up.
    next_above: u32,
    /// Level of the middle corner of the triangle behind.
    middle: u32,
    /// First layer above it, be it above the run.
    to: u32,
    /// How many triangles lie before it, up to 255: in these it rises.
    before: u8,
}

impl Edge {
    /// The edge between two points, the first below layer `from` and the other not; it leads
    /// nowhere yet.
    #[inline(always)]
    fn new(low: [f64; 3], high: [f64; 3], [from, to]: [u32; 2], planes: &Planes) -> Self {
        let height = high[2] - low[2];
        let by_height = 1.0 / height;
        // A share of the way, whatever the height: level edges run far in it.
        let share = (planes.cut(from) - low[2]) * by_height;
        let way = [high[0] - low[0], high[1] - low[1]];
        Self {
            at: [low[0] + share * way[0], low[1] + share * way[1]],
            slope: [way[0] * by_height, way[1] * by_height],
            from,
            next_below: OPEN,
            next_above: OPEN,
            middle: 0,
            to,
            before: 0,
        }
    }

    /// The layers from `first` to before `end` that cross it, as such a range.
    #[inline(always)]
    pub(crate) fn span(&self, first: u32, end: u32) -> [u32; 2] {
        [self.from.max(first), self.to.min(end)]
    }

    /// Whether a triangle lies before the edge.
    #[inline(always)]
    pub(crate) fn is_led_to(&self) -> bool {
        self.before > 0
    }

    /// Whether a triangle lies before the edge and one behind, and no more.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.before == 1 && self.next_below != MANY && self.leads_on()
    }

    /// Whether more triangles lie before the edge or behind it than one.
    #[inline(always)]
    fn is_shared(&self) -> bool {
        self.before > 1 || self.next_below == MANY
    }

    /// Where the contour goes on in layer `i`.
    #[inline(always)]
    pub(crate) fn next(&self, i: u32) -> u32 {
        if i < self.middle { self.next_below } else { self.next_above }
    }

    /// Where layer `i` crosses the edge, mm.
    #[inline(always)]
    pub(crate) fn point(&self, i: u32, planes: &Planes) -> [f64; 2] {
        let up = planes.between(self.from, i);
        [self.at[0] + up * self.slope[0], self.at[1] + up * self.slope[1]]
    }

    /// Whether a triangle lies behind the edge: in it the edge falls.
    #[inline(always)]
    pub(crate) fn leads_on(&self) -> bool {
        self.next_below & self.next_above != OPEN
    }

    /// Leads on into the triangle behind.
    #[inline(always)]
    fn lead(&mut self, below: u32, above: u32, middle: u32) {
        if self.leads_on() {
            self.next_below = MANY;
        } else {
            (self.next_below, self.next_above, self.middle) = (below, above, middle);
        }
    }
}

/// The edges of a run of layers.
#[derive(Debug, Default)]
pub(crate) struct RunEdges {
    /// First layer of the run.
    pub(crate) first: u32,
    /// First layer after it.
    pub(crate) end: u32,
    /// The edges, in the order in which the triangles name them.
    pub(crate) edges: Vec<Edge>,
    /// Whether any edge has no triangle before it or none behind.
    pub(crate) open: bool,
}

/// Links the edges of runs.
#[derive(Debug)]
pub(crate) struct Linker<V> {
    table: EdgeTable<V>,
}

impl<V> Default for Linker<V> {
    fn default() -> Self {
        Self { table: EdgeTable::default() }
    }
}

impl<V: Vertex> Linker<V> {
    /// Links the edges that cross layers `first..end`, of triangles in their order.
    pub(crate) fn link(
        &mut self,
        run: &mut RunEdges,
        source: &impl Triangles<Vertex = V>,
        list: &[u32],
        planes: &Planes,
        [first, end]: [u32; 2],
    ) {
        (run.first, run.end) = (first, end);
        run.edges.clear();
        self.table.clear(list.len());
        for batch in list.chunks(BATCH) {
            let mut touched = 0;
            batch.iter().for_each(|&t| touched |= source.touch(t));
            let mut corners = [[V::default(); 3]; BATCH];
            batch.iter().zip(&mut corners).for_each(|(&t, corners)| *corners = source.corners(t));
            let mut upright = [Upright::default(); BATCH];
            for (upright, &corners) in upright.iter_mut().zip(&corners[..batch.len()]) {
                *upright = self.upright(source, corners, planes);
                let [long, lower, upper] = upright.hashes;
                let touch = |hash| self.table.touch(hash);
                touched |= touch(long) | touch(lower) | touch(upper);
            }
            std::hint::black_box(touched);
            for upright in &upright[..batch.len()] {
                if let Some(passage) = self.passage(run, source, upright, planes) {
                    run.lead(&passage);
                }
            }
        }
        run.open = !run.edges.iter().all(Edge::is_plain);
        if run.open && run.edges.iter().any(Edge::is_shared) {
            self.divide(run, source, list, planes);
            run.open = !run.edges.iter().all(Edge::is_plain);
        }
    }

    /// Divides edges of more than two triangles so that each has one before it and one behind,
    /// as far as they go in pairs, and links all anew.
    fn divide(
        &mut self,
        run: &mut RunEdges,
        source: &impl Triangles<Vertex = V>,
        list: &[u32],
        planes: &Planes,
    ) {
        let shared: Vec<bool> = run.edges.iter().map(Edge::is_shared).collect();
        let mut sides = Vec::new();
        for &t in list {
            let Some(passage) = self.passage_of(run, source, t, planes) else { continue };
            for (edge, rising) in passage.sides() {
                if shared[edge as usize] {
                    let ends = self.table.ends(edge);
                    let corners = source.corners(t);
                    let opposite = corners.into_iter().find(|v| !ends.contains(v));
                    let opposite = opposite.unwrap_or(ends[0]);
                    sides.push(Side { edge, triangle: t, rising, opposite });
                }
            }
        }
        let ends = |edge| self.table.ends(edge);
        let (copies, left_out) = resolve(source, sides, ends, run.edges.len() as u32);
        for edge in &mut run.edges {
            (edge.next_below, edge.next_above, edge.middle) = (OPEN, OPEN, 0);
            edge.before = 0;
        }
        for &of in &copies.of {
            run.edges.push(run.edges[of as usize]);
        }
        for &t in list {
            if left_out.contains(&t) {
                continue;
            }
            if let Some(passage) = self.passage_of(run, source, t, planes) {
                run.lead(&passage.over(&copies, t));
            }
        }
    }

    fn passage_of(
        &mut self,
        run: &mut RunEdges,
        source: &impl Triangles<Vertex = V>,
        t: u32,
        planes: &Planes,
    ) -> Option<Passage> {
        let upright = self.upright(source, source.corners(t), planes);
        self.passage(run, source, &upright, planes)
    }

    /// A triangle from its lowest corner to its highest.
    #[inline(always)]
    fn upright(
        &self,
        source: &impl Triangles<Vertex = V>,
        corners: [V; 3],
        planes: &Planes,
    ) -> Upright<V> {
        let level = |vertex| planes.level(source.place(vertex)[2]);
        let levels = [level(corners[0]), level(corners[1]), level(corners[2])];
        let [l, m, h] = by_height(levels);
        let corners = [corners[l], corners[m], corners[h]];
        let [low, middle, high] = [
            self.table.hash_of(corners[0]),
            self.table.hash_of(corners[1]),
            self.table.hash_of(corners[2]),
        ];
        Upright {
            corners,
            levels: [levels[l], levels[m], levels[h]],
            hashes: [edge_hash(low, high), edge_hash(low, middle), edge_hash(middle, high)],
            // Whether the corners come in the order of their heights as the triangle runs.
            long_falls: m == l + 1 || m + 2 == l,
        }
    }

    /// The edges of a triangle that the run crosses; `None` if there are none.
    #[inline(always)]
    fn passage(
        &mut self,
        run: &mut RunEdges,
        source: &impl Triangles<Vertex = V>,
        triangle: &Upright<V>,
        planes: &Planes,
    ) -> Option<Passage> {
        let Upright { corners, levels, hashes, long_falls } = triangle;
        let [low, middle, high] = *levels;
        if high <= run.first || low >= run.end || low == high {
            return None;
        }
        // A triangle without area has the same edge twice.
        if (low == middle && corners[0] == corners[1])
            || (middle == high && corners[1] == corners[2])
        {
            return None;
        }
        let mut edge = |k: usize, n: usize, hash: u64| {
            let (from, to) = (levels[k], levels[n]);
            if from.max(run.first) >= to.min(run.end) {
                return OPEN;
            }
            let edge = self.table.find_or_insert([corners[k], corners[n]], hash);
            if edge == run.edges.len() as u32 {
                let ends = (source.place(corners[k]), source.place(corners[n]));
                run.edges.push(Edge::new(ends.0, ends.1, [from, to], planes));
            }
            edge
        };
        let long = edge(0, 2, hashes[0]);
        let lower = edge(0, 1, hashes[1]);
        let upper = edge(1, 2, hashes[2]);
        Some(Passage { long, lower, upper, middle, long_falls: *long_falls })
    }
}

impl RunEdges {
    /// Tells the edges that fall through a triangle where their contours go on.
    #[inline(always)]
    fn lead(&mut self, passage: &Passage) {
        let Passage { long, lower, upper, middle, long_falls } = *passage;
        let mut before = |edge: u32| {
            let before = &mut self.edges[edge as usize].before;
            *before = before.saturating_add(1);
        };
        if long_falls {
            if lower != OPEN {
                before(lower);
            }
            if upper != OPEN {
                before(upper);
            }
            self.edges[long as usize].lead(lower, upper, middle);
        } else {
            before(long);
            for edge in [lower, upper] {
                if edge != OPEN {
                    self.edges[edge as usize].lead(long, long, 0);
                }
            }
        }
    }
}

/// A triangle from its lowest corner to its highest.
#[derive(Clone, Copy, Debug, Default)]
struct Upright<V> {
    corners: [V; 3],
    levels: [u32; 3],
    /// Of its long, its lower and its upper edge.
    hashes: [u64; 3],
    /// Whether the long edge falls and the others rise; else they fall and it rises.
    long_falls: bool,
}

/// The corners of a triangle from the lowest to the highest.
#[inline(always)]
fn by_height([a, b, c]: [u32; 3]) -> [usize; 3] {
    // By which of b < a, c < b, c < a hold.
    const ORDER: [[usize; 3]; 8] =
        [[0, 1, 2], [1, 0, 2], [0, 2, 1], [0, 1, 2], [0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    ORDER[usize::from(b < a) | usize::from(c < b) << 1 | usize::from(c < a) << 2]
}

/// The edges over which contours come into a triangle and leave it.
#[derive(Clone, Copy, Debug)]
struct Passage {
    /// The edge from the lowest corner to the highest.
    long: u32,
    /// From the lowest to the middle one; [`OPEN`] if the run does not cross it.
    lower: u32,
    /// From the middle one to the highest; [`OPEN`] if the run does not cross it.
    upper: u32,
    /// Level of the middle corner.
    middle: u32,
    /// Whether the long edge falls and the others rise; else they fall and it rises.
    long_falls: bool,
}

impl Passage {
    /// The edges of the triangle, and whether they rise.
    fn sides(&self) -> impl Iterator<Item = (u32, bool)> + use<> {
        let falls = self.long_falls;
        [(self.long, !falls), (self.lower, falls), (self.upper, falls)]
            .into_iter()
            .filter(|side| side.0 != OPEN)
    }

    /// The same over the copies of its edges that are triangle `t`'s.
    fn over(self, copies: &Copies, t: u32) -> Self {
        let own = |edge: u32| if edge == OPEN { OPEN } else { copies.own(edge, t) };
        let [long, lower, upper] = [self.long, self.lower, self.upper].map(own);
        Self { long, lower, upper, ..self }
    }
}
