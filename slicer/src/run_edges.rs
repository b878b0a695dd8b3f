//! The edges that a run of layers crosses, and how contours go on from each.
//!
//! A contour goes from edge to edge: it comes into a triangle over the edge that falls through
//! the plane, and leaves it over the one that rises. An edge knows where the contour goes on in
//! the triangle behind it, so that a step of the walk touches one record of one cache line, and
//! needs neither a hash nor a tolerance. (Topological contouring on the triangles' adjacency;
//! compare Minetto et al. 2017, Computer-Aided Design 92, who link segments by end points.)

use std::hash::{BuildHasher, RandomState};

use crate::body::Body;
use crate::irregular::{Copies, Side, resolve};

/// No edge: the surface is open here.
pub(crate) const OPEN: u32 = u32::MAX;
/// Behind the edge lie more triangles than one.
pub(crate) const MANY: u32 = u32::MAX - 1;

/// An edge that is crossed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Edge {
    /// Lower end, mm.
    pub(crate) low: [f64; 3],
    /// Change of x and y by height.
    pub(crate) slope: [f64; 2],
    /// Edge where the contour goes on in a layer below `middle`, or [`OPEN`].
    pub(crate) next_below: u32,
    /// Edge where it goes on from `middle` up.
    pub(crate) next_above: u32,
    /// Level of the middle corner of the triangle behind.
    pub(crate) middle: u32,
    /// How many triangles lie before the edge: in these it rises.
    pub(crate) before: u32,
    /// Whether a triangle lies behind the edge: in it the edge falls.
    pub(crate) behind: bool,
}

impl Edge {
    /// Where the contour goes on in layer `i`.
    #[inline(always)]
    pub(crate) fn next(&self, i: u32) -> u32 {
        if i < self.middle { self.next_below } else { self.next_above }
    }

    /// Where the edge goes through the height `z`, mm.
    #[inline(always)]
    pub(crate) fn at(&self, z: f64) -> [f64; 2] {
        let up = z - self.low[2];
        [self.low[0] + up * self.slope[0], self.low[1] + up * self.slope[1]]
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
    /// For each edge the first layer it crosses and the first above it.
    pub(crate) spans: Vec<[u32; 2]>,
    /// For each edge its vertices, the lesser first.
    keys: Vec<[u32; 2]>,
    /// Whether any edge has no triangle before it or none behind.
    pub(crate) open: bool,
    table: Table,
}

impl RunEdges {
    /// Links the edges that cross layers `first..end` of a run.
    pub(crate) fn link(&mut self, body: &Body, run: u32, first: u32, end: u32) {
        let triangles = body.triangles_of(run);
        (self.first, self.end) = (first, end);
        self.edges.clear();
        self.spans.clear();
        self.keys.clear();
        self.table.clear(triangles.clone().count());
        for t in triangles.clone() {
            if let Some(passage) = self.passage(body, t) {
                self.lead(&passage);
            }
        }
        if self.edges.iter().any(|edge| edge.before > 1 || edge.next_below == MANY) {
            self.divide(body, triangles);
        }
        self.open = self.edges.iter().any(|edge| edge.before != 1 || edge.next_below == OPEN);
    }

    /// Tells the edges that fall through a triangle where their contours go on.
    #[inline(always)]
    fn lead(&mut self, passage: &Passage) {
        let [low, high] = passage.rising;
        if low != OPEN {
            self.edges[low as usize].before += 1;
        }
        if high != OPEN && high != low {
            self.edges[high as usize].before += 1;
        }
        for &edge in passage.falling.iter().filter(|&&edge| edge != OPEN) {
            let edge = &mut self.edges[edge as usize];
            if edge.behind {
                edge.next_below = MANY;
            } else {
                edge.behind = true;
                edge.next_below = low;
                edge.next_above = high;
                edge.middle = passage.middle;
            }
        }
    }

    /// Divides edges of more than two triangles so that each has one before it and one behind,
    /// as far as they go in pairs, and links all anew.
    fn divide(&mut self, body: &Body, triangles: impl Iterator<Item = u32> + Clone) {
        let many: Vec<bool> =
            self.edges.iter().map(|edge| edge.before > 1 || edge.next_below == MANY).collect();
        let mut sides = Vec::new();
        for t in triangles.clone() {
            let Some(passage) = self.passage(body, t) else { continue };
            for (edge, rising) in passage.sides() {
                if many[edge as usize] {
                    let [a, b] = self.keys[edge as usize];
                    let corners = body.triangle(t);
                    let opposite = corners.into_iter().find(|&v| v != a && v != b);
                    sides.push(Side { edge, triangle: t, rising, opposite: opposite.unwrap_or(a) });
                }
            }
        }
        let lowest = |edge: u32| {
            let [a, b] = self.keys[edge as usize];
            if body.level(a) < body.level(b) { [a, b] } else { [b, a] }
        };
        let (copies, left_out) = resolve(body, sides, lowest, self.edges.len() as u32);
        for edge in &mut self.edges {
            (edge.next_below, edge.next_above, edge.before, edge.behind) = (OPEN, OPEN, 0, false);
        }
        for &of in &copies.of {
            self.edges.push(self.edges[of as usize]);
            self.spans.push(self.spans[of as usize]);
        }
        for t in triangles {
            if left_out.contains(&t) {
                continue;
            }
            if let Some(passage) = self.passage(body, t) {
                self.lead(&passage.over(&copies, t));
            }
        }
    }

