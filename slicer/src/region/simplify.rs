//! Fewer points for contours, within a bound on the Hausdorff distance.

use super::{GRID_MM, GridPoint, Region};

impl Region {
    /// The region with fewer points; neither contour is further than `tolerance` mm from the
    /// other.
    ///
    /// Divide and conquer after Ramer (1972) and Douglas and Peucker (1973). A contour that
    /// would shrink to fewer than three points stays as it is.
    #[must_use]
    pub fn simplified(&self, tolerance: f64) -> Self {
        let mut simple = Self::default();
        for ring in self.rings() {
            simple.push(simplified_ring(ring, tolerance / GRID_MM));
        }
        simple
    }
}

/// Leaves points out of a ring; `tolerance` in steps of the grid.
fn simplified_ring(ring: &[GridPoint], tolerance: f64) -> Vec<GridPoint> {
    let n = ring.len();
    if n <= 3 {
        return ring.to_vec();
    }
    let [a, b] = extremes(ring);
    if a == b {
        return ring.to_vec();
    }
    let mut keep = vec![false; n];
    (keep[a], keep[b]) = (true, true);
    // Spans as (first, last) with last possibly beyond n: index modulo n.
    let mut open = vec![(a, b), (b, a + n)];
    while let Some((from, to)) = open.pop() {
        let mut worst = (tolerance * tolerance, 0);
        for k in from + 1..to {
            let d = distance_squared(ring[k % n], ring[from % n], ring[to % n]);
            if d > worst.0 {
                worst = (d, k);
            }
        }
        if worst.1 != 0 {
            keep[worst.1 % n] = true;
            open.push((from, worst.1));
            open.push((worst.1, to));
        }
    }
    let kept: Vec<_> = (0..n).filter(|&k| keep[k]).map(|k| ring[k]).collect();
    if kept.len() < 3 { ring.to_vec() } else { kept }
}

/// The two points that lie farthest along a slanting line, the lesser number first: both stay,
/// as extremes never go anyway.
fn extremes(ring: &[GridPoint]) -> [usize; 2] {
    let along = |k: usize| f64::from(ring[k][0]) + 0.618 * f64::from(ring[k][1]);
    let (mut least, mut greatest) = (0, 0);
    for k in 1..ring.len() {
        if along(k) < along(least) {
            least = k;
        }
        if along(k) > along(greatest) {
            greatest = k;
        }
    }
    [least.min(greatest), least.max(greatest)]
}

/// Square of the distance of `p` to the segment from `a` to `b`.
fn distance_squared(p: GridPoint, a: GridPoint, b: GridPoint) -> f64 {
    let from_a = |q: GridPoint| [0, 1].map(|k| f64::from(q[k]) - f64::from(a[k]));
    let ([dx, dy], [px, py]) = (from_a(b), from_a(p));
    let length = dx * dx + dy * dy;
    let s = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (px - s * dx).powi(2) + (py - s * dy).powi(2)
}
