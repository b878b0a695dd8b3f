//! Outlines with fewer corners that still hold the whole of the old ones.

use platewright_model::strip::ring_area;

use super::convex::{Point, cross};

/// A way to take one corner away.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The corner at which the outline turns inward.
    Drop(usize),
    /// The edge from a corner to the next: both become the point where their other edges meet.
    Meet(usize, Point),
}

/// Takes corners away as long as the area grows by no more than a share of it, those that add
/// least first. The outline runs counter-clockwise and stays simple.
pub(super) fn simplified(outline: &[Point], share: f64) -> Vec<Point> {
    let mut ring = outline.to_vec();
    let mut left = ring_area(&ring) * share;
    while ring.len() > 3 {
        let best =
            (0..ring.len()).filter_map(|i| step(&ring, i, left)).min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((added, step)) = best else { break };
        left -= added;
        match step {
            Step::Drop(i) => {
                ring.remove(i);
            }
            Step::Meet(i, point) => {
                ring[i] = point;
                ring.remove((i + 1) % ring.len());
            }
        }
    }
    ring
}

/// The step at a corner that adds at most so much area, and how much it adds.
fn step(ring: &[Point], i: usize, most: f64) -> Option<(f64, Step)> {
    let n = ring.len();
    let (before, here, next) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
    let turn = cross(before, here, next);
    if turn <= 0.0 {
        let added = -turn / 2.0;
        let free = added <= most && is_free(ring, &[before, next], &[i]) && {
            let inside = |p: Point| {
                cross(before, next, p) < 0.0
                    && cross(here, before, p) < 0.0
                    && cross(next, here, p) < 0.0
            };
            !ring.iter().any(|&p| inside(p))
        };
        return free.then_some((added, Step::Drop(i)));
    }
    let after = ring[(i + 2) % n];
    if n < 5 || cross(here, next, after) <= 0.0 {
        return None;
    }
    let point = meeting(before, here, after, next)?;
    let added = cross(here, point, next).abs() / 2.0;
    let free = added <= most && is_free(ring, &[here, point, next], &[i, (i + 1) % n]);
    free.then_some((added, Step::Meet(i, point)))
}

/// Where the ray from `a` through `b` meets that from `c` through `d`, beyond `b` and `d`.
fn meeting(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let (u, v) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let by = u[0] * v[1] - u[1] * v[0];
    let w = [d[0] - b[0], d[1] - b[1]];
    let (s, t) = ((w[0] * v[1] - w[1] * v[0]) / by, (w[0] * u[1] - w[1] * u[0]) / by);
    // NaN is not above 0.
    (s > 0.0 && t > 0.0 && s.is_finite()).then(|| [b[0] + s * u[0], b[1] + s * u[1]])
}

/// Whether a new line of points meets no edge of the ring but those at the corners it replaces
/// and begins and ends at.
fn is_free(ring: &[Point], line: &[Point], replaced: &[usize]) -> bool {
    let n = ring.len();
    (0..n).all(|k| {
        let (from, to) = (ring[k], ring[(k + 1) % n]);
        if replaced.contains(&k) || replaced.contains(&((k + 1) % n)) {
            return true;
        }
        line.windows(2).all(|piece| !crosses(piece[0], piece[1], from, to))
    })
}

/// Whether two segments have a point in common, other than a common end.
fn crosses(a: Point, b: Point, c: Point, d: Point) -> bool {
    if [c, d].contains(&a) || [c, d].contains(&b) {
        return false;
    }
    let (c_side, d_side) = (cross(a, b, c), cross(a, b, d));
    let (a_side, b_side) = (cross(c, d, a), cross(c, d, b));
    let reach = |k: usize| a[k].min(b[k]) <= c[k].max(d[k]) && c[k].min(d[k]) <= a[k].max(b[k]);
    c_side * d_side <= 0.0 && a_side * b_side <= 0.0 && reach(0) && reach(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A circle with a wave on it.
    fn wavy(n: usize, depth: f64) -> Vec<Point> {
        (0..n)
            .map(|k| {
                let angle = k as f64 / n as f64 * std::f64::consts::TAU;
                let r = 10.0 + depth * (7.0 * angle).sin();
                [r * angle.cos(), r * angle.sin()]
            })
            .collect()
    }

    fn holds(ring: &[Point], p: Point) -> bool {
        let n = ring.len();
        let mut inside = false;
        for k in 0..n {
            let (a, b) = (ring[k], ring[(k + 1) % n]);
            if cross(a, b, p).abs() < 1e-9
                && (p[0] - a[0]) * (p[0] - b[0]) + (p[1] - a[1]) * (p[1] - b[1]) <= 1e-9
            {
                return true;
            }
            if (a[1] > p[1]) != (b[1] > p[1]) {
                let x = a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                inside ^= p[0] < x;
            }
        }
        inside
    }

    #[test]
    fn the_simplified_outline_holds_the_old_one_and_is_hardly_larger() {
        for depth in [0.0, 0.3, 2.0] {
            let old = wavy(200, depth);
            let new = simplified(&old, 0.001);
            assert!(4 * new.len() < 3 * old.len(), "{} of {}", new.len(), old.len());
            let (before, after) = (ring_area(&old), ring_area(&new));
            assert!(after >= before && after <= before * 1.0011, "{before} {after}");
            assert!(old.iter().all(|&p| holds(&new, p)), "depth {depth}");
        }
    }

    #[test]
    fn an_outline_without_spare_corners_stays() {
        let square = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        assert_eq!(simplified(&square, 0.001), square);
    }
}
