//! Outlines with fewer corners that still hold the whole of the old ones.

use platewright_model::strip::ring_area;

use super::convex::{Point, cross};
use super::pieces::bounds_of;

/// A way to take one corner away.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The corner, at which the outline turns inward, is left out.
    Drop,
    /// The corner and the next become the point where their other edges meet.
    Meet(Point),
}

/// Takes corners away as long as the area grows by no more than a share of it, those that add
/// least first. The outline runs counter-clockwise and stays simple; its box does not grow, so that
/// what just fits still does.
pub(super) fn simplified(outline: &[Point], share: f64) -> Vec<Point> {
    let mut ring = outline.to_vec();
    let mut left = ring_area(&ring) * share;
    let bounds = bounds_of(outline);
    let mut steps: Vec<(f64, Step)> = (0..ring.len()).map(|i| step(&ring, bounds, i)).collect();
    while ring.len() > 3 {
        let least = (0..ring.len()).min_by(|&i, &j| steps[i].0.total_cmp(&steps[j].0));
        let Some(i) = least.filter(|&i| steps[i].0 <= left) else { break };
        let (added, step_here) = steps[i];
        if !stays_simple(&ring, i, step_here) {
            // Not again before a corner near it has changed.
            steps[i].0 = f64::INFINITY;
            continue;
        }
        left -= added;
        let gone = match step_here {
            Step::Drop => i,
            Step::Meet(point) => {
                ring[i] = point;
                (i + 1) % ring.len()
            }
        };
        ring.remove(gone);
        steps.remove(gone);
        let n = ring.len();
        // A step looks at the corner before its own and the two after it.
        for k in gone + n - 3..=gone + n {
            steps[k % n] = step(&ring, bounds, k % n);
        }
    }
    ring
}

/// The step at a corner within a box and how much area it adds, without end if there is none.
fn step(ring: &[Point], [low, high]: [Point; 2], i: usize) -> (f64, Step) {
    let n = ring.len();
    let [before, here, next, after] = [n - 1, 0, 1, 2].map(|k| ring[(i + k) % n]);
    let turn = cross(before, here, next);
    if turn <= 0.0 {
        return (-turn / 2.0, Step::Drop);
    }
    let within = |p: &Point| (0..2).all(|k| low[k] <= p[k] && p[k] <= high[k]);
    let point = (n >= 5 && cross(here, next, after) > 0.0)
        .then(|| meeting(before, here, after, next))
        .flatten()
        .filter(within);
    let added = point.map_or(f64::INFINITY, |point| cross(here, point, next).abs() / 2.0);
    (added, Step::Meet(point.unwrap_or(here)))
}

/// Whether the outline touches itself nowhere after a step at a corner.
fn stays_simple(ring: &[Point], i: usize, step: Step) -> bool {
    let n = ring.len();
    let [before, here, next] = [n - 1, 0, 1].map(|k| ring[(i + k) % n]);
    let inside = |p: Point| {
        cross(before, next, p) < 0.0 && cross(here, before, p) < 0.0 && cross(next, here, p) < 0.0
    };
    match step {
        Step::Drop => is_free(ring, &[before, next], &[i]) && !ring.iter().any(|&p| inside(p)),
        Step::Meet(point) => is_free(ring, &[here, point, next], &[i, (i + 1) % n]),
    }
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

    #[test]
    fn the_box_does_not_grow() {
        let tip = vec![
            [624.0, 0.0],
            [762.0, 0.0],
            [880.0, 222.0],
            [880.0, 352.0],
            [556.0, 834.0],
            [232.0, 1000.0],
            [0.0, 652.0],
            [0.0, 134.0],
        ];
        assert_eq!(bounds_of(&simplified(&tip, 0.02)), [[0.0, 0.0], [880.0, 1000.0]]);
        assert_eq!(bounds_of(&simplified(&wavy(300, 0.3), 0.01)), bounds_of(&wavy(300, 0.3)));
    }
}
