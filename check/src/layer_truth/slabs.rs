//! Areas of the regions that directed segments enclose, by slabs between all their ends and
//! crossings.
//!
//! Level lines through every end and every crossing of two segments divide the plane into slabs.
//! Within a slab no two segments cross, so that they are in one order from left to right, and the
//! winding number is constant between two neighbours: the region is a row of trapezoids, each as
//! large as its width half-way up times the height of the slab. (Trapezoidal decomposition; the
//! crossings as in Bentley and Ottmann 1979, but by comparing all segments that share a height.)
//!
//! Nothing here can go wrong by much: a crossing that rounding hides or moves changes the area by
//! about the rounding error itself, and segments on one line are neighbours without width.

use super::cut::Segment;

/// Areas that three fill rules give to the region of a cut, mm².
///
/// The winding number of a place is counted from far −x. Where segments do not close, it depends
/// on that direction, and so do the areas.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CutAreas {
    /// Where the winding number is at least 1: the rule of 3MF (ISO/IEC 25422), and ours.
    pub positive: f64,
    /// Where the winding number is not 0.
    pub non_zero: f64,
    /// Where the winding number is odd.
    pub even_odd: f64,
}

/// A segment that is not level, its lower end first.
#[derive(Clone, Copy)]
struct Edge {
    low: [f64; 2],
    high: [f64; 2],
    /// Change of x a unit of y.
    slope: f64,
    /// What the winding number rises by from the left of the edge to its right.
    turn: i32,
}

impl Edge {
    fn x(&self, y: f64) -> f64 {
        self.low[0] + (y - self.low[1]) * self.slope
    }
}

/// Areas of the region that directed segments enclose.
pub(super) fn region_areas(segments: &[Segment]) -> CutAreas {
    let edges = upright(segments);
    let mut lines: Vec<f64> = edges.iter().flat_map(|e| [e.low[1], e.high[1]]).collect();
    lines.extend(crossings(&edges));
    lines.sort_by(f64::total_cmp);
    lines.dedup();
    let mut areas = CutAreas::default();
    let (mut next, mut active) = (0, Vec::<(f64, Edge)>::new());
    for slab in lines.windows(2) {
        let (height, middle) = (slab[1] - slab[0], f64::midpoint(slab[0], slab[1]));
        active.retain(|(_, e)| e.high[1] > slab[0]);
        while next < edges.len() && edges[next].low[1] <= slab[0] {
            active.push((0.0, edges[next]));
            next += 1;
        }
        for (x, edge) in &mut active {
            *x = edge.x(middle);
        }
        // Nearly in order already: the order of the slab before.
        active.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut winding = 0;
        for pair in active.windows(2) {
            winding += pair[0].1.turn;
            let area = (pair[1].0 - pair[0].0) * height;
            areas.positive += if winding >= 1 { area } else { 0.0 };
            areas.non_zero += if winding != 0 { area } else { 0.0 };
            areas.even_odd += if winding % 2 != 0 { area } else { 0.0 };
        }
    }
    areas
}

/// The segments that are not level, by their lower end. They are taken about an end of the cut
/// itself, so that a cut far from the origin is as exact as one near it.
fn upright(segments: &[Segment]) -> Vec<Edge> {
    let Some(&[origin, _]) = segments.first() else { return Vec::new() };
    let about = |p: [f64; 2]| [p[0] - origin[0], p[1] - origin[1]];
    let edges = segments.iter().filter(|[a, b]| a[1] != b[1]).filter_map(|[a, b]| {
        let (low, high, turn) = if a[1] < b[1] { (a, b, -1) } else { (b, a, 1) };
        let (low, high) = (about(*low), about(*high));
        let slope = (high[0] - low[0]) / (high[1] - low[1]);
        (low[1] < high[1] && slope.is_finite()).then_some(Edge { low, high, slope, turn })
    });
    let mut edges: Vec<Edge> = edges.collect();
    edges.sort_by(|a, b| a.low[1].total_cmp(&b.low[1]).then(a.low[0].total_cmp(&b.low[0])));
    edges
}

/// Heights at which two edges change places.
fn crossings(edges: &[Edge]) -> Vec<f64> {
    let mut heights = Vec::new();
    let mut active: Vec<&Edge> = Vec::new();
    for edge in edges {
        active.retain(|other| other.high[1] > edge.low[1]);
        for other in &active {
            let top = edge.high[1].min(other.high[1]);
            let below = edge.low[0] - other.x(edge.low[1]);
            let above = edge.x(top) - other.x(top);
            if (below < 0.0) != (above < 0.0) && below != 0.0 && above != 0.0 {
                let y = edge.low[1] + (top - edge.low[1]) * (below / (below - above));
                heights.push(y);
            }
        }
        active.push(edge);
    }
    heights
}
