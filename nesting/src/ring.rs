//! Outlines of no use are told.

use platewright_model::strip::ring_area;

/// Most corners of an outline.
const CORNERS_MAX: usize = 20_000;
/// Coordinates beyond this are no lengths that anything is made of.
pub(crate) const REACH: f64 = 1e12;

/// Whether a ring is a simple polygon of lengths.
///
/// # Errors
/// What is wrong, and how to mend it.
pub(crate) fn validate_ring(ring: &[[f64; 2]]) -> Result<(), String> {
    if ring.len() > CORNERS_MAX {
        return Err(format!("{} corners; thin the outline out to {CORNERS_MAX}", ring.len()));
    }
    if let Some(p) = ring.iter().flatten().find(|x| x.is_nan() || x.abs() > REACH) {
        return Err(format!("the coordinate {p} is no length"));
    }
    let extent = |k: usize| {
        let of = || ring.iter().map(|p| p[k]);
        of().fold(f64::NEG_INFINITY, f64::max) - of().fold(f64::INFINITY, f64::min)
    };
    if ring.len() < 3 || ring_area(ring).abs() <= 1e-9 * extent(0).max(extent(1)).powi(2) {
        return Err("the outline encloses no area; give at least 3 corners in order".to_owned());
    }
    if let Some((a, b)) = first_crossing(ring) {
        return Err(format!("edges {a} and {b} meet; give an outline that does not cross itself"));
    }
    Ok(())
}

/// The first two edges, not neighbours, that have a point in common.
fn first_crossing(ring: &[[f64; 2]]) -> Option<(usize, usize)> {
    let n = ring.len();
    let edge = |k: usize| (ring[k], ring[(k + 1) % n]);
    let mut by_left: Vec<usize> = (0..n).collect();
    let span = |k: usize| {
        let (a, b) = edge(k);
        (a[0].min(b[0]), a[0].max(b[0]))
    };
    by_left.sort_by(|&a, &b| span(a).0.total_cmp(&span(b).0));
    for (rank, &a) in by_left.iter().enumerate() {
        for &b in by_left[rank + 1..].iter().take_while(|&&b| span(b).0 <= span(a).1) {
            let neighbours = (a + 1) % n == b || (b + 1) % n == a;
            if !neighbours && meet(edge(a), edge(b)) {
                return Some((a.min(b), a.max(b)));
            }
        }
    }
    None
}

fn meet((a, b): ([f64; 2], [f64; 2]), (c, d): ([f64; 2], [f64; 2])) -> bool {
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    let reach = |k: usize| a[k].min(b[k]) <= c[k].max(d[k]) && c[k].min(d[k]) <= a[k].max(b[k]);
    reach(0)
        && reach(1)
        && side(a, b, c) * side(a, b, d) <= 0.0
        && side(c, d, a) * side(c, d, b) <= 0.0
}
