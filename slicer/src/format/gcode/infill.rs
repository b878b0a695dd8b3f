//! Straight lines through a region.

use std::collections::BTreeMap;

use crate::region::{GridPoint, Region};

/// Lines at multiples of `spacing` steps of the grid, along x or along y, as far as they lie in
/// the region; from line to line the direction changes. The contours must neither cross nor
/// overlap.
pub(super) fn lines(region: &Region, spacing: i32, along_x: bool) -> Vec<[GridPoint; 2]> {
    let (u, v) = if along_x { (0, 1) } else { (1, 0) };
    let mut crossings: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for ring in region.rings() {
        let mut a = ring[ring.len() - 1];
        for &b in ring {
            let (low, high) = if a[v] < b[v] { (a, b) } else { (b, a) };
            // A point on a line counts as below it, so that each crossing is met once.
            let from = low[v].div_euclid(spacing) + 1;
            for k in from..=high[v].div_euclid(spacing) {
                let across = f64::from(k * spacing - low[v]) / f64::from(high[v] - low[v]);
                let at = f64::from(low[u]) + across * f64::from(high[u] - low[u]);
                crossings.entry(k).or_default().push(at.round() as i32);
            }
            a = b;
        }
    }
    let mut lines = Vec::new();
    for (k, mut at) in crossings {
        at.sort_unstable();
        let point = |x: i32| if along_x { [x, k * spacing] } else { [k * spacing, x] };
        let (pairs, _) = at.as_chunks::<2>();
        let spans = pairs.iter().filter(|[from, to]| from < to);
        if k % 2 == 0 {
            lines.extend(spans.map(|&[from, to]| [point(from), point(to)]));
        } else {
            lines.extend(spans.rev().map(|&[from, to]| [point(to), point(from)]));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_contours() {
        let mut region = Region::default();
        region.push([[0, 0], [100, 0], [100, 100], [0, 100]]);
        region.push([[40, 40], [40, 60], [60, 60], [60, 40]]);
        let found = lines(&region, 25, true);
        let want = [
            [[100, 25], [0, 25]],
            [[0, 50], [40, 50]],
            [[60, 50], [100, 50]],
            [[100, 75], [0, 75]],
            [[0, 100], [100, 100]],
        ];
        assert_eq!(found, want);
        let turned: Vec<_> = want.iter().map(|l| l.map(|[x, y]| [y, x])).collect();
        assert_eq!(lines(&region, 25, false), turned);
        assert!(lines(&region, 1000, true).is_empty());
        assert!(lines(&Region::default(), 5, true).is_empty());
    }
}
