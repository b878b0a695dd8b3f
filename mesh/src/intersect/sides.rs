//! Exact signs: on which side of a plane or line a point lies.
//!
//! A filter in plain floating point answers nearly always; where its error bound does not
//! exclude zero, the adaptive predicates of `robust` decide. Signs are exact unless a product of
//! coordinate differences leaves the range of `f64`.

use robust::{Coord, Coord3D, orient2d, orient3d};

/// A point, mm.
pub(crate) type Point = [f64; 3];

/// Error bound of a 3×3 determinant of differences, relative to the sum of the magnitudes of its
/// terms: (7 + 56 u)·u by Shewchuk (1997), rounded up to 8 u with u = 2⁻⁵³. It covers the 2×2
/// determinants too, whose bound is (3 + 16 u)·u.
const ERROR: f64 = 4.0 * f64::EPSILON;

/// A plane through three points, with what the filter needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane {
    at: Point,
    normal: [f64; 3],
    /// Error bound of each component of the normal.
    weight: [f64; 3],
}

impl Plane {
    #[inline]
    pub(crate) fn new([a, b, c]: &[Point; 3]) -> Self {
        let u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
        let v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
        let (x0, x1) = (u[1] * v[2], u[2] * v[1]);
        let (y0, y1) = (u[2] * v[0], u[0] * v[2]);
        let (z0, z1) = (u[0] * v[1], u[1] * v[0]);
        Self {
            at: *a,
            normal: [x0 - x1, y0 - y1, z0 - z1],
            weight: [
                ERROR * (x0.abs() + x1.abs()),
                ERROR * (y0.abs() + y1.abs()),
                ERROR * (z0.abs() + z1.abs()),
            ],
        }
    }

    /// Whether the three points surely span a plane.
    #[inline]
    pub(crate) fn surely_spans(&self) -> bool {
        (0..3).any(|k| self.normal[k].abs() > self.weight[k])
    }

    /// Along which axes the triangle surely faces, and along which surely the other way; bit `k`
    /// for axis `k`.
    #[inline]
    pub(crate) fn facing(&self) -> (u8, u8) {
        let (n, w) = (&self.normal, &self.weight);
        let bits = |at: [bool; 3]| u8::from(at[0]) | u8::from(at[1]) << 1 | u8::from(at[2]) << 2;
        (
            bits([n[0] > w[0], n[1] > w[1], n[2] > w[2]]),
            bits([n[0] < -w[0], n[1] < -w[1], n[2] < -w[2]]),
        )
    }

    /// Distance of a point times the length of the normal, and the bound of its error.
    #[inline]
    fn offset(&self, p: &Point) -> (f64, f64) {
        let d = [p[0] - self.at[0], p[1] - self.at[1], p[2] - self.at[2]];
        let (n, w) = (&self.normal, &self.weight);
        let value = n[0] * d[0] + n[1] * d[1] + n[2] * d[2];
        (value, w[0] * d[0].abs() + w[1] * d[1].abs() + w[2] * d[2].abs())
    }

    /// Whether all points that are not `on` the plane by name surely lie on one side of it.
    /// Not so if all are on it.
    #[inline]
    pub(crate) fn surely_beside(&self, points: &[Point; 3], on: [bool; 3]) -> bool {
        let (mut above, mut below) = (true, true);
        for k in 0..3 {
            let (value, error) = self.offset(&points[k]);
            above &= on[k] | (value > error);
            below &= on[k] | (value < -error);
        }
        // All three by name: both hold, and nothing is said.
        above != below
    }
}

/// Whether two triangles surely have no more in common than the corners they share by number,
/// because seen along an axis the line of an edge of one separates them.
///
/// Whatever they share lies on that line, and of the other triangle only the corners of that edge
/// do. This spares the exact predicates where neighbours lie nearly or exactly in one plane.
pub(crate) fn surely_apart(
    planes: [&Plane; 2],
    corners: [&[Point; 3]; 2],
    ids: [&[u32; 3]; 2],
) -> bool {
    let size = planes[0].normal.map(f64::abs);
    let axis = if size[0] > size[1] && size[0] > size[2] {
        0
    } else if size[1] > size[2] {
        1
    } else {
        2
    };
    separates(planes[0], axis, [corners[0], corners[1]], [ids[0], ids[1]])
        || separates(planes[1], axis, [corners[1], corners[0]], [ids[1], ids[0]])
}

