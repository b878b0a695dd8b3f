//! Area of a part seen from above, by a scan along rows.
//!
//! Exact along x, sampled at the middle of each row along y; good to about one row in y, which
//! is what the density of a plate is checked to.

use super::vector::{Bounds, Triangle};

/// Rows of a scan.
const ROWS: usize = 1000;

/// The area that some triangles cover, seen from above, mm².
pub(crate) fn shadow(triangles: &[Triangle], bounds: &Bounds) -> f64 {
    let depth = bounds.max[1] - bounds.min[1];
    if triangles.is_empty() || depth <= 0.0 {
        return 0.0;
    }
    let row = depth / ROWS as f64;
    let mut spans: Vec<Vec<(f64, f64)>> = vec![Vec::new(); ROWS];
    for t in triangles {
        let low = t.iter().map(|p| p[1]).fold(f64::INFINITY, f64::min);
        let high = t.iter().map(|p| p[1]).fold(f64::NEG_INFINITY, f64::max);
        let first = ((low - bounds.min[1]) / row - 0.5).ceil().max(0.0) as usize;
        for (k, spans) in spans.iter_mut().enumerate().skip(first) {
            let y = bounds.min[1] + (k as f64 + 0.5) * row;
            if y > high {
                break;
            }
            if let Some(span) = cut(t, y) {
                spans.push(span);
            }
        }
    }
    row * spans.iter_mut().map(|spans| union(spans)).sum::<f64>()
}

/// Where the line at `y` runs through a triangle seen from above.
fn cut(t: &Triangle, y: f64) -> Option<(f64, f64)> {
    let mut span = (f64::INFINITY, f64::NEG_INFINITY);
    for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
        if (a[1] <= y) != (b[1] <= y) {
            let x = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            span = (span.0.min(x), span.1.max(x));
        }
    }
    (span.0 <= span.1).then_some(span)
}

/// Length of the union of some spans.
fn union(spans: &mut [(f64, f64)]) -> f64 {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut length, mut end) = (0.0, f64::NEG_INFINITY);
    for &mut (from, to) in spans {
        length += (to - from.max(end)).max(0.0);
        end = end.max(to);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::super::box_triangles;
    use super::*;

    #[test]
    fn the_shadow_of_boxes_is_the_union_of_their_plans() {
        let mut triangles = box_triangles(&Bounds { min: [0.0; 3], max: [10.0, 20.0, 5.0] });
        triangles.extend(box_triangles(&Bounds { min: [5.0, 0.0, 6.0], max: [15.0, 20.0, 9.0] }));
        let area = shadow(&triangles, &Bounds::around(&triangles));
        assert!((area - 300.0).abs() < 1e-9, "{area}");
    }
}
