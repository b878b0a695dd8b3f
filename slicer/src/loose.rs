//! Closes open contours, each join one synthetic segment that is counted.

use crate::region::{GridPoint, Region};

/// An open contour.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chain {
    /// Points from its beginning to its end.
    pub(crate) points: Vec<GridPoint>,
}

/// Most loose ends of a layer that are matched by distance; more are closed each on itself.
const LOOSE_MAX: usize = 300;

/// Square of a distance, in squared steps of the grid.
fn squared(p: GridPoint, q: GridPoint) -> f64 {
    let [dx, dy] = [0, 1].map(|k| f64::from(p[k]) - f64::from(q[k]));
    dx * dx + dy * dy
}

impl Chain {
    fn begin(&self) -> GridPoint {
        self.points[0]
    }

    fn end(&self) -> GridPoint {
        self.points[self.points.len() - 1]
    }

    /// Whether the chain, closed on itself over a gap of `gap_squared`, would enclose next to
    /// nothing: it is hardly longer than the gap.
    fn is_strip(&self, gap_squared: f64) -> bool {
        let length: f64 = self.points.windows(2).map(|w| squared(w[0], w[1]).sqrt()).sum();
        length < 1.5 * gap_squared.sqrt()
    }
}

/// Joins open contours, the nearest ends first, and adds what they enclose; gives the number of
/// synthetic segments.
pub(crate) fn close_chains(chains: Vec<Chain>, region: &mut Region) -> u32 {
    let n = chains.len();
    let next = partners(&chains);
    let mut used = vec![false; n];
    let mut segments = 0;
    for first in 0..n {
        if used[first] {
            continue;
        }
        let mut k = first;
        let mut ring: Vec<GridPoint> = Vec::new();
        while !used[k] {
            used[k] = true;
            ring.extend(&chains[k].points);
            segments += 1;
            k = next[k];
        }
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        region.push(ring);
    }
    segments
}

/// For each chain the one that follows it.
fn partners(chains: &[Chain]) -> Vec<usize> {
    let n = chains.len();
    let mut next: Vec<usize> = (0..n).collect();
    if n > LOOSE_MAX {
        return next;
    }
    let mut pairs: Vec<(f64, bool, usize, usize)> = (0..n)
        .flat_map(|a| (0..n).map(move |b| (a, b)))
        .map(|(a, b)| {
            let gap = squared(chains[a].end(), chains[b].begin());
            let strip = a == b && chains[a].is_strip(gap);
            (if strip { f64::INFINITY } else { gap }, a != b, a, b)
        })
        .collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).then((x.2, x.3).cmp(&(y.2, y.3))));
    let (mut has_next, mut has_before) = (vec![false; n], vec![false; n]);
    for (_, _, a, b) in pairs {
        if !has_next[a] && !has_before[b] {
            (next[a], has_next[a], has_before[b]) = (b, true, true);
        }
    }
    next
}