/// Whether an edge of the first triangle has all of the second beyond it, seen along an axis.
#[inline]
fn separates(
    plane: &Plane,
    axis: usize,
    [own, other]: [&[Point; 3]; 2],
    [own_ids, other_ids]: [&[u32; 3]; 2],
) -> bool {
    let turn = plane.normal[axis];
    if turn.abs() <= plane.weight[axis] {
        return false;
    }
    let turn = turn.signum();
    let (x, y) = ((axis + 1) % 3, (axis + 2) % 3);
    (0..3).any(|i| {
        let j = (i + 1) % 3;
        let (p, q) = (&own[i], &own[j]);
        let (ux, uy) = (q[x] - p[x], q[y] - p[y]);
        (0..3).all(|k| {
            let on = (other_ids[k] == own_ids[i]) | (other_ids[k] == own_ids[j]);
            let (vx, vy) = (other[k][x] - p[x], other[k][y] - p[y]);
            let (one, two) = (ux * vy, uy * vx);
            on || turn * (one - two) < -ERROR * (one.abs() + two.abs())
        })
    })
}

/// Side of the plane through `a`, `b`, `c` on which `d` lies: 1 where the three run
/// counter-clockwise seen from `d`, −1 on the other side, 0 on the plane.
pub(crate) fn side(a: &Point, b: &Point, c: &Point, d: &Point) -> i32 {
    let (value, error) = Plane::new(&[*a, *b, *c]).offset(d);
    if value.abs() > error {
        return if value > 0.0 { 1 } else { -1 };
    }
    // Faces along the axes are common, and exact arithmetic takes longest to find a zero.
    if (0..3).any(|k| a[k] == b[k] && b[k] == c[k] && c[k] == d[k]) {
        return 0;
    }
    let [a, b, c, d] = [a, b, c, d].map(|p| Coord3D { x: p[0], y: p[1], z: p[2] });
    -sign(orient3d(a, b, c, d))
}

/// 1, 0 or −1.
fn sign(x: f64) -> i32 {
    i32::from(x > 0.0) - i32::from(x < 0.0)
}

/// A plane seen along an axis along which it does not vanish.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The axes kept.
    axes: [usize; 2],
    /// Turn of the triangle it was made for.
    turn: i32,
}

impl View {
    /// A view in which the triangle has area; `None` if it has none at all.
    pub(crate) fn of(corners: &[Point; 3]) -> Option<Self> {
        let normal = Plane::new(corners).normal;
        let mut order = [0, 1, 2];
        order.sort_by(|&i, &j| normal[j].abs().total_cmp(&normal[i].abs()));
        let [a, b, c] = corners;
        order.into_iter().find_map(|k| {
            let mut view = Self { axes: [(k + 1) % 3, (k + 2) % 3], turn: 1 };
            view.turn = view.turn_of(a, b, c);
            (view.turn != 0).then_some(view)
        })
    }

    /// The view of the y-z plane, not turned for any triangle.
    pub(crate) fn along_x() -> Self {
        Self { axes: [1, 2], turn: 1 }
    }

    fn turn_of(self, p: &Point, q: &Point, r: &Point) -> i32 {
        let [x, y] = self.axes;
        let [p, q, r] = [p, q, r].map(|p| Coord { x: p[x], y: p[y] });
        sign(orient2d(p, q, r))
    }

    /// Side of the line from `p` to `q` on which `r` lies: 1 on the side where the triangle of
    /// the view lies of its own edges.
    pub(crate) fn inner(self, p: &Point, q: &Point, r: &Point) -> i32 {
        self.turn * self.turn_of(p, q, r)
    }
}