    /// The edges of a triangle that the run crosses; `None` if there are none.
    #[inline(always)]
    fn passage(&mut self, body: &Body, t: u32) -> Option<Passage> {
        let corners = body.triangle(t);
        let levels = corners.map(|v| body.level(v));
        let [a, b, c] = levels;
        if a.max(b).max(c) <= self.first || a.min(b).min(c) >= self.end || (a == b && b == c) {
            return None;
        }
        let mut passage = Passage::default();
        let (mut rising, mut falling) = (0, 0);
        for k in 0..3 {
            let n = if k == 2 { 0 } else { k + 1 };
            if levels[k] < levels[n] {
                let edge = self.edge(body, corners[k], corners[n], levels[k], levels[n]);
                // Of two rising edges the one that begins lower comes first.
                if rising == 1 && levels[k] < passage.rising_from {
                    passage.middle = passage.rising_from;
                    passage.rising = [edge, passage.rising[0]];
                } else {
                    if rising == 0 {
                        passage.rising = [edge, edge];
                        passage.rising_from = levels[k];
                    } else {
                        passage.rising[1] = edge;
                    }
                    passage.middle = levels[k];
                }
                rising += 1;
            } else if levels[n] < levels[k] {
                passage.falling[falling] =
                    self.edge(body, corners[n], corners[k], levels[n], levels[k]);
                falling += 1;
            }
        }
        Some(passage)
    }

    /// The edge from vertex `low` up to vertex `high`, or [`OPEN`] if the run does not cross it.
    #[inline(always)]
    fn edge(&mut self, body: &Body, low: u32, high: u32, from: u32, to: u32) -> u32 {
        if from.max(self.first) >= to.min(self.end) {
            return OPEN;
        }
        let key = [low.min(high), low.max(high)];
        let new = self.keys.len() as u32;
        let found = self.table.find_or_insert(key, new, &self.keys);
        if found == new {
            let (a, b) = (body.vertex(low), body.vertex(high));
            let by_height = 1.0 / (b[2] - a[2]);
            self.edges.push(Edge {
                low: a,
                slope: [(b[0] - a[0]) * by_height, (b[1] - a[1]) * by_height],
                next_below: OPEN,
                next_above: OPEN,
                middle: 0,
                before: 0,
                behind: false,
            });
            self.spans.push([from.max(self.first), to.min(self.end)]);
            self.keys.push(key);
        }
        found
    }
}

/// The edges over which contours come into a triangle and leave it.
#[derive(Clone, Copy, Debug)]
struct Passage {
    /// Edges that fall; [`OPEN`] if there is none or the run does not cross it.
    falling: [u32; 2],
    /// Edges that rise: below and from the middle up.
    rising: [u32; 2],
    /// Level at which the first of the rising edges begins.
    rising_from: u32,
    /// Level of the middle corner, if two edges rise.
    middle: u32,
}

impl Default for Passage {
    fn default() -> Self {
        Self { falling: [OPEN; 2], rising: [OPEN; 2], rising_from: 0, middle: 0 }
    }
}

impl Passage {
    /// The edges of the triangle, and whether they rise.
    fn sides(&self) -> impl Iterator<Item = (u32, bool)> + use<> {
        let [low, high] = self.rising;
        let high = if high == low { OPEN } else { high };
        let [one, two] = self.falling;
        [(low, true), (high, true), (one, false), (two, false)]
            .into_iter()
            .filter(|side| side.0 != OPEN)
    }

    /// The same over the copies of its edges that are triangle `t`'s.
    fn over(self, copies: &Copies, t: u32) -> Self {
        let own = |edge: u32| if edge == OPEN { OPEN } else { copies.own(edge, t) };
        Self { falling: self.falling.map(own), rising: self.rising.map(own), ..self }
    }
}

/// Edges by their vertices: open addressing, 4 bytes a slot, at most half full.
#[derive(Debug)]
struct Table {
    /// Number of an edge and 1; 0 for a free slot.
    slots: Vec<u32>,
    shift: u32,
    /// Anew for each table, so that no file can be made whose edges all collide; results do not
    /// depend on it.
    key: u64,
}

impl Default for Table {
    fn default() -> Self {
        Self { slots: Vec::new(), shift: 0, key: RandomState::new().hash_one(1) | 1 }
    }
}

impl Table {
    /// Empties the table and makes room for `n` edges.
    fn clear(&mut self, n: usize) {
        // A closed surface has one and a half times as many edges as triangles.
        let bits = (n.max(64) * 2).next_power_of_two().ilog2();
        self.slots.clear();
        self.slots.resize(1 << bits, 0);
        self.shift = 64 - bits;
    }

    /// Number of the edge of that key, which is `new` if it is not there yet.
    #[inline(always)]
    fn find_or_insert(&mut self, key: [u32; 2], new: u32, keys: &[[u32; 2]]) -> u32 {
        if new as usize >= self.slots.len() / 8 * 7 {
            self.grow(keys);
        }
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = self.slot_of(key);
        loop {
            match self.slots[slot] {
                0 => {
                    self.slots[slot] = new.wrapping_add(1);
                    return new;
                }
                edge if keys[edge as usize - 1] == key => return edge.wrapping_sub(1),
                _ => slot = slot.wrapping_add(1) & mask,
            }
        }
    }

    /// The first slot of a key: a wide multiplication, folded, as in wyhash.
    #[inline(always)]
    fn slot_of(&self, key: [u32; 2]) -> usize {
        let joined = u64::from(key[0]) << 32 | u64::from(key[1]);
        let wide = u128::from(joined ^ self.key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (((wide as u64) ^ (wide >> 64) as u64) >> self.shift) as usize
    }

    #[cold]
    fn grow(&mut self, keys: &[[u32; 2]]) {
        self.shift -= 1;
        self.slots = vec![0; self.slots.len() * 2];
        for (key, number) in keys.iter().zip(1..) {
            let mut slot = self.slot_of(*key);
            while self.slots[slot] != 0 {
                slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
            }
            self.slots[slot] = number;
        }
    }
}
