//! Geometry of rings in the plane, in double precision.

/// A point in the plane, mm.
pub(super) type Point = [f64; 2];

/// A ring of points, not closed.
pub(super) type Ring = Vec<Point>;

/// An axis-aligned rectangle: least and greatest corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) min: Point,
    pub(super) max: Point,
}

impl Rect {
    /// Bounding rectangle of points; `None` without points.
    pub(super) fn around(points: &[Point]) -> Option<Self> {
        let first = *points.first()?;
        let mut r = Self { min: first, max: first };
        for p in points {
            r.min = [r.min[0].min(p[0]), r.min[1].min(p[1])];
            r.max = [r.max[0].max(p[0]), r.max[1].max(p[1])];
        }
        Some(r)
    }

    /// Edge lengths.
    pub(super) fn size(&self) -> Point {
        [self.max[0] - self.min[0], self.max[1] - self.min[1]]
    }

    /// The rectangle, moved.
    pub(super) fn moved(&self, t: Point) -> Self {
        Self {
            min: [self.min[0] + t[0], self.min[1] + t[1]],
            max: [self.max[0] + t[0], self.max[1] + t[1]],
        }
    }

    /// Gap to another rectangle along the axis where it is greatest; negative if they overlap.
    pub(super) fn gap(&self, other: &Self) -> f64 {
        let along = |k: usize| (other.min[k] - self.max[k]).max(self.min[k] - other.max[k]);
        along(0).max(along(1))
    }

    /// The four corners, counter-clockwise.
    pub(super) fn corners(&self) -> Ring {
        vec![self.min, [self.max[0], self.min[1]], self.max, [self.min[0], self.max[1]]]
    }
}

