//! Makes edges that run almost along one another run along one another exactly.
//!
//! Walls of real models are upright up to rounding, so that their upper and lower rims, cut up
//! differently, lie on one another within a few steps of the grid. Left alone, they cross in
//! thousands of places. Here, close vertices become one and edges go through every vertex that
//! they pass closely; most of such edges then cancel or are the same.

/// How far a vertex may be moved, and how far an edge may be bent, steps of the grid: single
/// precision of coordinates up to 256 mm.
const CLOSE: f64 = 4.0;
/// Cells of the table for each edge; it keeps the table linear in its input.
const CELLS_PER_EDGE: usize = 4;

/// The edges between ids of `points`, bent so that they pass no point closely. Edges and their
/// reverse cancel.
pub(super) fn noded(edges: &[(u32, u32)], points: &mut Vec<[i32; 2]>) -> Vec<(u32, u32)> {
    let (ids, kept) = merged(edges, points);
    *points = kept;
    let table = Table::new(points, edges.len());
    let mut bent = Vec::with_capacity(edges.len() * 2);
    let mut on = Vec::new();
    for &(a, b) in edges {
        let (a, b) = (ids[a as usize], ids[b as usize]);
        if a == b {
            continue;
        }
        // An edge and its reverse are cut at the same points.
        let (low, high) = (a.min(b), a.max(b));
        table.along(points, low, high, &mut on);
        let start = bent.len();
        let mut from = low;
        for &(_, v) in &on {
            bent.push((from, v));
            from = v;
        }
        bent.push((from, high));
        if a > b {
            for edge in &mut bent[start..] {
                *edge = (edge.1, edge.0);
            }
        }
    }
    super::cancelled(bent)
}

/// For every old point its new id, and the new points: of close ones, the first is kept.
fn merged(edges: &[(u32, u32)], points: &[[i32; 2]]) -> (Vec<u32>, Vec<[i32; 2]>) {
    let mut used: Vec<u32> = edges.iter().flat_map(|e| [e.0, e.1]).collect();
    used.sort_unstable();
    used.dedup();
    used.sort_by_key(|&v| points[v as usize]);
    let mut ids = vec![u32::MAX; points.len()];
    let mut kept: Vec<[i32; 2]> = Vec::new();
    let mut first = 0;
    for v in used {
        let p = points[v as usize];
        while first < kept.len() && f64::from(p[0]) - f64::from(kept[first][0]) > CLOSE {
            first += 1;
        }
        let near = (first..kept.len()).rev().find(|&k| distance(p, kept[k]) <= CLOSE);
        ids[v as usize] = near.unwrap_or(kept.len()) as u32;
        if near.is_none() {
            kept.push(p);
        }
    }
    (ids, kept)
}

fn distance(p: [i32; 2], q: [i32; 2]) -> f64 {
    let d = [0, 1].map(|k| f64::from(p[k]) - f64::from(q[k]));
    d[0].hypot(d[1])
}

/// Points in cells of a regular grid, by row and column.
struct Table {
    low: [f64; 2],
    cell: f64,
    dims: [usize; 2],
    starts: Vec<u32>,
    ids: Vec<u32>,
}

impl Table {
    fn new(points: &[[i32; 2]], edges: usize) -> Self {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for p in points {
            for k in 0..2 {
                low[k] = low[k].min(f64::from(p[k]));
                high[k] = high[k].max(f64::from(p[k]));
            }
        }
        let size = (0..2).map(|k| high[k] - low[k]).fold(1.0, f64::max);
        let across = ((edges * CELLS_PER_EDGE) as f64).sqrt().ceil().clamp(1.0, 2048.0);
        let cell = (size / across).max(2.0 * CLOSE);
        let dims = [0, 1].map(|k| ((high[k] - low[k]).max(0.0) / cell) as usize + 1);
        let mut table =
            Self { low, cell, dims, starts: vec![0; dims[0] * dims[1] + 1], ids: Vec::new() };
        let cells: Vec<usize> = points
            .iter()
            .map(|p| {
                let [x, y] = [0, 1].map(|k| table.index(k, f64::from(p[k])));
                y * dims[0] + x
            })
            .collect();
        for &c in &cells {
            table.starts[c + 1] += 1;
        }
        for c in 1..table.starts.len() {
            table.starts[c] += table.starts[c - 1];
        }
        let mut next = table.starts.clone();
        table.ids = vec![0; points.len()];
        for (v, &c) in cells.iter().enumerate() {
            table.ids[next[c] as usize] = v as u32;
            next[c] += 1;
        }
        table
    }

    /// The row or column of a coordinate.
    fn index(&self, axis: usize, x: f64) -> usize {
        (((x - self.low[axis]) / self.cell).max(0.0) as usize).min(self.dims[axis] - 1)
    }

    /// The points that the edge from `a` to `b` passes closely, in order, with their place on it.
    fn along(&self, points: &[[i32; 2]], a: u32, b: u32, on: &mut Vec<(f64, u32)>) {
        on.clear();
        let [p, q] = [a, b].map(|v| points[v as usize].map(f64::from));
        let d = [q[0] - p[0], q[1] - p[1]];
        let length = d[0].hypot(d[1]);
        let [x0, x1] = [p[0].min(q[0]) - CLOSE, p[0].max(q[0]) + CLOSE];
        for column in self.index(0, x0)..=self.index(0, x1) {
            let [y0, y1] = self.heights(column, p, q);
            for row in self.index(1, y0)..=self.index(1, y1) {
                let c = row * self.dims[0] + column;
                for &v in &self.ids[self.starts[c] as usize..self.starts[c + 1] as usize] {
                    let r = points[v as usize].map(f64::from);
                    let e = [r[0] - p[0], r[1] - p[1]];
                    let off = (d[0] * e[1] - d[1] * e[0]) / length;
                    let at = (d[0] * e[0] + d[1] * e[1]) / length;
                    if off.abs() <= CLOSE && at > 0.0 && at < length && v != a && v != b {
                        on.push((at, v));
                    }
                }
            }
        }
        on.sort_by(|s, t| s.0.total_cmp(&t.0).then(s.1.cmp(&t.1)));
    }

    /// Least and greatest y of an edge within a column, with what is close to it.
    fn heights(&self, column: usize, p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
        let left = self.low[0] + column as f64 * self.cell - CLOSE;
        let right = left + self.cell + 2.0 * CLOSE;
        let at = |x: f64| {
            let (near, far) = if p[0] < q[0] { (p, q) } else { (q, p) };
            if x <= near[0] {
                near[1]
            } else if x >= far[0] {
                far[1]
            } else {
                near[1] + (x - near[0]) / (far[0] - near[0]) * (far[1] - near[1])
            }
        };
        let (s, t) = (at(left), at(right));
        // An edge straight up has all its heights in one column.
        if (p[0] - q[0]).abs() < 4.0 * CLOSE {
            return [p[1].min(q[1]) - CLOSE, p[1].max(q[1]) + CLOSE];
        }
        [s.min(t) - 2.0 * CLOSE, s.max(t) + 2.0 * CLOSE]
    }
}
