//! Fewer points for a contour, within a bound on the Hausdorff distance.

/// Leaves points out of a closed contour; every point left out is within `tolerance` mm of the
/// line that replaces it, so that neither contour is further than `tolerance` from the other.
///
/// Divide and conquer after Ramer (1972) and Douglas and Peucker (1973), between the two points
/// farthest from each other along x and y. A contour that would shrink to fewer than three
/// points is returned as it is.
pub fn simplify_ring(ring: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let n = ring.len();
    if n <= 3 {
        return ring.to_vec();
    }
    // The two ends must be points of the result; the extremes of a diagonal never go anyway.
    let extreme = |sign: f64| {
        (0..n)
            .max_by(|&i, &j| {
                let s = |k: usize| sign * (ring[k][0] + 0.618 * ring[k][1]);
                s(i).total_cmp(&s(j)).then(j.cmp(&i))
            })
            .expect("the contour has points")
    };
    let (a, b) = (extreme(-1.0), extreme(1.0));
    let (a, b) = (a.min(b), a.max(b));
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

/// Square of the distance of `p` to the segment from `a` to `b`.
fn distance_squared(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let (px, py) = (p[0] - a[0], p[1] - a[1]);
    let s = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (px - s * dx).powi(2) + (py - s * dy).powi(2)
}