/// `(b - a) × (c - a)`: positive if `a, b, c` turn left.
pub(super) fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Convex hull, counter-clockwise, without collinear points (Andrew's monotone chain, 1979).
pub(super) fn hull(points: &[Point]) -> Ring {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut chain: Ring = Vec::new();
    for pass in 0..2 {
        let floor = chain.len() + 1 - pass;
        for i in 0..sorted.len() {
            let p = sorted[if pass == 0 { i } else { sorted.len() - 1 - i }];
            if pass == 1 && i == 0 {
                continue;
            }
            while chain.len() > floor
                && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
    }
    chain.pop();
    chain
}

/// Squared distance of `p` from the segment `a b`.
fn point_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let len = dx * dx + dy * dy;
    let t = if len > 0.0 {
        (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / len).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (ex, ey) = (p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
    ex * ex + ey * ey
}

/// Squared distance of two segments, 0 if they meet.
fn segment_segment(a: Point, b: Point, c: Point, d: Point) -> f64 {
    let (s1, s2) = (cross(a, b, c), cross(a, b, d));
    let (s3, s4) = (cross(c, d, a), cross(c, d, b));
    if s1 * s2 < 0.0 && s3 * s4 < 0.0 {
        return 0.0;
    }
    point_segment(a, c, d)
        .min(point_segment(b, c, d))
        .min(point_segment(c, a, b))
        .min(point_segment(d, a, b))
}

/// Segments of a ring, moved by `t`, whose box comes within `reach` of `window`.
fn near(ring: &[Point], t: Point, window: &Rect, reach: f64) -> Vec<(Point, Point)> {
    let n = ring.len();
    let moved = |p: Point| [p[0] + t[0], p[1] + t[1]];
    (0..n)
        .map(|i| (moved(ring[i]), moved(ring[(i + 1) % n])))
        .filter(|&(a, b)| {
            let r = Rect {
                min: [a[0].min(b[0]), a[1].min(b[1])],
                max: [a[0].max(b[0]), a[1].max(b[1])],
            };
            r.gap(window) <= reach
        })
        .collect()
}

/// Whether the regions inside two rings, moved by `s` and `t`, are at least `gap` apart.
pub(super) fn apart(a: &[Point], s: Point, b: &[Point], t: Point, gap: f64) -> bool {
    let (Some(ra), Some(rb)) = (Rect::around(a), Rect::around(b)) else { return true };
    let (ra, rb) = (ra.moved(s), rb.moved(t));
    if ra.gap(&rb) >= gap {
        return true;
    }
    let first = |r: &[Point], t: Point| [r[0][0] + t[0], r[0][1] + t[1]];
    let (pa, pb) = (first(a, s), first(b, t));
    if contains(a, [pb[0] - s[0], pb[1] - s[1]]) || contains(b, [pa[0] - t[0], pa[1] - t[1]]) {
        return false;
    }
    boundaries_apart(a, s, b, t, gap)
}

/// Whether the boundaries of two rings, moved by `s` and `t`, are at least `gap` apart.
pub(super) fn boundaries_apart(a: &[Point], s: Point, b: &[Point], t: Point, gap: f64) -> bool {
    let (Some(ra), Some(rb)) = (Rect::around(a), Rect::around(b)) else { return true };
    let (ea, mut eb) = (near(a, s, &rb.moved(t), gap), near(b, t, &ra.moved(s), gap));
    eb.sort_by(|p, q| p.0[0].min(p.1[0]).total_cmp(&q.0[0].min(q.1[0])));
    let square = gap * gap;
    ea.iter().all(|&(p, q)| {
        let (lo, hi) = (p[0].min(q[0]) - gap, p[0].max(q[0]) + gap);
        let (low, high) = (p[1].min(q[1]) - gap, p[1].max(q[1]) + gap);
        eb.iter()
            .take_while(|(c, d)| c[0].min(d[0]) <= hi)
            .filter(|(c, d)| {
                c[0].max(d[0]) >= lo && c[1].max(d[1]) >= low && c[1].min(d[1]) <= high
            })
            .all(|&(c, d)| segment_segment(p, q, c, d) >= square)
    })
}

/// Whether `p` lies inside the ring (even-odd rule).
pub(super) fn contains(ring: &[Point], p: Point) -> bool {
    let n = ring.len();
    let mut inside = false;
    for i in 0..n {
        let (a, b) = (ring[i], ring[(i + 1) % n]);
        if (a[1] > p[1]) != (b[1] > p[1])
            && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]
        {
            inside = !inside;
        }
    }
    inside
}

/// Centre and radius of the smallest circle around points (Welzl 1991, in the iterative form of
/// three nested loops; expected linear, here on hulls of few points).
pub(super) fn enclosing_circle(points: &[Point]) -> (Point, f64) {
    let covers = |c: (Point, f64), p: Point| {
        (p[0] - c.0[0]).hypot(p[1] - c.0[1]) <= c.1 * (1.0 + 1e-12) + 1e-12
    };
    let two = |a: Point, b: Point| {
        ([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0], (a[0] - b[0]).hypot(a[1] - b[1]) / 2.0)
    };
    let Some(&first) = points.first() else { return ([0.0; 2], 0.0) };
    let mut circle = (first, 0.0);
    for (i, &p) in points.iter().enumerate() {
        if covers(circle, p) {
            continue;
        }
        circle = (p, 0.0);
        for (j, &q) in points[..i].iter().enumerate() {
            if covers(circle, q) {
                continue;
            }
            circle = two(p, q);
            for &r in &points[..j] {
                if !covers(circle, r) {
                    circle = through(p, q, r);
                }
            }
        }
    }
    circle
}

/// The circle through three points; for collinear ones, that over the two farthest.
fn through(a: Point, b: Point, c: Point) -> (Point, f64) {
    let d = 2.0 * cross(a, b, c);
    let (bx, by, cx, cy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]);
    let (bb, cc) = (bx * bx + by * by, cx * cx + cy * cy);
    let (ux, uy) = ((cy * bb - by * cc) / d, (bx * cc - cx * bb) / d);
    if ux.is_finite() && uy.is_finite() {
        return ([a[0] + ux, a[1] + uy], ux.hypot(uy));
    }
    let r = Rect::around(&[a, b, c]).expect("three points");
    let [w, h] = r.size();
    ([(r.min[0] + r.max[0]) / 2.0, (r.min[1] + r.max[1]) / 2.0], w.hypot(h) / 2.0)
}

/// Angle about which a hull must be turned so that its rectangle of least area lies along the
/// axes (rotating edges: an edge of the hull lies on the rectangle, Freeman and Shapira 1975).
pub(super) fn upright_angle(hull: &[Point]) -> f64 {
    let n = hull.len();
    let mut best = (f64::INFINITY, 0.0);
    for i in 0..n {
        let (a, b) = (hull[i], hull[(i + 1) % n]);
        let angle = -(b[1] - a[1]).atan2(b[0] - a[0]);
        let (sin, cos) = angle.sin_cos();
        let turned: Ring = hull.iter().map(|p| turn(*p, sin, cos)).collect();
        let [w, h] = Rect::around(&turned).map_or([0.0; 2], |r| r.size());
        if w * h < best.0 - 1e-9 {
            best = (w * h, angle);
        }
    }
    best.1
}

/// A point turned about the origin.
pub(super) fn turn(p: Point, sin: f64, cos: f64) -> Point {
    [cos * p[0] - sin * p[1], sin * p[0] + cos * p[1]]
}

/// Leaves out points of a ring that lie within `tolerance` of what stays (Douglas and Peucker
/// 1973, on both halves between the first point and the one farthest from it).
pub(super) fn thinned(ring: &[Point], tolerance: f64) -> Ring {
    let n = ring.len();
    if n < 5 {
        return ring.to_vec();
    }
    let far = (0..n)
        .max_by(|&i, &j| {
            let d = |k: usize| (ring[k][0] - ring[0][0]).hypot(ring[k][1] - ring[0][1]);
            d(i).total_cmp(&d(j))
        })
        .expect("the ring has points");
    let mut keep = vec![false; n + 1];
    (keep[0], keep[far], keep[n]) = (true, true, true);
    let mut spans = vec![(0, far), (far, n)];
    while let Some((i, j)) = spans.pop() {
        let worst = (i + 1..j)
            .map(|k| (k, point_segment(ring[k], ring[i], ring[j % n])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((k, d)) = worst
            && d > tolerance * tolerance
        {
            keep[k] = true;
            spans.extend([(i, k), (k, j)]);
        }
    }
    (0..n).filter(|&i| keep[i]).map(|i| ring[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hull_of_a_square_with_inner_points_is_the_square() {
        let pts = [[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [2.0, 2.0], [1.0, 1.0], [0.0, 2.0]];
        assert_eq!(hull(&pts), vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
    }

    #[test]
    fn circle_round_a_rectangle_has_its_diagonal() {
        let (c, r) = enclosing_circle(&[[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]]);
        assert!((r - 2.5).abs() < 1e-12 && (c[0] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn distance_sees_gap_contact_and_containment() {
        let big = Rect { min: [0.0; 2], max: [10.0; 2] }.corners();
        let small = Rect { min: [0.0; 2], max: [1.0; 2] }.corners();
        assert!(apart(&big, [0.0; 2], &small, [12.0, 0.0], 2.0));
        assert!(!apart(&big, [0.0; 2], &small, [11.999, 0.0], 2.0));
        assert!(!apart(&big, [0.0; 2], &small, [5.0, 5.0], 2.0));
        assert!(!apart(&small, [5.0, 5.0], &big, [0.0; 2], 0.0));
        assert!(apart(&big, [0.0; 2], &small, [11.0, 11.0], 2f64.sqrt() - 1e-9));
        assert!(!apart(&big, [0.0; 2], &small, [11.0, 11.0], 2f64.sqrt() + 1e-9));
    }

    #[test]
    fn upright_angle_straightens_a_tilted_bar() {
        let (sin, cos) = 0.3f64.sin_cos();
        let bar = Rect { min: [0.0; 2], max: [50.0, 10.0] }.corners();
        let tilted: Ring = bar.iter().map(|p| turn(*p, sin, cos)).collect();
        let (s, c) = upright_angle(&tilted).sin_cos();
        let back: Ring = tilted.iter().map(|p| turn(*p, s, c)).collect();
        let [w, h] = Rect::around(&back).expect("points").size();
        assert!((w * h - 500.0).abs() < 1e-6);
    }

    #[test]
    fn thinning_stays_within_the_tolerance() {
        let ring: Ring = (0..400)
            .map(|i| f64::from(i) * std::f64::consts::TAU / 400.0)
            .map(|a| [20.0 * a.cos(), 20.0 * a.sin()])
            .collect();
        let thin = thinned(&ring, 0.05);
        assert!(thin.len() < 80);
        for p in &ring {
            let d = (0..thin.len())
                .map(|i| point_segment(*p, thin[i], thin[(i + 1) % thin.len()]))
                .fold(f64::INFINITY, f64::min);
            assert!(d.sqrt() <= 0.05 + 1e-12);
        }
    }
}
